//! `/api/dashboard`: the dashboards that a key sees.

mod draft;
mod filters;
mod legacy;
mod links;
mod list;
mod metadata;
mod params;
mod pivot;
mod places;
mod run;
mod show;
mod tabs;
mod write;

use axum::routing::{delete, get, post, put};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/dashboard", get(list::list)),
        ("GET", "/api/dashboard/public", get(links::list)),
        ("GET", "/api/dashboard/embeddable", get(links::embeddable)),
        ("GET", "/api/dashboard/{id}", get(show::show)),
        ("GET", "/api/dashboard/{id}/query_metadata", get(metadata::show)),
        ("POST", "/api/dashboard/{id}/dashcard/{dashcard}/card/{card}/query", post(run::query)),
        ("POST", "/api/dashboard/{id}/dashcard/{dashcard}/card/{card}/query/{format}", post(run::export)),
        ("POST", "/api/dashboard/pivot/{id}/dashcard/{dashcard}/card/{card}/query", post(pivot::refuse)),
        ("GET", "/api/dashboard/{id}/params/{key}/values", get(params::values)),
        ("GET", "/api/dashboard/{id}/params/{key}/search/{prefix}", get(params::values)),
        ("GET", "/api/dashboard/{id}/params/{key}/remapping", get(params::remap)),
    ]
}

/// What writes.
pub(super) fn writes() -> Vec<Route> {
    vec![
        ("POST", "/api/dashboard", post(write::create)),
        ("PUT", "/api/dashboard/{id}", put(write::replace)),
        ("DELETE", "/api/dashboard/{id}", delete(write::delete)),
        ("POST", "/api/dashboard/{id}/copy", post(write::copy)),
        ("POST", "/api/dashboard/{id}/public_link", post(links::make)),
        ("DELETE", "/api/dashboard/{id}/public_link", delete(links::end)),
        ("POST", "/api/dashboard/{id}/cards", post(legacy::add)),
        ("PUT", "/api/dashboard/{id}/cards", put(legacy::change)),
        ("DELETE", "/api/dashboard/{id}/cards", delete(legacy::remove)),
    ]
}
