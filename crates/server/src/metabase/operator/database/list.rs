//! `GET /api/database?router_database_id=&include=`

use axum::response::Response;
use serde::Serialize;

use super::super::super::api::denied::Denied;
use super::super::super::given::Given;
use super::super::admin::Admin;
use super::found::numbered;
use super::shape::Shape;
use crate::problem::Problem;
use crate::reply;

#[derive(Serialize)]
struct Databases<'o> {
    data: Vec<Shape<'o>>,
    total: usize,
}

/// Lists data sources; or one's destinations, which are in no other list.
pub(super) async fn list(admin: Admin, given: Given) -> Result<Response, Denied> {
    let overview = admin.operator.overview().await?;
    let data: Vec<_> = match given.first("router_database_id") {
        None => {
            let shape = |source| Shape::of_source(source).including(given.first("include"));
            overview.sources.iter().map(shape).collect()
        }
        Some(name) => {
            let is = |number: i32| number.to_string() == name;
            if !overview.sources.iter().any(|source| is(source.number)) {
                return Err(Problem::missing().into());
            }
            let own = numbered(&overview).into_iter().filter(|(_, one)| is(one.source.number));
            own.map(|(number, one)| Shape::of_destination(number, &one)).collect()
        }
    };
    Ok(reply::json(&Databases { total: data.len(), data }))
}
