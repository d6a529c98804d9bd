//! `POST /v1/embed/run`

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tenancy::model::content::Values;

use super::jobs;
use crate::app::App;
use crate::extract::{Body, Embed};
use crate::problem::Problem;
use crate::rows;
use crate::v1::content::known_names;

/// What to run, and with which filters.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunRequest {
    /// Filters by name; `null` means no value, an absent name takes the default.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(crate) parameters: Values,
    /// Items to run; all when absent.
    #[serde(default)]
    pub(crate) items: Option<Vec<String>>,
}

/// Run the whole dashboard.
///
/// One JSON object a line: `columns`, `rows` and `done` or `error` for each item as they arrive, `end` at the end.
#[utoipa::path(post, path = "/v1/embed/run", tag = "embed", operation_id = "embed_run",
    request_body = RunRequest,
    responses((status = 200, body = String, content_type = "application/x-ndjson"),
        (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn run(
    Embed(scope): Embed,
    State(app): State<App>,
    Body(request): Body<RunRequest>,
) -> Result<Response, Problem> {
    let jobs = jobs(&scope, request.items.as_deref())?;
    known_names(&request.parameters, |name| match super::embedded(&scope) {
        Ok(tenancy::Embedded::Dashboard(dashboard)) => dashboard.get().draft.filter(name).is_some(),
        Ok(tenancy::Embedded::Card(card)) => card.takes(name),
        Err(_) => false,
    })?;
    Ok(rows::events(&app, &scope, jobs, &request.parameters))
}
