//! A site as a PostgreSQL database.

use std::io::{Error, ErrorKind};
use std::pin::pin;

use anyhow::Context as _;
use tokio_postgres::Client;

use super::Dialect;
use crate::sample::Site;
use crate::sample::table::{Cell, Kind, Table};

const DIALECT: Dialect = Dialect {
    kind: |kind| match kind {
        Kind::Int => "bigint".to_owned(),
        Kind::Small => "smallint".to_owned(),
        Kind::Decimal(all, after) => format!("numeric({all},{after})"),
        Kind::Varchar(length) => format!("varchar({length})"),
        Kind::Text => "text".to_owned(),
    },
    options: "",
};

/// Writes the site into the schema that comes first in the connection's search path, in one transaction.
///
/// # Errors
/// When a table exists or the server refuses.
pub async fn postgres(site: &Site, client: &mut Client) -> anyhow::Result<()> {
    let transaction = client.transaction().await?;
    for table in site.tables() {
        transaction.batch_execute(&DIALECT.create(table)).await?;
        let sink = transaction.copy_in::<_, bytes::Bytes>(&format!("COPY {} FROM STDIN", table.name)).await?;
        let mut sink = pin!(sink);
        for chunk in chunks(table) {
            use futures_util::SinkExt as _;
            sink.send(bytes::Bytes::from(chunk)).await?;
        }
        let rows = sink.finish().await.with_context(|| format!("cannot write the rows of {}", table.name))?;
        if usize::try_from(rows) != Ok(table.len()) {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server took fewer rows than there are").into());
        }
        for index in DIALECT.indexes(table) {
            transaction.batch_execute(&index).await?;
        }
    }
    transaction.commit().await?;
    Ok(client.batch_execute("ANALYZE").await?)
}

/// The rows in COPY's text format, in pieces of about 64 KiB.
fn chunks(table: &Table) -> impl Iterator<Item = String> {
    let mut rows = table.rows().peekable();
    std::iter::from_fn(move || {
        rows.peek()?;
        let mut chunk = String::with_capacity(72 * 1024);
        while chunk.len() < 64 * 1024
            && let Some(row) = rows.next()
        {
            for (place, cell) in row.iter().enumerate() {
                if place > 0 {
                    chunk.push('\t');
                }
                write(cell, &mut chunk);
            }
            chunk.push('\n');
        }
        Some(chunk)
    })
}

fn write(cell: &Cell, to: &mut String) {
    let Some(text) = cell.text() else { return to.push_str("\\N") };
    for c in text.chars() {
        match c {
            '\\' => to.push_str("\\\\"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            c => to.push(c),
        }
    }
}
