//! `/api/card`: the questions that a key sees by themselves.

mod dashboards;
mod draft;
mod links;
mod list;
mod look;
mod metadata;
mod moves;
mod params;
mod pivot;
mod run;
mod show;
mod write;

pub(super) use pivot::TEXT as PIVOT;

use axum::routing::{delete, get, post, put};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/card", get(list::list)),
        ("GET", "/api/card/public", get(links::list)),
        ("GET", "/api/card/embeddable", get(links::embeddable)),
        ("GET", "/api/card/{id}", get(show::show)),
        ("GET", "/api/card/{id}/dashboards", get(dashboards::list)),
        ("GET", "/api/card/{id}/series", get(dashboards::series)),
        ("GET", "/api/card/{id}/query_metadata", get(metadata::show)),
        ("POST", "/api/card/{id}/query", post(run::query)),
        ("POST", "/api/card/{id}/query/{format}", post(run::export)),
        ("POST", "/api/card/pivot/{id}/query", post(pivot::refuse)),
        ("GET", "/api/card/{id}/params/{key}/values", get(params::values)),
        ("GET", "/api/card/{id}/params/{key}/search/{prefix}", get(params::values)),
        ("GET", "/api/card/{id}/params/{key}/remapping", get(params::remap)),
    ]
}

/// What writes.
pub(super) fn writes() -> Vec<Route> {
    vec![
        ("POST", "/api/card", post(write::create)),
        ("POST", "/api/card/collections", post(moves::into_collection)),
        ("POST", "/api/cards/move", post(moves::into_collection)),
        ("PUT", "/api/card/{id}", put(write::replace)),
        ("DELETE", "/api/card/{id}", delete(write::delete)),
        ("POST", "/api/card/{id}/copy", post(write::copy)),
        ("POST", "/api/card/{id}/public_link", post(links::make)),
        ("DELETE", "/api/card/{id}/public_link", delete(links::end)),
    ]
}
