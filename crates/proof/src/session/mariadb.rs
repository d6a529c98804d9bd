//! MariaDB.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Opts, OptsBuilder, Row};

use super::Login;
use crate::answer::{Answer, Cell};
use crate::fixture::Value;

/// So long after its limit a statement is ended from outside.
const PATIENCE: Duration = Duration::from_millis(800);

/// As the product pins it.
const SQL_MODE: &str = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// A connection, and how to make another one.
pub struct Connection {
    conn: Conn,
    options: Opts,
    limit: Duration,
    /// It was left in the middle of an answer.
    broken: bool,
}

impl Connection {
    pub(super) async fn open(login: &Login) -> anyhow::Result<Self> {
        let options: Opts = OptsBuilder::default()
            .ip_or_hostname("127.0.0.1")
            .tcp_port(login.port)
            .user(Some(&login.user))
            .pass(Some(&login.password))
            .db_name(Some(&login.database))
            .prefer_socket(false)
            .stmt_cache_size(0)
            .max_allowed_packet(Some(64 << 20))
            .wait_timeout(Some(28_800))
            .into();
        let mut conn = Conn::new(options.clone()).await?;
        pin(&mut conn, login.limit).await?;
        Ok(Self { conn, options, limit: login.limit, broken: false })
    }

    pub(super) async fn reset(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.broken, "the connection was left in the middle of an answer");
        self.conn.reset().await?;
        pin(&mut self.conn, self.limit).await
    }

    pub(super) async fn run(&mut self, sql: &str, values: &[Value]) -> Answer {
        match tokio::time::timeout(self.limit + PATIENCE, run(&mut self.conn, sql, values)).await {
            Ok(answer) => answer,
            Err(_) => self.kill().await,
        }
    }

    pub(super) async fn run_text(&mut self, sql: &str) -> Answer {
        match tokio::time::timeout(self.limit + PATIENCE, run_text(&mut self.conn, sql)).await {
            Ok(answer) => answer,
            Err(_) => self.kill().await,
        }
    }

    /// Ends what the server's own limit did not end: a statement may lift it.
    async fn kill(&mut self) -> Answer {
        self.broken = true;
        let killing = async {
            let mut other = Conn::new(self.options.clone()).await?;
            other.query_drop(format!("KILL {}", self.conn.id())).await
        };
        match killing.await {
            Ok(()) => Answer::Late,
            Err(error) => failed(&error),
        }
    }
}

async fn pin(conn: &mut Conn, limit: Duration) -> anyhow::Result<()> {
    let seconds = limit.as_secs_f64();
    let settings = format!(
        "SET NAMES utf8mb4, SESSION sql_mode='{SQL_MODE}', SESSION time_zone='+00:00', SESSION lock_wait_timeout=1, \
         SESSION max_statement_time={seconds}"
    );
    conn.query_drop(settings).await?;
    Ok(conn.query_drop("SET SESSION TRANSACTION READ ONLY").await?)
}

async fn run(conn: &mut Conn, sql: &str, values: &[Value]) -> Answer {
    let values: Vec<mysql_async::Value> = values.iter().map(bind).collect();
    match conn.exec_iter(sql, values).await {
        Err(error) => failed(&error),
        Ok(result) => {
            let columns = names(result.columns_ref());
            match result.collect_and_drop::<Row>().await {
                Err(error) => failed(&error),
                Ok(rows) => Answer::Rows { columns, rows: rows.into_iter().map(cells).collect() },
            }
        }
    }
}

async fn run_text(conn: &mut Conn, sql: &str) -> Answer {
    let (mut columns, mut all) = (Vec::new(), Vec::new());
    let mut result = match conn.query_iter(sql).await {
        Err(error) => return failed(&error),
        Ok(result) => result,
    };
    while !result.is_empty() {
        columns = names(result.columns_ref());
        match result.collect::<Row>().await {
            Err(error) => return failed(&error),
            Ok(rows) => all.extend(rows.into_iter().map(cells)),
        }
    }
    Answer::Rows { columns, rows: all }
}

fn names(columns: &[mysql_async::Column]) -> Vec<String> {
    columns.iter().map(|column| column.name_str().into_owned()).collect()
}

fn bind(value: &Value) -> mysql_async::Value {
    match value {
        Value::Null => mysql_async::Value::NULL,
        Value::Int(number) => mysql_async::Value::Int(*number),
        Value::Text(text) => mysql_async::Value::Bytes(text.clone().into_bytes()),
    }
}

fn cells(row: Row) -> Vec<Cell> {
    let cell = |value| match value {
        mysql_async::Value::NULL => None,
        mysql_async::Value::Bytes(bytes) => Some(bytes),
        mysql_async::Value::Int(number) => Some(number.to_string().into_bytes()),
        mysql_async::Value::UInt(number) => Some(number.to_string().into_bytes()),
        other => Some(other.as_sql(true).into_bytes()),
    };
    row.unwrap().into_iter().map(cell).collect()
}

fn failed(error: &Error) -> Answer {
    match error {
        // Interrupted by the limit on time, or by its own account's.
        Error::Server(error) if matches!(error.code, 1969 | 1317 | 3024) => Answer::Late,
        Error::Server(error) => Answer::Failed { code: error.code.to_string(), text: error.message.clone() },
        other => Answer::Failed { code: String::new(), text: other.to_string() },
    }
}
