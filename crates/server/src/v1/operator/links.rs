//! `/v1/tenants/{tenant}/public-links`: a tenant's public links by the operator.

use axum::response::Response;
use tenancy::NewPublicLink;
use tenancy::model::link::PublicLinkDraft;

use crate::extract::{Creation, Operator, Path, once};
use crate::problem::Problem;
use crate::reply;
use crate::v1::tenant::PublicLinks;

/// List a tenant's public links, without their UUIDs.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/public-links", tag = "operator", operation_id = "tenant_public_links_list",
    params(("tenant" = String, Path, description = "Id or slug")),
    responses((status = 200, body = PublicLinks), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list(Operator(operator): Operator, Path(tenant): Path<String>) -> Result<Response, Problem> {
    let data = operator.tenant_keys(&tenant).await?.public_links().await?;
    Ok(reply::json(&PublicLinks { data }))
}

/// Make a public link for a tenant that may have some (`public_links` in the tenant). Its UUID is shown this once.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/public-links", tag = "operator", operation_id = "tenant_public_links_create",
    params(("tenant" = String, Path, description = "Id or slug")), request_body = PublicLinkDraft,
    responses((status = 201, body = NewPublicLink), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create(
    Operator(operator): Operator,
    Path(tenant): Path<String>,
    creation: Creation<PublicLinkDraft>,
) -> Result<Response, Problem> {
    let office = operator.tenant_keys(&tenant).await?;
    once(office, creation, async |office, draft| office.create_public_link(draft).await).await
}

/// Revoke a public link of a tenant, and end what is being read with it.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/public-links/{link}", tag = "operator", operation_id = "tenant_public_links_revoke",
    params(("tenant" = String, Path, description = "Id or slug"), ("link" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn revoke(
    Operator(operator): Operator,
    Path((tenant, link)): Path<(String, String)>,
) -> Result<Response, Problem> {
    operator.tenant_keys(&tenant).await?.revoke_public_link(&link).await?;
    Ok(reply::done())
}
