//! Fences in sub-queries that belong to one outer row.
//!
//! `(SELECT max(amount) FROM orders o WHERE o.customer_id = c.id)` asks its fence anew for every `c`, and a planner moves
//! nothing through a fence: it would read all of the tenant's orders each time. The equality is repeated inside the
//! fence, where an index can answer it; the author's own condition stays where it is. Without this, one sub-query over
//! 10,000 rows would take 10,000 readings of the table. EXISTS and IN are left alone: engines make joins of them, which
//! need no index.
//!
//! It stands before others' rows, so it must be nothing of the author's and must not fail on a row. Both sides are bare
//! columns of relations of the catalogue, and both whole numbers or both UUIDs. A column of an author's derived table
//! is not one: a planner pulls that table up, and its expression would run inside the fence. Texts are left out: two
//! collations of one comparison are an error of the first row in PostgreSQL, and SQLite takes the left one's, so that
//! rows could be lost.

use super::{Fences, alias, column};
use crate::Dialect;
use crate::catalogue::{Column, ColumnKind, Relation};
use crate::scope::Scopes;
use crate::tree::{Alias, Body, Distinct, Expr, Factor, From, Item, Query, Select};
use std::collections::BTreeSet;

impl<'a> Fences<'a> {
    /// Repeats equalities with columns of outer queries inside the fences of a sub-query. MariaDB and MySQL are left
    /// alone: the first knows no outer columns in FROM, and both read a fence once and index what they read.
    pub(crate) fn narrow(self, query: &mut Query, scopes: &Scopes) {
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
            let Some(kind) = self.kind_of_outer(&outer, scopes) else { continue };
            for factor in from.iter_mut().flat_map(factors) {
                self.narrow_one(factor, table.as_deref(), &own, &outer, kind);
            }
        }
    }

    /// The kind of a column of an outer query, if it is a column of a relation as it is.
    fn kind_of_outer(self, outer: &[String], scopes: &Scopes) -> Option<ColumnKind> {
        let [table, column] = outer else { return None };
        let relation = self.relation(scopes.alias(table)?.relation?)?;
        comparable(relation.columns.iter().find(|own| own.name == *column && own.mask.is_none())?)
    }

    /// Adds the equality to a factor, if it is the fence of that table.
    fn narrow_one(self, factor: &mut Factor, table: Option<&str>, own: &str, outer: &[String], kind: ColumnKind) {
        let Factor::Derived { lateral: false, query, alias: Alias { name, columns } } = factor else { return };
        if table.is_some_and(|table| table != name) || !columns.is_empty() {
            return;
        }
        let Some(relation) = self.behind(query) else { return };
        let Body::Select(select) = &mut query.body else { return };
        let column_of_own = relation.columns.iter().find(|column| column.name == own);
        if column_of_own.and_then(comparable) != Some(kind) || !shows(select, own) {
            return;
        }
        let equal = Expr::binary(column(0, own), "=", Expr::Column(outer.to_vec()));
        select.filter = select.filter.take().map(|filter| Expr::binary(filter, "AND", equal));
    }

    /// The relation that a fence stands before: to one made here, and to what an author wrote just so, a condition can
    /// be added without changing what is read behind it.
    fn behind(self, query: &Query) -> Option<&'a Relation> {
        let Query { with: None, body: Body::Select(select), order_by, limit, offset, ties: false } = query else {
            return None;
        };
        let Select { distinct, items: _, from, filter, group_by, with_rollup, having, windows } = select.as_ref();
        let [From { first: Factor::Table { path, alias: Alias { name, columns } }, joins }] = from.as_slice() else {
            return None;
        };
        let [schema, table] = path.as_slice() else { return None };
        let bare = order_by.is_empty()
            && *distinct == Distinct::No
            && group_by.is_empty()
            && !with_rollup
            && having.is_none()
            && windows.is_empty();
        let base = *name == alias(0) && columns.is_empty() && joins.is_empty() && filter.is_some();
        if !bare || !base || (limit, offset) != (&self.barrier().0, &self.barrier().1) {
            return None;
        }
        self.catalogue.relations.iter().find(|relation| relation.schema == *schema && relation.name == *table)
    }
}

/// Two of one kind can be compared on any row, without a collation.
fn comparable(column: &Column) -> Option<ColumnKind> {
    match column.kind {
        ColumnKind::Integer | ColumnKind::Uuid => Some(column.kind),
        ColumnKind::Text | ColumnKind::Other => None,
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
