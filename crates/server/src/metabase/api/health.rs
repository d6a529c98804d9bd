//! `GET /api/health`

use axum::response::Response;
use serde_json::json;

use crate::reply;

/// The process answers.
pub(in crate::metabase) async fn show() -> Response {
    reply::json(&json!({ "status": "ok" }))
}
