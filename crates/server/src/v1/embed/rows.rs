//! `POST /v1/embed/items/{item}/rows`

use axum::extract::State;
use axum::response::Response;
use tenancy::Run;

use super::item;
use crate::app::App;
use crate::extract::{Body, Embed, Path};
use crate::problem::Problem;
use crate::rows::{self, Given};
use crate::v1::content::RowsDocument;

/// Run one card and read its rows.
///
/// Filters are given by the dashboard's names. A locked filter that is named is refused.
#[utoipa::path(post, path = "/v1/embed/items/{item}/rows", tag = "embed", operation_id = "embed_item_rows",
    params(("item" = String, Path, description = "Item of the dashboard; `card` for a card's token")),
    request_body = Given,
    responses((status = 200, body = RowsDocument), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn rows(
    Embed(scope): Embed,
    State(app): State<App>,
    Path(name): Path<String>,
    Body(given): Body<Given>,
) -> Result<Response, Problem> {
    let card = item::<Run>(&scope, &name)?;
    rows::document(&app, &scope, &card, given).await
}
