//! What is checked in a SQLite file. The engine itself is most of the proof: a file opened read-only behind an
//! authorizer that denies everything but reading it, which is the same for every file.

use std::os::unix::fs::MetadataExt as _;

use sqlguard::ColumnKind;
use tenancy::placement::{Placement, SqliteFile};

use super::{Finding, Outcome, Report, Table, declared};
use crate::cell;
use crate::connection::Connection;
use crate::error::RunError;
use crate::guard;

/// Tables that a file's owner can have declared, and that are read; shadow tables and the engine's own are not.
const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') \
                      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 2000";

pub(super) async fn inspect(
    placement: &Placement,
    file: &SqliteFile,
    connection: &mut Connection,
) -> Result<Report, RunError> {
    let mut findings =
        vec![Finding::holds("read-only-file", "opened read-only behind an authorizer; no other file can be reached")];
    findings.push(writers(file).await?);
    let tables = relations(placement, connection).await?;
    findings.extend(declared::check(placement, &tables));
    Ok(Report { findings, tables: tables.into() })
}

/// Who may write to the file may put a view or another tenant's rows into it. The directories above it are the
/// operator's; links in them are followed when the file is opened, and must end inside the directory of tenant files.
async fn writers(file: &SqliteFile) -> Result<Finding, RunError> {
    const OTHERS: u32 = 0o002;
    let found = tokio::fs::metadata(&file.path).await.map_err(|_| RunError::DatabaseMissing)?;
    if found.mode() & OTHERS == 0 {
        return Ok(Finding::holds("file-mode", "only its owner and its group may write to the file"));
    }
    let message = "every account of this machine may write to the file: chmod o-w";
    Ok(Finding::fails("file-mode", Outcome::StopsTenantSql, message))
}

async fn relations(placement: &Placement, connection: &mut Connection) -> Result<Vec<Table>, RunError> {
    let names = connection.ask(TABLES, Vec::new()).await?;
    let declared = &placement.rows().tables;
    let schema = guard::schema(placement);
    // The engine takes capitals in names for small letters; rules are looked up by the name as it was declared.
    let wanted = |name: &str| {
        let is = |own: &&String| {
            let (of, table) = own.split_once('.').unwrap_or((schema.as_str(), own.as_str()));
            of.eq_ignore_ascii_case(&schema) && table.eq_ignore_ascii_case(name)
        };
        let plain = |own: &String| own.rsplit_once('.').map_or(own.as_str(), |(_, table)| table).to_owned();
        if declared.is_empty() { Some(name.to_owned()) } else { declared.keys().find(is).map(plain) }
    };
    let mut tables = Vec::new();
    for (found, name) in names.texts().filter_map(|found| Some((found, wanted(found)?))) {
        let statement = format!("SELECT * FROM \"{}\" LIMIT 0", found.replace('"', "\"\""));
        // A view over a table that is gone, or a virtual table of a module that is not here: nobody can read it.
        let Ok(answer) = connection.ask(&statement, Vec::new()).await else { continue };
        let columns = answer.columns.iter().map(|column| (column.name.clone(), kind(column.kind))).collect();
        tables.push(Table { schema: schema.clone(), name, columns });
    }
    Ok(tables)
}

/// What the declared type of a column promises; a view's expressions promise nothing.
fn kind(kind: cell::ColumnKind) -> ColumnKind {
    match kind {
        cell::ColumnKind::Integer => ColumnKind::Integer,
        cell::ColumnKind::Text => ColumnKind::Text,
        _ => ColumnKind::Other,
    }
}
