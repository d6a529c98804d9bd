//! SQLite, in memory.

use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::limits::Limit;
use rusqlite::types::{ToSqlOutput, Value as Stored, ValueRef};
use rusqlite::{Connection, ErrorCode, Rows, ToSql};

use super::Session;
use crate::answer::{Answer, Cell};
use crate::fixture::{Value, sha256};

/// Virtual machine steps between two looks at the clock.
const STEPS: i32 = 1000;

/// A new database in memory with what `script` makes, read-only from then on; after `limit` it ends a statement.
///
/// # Errors
/// The script is wrong.
pub fn open(script: &str, limit: Duration) -> rusqlite::Result<Session> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(script)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, 10_000_000)?;
    arithmetic(&connection)?;
    Ok(Session::Sqlite(connection, limit))
}

/// A function of one number.
type OfOne = fn(f64) -> f64;

/// The product's connections know these too.
fn arithmetic(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let functions: [(&str, OfOne); 8] = [
        ("ceil", f64::ceil),
        ("ceiling", f64::ceil),
        ("floor", f64::floor),
        ("trunc", f64::trunc),
        ("sqrt", f64::sqrt),
        ("exp", f64::exp),
        ("ln", f64::ln),
        ("log10", f64::log10),
    ];
    for (name, function) in functions {
        connection.create_scalar_function(name, 1, flags, move |context| {
            Ok(context.get::<Option<f64>>(0)?.map(function).filter(|value| !value.is_nan()))
        })?;
    }
    for name in ["pow", "power"] {
        connection.create_scalar_function(name, 2, flags, |context| {
            let both = context.get::<Option<f64>>(0)?.zip(context.get::<Option<f64>>(1)?);
            Ok(both.map(|(base, exponent)| base.powf(exponent)))
        })?;
    }
    connection.create_scalar_function("mod", 2, flags, |context| {
        let both = context.get::<Option<i64>>(0)?.zip(context.get::<Option<i64>>(1)?);
        Ok(both.and_then(|(left, right)| left.checked_rem(right)))
    })?;
    connection.create_scalar_function("sha256", 1, flags, |context| {
        Ok(context.get::<Option<String>>(0)?.map(|text| sha256(&text)))
    })?;
    for name in ["left", "right"] {
        connection.create_scalar_function(name, 2, flags, move |context| {
            let both = context.get::<Option<String>>(0)?.zip(context.get::<Option<i64>>(1)?);
            Ok(both.map(|(text, length)| {
                let length = usize::try_from(length).unwrap_or(0);
                let skip = if name == "right" { text.chars().count().saturating_sub(length) } else { 0 };
                text.chars().skip(skip).take(length).collect::<String>()
            }))
        })?;
    }
    Ok(())
}

pub(super) fn run(connection: &Connection, limit: Duration, sql: &str, values: &[Value]) -> Answer {
    limited(connection, limit, || {
        let mut statement = connection.prepare(sql)?;
        let columns = statement.column_names().into_iter().map(str::to_owned).collect();
        let width = statement.column_count();
        let rows = collect(statement.query(rusqlite::params_from_iter(values))?, width)?;
        Ok(Answer::Rows { columns, rows })
    })
}

fn limited(connection: &Connection, limit: Duration, work: impl FnOnce() -> rusqlite::Result<Answer>) -> Answer {
    let started = Instant::now();
    let set = connection.progress_handler(STEPS, Some(move || started.elapsed() > limit));
    set.and_then(|()| work()).unwrap_or_else(|error| match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => Answer::Late,
        code => Answer::Failed { code: format!("{code:?}"), text: error.to_string() },
    })
}

fn collect(mut rows: Rows<'_>, width: usize) -> rusqlite::Result<Vec<Vec<Cell>>> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push((0..width).map(|place| row.get_ref(place).map(cell)).collect::<Result<_, _>>()?);
    }
    Ok(all)
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into_bytes()),
        ValueRef::Real(number) => Some(format!("{number:?}").into_bytes()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes.to_vec()),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match self {
            Self::Null => Stored::Null,
            Self::Int(number) => Stored::Integer(*number),
            Self::Text(text) => Stored::Text(text.clone()),
        }))
    }
}
