//! A site as a SQLite file.

use std::path::Path;

use anyhow::Context as _;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql};

use super::Dialect;
use crate::sample::Site;
use crate::sample::table::{Cell, Kind, Table};

/// How often progress is told, in rows.
const STEP: usize = 4_096;

pub(super) const DIALECT: Dialect = Dialect {
    kind: |kind| match kind {
        Kind::Int | Kind::Small => "INTEGER".to_owned(),
        // Not NUMERIC: that would keep 75.00000 as a whole number, and dividing whole numbers cuts.
        Kind::Decimal(..) => "REAL".to_owned(),
        Kind::Varchar(_) | Kind::Text => "TEXT".to_owned(),
    },
    options: "",
};

impl ToSql for Cell {
    #[expect(clippy::cast_precision_loss, reason = "grades are small")]
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Int(value) => ToSqlOutput::Owned(Value::Integer(*value)),
            Self::Decimal(units) => ToSqlOutput::Owned(Value::Real(*units as f64 / 100_000.0)),
            Self::Word(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// Writes the site into a new file at `path`: under another name first, so that a file that is there is whole.
/// `progress` is told now and then how many rows are written, and of how many.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn write_sqlite(site: &Site, path: &Path, progress: impl FnMut(usize, usize)) -> anyhow::Result<()> {
    anyhow::ensure!(!path.exists(), "{} exists already", path.display());
    let draft = path.with_extension("draft");
    if draft.exists() {
        std::fs::remove_file(&draft)?;
    }
    fill(site, &draft, progress).with_context(|| format!("cannot write {}", draft.display()))?;
    std::fs::rename(&draft, path)?;
    Ok(())
}

fn fill(site: &Site, path: &Path, mut progress: impl FnMut(usize, usize)) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    // A draft that a crash cut short is thrown away, so nothing has to be synced or undone.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")?;
    let transaction = connection.transaction()?;
    let (mut written, all) = (0, site.tables().iter().map(Table::len).sum());
    for table in site.tables() {
        transaction.execute_batch(&DIALECT.create(table))?;
        let places = vec!["?"; table.columns.len()].join(",");
        let mut insert = transaction.prepare(&format!("INSERT INTO {} VALUES ({places})", table.name))?;
        for row in table.rows() {
            insert.execute(rusqlite::params_from_iter(row))?;
            written += 1;
            if written % STEP == 0 {
                progress(written, all);
            }
        }
        for index in DIALECT.indexes(table) {
            transaction.execute_batch(&index)?;
        }
    }
    transaction.commit()?;
    connection.execute_batch("ANALYZE; PRAGMA journal_mode = DELETE")?;
    progress(all, all);
    Ok(())
}
