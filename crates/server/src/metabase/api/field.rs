//! `/api/field`: the columns that a key's SQL may name.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;
use tenancy::LookupError;

use super::Route;
use super::catalogue;
use super::denied::Denied;
use super::described::{self, FieldShape};
use super::key::Key;
use crate::app::App;
use crate::reply;

pub(super) fn table() -> Vec<Route> {
    vec![("GET", "/api/field/{id}", get(show)), ("GET", "/api/field/{id}/values", get(values))]
}

/// Shows a column.
async fn show(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    Ok(reply::json(&find(&app, &key).await?.1))
}

/// Lists a column's values: none, because no rows are read but for cards and questions.
async fn values(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let (number, _) = find(&app, &key).await?;
    Ok(reply::json(&json!({ "field_id": number, "values": [], "has_more_values": false })))
}

async fn find(app: &App, key: &Key) -> Result<(i32, FieldShape), Denied> {
    let name = key.segment("id")?;
    for database in catalogue::databases(&key.scope)? {
        for table in database.tables(app).await.known() {
            let of = table.id.number;
            let found = table.fields.into_iter().enumerate().find(|(_, field)| field.id.is(name));
            if let Some((place, field)) = found {
                return Ok((field.id.number, described::field(of, place, field)));
            }
        }
    }
    Err(LookupError::Missing.into())
}
