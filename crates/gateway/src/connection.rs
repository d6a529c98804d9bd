//! The engines behind one face. An enumeration, so that every match is complete.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use query::Statement;
use tenancy::placement::{self, Placement};

use crate::budget::{Pooled, ServerKey};
use crate::error::RunError;
use crate::mysql::{self, MysqlCanceller, MysqlConnection};
use crate::postgres::{self, PostgresCanceller, PostgresConnection};
use crate::sink::Sink;
use crate::sqlite::{SqliteCanceller, SqliteConnection, Threads};
use crate::tls::Trust;

/// What is needed to open connections.
pub(crate) struct Opener {
    pub(crate) trust: Arc<Trust>,
    pub(crate) threads: Arc<Threads>,
    pub(crate) timeout: Duration,
}

/// A connection to one placement. Boxed where large: it moves between the pool and tasks.
pub(crate) enum Connection {
    Postgres(Box<PostgresConnection>),
    Mysql(Box<MysqlConnection>),
    Sqlite(Box<SqliteConnection>),
}

/// Stops what a connection does, from outside.
pub(crate) enum Canceller {
    Postgres(PostgresCanceller),
    Mysql(MysqlCanceller),
    Sqlite(SqliteCanceller),
}

impl Canceller {
    /// Asks the server to stop. Whether it did shows in the running query.
    pub(crate) async fn cancel(&self) {
        let asked = match self {
            Self::Postgres(canceller) => canceller.cancel().await,
            Self::Mysql(canceller) => canceller.cancel().await,
            Self::Sqlite(canceller) => {
                canceller.cancel();
                Ok(())
            }
        };
        if let Err(error) = asked {
            tracing::warn!(error = error.label(), "a query could not be cancelled; its connection is closed");
        }
    }
}

impl Opener {
    pub(crate) async fn open(&self, placement: &Placement) -> Result<Connection, RunError> {
        let timeout = self.timeout;
        Ok(match placement.connection() {
            placement::Connection::Postgres(server) => {
                let context = postgres::Context::of(placement);
                let target =
                    postgres::Target { server, level: placement.level(), context, trust: &self.trust, timeout };
                Connection::Postgres(Box::new(PostgresConnection::open(target).await?))
            }
            placement::Connection::Mysql(server) => {
                let target = mysql::Target { server, trust: &self.trust, timeout };
                Connection::Mysql(Box::new(MysqlConnection::open(target).await?))
            }
            placement::Connection::Sqlite(file) => {
                Connection::Sqlite(Box::new(SqliteConnection::open(file, &self.threads, timeout).await?))
            }
        })
    }
}

impl Connection {
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Postgres(connection) => connection.is_open(),
            Self::Mysql(connection) => connection.is_open(),
            Self::Sqlite(connection) => connection.is_open(),
        }
    }

    /// True when a statement may still be running on the server.
    pub(crate) fn is_at_work(&self) -> bool {
        match self {
            Self::Postgres(connection) => connection.is_at_work(),
            Self::Mysql(connection) => connection.is_at_work(),
            Self::Sqlite(_) => false,
        }
    }

    pub(crate) fn canceller(&self) -> Canceller {
        match self {
            Self::Postgres(connection) => Canceller::Postgres(connection.canceller()),
            Self::Mysql(connection) => Canceller::Mysql(connection.canceller()),
            Self::Sqlite(connection) => Canceller::Sqlite(connection.canceller()),
        }
    }

    /// Runs the statement and puts its rows into the sink.
    pub(crate) async fn run(
        &mut self,
        statement: &Statement,
        timezone: &TimeZone,
        sink: &mut Sink,
    ) -> Result<(), RunError> {
        match self {
            Self::Postgres(connection) => connection.run(statement, timezone, sink).await,
            Self::Mysql(connection) => connection.run(statement, sink).await,
            Self::Sqlite(connection) => connection.run(statement, sink).await,
        }
    }

    /// Makes the session as new. False: close it.
    pub(crate) async fn recycle(&mut self) -> bool {
        match self {
            Self::Postgres(connection) => connection.recycle().await,
            Self::Mysql(connection) => connection.recycle().await,
            Self::Sqlite(connection) => connection.is_open(),
        }
    }

    /// The server's own name for its version.
    pub(crate) fn version(&self) -> String {
        match self {
            Self::Postgres(connection) => connection.version().to_owned(),
            Self::Mysql(connection) => connection.version().to_owned(),
            Self::Sqlite(_) => rusqlite::version().to_owned(),
        }
    }
}

impl Pooled for Connection {
    async fn close(self) {
        match self {
            Self::Postgres(connection) => connection.close().await,
            Self::Mysql(connection) => connection.close().await,
            Self::Sqlite(connection) => connection.close().await,
        }
    }
}

/// The server whose units a placement's connections are counted in.
pub(crate) fn server_key(placement: &Placement) -> ServerKey {
    let key = match placement.connection() {
        placement::Connection::Postgres(server) | placement::Connection::Mysql(server) => {
            format!("{}:{}", server.host.to_ascii_lowercase(), server.port)
        }
        placement::Connection::Sqlite(file) => format!("file:{}", file.root.display()),
    };
    ServerKey(key.into())
}

/// The engine's name in metrics and logs.
pub(crate) fn engine(placement: &Placement) -> &'static str {
    match placement.connection() {
        placement::Connection::Postgres(_) => "postgresql",
        placement::Connection::Mysql(_) => "mysql",
        placement::Connection::Sqlite(_) => "sqlite",
    }
}
