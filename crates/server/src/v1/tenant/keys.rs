//! `/v1/api-keys`, `/v1/embed-keys` and `/v1/embed-tokens`: a tenant's keys by its own key, never wider than that.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tenancy::model::keys::{ApiKey, ApiKeyDraft, EmbedKey, EmbedKeyDraft};
use tenancy::{Claims, NewApiKey, NewEmbedKey};

use crate::app::App;
use crate::extract::{Body, Creation, Path, Tenant, once};
use crate::problem::Problem;
use crate::reply;

/// API keys in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ApiKeys {
    pub(crate) data: Vec<ApiKey>,
}

/// Embed keys in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct EmbedKeys {
    pub(crate) data: Vec<EmbedKey>,
}

/// List the tenant's API keys, without their texts.
#[utoipa::path(get, path = "/v1/api-keys", tag = "tenant", operation_id = "api_keys_list",
    responses((status = 200, body = ApiKeys), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn list(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let data = scope.keys().await?.api_keys().await?;
    Ok(reply::json(&ApiKeys { data }))
}

/// Make an API key that is not wider than this one. It ends with this one.
#[utoipa::path(post, path = "/v1/api-keys", tag = "tenant", operation_id = "api_keys_create", request_body = ApiKeyDraft,
    responses((status = 201, body = NewApiKey), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn create(Tenant(scope): Tenant, creation: Creation<ApiKeyDraft>) -> Result<Response, Problem> {
    once(scope.keys().await?, creation, async |office, draft| office.create_api_key(draft).await).await
}

/// Revoke an API key, and every key that was made with it.
#[utoipa::path(delete, path = "/v1/api-keys/{key}", tag = "tenant", operation_id = "api_keys_revoke",
    params(("key" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn revoke(Tenant(scope): Tenant, Path(key): Path<String>) -> Result<Response, Problem> {
    scope.keys().await?.revoke_api_key(&key).await?;
    Ok(reply::done())
}

/// List the tenant's embed keys, without their secrets.
#[utoipa::path(get, path = "/v1/embed-keys", tag = "tenant", operation_id = "embed_keys_list",
    responses((status = 200, body = EmbedKeys), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn list_embed(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let data = scope.keys().await?.embed_keys().await?;
    Ok(reply::json(&EmbedKeys { data }))
}

/// Make an embed key: a secret that is shown once, or a public key of yours.
#[utoipa::path(post, path = "/v1/embed-keys", tag = "tenant", operation_id = "embed_keys_create", request_body = EmbedKeyDraft,
    responses((status = 201, body = NewEmbedKey), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn create_embed(
    Tenant(scope): Tenant,
    creation: Creation<EmbedKeyDraft>,
) -> Result<Response, Problem> {
    once(scope.keys().await?, creation, async |office, draft| office.create_embed_key(draft).await).await
}

/// Revoke an embed key and every token that it signed.
#[utoipa::path(delete, path = "/v1/embed-keys/{key}", tag = "tenant", operation_id = "embed_keys_revoke",
    params(("key" = String, Path, description = "Id")),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn revoke_embed(Tenant(scope): Tenant, Path(key): Path<String>) -> Result<Response, Problem> {
    scope.keys().await?.revoke_embed_key(&key).await?;
    Ok(reply::done())
}

/// A token to be signed.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// The HS256 embed key to sign with.
    key: String,
    /// What the token says.
    claims: Claims,
}

/// A signed token.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SignedToken {
    token: String,
}

/// Have an embed token signed, for systems that hold an API key and no signing key.
///
/// The token is checked as if it came back from a viewer, so that a mistake shows here and not in the page.
#[utoipa::path(post, path = "/v1/embed-tokens", tag = "tenant", operation_id = "embed_tokens_sign", request_body = TokenRequest,
    responses((status = 200, body = SignedToken), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn sign(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Body(request): Body<TokenRequest>,
) -> Result<Response, Problem> {
    let token = scope.sign_embed_token(&request.key, &request.claims).await?;
    let admitted = app.tenancy().admit_embed(&token, None).await;
    admitted.map_err(|error| Problem::refused(&error, crate::problem::Credential::Token))?;
    Ok(reply::json(&SignedToken { token }))
}
