//! `/v1/content`: the tenant's own content, by its authors.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::v1::content::author::content_endpoints;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(collections::routes())
        .merge(cards::routes())
        .merge(dashboards::routes())
        .merge(snippets::routes())
}

content_endpoints!(
    collections,
    Tenant,
    desk,
    "api_key",
    "content",
    "/v1/content/collections",
    "/v1/content/collections/{name}",
    tenancy::model::content::CollectionDraft,
    tenancy::Collection,
    "collection",
    "content_collections_list",
    "content_collections_create",
    "content_collections_show",
    "content_collections_replace",
    "content_collections_delete"
);

content_endpoints!(
    cards,
    Tenant,
    desk,
    "api_key",
    "content",
    "/v1/content/cards",
    "/v1/content/cards/{name}",
    tenancy::model::content::CardDraft,
    tenancy::Card,
    "card",
    "content_cards_list",
    "content_cards_create",
    "content_cards_show",
    "content_cards_replace",
    "content_cards_delete"
);

content_endpoints!(
    dashboards,
    Tenant,
    desk,
    "api_key",
    "content",
    "/v1/content/dashboards",
    "/v1/content/dashboards/{name}",
    tenancy::model::content::DashboardDraft,
    tenancy::Dashboard,
    "dashboard",
    "content_dashboards_list",
    "content_dashboards_create",
    "content_dashboards_show",
    "content_dashboards_replace",
    "content_dashboards_delete"
);

content_endpoints!(
    snippets,
    Tenant,
    desk,
    "api_key",
    "content",
    "/v1/content/snippets",
    "/v1/content/snippets/{name}",
    tenancy::model::content::SnippetDraft,
    tenancy::Snippet,
    "snippet",
    "content_snippets_list",
    "content_snippets_create",
    "content_snippets_show",
    "content_snippets_replace",
    "content_snippets_delete"
);
