//! `GET /api/database/{id}/metadata`, and what a page needs to know of databases.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use tenancy::TenantScope;

use super::super::catalogue::{self, Tables};
use super::super::denied::Denied;
use super::super::described::{self, DatabaseShape, Include};
use super::super::key::Key;
use crate::app::App;
use crate::reply;

/// A database with all its tables and their columns.
pub(in super::super) async fn show(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let database = catalogue::database(&key.scope, key.segment("id")?)?;
    let tables = match database.tables(&app).await {
        Tables::Away(problem) => return Err(problem.into()),
        tables => tables,
    };
    Ok(reply::json(&described::database(&database, tables, Include::Fields)))
}

/// What `query_metadata` answers with. Native SQL needs no tables of it.
#[derive(Serialize)]
pub(in super::super) struct Metadata<'s> {
    databases: Vec<DatabaseShape<'s>>,
    tables: [(); 0],
    fields: [(); 0],
    cards: [(); 0],
    dashboards: [(); 0],
    snippets: [(); 0],
}

/// The databases with these numbers, of those that the key may question.
pub(in super::super) async fn of<'s>(
    app: &App,
    scope: &'s TenantScope,
    numbers: impl IntoIterator<Item = Option<i32>>,
) -> Metadata<'s> {
    let wanted: BTreeSet<i32> = numbers.into_iter().flatten().collect();
    let mut databases = Vec::new();
    for database in catalogue::questionable(scope).into_iter().filter(|own| wanted.contains(&own.number())) {
        let tables = database.tables(app).await;
        databases.push(described::database(&database, tables, Include::Nothing));
    }
    Metadata { databases, tables: [], fields: [], cards: [], dashboards: [], snippets: [] }
}
