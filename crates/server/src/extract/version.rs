//! `If-Match`: an edit says which version it was made on (RFC 9110, section 13.1.1).

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{StatusCode, header};

use crate::problem::Problem;

/// The version that is to be replaced; 0 for `If-None-Match: *`, which means that there is none yet.
pub(crate) struct Version(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for Version {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        if text(header::IF_NONE_MATCH) == Some("*") {
            return Ok(Self(0));
        }
        let Some(tag) = text(header::IF_MATCH) else {
            let detail = "Read the thing first and send its ETag as If-Match, so that no other edit is lost.";
            return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition-required", detail));
        };
        let version =
            tag.trim().strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"')).and_then(|v| v.parse().ok());
        version.map(Self).ok_or_else(|| {
            let detail = "If-Match must be the ETag that was read.";
            Problem::new(StatusCode::PRECONDITION_FAILED, "stale-edit", detail).on_field("If-Match")
        })
    }
}
