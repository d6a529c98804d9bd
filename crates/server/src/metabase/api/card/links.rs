//! `POST`, `DELETE /api/card/{id}/public_link`, `GET /api/card/public` and `GET /api/card/embeddable`

use axum::response::Response;
use tenancy::{Card, Export, KeyOffice, Resource, View};

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::linking::{self, Listed, Untold};
use crate::reply;

/// Makes a link.
pub(in super::super) async fn make(key: Key) -> Result<Response, Denied> {
    let (office, resource) = found(&key).await?;
    let export = key.scope.card_numbered::<Export>(key.segment("id")?).is_ok();
    linking::make(&office, resource, export).await
}

/// Ends its links.
pub(in super::super) async fn end(key: Key) -> Result<Response, Denied> {
    let (office, resource) = found(&key).await?;
    linking::end(&office, &resource).await
}

/// Lists the cards that have links.
pub(in super::super) async fn list(key: Key) -> Result<Response, Denied> {
    let (linked, cards) = (linking::linked(&key).await?, key.scope.cards());
    let linked = cards.iter().filter(|own| linked.contains(own.id.as_str()));
    Ok(reply::json(&linked.map(|own| listed(own, Some(Untold))).collect::<Vec<_>>()))
}

/// Lists the cards that their authors opened to guests.
pub(in super::super) async fn embeddable(key: Key) -> Response {
    let cards = key.scope.cards();
    let open = cards.iter().filter(|own| own.draft.enable_embedding);
    reply::json(&open.map(|own| listed(own, None)).collect::<Vec<_>>())
}

fn listed(own: &Card, public_uuid: Option<Untold>) -> Listed<'_> {
    Listed { id: own.number, name: &own.draft.name, public_uuid }
}

/// The card by id, and the office of links for keys that may manage them.
async fn found(key: &Key) -> Result<(KeyOffice, Resource), Denied> {
    let office = key.scope.keys().await?;
    let card = key.scope.card_numbered::<View>(key.segment("id")?)?;
    Ok((office, Resource::Card(card.get().id.to_string())))
}
