//! The metadata store: SQLite by default, PostgreSQL by the same code.
//!
//! Statements use what both engines share: `$1` parameters, TEXT, BIGINT and blobs, JSON as text.
//! Every change goes through [`Change`], which cannot be committed without its audit entry.

mod change;
mod migrate;
mod numbering;
pub(crate) mod rows;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::any::{AnyArguments, AnyPoolOptions, AnyRow};
use sqlx::{Any, AnyPool, Executor};

use crate::error::StoreError;
use crate::host::Host;
pub(crate) use change::{Actor, Change, Entry, Event, Idempotency, idempotency_place};

/// Where metadata is kept.
pub enum StoreLocation<'a> {
    /// A SQLite file, made when absent.
    Sqlite(&'a Path),
    /// A PostgreSQL database, by URL.
    Postgres(&'a str),
}

/// A pool on the metadata, and the count of the statements sent to it.
#[derive(Clone)]
pub(crate) struct Store {
    pool: AnyPool,
    writers: Arc<tokio::sync::Mutex<()>>,
    queries: Arc<AtomicU64>,
}

/// A statement on either engine.
pub(crate) type Query<'q> = sqlx::query::Query<'q, Any, AnyArguments>;

/// What can be read from: the store as it is, or a change that has begun.
pub(crate) trait Reads {
    /// The first row.
    async fn one(&mut self, query: Query<'_>) -> Result<Option<AnyRow>, StoreError>;
    /// Every row.
    async fn all(&mut self, query: Query<'_>) -> Result<Vec<AnyRow>, StoreError>;
}

impl Reads for &Store {
    async fn one(&mut self, query: Query<'_>) -> Result<Option<AnyRow>, StoreError> {
        Store::one(self, query).await
    }

    async fn all(&mut self, query: Query<'_>) -> Result<Vec<AnyRow>, StoreError> {
        Store::all(self, query).await
    }
}

impl Reads for Change {
    async fn one(&mut self, query: Query<'_>) -> Result<Option<AnyRow>, StoreError> {
        Change::one(self, query).await
    }

    async fn all(&mut self, query: Query<'_>) -> Result<Vec<AnyRow>, StoreError> {
        Change::all(self, query).await
    }
}

/// WAL survives a crash of the process; FULL makes an acknowledged commit survive a crash of the machine.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";

impl Store {
    /// Opens the store and brings it to this program's schema.
    pub(crate) async fn open(location: StoreLocation<'_>, host: &Host) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (url, sqlite) = match location {
            StoreLocation::Sqlite(path) => (format!("sqlite://{}?mode=rwc", encode_path(path)), true),
            StoreLocation::Postgres(url) => (url.to_owned(), false),
        };
        let pool = AnyPoolOptions::new()
            .max_connections(if sqlite { 4 } else { 8 })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        connection.execute(SQLITE_SETTINGS).await?;
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await?;
        let store = Self { pool, writers: Arc::default(), queries: Arc::default() };
        migrate::run(&store.pool, sqlite, host).await?;
        Ok(store)
    }

    /// Statements sent so far: a warm request must not add to it.
    pub(crate) fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }

    pub(crate) async fn all(&self, query: Query<'_>) -> Result<Vec<AnyRow>, StoreError> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        Ok(query.fetch_all(&self.pool).await?)
    }

    pub(crate) async fn one(&self, query: Query<'_>) -> Result<Option<AnyRow>, StoreError> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// For housekeeping that is not a change of anything an operator manages: "last used" marks.
    pub(crate) async fn note(&self, query: Query<'_>) -> Result<(), StoreError> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// Starts a change: takes the writer's ticket, and so waits for other writers.
    pub(crate) async fn change(&self) -> Result<Change, StoreError> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        Change::begin(&self.pool, self.writers.clone()).await
    }

    /// The number of the newest change. Not counted: it is the poll, not a request.
    pub(crate) async fn seq(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT seq FROM change_counter").fetch_one(&self.pool).await?)
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// SQLite's URL form needs `?`, `#` and `%` of a path to be escaped.
fn encode_path(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
