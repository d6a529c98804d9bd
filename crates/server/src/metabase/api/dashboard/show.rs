//! `GET /api/dashboard/{id}`

use axum::response::Response;
use tenancy::View;

use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::shape;
use crate::reply;

/// Shows a dashboard with its cards, by number or entity id.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    Ok(reply::versioned(dashboard.get().version, &shape::dashboard(&key.scope, &Folders::of(&key.scope), &dashboard)?))
}
