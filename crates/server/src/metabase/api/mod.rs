//! `/api/*` by key: reading and running, for clients that hold one of a tenant's API keys.
//!
//! The key becomes the scope that it is on our own surface, and everything is asked of that: what the key sees, what it may
//! run, where its SQL runs. A key is no viewer (ADR 8). What is written there for a user of a group is here a key's scopes.

pub(super) mod api_key;
pub(super) mod authoring;
mod card;
mod catalogue;
pub(super) mod collection;
pub(super) mod contents;
mod dashboard;
mod database;
mod dataset;
pub(super) mod denied;
pub(super) mod described;
mod eid;
mod field;
mod file;
pub(super) mod folders;
mod graph;
pub(super) mod groups;
pub(super) mod health;
pub(super) mod key;
mod linking;
mod people;
mod permissions;
pub(super) mod properties;
mod search;
pub(super) mod sent;
pub(super) mod session;
mod setting;
mod setup;
mod shape;
mod table;
mod tags;
mod told;
mod user;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, delete, get, post, put};
use futures_util::StreamExt;
use http::{StatusCode, header};

use crate::app::App;

/// A method, a path, and who answers.
pub(super) type Route = (&'static str, &'static str, MethodRouter<App>);

/// Every route.
fn table() -> Vec<Route> {
    let mut routes: Vec<Route> = vec![
        ("GET", "/api/health", get(health::show)),
        ("POST", "/api/session", post(session::create)),
        ("DELETE", "/api/session", delete(session::end)),
        ("GET", "/api/session/properties", get(properties::show)),
        ("GET", "/api/setting", get(setting::list)),
        ("GET", "/api/setting/{key}", get(setting::show)),
        ("GET", "/api/search", get(search::search)),
        ("POST", "/api/setup", post(setup::refuse)),
        ("POST", "/api/eid-translation/translate", post(eid::translate)),
    ];
    routes.extend(user::table());
    routes.extend(api_key::table());
    routes.extend(permissions::table());
    routes.extend(dashboard::table());
    routes.extend(card::table());
    routes.extend(collection::table());
    routes.extend(dataset::table());
    routes.extend(database::table());
    routes.extend(table::table());
    routes.extend(field::table());
    routes
}

/// Every route that writes, or whose answers are random. Beside the others, because what answers twice alike is proven in another
/// way than what does not.
fn writes() -> Vec<Route> {
    let mut routes: Vec<Route> =
        vec![("PUT", "/api/setting/{key}", put(setting::set)), ("GET", "/api/util/random_token", get(setup::random))];
    routes.extend(user::writes());
    routes.extend(api_key::writes());
    routes.extend(permissions::writes());
    routes.extend(card::writes());
    routes.extend(dashboard::writes());
    routes.extend(collection::writes());
    routes
}

/// The routes. Some clients write a slash behind the names of lists.
pub(super) fn routes() -> Router<App> {
    let mut router = Router::new();
    for (_, path, method) in table().into_iter().chain(writes()) {
        if path.matches('/').count() == 2 {
            router = router.route(&format!("{path}/"), method.clone());
        }
        router = router.route(path, method);
    }
    router.route("/api/{*rest}", any(nothing)).method_not_allowed_fallback(not_this_method)
}

/// What this surface does not have, whoever asks.
async fn nothing(body: Body) -> Response {
    not_offered(StatusCode::NOT_FOUND, body).await
}

/// What is read here and not written, or the other way round.
async fn not_this_method(body: Body) -> Response {
    not_offered(StatusCode::METHOD_NOT_ALLOWED, body).await
}

async fn not_offered(status: StatusCode, body: Body) -> Response {
    passed_over(body).await;
    let text = "This endpoint is not offered here. What is offered for clients of Metabase is in docs/metabase.md; the whole API is at /docs.";
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

/// Reads a body and keeps nothing of it: a client that is still sending when it is answered says that the connection broke, and not
/// what it was told. Only as much and for as long as somebody who has a use for the answer sends.
async fn passed_over(body: Body) {
    const MOST: usize = 4 * 1024 * 1024;
    let (mut parts, mut read) = (body.into_data_stream(), 0);
    let reading = async {
        while let Some(Ok(part)) = parts.next().await {
            read += part.len();
            if read > MOST {
                break;
            }
        }
    };
    // A time that has passed is an answer as well.
    let _ = tokio::time::timeout(Duration::from_secs(10), reading).await;
}

/// Methods and paths of this surface, so that no test forgets one.
#[must_use]
pub fn key_routes() -> Vec<(&'static str, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// The same of what writes.
#[must_use]
pub fn key_writes() -> Vec<(&'static str, &'static str)> {
    writes().into_iter().map(|(method, path, _)| (method, path)).collect()
}
