//! The native API, version 1: one endpoint, one function; one group, one kind of caller.

pub(crate) mod content;
mod embed;
mod operator;
mod tenant;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Every route of the native API, with its documentation.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(operator::routes()).merge(tenant::routes()).merge(embed::routes())
}

/// The viewers' routes alone.
pub(crate) fn embed_routes() -> OpenApiRouter<App> {
    embed::routes()
}
