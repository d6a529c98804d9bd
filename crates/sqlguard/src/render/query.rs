//! Queries.

use super::Writer;
use crate::Dialect;
use crate::tree::{
    Alias, Body, Bound, Cte, Distinct, Expr, Factor, Frame, From, Grouping, Item, Join, JoinOn, Order, Over, Query,
    Select, SetOperator, Window, With,
};

impl Writer {
    pub(super) fn query(&mut self, query: &Query) {
        let Query { with, body, order_by, limit, offset, ties } = query;
        if let Some(with) = with {
            self.with(with);
        }
        self.body(body);
        self.order_by(order_by);
        match (limit, offset) {
            (Some(limit), offset) if *ties => {
                if let Some(offset) = offset {
                    self.word("OFFSET");
                    self.operand(offset);
                }
                self.word("FETCH FIRST");
                self.operand(limit);
                self.word("ROWS WITH TIES");
            }
            (limit, offset) => {
                for (word, count) in [("LIMIT", limit), ("OFFSET", offset)] {
                    if let Some(count) = count {
                        self.word(word);
                        self.operand(count);
                    }
                }
            }
        }
    }

    /// A query in brackets.
    pub(super) fn bracketed(&mut self, query: &Query) {
        self.word("(");
        self.query(query);
        self.glue(")");
    }

