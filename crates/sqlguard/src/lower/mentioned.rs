//! Which names a statement holds, so that a fence shows no column that nobody asks for.
//!
//! MariaDB and MySQL write what is behind a fence into a table of their own, with all its columns: a user's picture and
//! biography for a count of users. A column is left out only where its name stands nowhere in the statement, whatever it
//! would mean there, so no name can mean something else for it.

use crate::Dialect;
use crate::lex::Lexed;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;
use std::collections::BTreeSet;

/// The names of a statement.
pub(crate) enum Mentioned {
    /// Any column may be meant, as by `*`.
    All,
    /// These, in small letters.
    Names(BTreeSet<String>),
}

impl Mentioned {
    /// The names of a text. PostgreSQL plans behind a fence without the columns that are not needed, and a row can be
    /// named there without its columns.
    pub(crate) fn of(lexed: &Lexed, dialect: Dialect) -> Self {
        if dialect == Dialect::Postgres {
            return Self::All;
        }
        let mut names = BTreeSet::new();
        // What stands before `*` tells a wildcard from a product and from `count(*)`.
        let mut items = false;
        for token in &lexed.tokens {
            match &token.token {
                Token::Whitespace(_) => continue,
                Token::Mul if items => return Self::All,
                Token::Word(word) if word.keyword == Keyword::NATURAL => return Self::All,
                Token::Word(word) => {
                    names.insert(word.value.to_ascii_lowercase());
                }
                _ => {}
            }
            items = match &token.token {
                Token::Comma | Token::Period => true,
                Token::Word(word) => {
                    matches!(word.keyword, Keyword::SELECT | Keyword::DISTINCT | Keyword::ALL | Keyword::DISTINCTROW)
                }
                _ => false,
            };
        }
        Self::Names(names)
    }

    /// Whether a column may be meant. Letters beyond ASCII are compared by the engine's own rules.
    pub(crate) fn holds(&self, column: &str) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => !column.is_ascii() || names.contains(&column.to_ascii_lowercase()),
        }
    }
}
