//! `GET /api/embed/card/{token}`, and its rows.

use axum::extract::State;
use axum::response::Response;
use tenancy::model::content::Values;
use tenancy::{Export, Run};

use crate::app::App;
use crate::metabase::given::Given;
use crate::metabase::guest::Guest;
use crate::metabase::refusal::Refusal;
use crate::metabase::{result, shape};
use crate::reply;

/// The card, without rows.
pub(crate) async fn show(guest: Guest) -> Result<Response, Refusal> {
    Ok(reply::json(&shape::question(&guest.scope, &guest.card()?)))
}

/// `…/query`: its rows.
pub(crate) async fn query(guest: Guest, State(app): State<App>, given: Given) -> Result<Response, Refusal> {
    let card = guest.question::<Run>()?;
    result::run(&app, &guest, &card, values(&guest, &given)?).await
}

/// `…/query/{format}`: the same as a file.
pub(crate) async fn export(guest: Guest, State(app): State<App>, given: Given) -> Result<Response, Refusal> {
    let card = guest.question::<Export>()?;
    super::file(&app, &guest, card, values(&guest, &given)?).await
}

fn values(guest: &Guest, given: &Given) -> Result<Values, Refusal> {
    let card = guest.card()?;
    let parameters = &card.get().draft.query.parameters;
    given.values(|name| parameters.iter().find(|parameter| parameter.name == name))
}
