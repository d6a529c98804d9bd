//! The text protocol, for what cannot be prepared: an administrator's set-up, and a login's own rights.

use std::sync::Arc;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use tenancy::Secret;
use tenancy::placement::Server;

use super::connect::{Login, enter};
use super::{GOODBYE, Line, MysqlConnection, running};
use crate::error::RunError;
use crate::tls::Trust;

/// Lines of rights that are read; no login of a tenant has nearly as many.
const MOST_LINES: usize = 10_000;

/// An administrator's session. It is in no database: a set-up may be what makes it.
pub(crate) struct AdministratorSession {
    line: Line,
    timeout: Duration,
}

impl AdministratorSession {
    pub(crate) async fn open(
        server: &Server,
        (user, password): (&str, &Secret),
        trust: &Arc<Trust>,
        timeout: Duration,
    ) -> Result<Self, RunError> {
        let entering = enter(server, Login { user, password, database: None }, trust, timeout);
        let (conn, _) = tokio::time::timeout(timeout, entering).await.map_err(|_| RunError::Unreachable)??;
        Ok(Self { line: Line::new(conn), timeout })
    }

    /// Runs one statement.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), RunError> {
        let asked = tokio::time::timeout(self.timeout, self.line.conn()?.query_drop(sql)).await;
        asked.map_err(|_| RunError::Timeout)?.map_err(|error| running(&error).0)
    }

    pub(crate) async fn close(self) {
        let _ = tokio::time::timeout(GOODBYE, self.line.end()).await;
    }
}

impl MysqlConnection {
    /// What `SHOW GRANTS` says. The lines hold the login's password hash: they are for reading, not for showing.
    pub(crate) async fn grants(&mut self, of: &'static str) -> Result<Vec<String>, RunError> {
        self.spoilt = true;
        let timeout = self.timeout;
        let asking = async {
            let mut answer = self.line.conn()?.query_iter(format!("SHOW GRANTS FOR {of}")).await.map_err(End::Said)?;
            let mut lines = Vec::new();
            while let Some(row) = answer.next().await.map_err(End::Said)? {
                let line = mysql_async::from_row_opt::<String>(row).map_err(|_| RunError::Malformed)?;
                if lines.len() == MOST_LINES {
                    return Err(End::Own(RunError::RowTooLarge));
                }
                lines.push(line);
            }
            Ok(lines)
        };
        let lines = match tokio::time::timeout(timeout, asking).await.map_err(|_| RunError::Timeout)? {
            Ok(lines) => lines,
            Err(End::Said(error)) => return Err(self.failed(&error)),
            Err(End::Own(error)) => return Err(error),
        };
        self.spoilt = false;
        Ok(lines)
    }
}

/// How asking ended too early.
enum End {
    Said(mysql_async::Error),
    Own(RunError),
}

impl From<RunError> for End {
    fn from(error: RunError) -> Self {
        Self::Own(error)
    }
}
