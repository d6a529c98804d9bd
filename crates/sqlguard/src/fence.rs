//! Fences: what stands in the output instead of a table.

mod correlated;
mod mask;
mod predicate;

use crate::catalogue::{Column, Fence, Relation};
use crate::lower::{Mentioned, same_column};
use crate::tree::{Alias, Body, Distinct, Expr, Factor, From, Item, Query, Select};
use crate::{Catalogue, Dialect};
use std::collections::BTreeSet;

/// The relations of a catalogue, and their fences.
#[derive(Clone, Copy)]
pub(crate) struct Fences<'a> {
    catalogue: &'a Catalogue,
}

/// Why a fence cannot be built; constant words and names.
type Built<T> = Result<T, String>;

impl<'a> Fences<'a> {
    pub(crate) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue }
    }

    fn relation(self, number: usize) -> Option<&'a Relation> {
        self.catalogue.relations.get(number)
    }

    /// The relation that a path means. Not exactly: capitals apart, if only one is spelled so.
    pub(crate) fn find(self, path: &[String], exactly: bool) -> Option<usize> {
        let (schema, name) = match path {
            [name] => (&self.catalogue.schema, name),
            [schema, name] => (schema, name),
            _ => return None,
        };
        let same = |one: &String, other: &String| match self.catalogue.dialect {
            Dialect::Postgres => one == other,
            Dialect::Mysql | Dialect::Sqlite if exactly => one == other,
            Dialect::Mysql | Dialect::Sqlite => one.eq_ignore_ascii_case(other),
        };
        let relations = self.catalogue.relations.iter().enumerate();
        let mut found =
            relations.filter(|(_, own)| same(&own.schema, schema) && same(&own.name, name)).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    pub(crate) fn own_name(self, number: usize) -> Option<(String, String)> {
        self.relation(number).map(|relation| (relation.schema.clone(), relation.name.clone()))
    }

    /// The columns of a relation that are shown.
    pub(crate) fn columns(self, number: usize) -> BTreeSet<String> {
        self.relation(number).into_iter().flat_map(shown).map(|column| column.name.clone()).collect()
    }

    pub(crate) fn has_column_somewhere(self, column: &str) -> bool {
        let mut columns = self.catalogue.relations.iter().flat_map(shown);
        columns.any(|own| same_column(self.catalogue.dialect, &own.name, column))
    }

    /// The names of all relations.
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.catalogue.relations.iter().map(|relation| relation.name.as_str())
    }

    /// What stands in FROM for a relation, and all relations that are read for it.
    pub(crate) fn factor(
        self,
        number: usize,
        alias: Alias,
        mentioned: &Mentioned,
    ) -> Built<(Factor, BTreeSet<String>)> {
        let relation = self.relation(number).ok_or("this table is not there")?;
        let mut building = predicate::Building::new(self);
        building.read(relation);
        let plain = relation.columns.iter().all(|column| column.mask.is_none());
        let filter = match &relation.fence {
            Fence::Withheld(reason) => return Err(format!("the table \"{}\" {reason}", relation.name)),
            Fence::Open if plain => {
                let path = vec![relation.schema.clone(), relation.name.clone()];
                return Ok((Factor::Table { path, alias }, building.read));
            }
            Fence::Open => None,
            Fence::Rows(predicate) => Some(building.predicate(predicate, relation, 0)?),
        };
        // Names behind an alias are those of the columns in their order: none may be missing.
        let mentioned = if alias.columns.is_empty() { mentioned } else { &Mentioned::All };
        let query = Box::new(self.fenced(relation, filter, mentioned)?);
        Ok((Factor::Derived { lateral: false, query, alias }, building.read))
    }

    /// The columns by name, masked, and a limit that nothing of the author's is moved through. One column stays when
    /// none is mentioned: rows are to be counted.
    fn fenced(self, relation: &Relation, filter: Option<Expr>, mentioned: &Mentioned) -> Built<Query> {
        let mut columns: Vec<_> = shown(relation).filter(|column| mentioned.holds(&column.name)).collect();
        if columns.is_empty() {
            columns.extend(shown(relation).next());
        }
        let items = columns.into_iter().map(|column| self.item(column)).collect::<Built<Vec<_>>>()?;
        if items.is_empty() {
            return Err(format!("the table \"{}\" has no column that may be read", relation.name));
        }
        let mut query = Query::plain(Body::Select(Box::new(reading(items, relation, alias(0), filter))));
        (query.limit, query.offset) = self.barrier();
        Ok(query)
    }

    /// LIMIT and OFFSET that let every row through, and no planner's idea.
    fn barrier(self) -> (Option<Expr>, Option<Expr>) {
        let number = |digits: &str| Expr::Number(digits.to_owned());
        match self.catalogue.dialect {
            Dialect::Postgres => (None, Some(number("0"))),
            Dialect::Mysql => (Some(number(&u64::MAX.to_string())), None),
            Dialect::Sqlite => (Some(Expr::Prefix("-", Box::new(number("1")))), None),
        }
    }
}

fn shown(relation: &Relation) -> impl Iterator<Item = &Column> {
    relation.columns.iter().filter(|column| column.shown().is_some())
}

/// What a base table is called inside its fence, by the depth of the predicate.
fn alias(depth: usize) -> String {
    format!("r{depth}")
}

fn column(depth: usize, name: &str) -> Expr {
    Expr::Column(vec![alias(depth), name.to_owned()])
}

fn reading(items: Vec<Item>, relation: &Relation, alias: String, filter: Option<Expr>) -> Select {
    let path = vec![relation.schema.clone(), relation.name.clone()];
    let first = Factor::Table { path, alias: Alias { name: alias, columns: Vec::new() } };
    Select {
        distinct: Distinct::No,
        items,
        from: vec![From { first, joins: Vec::new() }],
        filter,
        group_by: Vec::new(),
        with_rollup: false,
        having: None,
        windows: Vec::new(),
    }
}
