//! `/api/database`: the data sources that a key may question.

mod fields;
mod health;
mod list;
pub(super) mod metadata;
mod schemas;
mod show;

use axum::routing::get;

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/database", get(list::list)),
        ("GET", "/api/database/{id}", get(show::show)),
        ("GET", "/api/database/{id}/metadata", get(metadata::show)),
        ("GET", "/api/database/{id}/healthcheck", get(health::check)),
        ("GET", "/api/database/{id}/fields", get(fields::list)),
        ("GET", "/api/database/{id}/schemas", get(schemas::list)),
        ("GET", "/api/database/{id}/schema/{schema}", get(schemas::tables)),
        ("GET", "/api/database/{id}/schema/", get(schemas::tables_without)),
    ]
}
