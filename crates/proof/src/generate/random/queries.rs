//! Queries: WITH, set operations, order and limits. Their columns are `c1`, `c2`, …

use super::author::{Author, Cte, expr};
use crate::engine::Engine;
use crate::generate::tree::{Sort, Tree, Type, node};

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// It is the statement, or in FROM or WITH.
    Free,
    /// In `IN`, `ANY` or `ALL`: MariaDB has no LIMIT there.
    Set,
}

/// What stands behind a query of one engine, and not of another.
struct Habits {
    with: bool,
    set_operation: bool,
    limit: bool,
}

impl Author {
    /// The whole statement.
    pub(super) fn statement(&mut self) -> Tree {
        let mut gives = Vec::new();
        for _ in 0..1 + self.prng.below(4) {
            let one = self.a_type();
            gives.push(one);
        }
        let habits = Habits { with: self.prng.chance(22), set_operation: self.prng.chance(14), limit: true };
        self.written(&gives, &habits)
    }

    /// A query that sees nothing of what is around it.
    pub(super) fn query_apart(&mut self, gives: &[Type]) -> Tree {
        let aside = self.alone();
        let habits = Habits { with: self.prng.chance(6), set_operation: self.prng.chance(15), limit: true };
        let tree = self.written(gives, &habits);
        self.back(aside);
        tree
    }

    /// A query beside others in FROM that sees them.
    pub(super) fn query_beside(&mut self, gives: &[Type]) -> Tree {
        let habits = Habits { with: false, set_operation: self.prng.chance(10), limit: true };
        self.written(gives, &habits)
    }

    /// A query within an expression: it sees what the expression sees.
    pub(super) fn query_inside(&mut self, gives: &[Type], anything: bool) -> Tree {
        let stand = if anything { Stand::Free } else { Stand::Set };
        let aside = self.inside();
        let limit = stand == Stand::Free || self.engine != Engine::Mariadb;
        let habits = Habits { with: self.prng.chance(4), set_operation: self.prng.chance(8), limit };
        let tree = self.written(gives, &habits);
        self.back(aside);
        tree
    }

    /// A query that gives one value.
    pub(super) fn scalar_query(&mut self, gives: Type) -> Tree {
        let aside = self.inside();
        let inner = match self.prng.below(10) {
            0 => {
                // Nothing but a value, perhaps of the query around it.
                node![Sort::Query; "SELECT ", self.operand(gives), " AS c1"]
            }
            1..3 => {
                self.froms.push(Vec::new());
                let from = self.one_source();
                let value = self.operand(gives);
                let value = self.distinguished(gives, value);
                let order = self.total_order();
                let tail = if order.is_empty() {
                    Tree::from(" LIMIT 1")
                } else {
                    node![" ORDER BY ", Tree::list(", ", 1, order), " LIMIT 1"]
                };
                let filter = self.filter();
                self.froms.pop();
                // Without an order there is nothing to choose from.
                node![Sort::Query; "SELECT ", value, " AS c1", from, filter, tail]
            }
            _ => {
                self.froms.push(Vec::new());
                let from = self.from();
                let value = self.aggregate(gives);
                let filter = self.filter();
                self.froms.pop();
                node![Sort::Query; "SELECT ", value, " AS c1", from, filter]
            }
        };
        self.back(aside);
        expr(gives, vec!["(".into(), inner, ")".into()])
    }

    fn written(&mut self, gives: &[Type], habits: &Habits) -> Tree {
        let known = self.ctes.len();
        let with = if habits.with { self.with() } else { Tree::nothing() };
        let (body, ordered) =
            if habits.set_operation && self.burn() { (self.set_operation(gives), false) } else { self.select(gives) };
        let tail = if ordered { Tree::nothing() } else { self.tail(gives.len(), habits.limit) };
        self.ctes.truncate(known);
        node![Sort::Query; with, body, tail]
    }

    /// An order of all columns, and perhaps a limit.
    fn tail(&mut self, columns: usize, may_limit: bool) -> Tree {
        if !self.prng.chance(35) {
            return Tree::nothing();
        }
        let mut order = Vec::new();
        for column in 1..=columns {
            let direction = *self.prng.pick(&["", "", " DESC", " ASC"]);
            let nulls = if !self.is(Engine::Mariadb) && self.prng.chance(15) {
                *self.prng.pick(&[" NULLS FIRST", " NULLS LAST"])
            } else {
                ""
            };
            order.push(Tree::from(format!("{column}{direction}{nulls}")));
        }
        let limit = if may_limit && self.prng.chance(50) { self.limit() } else { Tree::nothing() };
        // Together: a limit without the order would leave the choice to the engine.
        node![Sort::Optional; node![" ORDER BY ", Tree::list(", ", columns, order), limit]]
    }

