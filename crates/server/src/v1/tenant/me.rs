//! `GET /v1/tenant`

use axum::response::Response;
use serde::Serialize;
use tenancy::{Action, TenantId};

use crate::extract::Tenant;
use crate::problem::Problem;
use crate::reply;

/// Which tenant a key reaches, and what the key may do somewhere.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    id: TenantId,
    slug: String,
    name: String,
    locale: String,
    timezone: String,
    actions: Vec<Action>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<jiff::Timestamp>,
}

/// See which tenant this key reaches.
#[utoipa::path(get, path = "/v1/tenant", tag = "tenant", operation_id = "tenant_me",
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn me(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let draft = &scope.profile().draft;
    Ok(reply::json(&Me {
        id: scope.tenant().clone(),
        slug: draft.slug.to_string(),
        name: draft.name.clone(),
        locale: draft.locale.clone(),
        timezone: draft.timezone.clone(),
        actions: Action::ALL.into_iter().filter(|action| scope.may(*action)).collect(),
        expires_at: scope.expires_at(),
    }))
}
