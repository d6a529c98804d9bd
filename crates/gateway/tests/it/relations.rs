//! The tables that SQL written by a tenant may name, and where there are none.

use std::path::Path;
use std::sync::Arc;

use gateway::{ColumnKind, Gateway, PrepareError, Relation};
use serde_json::json;
use tenancy::SourceId;
use tenancy::placement::{Connection, Level, Placement, Rows, SqliteFile};

use crate::world::{gateway, sqlite, tenant};

const TABLES: &str = "CREATE TABLE zebra (id INTEGER, name TEXT, price DECIMAL(10,2)); CREATE TABLE ant (x INTEGER)";

fn with_tables(root: &Path, level: Level, masks: &serde_json::Value) -> Arc<Placement> {
    let file = SqliteFile { path: root.join("tenant-0.db"), root: root.into() };
    let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).unwrap();
    let tables = json!({ "zebra": { "tenant": { "column": "name" }, "masks": masks } });
    let rows = Rows { key: "acme".to_owned(), tables: serde_json::from_value(tables).unwrap(), ..Rows::default() };
    Arc::new(Placement::for_tests(tenant(0), source, level, Connection::Sqlite(file), rows, 4))
}

async fn named(gateway: &Gateway, place: &Arc<Placement>) -> Vec<String> {
    gateway.relations(place).await.unwrap().into_iter().map(|relation| relation.name).collect()
}

/// Names and kinds of the only relation's columns.
async fn columns(place: &Arc<Placement>) -> Vec<(String, ColumnKind)> {
    let found = gateway().relations(place).await.unwrap();
    found.into_iter().flat_map(|relation| relation.columns).map(|column| (column.name, column.kind)).collect()
}

#[tokio::test]
async fn hidden_columns_are_not_named_and_masked_ones_are_what_is_shown() {
    let root = tempfile::tempdir().unwrap();
    sqlite(root.path(), 0, TABLES);
    let masks =
        json!({ "PRICE": { "mask": "hidden" }, "id": { "mask": "last-four", "unless": { "role": ["chief"] } } });
    let place = with_tables(root.path(), Level::Database, &masks);
    assert_eq!(columns(&place).await, [("id".to_owned(), ColumnKind::Text), ("name".to_owned(), ColumnKind::Text)]);
    // A mask that fits no column withholds the table.
    let place = with_tables(root.path(), Level::Database, &json!({ "prize": { "mask": "hidden" } }));
    assert_eq!(columns(&place).await, []);
}

#[tokio::test]
async fn relations_are_what_the_guard_lets_a_tenant_name() {
    let root = tempfile::tempdir().unwrap();
    let (gateway, place) = (gateway(), sqlite(root.path(), 0, TABLES));
    let found = gateway.relations(&place).await.unwrap();
    assert_eq!(found.len(), 2);
    let (ant, zebra) = (&found[0], &found[1]);
    assert_eq!((ant.name.as_str(), zebra.name.as_str(), ant.schema.as_deref()), ("ant", "zebra", Some("main")));
    let Relation { columns, .. } = zebra;
    let columns: Vec<_> = columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    assert_eq!(columns, [("id", ColumnKind::Integer), ("name", ColumnKind::Text), ("price", ColumnKind::Unknown)]);
    // Of declared tables those alone.
    assert_eq!(named(&gateway, &with_tables(root.path(), Level::Database, &json!({}))).await, ["zebra"]);
}

#[tokio::test]
async fn where_a_tenants_sql_does_not_run_there_are_no_relations() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let place = sqlite(root.path(), 0, TABLES);
    let shared = gateway().relations(&with_tables(root.path(), Level::GuardedRows, &json!({}))).await;
    assert!(matches!(shared, Err(PrepareError::TenantSqlOnSharedTables)));
    let path = root.path().join("tenant-0.db");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert!(matches!(gateway().relations(&place).await, Err(PrepareError::TenantSqlUnproven)));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(gateway().relations(&place).await, Err(PrepareError::Preflight(_))));
}
