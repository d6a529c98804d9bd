//! What happens to a query, on the wire: constants for viewers and token holders, reasons for who wrote the SQL.

use gateway::{PrepareError, RunError};
use http::StatusCode;
use tenancy::{Card, Granted, Run};

use super::{Problem, sentence, words};

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Whoever may write this SQL.
    Author,
    /// Everybody else.
    Other,
}

impl Reader {
    /// Who reads what becomes of this card.
    pub(crate) fn of(card: &Granted<'_, Run, Card>) -> Self {
        if card.is_for_its_author() { Self::Author } else { Self::Other }
    }
}

impl Problem {
    /// Why a card was not made ready.
    pub(crate) fn preparing(error: PrepareError, to: Reader) -> Self {
        match (error, to) {
            (PrepareError::Refused(refusal), Reader::Author) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "query-refused", sentence(&refusal.to_string()))
                    .on_field("query.sql")
            }
            (error, _) => error.into(),
        }
    }

    /// Why a card has no rows. A database's own text is nobody's: it may quote a value. What an author gets is its code,
    /// where the engine stumbled, and our words for it.
    pub(crate) fn running(error: RunError, to: Reader) -> Self {
        match (error, to) {
            (RunError::QueryFailed { code, position }, Reader::Author) => {
                let place =
                    position.map(|place| format!(", at character {place} of the statement")).unwrap_or_default();
                let says = words::of(code.as_str());
                let detail = format!("The database says {}{place}: {says}.", code.as_str());
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "query-failed", detail).on_field("query.sql")
            }
            (error, _) => error.into(),
        }
    }
}

impl From<PrepareError> for Problem {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Inputs(invalid) => {
                Self::new(StatusCode::BAD_REQUEST, "parameter-invalid", sentence(&invalid.message))
                    .on_field(invalid.field)
            }
            PrepareError::Placement(_) => Self::new(
                StatusCode::CONFLICT,
                "placement-missing",
                "This data source is not set up for this tenant; ask the operator.",
            ),
            PrepareError::Query(error) => {
                let problem = Self::new(StatusCode::BAD_REQUEST, error.code(), sentence(&error.to_string()));
                match error.field() {
                    Some(field) => problem.on_field(field),
                    None => problem,
                }
            }
            PrepareError::Refused(_) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "query-refused",
                "This card's query is not let through here; its author can see why.",
            ),
            PrepareError::TenantSqlOnSharedTables | PrepareError::TenantSqlUnproven => {
                Self::new(StatusCode::CONFLICT, "isolation-unproven", sentence(&error.to_string()))
            }
            PrepareError::Disabled | PrepareError::Rules(_) => Self::new(
                StatusCode::CONFLICT,
                "placement-disabled",
                "This data source is switched off for this tenant until the operator has looked at it.",
            ),
            PrepareError::Preflight(error) => error.into(),
            PrepareError::AttributeMissing(ref name) | PrepareError::AttributeTooLong(ref name) => {
                let field = format!("attributes.{name}");
                Self::new(StatusCode::BAD_REQUEST, "viewer-attribute", sentence(&error.to_string())).on_field(field)
            }
        }
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let unavailable = || {
            let detail = "The data source is away at the moment. Other pages are not affected.";
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "source-unavailable", detail)
        };
        let problem = match error {
            RunError::Unreachable
            | RunError::TlsFailed
            | RunError::LoginRefused
            | RunError::DatabaseMissing
            | RunError::SettingsRefused
            | RunError::ConnectionLost
            | RunError::Malformed
            | RunError::Cancelled => unavailable(),
            RunError::Timeout => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                "query-timeout",
                "The query took too long and was stopped. A narrower filter may help.",
            ),
            RunError::QueryFailed { .. } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "query-failed",
                "The database could not run this card's query.",
            ),
            RunError::ParameterRefused => Self::new(
                StatusCode::BAD_REQUEST,
                "parameter-invalid",
                "A parameter's value does not fit where the query uses it.",
            ),
            RunError::Busy { .. } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The data source has no free connection; try again.")
            }
            RunError::TenantBusy { .. } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", "Too many queries at once; try again.")
            }
            RunError::RowTooLarge => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "row-too-large",
                "One row of the answer is larger than the limit.",
            ),
            RunError::ExportFailed => Self::internal(),
        };
        match error.retry_after() {
            Some(wait) => problem.after(wait),
            None => problem,
        }
    }
}
