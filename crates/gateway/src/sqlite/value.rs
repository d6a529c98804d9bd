//! SQLite's five storage classes, and what the declared type of a column says about them.

use jiff::civil::{Date, DateTime, Time};
use query::Bind;
use rusqlite::types::{Value, ValueRef};

use crate::cell::{Cell, ColumnKind};

/// A parameter's value. Moments are written as SQLite's own date functions write them, in UTC.
pub(super) fn bind(bind: &Bind) -> Value {
    match bind {
        Bind::Null => Value::Null,
        Bind::Bool(value) => Value::Integer(i64::from(*value)),
        Bind::Int(value) => Value::Integer(*value),
        Bind::Float(value) => Value::Real(*value),
        // No exact decimals here, and text would never equal a number.
        Bind::Decimal(text) => match text.parse::<i64>() {
            Ok(whole) => Value::Integer(whole),
            Err(_) => text.parse().map_or_else(|_| Value::Text(text.clone()), Value::Real),
        },
        Bind::Text(text) => Value::Text(text.clone()),
        Bind::Date(day) => Value::Text(day.to_string()),
        Bind::DateTime(moment) => Value::Text(moment.to_string().replace('T', " ")),
        Bind::Timestamp(moment) => {
            Value::Text(jiff::tz::Offset::UTC.to_datetime(*moment).to_string().replace('T', " "))
        }
    }
}

/// What the declared type of a column promises.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    None,
    Kind(ColumnKind),
}

impl Hint {
    pub(super) fn from_declared(declared: Option<&str>) -> Self {
        let Some(declared) = declared else { return Self::None };
        let upper = declared.to_ascii_uppercase();
        let word = upper.split('(').next().unwrap_or_default().trim();
        Self::Kind(match word {
            "BOOLEAN" | "BOOL" => ColumnKind::Boolean,
            "DATE" => ColumnKind::Date,
            "TIME" => ColumnKind::Time,
            "DATETIME" | "TIMESTAMP" => ColumnKind::Datetime,
            "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE" => ColumnKind::Timestamp,
            "JSON" | "JSONB" => ColumnKind::Json,
            _ if word.contains("INT") => ColumnKind::Integer,
            _ if word.contains("CHAR") || word.contains("CLOB") || word.contains("TEXT") => ColumnKind::Text,
            _ if word.contains("BLOB") => ColumnKind::Binary,
            _ if word.contains("REAL") || word.contains("FLOA") || word.contains("DOUB") => ColumnKind::Float,
            _ => return Self::None,
        })
    }

    pub(super) fn kind(self) -> Option<ColumnKind> {
        match self {
            Self::None => None,
            Self::Kind(kind) => Some(kind),
        }
    }
}

pub(super) fn cell(value: ValueRef<'_>, hint: Hint) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => match (hint, number) {
            (Hint::Kind(ColumnKind::Boolean), 0 | 1) => Cell::Bool(number == 1),
            _ => Cell::Int(number),
        },
        ValueRef::Real(number) => Cell::Float(number),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            typed(&text, hint).unwrap_or_else(|| Cell::Text(text.into()))
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.into()),
    }
}

/// Text in a column that was declared as something else, when it reads as that.
fn typed(text: &str, hint: Hint) -> Option<Cell> {
    match hint.kind()? {
        ColumnKind::Date => text.parse::<Date>().ok().map(Cell::Date),
        ColumnKind::Time => text.parse::<Time>().ok().map(Cell::Time),
        ColumnKind::Datetime => text.parse::<DateTime>().ok().map(Cell::DateTime),
        ColumnKind::Timestamp => text.parse::<jiff::Timestamp>().ok().map(Cell::Timestamp),
        ColumnKind::Json => Some(Cell::Json(text.into())),
        _ => None,
    }
}

pub(super) fn conforms(value: &Cell, kind: ColumnKind) -> bool {
    matches!(value, Cell::Null) || of(value) == kind || (kind == ColumnKind::Float && matches!(value, Cell::Int(_)))
}

/// What the values that are there have in common.
pub(super) fn observed<'a>(values: impl Iterator<Item = &'a Cell>) -> ColumnKind {
    let mut kind = None;
    for value in values.filter(|value| !matches!(value, Cell::Null)) {
        kind = Some(match (kind, of(value)) {
            (None, next) => next,
            (Some(last), next) if last == next => last,
            (Some(ColumnKind::Integer | ColumnKind::Float), ColumnKind::Integer | ColumnKind::Float) => {
                ColumnKind::Float
            }
            _ => return ColumnKind::Unknown,
        });
    }
    kind.unwrap_or(ColumnKind::Unknown)
}

fn of(value: &Cell) -> ColumnKind {
    match value {
        Cell::Null | Cell::Unknown(_) => ColumnKind::Unknown,
        Cell::Bool(_) => ColumnKind::Boolean,
        Cell::Int(_) | Cell::UInt(_) => ColumnKind::Integer,
        Cell::Float(_) => ColumnKind::Float,
        Cell::Decimal(_) => ColumnKind::Decimal,
        Cell::Text(_) => ColumnKind::Text,
        Cell::Bytes(_) => ColumnKind::Binary,
        Cell::Date(_) => ColumnKind::Date,
        Cell::Time(_) => ColumnKind::Time,
        Cell::DateTime(_) => ColumnKind::Datetime,
        Cell::Timestamp(_) => ColumnKind::Timestamp,
        Cell::Json(_) => ColumnKind::Json,
        Cell::Array(_) => ColumnKind::Array,
    }
}
