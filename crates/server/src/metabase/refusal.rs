//! What is refused, as Metabase's clients read it: a status and a text.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use tenancy::{AdmitError, GuestError, LookupError};

use crate::problem::{Credential, Problem};

/// A status and a text.
pub(super) struct Refusal(StatusCode, Cow<'static, str>);

/// The one text for a query that failed, whatever it was.
pub(super) const QUERY_FAILED: &str = "An error occurred while running the query.";

impl Refusal {
    /// Foreign, missing, archived: one answer.
    pub(super) fn missing() -> Self {
        Self(StatusCode::NOT_FOUND, "Not found.".into())
    }

    pub(super) fn bad(text: impl Into<Cow<'static, str>>) -> Self {
        Self(StatusCode::BAD_REQUEST, text.into())
    }

    /// What is there and may not be done.
    pub(super) fn forbidden(text: &'static str) -> Self {
        Self(StatusCode::FORBIDDEN, text.into())
    }

    /// What this server does not offer on this surface.
    pub(super) fn not_offered(text: &'static str) -> Self {
        Self(StatusCode::NOT_IMPLEMENTED, text.into())
    }

    /// Whatever is wrong with a public link is one answer; a store that does not answer is another.
    pub(super) fn of_link(error: AdmitError) -> Self {
        match error {
            AdmitError::Store(_) | AdmitError::RateLimited { .. } => error.into(),
            _ => Self::missing(),
        }
    }

    /// A page asks that the embed key does not name.
    pub(super) fn origin() -> Self {
        Self(StatusCode::FORBIDDEN, Cow::Owned(Problem::origin().detail().to_owned()))
    }

    /// What is said of a problem, unless it is the failure of a query, which has other forms.
    pub(super) fn of(problem: &Problem) -> Option<Self> {
        match problem.status() {
            StatusCode::NOT_FOUND => Some(Self::missing()),
            StatusCode::FORBIDDEN => Some(LookupError::Forbidden(tenancy::Action::CardsRun).into()),
            StatusCode::BAD_REQUEST => Some(Self::bad(match problem.field() {
                Some(field) => format!("{field}: {}", problem.detail()),
                None => problem.detail().to_owned(),
            })),
            StatusCode::UNAUTHORIZED => Some(AdmitError::Invalid.into()),
            _ => None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let headers: [(HeaderName, &str); 2] =
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        (self.0, headers, self.1.into_owned()).into_response()
    }
}

impl From<LookupError> for Refusal {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Missing => Self::missing(),
            LookupError::Forbidden(_) => Self(StatusCode::FORBIDDEN, "You don't have permissions to do that.".into()),
        }
    }
}

impl From<GuestError> for Refusal {
    fn from(error: GuestError) -> Self {
        Self::bad(error.to_string())
    }
}

impl From<AdmitError> for Refusal {
    fn from(error: AdmitError) -> Self {
        match error {
            AdmitError::Elsewhere => Self::missing(),
            AdmitError::Guest(error) => error.into(),
            AdmitError::Missing | AdmitError::Invalid | AdmitError::Network => {
                Self::bad("The token is not valid here.")
            }
            AdmitError::Expired => Self::bad("The token has expired."),
            AdmitError::Token(cure) => Self::bad(format!("The token is not acceptable: {cure}.")),
            AdmitError::RateLimited { .. } | AdmitError::Store(_) => {
                let problem = Problem::refused(&error, Credential::Token);
                Self(problem.status(), "An error occurred.".into())
            }
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::of(&problem).unwrap_or_else(|| Self::bad(QUERY_FAILED))
    }
}
