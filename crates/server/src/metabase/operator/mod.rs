//! `/api/*` by an operator's key: tenants, databases, routing, groups and who sees what of the library, for scripts that
//! administer Metabase.
//!
//! A translation onto the operator's services of `/v1`, with their checks and their audit log. Only at the root: an address
//! below `/t/{slug}` is a tenant's, and there an operator's key is no key. What is not in this table is refused whatever a
//! tenant's key would get: nothing here leads to rows or to what a tenant wrote (ADR 11).

mod admin;
mod api_key;
mod collection;
mod current;
mod database;
mod group;
mod permissions;
mod refused;
mod routing;
mod session;
mod tenant;

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::request::Parts;
use http::{Extensions, HeaderValue, header};
use tenancy::{OPERATOR_PREFIX, OperatorScope};
use tower::ServiceExt as _;

use super::api::{Route, health, key, properties, session as login};
use crate::app::App;
use crate::extract::Operator;
use crate::problem::Problem;

/// Every route.
fn table() -> Vec<Route> {
    let mut routes: Vec<Route> = vec![
        ("GET", "/api/health", get(health::show)),
        ("GET", "/api/session/properties", get(properties::show)),
        ("POST", "/api/session", post(login::create)),
        ("DELETE", "/api/session", delete(session::end)),
        ("GET", "/api/user/current", get(current::show)),
        ("GET", "/api/api-key", get(refused::api_keys)),
        ("POST", "/api/api-key", post(api_key::create)),
    ];
    routes.extend(tenant::table());
    routes.extend(database::table());
    routes.extend(routing::table());
    routes.extend(group::table());
    routes.extend(collection::table());
    routes.extend(permissions::table());
    routes
}

/// Methods and paths of this surface, so that no test forgets one.
#[must_use]
pub fn operator_routes() -> Vec<(&'static str, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// The table, ready to be asked.
#[derive(Clone)]
pub(crate) struct Administration(Router);

impl Administration {
    pub(crate) fn new(app: App) -> Self {
        let mut router = Router::new();
        for (_, path, method) in table() {
            // Some clients write a slash behind the names of lists.
            if !path.ends_with('}') {
                router = router.route(&format!("{path}/"), method.clone());
            }
            router = router.route(path, method);
        }
        let router = router.layer(from_fn(say_route)).fallback(admin::elsewhere);
        Self(router.method_not_allowed_fallback(admin::elsewhere).with_state(app))
    }
}

/// Lets the log name the route that answered.
async fn say_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Whether a credential says of itself that it is an operator's. What it says is only where it is looked for.
pub(super) fn is_operators(presented: &str) -> bool {
    presented.starts_with(OPERATOR_PREFIX)
}

/// Whether a path is one of the routes by key, at the root.
fn is_by_key(path: &str) -> bool {
    let by_token = ["/api/embed/", "/api/public/", "/api/preview_embed/"];
    path.starts_with("/api/") && !by_token.iter().any(|start| path.starts_with(start))
}

/// Sends what comes with an operator's key to the operator's table, whatever the tenants' has at that path. Which of several
/// headers is the credential is decided here, once and as for tenants' keys, and the others are taken away.
pub(crate) async fn dispatch(State(desk): State<Administration>, request: Request, next: Next) -> Response {
    let presented = key::presented(request.headers()).filter(|key| is_operators(key));
    let Some(presented) = presented.filter(|_| is_by_key(request.uri().path())).map(str::to_owned) else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    present(&presented, &mut parts);
    // What the other table read of the path is not this one's.
    let peer = parts.extensions.remove::<ConnectInfo<SocketAddr>>();
    parts.extensions = Extensions::new();
    if let Some(peer) = peer {
        parts.extensions.insert(peer);
    }
    let answer: Result<Response, Infallible> = desk.0.oneshot(Request::<Body>::from_parts(parts, body)).await;
    match answer {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Makes a key the only credential of a request.
fn present(key: &str, parts: &mut Parts) {
    for name in ["x-api-key", "x-metabase-session"] {
        parts.headers.remove(name);
    }
    parts.headers.remove(header::AUTHORIZATION);
    if let Ok(value) = HeaderValue::from_str(&format!("Bearer {key}")) {
        parts.headers.insert(header::AUTHORIZATION, value);
    }
}

/// Admits an operator's key that came in a body, as if it had come in a header.
pub(super) async fn admit(key: &str, mut parts: Parts, app: &App) -> Result<OperatorScope, Problem> {
    use axum::extract::FromRequestParts as _;
    present(key, &mut parts);
    Operator::from_request_parts(&mut parts, app).await.map(|Operator(scope)| scope)
}
