//! What SQLite answers: rows by column name, numbers in millionths.

use std::collections::{BTreeMap, BTreeSet};

use query::{Bind, Statement};
use rusqlite::types::ValueRef;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Null,
    /// In millionths.
    Number(i64),
    Text(String),
}

pub(crate) type Row = BTreeMap<String, Cell>;

/// Rows.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) Vec<Row>);

fn number(value: f64) -> Cell {
    Cell::Number((value * 1e6).round() as i64)
}

impl Answer {
    pub(crate) fn columns(&self) -> BTreeSet<&str> {
        self.0.iter().flat_map(|row| row.keys().map(String::as_str)).collect()
    }

    /// The values of a column.
    pub(crate) fn column<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Cell> {
        self.0.iter().map(move |row| &row[name])
    }

    /// The one number of an answer with one row.
    pub(crate) fn scalar(&self) -> i64 {
        let [row] = self.0.as_slice() else { panic!("one row is wanted: {self:?}") };
        match row.values().next() {
            Some(Cell::Number(value)) if row.len() == 1 => *value,
            _ => panic!("one number is wanted: {self:?}"),
        }
    }
}

pub(crate) fn sqlite(connection: &rusqlite::Connection, statement: &Statement) -> rusqlite::Result<Answer> {
    let mut prepared = connection.prepare(statement.sql())?;
    let names: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    let binds = statement.binds().iter().map(|bind| match bind {
        Bind::Int(value) => rusqlite::types::Value::Integer(*value),
        Bind::Text(text) => rusqlite::types::Value::Text(text.clone()),
        _ => panic!("the cards bind whole numbers and texts"),
    });
    let mut rows = prepared.query(rusqlite::params_from_iter(binds))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let cell = |place| -> rusqlite::Result<Cell> {
            Ok(match row.get_ref(place)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(value) => number(value as f64),
                ValueRef::Real(value) => number(value),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(_) => panic!("no card returns bytes"),
            })
        };
        let named = names.iter().enumerate().map(|(place, name)| Ok((name.clone(), cell(place)?)));
        found.push(named.collect::<rusqlite::Result<Row>>()?);
    }
    Ok(Answer(found))
}