    fn limit(&mut self) -> Tree {
        let (rows, skipped) = (1 + self.prng.below(6), self.prng.below(3));
        if self.is(Engine::Postgres) && self.prng.chance(15) {
            return node![Sort::Optional; format!(" FETCH FIRST {rows} ROWS ONLY")];
        }
        if self.is(Engine::Postgres) && self.prng.chance(15) {
            return node![Sort::Optional; format!(" LIMIT (SELECT {rows})")];
        }
        let offset = if self.prng.chance(30) { format!(" OFFSET {skipped}") } else { String::new() };
        node![Sort::Optional; format!(" LIMIT {rows}{offset}")]
    }

    fn set_operation(&mut self, gives: &[Type]) -> Tree {
        let mut parts = vec![self.plain_select(gives)];
        for _ in 0..1 + self.prng.below(2) {
            let word = match (self.engine, self.prng.below(10)) {
                (_, 0..4) => " UNION ALL ",
                (_, 4..7) => " UNION ",
                (Engine::Sqlite, 8) => " UNION ",
                (_, 7..9) => " EXCEPT ",
                _ => " INTERSECT ",
            };
            // SQLite reads from left to right: the guard wants no INTERSECT behind another one.
            let word = if self.is(Engine::Sqlite) && parts.len() > 1 { " UNION " } else { word };
            parts.push(word.into());
            parts.push(self.plain_select(gives));
        }
        // A set operation is a query of its own: one side may stand for the whole.
        Tree::Node(Sort::Query, parts)
    }

    /// A SELECT as one side of a set operation.
    fn plain_select(&mut self, gives: &[Type]) -> Tree {
        let body = self.select_in_set(gives);
        node![Sort::Query; body]
    }

    fn with(&mut self) -> Tree {
        let mut parts = Vec::new();
        let recursive = self.prng.chance(30);
        for number in 0..1 + self.prng.below(2) {
            // Some have the name of a table: from there on it means the query.
            let name = if number == 0 && self.prng.chance(8) { "orders".to_owned() } else { self.name('w') };
            let (gives, body) = if recursive && number == 0 {
                (vec![Type::Int], self.recursion(&name))
            } else {
                let mut gives = Vec::new();
                for _ in 0..1 + self.prng.below(3) {
                    let one = self.a_type();
                    gives.push(one);
                }
                let body = self.query_apart(&gives);
                (gives, node!["(", body, ")"])
            };
            let columns: Vec<String> = (1..=gives.len()).map(|number| format!("c{number}")).collect();
            // Of SQLite the parser does not know the word.
            let materialized = if self.is(Engine::Postgres) && self.prng.chance(20) {
                *self.prng.pick(&["MATERIALIZED ", "NOT MATERIALIZED "])
            } else {
                ""
            };
            let head = format!("{name} ({}) AS {materialized}", columns.join(", "));
            parts.push(node![head, body]);
            self.ctes.push(Cte { name, gives });
        }
        let word = if recursive { "WITH RECURSIVE " } else { "WITH " };
        node![Sort::Optional; node![word, Tree::list(", ", 1, parts), " "]]
    }

    /// Counts up to a bound, alone or beside a table.
    fn recursion(&mut self, name: &str) -> Tree {
        let aside = self.alone();
        let start = if self.prng.chance(50) { expr(Type::Int, vec!["1".into()]) } else { self.start(name) };
        let end = 3 + self.prng.below(8);
        let alias = self.name('r');
        let (beside, step) = if self.prng.chance(50) {
            self.froms.push(Vec::new());
            // Its own name means itself.
            self.ctes.push(Cte { name: name.to_owned(), gives: vec![Type::Int] });
            let table = self.base_table();
            self.ctes.pop();
            let prefix = self.froms.last().and_then(|from| from.last()).map(|source| source.prefix.clone());
            let condition = format!(" ON {}id = {alias}.c1 + 1", prefix.unwrap_or_default());
            self.froms.pop();
            (node![" JOIN ", table, condition], " UNION ")
        } else {
            (Tree::nothing(), *self.prng.pick(&[" UNION ALL ", " UNION "]))
        };
        self.back(aside);
        let tail = format!(" WHERE {alias}.c1 < {end})");
        node!["(SELECT ", start, step, format!("SELECT {alias}.c1 + 1 FROM {name} {alias}"), beside, tail]
    }

    /// Where a recursion begins: a count.
    fn start(&mut self, name: &str) -> Tree {
        self.froms.push(Vec::new());
        self.ctes.push(Cte { name: name.to_owned(), gives: vec![Type::Int] });
        let table = self.base_table();
        self.ctes.pop();
        self.froms.pop();
        expr(Type::Int, vec!["(SELECT count(*) FROM ".into(), table, ")".into()])
    }
}
