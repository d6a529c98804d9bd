//! `/api/dataset`: a key's own SQL, without saving it.

mod export;
mod metadata;
mod native;
mod pivot;
pub(super) mod question;
mod run;

use axum::routing::post;

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("POST", "/api/dataset", post(run::run)),
        ("POST", "/api/dataset/native", post(native::show)),
        ("POST", "/api/dataset/pivot", post(pivot::refuse)),
        ("POST", "/api/dataset/query_metadata", post(metadata::show)),
        ("POST", "/api/dataset/{format}", post(export::send)),
    ]
}
