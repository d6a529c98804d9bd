//! What the tests of this crate share: placements without a catalog, queries without a card, results as JSON.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use gateway::{Gateway, Limits, RowStream, RunError, ScopedQuery, Settings};
use jiff::tz::TimeZone;
use query::{Bind, Statement};
use serde_json::Value;
use tenancy::placement::{Connection, Level, Placement, Rows, SqliteFile};
use tenancy::{SourceId, TenantId};

/// Tenant number `number` of a test.
pub(crate) fn tenant(number: u8) -> TenantId {
    let digits: String = format!("{number:026o}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
    TenantId::parse(&format!("ten_{digits}")).expect("an id")
}

pub(crate) fn placement(number: u8, connection: Connection, limit: u32) -> Arc<Placement> {
    let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).expect("an id");
    let level = match &connection {
        Connection::Postgres(server) if server.schema.is_some() => Level::Schema,
        _ => Level::Database,
    };
    Arc::new(Placement::for_tests(tenant(number), source, level, connection, Rows::default(), limit))
}

pub(crate) fn gateway() -> Gateway {
    Gateway::new(Settings::default())
}

/// A statement with its binds, run with the default limits and never cached.
pub(crate) struct Ask {
    pub(crate) placement: Arc<Placement>,
    pub(crate) sql: String,
    pub(crate) binds: Vec<Bind>,
    pub(crate) limits: Limits,
    pub(crate) ttl: Option<Duration>,
    pub(crate) timezone: TimeZone,
}

impl Ask {
    pub(crate) fn new(placement: &Arc<Placement>, sql: &str) -> Self {
        Self {
            placement: Arc::clone(placement),
            sql: sql.to_owned(),
            binds: Vec::new(),
            limits: Limits::default(),
            ttl: None,
            timezone: TimeZone::UTC,
        }
    }

    pub(crate) fn bind(mut self, bind: Bind) -> Self {
        self.binds.push(bind);
        self
    }

    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    pub(crate) fn query(self) -> ScopedQuery {
        let statement = Statement::new(self.sql, self.binds);
        ScopedQuery::for_tests(self.placement, statement, self.limits, self.ttl, self.timezone)
    }

    pub(crate) async fn stream(self, gateway: &Gateway) -> Result<RowStream, RunError> {
        gateway.run(self.query()).await
    }

    /// The whole result as the API would send it.
    pub(crate) async fn document(self, gateway: &Gateway) -> Result<Value, RunError> {
        let text = document(self.stream(gateway).await?).await?;
        Ok(serde_json::from_slice(&text).expect("a JSON document"))
    }

    pub(crate) async fn rows(self, gateway: &Gateway) -> Result<Value, RunError> {
        Ok(self.document(gateway).await?["rows"].take())
    }

    pub(crate) async fn refusal(self, gateway: &Gateway) -> RunError {
        self.document(gateway).await.expect_err("a refusal")
    }
}

pub(crate) async fn document(stream: RowStream) -> Result<Vec<u8>, RunError> {
    let parts: Vec<_> = gateway::encode::json::document(stream).boxed().try_collect().await?;
    Ok(parts.concat())
}

/// A SQLite file with what `sql` makes, as tenant number `number`'s place.
pub(crate) fn sqlite(root: &Path, number: u8, sql: &str) -> Arc<Placement> {
    let path = root.join(format!("tenant-{number}.db"));
    let file = rusqlite::Connection::open(&path).expect("a new file");
    file.execute_batch(sql).expect("the test's tables");
    placement(number, Connection::Sqlite(SqliteFile { path, root: root.into() }), 4)
}

/// Waits until `done`, which something else brings about; fails after a long time.
pub(crate) async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("waited in vain until {what}");
}
