//! `GET /api/card/{id}`

use axum::response::Response;
use tenancy::View;

use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::shape;
use crate::reply;

/// Shows a card, by number or entity id.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    let card = key.scope.card_numbered::<View>(key.segment("id")?)?;
    Ok(reply::versioned(card.get().version, &shape::card(&key.scope, &Folders::of(&key.scope), &card)))
}
