//! What an attacker would put in: what fails on others' rows only, and what no statement may have.

use super::author::{Author, expr};
use super::functions;
use crate::engine::Engine;
use crate::generate::leaky;
use crate::generate::tree::{Tree, Type};

impl Author {
    /// A number from a secret: a cast that fails on others' secrets, or a division by what is zero in others' rows.
    pub(super) fn careful(&mut self) -> Option<Tree> {
        if self.groups.is_some() {
            return None;
        }
        let held = self.held();
        if held.is_empty() {
            return None;
        }
        let (table, prefix) = self.prng.pick(&held).clone();
        let text = if self.prng.chance(50) {
            let zero = table.of(table.zero, &prefix);
            // In SQLite and MariaDB a division by zero is no error, and still another value.
            format!("(100 / {zero})")
        } else {
            functions::careful(self.engine)
                .get(self.prng.below(3))
                .map_or_else(String::new, |careful| format!("({})", careful.replace("{s}", &format!("{prefix}secret"))))
        };
        // MariaDB's division gives decimals.
        let whole = if self.is(Engine::Mariadb) { format!("floor({text})") } else { text };
        Some(expr(Type::Int, vec![whole.into()]))
    }

    /// A predicate that holds for A's rows and fails on others'.
    pub(super) fn leaky(&mut self) -> Option<Tree> {
        let held = self.held();
        if held.is_empty() {
            return None;
        }
        let (table, prefix) = self.prng.pick(&held).clone();
        let (_, predicate) = self.prng.pick(leaky::predicates(self.engine));
        Some(expr(Type::Bool, vec![leaky::predicate(predicate, table, &prefix).into()]))
    }

    /// What no statement may have, wherever it stands.
    pub(super) fn forbidden(&mut self, gives: Type) -> Tree {
        self.to_forbid = false;
        let text = *self.prng.pick(functions::forbidden(self.engine));
        let text = text.replace("{i}", "5").replace("{t}", "'a'");
        self.forbidden = Some(text.clone());
        expr(gives, vec![text.into()])
    }
}
