//! What is checked in a SQLite file. The engine itself is most of the proof: a file opened read-only behind an
//! authorizer that denies everything but reading it.

use sqlguard::ColumnKind;
use tenancy::placement::Placement;

use super::{Finding, Report, Table};
use crate::cell;
use crate::connection::Connection;
use crate::error::RunError;

/// Tables that a file's owner can have declared, and that are read; shadow tables and the engine's own are not.
const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') \
                      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

pub(super) async fn inspect(_placement: &Placement, connection: &mut Connection) -> Result<Report, RunError> {
    let names = connection.ask(TABLES, Vec::new()).await?;
    let mut tables = Vec::new();
    for name in names.texts() {
        let statement = format!("SELECT * FROM \"{}\" LIMIT 0", name.replace('"', "\"\""));
        // A view over a table that is gone, or a virtual table of a module that is not here: nobody can read it.
        let Ok(answer) = connection.ask(&statement, Vec::new()).await else { continue };
        let columns = answer.columns.iter().map(|column| (column.name.clone(), kind(column.kind))).collect();
        tables.push(Table { schema: "main".to_owned(), name: name.to_owned(), columns });
    }
    let message = "opened read-only behind an authorizer; no other file can be reached";
    Ok(Report { findings: vec![Finding::holds("read-only-file", message)], tables })
}

fn kind(kind: cell::ColumnKind) -> ColumnKind {
    match kind {
        cell::ColumnKind::Integer => ColumnKind::Integer,
        cell::ColumnKind::Text => ColumnKind::Text,
        _ => ColumnKind::Other,
    }
}
