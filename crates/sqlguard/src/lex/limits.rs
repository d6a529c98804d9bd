//! How much a statement may hold: counted before the parser sees any of it.
//!
//! The parser tries some brackets in two ways, goes down for every join whose ON it has not seen yet without looking at
//! its stack, and hangs chains of expressions one below the other.

use super::Author;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

/// Everything but blanks: what the parser takes its time for.
const MOST_TOKENS: usize = 100_000;

/// Words and operators: what expressions and chains are made of.
const MOST_WORDS: usize = 6_000;
const MOST_WORDS_OUT: usize = 400_000;

/// Brackets in brackets: as deep as an author may go.
const MOST_BRACKETS: usize = crate::lower::DEEPEST;

const MOST_JOINS: usize = 300;

/// What is left of it.
pub(super) struct Limits {
    tokens: usize,
    words: usize,
    brackets: usize,
    joins: usize,
}

impl Limits {
    /// What this crate writes itself follows from what it was given: there the words alone are counted.
    pub(super) const fn of(author: Author) -> Self {
        match author {
            Author::Foreign => {
                Self { tokens: MOST_TOKENS, words: MOST_WORDS, brackets: MOST_BRACKETS, joins: MOST_JOINS }
            }
            Author::Own => Self { tokens: usize::MAX, words: MOST_WORDS_OUT, brackets: usize::MAX, joins: usize::MAX },
        }
    }

    pub(super) fn count(&mut self, token: &Token) -> Result<(), &'static str> {
        if matches!(token, Token::Whitespace(_)) {
            return Ok(());
        }
        take(&mut self.tokens, "the statement has too many values: split it")?;
        match token {
            Token::Comma | Token::SingleQuotedString(_) | Token::Number(..) | Token::Placeholder(_) => {}
            Token::RParen | Token::RBracket => self.brackets = self.brackets.saturating_add(1),
            _ => take(&mut self.words, "the statement has too many words: split it")?,
        }
        match token {
            Token::LParen | Token::LBracket => {
                take(&mut self.brackets, "this lies too deep in brackets: split it with WITH")
            }
            Token::Word(word) if word.keyword == Keyword::JOIN => {
                take(&mut self.joins, "the statement has too many joins: split it")
            }
            _ => Ok(()),
        }
    }
}

fn take(left: &mut usize, message: &'static str) -> Result<(), &'static str> {
    *left = left.checked_sub(1).ok_or(message)?;
    Ok(())
}
