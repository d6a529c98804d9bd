//! `/v1/operator-keys` and `/v1/instance/audit`: the operators themselves, and what they did.

use axum::response::Response;
use serde::Serialize;
use tenancy::NewOperatorKey;
use tenancy::model::Page;
use tenancy::model::audit::AuditEntry;
use tenancy::model::keys::{OperatorKey, OperatorKeyDraft};

use crate::extract::{Creation, Operator, Paging, Path, once};
use crate::problem::Problem;
use crate::reply;

/// Operator keys in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OperatorKeys {
    data: Vec<OperatorKey>,
}

/// List operator keys, without their texts.
#[utoipa::path(get, path = "/v1/operator-keys", tag = "operator", operation_id = "operator_keys_list",
    responses((status = 200, body = OperatorKeys), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list(Operator(operator): Operator) -> Result<Response, Problem> {
    Ok(reply::json(&OperatorKeys { data: operator.operator_keys().await? }))
}

/// Make an operator key that is not wider than this one. Its text is shown this once.
#[utoipa::path(post, path = "/v1/operator-keys", tag = "operator", operation_id = "operator_keys_create", request_body = OperatorKeyDraft,
    responses((status = 201, body = NewOperatorKey), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create(
    Operator(operator): Operator,
    creation: Creation<OperatorKeyDraft>,
) -> Result<Response, Problem> {
    once(operator, creation, async |operator, draft| operator.create_operator_key(draft).await).await
}

/// Revoke an operator key.
#[utoipa::path(delete, path = "/v1/operator-keys/{key}", tag = "operator", operation_id = "operator_keys_revoke",
    params(("key" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn revoke(Operator(operator): Operator, Path(key): Path<String>) -> Result<Response, Problem> {
    operator.revoke_operator_key(&key).await?;
    Ok(reply::done())
}

/// Read the audit log of the instance, the newest first.
#[utoipa::path(get, path = "/v1/instance/audit", tag = "operator", operation_id = "instance_audit", params(Paging),
    responses((status = 200, body = Page<AuditEntry>), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn audit(Operator(operator): Operator, paging: Paging) -> Result<Response, Problem> {
    Ok(reply::json(&operator.audit(paging.cursor.as_deref(), paging.limit).await?))
}
