//! `GET /api/ee/tenant?limit=&offset=`

use axum::response::Response;
use serde::Serialize;

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
    let number = |name: &'static str| {
        let read = |text: &str| text.parse::<usize>().map_err(|_| Denied::field(name, "must be a whole number"));
        given.first(name).map(read).transpose()
    };
    let (limit, offset) = (number("limit")?, number("offset")?.unwrap_or(0));
    let overview = admin.operator.overview().await?;
    let keys = admin.operator.keys_in_force().await?;
    let tenants = overview.tenants.iter().skip(offset).take(limit.unwrap_or(usize::MAX));
    let data = tenants.map(|tenant| Shape::of(tenant, &keys)).collect();
    Ok(reply::json(&Tenants { data, total: overview.tenants.len(), limit, offset }))
}
