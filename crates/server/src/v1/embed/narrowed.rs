//! `POST /v1/embed/parameters/{name}/values`

use axum::extract::State;
use axum::response::Response;
use tenancy::Embedded;

use super::embedded;
use crate::app::App;
use crate::extract::{Body, Embed, Path};
use crate::problem::Problem;
use crate::reply;
use crate::v1::content::parameters::{self, ValueList, WantedBeside};

/// List a filter's values, narrowed by the filters that it is linked to. Values stand in the body: addresses are logged.
#[utoipa::path(post, path = "/v1/embed/parameters/{name}/values", tag = "embed", operation_id = "embed_parameter_values_narrowed",
    params(("name" = String, Path, description = "The filter")),
    request_body = WantedBeside,
    responses((status = 200, body = ValueList), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn narrowed(
    Embed(scope): Embed,
    State(app): State<App>,
    Path(name): Path<String>,
    Body(wanted): Body<WantedBeside>,
) -> Result<Response, Problem> {
    let Embedded::Dashboard(dashboard) = embedded(&scope)? else { return Err(Problem::missing()) };
    let search = wanted.search.as_deref();
    Ok(reply::json(&parameters::dashboard_values(&app, &dashboard, &name, search, wanted.parameters).await?))
}
