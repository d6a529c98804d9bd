//! `GET /api/database/{id}?include=tables.fields`

use axum::extract::State;
use axum::response::Response;

use super::super::catalogue;
use super::super::denied::Denied;
use super::super::described::{self, Include};
use super::super::key::Key;
use crate::app::App;
use crate::metabase::given::Given;
use crate::reply;

/// Shows a database.
pub(in super::super) async fn show(key: Key, State(app): State<App>, given: Given) -> Result<Response, Denied> {
    let database = catalogue::database(&key.scope, key.segment("id")?)?;
    let tables = database.tables(&app).await;
    Ok(reply::json(&described::database(&database, tables, Include::read(given.first("include")))))
}
