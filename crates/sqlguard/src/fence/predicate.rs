//! Rules as conditions. Whatever does not fit the catalogue is refused; NULL never matches.

use super::{Built, Fences, alias, column, reading};
use crate::catalogue::{Column, ColumnKind, Operand, Predicate, Relation};
use crate::tree::{Body, Expr, Item, Query};
use crate::{Dialect, Place};
use std::collections::BTreeSet;

/// How long a chain of rules may be.
const DEEPEST: usize = 16;

pub(super) struct Building<'a> {
    fences: Fences<'a>,
    /// The relations that are read, as `schema.name` or `name`.
    pub(super) read: BTreeSet<String>,
}

impl<'a> Building<'a> {
    pub(super) fn new(fences: Fences<'a>) -> Self {
        Self { fences, read: BTreeSet::new() }
    }

    pub(super) fn read(&mut self, relation: &Relation) {
        let Relation { schema, name, .. } = relation;
        let own = *schema == self.fences.catalogue.schema;
        self.read.insert(if own { name.clone() } else { format!("{schema}.{name}") });
    }

    fn dialect(&self) -> Dialect {
        self.fences.catalogue.dialect
    }

    pub(super) fn predicate(&mut self, predicate: &Predicate, relation: &Relation, depth: usize) -> Built<Expr> {
        if depth > DEEPEST {
            return Err(format!("the rules of the table \"{}\" lead too far", relation.name));
        }
        match predicate {
            Predicate::Never => Ok(constant(false)),
            Predicate::Always => Ok(constant(true)),
            Predicate::Equals { column, value } => self.equals(relation, column, &[*value], depth),
            Predicate::In { column, values } => self.equals(relation, column, values, depth),
            Predicate::Through { column: own, schema, relation: other, key, holds } => {
                let other = self.other(schema, other)?;
                find(relation, own)?;
                find(other, key)?;
                self.read(other);
                let inner = depth + 1;
                let filter = self.predicate(holds, other, inner)?;
                let there = Expr::Suffix(Box::new(column(inner, key)), "IS NOT NULL");
                let filter = Expr::binary(filter, "AND", there);
                let item = Item::Expr { expr: column(inner, key), alias: None };
                let select = reading(vec![item], other, alias(inner), Some(filter));
                let query = Box::new(Query::plain(Body::Select(Box::new(select))));
                Ok(Expr::InQuery { expr: Box::new(column(depth, own)), negated: false, query })
            }
            Predicate::All(all) => self.joined(all, relation, depth, "AND"),
            Predicate::Any(any) => self.joined(any, relation, depth, "OR"),
        }
    }

    fn joined(&mut self, list: &[Predicate], relation: &Relation, depth: usize, word: &'static str) -> Built<Expr> {
        let mut joined: Option<Expr> = None;
        for one in list {
            let one = self.predicate(one, relation, depth)?;
            joined = Some(match joined {
                None => one,
                Some(before) => Expr::binary(before, word, one),
            });
        }
        Ok(joined.unwrap_or_else(|| constant(word == "AND")))
    }

    fn other(&self, schema: &str, name: &str) -> Built<&'a Relation> {
        let mut relations = self.fences.catalogue.relations.iter();
        let found = relations.find(|relation| relation.schema == schema && relation.name == name);
        found.ok_or_else(|| format!("a rule leads to the table \"{name}\", which is not there"))
    }

    /// The column holds one of the values, exactly: to the byte where it is a text.
    fn equals(&self, relation: &Relation, name: &str, values: &[Operand], depth: usize) -> Built<Expr> {
        let kind = find(relation, name)?.kind;
        if values.is_empty() {
            return Ok(constant(false));
        }
        let own = || column(depth, name);
        let places = |each: fn(Expr) -> Expr| -> Vec<Expr> {
            values.iter().map(|value| each(Expr::Place(Place::Rule(value.0)))).collect()
        };
        match (kind, self.dialect()) {
            // The first half is what an index answers, the second what a collation cannot loosen.
            (ColumnKind::Text, Dialect::Postgres) => {
                let exact = Expr::Collate(Box::new(Expr::cast(own(), "text")), "C".to_owned());
                let as_text: fn(Expr) -> Expr = |place| Expr::cast(place, "text");
                Ok(Expr::binary(one_of(own(), places(as_text)), "AND", one_of(exact, places(as_text))))
            }
            (ColumnKind::Text, Dialect::Mysql) => {
                let exact = bytes(own());
                Ok(Expr::binary(one_of(own(), places(|place| place)), "AND", one_of(exact, places(bytes))))
            }
            (ColumnKind::Text, Dialect::Sqlite) => {
                let exact = Expr::Collate(Box::new(own()), "BINARY".to_owned());
                Ok(one_of(exact, places(|place| place)))
            }
            (ColumnKind::Integer, Dialect::Postgres) => Ok(one_of(own(), places(|place| Expr::cast(place, "bigint")))),
            (ColumnKind::Integer, Dialect::Mysql) => Ok(one_of(own(), places(|place| Expr::cast(place, "signed")))),
            (ColumnKind::Integer, Dialect::Sqlite) => Ok(one_of(own(), places(|place| Expr::cast(place, "integer")))),
            (ColumnKind::Uuid, Dialect::Postgres) => {
                let uuid: fn(Expr) -> Expr = |place| Expr::cast(Expr::cast(place, "text"), "uuid");
                Ok(one_of(own(), places(uuid)))
            }
            (ColumnKind::Uuid | ColumnKind::Other, _) => {
                Err(format!("the column \"{name}\" of the table \"{}\" cannot carry a rule", relation.name))
            }
        }
    }
}

/// MariaDB and MySQL: the bytes of a text in UTF-8, whatever its own character set.
fn bytes(text: Expr) -> Expr {
    Expr::cast(Expr::Using(Box::new(text), "utf8mb4".to_owned()), "binary")
}

fn one_of(own: Expr, mut values: Vec<Expr>) -> Expr {
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => Expr::binary(own, "=", only),
        (last, _) => {
            values.extend(last);
            Expr::InList { expr: Box::new(own), negated: false, list: values }
        }
    }
}

/// True or false, in the way that all dialects have it.
fn constant(value: bool) -> Expr {
    let number = |digit: &str| Expr::Number(digit.to_owned());
    Expr::binary(number("1"), "=", number(if value { "1" } else { "0" }))
}

fn find<'a>(relation: &'a Relation, name: &str) -> Built<&'a Column> {
    let found = relation.columns.iter().find(|column| column.name == name);
    found.ok_or_else(|| {
        format!("a rule needs the column \"{name}\", which the table \"{}\" does not have", relation.name)
    })
}
