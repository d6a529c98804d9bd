//! SQLite: what preflight says of a file.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use gateway::preflight::Outcome;
use serde_json::{Value, json};
use tenancy::SourceId;
use tenancy::placement::{Connection, Level, Placement, Rows, SqliteFile};

use crate::world::{gateway, sqlite, tenant};

async fn broken(place: &Arc<Placement>) -> Vec<(&'static str, Outcome, String)> {
    let report = gateway().preflight(place).await.unwrap();
    let findings = report.findings.iter().filter(|finding| finding.outcome != Outcome::Holds);
    findings.map(|finding| (finding.check, finding.outcome, finding.message.clone())).collect()
}

fn guarded(root: &Path, tables: Value) -> Arc<Placement> {
    let file = SqliteFile { path: root.join("tenant-0.db"), root: root.into() };
    let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).unwrap();
    let rows = Rows { key: "acme".to_owned(), tables: serde_json::from_value(tables).unwrap(), ..Rows::default() };
    Arc::new(Placement::for_tests(tenant(0), source, Level::GuardedRows, Connection::Sqlite(file), rows, 4))
}

#[tokio::test]
async fn a_file_that_everybody_may_write_to_is_found() {
    let root = tempfile::tempdir().unwrap();
    let place = sqlite(root.path(), 0, "CREATE TABLE t (x INT)");
    assert_eq!(broken(&place).await, []);
    let path = root.path().join("tenant-0.db");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let found = broken(&place).await;
    assert!(found.len() == 1 && found[0].0 == "file-mode" && found[0].1 == Outcome::StopsTenantSql, "{found:?}");
    // A link is judged by where it leads.
    std::fs::rename(&path, root.path().join("moved.db")).unwrap();
    std::os::unix::fs::symlink("moved.db", &path).unwrap();
    assert_eq!(broken(&place).await.len(), 1);
    std::fs::set_permissions(root.path().join("moved.db"), std::fs::Permissions::from_mode(0o660)).unwrap();
    assert_eq!(broken(&place).await, []);
}

#[tokio::test]
async fn tables_and_columns_that_are_declared_must_be_there() {
    let root = tempfile::tempdir().unwrap();
    sqlite(root.path(), 0, "CREATE TABLE Orders (id INTEGER, Tenant_ID TEXT); CREATE VIEW v AS SELECT id FROM orders");
    let orders = json!({ "orders": { "tenant": { "column": "tenant_id" } } });
    assert_eq!(broken(&guarded(root.path(), orders)).await, []);
    let absent = json!({ "main.orders": { "tenant": { "column": "tenant_id" } }, "gone": { "shared": true } });
    let found = broken(&guarded(root.path(), absent)).await;
    assert!(found.len() == 1 && found[0].0 == "declared-tables" && found[0].2.contains("gone"), "{found:?}");
    let without = json!({ "v": { "tenant": { "column": "tenant_id" } } });
    let found = broken(&guarded(root.path(), without)).await;
    assert!(found.len() == 1 && found[0].0 == "declared-columns" && found[0].2.contains("v.tenant_id"), "{found:?}");
    assert_eq!(found[0].1, Outcome::StopsEverything);
}
