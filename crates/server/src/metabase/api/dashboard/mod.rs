//! `/api/dashboard`: the dashboards that a key sees.

mod list;
mod metadata;
mod params;
mod pivot;
mod run;
mod show;

use axum::routing::{get, post};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/dashboard", get(list::list)),
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
