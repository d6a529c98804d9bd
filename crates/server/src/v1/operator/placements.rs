//! `/v1/tenants/{tenant}/placements/{source}`: where a tenant's rows are.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use tenancy::model::placing::{PlacementDraft, PlacementRecord};

use crate::app::App;
use crate::extract::{Body, Operator, Path, Version};
use crate::problem::Problem;
use crate::reply;

/// Read the placement in force, without its password.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/placements/{source}", tag = "operator", operation_id = "placements_show",
    params(("tenant" = String, Path, description = "Id or slug"), ("source" = String, Path, description = "Id or slug")),
    responses((status = 200, body = PlacementRecord), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn show(
    Operator(operator): Operator,
    Path((tenant, source)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let record = operator.placement(&tenant, &source).await?;
    Ok(reply::versioned(record.version, &record))
}

/// Write a tenant's own placement, over the data source's template.
///
/// `If-None-Match: *` for the first one, `If-Match` for a change. An absent password keeps the stored one.
#[utoipa::path(put, path = "/v1/tenants/{tenant}/placements/{source}", tag = "operator", operation_id = "placements_put",
    params(("tenant" = String, Path, description = "Id or slug"), ("source" = String, Path, description = "Id or slug")),
    request_body = PlacementDraft,
    responses((status = 200, body = PlacementRecord), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn put(
    Operator(operator): Operator,
    Path((tenant, source)): Path<(String, String)>,
    Version(version): Version,
    Body(draft): Body<PlacementDraft>,
) -> Result<Response, Problem> {
    let record = operator.put_placement(&tenant, &source, version, draft).await?;
    Ok(reply::versioned(record.version, &record))
}

/// Remove a tenant's own placement; the template's is in force again.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/placements/{source}", tag = "operator", operation_id = "placements_delete",
    params(("tenant" = String, Path, description = "Id or slug"), ("source" = String, Path, description = "Id or slug")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn delete(
    Operator(operator): Operator,
    Path((tenant, source)): Path<(String, String)>,
) -> Result<Response, Problem> {
    operator.delete_placement(&tenant, &source).await?;
    Ok(reply::done())
}

/// What a check found.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Checked {
    /// Whether the placement can be used.
    ok: bool,
    /// `ok`, or a word for what is wrong: `unreachable`, `tls-failed`, `login-refused`, `database-missing` and others.
    outcome: &'static str,
    /// What to do about it.
    #[schema(value_type = String)]
    message: std::borrow::Cow<'static, str>,
}

/// Try a tenant's placement: dial, log in, read the settings back.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/placements/{source}/check", tag = "operator", operation_id = "placements_check",
    params(("tenant" = String, Path, description = "Id or slug"), ("source" = String, Path, description = "Id or slug")),
    responses((status = 200, body = Checked), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn check(
    Operator(operator): Operator,
    State(app): State<App>,
    Path((tenant, source)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let placement = operator.resolved_placement(&tenant, &source).await?;
    let checked = match app.gateway().check(&placement).await {
        Ok(probe) => {
            let message = format!("{} {}, connected in {} ms", probe.engine, probe.version, probe.connect.as_millis());
            Checked { ok: true, outcome: "ok", message: message.into() }
        }
        Err(error) => Checked { ok: false, outcome: error.label(), message: error.to_string().into() },
    };
    Ok(reply::json(&checked))
}
