//! `POST /v1/embed/run`

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tenancy::model::content::Values;
use tenancy::{Card, Embedded, Granted, TenantScope, View};

use super::{CARD_ITEM, embedded};
use crate::app::App;
use crate::extract::{Body, Embed};
use crate::problem::Problem;
use crate::rows::{self, Job};
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
    let wanted = request.items.as_deref();
    let jobs = match embedded(&scope)? {
        Embedded::Dashboard(dashboard) => {
            let jobs = rows::jobs(&dashboard, wanted)?;
            known_names(&request.parameters, |name| dashboard.get().draft.filter(name).is_some())?;
            jobs
        }
        Embedded::Card(card) => {
            let jobs = card_job(&scope, &card, wanted)?;
            known_names(&request.parameters, |name| card.takes(name))?;
            jobs
        }
    };
    Ok(rows::events(&app, &scope, jobs, &request.parameters).await)
}

/// The one item of a card's token.
fn card_job<'s>(
    scope: &'s TenantScope,
    card: &Granted<'s, View, Card>,
    wanted: Option<&[String]>,
) -> Result<Vec<Job<'s>>, Problem> {
    let names_it = |wanted: &[String]| wanted.iter().any(|name| name == CARD_ITEM);
    if wanted.is_some_and(|wanted| wanted.iter().any(|name| name != CARD_ITEM)) {
        return Err(Problem::missing());
    }
    let card = scope.card(card.get().id.as_str())?;
    let job = Job { item: CARD_ITEM.into(), card: Ok(card) };
    Ok(if wanted.is_none_or(names_it) { vec![job] } else { Vec::new() })
}
