//! `/api/api-key`: the tenant's keys, at the office that `/v1/api-keys` has.

mod list;
mod shape;
mod write;

pub(in crate::metabase) use shape::MASKED;

use axum::routing::{delete, get, post, put};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![("GET", "/api/api-key", get(list::list)), ("GET", "/api/api-key/count", get(list::count))]
}

/// What writes.
pub(super) fn writes() -> Vec<Route> {
    vec![
        ("POST", "/api/api-key", post(write::create)),
        ("PUT", "/api/api-key/{id}", put(write::change)),
        ("PUT", "/api/api-key/{id}/regenerate", put(write::regenerate)),
        ("DELETE", "/api/api-key/{id}", delete(write::revoke)),
    ]
}
