//! `GET /api/database/{id}/fields`

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::super::catalogue;
use super::super::denied::Denied;
use super::super::key::Key;
use crate::app::App;
use crate::reply;

#[derive(Serialize)]
struct Listed<'t> {
    id: i32,
    name: &'t str,
    display_name: &'t str,
    base_type: &'static str,
    semantic_type: Option<()>,
    table_id: i32,
    table_name: &'t str,
    schema: Option<&'t str>,
}

/// Lists all columns.
pub(in super::super) async fn list(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let tables = catalogue::database(&key.scope, key.segment("id")?)?.tables_now(&app).await?;
    let of_table = |table: &'_ catalogue::Table| table.fields.len();
    let mut fields = Vec::with_capacity(tables.iter().map(of_table).sum());
    for table in &tables {
        fields.extend(table.fields.iter().map(|field| Listed {
            id: field.id.number,
            name: &field.name,
            display_name: &field.name,
            base_type: field.base_type,
            semantic_type: None,
            table_id: table.id.number,
            table_name: &table.name,
            schema: table.schema.as_deref(),
        }));
    }
    Ok(reply::json(&fields))
}
