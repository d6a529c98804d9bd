//! Statements by chance, from a grammar: what an analyst could have written, and here and there what an attacker would
//! put in. The same seed and number make the same statement, without those before it.
//!
//! Answers are compared between databases, so nothing may depend on the order of rows or on the moment: what asks for
//! some of the rows asks for them in an order of all columns, and functions of clocks and chance are left out.

mod author;
mod conditions;
mod expressions;
mod froms;
mod functions;
mod hostile;
mod queries;
mod run;
mod selects;
mod windows;

use super::tree::Tree;
use crate::corpus::Expect;
use crate::engine::Engine;
use crate::prng::Prng;
use author::Author;

pub use run::{Chance, run};

/// A statement by chance.
#[derive(Debug, Clone)]
pub struct Random {
    /// How it was made.
    pub tree: Tree,
    /// What is in it that no statement may have.
    pub forbidden: Option<String>,
}

impl Random {
    /// What must come of a statement that was made smaller from this one.
    pub fn expect(&self, sql: &str) -> Expect {
        match &self.forbidden {
            Some(forbidden) if sql.contains(forbidden.as_str()) => Expect::Reject,
            _ => Expect::EqOrReject,
        }
    }
}

/// The `number`-th statement of a seed.
pub fn statement(engine: Engine, seed: u64, number: u64) -> Random {
    let mut author = Author::new(engine, Prng::of(seed, number));
    let tree = author.statement();
    Random { tree, forbidden: author.forbidden }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Guard;

    #[test]
    fn a_statement_is_made_again_by_its_number() {
        for engine in Engine::ALL {
            let made = |number| statement(engine, 7, number).tree.text();
            assert_eq!(made(5), made(5));
            assert_ne!(made(5), made(6));
        }
    }

    #[test]
    fn what_is_forbidden_is_refused_alone_too() {
        for engine in Engine::ALL {
            let guard = Guard::of_fixture(engine, "app");
            let frame = |text: &str| format!("SELECT {text} AS c1 FROM regions a1");
            let let_through: Vec<_> = functions::forbidden(engine)
                .iter()
                .map(|text| text.replace("{i}", "5").replace("{t}", "'a'"))
                .filter(|text| guard.guard(&frame(text)).is_ok())
                .collect();
            assert!(let_through.is_empty(), "{engine}: {let_through:?}");
        }
    }

    /// A statement that the guard refuses proves nothing of what it lets through.
    #[test]
    fn most_are_let_through_and_what_is_forbidden_never() {
        for engine in Engine::ALL {
            let guard = Guard::of_fixture(engine, "app");
            let (mut accepted, mut forbidden) = (0, 0);
            for number in 0..300 {
                let made = statement(engine, 1, number);
                let sql = made.tree.text();
                let answer = guard.guard(&sql);
                accepted += usize::from(answer.is_ok());
                if made.expect(&sql) == Expect::Reject {
                    forbidden += 1;
                    assert!(answer.is_err(), "{engine} {number}: {sql}");
                }
            }
            assert!(accepted > 180, "{engine}: {accepted} of 300");
            assert!(forbidden > 5, "{engine}: {forbidden}");
        }
    }
}
