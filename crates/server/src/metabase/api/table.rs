//! `/api/table`: the tables that a key's SQL may name.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use super::Route;
use super::catalogue::{self, Database, Tables};
use super::denied::Denied;
use super::described::{self, DatabaseShape, Include, TableShape};
use super::key::Key;
use crate::app::App;
use crate::reply;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/table", get(list)),
        ("GET", "/api/table/{id}", get(show)),
        ("GET", "/api/table/{id}/query_metadata", get(metadata)),
        ("GET", "/api/table/{id}/fks", get(fks)),
    ]
}

/// A table with its database.
#[derive(Serialize)]
struct Whole<'s> {
    #[serde(flatten)]
    table: TableShape,
    db: DatabaseShape<'s>,
}

/// Lists the tables of all databases that can be asked now.
async fn list(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let mut tables = Vec::new();
    for database in catalogue::databases(&key.scope)? {
        let known = database.tables(&app).await.known();
        let whole = |table| Whole { table: described::table(table, false), db: shown(&database) };
        tables.extend(known.into_iter().map(whole));
    }
    Ok(reply::json(&tables))
}

/// Shows a table.
async fn show(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    whole(&app, &key, false).await
}

/// Shows a table with its columns.
async fn metadata(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    whole(&app, &key, true).await
}

async fn whole(app: &App, key: &Key, with_fields: bool) -> Result<Response, Denied> {
    let (database, table) = catalogue::table(app, &key.scope, key.segment("id")?).await?;
    Ok(reply::json(&Whole { table: described::table(table, with_fields), db: shown(&database) }))
}

/// The database of tables that are known, and so may be questioned.
fn shown<'s>(database: &Database<'s>) -> DatabaseShape<'s> {
    described::database(database, Tables::Known(database.number(), Vec::new()), Include::Nothing)
}

/// Lists foreign keys, which are not read.
async fn fks(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    catalogue::table(&app, &key.scope, key.segment("id")?).await?;
    Ok(reply::json(&[(); 0]))
}
