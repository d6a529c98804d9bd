//! `POST /api/card/{id}/query` and `…/query/{format}`

use axum::extract::State;
use axum::response::Response;
use tenancy::model::content::Values;
use tenancy::{Card, Export, Run};

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::sent::{By, Chosen, Sent};
use super::super::{file, told};
use crate::app::App;

/// Runs a card.
pub(in super::super) async fn query(
    key: Key,
    State(app): State<App>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Denied> {
    let card = key.scope.card_numbered::<Run>(key.segment("id")?)?;
    let given = values(card.get(), chosen)?;
    told::run(&app, &key.scope, &card, given, "question").await
}

/// Downloads a card's rows.
pub(in super::super) async fn export(
    key: Key,
    State(app): State<App>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Denied> {
    let card = key.scope.card_numbered::<Export>(key.segment("id")?)?;
    let given = values(card.get(), chosen)?;
    file::send(&app, &key.scope, card, given, key.segment("format")?).await
}

fn values(card: &Card, chosen: Chosen) -> Result<Values, Denied> {
    let own = &card.draft.query.parameters;
    chosen.values(By::Tag, |name| own.iter().find(|parameter| parameter.name == name))
}
