//! `/v1/tenants/{tenant}/api-keys` and `…/embed-keys`: a tenant's keys by the operator; and acting as a tenant.

use axum::response::Response;
use serde::Deserialize;
use tenancy::model::keys::{ApiKeyDraft, EmbedKeyDraft};
use tenancy::{NewApiKey, NewEmbedKey};

use crate::extract::{Body, Creation, Operator, Path, once};
use crate::problem::Problem;
use crate::reply;
use crate::v1::tenant::{ApiKeys, EmbedKeys};

/// List a tenant's API keys, without their texts.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/api-keys", tag = "operator", operation_id = "tenant_api_keys_list",
    params(("tenant" = String, Path, description = "Id or slug")),
    responses((status = 200, body = ApiKeys), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list(Operator(operator): Operator, Path(tenant): Path<String>) -> Result<Response, Problem> {
    let data = operator.tenant_keys(&tenant).await?.api_keys().await?;
    Ok(reply::json(&ApiKeys { data }))
}

/// Make an API key for a tenant. Its text is shown this once.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/api-keys", tag = "operator", operation_id = "tenant_api_keys_create",
    params(("tenant" = String, Path, description = "Id or slug")), request_body = ApiKeyDraft,
    responses((status = 201, body = NewApiKey), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create(
    Operator(operator): Operator,
    Path(tenant): Path<String>,
    creation: Creation<ApiKeyDraft>,
) -> Result<Response, Problem> {
    once(operator.tenant_keys(&tenant).await?, creation, async |office, draft| office.create_api_key(draft).await).await
}

/// Revoke an API key of a tenant, and every key that was made with it.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/api-keys/{key}", tag = "operator", operation_id = "tenant_api_keys_revoke",
    params(("tenant" = String, Path, description = "Id or slug"), ("key" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn revoke(
    Operator(operator): Operator,
    Path((tenant, key)): Path<(String, String)>,
) -> Result<Response, Problem> {
    operator.tenant_keys(&tenant).await?.revoke_api_key(&key).await?;
    Ok(reply::done())
}

/// List a tenant's embed keys, without their secrets.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/embed-keys", tag = "operator", operation_id = "tenant_embed_keys_list",
    params(("tenant" = String, Path, description = "Id or slug")),
    responses((status = 200, body = EmbedKeys), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn list_embed(Operator(operator): Operator, Path(tenant): Path<String>) -> Result<Response, Problem> {
    let data = operator.tenant_keys(&tenant).await?.embed_keys().await?;
    Ok(reply::json(&EmbedKeys { data }))
}

/// Make an embed key for a tenant. Its secret is shown this once.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/embed-keys", tag = "operator", operation_id = "tenant_embed_keys_create",
    params(("tenant" = String, Path, description = "Id or slug")), request_body = EmbedKeyDraft,
    responses((status = 201, body = NewEmbedKey), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn create_embed(
    Operator(operator): Operator,
    Path(tenant): Path<String>,
    creation: Creation<EmbedKeyDraft>,
) -> Result<Response, Problem> {
    once(operator.tenant_keys(&tenant).await?, creation, async |office, draft| office.create_embed_key(draft).await)
        .await
}

/// Revoke an embed key of a tenant and every token that it signed.
#[utoipa::path(delete, path = "/v1/tenants/{tenant}/embed-keys/{key}", tag = "operator", operation_id = "tenant_embed_keys_revoke",
    params(("tenant" = String, Path, description = "Id or slug"), ("key" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn revoke_embed(
    Operator(operator): Operator,
    Path((tenant, key)): Path<(String, String)>,
) -> Result<Response, Problem> {
    operator.tenant_keys(&tenant).await?.revoke_embed_key(&key).await?;
    Ok(reply::done())
}

/// Why, and with which rights.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActAs {
    /// The reason, for the tenant's audit log.
    reason: String,
    /// The key; it must end within an hour.
    key: ApiKeyDraft,
}

/// Act as a tenant: the only way for an operator to read rows. The reason goes to the tenant's audit log.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/act-as", tag = "operator", operation_id = "tenant_act_as",
    params(("tenant" = String, Path, description = "Id or slug")), request_body = ActAs,
    responses((status = 200, body = NewApiKey), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("operator_key" = [])))]
pub(super) async fn act_as(
    Operator(operator): Operator,
    Path(tenant): Path<String>,
    Body(request): Body<ActAs>,
) -> Result<Response, Problem> {
    Ok(reply::json(&operator.act_as(&tenant, &request.reason, request.key).await?))
}
