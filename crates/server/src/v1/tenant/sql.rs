//! `/v1/sql`: a tenant's own SQL, before it is saved or without saving it.

use axum::extract::State;
use axum::response::Response;
use query::{Engine, NativeQuery};
use serde::{Deserialize, Serialize};
use tenancy::Action;
use tenancy::model::content::Values;
use tenancy::placement::Level;

use crate::app::App;
use crate::extract::{Body, Tenant};
use crate::problem::Problem;
use crate::reply;
use crate::rows::{self, Given};
use crate::v1::content::RowsDocument;

/// A question that is not saved.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// The data source, by id or slug.
    source: String,
    /// The SQL, in the template language of cards.
    sql: String,
    /// The parameters that it declares.
    #[serde(default)]
    declared: Vec<query::Parameter>,
    /// Values for them, by name.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Values,
}

/// A data source as it is set up for this tenant.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TenantSource {
    slug: String,
    name: String,
    /// The engine that this tenant's rows are on.
    engine: Engine,
    /// What keeps them apart from other tenants'.
    level: Level,
    /// Whether SQL written by this tenant runs there; absent when the database cannot be asked now.
    tenant_sql: Option<bool>,
}

/// Data sources in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TenantSources {
    data: Vec<TenantSource>,
}

/// List this tenant's data sources, and whether its own SQL runs there.
#[utoipa::path(get, path = "/v1/sql/sources", tag = "tenant", operation_id = "sql_sources",
    responses((status = 200, body = TenantSources), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn sources(Tenant(scope): Tenant, State(app): State<App>) -> Result<Response, Problem> {
    if !scope.may(Action::SqlRun) {
        return Err(Problem::forbidden(Action::SqlRun.name()));
    }
    let mut data = Vec::new();
    for (placement, source) in scope.sources() {
        data.push(TenantSource {
            slug: source.draft.slug.to_string(),
            name: source.draft.name.clone(),
            engine: placement.engine(),
            level: placement.level(),
            tenant_sql: app.gateway().takes_tenant_sql(&placement).await,
        });
    }
    Ok(reply::json(&TenantSources { data }))
}

/// Run SQL that is not saved. Refusals say what is not allowed, where, and what to write instead.
#[utoipa::path(post, path = "/v1/sql/rows", tag = "tenant", operation_id = "sql_rows", request_body = Question,
    responses((status = 200, body = RowsDocument), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn run(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Body(question): Body<Question>,
) -> Result<Response, Problem> {
    let Question { source, sql, declared, parameters } = question;
    let card = scope.question(&source, NativeQuery { sql, parameters: declared })?;
    rows::document(&app, &scope, &card, Given { parameters }).await
}
