//! For viewers, by embed token: one dashboard or card, its rows, its files, its filters' values.

mod export;
mod narrowed;
mod rows;
mod run;
mod show;
mod values;

use tenancy::{Act, Card, Embedded, Granted, TenantScope};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::Problem;

pub(super) use run::RunRequest;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::show))
        .routes(routes!(run::run))
        .routes(routes!(rows::rows))
        .routes(routes!(export::export))
        .routes(routes!(values::values, narrowed::narrowed))
}

/// The name of the one item of a card's token.
pub(crate) const CARD_ITEM: &str = "card";

/// What the token shows; gone and never there are one answer.
fn embedded(scope: &TenantScope) -> Result<Embedded<'_>, Problem> {
    scope.embedded().ok_or_else(Problem::missing)?.map_err(Problem::from)
}

/// The card that an item of the token's dashboard shows, or the token's card itself.
fn item<'s, A: Act>(scope: &'s TenantScope, item: &str) -> Result<Granted<'s, A, Card>, Problem> {
    match embedded(scope)? {
        Embedded::Dashboard(dashboard) => Ok(dashboard.item(item)?),
        Embedded::Card(card) if item == CARD_ITEM => Ok(scope.card(card.get().id.as_str())?),
        Embedded::Card(_) => Err(Problem::missing()),
    }
}
