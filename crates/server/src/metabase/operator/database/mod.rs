//! `/api/database`: data sources, and tenants' own places for them ("destination databases").

mod create;
mod details;
mod found;
mod list;
mod remove;
mod replace;
mod shape;
mod show;
mod sync;
mod template;
mod validate;

use axum::routing::{delete, get, post, put};

use super::super::api::Route;

pub(super) use details::{Details, FIELDS};
pub(super) use found::numbered;
pub(super) use shape::Shape;
pub(super) use template::engine;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/database", get(list::list)),
        ("POST", "/api/database", post(create::create)),
        ("POST", "/api/database/validate", post(validate::validate)),
        ("GET", "/api/database/{id}", get(show::show)),
        ("PUT", "/api/database/{id}", put(replace::replace)),
        ("DELETE", "/api/database/{id}", delete(remove::remove)),
        ("POST", "/api/database/{id}/sync_schema", post(sync::nothing)),
        ("POST", "/api/database/{id}/rescan_values", post(sync::nothing)),
        ("POST", "/api/database/{id}/discard_values", post(sync::nothing)),
    ]
}
