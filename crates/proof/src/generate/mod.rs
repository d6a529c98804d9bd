//! Statements that nobody wrote: made from lists, or by chance from a seed.

pub mod leaky;
pub mod random;
pub mod run;
pub mod shrink;
pub mod slots;
pub mod spelling;
pub mod tree;

use crate::corpus::Expect;

/// A statement that was made, and what must come of it.
#[derive(Debug, Clone)]
pub struct Made {
    /// How it was made, so that it can be made again.
    pub id: String,
    /// The statement.
    pub sql: String,
    /// What must come of it.
    pub expect: Expect,
}

/// A table that holds others' rows: how to speak of what must not show.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// Its name.
    name: &'static str,
    /// A number that is at most 32 in A's rows and at least 777 in others'.
    number: &'static str,
    /// A number that is zero in one of others' rows, and never in A's.
    zero: &'static str,
}

impl Held {
    /// One of the expressions over the columns of an alias.
    fn of(self, expression: &str, prefix: &str) -> String {
        ["amount", "qty", "balance", "id"].iter().fold(expression.to_owned(), |text, column| {
            if text.contains(column) { text.replace(column, &format!("{prefix}{column}")) } else { text }
        })
    }
}

const fn held(name: &'static str, number: &'static str, zero: &'static str) -> Held {
    Held { name, number, zero }
}

/// One for each form of row rule; all have a text `secret` and a key `id`.
const HELD: [Held; 7] = [
    held("orders", "amount", "(amount - 777)"),
    held("items", "qty", "(qty - 777)"),
    held("accounts", "balance", "(balance - 777)"),
    held("devices", "amount", "(amount - 777)"),
    held("tickets", "amount", "(amount - 777)"),
    held("notes", "((id - 1) * 8)", "(id - 100)"),
    held("events", "amount", "(amount - 777)"),
];
