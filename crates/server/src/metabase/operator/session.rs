//! `DELETE /api/session`

use axum::response::Response;

use super::admin::Admin;
use crate::reply;

/// Logs out, which ends nothing: the key is revoked where operators' keys are.
pub(super) async fn end(_: Admin) -> Response {
    reply::done()
}
