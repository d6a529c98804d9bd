//! A site as a MariaDB or MySQL database.

use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;

use super::Dialect;
use crate::sample::Site;
use crate::sample::table::{Cell, Kind, Table};

const DIALECT: Dialect = Dialect {
    kind: |kind| match kind {
        Kind::Int => "bigint".to_owned(),
        Kind::Small => "smallint".to_owned(),
        Kind::Decimal(all, after) => format!("decimal({all},{after})"),
        Kind::Varchar(length) => format!("varchar({length})"),
        Kind::Text => "longtext".to_owned(),
    },
    options: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci",
};

/// Writes the site into the connection's database.
///
/// # Errors
/// When a table exists or the server refuses. Making a table commits: after an error, drop the database.
pub async fn mariadb(site: &Site, connection: &mut Conn) -> anyhow::Result<()> {
    // Backslashes plain, as in the other engines, so that one escape is enough.
    connection.query_drop("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES', unique_checks = 0").await?;
    for table in site.tables() {
        connection.query_drop(DIALECT.create(table)).await?;
        connection.query_drop("START TRANSACTION").await?;
        for statement in inserts(table) {
            connection.query_drop(statement).await?;
        }
        connection.query_drop("COMMIT").await?;
        for index in DIALECT.indexes(table) {
            connection.query_drop(index).await?;
        }
        connection.query_drop(format!("ANALYZE TABLE {}", table.name)).await?;
    }
    Ok(())
}

/// Statements with many rows each, of about 256 KiB: well below any server's limit for one packet.
fn inserts(table: &Table) -> impl Iterator<Item = String> {
    let mut rows = table.rows().peekable();
    std::iter::from_fn(move || {
        rows.peek()?;
        let mut statement = format!("INSERT INTO {} VALUES ", table.name);
        let mut first = true;
        while statement.len() < 256 * 1024
            && let Some(row) = rows.next()
        {
            statement.push_str(if first { "(" } else { ",(" });
            first = false;
            for (place, cell) in row.iter().enumerate() {
                if place > 0 {
                    statement.push(',');
                }
                write(cell, &mut statement);
            }
            statement.push(')');
        }
        Some(statement)
    })
}

fn write(cell: &Cell, to: &mut String) {
    match (cell, cell.text()) {
        (_, None) => to.push_str("NULL"),
        (Cell::Int(_) | Cell::Decimal(_), Some(text)) => to.push_str(&text),
        (_, Some(text)) => {
            to.push('\'');
            to.push_str(&text.replace('\'', "''"));
            to.push('\'');
        }
    }
}
