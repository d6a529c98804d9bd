//! `/api/card`: the questions that a key sees by themselves.

mod list;
mod metadata;
mod params;
mod pivot;
mod run;
mod show;

pub(super) use pivot::TEXT as PIVOT;

use axum::routing::{get, post};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/card", get(list::list)),
        ("GET", "/api/card/{id}", get(show::show)),
        ("GET", "/api/card/{id}/query_metadata", get(metadata::show)),
        ("POST", "/api/card/{id}/query", post(run::query)),
        ("POST", "/api/card/{id}/query/{format}", post(run::export)),
        ("POST", "/api/card/pivot/{id}/query", post(pivot::refuse)),
        ("GET", "/api/card/{id}/params/{key}/values", get(params::values)),
        ("GET", "/api/card/{id}/params/{key}/search/{prefix}", get(params::values)),
        ("GET", "/api/card/{id}/params/{key}/remapping", get(params::remap)),
    ]
}
