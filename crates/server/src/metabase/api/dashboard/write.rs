//! `POST`, `PUT`, `DELETE /api/dashboard` and `…/copy`: dashboards of the tenant's own.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use tenancy::model::content::DashboardDraft;
use tenancy::{Dashboard, Desk, TenantScope, View};

use super::super::authoring::{Common, Edited, own, refused};
use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::sent::Sent;
use super::super::shape::Whole;
use super::draft;
use crate::app::App;
use crate::reply;

/// Makes a dashboard.
pub(in super::super) async fn create(
    key: Key,
    State(app): State<App>,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let draft = draft::fresh(&key.scope, &body)?;
    let made = desk.create(draft).await.map_err(refused)?;
    shown(key.again(&app).await?, &made)
}

/// Changes what the body names of a dashboard. Its `dashcards` are all that it has afterwards.
pub(in super::super) async fn replace(
    key: Key,
    State(app): State<App>,
    edited: Edited,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let record = found(&key, &desk).await?;
    edited.check(record.version)?;
    let draft = draft::changed(&key.scope, &record, &body)?;
    let made = desk.replace(record.id.as_str(), record.version, draft).await.map_err(refused)?;
    shown(key.again(&app).await?, &made)
}

/// Removes a dashboard; its cards stay.
pub(in super::super) async fn delete(key: Key) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let record = found(&key, &desk).await?;
    desk.delete::<DashboardDraft>(record.id.as_str()).await?;
    Ok(reply::done())
}

/// Makes another dashboard with the same cards.
pub(in super::super) async fn copy(
    key: Key,
    State(app): State<App>,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let record = found(&key, &desk).await?;
    if body.get("is_deep_copy").and_then(Value::as_bool) == Some(true) {
        let cure = "must be false: the copy shows the same cards; copy a card with POST /api/card/:id/copy";
        return Err(Denied::field("is_deep_copy", cure));
    }
    let mut draft = DashboardDraft { slug: None, ..record.draft };
    draft::place(&mut Common::read(&body)?, &folders, &mut draft)?;
    let made = desk.create(draft).await.map_err(refused)?;
    shown(key.again(&app).await?, &made)
}

/// The tenant's own dashboard that the path names.
pub(super) async fn found(key: &Key, desk: &Desk) -> Result<Dashboard, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    own::<View, DashboardDraft>(desk, &dashboard).await
}

/// The dashboard as it is now read. A key that may write and not read is told how it is called.
fn shown(scope: TenantScope, made: &Dashboard) -> Result<Response, Denied> {
    if scope.dashboard::<View>(made.id.as_str()).is_err() {
        return Ok(reply::json(&json!({ "id": made.number, "entity_id": made.entity_id, "name": made.draft.name })));
    }
    Ok(Whole::of(Arc::new(scope), made.id.as_str())?.reply())
}
