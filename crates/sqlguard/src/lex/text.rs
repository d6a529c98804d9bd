//! Quoted texts and names, and words.

use super::{LONGEST_NAME, Lexer, is_part};
use crate::{Dialect, Refusal};
use sqlparser::tokenizer::Token;

/// Words that change the meaning of a text which stands directly behind them.
const PREFIXES: &[&str] = &["b", "e", "n", "nq", "q", "r", "rb", "br", "u", "x"];

/// Names that the parser of PostgreSQL's dialect takes for the beginning of a geometric literal, wherever they stand.
pub(crate) const GEOMETRY: &[&str] = &["box", "circle", "line", "lseg", "path", "point", "polygon"];

impl Lexer<'_> {
    /// A word, or a text with a prefix.
    pub(super) fn word(&mut self) -> Result<Token, Refusal> {
        let lower = self.rest.chars().take_while(|&letter| is_part(letter)).count();
        let word = self.take(lower);
        let folded = word.to_ascii_lowercase();
        let next = self.peek();
        if next == Some('\'') && self.dialect == Dialect::Postgres && folded == "e" {
            return self.escaped();
        }
        let quote = matches!(next, Some('\'')) || (next == Some('"') && self.dialect == Dialect::Mysql);
        if quote && (PREFIXES.contains(&folded.as_str()) || folded.starts_with('_')) {
            return self.refuse(format!("texts of the form {word}'…' are not allowed: write '…'"));
        }
        let unicode = folded == "u" && next == Some('&') && matches!(self.second(), Some('\'' | '"'));
        if unicode && self.dialect == Dialect::Postgres {
            return self.refuse("U&'…' is not allowed: write the letters themselves");
        }
        if word.len() > self.longest_name() {
            return self.refuse("this name is too long");
        }
        if self.dialect == Dialect::Postgres && GEOMETRY.contains(&folded.as_str()) && !self.text_follows() {
            return Ok(Token::make_word(&folded, Some('"')));
        }
        if self.dialect == Dialect::Mysql && folded == "mod" && !self.rest.trim_start().starts_with('(') {
            return Ok(Token::Mod);
        }
        Ok(Token::make_word(word, None))
    }

    fn text_follows(&self) -> bool {
        self.rest.trim_start().starts_with('\'')
    }

    /// The engine cuts longer names off, so that two could become one.
    fn longest_name(&self) -> usize {
        if self.dialect == Dialect::Postgres { 63 } else { LONGEST_NAME }
    }

    pub(super) fn single_quoted(&mut self) -> Result<Token, Refusal> {
        let backslash = self.dialect == Dialect::Mysql;
        self.quoted('\'', backslash).map(Token::SingleQuotedString)
    }

    /// A name in PostgreSQL and SQLite, a text in MariaDB and MySQL.
    pub(super) fn double_quoted(&mut self) -> Result<Token, Refusal> {
        if self.dialect == Dialect::Mysql {
            return self.quoted('"', true).map(Token::SingleQuotedString);
        }
        let name = self.quoted('"', false)?;
        self.name(&name)
    }

    pub(super) fn backtick(&mut self) -> Result<Token, Refusal> {
        if self.dialect == Dialect::Postgres {
            return self.refuse("a backtick is not allowed: names stand in double quotes");
        }
        let name = self.quoted('`', false)?;
        self.name(&name)
    }

    pub(super) fn bracketed(&mut self) -> Result<Token, Refusal> {
        self.take(1);
        let name = self.take_while(|letter| letter != ']').to_owned();
        if self.take(1).is_empty() {
            return self.refuse("a bracket is not closed");
        }
        self.name(&name)
    }

    fn name(&self, name: &str) -> Result<Token, Refusal> {
        if name.is_empty() || name.trim() != name {
            return self.refuse("this name is empty, or begins or ends with a blank");
        }
        if name.len() > self.longest_name() {
            return self.refuse("this name is too long");
        }
        if name.chars().any(char::is_control) {
            return self.refuse("control characters are not allowed");
        }
        Ok(Token::make_word(name, Some('"')))
    }

    /// What stands between two quotes, which are doubled inside.
    fn quoted(&mut self, quote: char, backslash: bool) -> Result<String, Refusal> {
        self.take(1);
        let mut value = String::new();
        loop {
            value.push_str(self.take_while(|letter| letter != quote && !(backslash && letter == '\\')));
            match self.take(1) {
                "" => return self.refuse("a quote is not closed"),
                "\\" => self.mysql_escape(&mut value)?,
                _ if self.peek() == Some(quote) => value.push_str(self.take(1)),
                _ => break,
            }
        }
        self.plain(value)
    }

    fn plain(&self, value: String) -> Result<String, Refusal> {
        if value.chars().any(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) {
            return self.refuse("control characters are not allowed");
        }
        Ok(value)
    }

    /// MariaDB and MySQL: a backslash and a letter. `\%` and `\_` stay as they are.
    fn mysql_escape(&mut self, value: &mut String) -> Result<(), Refusal> {
        match self.take(1) {
            "" => return self.refuse("a quote is not closed"),
            "0" | "b" | "Z" => return self.refuse("control characters are not allowed"),
            "n" => value.push('\n'),
            "r" => value.push('\r'),
            "t" => value.push('\t'),
            pattern @ ("%" | "_") => {
                value.push('\\');
                value.push_str(pattern);
            }
            other => value.push_str(other),
        }
        Ok(())
    }

    /// PostgreSQL: `E'…'`.
    fn escaped(&mut self) -> Result<Token, Refusal> {
        self.take(1);
        let mut value = String::new();
        loop {
            value.push_str(self.take_while(|letter| letter != '\'' && letter != '\\'));
            match self.take(1) {
                "" => return self.refuse("a quote is not closed"),
                "\\" => match self.take(1) {
                    "" => return self.refuse("a quote is not closed"),
                    "n" => value.push('\n'),
                    "r" => value.push('\r'),
                    "t" => value.push('\t'),
                    plain @ ("\\" | "'" | "\"" | "%" | "_") => value.push_str(plain),
                    _ => return self.refuse("this escape is not allowed: write the character itself"),
                },
                _ if self.peek() == Some('\'') => value.push_str(self.take(1)),
                _ => break,
            }
        }
        self.plain(value).map(Token::SingleQuotedString)
    }

    /// PostgreSQL: `$$…$$` and `$tag$…$tag$`.
    pub(super) fn dollar_quoted(&mut self) -> Result<Token, Refusal> {
        let tag = self.rest.chars().skip(1).take_while(|&letter| is_part(letter) && letter != '$').count();
        let delimiter = self.take(tag + 2);
        if !delimiter.ends_with('$') || delimiter.len() < 2 {
            return self.refuse("a dollar sign is not allowed here");
        }
        let Some((value, _)) = self.rest.split_once(delimiter) else {
            return self.refuse("a quote is not closed");
        };
        self.take(value.chars().count() + delimiter.chars().count());
        self.plain(value.to_owned()).map(Token::SingleQuotedString)
    }
}
