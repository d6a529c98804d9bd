//! Text into tokens, by each engine's own rules: the parser is never shown a character that it might read otherwise.
//!
//! Literals are decoded to their values here. Comments, variables, control characters, executable text and whatever
//! two engines or two settings of one engine read differently are refused.

mod limits;
mod operator;
mod text;

use crate::{Dialect, Refusal};
use limits::Limits;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Whitespace};
pub(crate) use text::GEOMETRY;

/// The longest statement, in bytes, and the longest that may come out of one.
const LONGEST_STATEMENT: usize = 1 << 20;
const LONGEST_OUTPUT: usize = 8 << 20;

/// The longest name, in bytes.
pub(crate) const LONGEST_NAME: usize = 128;

/// A statement in tokens, with its text for the names of columns.
pub(crate) struct Lexed {
    /// For the parser.
    pub(crate) tokens: Vec<TokenWithSpan>,
    /// How many places there are.
    pub(crate) places: usize,
    /// The bytes of each token.
    bytes: Vec<(usize, usize)>,
}

impl Lexed {
    /// The token that begins at a place.
    pub(crate) fn token_at(&self, place: Location) -> Option<usize> {
        let key = |token: &TokenWithSpan| (token.span.start.line, token.span.start.column);
        self.tokens.binary_search_by_key(&(place.line, place.column), key).ok()
    }

    /// The text from the first of two tokens to the end of the last.
    pub(crate) fn slice<'a>(&self, sql: &'a str, first: usize, last: usize) -> Option<&'a str> {
        let (start, _) = self.bytes.get(first)?;
        let (_, end) = self.bytes.get(last)?;
        sql.get(*start..*end)
    }
}

/// Whose text it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// A tenant's, or a template's.
    Foreign,
    /// Written by this crate.
    Own,
}

/// Cuts a statement into tokens.
pub(crate) fn lex(sql: &str, dialect: Dialect, author: Author) -> Result<Lexed, Refusal> {
    let longest = if author == Author::Own { LONGEST_OUTPUT } else { LONGEST_STATEMENT };
    if sql.len() > longest {
        return Err(Refusal::new(0, 0, "the statement is longer than 1 MiB"));
    }
    let mut lexer = Lexer {
        sql,
        rest: sql,
        dialect,
        line: 1,
        column: 1,
        limits: Limits::of(author),
        lexed: Lexed { tokens: Vec::new(), places: 0, bytes: Vec::new() },
    };
    while !lexer.rest.is_empty() {
        lexer.token()?;
    }
    lexer.drop_last_semicolon()?;
    Ok(lexer.lexed)
}

struct Lexer<'a> {
    sql: &'a str,
    rest: &'a str,
    dialect: Dialect,
    line: u64,
    column: u64,
    limits: Limits,
    lexed: Lexed,
}

impl<'a> Lexer<'a> {
    fn refuse<T>(&self, message: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal::new(
            u32::try_from(self.line).unwrap_or_default(),
            u32::try_from(self.column).unwrap_or_default(),
            message,
        ))
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn second(&self) -> Option<char> {
        self.rest.chars().nth(1)
    }

