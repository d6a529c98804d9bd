//! `/v1/cards` and `/v1/collections`: what a key sees by itself, and its rows.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Serialize;
use tenancy::model::content::Visualization;
use tenancy::{Card, CardId, Collection, EntityId, Export, Run, View};

use crate::app::App;
use crate::extract::{Body, Path, Tenant};
use crate::problem::Problem;
use crate::reply;
use crate::rows::{self, FileFormat, Given};
use crate::v1::content::RowsDocument;
use crate::v1::content::parameters::{self, ShownParameter, ValueList, Wanted};

/// A card without its SQL, which is its author's.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CardView {
    id: CardId,
    number: i32,
    entity_id: Option<EntityId>,
    slug: Option<String>,
    name: String,
    description: Option<String>,
    visualization: Visualization,
    parameters: Vec<ShownParameter>,
}

/// Cards in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Cards {
    data: Vec<CardView>,
}

/// Collections in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Collections {
    data: Vec<Collection>,
}

fn view(card: &Card, parameters: Vec<ShownParameter>) -> CardView {
    CardView {
        id: card.id.clone(),
        number: card.number,
        entity_id: card.entity_id.clone(),
        slug: card.draft.slug.as_ref().map(ToString::to_string),
        name: card.draft.name.clone(),
        description: card.draft.description.clone(),
        visualization: card.draft.visualization.clone(),
        parameters,
    }
}

/// List the cards that this key sees by themselves.
#[utoipa::path(get, path = "/v1/cards", tag = "tenant", operation_id = "cards_list",
    responses((status = 200, body = Cards), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn list(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let mut data = Vec::new();
    for card in scope.cards() {
        let granted = scope.card::<View>(card.id.as_str())?;
        data.push(view(&card, parameters::of_card(&scope, &granted)));
    }
    Ok(reply::json(&Cards { data }))
}

/// See a card, by id or slug.
#[utoipa::path(get, path = "/v1/cards/{card}", tag = "tenant", operation_id = "cards_show",
    params(("card" = String, Path, description = "Id or slug")),
    responses((status = 200, body = CardView), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn show(Tenant(scope): Tenant, Path(name): Path<String>) -> Result<Response, Problem> {
    let card = scope.card::<View>(&name)?;
    Ok(reply::json(&view(card.get(), parameters::of_card(&scope, &card))))
}

/// Run a card.
#[utoipa::path(post, path = "/v1/cards/{card}/rows", tag = "tenant", operation_id = "cards_rows",
    params(("card" = String, Path, description = "Id or slug")), request_body = Given,
    responses((status = 200, body = RowsDocument), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn rows(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path(name): Path<String>,
    Body(given): Body<Given>,
) -> Result<Response, Problem> {
    let card = scope.card::<Run>(&name)?;
    rows::document(&app, &scope, &card, given).await
}

/// Download a card's rows.
#[utoipa::path(post, path = "/v1/cards/{card}/export/{format}", tag = "tenant", operation_id = "cards_export",
    params(("card" = String, Path, description = "Id or slug"), ("format" = FileFormat, Path, description = "File format")),
    request_body = Given,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn export(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path((name, format)): Path<(String, FileFormat)>,
    Body(given): Body<Given>,
) -> Result<Response, Problem> {
    let card = scope.card::<Export>(&name)?;
    rows::file(&app, &scope, card, given, format).await
}

/// List the values of a card's parameter.
#[utoipa::path(get, path = "/v1/cards/{card}/parameters/{name}/values", tag = "tenant", operation_id = "cards_parameter_values",
    params(("card" = String, Path, description = "Id or slug"), ("name" = String, Path, description = "The parameter"), Wanted),
    responses((status = 200, body = ValueList), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn values(
    Tenant(scope): Tenant,
    State(app): State<App>,
    Path((card, name)): Path<(String, String)>,
    query: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wanted) = query.map_err(|_| Problem::missing())?;
    let card = scope.card::<View>(&card)?;
    Ok(reply::json(&parameters::card_values(&app, &card, &name, wanted.search.as_deref()).await?))
}

/// List the collections that this key sees.
#[utoipa::path(get, path = "/v1/collections", tag = "tenant", operation_id = "collections_list",
    responses((status = 200, body = Collections), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("api_key" = [])))]
pub(super) async fn collections(Tenant(scope): Tenant) -> Result<Response, Problem> {
    let data = scope.collections().iter().map(|collection| Collection::clone(collection)).collect();
    Ok(reply::json(&Collections { data }))
}
