//! `POST`, `PUT`, `DELETE /api/card` and `…/copy`: native questions of the tenant's own.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use tenancy::model::content::CardDraft;
use tenancy::{Card, Desk, TenantScope, View};

use super::super::authoring::{Common, Edited, own, refused};
use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::sent::Sent;
use super::super::shape;
use super::draft;
use crate::app::App;
use crate::reply;
use crate::v1::content::saving;

/// Makes a card.
pub(in super::super) async fn create(
    key: Key,
    State(app): State<App>,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let draft = draft::fresh(&key.scope, &folders, &body)?;
    saving::rehearse(&app, &key.scope, &draft).await.map_err(refused)?;
    let made = desk.create(draft).await.map_err(refused)?;
    shown(&key.again(&app).await?, &made)
}

/// Changes what the body names of a card.
pub(in super::super) async fn replace(
    key: Key,
    State(app): State<App>,
    edited: Edited,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let record = found(&key, &desk).await?;
    edited.check(record.version)?;
    let draft = draft::changed(&key.scope, &folders, &body, record.draft)?;
    saving::rehearse(&app, &key.scope, &draft).await.map_err(refused)?;
    let made = desk.replace(record.id.as_str(), record.version, draft).await.map_err(refused)?;
    shown(&key.again(&app).await?, &made)
}

/// Removes a card that no dashboard shows.
pub(in super::super) async fn delete(key: Key) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let record = found(&key, &desk).await?;
    desk.delete::<CardDraft>(record.id.as_str()).await?;
    Ok(reply::done())
}

/// Makes another card with the same question.
pub(in super::super) async fn copy(
    key: Key,
    State(app): State<App>,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let record = found(&key, &desk).await?;
    let mut draft = CardDraft { slug: None, name: format!("Copy of {}", record.draft.name), ..record.draft };
    draft::place(&mut Common::read(&body)?, &folders, &mut draft)?;
    saving::rehearse(&app, &key.scope, &draft).await.map_err(refused)?;
    let made = desk.create(draft).await.map_err(refused)?;
    shown(&key.again(&app).await?, &made)
}

/// The tenant's own card that the path names.
async fn found(key: &Key, desk: &Desk) -> Result<Card, Denied> {
    let card = key.scope.card_numbered::<View>(key.segment("id")?)?;
    own::<View, CardDraft>(desk, &card).await
}

/// The card as it is now read. A key that may write and not read is told how it is called.
fn shown(scope: &TenantScope, made: &Card) -> Result<Response, Denied> {
    match scope.card::<View>(made.id.as_str()) {
        Ok(card) => Ok(reply::versioned(card.get().version, &shape::card(scope, &Folders::of(scope), &card))),
        Err(_) => Ok(reply::json(&json!({ "id": made.number, "entity_id": made.entity_id, "name": made.draft.name }))),
    }
}
