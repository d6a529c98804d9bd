//! `/v1/tenants`: the client organisations.

use axum::response::Response;
use tenancy::model::Page;
use tenancy::model::tenant::{Tenant, TenantDraft};

use crate::extract::{Body, Creation, Operator, Paging, Path, Version, once};
use crate::problem::Problem;
use crate::reply;

/// List tenants by slug.
#[utoipa::path(get, path = "/v1/tenants", tag = "operator", operation_id = "tenants_list", params(Paging),
    responses((status = 200, body = Page<Tenant>), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list(Operator(operator): Operator, paging: Paging) -> Result<Response, Problem> {
    Ok(reply::json(&operator.tenants(paging.cursor.as_deref(), paging.limit).await?))
}

/// Make a tenant.
#[utoipa::path(post, path = "/v1/tenants", tag = "operator", operation_id = "tenants_create", request_body = TenantDraft,
    responses((status = 201, body = Tenant), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create(Operator(operator): Operator, creation: Creation<TenantDraft>) -> Result<Response, Problem> {
    once(operator, creation, async |operator, draft| operator.create_tenant(draft).await).await
}

/// Read a tenant, by id or slug.
#[utoipa::path(get, path = "/v1/tenants/{tenant}", tag = "operator", operation_id = "tenants_show",
    params(("tenant" = String, Path, description = "Id or slug")),
    responses((status = 200, body = Tenant), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn show(Operator(operator): Operator, Path(name): Path<String>) -> Result<Response, Problem> {
    let record = operator.tenant(&name).await?;
    Ok(reply::versioned(record.version, &record))
}

/// Replace a tenant. If-Match says which version is replaced.
#[utoipa::path(put, path = "/v1/tenants/{tenant}", tag = "operator", operation_id = "tenants_replace",
    params(("tenant" = String, Path, description = "Id or slug"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = TenantDraft,
    responses((status = 200, body = Tenant), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn replace(
    Operator(operator): Operator,
    Path(name): Path<String>,
    Version(version): Version,
    Body(draft): Body<TenantDraft>,
) -> Result<Response, Problem> {
    let record = operator.replace_tenant(&name, version, draft).await?;
    Ok(reply::versioned(record.version, &record))
}

/// Remove a tenant with its content and keys.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}", tag = "operator", operation_id = "tenants_delete",
    params(("tenant" = String, Path, description = "Id or slug")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn delete(Operator(operator): Operator, Path(name): Path<String>) -> Result<Response, Problem> {
    operator.delete_tenant(&name).await?;
    Ok(reply::done())
}