    /// Moves on by so many characters and returns them.
    fn take(&mut self, count: usize) -> &'a str {
        let end = self.rest.char_indices().nth(count).map_or(self.rest.len(), |(at, _)| at);
        let (taken, rest) = self.rest.split_at(end);
        for letter in taken.chars() {
            if letter == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, holds: impl Fn(char) -> bool) -> &'a str {
        let count = self.rest.chars().take_while(|&letter| holds(letter)).count();
        self.take(count)
    }

    fn location(&self) -> Location {
        Location { line: self.line, column: self.column }
    }

    fn token(&mut self) -> Result<(), Refusal> {
        let start = self.location();
        let byte = self.sql.len() - self.rest.len();
        let Some(first) = self.peek() else { return Ok(()) };
        let token = match first {
            ' ' | '\t' | '\n' | '\r' => {
                self.take_while(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r'));
                Token::Whitespace(Whitespace::Space)
            }
            '\'' => self.single_quoted()?,
            '"' => self.double_quoted()?,
            '`' => self.backtick()?,
            '[' if self.dialect == Dialect::Sqlite => self.bracketed()?,
            '$' | '?' | ':' | '@' if self.is_place() => self.place()?,
            '$' if self.dialect == Dialect::Postgres => self.dollar_quoted()?,
            '0'..='9' => self.number()?,
            '.' if self.begins_number() => self.number()?,
            _ if is_start(first) => self.word()?,
            _ => self.operator()?,
        };
        if matches!(token, Token::SingleQuotedString(_)) && self.follows_text() {
            return self.refuse("two texts stand side by side: write them as one");
        }
        if let Err(message) = self.limits.count(&token) {
            return self.refuse(message);
        }
        let end = self.location();
        self.lexed.bytes.push((byte, self.sql.len() - self.rest.len()));
        self.lexed.tokens.push(TokenWithSpan { token, span: Span { start, end } });
        Ok(())
    }

    /// The last token that is not a blank.
    fn last(&self) -> Option<&Token> {
        self.lexed.tokens.iter().rev().map(|token| &token.token).find(|token| !matches!(token, Token::Whitespace(_)))
    }

    fn follows_text(&self) -> bool {
        matches!(self.last(), Some(Token::SingleQuotedString(_)))
    }

    fn drop_last_semicolon(&mut self) -> Result<(), Refusal> {
        while matches!(self.lexed.tokens.last().map(|token| &token.token), Some(Token::Whitespace(_))) {
            self.lexed.tokens.pop();
        }
        if matches!(self.lexed.tokens.last().map(|token| &token.token), Some(Token::SemiColon)) {
            self.lexed.tokens.pop();
        }
        match self.lexed.tokens.iter().find(|token| token.token == Token::SemiColon) {
            Some(found) => Err(Refusal::new(
                u32::try_from(found.span.start.line).unwrap_or_default(),
                u32::try_from(found.span.start.column).unwrap_or_default(),
                "only one statement is allowed: nothing may follow a semicolon",
            )),
            None => Ok(()),
        }
    }

    fn is_place(&self) -> bool {
        match (self.dialect, self.peek(), self.second()) {
            (Dialect::Postgres, Some('$'), second) => second.is_some_and(|letter| letter.is_ascii_digit()),
            (Dialect::Postgres, _, _) => false,
            (Dialect::Mysql | Dialect::Sqlite, _, _) => true,
        }
    }

    /// A place, numbered in the order of the text: `$n`, `?n` and `?`.
    fn place(&mut self) -> Result<Token, Refusal> {
        let expected = if self.dialect == Dialect::Postgres { '$' } else { '?' };
        if self.peek() != Some(expected) {
            return self.refuse("variables and named places are not allowed");
        }
        let number = self.lexed.places + 1;
        let rest = self.rest.get(1..).unwrap_or_default();
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let given = rest.get(..digits).unwrap_or_default();
        let right = match self.dialect {
            Dialect::Postgres => given == number.to_string(),
            Dialect::Mysql => given.is_empty(),
            Dialect::Sqlite => given.is_empty() || given == number.to_string(),
        };
        if !right || rest.chars().nth(digits).is_some_and(is_part) {
            return self.refuse("places are numbered from 1 in the order of the text, each once");
        }
        self.take(digits + 1);
        self.lexed.places = number;
        Ok(Token::Placeholder(format!("${number}")))
    }

    fn begins_number(&self) -> bool {
        let digit = self.second().is_some_and(|letter| letter.is_ascii_digit());
        digit && !matches!(self.lexed.tokens.last().map(|token| &token.token), Some(Token::Word(_)))
    }

    /// `1`, `1.5`, `.5`, `1.`, `1e-3`: what all three read alike.
    fn number(&mut self) -> Result<Token, Refusal> {
        let digits = |letter: char| letter.is_ascii_digit();
        let mut number = self.take_while(digits).to_owned();
        if self.peek() == Some('.') {
            number.push_str(self.take(1));
            number.push_str(self.take_while(digits));
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            let mut after = self.rest.chars().skip(1);
            let sign = match after.next() {
                Some('+' | '-') => after.next().is_some_and(digits),
                Some(letter) if digits(letter) => false,
                _ => return self.refuse("a name or a blank is missing here: this number is not written in full"),
            };
            number.push_str(self.take(if sign { 2 } else { 1 }));
            number.push_str(self.take_while(digits));
        }
        if self.peek().is_some_and(|letter| is_part(letter) || letter == '.') {
            return self.refuse("this number is not written in plain decimals");
        }
        Ok(Token::Number(number, false))
    }
}

/// Whether an unquoted word may begin so. Letters beyond ASCII are letters for all three.
fn is_start(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_' || (!letter.is_ascii() && letter.is_alphanumeric())
}

fn is_part(letter: char) -> bool {
    is_start(letter) || letter.is_ascii_digit() || letter == '$'
}
