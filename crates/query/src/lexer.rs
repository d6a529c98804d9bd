//! The lexical structure of SQL, as far as a template needs it: what is code, what is a literal, what is a comment.
//!
//! Each engine reads text differently (backslashes, `#`, dollar quotes, nested comments), and a place that is code
//! for one is inside a string for another. So a template is always read as the engine that will run it.

use crate::definition::Engine;
use crate::error::QueryError;

/// A stretch of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// Text that is copied: code without anything special in it, or a whole literal or quoted name.
    Text(&'t str),
    /// A comment, which is left out: a blank stands for it.
    Comment,
    /// `{{…}}` with what is inside, trimmed.
    Place(&'t str),
    /// `[[`
    Open,
    /// `]]`
    Close,
    /// `;`
    Semicolon,
}

/// A token and where it begins, in bytes.
pub(crate) type Spot<'t> = (usize, Token<'t>);

/// Reads a template as `engine` would read its SQL.
pub(crate) fn tokens(text: &str, engine: Engine) -> Result<Vec<Spot<'_>>, QueryError> {
    let mut lexer = Lexer { text, engine, at: 0, plain_from: 0, found: Vec::new() };
    while lexer.at < text.len() {
        lexer.step()?;
    }
    lexer.flush(text.len());
    Ok(lexer.found)
}

/// An error at a byte offset.
pub(crate) fn error(text: &str, at: usize, message: impl Into<String>) -> QueryError {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    QueryError::Template { line: number(line), column: number(column), message: message.into() }
}

