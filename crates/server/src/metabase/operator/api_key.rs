//! `POST /api/api-key`: a tenant's key, made by the operator.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use tenancy::model::keys::ApiKeyDraft;

use super::super::api::api_key::MASKED;
use super::super::api::denied::Denied;
use super::super::api::groups::{ADMINISTRATORS, EVERYBODY, readers};
use super::super::api::sent::Sent;
use super::super::numbers::Named;
use super::admin::Admin;
use crate::problem::Problem;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    group_id: Option<i32>,
}

#[derive(Serialize)]
struct Key<'t> {
    id: i32,
    entity_id: &'t str,
    name: &'t str,
    group: Group<'t>,
    unmasked_key: &'t str,
    masked_key: &'static str,
    created_at: jiff::Timestamp,
    updated_at: jiff::Timestamp,
    updated_by: Option<()>,
}

#[derive(Serialize)]
struct Group<'t> {
    id: i32,
    name: &'t str,
}

/// Makes a tenant's key that reads, runs and downloads. More is asked for by name, at `/v1/tenants/:tenant/api-keys`. Its text is
/// shown this once.
pub(super) async fn create(admin: Admin, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let name = body.name.ok_or_else(|| Denied::field("name", "is needed"))?;
    let group = body.group_id.filter(|group| ![EVERYBODY, ADMINISTRATORS].contains(group)).ok_or_else(|| {
        let cure = "is the number of a tenant: a key reads for one tenant. Operators' own keys are made with POST /v1/operator-keys, or \
                    `cloison operator create`";
        Denied::field("group_id", cure)
    })?;
    let tenant = admin.operator.tenant_numbered(&group.to_string()).await?;
    let scopes = readers().ok_or_else(Problem::internal)?;
    let draft = ApiKeyDraft { name, scopes, expires_at: None, networks: Vec::new(), requests_per_minute: None };
    let made = admin.operator.tenant_keys(tenant.id.as_str()).await?.create_api_key(draft).await?;
    let secret = made.secret.expose();
    Ok(reply::json(&Key {
        id: Named::of(&["user", made.key.id.as_str()]).number,
        entity_id: made.key.id.as_str(),
        name: &made.key.draft.name,
        group: Group { id: tenant.number, name: &tenant.draft.name },
        unmasked_key: secret,
        masked_key: MASKED,
        created_at: made.key.created_at,
        updated_at: made.key.created_at,
        updated_by: None,
    }))
}
