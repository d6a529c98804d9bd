//! `GET /api/database?include=tables`

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::super::catalogue;
use super::super::denied::Denied;
use super::super::described::{self, DatabaseShape, Include};
use super::super::key::Key;
use crate::app::App;
use crate::metabase::given::Given;
use crate::reply;

#[derive(Serialize)]
struct Databases<'s> {
    data: Vec<DatabaseShape<'s>>,
    total: usize,
}

/// Lists databases. One that cannot be asked now is `incomplete`, and the others are there.
pub(in super::super) async fn list(key: Key, State(app): State<App>, given: Given) -> Result<Response, Denied> {
    let include = Include::read(given.first("include"));
    let mut data = Vec::new();
    for database in catalogue::databases(&key.scope)? {
        let tables = database.tables(&app).await;
        data.push(described::database(&database, tables, include));
    }
    Ok(reply::json(&Databases { total: data.len(), data }))
}
