//! `GET /api/permissions/group/{id}`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::admin::Admin;
use super::Group;
use super::shape::Shape;
use crate::problem::Problem;
use crate::reply;

/// Shows a group.
pub(super) async fn show(admin: Admin) -> Result<Response, Denied> {
    let overview = admin.operator.overview().await?;
    let group = Group::find(&overview, admin.id()?).ok_or_else(Problem::missing)?;
    let keys = admin.operator.keys_in_force().await?;
    Ok(reply::json(&Shape::of(group, &keys).with_members()))
}
