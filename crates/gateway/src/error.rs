//! What can go wrong between a query and its rows, in words that carry no tenant data.
//!
//! A database's own error text is never kept: it may quote rows (also somebody
//! else's, see the error oracle). What an operator gets is the class and the
//! engine's code.

use std::time::Duration;

/// A database's error code: five characters of SQLSTATE, or an engine's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; 8]);

impl Code {
    /// Keeps the first eight ASCII letters and digits of `text`; anything else a
    /// hostile server puts into the field is dropped.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut code = [b' '; 8];
        let clean = text.bytes().filter(u8::is_ascii_alphanumeric);
        for (slot, byte) in code.iter_mut().zip(clean) {
            *slot = byte;
        }
        Self(code)
    }

    /// The code without padding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }
}

/// Why a query has no rows, or no more rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The server cannot be reached: refused, no route, unknown host, or silent for the connect timeout.
    #[error("the data source cannot be reached")]
    Unreachable,
    /// TLS could not be agreed on, or the certificate is not to be trusted.
    #[error("no trusted TLS connection to the data source")]
    TlsFailed,
    /// The server refuses the login.
    #[error("the data source refuses the login")]
    LoginRefused,
    /// The database, the schema or the file is not there, or may not be opened.
    #[error("the database is missing")]
    DatabaseMissing,
    /// The session does not have the settings that isolation needs, for example behind a connection pooler.
    #[error("the data source does not keep the session settings")]
    SettingsRefused,
    /// The query ran longer than its limit.
    #[error("the query took too long")]
    Timeout,
    /// The database refuses the statement or stopped it with an error.
    #[error("the database could not run the query")]
    QueryFailed {
        /// SQLSTATE, or the engine's number.
        code: Code,
        /// Position in the statement, in characters from 1, when the engine says so.
        position: Option<u32>,
    },
    /// A parameter's value does not fit where the statement uses it.
    #[error("a parameter does not fit")]
    ParameterRefused,
    /// The server's connections are all in use and the queue is full or did not move in time.
    #[error("the data source is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The tenant already runs as many queries as it may, and its queue is full.
    #[error("too many queries at once")]
    TenantBusy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Stopped by the gateway: the tenant was suspended or nobody waits for the rows.
    #[error("the query was stopped")]
    Cancelled,
    /// One row alone is larger than the byte budget.
    #[error("a row is too large")]
    RowTooLarge,
    /// The connection broke in the middle.
    #[error("the connection to the data source was lost")]
    ConnectionLost,
    /// The server sent something that its protocol does not allow.
    #[error("the data source sent an answer that makes no sense")]
    Malformed,
    /// The export file could not be written here.
    #[error("the export could not be written")]
    ExportFailed,
}

impl RunError {
    /// True when the same query may work later without anybody changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Timeout | Self::Busy { .. } | Self::TenantBusy { .. } | Self::ConnectionLost
        )
    }

    /// How long to wait before trying again, when that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after } | Self::TenantBusy { retry_after } => Some(*retry_after),
            Self::Unreachable | Self::ConnectionLost => Some(Duration::from_secs(2)),
            _ => None,
        }
    }

    /// A constant word for metrics and logs.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TlsFailed => "tls-failed",
            Self::LoginRefused => "login-refused",
            Self::DatabaseMissing => "database-missing",
            Self::SettingsRefused => "settings-refused",
            Self::Timeout => "timeout",
            Self::QueryFailed { .. } => "query-failed",
            Self::ParameterRefused => "parameter-refused",
            Self::Busy { .. } => "busy",
            Self::TenantBusy { .. } => "tenant-busy",
            Self::Cancelled => "cancelled",
            Self::RowTooLarge => "row-too-large",
            Self::ConnectionLost => "connection-lost",
            Self::Malformed => "malformed",
            Self::ExportFailed => "export-failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn a_code_keeps_no_text() {
        assert_eq!(Code::new("42P01").as_str(), "42P01");
        assert_eq!(Code::new("it's \"secret\": BRAVO").as_str(), "itssecre");
        assert_eq!(Code::new("").as_str(), "");
    }
}
