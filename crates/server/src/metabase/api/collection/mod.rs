//! `/api/collection`: the collections that a key sees, and what lies in them.

mod items;
mod list;
mod show;
mod tree;

use axum::routing::get;

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/collection", get(list::list)),
        ("GET", "/api/collection/tree", get(tree::tree)),
        ("GET", "/api/collection/{id}", get(show::show)),
        ("GET", "/api/collection/{id}/items", get(items::items)),
    ]
}
