//! `POST /api/ee/database-routing/destination-database`

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::placing::{PlacementDraft, Source};
use tenancy::{Overview, TenantId, WriteError};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::{Admin, refused};
use super::super::database::{Details, FIELDS, Shape, engine, numbered};
use crate::app::App;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    router_database_id: Option<i32>,
    #[serde(default)]
    destinations: Vec<Destination>,
}

#[derive(Deserialize)]
struct Destination {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    engine: Option<String>,
    #[serde(default)]
    details: Option<Value>,
}

/// Gives tenants places of their own for a data source: all of those that the request names, or none.
pub(super) async fn create(admin: Admin, State(app): State<App>, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let number = body.router_database_id.ok_or_else(|| Denied::field("router_database_id", "is needed"))?;
    if body.destinations.is_empty() {
        return Err(Denied::field("destinations", "name at least one: {\"name\", \"details\"}"));
    }
    let overview = admin.operator.overview().await?;
    let source = overview.sources.iter().find(|source| source.number == number);
    let source = source.ok_or_else(|| Denied::field("router_database_id", "there is no such database"))?;
    let mut drafts = Vec::new();
    for (place, destination) in body.destinations.into_iter().enumerate() {
        drafts.push(read(destination, &overview, source).map_err(|error| error.within(&at(place)))?);
    }
    let tenants: HashSet<TenantId> = drafts.iter().map(|(tenant, _)| tenant.clone()).collect();
    if tenants.len() < drafts.len() {
        return Err(Denied::field("destinations", "name each tenant once"));
    }
    let made = admin.operator.place_all(source.id.as_str(), drafts).await.map_err(|(place, error)| match error {
        WriteError::Stale => Denied::field(format!("{}.name", at(place)), TAKEN),
        error => refused(error, &FIELDS).within(&at(place)),
    })?;
    for record in &made {
        let placement = admin.operator.resolved_placement(record.tenant.as_str(), record.source.as_str()).await?;
        let (app, placement) = (app.clone(), Arc::new(placement));
        // Looked at now, so that the log says at once what is wrong; the answer does not wait for a database.
        tokio::spawn(async move { app.gateway().preflight(&placement).await });
    }
    let overview = admin.operator.overview().await?;
    let new = numbered(&overview)
        .into_iter()
        .filter(|(_, own)| own.source.number == number && tenants.contains(&own.tenant.id));
    let shapes: Vec<_> = new.map(|(number, own)| Shape::of_destination(number, &own)).collect();
    Ok(reply::json(&shapes))
}

const TAKEN: &str = "this tenant has a destination already: change it with PUT /api/database/:id";

fn at(place: usize) -> String {
    format!("destinations[{place}]")
}

/// Whose it is, and what is said of it.
fn read(given: Destination, overview: &Overview, source: &Source) -> Result<(TenantId, PlacementDraft), Denied> {
    let name = given.name.ok_or_else(|| Denied::field("name", "is needed: the slug of the tenant that reads there"))?;
    let tenant = overview.tenants.iter().find(|tenant| tenant.draft.slug.as_str() == name);
    let missing =
        "is the slug of the tenant that reads there, and there is no such tenant: POST /api/ee/tenant makes one";
    let tenant = tenant.ok_or_else(|| Denied::field("name", missing))?;
    let mut draft = PlacementDraft::default();
    let named = given.engine.as_deref().map(engine).transpose()?;
    draft.engine = named.filter(|engine| *engine != source.draft.engine);
    let details = given.details.ok_or_else(|| Denied::field("details", "is needed: where this tenant's rows are"))?;
    Details::read(&details)?.put(&mut draft);
    Ok((tenant.id.clone(), draft))
}
