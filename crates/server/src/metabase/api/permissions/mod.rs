//! `/api/permissions`: sets of scopes as groups, keys as their members, and what each may do.

mod graph;
mod group;
mod membership;

use axum::routing::{delete, get, post, put};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/permissions/group", get(group::list)),
        ("GET", "/api/permissions/group/{id}", get(group::show)),
        ("GET", "/api/permissions/membership", get(membership::list)),
        ("GET", "/api/permissions/graph", get(graph::show)),
        ("GET", "/api/permissions/graph/group/{id}", get(graph::of_group)),
        ("GET", "/api/permissions/graph/db/{id}", get(graph::of_database)),
    ]
}

/// What writes, or would.
pub(super) fn writes() -> Vec<Route> {
    vec![
        ("POST", "/api/permissions/group", post(group::create)),
        ("PUT", "/api/permissions/group/{id}", put(group::change)),
        ("DELETE", "/api/permissions/group/{id}", delete(group::delete)),
        ("POST", "/api/permissions/membership", post(membership::change)),
        ("DELETE", "/api/permissions/membership/{id}", delete(membership::change)),
        ("PUT", "/api/permissions/graph", put(graph::replace)),
    ]
}
