//! PostgreSQL.

use std::error::Error;
use std::time::Duration;

use bytes::BytesMut;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::Login;
use crate::answer::{Answer, Cell};
use crate::fixture::Value;

/// A connection, and after how long it ends a statement.
pub struct Connection {
    client: Client,
    limit: Duration,
}

pub(super) async fn connect(login: &Login) -> anyhow::Result<Connection> {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(login.port).dbname(&login.database).user(&login.user).password(&login.password);
    let (client, driver) = config.connect(NoTls).await?;
    tokio::spawn(driver);
    let connection = Connection { client, limit: login.limit };
    reset(&connection).await?;
    Ok(connection)
}

pub(super) async fn reset(Connection { client, limit }: &Connection) -> anyhow::Result<()> {
    client.batch_execute("ROLLBACK").await?;
    client.batch_execute("DISCARD ALL").await?;
    let limit = limit.as_millis();
    let settings = format!(
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET statement_timeout = {limit}; SET lock_timeout = {limit}; SET search_path = app"
    );
    Ok(client.batch_execute(&settings).await?)
}

pub(super) async fn run(Connection { client, .. }: &Connection, sql: &str, values: &[Value]) -> Answer {
    // "Unknown" leaves it to the server to find the type of a place, as the product does.
    let values: Vec<(&(dyn ToSql + Sync), Type)> =
        values.iter().map(|value| (value as &(dyn ToSql + Sync), Type::UNKNOWN)).collect();
    match client.query_typed(sql, &values).await {
        Err(error) => failed(&error),
        Ok(rows) => {
            // Without a row the names are not known; they are the statement's alone.
            let names = rows.first().map(|row| row.columns().iter().map(|column| column.name().to_owned()));
            let columns = names.map(Iterator::collect).unwrap_or_default();
            let row = |row: &tokio_postgres::Row| (0..row.len()).map(|place| cell(row, place)).collect();
            Answer::Rows { columns, rows: rows.iter().map(row).collect() }
        }
    }
}

fn cell(row: &tokio_postgres::Row, place: usize) -> Cell {
    row.try_get::<_, Option<Raw>>(place).ok().flatten().map(|raw| raw.0)
}

pub(super) async fn run_text(Connection { client, .. }: &Connection, sql: &str) -> Answer {
    match client.simple_query(sql).await {
        Err(error) => failed(&error),
        Ok(messages) => {
            let (mut columns, mut rows) = (Vec::new(), Vec::new());
            for message in messages {
                if let SimpleQueryMessage::Row(row) = message {
                    columns = row.columns().iter().map(|column| column.name().to_owned()).collect();
                    rows.push(
                        (0..row.len()).map(|place| row.get(place).map(|text| text.as_bytes().to_vec())).collect(),
                    );
                }
            }
            Answer::Rows { columns, rows }
        }
    }
}

fn failed(error: &tokio_postgres::Error) -> Answer {
    let Some(error) = error.as_db_error() else {
        return Answer::Failed { code: String::new(), text: error.to_string() };
    };
    if *error.code() == SqlState::QUERY_CANCELED {
        return Answer::Late;
    }
    let more = [error.detail(), error.hint(), error.where_()].map(|text| text.unwrap_or_default());
    Answer::Failed { code: error.code().code().to_owned(), text: format!("{} {}", error.message(), more.join(" ")) }
}

/// The bytes of any type, as they came.
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_type: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_type: &Type) -> bool {
        true
    }
}

impl ToSql for Value {
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_type: &Type) -> bool {
        true
    }

    fn encode_format(&self, _type: &Type) -> Format {
        Format::Text
    }

    tokio_postgres::types::to_sql_checked!();
}
