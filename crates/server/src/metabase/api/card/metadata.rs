//! `GET /api/card/{id}/query_metadata`

use axum::extract::State;
use axum::response::Response;
use tenancy::View;

use super::super::database::metadata;
use super::super::denied::Denied;
use super::super::key::Key;
use crate::app::App;
use crate::reply;

/// What a page needs to know beside the card: its data source, if the key may question it.
pub(in super::super) async fn show(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let card = key.scope.card_numbered::<View>(key.segment("id")?)?;
    Ok(reply::json(&metadata::of(&app, &key.scope, [card.source_number()]).await))
}
