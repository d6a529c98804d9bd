//! `GET /api/user/current`: the operator's key, as the administrator that clients take it for.

use axum::response::Response;
use serde::Serialize;

use super::super::api::groups::{ADMINISTRATORS, EVERYBODY};
use super::super::numbers::Named;
use super::admin::Admin;
use crate::reply;

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
    group_ids: [i32; 2],
    locale: Option<()>,
    personal_collection_id: Option<()>,
    login_attributes: Option<()>,
    sso_source: Option<()>,
    tenant_id: Option<()>,
}

/// Who this key is.
pub(super) async fn show(admin: Admin) -> Response {
    let (id, name) = (admin.operator.actor_name(), admin.operator.key_name());
    let named = Named::of(&["user", id]);
    reply::json(&User {
        id: named.number,
        entity_id: named.entity_id.as_str().to_owned(),
        // A domain that never is (RFC 2606).
        email: format!("{id}@operator.invalid"),
        first_name: name,
        last_name: None,
        common_name: name,
        is_superuser: true,
        is_active: true,
        is_qbnewb: false,
        is_installer: false,
        group_ids: [EVERYBODY, ADMINISTRATORS],
        locale: None,
        personal_collection_id: None,
        login_attributes: None,
        sso_source: None,
        tenant_id: None,
    })
}