    fn with(&mut self, with: &With) {
        let With { recursive, ctes } = with;
        self.word(if *recursive { "WITH RECURSIVE" } else { "WITH" });
        self.list(ctes, |writer, cte| {
            let Cte { name, columns, materialized, query } = cte;
            writer.name(name);
            if !columns.is_empty() {
                writer.names(columns);
            }
            writer.word("AS");
            match materialized {
                Some(true) => writer.word("MATERIALIZED"),
                Some(false) => writer.word("NOT MATERIALIZED"),
                None => {}
            }
            writer.bracketed(query);
        });
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Select(select) => self.select(select),
            Body::Query(query) => self.bracketed(query),
            Body::Values(rows) => {
                self.word("VALUES");
                self.list(rows, |writer, row| {
                    // MySQL 8 wants the word, MariaDB and the others do not know it; it is left out everywhere.
                    writer.word("(");
                    writer.list(row, Self::expr);
                    writer.glue(")");
                });
            }
            Body::Set { left, operator, all, right } => {
                self.member(left, *operator, true);
                self.word(match operator {
                    SetOperator::Union => "UNION",
                    SetOperator::Except => "EXCEPT",
                    SetOperator::Intersect => "INTERSECT",
                });
                if *all {
                    self.word("ALL");
                }
                self.member(right, *operator, false);
            }
        }
    }

    /// A member of a set operation. SQLite knows no brackets here and goes from left to right.
    fn member(&mut self, body: &Body, parent: SetOperator, left: bool) {
        let bare = match body {
            Body::Select(_) | Body::Values(_) | Body::Query(_) => true,
            Body::Set { operator, .. } => {
                let binds =
                    |operator: SetOperator| operator == SetOperator::Intersect && self.dialect != Dialect::Sqlite;
                left && binds(*operator) == binds(parent)
            }
        };
        match body {
            _ if bare => self.body(body),
            body => {
                self.word("(");
                self.body(body);
                self.glue(")");
            }
        }
    }

    fn select(&mut self, select: &Select) {
        let Select { distinct, items, from, filter, group_by, with_rollup, having, windows } = select;
        self.word("SELECT");
        match distinct {
            Distinct::No => {}
            Distinct::Yes => self.word("DISTINCT"),
            Distinct::On(list) => {
                self.word("DISTINCT ON (");
                self.list(list, Self::expr);
                self.glue(")");
            }
        }
        self.list(items, Self::item);
        if !from.is_empty() {
            self.word("FROM");
            self.list(from, Self::from);
        }
        self.clause("WHERE", filter.as_ref());
        if !group_by.is_empty() {
            self.word("GROUP BY");
            self.list(group_by, Self::grouping);
        }
        if *with_rollup {
            self.word("WITH ROLLUP");
        }
        self.clause("HAVING", having.as_ref());
        if !windows.is_empty() {
            self.word("WINDOW");
            self.list(windows, |writer, (name, window)| {
                writer.name(name);
                writer.word("AS");
                writer.window(window);
            });
        }
    }

    fn clause(&mut self, word: &str, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.word(word);
            self.expr(expr);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Star => self.word("*"),
            Item::StarOf(name) => {
                self.name(name);
                self.glue(".*");
            }
            Item::Expr { expr, alias } => {
                self.expr(expr);
                if let Some(alias) = alias {
                    self.word("AS");
                    self.name(alias);
                }
            }
        }
    }

    fn grouping(&mut self, grouping: &Grouping) {
        match grouping {
            Grouping::Expr(expr) => self.expr(expr),
            Grouping::Sets(word, sets) => {
                self.word(word);
                self.word("(");
                self.list(sets, |writer, set| {
                    writer.word("(");
                    writer.list(set, Self::expr);
                    writer.glue(")");
                });
                self.glue(")");
            }
        }
    }

    fn from(&mut self, from: &From) {
        let From { first, joins } = from;
        self.factor(first);
        for Join { words, factor, on } in joins {
            if *on == JoinOn::Natural {
                self.word("NATURAL");
            }
            self.word(words);
            self.factor(factor);
            match on {
                JoinOn::Nothing | JoinOn::Natural => {}
                JoinOn::Expr(expr) => self.clause("ON", Some(expr)),
                JoinOn::Using(names) => {
                    self.word("USING");
                    self.names(names);
                }
            }
        }
    }

    fn factor(&mut self, factor: &Factor) {
        match factor {
            Factor::Table { path, alias } => {
                self.path(path);
                self.alias(alias);
            }
            Factor::Derived { lateral, query, alias } => {
                if *lateral {
                    self.word("LATERAL");
                }
                self.bracketed(query);
                self.alias(alias);
            }
            Factor::Function { lateral, call, ordinality, alias } => {
                if *lateral {
                    self.word("LATERAL");
                }
                self.table_call(call);
                if *ordinality {
                    self.word("WITH ORDINALITY");
                }
                if let Some(alias) = alias {
                    self.alias(alias);
                }
            }
            Factor::Nested(from) => {
                self.word("(");
                self.from(from);
                self.glue(")");
            }
        }
    }

    fn alias(&mut self, alias: &Alias) {
        let Alias { name, columns } = alias;
        self.word("AS");
        self.name(name);
        if !columns.is_empty() {
            self.names(columns);
        }
    }

    pub(super) fn order_by(&mut self, order_by: &[Order]) {
        if order_by.is_empty() {
            return;
        }
        self.word("ORDER BY");
        self.list(order_by, |writer, order| {
            let Order { expr, descending, nulls_first } = order;
            writer.expr(expr);
            if *descending {
                writer.word("DESC");
            }
            match nulls_first {
                Some(true) => writer.word("NULLS FIRST"),
                Some(false) => writer.word("NULLS LAST"),
                None => {}
            }
        });
    }

    pub(super) fn over(&mut self, over: &Over) {
        self.word("OVER");
        match over {
            Over::Named(name) => self.name(name),
            Over::Spec(window) => self.window(window),
        }
    }

    fn window(&mut self, window: &Window) {
        let Window { base, partition_by, order_by, frame } = window;
        self.word("(");
        if let Some(base) = base {
            self.name(base);
        }
        if !partition_by.is_empty() {
            self.word("PARTITION BY");
            self.list(partition_by, Self::expr);
        }
        self.order_by(order_by);
        if let Some(Frame { unit, start, end }) = frame {
            self.word(unit);
            match end {
                None => self.bound(start),
                Some(end) => {
                    self.word("BETWEEN");
                    self.bound(start);
                    self.word("AND");
                    self.bound(end);
                }
            }
        }
        self.glue(")");
    }

    fn bound(&mut self, bound: &Bound) {
        let (distance, word) = match bound {
            Bound::Current => return self.word("CURRENT ROW"),
            Bound::Preceding(distance) => (distance, "PRECEDING"),
            Bound::Following(distance) => (distance, "FOLLOWING"),
        };
        match distance {
            Some(distance) => self.operand(distance),
            None => self.word("UNBOUNDED"),
        }
        self.word(word);
    }
}
