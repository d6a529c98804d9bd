//! The lexical structure of SQL, as far as a template needs it: what is code, what is a literal, what is a comment.
//!
//! Each engine reads text differently (backslashes, `#`, dollar quotes, nested comments), and a place that is code
//! for one is inside a string for another. So a template is always read as the engine that will run it. The same
//! lexer reads the finished SQL again (`crate::finished`).

use crate::definition::Engine;
use crate::error::QueryError;
use crate::quoted;

/// A stretch of a template or of finished SQL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// Code that is copied.
    Code(&'t str),
    /// A whole literal or quoted name, with its quotes.
    Literal(&'t str),
    /// A comment, which is left out: a blank stands for it.
    Comment,
    /// `{{…}}` with what is inside, trimmed. Templates only.
    Place(&'t str),
    /// `[[`. Templates only.
    Open,
    /// `]]`. Templates only.
    Close,
    /// `;`
    Semicolon,
    /// `$3`, `?3`, or `?` without a number. Finished SQL only; a template that holds one is refused.
    Bind(Option<&'t str>),
}

/// A token and where it begins, in bytes.
pub(crate) type Spot<'t> = (usize, Token<'t>);

/// What is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Template,
    Finished,
}

/// Reads a text as `engine` would read its SQL.
pub(crate) fn tokens(text: &str, engine: Engine, reading: Reading) -> Result<Vec<Spot<'_>>, QueryError> {
    if let Some(at) = text.find('\0') {
        return Err(error(text, at, "there is a NUL character: take it out"));
    }
    let mut lexer =
        Lexer { text, engine, reading, at: 0, code_from: 0, word: (0, 0), escaped_end: None, found: Vec::new() };
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
    reading: Reading,
    at: usize,
    code_from: usize,
    /// Where the last word was.
    word: (usize, usize),
    /// Where the last literal of PostgreSQL with backslashes ended.
    escaped_end: Option<usize>,
    found: Vec<Spot<'t>>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Ends the run of code at `end`.
    fn flush(&mut self, end: usize) {
        if let Some(code) = self.text.get(self.code_from..end).filter(|code| !code.is_empty()) {
            self.found.push((self.code_from, Token::Code(code)));
        }
    }

    /// Puts a token of this many bytes.
    fn put(&mut self, token: Token<'t>, length: usize) {
        self.flush(self.at);
        self.found.push((self.at, token));
        self.at += length;
        self.code_from = self.at;
    }

    fn step(&mut self) -> Result<(), QueryError> {
        let rest = self.rest();
        let mut letters = rest.chars();
        let Some(letter) = letters.next() else { return Ok(()) };
        let next = letters.next();
        let in_template = self.reading == Reading::Template;
        match (letter, next) {
            ('{', Some('{')) if in_template => return self.place(),
            ('[', Some('[')) if in_template => self.put(Token::Open, 2),
            (']', Some(']')) if in_template => self.put(Token::Close, 2),
            (';', _) => self.put(Token::Semicolon, 1),
            ('-', Some('-')) => return self.dashes(),
            ('#', _) if self.engine == Engine::Mysql => self.line_comment(),
            ('/', Some('*')) => return self.block_comment(),
            ('\'', _) => {
                let backslashes = self.backslashes();
                self.literal('\'', backslashes)?;
                self.escaped_end = (backslashes && self.engine == Engine::Postgres).then_some(self.at);
            }
            ('"', _) => return self.literal('"', self.engine == Engine::Mysql),
            ('`', _) if self.engine != Engine::Postgres => return self.literal('`', false),
            // SQLite takes [name]; the other two have arrays or nothing there.
            ('[', _) if self.engine == Engine::Sqlite => {
                let length = rest.find(']').ok_or_else(|| self.error("[ has no ]"))? + 1;
                return self.whole(length);
            }
            ('$', _) if self.engine == Engine::Postgres => return self.dollar(),
            ('?', _) if self.engine != Engine::Postgres => return self.bind(),
            // In SQLite each of these begins a parameter and nothing else.
            ('$' | '@' | ':' | '#', _) if self.engine == Engine::Sqlite => {
                return Err(self.error("write values as {{name}}, not with $, @, : or #"));
            }
            (':', Some(c)) if self.engine == Engine::Mysql && c != '=' => {
                return Err(self.error("write values as {{name}}, not as :name"));
            }
            (c, _) if c.is_ascii_digit() => self.at += run(rest, |c| c.is_ascii_digit()),
            (c, _) if quoted::begins_name(c) => {
                let length = run(rest, quoted::continues_name);
                self.word = (self.at, self.at + length);
                self.at += length;
            }
            (c, _) => self.at += c.len_utf8(),
        }
        Ok(())
    }

    fn error(&self, message: &str) -> QueryError {
        error(self.text, self.at, message)
    }

    fn place(&mut self) -> Result<(), QueryError> {
        let inside = self.rest().get(2..).unwrap_or_default();
        let end = inside.find("}}").ok_or_else(|| self.error("{{ has no }}"))?;
        let name = inside.get(..end).unwrap_or_default().trim();
        self.put(Token::Place(name), end + 4);
        Ok(())
    }

    fn dashes(&mut self) -> Result<(), QueryError> {
        // In MySQL `--` begins a comment only before a blank; `1--1` is 2 there and 1 elsewhere.
        let third = self.rest().chars().nth(2);
        if self.engine == Engine::Mysql && !third.is_none_or(|c| c.is_ascii_whitespace() || c.is_ascii_control()) {
            return Err(self.error("write a blank after --, or - - to subtract what is negative"));
        }
        self.line_comment();
        Ok(())
    }

    fn line_comment(&mut self) {
        let ends = |c: char| c == '\n' || (c == '\r' && self.engine == Engine::Postgres);
        let length = self.rest().find(ends).unwrap_or(self.rest().len());
        self.put(Token::Comment, length);
    }

    fn block_comment(&mut self) -> Result<(), QueryError> {
        let rest = self.rest();
        if self.engine == Engine::Mysql && (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
            return Err(self.error("comments that the server executes (/*! … */) are not taken; write the SQL itself"));
        }
        let length = quoted::block_comment(rest, self.engine).ok_or_else(|| self.error("a comment /* has no */"))?;
        self.put(Token::Comment, length);
        Ok(())
    }

    /// Whether a backslash escapes in the `'` literal that begins here.
    fn backslashes(&self) -> bool {
        match self.engine {
            Engine::Mysql => true,
            Engine::Sqlite => false,
            // E'…', or the next line of one.
            Engine::Postgres => {
                let (start, end) = self.word;
                let word = self.text.get(start..end).unwrap_or_default();
                let gap = self.escaped_end.and_then(|end| self.text.get(end..self.at));
                (end == self.at && word.eq_ignore_ascii_case("e")) || gap.is_some_and(quoted::continues_literal)
            }
        }
    }

    fn literal(&mut self, quote: char, backslashes: bool) -> Result<(), QueryError> {
        let length = quoted::literal(self.rest(), quote, backslashes);
        self.whole(length.ok_or_else(|| self.error("a quote is not closed"))?)
    }

    /// `$1` is ours to write; `$tag$ … $tag$` is a literal.
    fn dollar(&mut self) -> Result<(), QueryError> {
        let rest = self.rest();
        if rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) {
            return self.bind();
        }
        let Some(tag) = quoted::dollar_tag(rest) else {
            self.at += 1;
            return Ok(());
        };
        let body = rest.get(tag.len()..).unwrap_or_default();
        let end = body.find(tag).ok_or_else(|| self.error("a dollar quote is not closed"))?;
        self.whole(tag.len() + end + tag.len())
    }

    fn bind(&mut self) -> Result<(), QueryError> {
        if self.reading == Reading::Template {
            return Err(self.error("write values as {{name}}: $1 and ? are written from it"));
        }
        let after = self.rest().get(1..).unwrap_or_default();
        let digits = after.get(..run(after, |c| c.is_ascii_digit())).unwrap_or_default();
        self.put(Token::Bind((!digits.is_empty()).then_some(digits)), 1 + digits.len());
        Ok(())
    }

    /// A literal or quoted name of this many bytes is copied whole, and must hold no place.
    fn whole(&mut self, length: usize) -> Result<(), QueryError> {
        let text = self.rest().get(..length).unwrap_or_default();
        if self.reading == Reading::Template
            && let Some(place) = quoted::place_inside(text)
        {
            let message = "a value inside quotes would be text and not a value: write {{name}} without quotes, \
                and || or CONCAT to join it to other text";
            return Err(error(self.text, self.at + place, message));
        }
        self.put(Token::Literal(text), length);
        Ok(())
    }
}

/// How many bytes at the beginning are of this kind.
fn run(text: &str, kind: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !kind(c)).unwrap_or(text.len())
}
