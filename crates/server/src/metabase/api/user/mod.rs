//! `/api/user`: keys, as the users that clients take them for.

mod current;
mod list;
mod refused;

use axum::routing::{delete, get, post, put};

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/user", get(list::list)),
        ("GET", "/api/user/current", get(current::show)),
        ("GET", "/api/user/{id}", get(list::show)),
    ]
}

/// What would write.
pub(super) fn writes() -> Vec<Route> {
    vec![
        ("POST", "/api/user", post(refused::create)),
        ("PUT", "/api/user/{id}", put(refused::change)),
        ("PUT", "/api/user/{id}/reactivate", put(refused::change)),
        ("PUT", "/api/user/{id}/password", put(refused::password)),
        ("DELETE", "/api/user/{id}", delete(refused::delete)),
    ]
}
