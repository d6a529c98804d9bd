//! `PUT /api/permissions/group/{id}`

use axum::response::Response;
use serde::Deserialize;

use super::super::super::api::authoring::Edited;
use super::super::super::api::denied::Denied;
use super::super::super::api::groups::{ADMINISTRATORS, EVERYBODY};
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::super::tenant::Fields;
use super::Group;
use super::shape::Shape;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    name: Option<String>,
}

/// Gives a tenant another name. Its slug stays, and so do its addresses.
pub(super) async fn replace(admin: Admin, edited: Edited, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    if [EVERYBODY, ADMINISTRATORS].iter().any(|fixed| admin.id().is_ok_and(|id| id == fixed.to_string())) {
        return Err(Denied::field("name", "the groups of everybody and of administrators keep their names"));
    }
    let tenant = admin.tenant().await?;
    edited.check(tenant.version)?;
    let mut draft = tenant.draft;
    Fields::named(body.name).put(&mut draft)?;
    let tenant = admin.operator.replace_tenant(tenant.id.as_str(), tenant.version, draft).await?;
    let keys = admin.operator.keys_in_force().await?;
    Ok(reply::versioned(tenant.version, &Shape::of(Group::Tenant(&tenant), &keys).with_members()))
}
