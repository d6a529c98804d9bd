//! From the parser's tree to this crate's own, which can hold nothing but honest reading.
//!
//! Every `match` names every variant and every structure is taken apart with all its fields: what a later parser adds
//! does not compile until somebody has looked at it. Names are resolved and fences put up on the way.

mod columns;
mod expr;
mod from;
mod function;
mod item;
mod kind;
mod mentioned;
mod name;
mod operator;
mod query;
mod select;
mod special;
mod test;
mod window;

pub(crate) use mentioned::Mentioned;
pub(crate) use name::same_column;

use crate::fence::Fences;
use crate::lex::Lexed;
use crate::scope::Scopes;
use crate::tree::Query;
use crate::{Catalogue, Dialect, Place, Refusal};
use sqlparser::ast;
use sqlparser::tokenizer::{Location, Span, Token};
use std::collections::BTreeSet;

/// How deep expressions and queries may lie in each other.
pub(crate) const DEEPEST: usize = 120;

/// What the text is read for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// To be fenced.
    Guard(&'a Catalogue),
    /// To be compared with what was written: names stand as they are, and the places hold these.
    ReadBack(&'a [Place]),
}

/// Reads one statement.
pub(crate) struct Lowerer<'a> {
    dialect: Dialect,
    purpose: Purpose<'a>,
    sql: &'a str,
    lexed: &'a Lexed,
    scopes: Scopes,
    mentioned: Mentioned,
    /// The last place that is known, for refusals.
    at: Location,
    depth: usize,
    /// How many relations were named.
    tables: usize,
    /// How many names were made up, and which may not be.
    made: usize,
    taken: BTreeSet<String>,
    relations: BTreeSet<String>,
}

type Lowered<T> = Result<T, Refusal>;

/// The names of the statement and of the catalogue that look like made-up ones.
fn taken(purpose: Purpose<'_>, lexed: &Lexed) -> BTreeSet<String> {
    let Purpose::Guard(catalogue) = purpose else { return BTreeSet::new() };
    let words = lexed.tokens.iter().filter_map(|token| match &token.token {
        Token::Word(word) => Some(word.value.as_str()),
        _ => None,
    });
    let names = words.chain(Fences::new(catalogue).names());
    names
        .filter(|name| name.len() > 1 && name.is_ascii())
        .map(str::to_ascii_lowercase)
        .filter(|name| is_made_up(name))
        .collect()
}

fn is_made_up(name: &str) -> bool {
    name.starts_with(['c', 'd']) && name.chars().skip(1).all(|letter| letter.is_ascii_digit())
}

impl<'a> Lowerer<'a> {
    pub(crate) fn new(dialect: Dialect, purpose: Purpose<'a>, sql: &'a str, lexed: &'a Lexed) -> Self {
        Self {
            dialect,
            purpose,
            sql,
            lexed,
            scopes: Scopes::new(dialect),
            mentioned: match purpose {
                Purpose::Guard(_) => Mentioned::of(lexed, dialect),
                // No fence is put up.
                Purpose::ReadBack(_) => Mentioned::All,
            },
            at: Location { line: 1, column: 1 },
            depth: 0,
            tables: 0,
            made: 0,
            taken: taken(purpose, lexed),
            relations: BTreeSet::new(),
        }
    }

    /// The only statement, and the relations that it reads.
    pub(crate) fn statement(mut self, query: &ast::Query) -> Lowered<(Query, Vec<String>)> {
        let query = self.query(query)?;
        Ok((query, self.relations.into_iter().collect()))
    }

    fn guarding(&self) -> Option<Fences<'a>> {
        match self.purpose {
            Purpose::Guard(catalogue) => Some(Fences::new(catalogue)),
            Purpose::ReadBack(_) => None,
        }
    }

    fn refuse<T>(&self, message: impl Into<String>) -> Lowered<T> {
        let place = |number: u64| u32::try_from(number).unwrap_or_default();
        Err(Refusal::new(place(self.at.line), place(self.at.column), message))
    }

    /// Refuses when something is there.
    fn none<T>(&self, thing: Option<&T>, what: &str) -> Lowered<()> {
        self.never(thing.is_some(), what)
    }

    fn empty<T>(&self, list: &[T], what: &str) -> Lowered<()> {
        self.never(!list.is_empty(), what)
    }

    fn never(&self, wrong: bool, what: &str) -> Lowered<()> {
        if wrong { self.refuse(format!("{what} is not allowed")) } else { Ok(()) }
    }

    fn only(&self, dialects: &[Dialect], what: &str) -> Lowered<()> {
        let here = match self.dialect {
            Dialect::Postgres => "PostgreSQL",
            Dialect::Mysql => "MariaDB and MySQL",
            Dialect::Sqlite => "SQLite",
        };
        if dialects.contains(&self.dialect) { Ok(()) } else { self.refuse(format!("{what} is not for {here}")) }
    }

    fn see(&mut self, span: Span) {
        if span.start.line > 0 {
            self.at = span.start;
        }
    }

    /// Goes one level down.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<T> {
        if self.depth >= DEEPEST && matches!(self.purpose, Purpose::Guard(_)) {
            return self.refuse("this lies too deep in brackets: split it with WITH");
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn each<S, T>(&mut self, list: &[S], mut one: impl FnMut(&mut Self, &S) -> Lowered<T>) -> Lowered<Vec<T>> {
        list.iter().map(|item| one(self, item)).collect()
    }

    fn maybe<S, T>(&mut self, thing: Option<&S>, one: impl FnOnce(&mut Self, &S) -> Lowered<T>) -> Lowered<Option<T>> {
        thing.map(|thing| one(self, thing)).transpose()
    }
}
