//! Answers that are not rows.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// JSON that nobody else may keep.
pub(crate) fn json<T: Serialize>(body: &T) -> Response {
    ([(header::CACHE_CONTROL, "private, no-store")], axum::Json(body)).into_response()
}

/// The same with the `ETag` that an edit needs.
pub(crate) fn versioned<T: Serialize>(version: i64, body: &T) -> Response {
    let mut response = json(body);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Done, and nothing to say.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
