//! `/api/collection`: the library's collections, and who sees them.

mod cells;
mod create;
mod graph;
mod list;
mod plan;
mod replace;
mod show;

use axum::routing::{get, post, put};

use super::super::api::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/collection", get(list::list)),
        ("POST", "/api/collection", post(create::create)),
        ("GET", "/api/collection/graph", get(graph::show)),
        ("PUT", "/api/collection/graph", put(replace::replace)),
        ("GET", "/api/collection/tree", get(list::tree)),
        ("GET", "/api/collection/{id}", get(show::show)),
    ]
}
