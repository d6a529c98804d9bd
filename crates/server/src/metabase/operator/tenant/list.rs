//! `GET /api/ee/tenant?limit=&offset=`

use axum::response::Response;
use serde::Serialize;

use super::super::super::api::contents::Part;
use super::super::super::api::denied::Denied;
use super::super::super::given::Given;
use super::super::admin::Admin;
use super::shape::Shape;
use crate::reply;

#[derive(Serialize)]
struct Tenants<'t> {
    data: Vec<Shape<'t>>,
    total: usize,
    limit: Option<usize>,
    offset: usize,
}

/// Lists tenants by slug, suspended ones too.
pub(super) async fn list(admin: Admin, given: Given) -> Result<Response, Denied> {
    let part = Part::of(&given, None)?;
    let overview = admin.operator.overview().await?;
    let keys = admin.operator.keys_in_force().await?;
    let tenants = part.cut(overview.tenants.iter().collect());
    let data = tenants.into_iter().map(|tenant| Shape::of(tenant, &keys)).collect();
    let (total, limit, offset) = (overview.tenants.len(), part.limit, part.offset);
    Ok(reply::json(&Tenants { data, total, limit, offset }))
}
