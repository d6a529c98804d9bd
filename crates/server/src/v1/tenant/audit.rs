//! `GET /v1/audit`

use axum::response::Response;
use tenancy::model::Page;
use tenancy::model::audit::AuditEntry;

use crate::extract::{Paging, Tenant};
use crate::problem::Problem;
use crate::reply;

/// Read the tenant's audit log, the newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "tenant", operation_id = "tenant_audit", params(Paging),
    responses((status = 200, body = Page<AuditEntry>), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn audit(Tenant(scope): Tenant, paging: Paging) -> Result<Response, Problem> {
    Ok(reply::json(&scope.audit(paging.cursor.as_deref(), paging.limit).await?))
}
