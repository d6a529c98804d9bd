//! `GET /api/permissions/membership`

use axum::response::Response;
use serde_json::json;

use super::super::admin::Admin;
use crate::reply;

/// Nobody is a member by being put into a group.
pub(super) async fn list(_: Admin) -> Response {
    reply::json(&json!({}))
}