struct Lexer<'t> {
    text: &'t str,
    engine: Engine,
    at: usize,
    plain_from: usize,
    found: Vec<Spot<'t>>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Ends the run of plain code at `end`.
    fn flush(&mut self, end: usize) {
        if let Some(plain) = self.text.get(self.plain_from..end).filter(|plain| !plain.is_empty()) {
            self.found.push((self.plain_from, Token::Text(plain)));
        }
    }

    /// Puts a token that ends at `end`.
    fn put(&mut self, token: Token<'t>, end: usize) {
        self.flush(self.at);
        self.found.push((self.at, token));
        self.at = end;
        self.plain_from = end;
    }

    fn step(&mut self) -> Result<(), QueryError> {
        let rest = self.rest();
        let mut letters = rest.chars();
        let Some(letter) = letters.next() else { return Ok(()) };
        let next = letters.next();
        match (letter, next) {
            ('\0', _) => Err(self.error("the template holds a NUL character")),
            ('{', Some('{')) => self.place(),
            ('[', Some('[')) => {
                self.put(Token::Open, self.at + 2);
                Ok(())
            }
            (']', Some(']')) => {
                self.put(Token::Close, self.at + 2);
                Ok(())
            }
            (';', _) => {
                self.put(Token::Semicolon, self.at + 1);
                Ok(())
            }
            ('-', Some('-')) if self.dashes_comment(rest) => self.line_comment(),
            ('#', _) if self.engine == Engine::Mysql => self.line_comment(),
            ('/', Some('*')) => self.block_comment(),
            ('\'', _) => self.literal('\'', self.backslashes()),
            ('"', _) => self.literal('"', self.engine == Engine::Mysql),
            ('`', _) if self.engine != Engine::Postgres => self.literal('`', false),
            // SQLite takes [name]; the other two have arrays or nothing there.
            ('[', _) if self.engine == Engine::Sqlite => self.bracket_name(),
            ('$', _) if self.engine == Engine::Postgres => self.dollar(rest),
            ('?', _) if self.engine != Engine::Postgres => Err(self.error("write values as {{name}}, not as ?")),
            ('$' | '@', Some(c)) if self.engine == Engine::Sqlite && name_start(c) => {
                Err(self.error("write values as {{name}}"))
            }
            (':', Some(c)) if self.engine != Engine::Postgres && name_start(c) => {
                Err(self.error("write values as {{name}}, not as :name"))
            }
            (c, _) if name_start(c) || c.is_ascii_digit() => {
                self.word(rest);
                Ok(())
            }
            (c, _) => {
                self.at += c.len_utf8();
                Ok(())
            }
        }
    }

    fn error(&self, message: &str) -> QueryError {
        error(self.text, self.at, message)
    }

    fn place(&mut self) -> Result<(), QueryError> {
        let inside = self.rest().get(2..).unwrap_or_default();
        let Some(end) = inside.find("}}") else { return Err(self.error("{{ has no }}")) };
        let name = inside.get(..end).unwrap_or_default().trim();
        self.put(Token::Place(name), self.at + 2 + end + 2);
        Ok(())
    }

    /// A word goes as one, so that a quote or a dollar within it (`x$1`, `E'…'`) is read as the engine does.
    fn word(&mut self, rest: &str) {
        let inner =
            |c: char| c.is_alphanumeric() || c == '_' || (c == '$' && self.engine != Engine::Sqlite) || !c.is_ascii();
        self.at += rest.find(|c: char| !inner(c)).unwrap_or(rest.len());
    }

    /// In MySQL `--` begins a comment only before a blank; `1--1` is 2.
    fn dashes_comment(&self, rest: &str) -> bool {
        let third = rest.chars().nth(2);
        self.engine != Engine::Mysql || third.is_none_or(|c| c.is_whitespace() || c.is_control())
    }

    fn line_comment(&mut self) -> Result<(), QueryError> {
        let rest = self.rest();
        let end = rest.find('\n').unwrap_or(rest.len());
        self.put(Token::Comment, self.at + end);
        Ok(())
    }

    fn block_comment(&mut self) -> Result<(), QueryError> {
        let rest = self.rest();
        if self.engine == Engine::Mysql && (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
            return Err(self.error("comments that the server executes (/*! … */) are not taken; write the SQL itself"));
        }
        let mut depth = 0_u32;
        let mut place = 0;
        loop {
            let here = rest.get(place..).unwrap_or_default();
            if here.starts_with("/*") && (depth == 0 || self.engine == Engine::Postgres) {
                depth += 1;
                place += 2;
            } else if here.starts_with("*/") {
                depth -= 1;
                place += 2;
                if depth == 0 {
                    break;
                }
            } else {
                match here.chars().next() {
                    Some(c) => place += c.len_utf8(),
                    None => return Err(self.error("a comment /* has no */")),
                }
            }
        }
        self.put(Token::Comment, self.at + place);
        Ok(())
    }

    /// Whether a backslash escapes in the literal that begins here.
    fn backslashes(&self) -> bool {
        match self.engine {
            Engine::Mysql => true,
            Engine::Sqlite => false,
            // E'…', and not the end of a longer word.
            Engine::Postgres => {
                let before = self.text.get(..self.at).unwrap_or_default();
                let mut letters = before.chars().rev();
                matches!(letters.next(), Some('E' | 'e'))
                    && !letters.next().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$')
            }
        }
    }

    fn literal(&mut self, quote: char, backslash: bool) -> Result<(), QueryError> {
        let rest = self.rest();
        let mut letters = rest.char_indices().skip(1).peekable();
        let mut end = None;
        while let Some((place, letter)) = letters.next() {
            if letter == '\\' && backslash {
                letters.next();
            } else if letter == quote {
                match letters.peek() {
                    Some((_, next)) if *next == quote => {
                        letters.next();
                    }
                    _ => {
                        end = Some(place + quote.len_utf8());
                        break;
                    }
                }
            }
        }
        let Some(end) = end else { return Err(self.error("a quote is not closed")) };
        self.whole(end)
    }

    fn bracket_name(&mut self) -> Result<(), QueryError> {
        match self.rest().find(']') {
            Some(end) => self.whole(end + 1),
            None => Err(self.error("[ has no ]")),
        }
    }

    /// `$1` is ours to write; `$tag$ … $tag$` is a literal.
    fn dollar(&mut self, rest: &str) -> Result<(), QueryError> {
        let after = rest.get(1..).unwrap_or_default();
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("write values as {{name}}, not as $1"));
        }
        let tag_end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
        if !after.get(tag_end..).unwrap_or_default().starts_with('$') {
            self.at += 1;
            return Ok(());
        }
        let tag = rest.get(..tag_end + 2).unwrap_or_default();
        let body = rest.get(tag.len()..).unwrap_or_default();
        match body.find(tag) {
            Some(end) => self.whole(tag.len() + end + tag.len()),
            None => Err(self.error("a dollar quote is not closed")),
        }
    }

    /// A literal or quoted name of this many bytes is copied whole, and must hold no place.
    fn whole(&mut self, length: usize) -> Result<(), QueryError> {
        let text = self.rest().get(..length).unwrap_or_default();
        if let Some(place) = text.find("{{") {
            let message = "a value inside quotes would be text and not a value: write {{name}} without quotes";
            return Err(error(self.text, self.at + place, message));
        }
        if text.contains('\0') {
            return Err(self.error("the template holds a NUL character"));
        }
        self.put(Token::Text(text), self.at + length);
        Ok(())
    }
}

fn name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}
