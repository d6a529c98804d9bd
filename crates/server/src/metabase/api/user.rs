//! `GET /api/user/current`: the key, as the user that clients take it for.

use axum::response::Response;
use serde::Serialize;
use tenancy::{Caller, TenantScope};

use super::super::numbers::Named;
use super::denied::Denied;
use super::key::Key;
use crate::problem::Problem;
use crate::reply;

/// The group of everybody.
const EVERYBODY: i32 = 1;

#[derive(Serialize)]
struct User<'s> {
    id: i32,
    entity_id: String,
    email: String,
    first_name: &'s str,
    last_name: Option<()>,
    common_name: &'s str,
    is_superuser: bool,
    is_active: bool,
    is_qbnewb: bool,
    is_installer: bool,
    group_ids: [i32; 1],
    locale: &'s str,
    personal_collection_id: Option<()>,
    login_attributes: Option<()>,
    sso_source: Option<()>,
    tenant_id: Option<()>,
}

/// Who this key is.
pub(super) async fn current(key: Key) -> Result<Response, Denied> {
    let scope: &TenantScope = &key.scope;
    let Caller::ApiKey(id) = scope.caller() else { return Err(Problem::missing().into()) };
    let named = Named::of(&["user", id.as_str()]);
    let name = scope.key_name().unwrap_or_default();
    Ok(reply::json(&User {
        id: named.number,
        entity_id: named.entity_id.as_str().to_owned(),
        // A domain that never is (RFC 2606): nobody is written to by mistake.
        email: format!("{}@{}.invalid", id.as_str(), scope.profile().draft.slug),
        first_name: name,
        last_name: None,
        common_name: name,
        is_superuser: false,
        is_active: true,
        is_qbnewb: false,
        is_installer: false,
        group_ids: [EVERYBODY],
        locale: scope.locale(),
        personal_collection_id: None,
        login_attributes: None,
        sso_source: None,
        tenant_id: None,
    }))
}
