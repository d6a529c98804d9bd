//! What the login can read.

use std::collections::BTreeSet;

use query::Bind;
use sqlguard::ColumnKind;
use tenancy::placement::{Placement, Server};

use super::session::Session;
use crate::connection::Connection;
use crate::error::RunError;
use crate::guard;
use crate::preflight::Table;

/// Relations of one placement; there are no cards over more.
const MOST_TABLES: usize = 2000;

/// Columns that are asked for at once.
const MOST_COLUMNS: usize = 150_000;

/// The server shows the columns that the login has a right to.
const COLUMNS: &str = "SELECT table_name AS t, column_name AS c, data_type AS d FROM information_schema.columns \
                       WHERE table_schema = ? ORDER BY table_name, ordinal_position LIMIT 150000";

/// The relations in the placement's database and in those that declared tables name: all of them, or the declared ones
/// when some are.
pub(super) async fn read(
    placement: &Placement,
    server: &Server,
    connection: &mut Connection,
    session: &Session,
) -> Result<Vec<Table>, RunError> {
    let declared: Vec<_> = placement.rows().tables.keys().map(|name| place(placement, name)).collect();
    let schemas: BTreeSet<_> = declared.iter().map(|(schema, _)| schema.clone()).collect();
    let schemas = if schemas.is_empty() { BTreeSet::from([server.database.clone()]) } else { schemas };
    let mut tables = Vec::new();
    for schema in schemas {
        for mut table in within(&schema, connection).await? {
            if declared.is_empty() {
                tables.push(table);
            } else if let Some((_, name)) =
                declared.iter().find(|(of, name)| *of == schema && session.same(name, &table.name))
            {
                // As the declaration writes it: rules are looked up by that name.
                table.name.clone_from(name);
                tables.push(table);
            }
        }
    }
    tables.truncate(MOST_TABLES);
    Ok(tables)
}

fn place(placement: &Placement, name: &str) -> (String, String) {
    match name.split_once('.') {
        Some((schema, table)) => (schema.to_owned(), table.to_owned()),
        None => (guard::schema(placement), name.to_owned()),
    }
}

async fn within(schema: &str, connection: &mut Connection) -> Result<Vec<Table>, RunError> {
    let answer = connection.ask(COLUMNS, vec![Bind::Text(schema.to_owned())]).await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in 0..answer.rows.len() {
        let text = |column| answer.text(row, column).ok_or(RunError::Malformed);
        let (name, column, kind) = (text(0)?, text(1)?.to_owned(), kind(text(2)?));
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push((column, kind)),
            _ => tables.push(Table { schema: schema.to_owned(), name: name.to_owned(), columns: vec![(column, kind)] }),
        }
    }
    if answer.rows.len() >= MOST_COLUMNS {
        // Perhaps without its last columns.
        tables.pop();
    }
    Ok(tables)
}

fn kind(data_type: &str) -> ColumnKind {
    match data_type.to_ascii_lowercase().as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => ColumnKind::Integer,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => ColumnKind::Text,
        _ => ColumnKind::Other,
    }
}
