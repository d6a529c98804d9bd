//! `POST /api/database/{id}/sync_schema`, `…/rescan_values`, `…/discard_values`

use axum::response::Response;
use serde_json::json;

use super::super::super::api::denied::Denied;
use super::super::admin::Admin;
use super::found::{Found, destination};
use crate::reply;

/// No schema is scanned and no values are kept, so there is nothing to do, and it is done.
pub(super) async fn nothing(admin: Admin) -> Result<Response, Denied> {
    if let Found::Destination(overview) = Found::of(&admin).await? {
        destination(&overview, &admin)?;
    }
    Ok(reply::json(&json!({ "status": "ok" })))
}
