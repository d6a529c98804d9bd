//! `GET /api/database/{id}`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::super::given::Given;
use super::super::admin::Admin;
use super::found::{Found, destination};
use super::shape::Shape;
use crate::reply;

/// Shows a data source, or a tenant's own place for one.
pub(super) async fn show(admin: Admin, given: Given) -> Result<Response, Denied> {
    let include = given.first("include");
    Ok(match Found::of(&admin).await? {
        Found::Source(source) => reply::versioned(source.version, &Shape::of_source(&source).including(include)),
        Found::Destination(overview) => {
            let (number, own) = destination(&overview, &admin)?;
            reply::versioned(own.version, &Shape::of_destination(number, &own).including(include))
        }
    })
}
