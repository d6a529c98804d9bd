//! `GET /api/dashboard/{id}`

use std::sync::Arc;

use axum::response::Response;
use tenancy::View;

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::shape::Whole;

/// Shows a dashboard with its cards, by number or entity id.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    Ok(Whole::of(Arc::clone(&key.scope), dashboard.get().id.as_str())?.reply())
}
