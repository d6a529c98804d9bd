//! The built pages, inside the binary.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::extract::Path;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// `GET /assets/{file}`: hashed names, so they never change and may be kept for ever.
pub(crate) async fn asset(Path(file): Path<String>) -> Result<Response, Problem> {
    let found = Dist::get(&format!("assets/{file}")).ok_or_else(Problem::missing)?;
    let media = HeaderValue::from_str(found.metadata.mimetype()).map_err(|_| Problem::missing())?;
    Ok(for_everybody(media, "public, max-age=31536000, immutable", found.data.into_owned()))
}

/// `GET /embed.js`: the elements, by a name that stays. What it imports has hashed names.
pub(crate) async fn embed_script() -> Result<Response, Problem> {
    published("embed.js", "text/javascript")
}

/// `GET /frame.js`: the helper for host pages with an iframe.
pub(crate) async fn frame_script() -> Result<Response, Problem> {
    published("frame.js", "text/javascript")
}

/// `GET /app/embed.js`, also below a tenant's address: the same elements by the names that Metabase's have. What it loads has hashed names.
pub(crate) async fn metabase_script() -> Result<Response, Problem> {
    published("metabase.js", "text/javascript")
}

/// `GET /embed.json`: the hashed names of both and their integrity values, for host pages that pin them.
pub(crate) async fn integrity() -> Result<Response, Problem> {
    published("embed.json", "application/json")
}

fn published(name: &str, media: &'static str) -> Result<Response, Problem> {
    let keep = "public, max-age=300, stale-while-revalidate=86400";
    Ok(for_everybody(HeaderValue::from_static(media), keep, page(name)?))
}

/// Scripts are loaded by pages of other origins; there is nothing in them that is anybody's own.
fn for_everybody(media: HeaderValue, keep: &'static str, body: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    (headers, body).into_response()
}

/// A page of ours by its file name.
pub(crate) fn page(name: &str) -> Result<Vec<u8>, Problem> {
    let found = Dist::get(name);
    let detail = "This build has no pages: run \"cargo xtask web\" and start the server again.";
    let found = found.ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "pages-missing", detail))?;
    Ok(found.data.into_owned())
}

/// Whether the pages are in this build.
#[must_use]
pub fn are_built() -> bool {
    Dist::get("embed.html").is_some()
}
