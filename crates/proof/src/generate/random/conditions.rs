//! Conditions.

use super::author::{Author, atom, expr};
use crate::engine::Engine;
use crate::generate::tree::{Tree, Type};

const COMPARISONS: &[&str] = &[" = ", " <> ", " < ", " <= ", " > ", " >= "];

impl Author {
    /// A condition.
    pub(super) fn condition(&mut self) -> Tree {
        if !self.burn() {
            return self.comparison();
        }
        match self.prng.below(100) {
            0..22 => self.comparison(),
            22..34 => self.joined(),
            34..38 => expr(Type::Bool, vec!["NOT (".into(), self.expr(Type::Bool), ")".into()]),
            38..44 => {
                let gives = self.a_type();
                let test = *self.prng.pick(&[" IS NULL", " IS NOT NULL"]);
                expr(Type::Bool, vec![self.operand(gives), test.into()])
            }
            44..50 => self.in_list(),
            50..58 => self.in_query(),
            58..66 => self.exists(),
            66..70 => self.between(),
            70..74 => self.quantified(),
            74..84 if self.groups.is_none() => self.leaky().unwrap_or_else(|| self.comparison()),
            _ => self.templated(Type::Bool),
        }
    }

    fn comparison(&mut self) -> Tree {
        let gives = self.a_type();
        let operator = *self.prng.pick(COMPARISONS);
        let left = self.compared(gives);
        expr(Type::Bool, vec![left, operator.into(), self.operand(gives)])
    }

    /// What something is compared with: of texts one side says by which collation, mostly, since MariaDB compares no texts
    /// of two.
    fn compared(&mut self, gives: Type) -> Tree {
        let tree = self.operand(gives);
        if self.prng.chance(75) { self.distinguished(gives, tree) } else { tree }
    }

    fn joined(&mut self) -> Tree {
        let (word, all) = if self.prng.chance(60) { (" AND ", true) } else { (" OR ", false) };
        let mut parts: Vec<Tree> = Vec::new();
        for number in 0..2 + self.prng.below(2) {
            if number > 0 {
                parts.push(word.into());
            }
            let part = self.expr(Type::Bool);
            // AND holds stronger: beside OR it needs no brackets, and comparisons need none at all.
            let brackets = all || self.prng.chance(70);
            parts.push(if brackets { expr(Type::Bool, vec!["(".into(), part, ")".into()]) } else { part });
        }
        expr(Type::Bool, parts)
    }

    fn in_list(&mut self) -> Tree {
        let gives = self.a_type();
        let mut list = Vec::new();
        for _ in 0..1 + self.prng.below(4) {
            let value = if self.prng.chance(75) { self.literal(gives) } else { self.operand(gives) };
            list.push(value);
        }
        let word = if self.prng.chance(75) { " IN (" } else { " NOT IN (" };
        expr(Type::Bool, vec![self.compared(gives), word.into(), Tree::list(", ", 1, list), ")".into()])
    }

    fn in_query(&mut self) -> Tree {
        let gives = self.a_type();
        let word = if self.prng.chance(75) { " IN (" } else { " NOT IN (" };
        if self.prng.chance(15) {
            let both = [gives, Type::Int];
            let left = vec!["(".into(), self.leaf(gives), ", ".into(), self.leaf(Type::Int), ")".into()];
            let query = self.query_inside(&both, false);
            return expr(Type::Bool, vec![expr(Type::Bool, left), word.into(), query, ")".into()]);
        }
        let left = self.compared(gives);
        expr(Type::Bool, vec![left, word.into(), self.query_inside(&[gives], false), ")".into()])
    }

    fn exists(&mut self) -> Tree {
        let word = if self.prng.chance(70) { "EXISTS (" } else { "NOT EXISTS (" };
        let gives = self.a_type();
        expr(Type::Bool, vec![word.into(), self.query_inside(&[gives], true), ")".into()])
    }

    fn between(&mut self) -> Tree {
        let gives = self.a_type();
        let word = if self.prng.chance(70) { " BETWEEN " } else { " NOT BETWEEN " };
        expr(
            Type::Bool,
            vec![self.compared(gives), word.into(), self.operand(gives), " AND ".into(), self.operand(gives)],
        )
    }

    /// `x > ALL (SELECT …)`.
    fn quantified(&mut self) -> Tree {
        if self.is(Engine::Sqlite) {
            return self.in_query();
        }
        let gives = self.a_type();
        let operator = *self.prng.pick(COMPARISONS);
        let word = *self.prng.pick(&["ANY (", "ALL (", "SOME ("]);
        let left = self.compared(gives);
        expr(Type::Bool, vec![left, operator.into(), word.into(), self.query_inside(&[gives], false), ")".into()])
    }

    /// What an engine can hash: two columns, or what always holds.
    pub(super) fn equality(&mut self, left: &[String], right: &[String]) -> Tree {
        if left.is_empty() || right.is_empty() {
            return atom(Type::Bool, "1 = 1");
        }
        let (left, right) = (self.prng.pick(left).clone(), self.prng.pick(right).clone());
        expr(Type::Bool, vec![left.into(), " = ".into(), right.into()])
    }
}
