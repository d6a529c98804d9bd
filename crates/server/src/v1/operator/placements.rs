//! `/v1/tenants/{tenant}/placements/{source}`: where a tenant's rows are.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gateway::RunError;
use gateway::preflight::Outcome;
use serde::Serialize;
use tenancy::Placement;
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
/// `If-None-Match: *` for the first one, `If-Match` for a change. An absent password keeps the stored one. Whether it
/// has the isolation level that it claims is looked at then; `…/check` tells.
#[utoipa::path(put, path = "/v1/tenants/{tenant}/placements/{source}", tag = "operator", operation_id = "placements_put",
    params(("tenant" = String, Path, description = "Id or slug"), ("source" = String, Path, description = "Id or slug")),
    request_body = PlacementDraft,
    responses((status = 200, body = PlacementRecord), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn put(
    Operator(operator): Operator,
    State(app): State<App>,
    Path((tenant, source)): Path<(String, String)>,
    Version(version): Version,
    Body(draft): Body<PlacementDraft>,
) -> Result<Response, Problem> {
    let record = operator.put_placement(&tenant, &source, version, draft).await?;
    let placement = Arc::new(operator.resolved_placement(&tenant, &source).await?);
    // Looked at now, so that the log says at once what is wrong; the answer does not wait for a database.
    tokio::spawn(async move { app.gateway().preflight(&placement).await });
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
    /// `holds`, `stops-tenant-sql` or `stops-everything`; absent when the database could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    preflight: Option<&'static str>,
    /// What was checked for the isolation level, and what to do about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Found>,
}

/// One check of a preflight.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Found {
    /// A stable word.
    #[schema(value_type = String)]
    check: &'static str,
    /// `holds`, `stops-tenant-sql` or `stops-everything`.
    #[schema(value_type = String)]
    outcome: &'static str,
    /// What was seen, and what to do about it.
    message: String,
}

/// Try a tenant's placement: dial, log in, read the settings back, and look whether it has the isolation level that it
/// claims. What is found is in force at once.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/placements/{source}/check", tag = "operator", operation_id = "placements_check",
    params(("tenant" = String, Path, description = "Id or slug"), ("source" = String, Path, description = "Id or slug")),
    responses((status = 200, body = Checked), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn check(
    Operator(operator): Operator,
    State(app): State<App>,
    Path((tenant, source)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let placement = Arc::new(operator.resolved_placement(&tenant, &source).await?);
    Ok(reply::json(&look(&app, &placement).await))
}

async fn look(app: &App, placement: &Arc<Placement>) -> Checked {
    let failed = |error: RunError| {
        let message = error.to_string().into();
        Checked { ok: false, outcome: error.label(), message, preflight: None, findings: Vec::new() }
    };
    let probe = match app.gateway().check(placement).await {
        Ok(probe) => probe,
        Err(error) => return failed(error),
    };
    let report = match app.gateway().preflight(placement).await {
        Ok(report) => report,
        Err(error) => return failed(error),
    };
    let message = format!("{} {}, connected in {} ms", probe.engine, probe.version, probe.connect.as_millis());
    let findings = report.findings.iter().map(|finding| Found {
        check: finding.check,
        outcome: finding.outcome.name(),
        message: finding.message.clone(),
    });
    let ok = report.outcome() != Outcome::StopsEverything;
    Checked {
        ok,
        outcome: if ok { "ok" } else { "disabled" },
        message: message.into(),
        preflight: Some(report.outcome().name()),
        findings: findings.collect(),
    }
}
