//! Window functions, in an order of all columns wherever the order of rows decides.

use super::author::{Author, expr};
use crate::engine::Engine;
use crate::generate::tree::{Tree, Type, node};

const INTS: &[&str] = &[
    "row_number()",
    "rank()",
    "dense_rank()",
    "ntile(3)",
    "lag({ci})",
    "lead({ci}, 1, {ci})",
    "first_value({ci})",
    "last_value({ci})",
    "nth_value({ci}, 2)",
    "count(*)",
    "count({ct})",
    "sum({ci})",
    "min({ci})",
    "max({ci})",
];

const TEXTS: &[&str] = &["lag({ct}, 2)", "lead({ct})", "first_value({ct})", "last_value({ct})", "nth_value({ct}, 1)"];

const NUMS: &[&str] = &["avg({ci})", "cume_dist()", "percent_rank()"];

const FRAMES: &[&str] = &[
    "",
    "",
    "",
    " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW",
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING",
    " ROWS 2 PRECEDING",
    " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
    " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
];

/// Where the order is that of one number.
const RANGES: &[&str] = &[
    " RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING",
    " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
    " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW",
];

/// All calls.
#[cfg(test)]
pub(super) fn calls() -> Vec<&'static str> {
    [INTS, TEXTS, NUMS, &["median", "percentile_cont", "percentile_disc", "grouping"]].concat()
}

impl Author {
    /// A function over a window; none where there are no rows to order. A named window goes to `named`.
    pub(super) fn windowed(&mut self, gives: Type, named: &mut Tree) -> Option<Tree> {
        let order = self.total_order();
        if order.is_empty() || self.groups.is_some() {
            return None;
        }
        let aside = self.innermost();
        let tree = self.over(gives, order, named);
        self.back(aside);
        // Other expressions expect one type for each of ours.
        let cast = match (self.engine, gives) {
            (Engine::Postgres, Type::Int) => ")::int8",
            (Engine::Postgres, Type::Num) => ")::numeric",
            _ => return Some(tree),
        };
        Some(expr(gives, vec!["(".into(), tree, cast.into()]))
    }

    fn over(&mut self, gives: Type, order: Vec<Tree>, named: &mut Tree) -> Tree {
        let call = match gives {
            Type::Int | Type::Bool => *self.prng.pick(INTS),
            Type::Text => *self.prng.pick(TEXTS),
            Type::Num => *self.prng.pick(NUMS),
        };
        if self.is(Engine::Mariadb) && gives == Type::Num && self.prng.chance(30) {
            return self.percentile();
        }
        // MariaDB has no third argument here, and no frames where they would not matter.
        let call = match call {
            "lead({ci}, 1, {ci})" if self.is(Engine::Mariadb) => "lead({ci}, 1)",
            call => call,
        };
        let framed = !self.is(Engine::Mariadb) || ["sum", "count", "avg"].iter().any(|name| call.starts_with(name));
        let call = self.filled(gives, call);
        let partition = if self.prng.chance(45) {
            let key = self.a_type();
            node!["PARTITION BY ", self.operand(key), " "]
        } else {
            Tree::nothing()
        };
        // Sums over a range do not depend on the order of rows that are the same to it.
        let range = gives == Type::Int && !self.is(Engine::Mariadb) && self.prng.chance(12);
        let window = if range {
            let frame = *self.prng.pick(RANGES);
            let key = self.leaf(Type::Int);
            let call = Tree::from("sum(1)");
            return expr(
                gives,
                vec![call, " OVER (".into(), partition, "ORDER BY ".into(), key, frame.into(), ")".into()],
            );
        } else {
            let first = if self.prng.chance(50) { node![self.operand(Type::Int), ", "] } else { Tree::nothing() };
            let frame = if framed { *self.prng.pick(FRAMES) } else { "" };
            node![partition, "ORDER BY ", first, Tree::list(", ", order.len(), order), frame]
        };
        if named.text().is_empty() && self.prng.chance(25) {
            *named = node![" WINDOW w AS (", window, ")"];
            return expr(gives, vec![call, " OVER w".into()]);
        }
        expr(gives, vec![call, " OVER (".into(), window, ")".into()])
    }

    /// MariaDB has percentiles over windows only.
    fn percentile(&mut self) -> Tree {
        let (value, key) = (self.leaf(Type::Int), self.leaf(Type::Int));
        let call = *self.prng.pick(&["percentile_cont(0.5)", "percentile_disc(0.5)", "median"]);
        let head = if call == "median" {
            node!["median(", value, ")"]
        } else {
            node![call, " WITHIN GROUP (ORDER BY ", value, ")"]
        };
        expr(Type::Num, vec![head, " OVER (PARTITION BY ".into(), key, ")".into()])
    }
}
