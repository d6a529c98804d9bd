//! `/v1/dashboards`: the dashboards that a key sees, and their rows.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Serialize;
use tenancy::model::content::Values;
use tenancy::{Dashboard, DashboardId, EntityId, Export, Run, View};

use crate::app::App;
use crate::extract::{Body, Path, Tenant};
use crate::problem::Problem;
use crate::reply;
use crate::rows::{self, FileFormat, Given};
use crate::v1::content::parameters::{self, ShownParameter, ValueList, Wanted};
use crate::v1::content::{RowsDocument, known_names};
use crate::v1::embed::RunRequest;

/// A dashboard in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Summary {
    id: DashboardId,
    number: i32,
    entity_id: Option<EntityId>,
    slug: Option<String>,
    name: String,
    description: Option<String>,
}

/// Dashboards in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Dashboards {
    data: Vec<Summary>,
}

/// A dashboard with its filters as this key may set them.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct DashboardView {
    #[serde(flatten)]
    #[schema(inline)]
    dashboard: Dashboard,
    filters: Vec<ShownParameter>,
}

/// List the dashboards that this key sees.
#[utoipa::path(get, path = "/v1/dashboards", tag = "tenant", operation_id = "dashboards_list",
    responses((status = 200, body = Dashboards), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn list(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let summary = |dashboard: &std::sync::Arc<Dashboard>| Summary {
        id: dashboard.id.clone(),
        number: dashboard.number,
        entity_id: dashboard.entity_id.clone(),
        slug: dashboard.draft.slug.as_ref().map(ToString::to_string),
        name: dashboard.draft.name.clone(),
        description: dashboard.draft.description.clone(),
    };
    Ok(reply::json(&Dashboards { data: scope.dashboards().iter().map(summary).collect() }))
}

/// See a dashboard, by id or slug.
#[utoipa::path(get, path = "/v1/dashboards/{dashboard}", tag = "tenant", operation_id = "dashboards_show",
    params(("dashboard" = String, Path, description = "Id or slug")),
    responses((status = 200, body = DashboardView), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn show(Tenant(scope): Tenant, Path(name): Path<String>) -> Result<Response, Problem> {
    let dashboard = scope.dashboard::<View>(&name)?;
    let filters = parameters::of_dashboard(&scope, &dashboard);
    let record = Dashboard::clone(dashboard.get());
    Ok(reply::versioned(record.version, &DashboardView { dashboard: record, filters }))
}

/// Run the whole dashboard: one JSON object a line, as results arrive.
#[utoipa::path(post, path = "/v1/dashboards/{dashboard}/run", tag = "tenant", operation_id = "dashboards_run",
    params(("dashboard" = String, Path, description = "Id or slug")), request_body = RunRequest,
    responses((status = 200, body = String, content_type = "application/x-ndjson"),
        (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn run(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path(name): Path<String>,
    Body(request): Body<RunRequest>,
) -> Result<Response, Problem> {
    let dashboard = scope.dashboard::<View>(&name)?;
    let jobs = rows::jobs(&dashboard, request.items.as_deref())?;
    known_names(&request.parameters, |name| dashboard.get().draft.filter(name).is_some())?;
    Ok(rows::events(&app, &scope, jobs, &request.parameters).await)
}

/// Run one card of a dashboard.
#[utoipa::path(post, path = "/v1/dashboards/{dashboard}/items/{item}/rows", tag = "tenant", operation_id = "dashboards_item_rows",
    params(("dashboard" = String, Path, description = "Id or slug"), ("item" = String, Path, description = "Item of the dashboard")),
    request_body = Given,
    responses((status = 200, body = RowsDocument), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn rows(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path((name, item)): Path<(String, String)>,
    Body(given): Body<Given>,
) -> Result<Response, Problem> {
    let card = scope.dashboard::<View>(&name)?.item::<Run>(&item)?;
    rows::document(&app, &scope, &card, given).await
}

/// Download the rows of one card of a dashboard.
#[utoipa::path(post, path = "/v1/dashboards/{dashboard}/items/{item}/export/{format}", tag = "tenant",
    operation_id = "dashboards_item_export",
    params(("dashboard" = String, Path, description = "Id or slug"), ("item" = String, Path, description = "Item of the dashboard"),
        ("format" = FileFormat, Path, description = "File format")),
    request_body = Given,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn export(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path((name, item, format)): Path<(String, String, FileFormat)>,
    Body(given): Body<Given>,
) -> Result<Response, Problem> {
    let card = scope.dashboard::<View>(&name)?.item::<Export>(&item)?;
    rows::file(&app, &scope, card, given, format).await
}

/// List the values of a dashboard's filter.
#[utoipa::path(get, path = "/v1/dashboards/{dashboard}/parameters/{name}/values", tag = "tenant",
    operation_id = "dashboards_parameter_values",
    params(("dashboard" = String, Path, description = "Id or slug"), ("name" = String, Path, description = "The filter"), Wanted),
    responses((status = 200, body = ValueList), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn values(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path((dashboard, name)): Path<(String, String)>,
    query: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wanted) = query.map_err(|_| Problem::missing())?;
    let dashboard = scope.dashboard::<View>(&dashboard)?;
    Ok(reply::json(
        &parameters::dashboard_values(&app, &dashboard, &name, wanted.search.as_deref(), Values::new()).await?,
    ))
}
