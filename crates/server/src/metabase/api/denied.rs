//! What is refused to a key, as Metabase's clients read it. The same problems as on our own surface, in other clothes.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use tenancy::model::Invalid;

use super::super::refusal::Refusal;
use crate::problem::Problem;

/// A refusal or a failure.
pub(in crate::metabase) enum Denied {
    Problem(Problem),
    Refusal(Refusal),
}

impl<E: Into<Problem>> From<E> for Denied {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl Denied {
    /// A field that cannot be accepted, and what to write instead.
    pub(in crate::metabase) fn field(name: impl Into<String>, message: impl Into<String>) -> Self {
        Invalid::new(name, message).into()
    }

    /// What the operator keeps: what is published to a tenant is read there, and not changed.
    pub(super) fn library() -> Self {
        Self::Refusal(Refusal::forbidden(
            "This is published to you and cannot be changed here. Ask who publishes it, or make one of your own.",
        ))
    }

    /// A request that cannot be followed, and what to do instead.
    pub(in crate::metabase) fn bad(text: &'static str) -> Self {
        Self::Refusal(Refusal::bad(text))
    }

    /// The same refusal where clients have another name for the field.
    pub(in crate::metabase) fn renamed(self, names: &[(&str, &str)]) -> Self {
        let Self::Problem(problem) = &self else { return self };
        let theirs = problem.field().and_then(|field| names.iter().find(|(own, _)| *own == field));
        match theirs {
            Some((_, name)) => Self::field(*name, problem.detail().to_owned()),
            None => self,
        }
    }

    /// The field that is meant, and what is said of it.
    pub(in crate::metabase) fn said(&self) -> Option<(String, String)> {
        let Self::Problem(problem) = self else { return None };
        Some((problem.field()?.to_owned(), problem.detail().to_owned()))
    }

    /// The same refusal where what was read is a field of something else.
    pub(in crate::metabase) fn within(self, outer: &str) -> Self {
        let Self::Problem(problem) = &self else { return self };
        match problem.field() {
            Some(field) => Self::field(format!("{outer}.{field}"), problem.detail().to_owned()),
            None => self,
        }
    }

    /// What this surface does not offer, and where it is.
    pub(super) fn not_offered(text: &'static str) -> Self {
        Self::Refusal(Refusal::not_offered(text))
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let problem = match self {
            Self::Refusal(refusal) => return refusal.into_response(),
            Self::Problem(problem) => problem,
        };
        let mut response = match (problem.status(), problem.field()) {
            (StatusCode::UNAUTHORIZED, _) => text(StatusCode::UNAUTHORIZED, "Unauthenticated"),
            (StatusCode::FORBIDDEN, _) => text(StatusCode::FORBIDDEN, "You don't have permissions to do that."),
            (StatusCode::NOT_FOUND, _) => text(StatusCode::NOT_FOUND, "Not found."),
            (StatusCode::BAD_REQUEST, Some(field)) => {
                let body =
                    json!({ "errors": { field: problem.detail() }, "specific-errors": { field: [problem.detail()] } });
                (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
            }
            // What was changed by somebody else in between is theirs to read again, as any conflict.
            (StatusCode::PRECONDITION_FAILED, _) => {
                text(StatusCode::CONFLICT, "It was changed since it was read. Read it again.")
            }
            (status, _) => text(status, problem.detail()),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = problem.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn text(status: StatusCode, text: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.to_owned()).into_response()
}
