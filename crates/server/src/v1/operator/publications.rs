//! `/v1/publications`: which tenants see what of the library.

use axum::response::Response;
use tenancy::model::Page;
use tenancy::model::publication::{Publication, PublicationDraft};

use crate::extract::{Creation, Operator, Paging, Path, once};
use crate::problem::Problem;
use crate::reply;

/// List publications by id.
#[utoipa::path(get, path = "/v1/publications", tag = "operator", operation_id = "publications_list", params(Paging),
    responses((status = 200, body = Page<Publication>), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list(Operator(operator): Operator, paging: Paging) -> Result<Response, Problem> {
    Ok(reply::json(&operator.publications(paging.cursor.as_deref(), paging.limit).await?))
}

/// Publish a collection, a dashboard or a card of the library.
#[utoipa::path(post, path = "/v1/publications", tag = "operator", operation_id = "publications_create", request_body = PublicationDraft,
    responses((status = 201, body = Publication), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create(
    Operator(operator): Operator,
    creation: Creation<PublicationDraft>,
) -> Result<Response, Problem> {
    once(operator, creation, async |operator, draft| operator.create_publication(draft).await).await
}

/// Withdraw a publication: tenants stop seeing the thing within a second.
#[utoipa::path(delete, path = "/v1/publications/{publication}", tag = "operator", operation_id = "publications_delete",
    params(("publication" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn delete(Operator(operator): Operator, Path(id): Path<String>) -> Result<Response, Problem> {
    operator.delete_publication(&id).await?;
    Ok(reply::done())
}
