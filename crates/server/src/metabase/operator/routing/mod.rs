//! `/api/ee/database-routing`: which tenant reads where, without Metabase's licence.

mod destinations;
mod router;

use axum::routing::{post, put};

use super::super::api::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("PUT", "/api/ee/database-routing/router-database/{id}", put(router::replace)),
        ("POST", "/api/ee/database-routing/destination-database", post(destinations::create)),
    ]
}
