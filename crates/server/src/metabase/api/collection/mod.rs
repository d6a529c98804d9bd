//! `/api/collection`: the collections that a key sees, and what lies in them.

mod graph;
mod items;
mod list;
mod show;
pub(in crate::metabase) mod tree;
mod write;

use axum::routing::{delete, get, post, put};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/collection", get(list::list)),
        ("GET", "/api/collection/tree", get(tree::tree)),
        ("GET", "/api/collection/graph", get(graph::show)),
        ("GET", "/api/collection/{id}", get(show::show)),
        ("GET", "/api/collection/{id}/items", get(items::items)),
    ]
}

/// What writes.
pub(super) fn writes() -> Vec<Route> {
    vec![
        ("POST", "/api/collection", post(write::create)),
        ("PUT", "/api/collection/{id}", put(write::replace)),
        ("DELETE", "/api/collection/{id}", delete(write::delete)),
        ("PUT", "/api/collection/graph", put(graph::replace)),
    ]
}
