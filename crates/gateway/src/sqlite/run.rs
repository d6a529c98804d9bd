//! One statement on one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::Value;
use rusqlite::{Batch, Connection, ErrorCode};
use tokio::sync::mpsc;

use super::open::{self, Opened, Place};
use super::value::{Hint, cell, conforms, observed};
use super::{Finished, Packet};
use crate::cell::{Cell, Column, ColumnKind};
use crate::error::{Code, RunError};

const PACKET_ROWS: usize = 256;
const PACKET_BYTES: usize = 64 << 10;

pub(super) struct Job {
    pub(super) opened: Opened,
    pub(super) file: Arc<Place>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) sql: String,
    pub(super) binds: Vec<Value>,
    pub(super) packets: mpsc::Sender<Packet>,
}

impl Job {
    pub(super) fn run(self) -> Finished {
        let Self { mut opened, file, stop, sql, binds, packets } = self;
        if stop.load(Ordering::Relaxed) {
            return (Some(opened), Err(RunError::Cancelled));
        }
        if !opened.is_current(&file) {
            match open::open(&file, &stop) {
                Ok(fresh) => opened = fresh,
                Err(error) => return (None, Err(error)),
            }
        }
        let result = rows(&opened.connection, &sql, &binds, &packets, &stop);
        (Some(opened), result)
    }
}

fn rows(
    connection: &Connection,
    sql: &str,
    binds: &[Value],
    packets: &mpsc::Sender<Packet>,
    stop: &AtomicBool,
) -> Result<(), RunError> {
    let refused = || RunError::QueryFailed { code: Code::new("NOTASELECT"), position: None };
    let failed = |error| failure(error, sql);
    let mut statements = Batch::new(connection, sql);
    let mut statement = statements.next().map_err(failed)?.ok_or_else(refused)?;
    if !statement.readonly() || statement.is_explain() != 0 || statement.column_count() == 0 {
        return Err(refused());
    }
    // Comments may follow, a second statement may not.
    if statements.next().map_err(failed)?.is_some() {
        return Err(refused());
    }
    if statement.parameter_count() != binds.len() {
        return Err(RunError::ParameterRefused);
    }
    for (place, value) in binds.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, value).map_err(failed)?;
    }
    let named: Vec<(String, Hint)> = statement
        .columns()
        .iter()
        .map(|column| (column.name().to_owned(), Hint::from_declared(column.decl_type())))
        .collect();
    let mut rows = statement.raw_query();
    let mut gathered = Gathered { named: Some(&named), cells: Vec::new(), rows: 0, bytes: 0 };
    loop {
        let row = rows.next().map_err(failed)?;
        if stop.load(Ordering::Relaxed) {
            return Err(RunError::Cancelled);
        }
        let Some(row) = row else { break };
        for (place, (_, hint)) in named.iter().enumerate() {
            let value = cell(row.get_ref(place).map_err(failed)?, *hint);
            gathered.bytes += value.bytes();
            gathered.cells.push(value);
        }
        gathered.rows += 1;
        if (gathered.rows >= PACKET_ROWS || gathered.bytes >= PACKET_BYTES) && !gathered.send(packets) {
            return Ok(());
        }
    }
    gathered.send(packets);
    Ok(())
}

/// Rows not sent yet. The first of them decide what the columns are: SQLite types values and not columns.
struct Gathered<'a> {
    named: Option<&'a [(String, Hint)]>,
    cells: Vec<Cell>,
    rows: usize,
    bytes: usize,
}

impl Gathered<'_> {
    /// False when nobody listens.
    fn send(&mut self, packets: &mpsc::Sender<Packet>) -> bool {
        if let Some(named) = self.named.take() {
            let columns = named.iter().enumerate().map(|(place, (name, hint))| {
                let values = || self.cells.iter().skip(place).step_by(named.len());
                Column { name: name.clone(), kind: kind(*hint, values) }
            });
            if packets.blocking_send(Packet::Columns(columns.collect())).is_err() {
                return false;
            }
        }
        self.rows = 0;
        self.bytes = 0;
        let cells = std::mem::take(&mut self.cells);
        cells.is_empty() || packets.blocking_send(Packet::Rows(cells)).is_ok()
    }
}

fn kind<'a, I: Iterator<Item = &'a Cell>>(hint: Hint, values: impl Fn() -> I) -> ColumnKind {
    match hint.kind() {
        Some(kind) if values().all(|value| conforms(value, kind)) => kind,
        _ => observed(values()),
    }
}

fn failure(error: rusqlite::Error, sql: &str) -> RunError {
    let position = match &error {
        // A byte offset, where the other engines count characters.
        rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset)
            .ok()
            .and_then(|offset| sql.get(..offset))
            .and_then(|before| u32::try_from(before.chars().count() + 1).ok()),
        _ => None,
    };
    let number = error.sqlite_error().map(|inner| inner.extended_code);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            RunError::Busy { retry_after: Duration::from_secs(1) }
        }
        Some(ErrorCode::NotADatabase | ErrorCode::CannotOpen | ErrorCode::DatabaseCorrupt) => RunError::DatabaseMissing,
        Some(ErrorCode::SystemIoFailure) => RunError::ConnectionLost,
        Some(ErrorCode::TooBig | ErrorCode::OutOfMemory) => RunError::RowTooLarge,
        _ => RunError::QueryFailed {
            code: Code::new(&number.map_or_else(|| "driver".to_owned(), |number| number.to_string())),
            position,
        },
    }
}
