//! SELECT.

use super::author::{Author, expr};
use crate::engine::Engine;
use crate::generate::tree::{Sort, Tree, Type, node};

impl Author {
    /// A SELECT; and whether it has its order already.
    pub(super) fn select(&mut self, gives: &[Type]) -> (Tree, bool) {
        self.froms.push(Vec::new());
        let from = self.from();
        let made = match self.prng.below(100) {
            0..28 => (self.grouped(gives, from, true), true),
            28..34 if self.is(Engine::Postgres) => (self.distinct_on(gives, from), true),
            _ => (self.ungrouped(gives, from), false),
        };
        self.froms.pop();
        made
    }

    /// A SELECT beside another one.
    pub(super) fn select_in_set(&mut self, gives: &[Type]) -> Tree {
        self.froms.push(Vec::new());
        let from = self.from();
        let made = if self.prng.chance(25) {
            self.grouped(gives, from, self.is(Engine::Postgres))
        } else {
            self.ungrouped(gives, from)
        };
        self.froms.pop();
        made
    }

    fn ungrouped(&mut self, gives: &[Type], from: Tree) -> Tree {
        let distinct = if self.prng.chance(12) { "SELECT DISTINCT " } else { "SELECT " };
        let mut items = Vec::new();
        let mut window = Tree::nothing();
        for (number, gives) in (1..).zip(gives) {
            let value = if self.prng.chance(14) { self.windowed(*gives, &mut window) } else { None };
            let value = match value {
                Some(value) => value,
                None => self.expr(*gives),
            };
            let value = self.distinguished(*gives, value);
            items.push(node![value, format!(" AS c{number}")]);
        }
        let filter = self.filter();
        node![distinct, Tree::list(", ", items.len(), items), from, filter, window]
    }

    /// The first row of each group, in an order of all columns.
    fn distinct_on(&mut self, gives: &[Type], from: Tree) -> Tree {
        let mut items = Vec::new();
        for (number, gives) in (1..).zip(gives) {
            items.push(node![self.expr(*gives), format!(" AS c{number}")]);
        }
        let filter = self.filter();
        let order: Vec<String> = (1..=items.len()).map(|number| number.to_string()).collect();
        let tail = format!(" ORDER BY {}", order.join(", "));
        node!["SELECT DISTINCT ON (1) ", Tree::list(", ", items.len(), items), from, filter, tail]
    }

    /// Keys and aggregates. With `sets` perhaps several groupings at once.
    fn grouped(&mut self, gives: &[Type], from: Tree, sets: bool) -> Tree {
        let filter = self.filter();
        let mut keys: Vec<(Type, Tree)> = Vec::new();
        for gives in gives {
            if keys.len() < 3 && self.prng.chance(45) {
                let key = self.key(*gives);
                keys.push((*gives, key));
            } else {
                break;
            }
        }
        let known = keys.len();
        // PostgreSQL forgets in some places that a constant is NULL in the sets that leave it out.
        let constant = |(gives, _): &(Type, Tree)| self.fields(*gives).is_empty();
        let sets = sets && !keys.iter().any(constant);
        self.groups = Some(keys.clone());
        let mut items = Vec::new();
        for (number, gives) in gives.iter().enumerate() {
            let value = match keys.get(number) {
                Some((_, key)) => key.clone(),
                None => {
                    let value = self.expr(*gives);
                    self.distinguished(*gives, value)
                }
            };
            items.push(node![value, format!(" AS c{}", number + 1)]);
        }
        // SQLite wants a GROUP BY in front of it, or an aggregate beside it.
        let having = if (known > 0 || !self.is(Engine::Sqlite)) && self.prng.chance(22) {
            node![Sort::Optional; " HAVING ", self.expr(Type::Bool)]
        } else {
            Tree::nothing()
        };
        self.groups = None;
        let group = if known > 0 { self.grouping(known, sets) } else { Tree::nothing() };
        node!["SELECT ", Tree::list(", ", items.len(), items), from, filter, group, having]
    }

    /// What rows are grouped by: no query, since two equal ones have places of their own.
    fn key(&mut self, gives: Type) -> Tree {
        let field = self.fields(gives);
        let key = if field.is_empty() {
            self.literal_key(gives)
        } else {
            let column = self.prng.pick(&field).clone();
            let text = match (gives, self.prng.below(3)) {
                (Type::Text, 0) => format!("upper({column})"),
                (Type::Int, 0) => format!("({column} % 3)"),
                _ => column,
            };
            expr(gives, vec![text.into()])
        };
        self.distinguished(gives, key)
    }

    /// A text or a number of itself is no key; made from something it is.
    fn literal_key(&mut self, gives: Type) -> Tree {
        let text = match gives {
            Type::Int | Type::Bool => "abs(5)",
            Type::Num => "abs(1.5)",
            Type::Text => "lower('K')",
        };
        expr(gives, vec![text.into()])
    }

    fn grouping(&mut self, keys: usize, sets: bool) -> Tree {
        let names: Vec<String> = (1..=keys).map(|number| number.to_string()).collect();
        let all = names.join(", ");
        let text = match (self.engine, self.prng.below(10)) {
            (Engine::Postgres, 0) if sets => format!(" GROUP BY ROLLUP ({all})"),
            (Engine::Postgres, 1) if sets => format!(" GROUP BY CUBE ({all})"),
            (Engine::Postgres, 2) if sets => format!(" GROUP BY GROUPING SETS (({all}), (1), ())"),
            (Engine::Mariadb, 0) if sets => format!(" GROUP BY {all} WITH ROLLUP"),
            _ => format!(" GROUP BY {all}"),
        };
        node![text]
    }

    /// WHERE, mostly.
    pub(super) fn filter(&mut self) -> Tree {
        if !self.prng.chance(58) {
            return Tree::nothing();
        }
        let aside = self.ungroup();
        let condition = self.expr(Type::Bool);
        self.back(aside);
        node![Sort::Optional; " WHERE ", condition]
    }
}
