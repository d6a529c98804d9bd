//! `GET /app/iframeResizer.js`: what host pages of guest embeds load to give the frame its height. The text is ours; the name
//! and the function are those that the pages call.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, header};

const SCRIPT: &str = include_str!("iframe-resizer.js");

/// The script, for pages of every origin.
pub(crate) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript"),
        (header::CACHE_CONTROL, "public, max-age=300, stale-while-revalidate=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, SCRIPT).into_response()
}
