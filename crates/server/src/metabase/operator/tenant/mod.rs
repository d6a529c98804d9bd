//! `/api/ee/tenant`: the client organisations, without Metabase's licence.

mod create;
mod list;
mod replace;
mod shape;
mod show;

use axum::routing::{delete, get, post, put};

use super::super::api::Route;
use super::refused;

pub(super) use shape::{Fields, in_force};

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/ee/tenant", get(list::list)),
        ("POST", "/api/ee/tenant", post(create::create)),
        ("GET", "/api/ee/tenant/{id}", get(show::show)),
        ("PUT", "/api/ee/tenant/{id}", put(replace::replace)),
        ("DELETE", "/api/ee/tenant/{id}", delete(refused::tenant_removal)),
    ]
}
