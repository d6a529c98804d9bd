//! Cards in one line, and statements as text that a table can hold.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use query::{Bind, Context, Engine, Given, NativeQuery, QueryError, Snippets, Statement, compile};
use serde_json::{Value, json};

/// 2026-03-11 is a Wednesday.
pub(crate) const NOW: &str = "2026-03-11T10:00:00Z";

/// A card from its template and the JSON of its parameters.
pub(crate) fn card(sql: &str, parameters: Value) -> NativeQuery {
    serde_json::from_value(json!({ "sql": sql, "parameters": parameters })).unwrap()
}

/// Given values from a JSON object.
pub(crate) fn given(values: Value) -> Given {
    serde_json::from_value(values).unwrap()
}

/// Compiles for an engine in UTC.
pub(crate) fn run(query: &NativeQuery, values: Value, engine: Engine) -> Result<Statement, QueryError> {
    run_in(query, values, engine, "UTC", NOW)
}

/// Compiles for an engine in a zone at a time.
pub(crate) fn run_in(
    query: &NativeQuery,
    values: Value,
    engine: Engine,
    zone: &str,
    now: &str,
) -> Result<Statement, QueryError> {
    let zone = TimeZone::get(zone).unwrap();
    let attributes = BTreeMap::new();
    let context = Context { engine, now: now.parse().unwrap(), timezone: &zone, attributes: &attributes };
    compile(query, &Snippets::new(), &given(values), &context)
}

/// The text and the values, or the error with its code and field.
pub(crate) fn show(result: Result<Statement, QueryError>) -> String {
    match result {
        Ok(statement) => {
            let binds: Vec<_> = statement.binds().iter().map(bind).collect();
            format!("{} <- {}", statement.sql(), binds.join(" | ")).trim_end().trim_end_matches(" <-").to_owned()
        }
        Err(error) => format!("{} {}: {error}", error.code(), error.field().unwrap_or_default()),
    }
}

/// A value with its kind.
pub(crate) fn bind(bind: &Bind) -> String {
    match bind {
        Bind::Null => "null".to_owned(),
        Bind::Bool(value) => value.to_string(),
        Bind::Int(value) => value.to_string(),
        Bind::Float(value) => format!("{value}f"),
        Bind::Decimal(value) => format!("{value}d"),
        Bind::Text(value) => format!("{value:?}"),
        Bind::Date(value) => value.to_string(),
        Bind::DateTime(value) => value.to_string(),
        Bind::Timestamp(value) => value.to_string(),
    }
}

/// What one engine makes of a card.
pub(crate) fn of(query: &NativeQuery, values: Value, engine: Engine) -> String {
    show(run(query, values, engine))
}

/// What PostgreSQL makes of a card.
pub(crate) fn check(sql: &str, parameters: Value, values: Value, wanted: &str) {
    assert_eq!(of(&card(sql, parameters), values, Engine::Postgres), wanted, "{sql}");
}
