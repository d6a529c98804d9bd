//! Pages: the embedded view, the demo's portals, the API's documentation, and the playground for developers.
//!
//! Pages hold no data and need no cookie. The token is in the fragment, which no server sees, or in the path,
//! for clients that can only put it there; it is never logged (the log has routes, not paths).

use std::collections::BTreeSet;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, RawPathParams, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::app::{App, Portal};
use crate::assets;
use crate::extract::Path;
use crate::problem::Problem;
use crate::reply;

/// What every page may load and do: our own files, nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Where the embedded page reads which origins may frame it, so that it speaks to no other.
const NO_ORIGINS: &str = "name=\"cloison-origins\" content=\"\"";

/// `GET /embed/dashboard` and `/embed/card`: the token is in the fragment, so who may frame is not known here.
/// The page without a token shows nothing.
pub(crate) async fn embed() -> Result<Response, Problem> {
    page("embed.html", &BTreeSet::new())
}

/// `GET /embed/dashboard/{token}`, `/embed/card/{token}` and, as Metabase's clients say, `/embed/question/{token}`: the token's key says who may frame.
pub(crate) async fn embed_with_token(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Problem> {
    let origins = app.tenancy().frame_origins(&token, None).await.unwrap_or_default();
    page("embed.html", &origins)
}

/// The same below `/t/{slug}`, where the first segment is the tenant.
pub(crate) async fn embed_with_slug_and_token(
    State(app): State<App>,
    segments: RawPathParams,
) -> Result<Response, Problem> {
    let segment = |wanted: &str| segments.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.to_owned());
    let (slug, token) = (segment("slug").unwrap_or_default(), segment("token").unwrap_or_default());
    let origins = app.tenancy().frame_origins(&token, Some(&slug)).await.unwrap_or_default();
    page("embed.html", &origins)
}

/// `GET /public/dashboard/{uuid}` and `/public/question/{uuid}`: the same page for every link, and for what is none. What it
/// may show it asks for itself, so nothing about a link is told here.
pub(crate) async fn public() -> Result<Response, Problem> {
    page("embed.html", &BTreeSet::new())
}

/// The dashboard of a portal, unless its page asks for another.
const OVERVIEW: &str = "overview";

/// `GET /demo`: the three portals, side by side.
pub(crate) async fn demo() -> Result<Response, Problem> {
    html(assets::page("demo/index.html")?, &format!("{POLICY}; frame-src 'self'; frame-ancestors 'none'"))
}

/// `GET /demo/{client}`: that client's own page, which `/demo` may frame.
pub(crate) async fn portal(State(app): State<App>, Path(client): Path<String>) -> Result<Response, Problem> {
    // Only a client's slug becomes the name of a file.
    let portal = portal_of(&app, &client, OVERVIEW).await?;
    let page = assets::page(&format!("demo/{}.html", portal.slug))?;
    html(page, &format!("{POLICY}; frame-src 'self'; frame-ancestors 'self'"))
}

/// `GET /demo/{client}/token?dashboard=`: what a client's own site does for the people who are signed in to it.
/// The key that signs is this client's and of the published dashboards only, so an unknown name opens nothing.
pub(crate) async fn portal_token(
    State(app): State<App>,
    Path(client): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wanted) = wanted.map_err(|_| Problem::missing())?;
    let portal = portal_of(&app, &client, wanted.dashboard.as_deref().unwrap_or(OVERVIEW)).await?;
    Ok(reply::json(&serde_json::json!({ "token": portal.token })))
}

/// What a portal asks a token for.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    dashboard: Option<String>,
}

async fn portal_of(app: &App, client: &str, dashboard: &str) -> Result<Portal, Problem> {
    let demo = app.settings().demo.clone().ok_or_else(Problem::missing)?;
    demo(dashboard).await.into_iter().find(|portal| portal.slug == client).ok_or_else(Problem::missing)
}

/// `GET /demo/portals.json`: each client's link, with a token that was just made.
pub(crate) async fn portals(State(app): State<App>) -> Result<Response, Problem> {
    let demo = app.settings().demo.clone().ok_or_else(Problem::missing)?;
    Ok(reply::json(&demo(OVERVIEW).await))
}

/// `GET /docs`: the API, to read and to try.
pub(crate) async fn docs() -> Result<Response, Problem> {
    html(assets::page("docs.html")?, &format!("{POLICY}; frame-ancestors 'none'"))
}

/// `GET /playground`: a token is made and tried in the developer's own browser, with the code that does the same on a server.
pub(crate) async fn playground() -> Result<Response, Problem> {
    html(assets::page("playground.html")?, &format!("{POLICY}; frame-src 'self'; frame-ancestors 'none'"))
}

/// `origins` are checked when the key is written: a scheme and a host, without anything that HTML or a header could stumble over.
fn page(name: &str, origins: &BTreeSet<String>) -> Result<Response, Problem> {
    let mut body = assets::page(name)?;
    if !origins.is_empty() {
        let text = String::from_utf8(body).map_err(|_| Problem::internal())?;
        let listed = format!("name=\"cloison-origins\" content=\"{}\"", ancestors(origins));
        body = text.replacen(NO_ORIGINS, &listed, 1).into_bytes();
    }
    html(body, &format!("{POLICY}; frame-ancestors {}", ancestors(origins)))
}

fn ancestors(origins: &BTreeSet<String>) -> String {
    if origins.is_empty() {
        return "*".to_owned();
    }
    origins.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn html(body: Vec<u8>, policy: &str) -> Result<Response, Problem> {
    let policy = HeaderValue::from_str(policy).map_err(|_| Problem::internal())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    Ok((headers, body).into_response())
}
