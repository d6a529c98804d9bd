//! `POST`, `DELETE /api/dashboard/{id}/public_link`, `GET /api/dashboard/public` and `GET /api/dashboard/embeddable`

use axum::response::Response;
use tenancy::{Dashboard, Export, KeyOffice, Resource, View};

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::linking::{self, Listed, Untold};
use crate::reply;

/// Makes a link.
pub(in super::super) async fn make(key: Key) -> Result<Response, Denied> {
    let (office, resource) = found(&key).await?;
    let export = key.scope.dashboard_numbered::<Export>(key.segment("id")?).is_ok();
    linking::make(&office, resource, export).await
}

/// Ends its links.
pub(in super::super) async fn end(key: Key) -> Result<Response, Denied> {
    let (office, resource) = found(&key).await?;
    linking::end(&office, &resource).await
}

/// Lists the dashboards that have links.
pub(in super::super) async fn list(key: Key) -> Result<Response, Denied> {
    let (linked, dashboards) = (linking::linked(&key).await?, key.scope.dashboards());
    let linked = dashboards.iter().filter(|own| linked.contains(own.id.as_str()));
    Ok(reply::json(&linked.map(|own| listed(own, Some(Untold))).collect::<Vec<_>>()))
}

/// Lists the dashboards that their authors opened to guests.
pub(in super::super) async fn embeddable(key: Key) -> Response {
    let dashboards = key.scope.dashboards();
    let open = dashboards.iter().filter(|own| own.draft.enable_embedding);
    reply::json(&open.map(|own| listed(own, None)).collect::<Vec<_>>())
}

fn listed(own: &Dashboard, public_uuid: Option<Untold>) -> Listed<'_> {
    Listed { id: own.number, name: &own.draft.name, public_uuid }
}

/// The dashboard by id, and the office of links for keys that may manage them.
async fn found(key: &Key) -> Result<(KeyOffice, Resource), Denied> {
    let office = key.scope.keys().await?;
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    Ok((office, Resource::Dashboard(dashboard.get().id.to_string())))
}
