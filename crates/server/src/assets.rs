//! The built pages, inside the binary.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
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
    let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
    Ok(([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, keep)], found.data.into_owned()).into_response())
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
