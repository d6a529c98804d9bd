//! `GET /v1/embed/parameters/{name}/values`

use axum::extract::{Query, State};
use axum::response::Response;
use tenancy::Embedded;
use tenancy::model::content::Values;

use super::embedded;
use crate::app::App;
use crate::extract::{Embed, Path};
use crate::problem::Problem;
use crate::reply;
use crate::v1::content::parameters::{self, ValueList, Wanted};

/// List a filter's values: the tenant's own, and only what its locked filters leave.
#[utoipa::path(get, path = "/v1/embed/parameters/{name}/values", tag = "embed", operation_id = "embed_parameter_values",
    params(("name" = String, Path, description = "The filter"), Wanted),
    responses((status = 200, body = ValueList), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn values(
    Embed(scope): Embed,
    State(app): State<App>,
    Path(name): Path<String>,
    query: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wanted) = query.map_err(|_| Problem::missing())?;
    let search = wanted.search.as_deref();
    let list = match embedded(&scope)? {
        Embedded::Dashboard(dashboard) => {
            parameters::dashboard_values(&app, &dashboard, &name, search, Values::new()).await?
        }
        Embedded::Card(card) => parameters::card_values(&app, &card, &name, search).await?,
    };
    Ok(reply::json(&list))
}
