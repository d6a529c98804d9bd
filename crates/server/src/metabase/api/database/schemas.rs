//! `GET /api/database/{id}/schemas`, `…/schema/{schema}` and `…/schema/`

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use tenancy::LookupError;

use super::super::catalogue;
use super::super::denied::Denied;
use super::super::described;
use super::super::key::Key;
use crate::app::App;
use crate::reply;

/// Lists schemas. An empty text is where tables have none.
pub(in super::super) async fn list(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let tables = catalogue::database(&key.scope, key.segment("id")?)?.tables_now(&app).await?;
    let schemas: BTreeSet<&str> = tables.iter().map(|table| table.schema.as_deref().unwrap_or_default()).collect();
    Ok(reply::json(&schemas))
}

/// Lists a schema's tables.
pub(in super::super) async fn tables(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let mut tables = catalogue::database(&key.scope, key.segment("id")?)?.tables_now(&app).await?;
    let schema = key.segment("schema")?;
    tables.retain(|table| table.schema.as_deref() == Some(schema));
    if tables.is_empty() {
        return Err(LookupError::Missing.into());
    }
    Ok(reply::json(&tables.into_iter().map(|table| described::table(table, false)).collect::<Vec<_>>()))
}

/// Lists the tables that have no schema.
pub(in super::super) async fn tables_without(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let tables = catalogue::database(&key.scope, key.segment("id")?)?.tables_now(&app).await?;
    let tables = tables.into_iter().filter(|table| table.schema.is_none());
    Ok(reply::json(&tables.map(|table| described::table(table, false)).collect::<Vec<_>>()))
}
