//! The library's cards, as statements: without values, and with one for each parameter.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use query::{Bind, Context, Given, NativeQuery, Parameter, ParameterType, Snippets, compile};
use serde::Deserialize;
use serde_json::json;

use super::{Query, moodle};
use crate::engine::Engine;
use crate::fixture::Value;

/// A card's file, as far as its statement goes.
#[derive(Deserialize)]
struct Card {
    query: Parts,
}

#[derive(Deserialize)]
struct Parts {
    sql_file: Option<String>,
    sql: Option<String>,
    #[serde(default)]
    parameters: Vec<Parameter>,
}

/// The cards of `content/` for an engine.
pub(super) fn of(engine: Engine) -> anyhow::Result<Vec<Query>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/moodle/cards");
    let entries = std::fs::read_dir(folder).context("the library's cards cannot be read")?;
    let mut paths: Vec<_> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
        let Parts { sql_file, sql, parameters } =
            serde_json::from_str::<Card>(&text).with_context(|| name.clone())?.query;
        let sql = match (sql_file, sql) {
            (Some(file), _) => std::fs::read_to_string(path.with_file_name(file)).with_context(|| name.clone())?,
            (None, sql) => sql.with_context(|| format!("{name} has no SQL"))?,
        };
        let card = NativeQuery { sql, parameters };
        let mut cases = vec![(format!("card:{name}"), Given::new())];
        if !card.parameters.is_empty() {
            cases.push((format!("card:{name}+values"), given(&card.parameters)));
        }
        for (name, given) in cases {
            let (sql, binds) = statement(engine, &card, &given).with_context(|| name.clone())?;
            all.push(Query { name, ordered: false, sql, binds });
        }
    }
    Ok(all)
}

/// A value that leaves rows, for each parameter.
fn given(parameters: &[Parameter]) -> Given {
    let value = |parameter: &Parameter| match parameter.kind {
        ParameterType::DateRange => json!("past3months~"),
        ParameterType::Id if parameter.multiple => json!([2, 3, 4, 5]),
        ParameterType::Id => json!(2),
        ParameterType::Number => json!(1),
        ParameterType::Boolean => json!(true),
        ParameterType::Date => json!("today"),
        ParameterType::Text => json!("a"),
        ParameterType::Identifier => json!(parameter.choices.first().map(|choice| choice.value.clone())),
    };
    parameters.iter().map(|parameter| (parameter.name.clone(), value(parameter))).collect()
}

fn statement(engine: Engine, card: &NativeQuery, given: &Given) -> anyhow::Result<(String, Vec<Value>)> {
    let engine = match engine {
        Engine::Postgres => query::Engine::Postgres,
        Engine::Mariadb => query::Engine::Mysql,
        Engine::Sqlite => query::Engine::Sqlite,
    };
    let now = jiff::Timestamp::from_second(moodle::NOW)?;
    let context = Context { engine, now, timezone: &TimeZone::UTC, attributes: &BTreeMap::new() };
    let statement = compile(card, &Snippets::new(), given, &context)?;
    Ok((statement.sql().to_owned(), statement.binds().iter().map(value).collect()))
}

fn value(bind: &Bind) -> Value {
    match bind {
        Bind::Null => Value::Null,
        Bind::Bool(value) => Value::Int(i64::from(*value)),
        Bind::Int(value) => Value::Int(*value),
        Bind::Float(value) => Value::Text(value.to_string()),
        Bind::Decimal(text) | Bind::Text(text) => Value::Text(text.clone()),
        Bind::Date(day) => Value::Text(day.to_string()),
        Bind::DateTime(moment) => Value::Text(moment.to_string()),
        Bind::Timestamp(moment) => Value::Text(moment.to_string()),
    }
}
