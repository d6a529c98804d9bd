//! `/v1/library`: the operator's content, to be published to tenants.

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
    Operator,
    library,
    "operator_key",
    "library",
    "/v1/library/collections",
    "/v1/library/collections/{name}",
    tenancy::model::content::CollectionDraft,
    tenancy::Collection,
    "collection",
    "library_collections_list",
    "library_collections_create",
    "library_collections_show",
    "library_collections_replace",
    "library_collections_delete"
);

content_endpoints!(
    cards,
    Operator,
    library,
    "operator_key",
    "library",
    "/v1/library/cards",
    "/v1/library/cards/{name}",
    tenancy::model::content::CardDraft,
    tenancy::Card,
    "card",
    "library_cards_list",
    "library_cards_create",
    "library_cards_show",
    "library_cards_replace",
    "library_cards_delete"
);

content_endpoints!(
    dashboards,
    Operator,
    library,
    "operator_key",
    "library",
    "/v1/library/dashboards",
    "/v1/library/dashboards/{name}",
    tenancy::model::content::DashboardDraft,
    tenancy::Dashboard,
    "dashboard",
    "library_dashboards_list",
    "library_dashboards_create",
    "library_dashboards_show",
    "library_dashboards_replace",
    "library_dashboards_delete"
);

content_endpoints!(
    snippets,
    Operator,
    library,
    "operator_key",
    "library",
    "/v1/library/snippets",
    "/v1/library/snippets/{name}",
    tenancy::model::content::SnippetDraft,
    tenancy::Snippet,
    "snippet",
    "library_snippets_list",
    "library_snippets_create",
    "library_snippets_show",
    "library_snippets_replace",
    "library_snippets_delete"
);
