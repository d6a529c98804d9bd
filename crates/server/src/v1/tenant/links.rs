//! `/v1/public-links`: a tenant's public links by its own key, never wider than that.

use axum::response::Response;
use serde::Serialize;
use tenancy::NewPublicLink;
use tenancy::model::link::{PublicLink, PublicLinkDraft};

use crate::extract::{Creation, Path, Tenant, once};
use crate::problem::Problem;
use crate::reply;

/// Public links in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PublicLinks {
    pub(crate) data: Vec<PublicLink>,
}

/// List the tenant's public links, without their UUIDs.
#[utoipa::path(get, path = "/v1/public-links", tag = "tenant", operation_id = "public_links_list",
    responses((status = 200, body = PublicLinks), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn list(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let data = scope.keys().await?.public_links().await?;
    Ok(reply::json(&PublicLinks { data }))
}

/// Make a public link: whoever has its UUID sees the one thing that it shows, at `/public/dashboard/{uuid}` or
/// `/public/question/{uuid}`. The operator lets a tenant have links with `public_links` in the tenant.
#[utoipa::path(post, path = "/v1/public-links", tag = "tenant", operation_id = "public_links_create", request_body = PublicLinkDraft,
    responses((status = 201, body = NewPublicLink), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn create(Tenant(scope): Tenant, creation: Creation<PublicLinkDraft>) -> Result<Response, Problem> {
    once(scope.keys().await?, creation, async |office, draft| office.create_public_link(draft).await).await
}

/// Revoke a public link, and end what is being read with it.
#[utoipa::path(delete, path = "/v1/public-links/{link}", tag = "tenant", operation_id = "public_links_revoke",
    params(("link" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn revoke(Tenant(scope): Tenant, Path(link): Path<String>) -> Result<Response, Problem> {
    scope.keys().await?.revoke_public_link(&link).await?;
    Ok(reply::done())
}
