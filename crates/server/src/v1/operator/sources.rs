//! `/v1/sources`: the data sources that cards are written against.

use axum::response::Response;
use tenancy::model::Page;
use tenancy::model::placing::{Source, SourceDraft};

use crate::extract::{Body, Creation, Operator, Paging, Path, Version, once};
use crate::problem::Problem;
use crate::reply;

/// List data sources by slug.
#[utoipa::path(get, path = "/v1/sources", tag = "operator", operation_id = "sources_list", params(Paging),
    responses((status = 200, body = Page<Source>), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list(Operator(operator): Operator, paging: Paging) -> Result<Response, Problem> {
    Ok(reply::json(&operator.sources(paging.cursor.as_deref(), paging.limit).await?))
}

/// Make a data source.
#[utoipa::path(post, path = "/v1/sources", tag = "operator", operation_id = "sources_create", request_body = SourceDraft,
    responses((status = 201, body = Source), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create(Operator(operator): Operator, creation: Creation<SourceDraft>) -> Result<Response, Problem> {
    once(operator, creation, async |operator, draft| operator.create_source(draft).await).await
}

/// Read a data source, by id or slug.
#[utoipa::path(get, path = "/v1/sources/{source}", tag = "operator", operation_id = "sources_show",
    params(("source" = String, Path, description = "Id or slug")),
    responses((status = 200, body = Source), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn show(Operator(operator): Operator, Path(name): Path<String>) -> Result<Response, Problem> {
    let record = operator.source(&name).await?;
    Ok(reply::versioned(record.version, &record))
}

/// Replace a data source. If-Match says which version is replaced.
#[utoipa::path(put, path = "/v1/sources/{source}", tag = "operator", operation_id = "sources_replace",
    params(("source" = String, Path, description = "Id or slug"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body = SourceDraft,
    responses((status = 200, body = Source), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn replace(
    Operator(operator): Operator,
    Path(name): Path<String>,
    Version(version): Version,
    Body(draft): Body<SourceDraft>,
) -> Result<Response, Problem> {
    let record = operator.replace_source(&name, version, draft).await?;
    Ok(reply::versioned(record.version, &record))
}

/// Remove a data source that nothing uses.
#[utoipa::path(delete, path = "/v1/sources/{source}", tag = "operator", operation_id = "sources_delete",
    params(("source" = String, Path, description = "Id or slug")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn delete(Operator(operator): Operator, Path(name): Path<String>) -> Result<Response, Problem> {
    operator.delete_source(&name).await?;
    Ok(reply::done())
}
