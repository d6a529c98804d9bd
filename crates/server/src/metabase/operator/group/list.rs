//! `GET /api/permissions/group`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::admin::Admin;
use super::Group;
use super::shape::Shape;
use crate::reply;

/// Lists groups: everybody, the operators, and each tenant.
pub(super) async fn list(admin: Admin) -> Result<Response, Denied> {
    let overview = admin.operator.overview().await?;
    let keys = admin.operator.keys_in_force().await?;
    let groups: Vec<_> = Group::all(&overview).map(|group| Shape::of(group, &keys)).collect();
    Ok(reply::json(&groups))
}
