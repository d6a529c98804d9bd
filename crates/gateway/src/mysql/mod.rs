//! MariaDB and MySQL: typed options, pinned session, one read-only transaction per
//! query, binary protocol, a reset after every use.
//!
//! The driver always offers `LOCAL INFILE` to the server; there is no handler for
//! it here, so a server that asks for a file gets nothing and the query fails.

mod administer;
mod connect;
mod line;
mod run;
mod value;
pub(crate) mod words;

use std::time::Duration;

use mysql_async::{Conn, Opts};

use crate::error::{Code, RunError};
pub(crate) use administer::AdministratorSession;
pub(crate) use connect::Target;
use line::Line;

/// How long a polite goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// Whose dialect of settings the server speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    MariaDb,
    MySql,
}

/// A connection of one placement.
pub(crate) struct MysqlConnection {
    line: Line,
    id: u32,
    opts: Opts,
    family: Family,
    version: String,
    timeout: Duration,
    /// Something happened after which the session is not to be trusted, or is still at work.
    spoilt: bool,
}

/// Stops a statement from outside: `KILL QUERY` by the same account, over a
/// connection that is opened for it and is not part of the server's budget.
#[derive(Clone)]
pub(crate) struct MysqlCanceller {
    opts: Opts,
    id: u32,
    timeout: Duration,
}

impl MysqlCanceller {
    pub(crate) async fn cancel(&self) -> Result<(), RunError> {
        let kill = async {
            let mut line = Line::new(Conn::new(self.opts.clone()).await.map_err(|error| connecting(&error))?);
            let sql = format!("KILL QUERY {}", self.id);
            let killed = mysql_async::prelude::Queryable::query_drop(line.conn()?, sql).await;
            line.end().await;
            killed.map_err(|_| RunError::Unreachable)
        };
        tokio::time::timeout(self.timeout, kill).await.map_err(|_| RunError::Unreachable)?
    }
}

impl MysqlConnection {
    pub(crate) fn is_open(&self) -> bool {
        !self.spoilt && self.line.is_open()
    }

    pub(crate) fn canceller(&self) -> MysqlCanceller {
        MysqlCanceller { opts: self.opts.clone(), id: self.id, timeout: self.timeout }
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
        // In the middle of a result there is nothing polite to say.
        if !self.spoilt {
            let _ = tokio::time::timeout(GOODBYE, self.line.end()).await;
        }
    }
}

/// An error while a connection is made.
fn connecting(error: &mysql_async::Error) -> RunError {
    use mysql_async::{DriverError, Error, IoError};
    match error {
        Error::Server(error) => match error.code {
            1044 | 1045 | 1130 | 1698 | 1862 | 4151 => RunError::LoginRefused,
            1049 => RunError::DatabaseMissing,
            1040 | 1203 | 1226 => RunError::Busy { retry_after: Duration::from_secs(2) },
            1053 => RunError::Unreachable,
            _ => RunError::SettingsRefused,
        },
        Error::Io(IoError::Io(error)) if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            RunError::TlsFailed
        }
        Error::Io(IoError::Tls(_)) | Error::Driver(DriverError::NoClientSslFlagFromServer) => RunError::TlsFailed,
        Error::Driver(DriverError::UnknownAuthPlugin { .. } | DriverError::CleartextPluginDisabled) => {
            RunError::LoginRefused
        }
        Error::Io(_) | Error::Driver(DriverError::ConnectionClosed) => RunError::Unreachable,
        _ => RunError::Malformed,
    }
}

/// An error of a running statement; the flag says whether the session can go on.
fn running(error: &mysql_async::Error) -> (RunError, bool) {
    use mysql_async::{DriverError, Error};
    match error {
        Error::Server(error) => match error.code {
            // max_execution_time, max_statement_time, and killed.
            3024 | 1969 | 1028 | 1317 => (RunError::Timeout, true),
            1053 | 1927 | 1152 | 1158..=1161 | 2006 | 2013 => (RunError::ConnectionLost, false),
            1153 => (RunError::RowTooLarge, false),
            code => (RunError::QueryFailed { code: Code::new(&code.to_string()), position: None }, true),
        },
        Error::Driver(DriverError::StmtParamsMismatch { .. } | DriverError::MixedParams | DriverError::Params(_)) => {
            (RunError::ParameterRefused, false)
        }
        Error::Driver(DriverError::ConnectionClosed) | Error::Io(_) => (RunError::ConnectionLost, false),
        Error::Driver(DriverError::PacketTooLarge) => (RunError::RowTooLarge, false),
        _ => (RunError::Malformed, false),
    }
}
