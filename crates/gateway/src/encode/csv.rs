//! CSV by RFC 4180: comma, double quotes, CR LF, UTF-8.

use bytes::Bytes;
use csv::{Terminator, Writer, WriterBuilder};
use futures_util::{Stream, stream};

use super::json::plain;
use crate::cell::{Batch, Cell};
use crate::error::RunError;
use crate::stream::RowStream;

/// What spreadsheets take for the beginning of a formula, the full-width forms included.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Choices for a CSV file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Begin with a byte order mark, by which spreadsheets recognise UTF-8.
    pub byte_order_mark: bool,
}

/// A header line with the column names, then one line a row.
///
/// Text that a spreadsheet would run as a formula gets an apostrophe in front;
/// numbers are never touched. An error ends the stream.
pub fn encode(rows: RowStream, options: Options) -> impl Stream<Item = Result<Bytes, RunError>> + Send {
    stream::unfold(Some((rows, Some(options))), |state| async move {
        let (mut rows, head) = state?;
        if let Some(options) = head {
            let mark = if options.byte_order_mark { "\u{feff}" } else { "" };
            let part = header(mark, &rows);
            return Some((part, Some((rows, None))));
        }
        match rows.next().await? {
            Ok(batch) => Some((lines(&batch, &rows), Some((rows, None)))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

fn writer(start: &str) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start.as_bytes().to_vec())
}

fn done(writer: Writer<Vec<u8>>) -> Result<Bytes, RunError> {
    writer.into_inner().map(Bytes::from).map_err(|_| RunError::ExportFailed)
}

fn header(mark: &str, rows: &RowStream) -> Result<Bytes, RunError> {
    let mut writer = writer(mark);
    let names = rows.columns().iter().map(|column| harmless(&column.name));
    writer.write_record(names.map(String::into_bytes)).map_err(|_| RunError::ExportFailed)?;
    done(writer)
}

fn lines(batch: &Batch, rows: &RowStream) -> Result<Bytes, RunError> {
    let mut writer = writer("");
    for row in batch.rows() {
        for cell in row {
            let text = plain(cell, rows.timezone());
            let written = match cell {
                Cell::Text(_) | Cell::Unknown(_) | Cell::Json(_) if text.starts_with(FORMULA) => {
                    writer.write_field(harmless(&text))
                }
                _ => writer.write_field(text.as_bytes()),
            };
            written.map_err(|_| RunError::ExportFailed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(|_| RunError::ExportFailed)?;
    }
    done(writer)
}

fn harmless(text: &str) -> String {
    let apostrophe = if text.starts_with(FORMULA) { "'" } else { "" };
    format!("{apostrophe}{text}")
}
