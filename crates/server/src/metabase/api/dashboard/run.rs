//! `POST /api/dashboard/{id}/dashcard/{dashcard}/card/{card}/query` and `…/query/{format}`

use axum::extract::State;
use axum::response::Response;
use tenancy::model::content::Values;
use tenancy::{Dashboard, Export, Run, View};

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::sent::{By, Chosen, Sent};
use super::super::{file, told};
use crate::app::App;
use crate::metabase::numbers;

/// Runs one card of a dashboard.
pub(in super::super) async fn query(
    key: Key,
    State(app): State<App>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    let card = numbers::card_at::<Run>(&dashboard, key.segment("dashcard")?, key.segment("card")?)?;
    told::run(&app, &key.scope, &card, values(dashboard.get(), chosen)?, "dashboard").await
}

/// Downloads the rows of one card of a dashboard.
pub(in super::super) async fn export(
    key: Key,
    State(app): State<App>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    let card = numbers::card_at::<Export>(&dashboard, key.segment("dashcard")?, key.segment("card")?)?;
    file::send(&app, &key.scope, card, values(dashboard.get(), chosen)?, key.segment("format")?).await
}

fn values(dashboard: &Dashboard, chosen: Chosen) -> Result<Values, Denied> {
    chosen.values(By::Filter, |name| dashboard.draft.filter(name).map(|filter| &filter.parameter))
}
