//! For operators, by operator key: tenants, data sources, placements, the library, publications, keys, audit.

mod keys;
mod library;
mod links;
mod operators;
mod placements;
mod publications;
mod sources;
mod tenants;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(tenants::list, tenants::create))
        .routes(routes!(tenants::show, tenants::replace, tenants::delete))
        .routes(routes!(sources::list, sources::create))
        .routes(routes!(sources::show, sources::replace, sources::delete))
        .routes(routes!(placements::show, placements::put, placements::delete))
        .routes(routes!(placements::check))
        .routes(routes!(publications::list, publications::create))
        .routes(routes!(publications::delete))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(keys::list_embed, keys::create_embed))
        .routes(routes!(keys::revoke_embed))
        .routes(routes!(keys::act_as))
        .routes(routes!(links::list, links::create))
        .routes(routes!(links::revoke))
        .routes(routes!(operators::list, operators::create))
        .routes(routes!(operators::revoke))
        .routes(routes!(operators::audit))
        .merge(library::routes())
}
