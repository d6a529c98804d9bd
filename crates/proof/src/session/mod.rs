//! Plain connections, without anything of the product between them and the engine.

pub mod mariadb;
pub mod postgres;
mod sqlite;

pub use sqlite::open as open_sqlite;

use std::time::Duration;

use crate::answer::Answer;
use crate::fixture::Value;

/// What an attack may take. The engine ends it then.
pub const LIMIT: Duration = Duration::from_millis(1500);

/// What an honest statement may take: as much as the product gives it.
pub const PATIENT: Duration = Duration::from_secs(30);

/// Whom to log in as, and where.
#[derive(Clone, Debug)]
pub struct Login {
    /// TCP port on 127.0.0.1.
    pub port: u16,
    /// Database.
    pub database: String,
    /// Account.
    pub user: String,
    /// Its password.
    pub password: String,
    /// After so long the engine ends a statement.
    pub limit: Duration,
}

/// A connection that reads only.
pub enum Session {
    /// To PostgreSQL.
    Postgres(postgres::Connection),
    /// To MariaDB.
    Mariadb(mariadb::Connection),
    /// To a SQLite database.
    Sqlite(rusqlite::Connection, Duration),
}

impl Session {
    /// Connects to PostgreSQL.
    ///
    /// # Errors
    /// The server does not let us in.
    pub async fn postgres(login: &Login) -> anyhow::Result<Self> {
        postgres::connect(login).await.map(Self::Postgres)
    }

    /// Connects to MariaDB.
    ///
    /// # Errors
    /// The server does not let us in.
    pub async fn mariadb(login: &Login) -> anyhow::Result<Self> {
        mariadb::Connection::open(login).await.map(Self::Mariadb)
    }

    /// Runs one statement with values in its places, as the product does.
    pub async fn run(&mut self, sql: &str, values: &[Value]) -> Answer {
        match self {
            Self::Postgres(client) => postgres::run(client, sql, values).await,
            Self::Mariadb(connection) => connection.run(sql, values).await,
            Self::Sqlite(connection, limit) => sqlite::run(connection, *limit, sql, values),
        }
    }

    /// Runs a text as it stands, however many statements it is: what somebody without any product could do.
    pub async fn run_text(&mut self, sql: &str) -> Answer {
        match self {
            Self::Postgres(client) => postgres::run_text(client, sql).await,
            Self::Mariadb(connection) => connection.run_text(sql).await,
            Self::Sqlite(connection, limit) => sqlite::run(connection, *limit, sql, &[]),
        }
    }

    /// Forgets what statements left in the session.
    ///
    /// # Errors
    /// The connection is broken.
    pub async fn reset(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Postgres(client) => postgres::reset(client).await,
            Self::Mariadb(connection) => connection.reset().await,
            Self::Sqlite(..) => Ok(()),
        }
    }
}
