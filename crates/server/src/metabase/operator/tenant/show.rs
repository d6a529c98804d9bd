//! `GET /api/ee/tenant/{id}`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::admin::Admin;
use super::shape::Shape;
use crate::reply;

/// Shows a tenant.
pub(super) async fn show(admin: Admin) -> Result<Response, Denied> {
    let tenant = admin.tenant().await?;
    let shape = Shape::counted(&tenant, &admin.operator).await?;
    Ok(reply::versioned(tenant.version, &shape))
}
