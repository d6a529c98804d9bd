//! `PUT /api/ee/tenant/{id}`

use axum::response::Response;

use super::super::super::api::authoring::Edited;
use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::shape::{Fields, Shape};
use crate::reply;

/// Changes what the body names of a tenant. Theme, limits, labels and everything else stays.
pub(super) async fn replace(admin: Admin, edited: Edited, Sent(fields): Sent<Fields>) -> Result<Response, Denied> {
    let tenant = admin.tenant().await?;
    edited.check(tenant.version)?;
    let mut draft = tenant.draft;
    fields.put(&mut draft)?;
    let tenant = admin.operator.replace_tenant(tenant.id.as_str(), tenant.version, draft).await?;
    let shape = Shape::counted(&tenant, &admin.operator).await?;
    Ok(reply::versioned(tenant.version, &shape))
}
