//! Which functions, types and collations a statement may name: reviewed lists, one per dialect.
//!
//! A function is let in when its result depends on nothing but its arguments, the time of the transaction and the time
//! zone. It reads no table, catalogue, file, setting or network, nothing of another session, runs no text as SQL,
//! changes nothing and cannot wait. What is not listed does not exist; the engine's own rights are a second wall.
//!
//! Two things are let in beyond that rule, because they are useful and tell nobody anything: random numbers, and the
//! server's default text search configuration.

mod hints;
mod mysql;
mod postgres;
mod sqlite;

use crate::Dialect;

/// Names without quotes and commas: a list that can be read, and that a formatter leaves alone.
macro_rules! names {
    ($($name:tt)*) => { &[$(stringify!($name)),*] };
}
use names;

pub(crate) use hints::instead;

/// Where a function may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Wherever an expression may.
    Scalar,
    /// Over the rows of a group, or with `OVER`.
    Aggregate,
    /// Only with `OVER`.
    Window,
    /// In `FROM`; in PostgreSQL also in the select list.
    Table,
}

/// What the lowering has to see to in an argument, if it is there.
///
/// A large value made of nothing, and work that grows with the product of two lengths, are the two ways to keep a
/// server busy past its own limit on time: the engines look for interrupts between rows, not within a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// The argument at this place, from 0, says how long the result is: a literal of at most [`LONGEST`].
    Length(usize),
    /// The argument at this place, from 0, is a format: a literal that [`is_modest_format`].
    Format(usize),
    /// The argument at this place, from 0, is looked for in another: a literal of at most [`SHORT`] characters, or a
    /// place of the statement.
    Short(usize),
}

/// The longest text, in characters, that a literal length may ask for.
pub(crate) const LONGEST: u64 = 1000;

/// The longest text, in characters, that may be looked for with a function on which [`Demand::Short`] is made. Trimming
/// 99 characters off 10 MB takes SQLite 3 seconds, and nothing stops it meanwhile.
pub(crate) const SHORT: usize = 100;

/// Names of one kind, sorted.
type Group = (Kind, &'static [&'static str]);

/// The kind of a function that may be called; `name` is in lower case, without a schema.
pub(crate) fn function(dialect: Dialect, name: &str) -> Option<Kind> {
    groups(dialect).iter().find(|(_, names)| has(names, name)).map(|&(kind, _)| kind)
}

/// What the lowering has to see to in a call of this function.
///
/// SQLite runs in this very process and cannot be stopped within a call: there, nothing that was tried on values of
/// 10 MB took longer than seconds once these demands are met. On a server there are operators that do as much (`@>` of
/// two arrays), so there the demands only take the cheapest ways away.
pub(crate) fn demand(dialect: Dialect, name: &str) -> Option<Demand> {
    match (dialect, name) {
        (Dialect::Postgres | Dialect::Mysql, "lpad" | "rpad") => Some(Demand::Length(1)),
        (Dialect::Postgres, "format") | (Dialect::Sqlite, "format" | "printf") => Some(Demand::Format(0)),
        (Dialect::Postgres, "btrim" | "ltrim" | "rtrim" | "translate") => Some(Demand::Short(1)),
        (Dialect::Sqlite, "instr" | "ltrim" | "replace" | "rtrim" | "trim") => Some(Demand::Short(1)),
        _ => None,
    }
}

/// Whether no directive of a `format` asks for more than 99 characters, or takes its width from a value.
pub(crate) fn is_modest_format(format: &str) -> bool {
    let mut digits = 0;
    let mut directive = false;
    for letter in format.chars() {
        match letter {
            '%' => (directive, digits) = (!directive, 0),
            '0'..='9' if directive => digits += 1,
            '*' if directive => return false,
            // Flags, and what stands between the numbers of a directive.
            '.' | '-' | '+' | ' ' | ',' | '!' | '#' | '$' if directive => digits = 0,
            _ => directive = false,
        }
        if digits > 2 {
            return false;
        }
    }
    true
}

/// Whether the name is part of the grammar rather than of a schema. Every other name of PostgreSQL must be written
/// behind `pg_catalog.`: without it a function of another schema wins whose types of arguments fit better.
pub(crate) fn is_grammar(dialect: Dialect, name: &str) -> bool {
    dialect == Dialect::Postgres && has(postgres::GRAMMAR, name)
}

/// Whether the first argument of the function is a word for a unit of time, as in `timestampdiff(day, a, b)`.
pub(crate) fn takes_unit(dialect: Dialect, name: &str) -> bool {
    dialect == Dialect::Mysql && matches!(name, "timestampadd" | "timestampdiff")
}

/// Whether the word, in lower case, is such a unit.
pub(crate) fn unit(dialect: Dialect, name: &str) -> bool {
    dialect == Dialect::Mysql && has(mysql::UNITS, name)
}

/// Whether the word is a function that is called without brackets. None of those that tell who or where one is.
pub(crate) fn bare(dialect: Dialect, name: &str) -> bool {
    let utc = dialect == Dialect::Mysql && matches!(name, "utc_date" | "utc_time" | "utc_timestamp");
    let local = dialect != Dialect::Sqlite && matches!(name, "localtime" | "localtimestamp");
    utc || local || matches!(name, "current_date" | "current_time" | "current_timestamp")
}

/// Whether a value may be cast to the type; `name` is in lower case, without length and without `[]`.
pub(crate) fn cast_type(dialect: Dialect, name: &str) -> bool {
    has(
        match dialect {
            Dialect::Postgres => postgres::TYPES,
            Dialect::Mysql => mysql::TYPES,
            Dialect::Sqlite => sqlite::TYPES,
        },
        name,
    )
}

/// Whether the collation may be named; `name` is without quotes and schema, for PostgreSQL with its capitals.
pub(crate) fn collation(dialect: Dialect, name: &str) -> bool {
    match dialect {
        Dialect::Postgres => postgres::collation(name),
        Dialect::Mysql => mysql::collation(&name.to_ascii_lowercase()),
        Dialect::Sqlite => has(sqlite::COLLATIONS, &name.to_ascii_lowercase()),
    }
}

fn groups(dialect: Dialect) -> &'static [Group] {
    match dialect {
        Dialect::Postgres => postgres::GROUPS,
        Dialect::Mysql => mysql::GROUPS,
        Dialect::Sqlite => sqlite::GROUPS,
    }
}

fn has(names: &[&str], name: &str) -> bool {
    names.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests;
