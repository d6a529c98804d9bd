//! `POST /v1/embed/items/{item}/export/{format}`

use axum::extract::State;
use axum::response::Response;
use tenancy::Export;

use super::item;
use crate::app::App;
use crate::extract::{Body, Embed, Path};
use crate::problem::Problem;
use crate::rows::{self, FileFormat, Given};

/// Run one card and download its rows.
#[utoipa::path(post, path = "/v1/embed/items/{item}/export/{format}", tag = "embed", operation_id = "embed_item_export",
    params(("item" = String, Path, description = "Item of the dashboard; `card` for a card's token"),
        ("format" = FileFormat, Path, description = "File format")),
    request_body = Given,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn export(
    Embed(scope): Embed,
    State(app): State<App>,
    Path((name, format)): Path<(String, FileFormat)>,
    Body(given): Body<Given>,
) -> Result<Response, Problem> {
    let card = item::<Export>(&scope, &name)?;
    rows::file(&app, &scope, card, given, format).await
}
