//! Errors on the wire: `application/problem+json` (RFC 9457) with constant texts.
//!
//! The only place where an error becomes a status code. Foreign and missing are the same bytes because they
//! are the same value; the request's id is in a header, never in the body.

mod data;
mod words;

pub(crate) use data::Reader;

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tenancy::model::Invalid;
use tenancy::{AdmitError, LookupError, StoreError, WriteError};

/// A refusal or a failure, as a caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// `/problems/` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    #[schema(value_type = String)]
    title: &'static str,
    /// The HTTP status.
    #[serde(serialize_with = "status_number")]
    #[schema(value_type = u16)]
    status: StatusCode,
    /// What is wrong, and what to do.
    #[schema(value_type = String)]
    detail: Cow<'static, str>,
    /// A stable word for programs.
    #[schema(value_type = String)]
    code: &'static str,
    /// The field that is meant, as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Seconds after which to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn status_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let kind = format!("/problems/{code}");
        Self { kind, title, status, detail: detail.into(), code, field: None, retry_after: None }
    }

    pub(crate) fn on_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// There is nothing here for this caller: the one answer for foreign and for missing.
    pub(crate) fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here for this credential.")
    }

    /// A page asks that the embed key does not name.
    pub(crate) fn origin() -> Self {
        let detail = "The embed key names the origins whose pages may ask, and this page's is not among them.";
        Self::new(StatusCode::FORBIDDEN, "origin-not-allowed", detail)
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong here; the request's id is in the log.",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Which words a refused credential gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    Key,
    Token,
}

impl Problem {
    /// A credential that was not admitted.
    pub(crate) fn refused(error: &AdmitError, credential: Credential) -> Self {
        let unauthorised = |key: &'static str, token: &'static str, detail: &'static str| {
            Self::new(StatusCode::UNAUTHORIZED, if credential == Credential::Key { key } else { token }, detail)
        };
        match error {
            AdmitError::Missing => unauthorised(
                "credential-missing",
                "token-missing",
                "Send the credential as \"Authorization: Bearer …\" (an API key also as \"x-api-key\").",
            ),
            AdmitError::Invalid | AdmitError::Network | AdmitError::Elsewhere => {
                unauthorised("credential-invalid", "token-invalid", "The credential is not valid here.")
            }
            AdmitError::Expired => {
                unauthorised("credential-expired", "token-expired", "The credential has expired; get a new one.")
            }
            AdmitError::Token(cure) => {
                let detail = format!("The embed token is not acceptable: {cure}.");
                Self::new(StatusCode::UNAUTHORIZED, "token-unacceptable", detail)
            }
            AdmitError::Guest(error) => Self::new(StatusCode::UNAUTHORIZED, "token-unacceptable", error.to_string()),
            AdmitError::RateLimited { retry_after } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "rate-limited", "Too many requests with this key; slow down.")
                    .after(*retry_after)
            }
            AdmitError::Store(error) => error.into(),
        }
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        tracing::error!(%error, "metadata store");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "metadata-unavailable",
            "The server cannot reach its own metadata; try again.",
        )
        .after(Duration::from_secs(2))
    }
}

impl From<LookupError> for Problem {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Missing => Self::missing(),
            LookupError::Forbidden(action) => Self::forbidden(action.name()),
        }
    }
}

impl Problem {
    pub(crate) fn forbidden(lacks: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "scope-missing", format!("This credential lacks \"{lacks}\" here."))
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "field-invalid", sentence(&invalid.message)).on_field(invalid.field)
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Missing => Self::missing(),
            WriteError::Forbidden(lacks) => Self::forbidden(lacks),
            WriteError::Invalid(invalid) => invalid.into(),
            WriteError::Taken { field } => {
                Self::new(StatusCode::CONFLICT, "name-taken", "This name is in use; choose another one.")
                    .on_field(field)
            }
            WriteError::Stale => {
                let detail = "It was changed since it was read. Read it again and send its ETag as If-Match.";
                Self::new(StatusCode::PRECONDITION_FAILED, "stale-edit", detail)
            }
            WriteError::InUse(why) => Self::new(StatusCode::CONFLICT, "in-use", sentence(why)),
            WriteError::IdempotencyMismatch => {
                let detail = "This Idempotency-Key came with another request before; use a new one.";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-mismatch", detail)
            }
            WriteError::Store(error) => (&error).into(),
        }
    }
}

/// Messages of the lower layers begin in lower case, as Rust's errors do.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let mut text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    text
}
