//! Writes a tree out: one canonical spelling per tree and dialect, nothing of the author's text.
//!
//! Every name stands in quotes, every operand that is more than one token in brackets, and one blank between tokens.

mod expr;
mod query;

use crate::tree::Query;
use crate::{Dialect, Place};

/// The text of a query, and what stands in its places, in their order.
pub(crate) fn render(query: &Query, dialect: Dialect) -> (String, Vec<Place>) {
    let mut writer = Writer { dialect, sql: String::new(), binds: Vec::new() };
    writer.query(query);
    (writer.sql, writer.binds)
}

struct Writer {
    dialect: Dialect,
    sql: String,
    binds: Vec<Place>,
}

impl Writer {
    /// A word or symbol, a blank before it unless it follows a bracket.
    fn word(&mut self, word: &str) {
        if !self.sql.is_empty() && !self.sql.ends_with(['(', ' ', '[']) {
            self.sql.push(' ');
        }
        self.sql.push_str(word);
    }

    /// Text directly behind the last token.
    fn glue(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    fn name(&mut self, name: &str) {
        self.word("");
        self.glue_name(name);
    }

    /// A name directly behind the last token, which is a point.
    fn glue_name(&mut self, name: &str) {
        let quote = if self.dialect == Dialect::Postgres { '"' } else { '`' };
        self.sql.push(quote);
        for letter in name.chars() {
            if letter == quote {
                self.sql.push(quote);
            }
            self.sql.push(letter);
        }
        self.sql.push(quote);
    }

    fn path(&mut self, path: &[String]) {
        self.word("");
        for (index, name) in path.iter().enumerate() {
            if index > 0 {
                self.glue(".");
            }
            self.glue_name(name);
        }
    }

    /// A literal. Quotes are doubled; MariaDB and MySQL read backslashes too.
    fn text(&mut self, text: &str) {
        self.word("'");
        for letter in text.chars() {
            match letter {
                '\'' => self.sql.push_str("''"),
                '\\' if self.dialect == Dialect::Mysql => self.sql.push_str("\\\\"),
                other => self.sql.push(other),
            }
        }
        self.sql.push('\'');
    }

    fn place(&mut self, place: Place) {
        self.binds.push(place);
        let number = self.binds.len();
        match self.dialect {
            Dialect::Postgres => self.word(&format!("${number}")),
            Dialect::Sqlite => self.word(&format!("?{number}")),
            Dialect::Mysql => self.word("?"),
        }
    }

    /// A list with commas.
    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.glue(",");
            }
            each(self, item);
        }
    }

    fn names(&mut self, names: &[String]) {
        self.word("(");
        self.list(names, |writer, name| writer.name(name));
        self.glue(")");
    }
}
