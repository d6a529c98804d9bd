//! `/api/permissions/graph`: which group's rows are where, as far as that can be said there.

mod graph;
mod replace;
mod show;

use axum::routing::{get, put};

use super::super::api::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/permissions/graph", get(show::show)),
        ("PUT", "/api/permissions/graph", put(replace::replace)),
        ("GET", "/api/permissions/graph/group/{id}", get(show::of_group)),
        ("GET", "/api/permissions/graph/db/{id}", get(show::of_database)),
    ]
}
