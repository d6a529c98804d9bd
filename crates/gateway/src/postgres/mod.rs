//! PostgreSQL: typed configuration, pinned session, one read-only transaction per query.

mod bind;
mod connect;
mod context;
mod decode;
mod error;
mod numeric;
mod run;
mod temporal;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::{Client, SimpleQueryStream, Statement};

use crate::net::Meter;
pub(crate) use connect::{PostgresCanceller, Target};
pub(crate) use context::Context;

/// Prepared statements kept per connection. Beyond that the oldest is closed.
const STATEMENTS: usize = 64;

/// How long a polite goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// A connection of one placement.
pub(crate) struct PostgresConnection {
    client: Client,
    /// Moves bytes between the socket and `client`; ends with the connection.
    pump: Pump,
    meter: Meter,
    canceller: PostgresCanceller,
    statements: Statements,
    version: String,
    /// Where tenants share the login: what says whose rows a transaction reads.
    context: Option<Context>,
    /// The answers to a reset that was sent along with the last statement.
    resetting: Option<Pin<Box<SimpleQueryStream>>>,
    /// Something happened after which the session is not to be trusted, or is still at work.
    spoilt: bool,
}

/// The task that reads and writes. It would go on until a server without an end has come to it.
struct Pump(JoinHandle<()>);

impl Drop for Pump {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Default)]
struct Statements {
    by_sql: HashMap<Arc<str>, Statement>,
    order: VecDeque<Arc<str>>,
}

impl Statements {
    fn get(&self, sql: &str) -> Option<Statement> {
        self.by_sql.get(sql).cloned()
    }

    fn put(&mut self, sql: &str, statement: Statement) {
        let sql: Arc<str> = sql.into();
        if self.by_sql.insert(Arc::clone(&sql), statement).is_none() {
            self.order.push_back(sql);
        }
        while self.order.len() > STATEMENTS {
            if let Some(oldest) = self.order.pop_front() {
                // Dropping the last handle closes it on the server.
                self.by_sql.remove(&oldest);
            }
        }
    }
}

impl PostgresConnection {
    pub(crate) fn is_open(&self) -> bool {
        !self.spoilt && !self.meter.is_worn() && !self.client.is_closed() && !self.pump.0.is_finished()
    }

    pub(crate) fn canceller(&self) -> PostgresCanceller {
        self.canceller.clone()
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// True when a statement may still be running on the server.
    pub(crate) fn is_at_work(&self) -> bool {
        self.spoilt
    }

    /// Ends the connection; returns when the socket is closed.
    pub(crate) async fn close(self) {
        let Self { client, mut pump, statements, .. } = self;
        drop(statements);
        drop(client);
        let _ = tokio::time::timeout(GOODBYE, &mut pump.0).await;
    }
}
