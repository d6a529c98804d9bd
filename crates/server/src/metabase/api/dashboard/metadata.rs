//! `GET /api/dashboard/{id}/query_metadata`

use axum::extract::State;
use axum::response::Response;
use tenancy::View;
use tenancy::model::content::Show;

use super::super::database::metadata;
use super::super::denied::Denied;
use super::super::key::Key;
use crate::app::App;
use crate::reply;

/// What a page needs to know beside the dashboard: its cards' data sources, if the key may question them.
pub(in super::super) async fn show(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    let cards = dashboard.get().draft.items.iter().filter(|item| matches!(item.show, Show::Card { .. }));
    let numbers = cards.map(|item| dashboard.item::<View>(item.id.as_str()).ok()?.source_number());
    Ok(reply::json(&metadata::of(&app, &key.scope, numbers).await))
}
