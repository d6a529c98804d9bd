//! `POST /api/ee/tenant`

use axum::response::Response;
use tenancy::model::tenant::TenantDraft;

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::shape::{Fields, Shape};
use crate::reply;

/// Makes a tenant. What clients have no words for is as for any new one.
pub(super) async fn create(admin: Admin, Sent(fields): Sent<Fields>) -> Result<Response, Denied> {
    let slug = fields
        .slug()?
        .ok_or_else(|| Denied::field("slug", "is needed: the name in addresses and placements, which never changes"))?;
    if fields.name.is_none() {
        return Err(Denied::field("name", "is needed"));
    }
    let mut draft = TenantDraft::new(slug, "");
    fields.put(&mut draft)?;
    let tenant = admin.operator.create_tenant(draft).await?;
    let shape = Shape::counted(&tenant, &admin.operator).await?;
    Ok(reply::versioned(tenant.version, &shape))
}
