//! PostgreSQL's errors, without their text.

use std::time::Duration;

use tokio_postgres::Error;
use tokio_postgres::error::ErrorPosition;

use crate::error::{Code, RunError};

/// An error while a connection is made.
pub(super) fn connecting(error: &Error) -> RunError {
    let Some(inner) = error.as_db_error() else {
        // The driver does not tell its kinds apart otherwise; these are its own constant texts.
        return match error.to_string().as_str() {
            "error performing TLS handshake" => RunError::TlsFailed,
            "authentication error" | "invalid configuration" => RunError::LoginRefused,
            "unexpected message from server" | "error parsing response from server" => RunError::Malformed,
            _ => RunError::Unreachable,
        };
    };
    match inner.code().code() {
        "3D000" => RunError::DatabaseMissing,
        "28000" | "28P01" | "42501" => RunError::LoginRefused,
        "53300" | "53400" => RunError::Busy { retry_after: Duration::from_secs(2) },
        "57P03" | "57P01" | "57P02" => RunError::Unreachable,
        _ => RunError::SettingsRefused,
    }
}

/// An error of a running statement; the flag says whether the session can go on.
pub(super) fn running(error: &Error) -> (RunError, bool) {
    let Some(inner) = error.as_db_error() else {
        let text = error.to_string();
        return match text.as_str() {
            "unexpected message from server" | "error parsing response from server" => (RunError::Malformed, false),
            _ if text.starts_with("error serializing parameter") => (RunError::ParameterRefused, true),
            _ => (RunError::ConnectionLost, false),
        };
    };
    let code = inner.code().code();
    match code {
        // Cancelled by the server's own clock.
        "57014" => return (RunError::Timeout, true),
        "57P01" | "57P02" | "57P03" | "57P05" => return (RunError::ConnectionLost, false),
        "53300" => return (RunError::Busy { retry_after: Duration::from_secs(2) }, false),
        _ => {}
    }
    // Data, syntax, rights, objects, limits of one statement: the session is as before after a rollback.
    let ordinary = ["0A", "20", "21", "22", "23", "25", "2F", "38", "39", "40", "42", "44", "54", "55", "P0"];
    let goes_on = ordinary.iter().any(|class| code.starts_with(class));
    let position = match inner.position() {
        Some(ErrorPosition::Original(position)) => Some(*position),
        _ => None,
    };
    (RunError::QueryFailed { code: Code::new(code), position }, goes_on)
}

/// True for errors that only say that a kept statement is out of date.
pub(super) fn is_stale_statement(error: &Error) -> bool {
    error.code().is_some_and(|code| matches!(code.code(), "26000" | "0A000"))
}
