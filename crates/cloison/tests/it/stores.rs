//! The library's cards, and the three engines as this test reads them: through their plain drivers, each answer in one
//! form, so that answers can be compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mysql_async::prelude::Queryable as _;
use query::{Bind, Context, Engine, Given, NativeQuery, Snippets, Statement, compile};
use serde_json::{Value, json};

/// 2026-06-15 10:00 UTC, a Monday; any moment would do.
pub(crate) const NOW: i64 = 1_781_517_600;

/// One value of an answer. A number is a number whatever type the engine gives it: `12`, `12.0` and `12.0000` are one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen {
    Null,
    Number(f64),
    Text(String),
}

/// One row: values by column.
pub(crate) type Row = BTreeMap<String, Seen>;

pub(crate) enum Store {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
    Mariadb(mysql_async::Conn),
}

impl Store {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
            Self::Mariadb(_) => Engine::Mysql,
        }
    }

    pub(crate) async fn run(&mut self, statement: &Statement) -> Result<Vec<Row>, String> {
        let binds = whole_numbers(statement);
        match self {
            Self::Sqlite(connection) => sqlite(connection, statement.sql(), &binds).map_err(|error| error.to_string()),
            Self::Postgres(client) => {
                postgres(client, statement.sql(), &binds).await.map_err(|error| format!("{error:?}"))
            }
            Self::Mariadb(connection) => {
                let rows: Vec<mysql_async::Row> =
                    connection.exec(statement.sql(), binds).await.map_err(|error| error.to_string())?;
                Ok(rows.into_iter().map(mariadb).collect())
            }
        }
    }
}

/// The cards here bind times and ids only.
pub(crate) fn whole_numbers(statement: &Statement) -> Vec<i64> {
    let number =
        |bind: &Bind| if let Bind::Int(number) = bind { *number } else { panic!("a bind that is no whole number") };
    statement.binds().iter().map(number).collect()
}

fn sqlite(connection: &rusqlite::Connection, sql: &str, binds: &[i64]) -> rusqlite::Result<Vec<Row>> {
    use rusqlite::types::ValueRef;
    let mut statement = connection.prepare(sql)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let rows = statement.query_map(rusqlite::params_from_iter(binds), |row| {
        let value = |place: usize| -> rusqlite::Result<Seen> {
            Ok(match row.get_ref(place)? {
                ValueRef::Null => Seen::Null,
                #[expect(clippy::cast_precision_loss, reason = "no number here is near 2^53")]
                ValueRef::Integer(number) => Seen::Number(number as f64),
                ValueRef::Real(number) => Seen::Number(number),
                ValueRef::Text(text) | ValueRef::Blob(text) => Seen::Text(String::from_utf8_lossy(text).into_owned()),
            })
        };
        names.iter().enumerate().map(|(place, name)| Ok((name.clone(), value(place)?))).collect()
    })?;
    rows.collect()
}

async fn postgres(
    client: &tokio_postgres::Client,
    sql: &str,
    binds: &[i64],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    // As JSON, because the driver has no type for numeric.
    let sql = format!("SELECT row_to_json(t)::text FROM (\n{sql}\n) t");
    let binds: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = binds.iter().map(|bind| bind as _).collect();
    let rows = client.query(&sql, &binds).await?;
    let seen = |value: Value| match value {
        Value::Null => Seen::Null,
        Value::Number(number) => Seen::Number(number.as_f64().unwrap()),
        Value::String(text) => Seen::Text(text),
        other => panic!("{other}"),
    };
    let row = |row: &tokio_postgres::Row| {
        let row: BTreeMap<String, Value> = serde_json::from_str(row.get(0)).unwrap();
        row.into_iter().map(|(name, value)| (name, seen(value))).collect()
    };
    Ok(rows.iter().map(row).collect())
}

fn mariadb(row: mysql_async::Row) -> Row {
    use mysql_async::Value;
    use mysql_async::consts::ColumnType;
    let columns = row.columns();
    let seen = |(column, value): (&mysql_async::Column, Value)| {
        let value = match value {
            Value::NULL => Seen::Null,
            #[expect(clippy::cast_precision_loss, reason = "no number here is near 2^53")]
            Value::Int(number) => Seen::Number(number as f64),
            #[expect(clippy::cast_precision_loss, reason = "no number here is near 2^53")]
            Value::UInt(number) => Seen::Number(number as f64),
            Value::Double(number) => Seen::Number(number),
            Value::Bytes(bytes) => {
                let text = String::from_utf8(bytes).unwrap();
                match column.column_type() {
                    ColumnType::MYSQL_TYPE_NEWDECIMAL => Seen::Number(text.parse().unwrap()),
                    _ => Seen::Text(text),
                }
            }
            other => panic!("{other:?}"),
        };
        (column.name_str().into_owned(), value)
    };
    columns.iter().zip(row.unwrap()).map(seen).collect()
}

/// One card of the library.
pub(crate) struct Card {
    pub(crate) key: String,
    pub(crate) query: NativeQuery,
    pub(crate) visualization: Value,
}

impl Card {
    pub(crate) fn has(&self, parameter: &str) -> bool {
        self.query.parameters.iter().any(|known| known.name == parameter)
    }

    /// The statement with those of `given` that the card has.
    pub(crate) fn compile(&self, engine: Engine, given: &[(&str, Value)], now: i64) -> Statement {
        let given: Given = given
            .iter()
            .filter(|(name, _)| self.has(name))
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let context = Context {
            engine,
            now: jiff::Timestamp::from_second(now).unwrap(),
            timezone: &jiff::tz::TimeZone::UTC,
            attributes: &BTreeMap::new(),
        };
        compile(&self.query, &Snippets::new(), &given, &context).unwrap_or_else(|error| panic!("{}: {error}", self.key))
    }
}

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every card of the learning platform's library, by key.
pub(crate) fn cards() -> Vec<Card> {
    let folder = project().join("content/moodle/cards");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let card = |file: &PathBuf| {
        let mut card: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let query = card["query"].as_object_mut().unwrap();
        let sql = query.remove("sql_file").expect("the SQL is in a file of its own");
        query.insert("sql".to_owned(), json!(std::fs::read_to_string(folder.join(sql.as_str().unwrap())).unwrap()));
        let query =
            serde_json::from_value(card["query"].clone()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Card {
            key: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            query,
            visualization: card["visualization"].clone(),
        }
    };
    files.iter().map(card).collect()
}
