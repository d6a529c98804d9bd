//! For a tenant's systems, by API key: its dashboards, cards and rows, its own content, its keys.

mod audit;
mod cards;
mod content;
mod dashboards;
mod keys;
mod links;
mod me;
mod sql;

pub(super) use keys::{ApiKeys, EmbedKeys};
pub(super) use links::PublicLinks;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(dashboards::list))
        .routes(routes!(dashboards::show))
        .routes(routes!(dashboards::run))
        .routes(routes!(dashboards::rows))
        .routes(routes!(dashboards::export))
        .routes(routes!(dashboards::values))
        .routes(routes!(cards::list))
        .routes(routes!(cards::show))
        .routes(routes!(cards::rows))
        .routes(routes!(cards::export))
        .routes(routes!(cards::values))
        .routes(routes!(cards::collections))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(keys::list_embed, keys::create_embed))
        .routes(routes!(keys::revoke_embed))
        .routes(routes!(keys::sign))
        .routes(routes!(links::list, links::create))
        .routes(routes!(links::revoke))
        .routes(routes!(sql::sources))
        .routes(routes!(sql::run))
        .routes(routes!(audit::audit))
        .merge(content::routes())
}
