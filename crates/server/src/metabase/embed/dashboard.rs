//! `GET /api/embed/dashboard/{token}`, and the cards on it.

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

/// The dashboard, without rows.
pub(crate) async fn show(guest: Guest) -> Result<Response, Refusal> {
    Ok(reply::json(&shape::dashboard(&guest.scope, &guest.dashboard()?)?))
}

/// `…/dashcard/{dashcard}/card/{card}`: the rows of one card.
pub(crate) async fn query(guest: Guest, State(app): State<App>, given: Given) -> Result<Response, Refusal> {
    let card = guest.dashcard::<Run>()?;
    result::run(&app, &guest, &card, values(&guest, &given)?).await
}

/// `…/dashcard/{dashcard}/card/{card}/{format}`: the same as a file.
pub(crate) async fn export(guest: Guest, State(app): State<App>, given: Given) -> Result<Response, Refusal> {
    let card = guest.dashcard::<Export>()?;
    super::file(&app, &guest, card, values(&guest, &given)?).await
}

/// What the viewer gives for the dashboard's filters.
pub(super) fn values(guest: &Guest, given: &Given) -> Result<Values, Refusal> {
    let dashboard = guest.dashboard()?;
    let draft = &dashboard.get().draft;
    given.values(|name| draft.filter(name).map(|filter| &filter.parameter))
}
