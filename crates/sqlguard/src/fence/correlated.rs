//! Fences in sub-queries that belong to one outer row.
//!
//! `(SELECT max(amount) FROM orders o WHERE o.customer_id = c.id)` asks its fence anew for every `c`, and a planner moves
//! nothing through a fence: it would read all of the tenant's orders each time. The equality is repeated inside the
//! fence, where an index can answer it. That is safe: both sides are bare columns, the inner one a whole number, a text
//! or a UUID of the table itself, so comparing them calls nothing of the author's and cannot fail on a row. It changes
//! no answer: the author's own condition stays where it is. Without this, one sub-query over 10,000 rows would take
//! 10,000 readings of the table. EXISTS and IN are left alone: engines make joins of them, which need no index.

use super::{Fences, alias, column};
use crate::Dialect;
use crate::catalogue::{ColumnKind, Relation};
use crate::tree::{Alias, Body, Expr, Factor, From, Item, Query, Select};
use std::collections::BTreeSet;

impl<'a> Fences<'a> {
    /// Repeats equalities with columns of outer queries inside the fences of a sub-query. MariaDB and MySQL are left
    /// alone: the first knows no outer columns in FROM, and both read a fence once and index what they read.
    pub(crate) fn narrow(self, query: &mut Query) {
        if self.catalogue.dialect == Dialect::Mysql {
            return;
        }
        let Body::Select(select) = &mut query.body else { return };
        let Select { from, filter: Some(filter), .. } = select.as_mut() else { return };
        let mut equalities = Vec::new();
        collect(filter, &mut equalities);
        let local: BTreeSet<String> = from.iter().flat_map(names).collect();
        let alone = matches!(from.as_slice(), [From { joins, .. }] if joins.is_empty());
        let pairs: Vec<_> = equalities.iter().filter_map(|(left, right)| pair(left, right, &local, alone)).collect();
        for (table, own, outer) in pairs {
            for factor in from.iter_mut().flat_map(factors) {
                self.narrow_one(factor, table.as_deref(), &own, &outer);
            }
        }
    }

    /// Adds the equality to a factor, if it is the fence of that table.
    fn narrow_one(self, factor: &mut Factor, table: Option<&str>, own: &str, outer: &[String]) {
        let Factor::Derived { lateral: false, query, alias: Alias { name, columns } } = factor else { return };
        if table.is_some_and(|table| table != name) || !columns.is_empty() {
            return;
        }
        let Body::Select(select) = &mut query.body else { return };
        let Some(relation) = self.behind(select) else { return };
        let kind = relation.columns.iter().find(|column| column.name == own).map(|column| column.kind);
        if !matches!(kind, Some(ColumnKind::Integer | ColumnKind::Text | ColumnKind::Uuid)) || !shows(select, own) {
            return;
        }
        let equal = Expr::binary(column(0, own), "=", Expr::Column(outer.to_vec()));
        select.filter = select.filter.take().map(|filter| Expr::binary(filter, "AND", equal));
    }

    /// The relation that a fence stands before: one base table by its made-up alias, with a filter.
    fn behind(self, select: &Select) -> Option<&'a Relation> {
        let [From { first: Factor::Table { path, alias: Alias { name, columns } }, joins }] = select.from.as_slice()
        else {
            return None;
        };
        let [schema, table] = path.as_slice() else { return None };
        if *name != alias(0) || !columns.is_empty() || !joins.is_empty() || select.filter.is_none() {
            return None;
        }
        self.catalogue.relations.iter().find(|relation| relation.schema == *schema && relation.name == *table)
    }
}

/// The equalities that all must hold.
fn collect<'e>(filter: &'e Expr, equalities: &mut Vec<(&'e Expr, &'e Expr)>) {
    let mut rest = filter;
    loop {
        match rest {
            Expr::Binary(left, "AND", right) => {
                collect(right, equalities);
                rest = left;
            }
            Expr::Binary(left, "=", right) => return equalities.push((left, right)),
            _ => return,
        }
    }
}

/// A column of this query's own tables, with the table's alias when it is written, and one of an outer query.
fn pair(
    left: &Expr,
    right: &Expr,
    local: &BTreeSet<String>,
    alone: bool,
) -> Option<(Option<String>, String, Vec<String>)> {
    let one_way = |own: &Expr, outer: &Expr| {
        let (Expr::Column(own), Expr::Column(outer)) = (own, outer) else { return None };
        let [table, _] = outer.as_slice() else { return None };
        // The fence's own alias would catch an outer one of that name.
        if local.contains(table) || table.eq_ignore_ascii_case(&alias(0)) {
            return None;
        }
        match own.as_slice() {
            [table, name] if local.contains(table) => Some((Some(table.clone()), name.clone(), outer.clone())),
            [name] if alone => Some((None, name.clone(), outer.clone())),
            _ => None,
        }
    };
    one_way(left, right).or_else(|| one_way(right, left))
}

/// Whether the fence shows a column as it is.
fn shows(select: &Select, name: &str) -> bool {
    let is = |item: &Item| matches!(item, Item::Expr { expr, alias: None } if *expr == column(0, name));
    select.items.iter().any(is)
}

fn names(from: &From) -> Vec<String> {
    let mut all = Vec::new();
    let mut add = |factor: &Factor| match factor {
        Factor::Table { alias, .. } | Factor::Derived { alias, .. } => all.push(alias.name.clone()),
        Factor::Function { alias: Some(alias), .. } => all.push(alias.name.clone()),
        Factor::Function { call, alias: None, .. } => all.push(call.name.clone()),
        Factor::Nested(inner) => all.extend(names(inner)),
    };
    add(&from.first);
    from.joins.iter().for_each(|join| add(&join.factor));
    all
}

fn factors(from: &mut From) -> Vec<&mut Factor> {
    let mut all = vec![&mut from.first];
    all.extend(from.joins.iter_mut().map(|join| &mut join.factor));
    all.into_iter()
        .flat_map(|factor| match factor {
            Factor::Nested(inner) => factors(inner),
            other => vec![other],
        })
        .collect()
}
