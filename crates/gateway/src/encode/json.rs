//! JSON: one document, or one event a line.

use std::borrow::Cow;

use bytes::Bytes;
use futures_util::{Stream, stream};
use jiff::tz::TimeZone;

use crate::cache::Entry;
use crate::cell::{Batch, Cell, Column};
use crate::error::RunError;
use crate::stream::{RowStream, Summary};

/// Largest whole number that every reader of JSON keeps exactly.
const EXACT: u64 = (1 << 53) - 1;

/// A whole result, encoded once: the document and the places of its parts.
pub(crate) struct Document {
    /// Columns, opening of the rows and the rows, without what tells a cached answer from a fresh one.
    body: Bytes,
    columns: Bytes,
    rows: Bytes,
    /// The document of an answer from the cache, complete.
    cached: Bytes,
}

/// Encodes a result that is in memory.
pub(crate) fn whole(entry: &Entry, timezone: &TimeZone) -> Document {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(b"{\"columns\":");
    let start = out.len();
    columns(&mut out, &entry.columns);
    let columns_end = out.len();
    out.extend_from_slice(b",\"rows\":");
    let rows_start = out.len();
    out.push(b'[');
    let mut first = true;
    for batch in &entry.batches {
        rows(&mut out, batch, timezone, &mut first);
    }
    out.push(b']');
    let body_end = out.len();
    summary(&mut out, Summary { cached: true, ..entry.summary });
    let cached = Bytes::from(out);
    Document {
        body: cached.slice(..body_end),
        columns: cached.slice(start..columns_end),
        rows: cached.slice(rows_start..body_end),
        cached,
    }
}

/// The whole document, when the result is in memory and nothing was taken from it yet.
#[must_use]
pub fn ready(rows: &RowStream) -> Option<Bytes> {
    let (entry, cached) = rows.entry()?;
    let document = entry.document(rows.timezone());
    Some(if cached {
        document.cached.clone()
    } else {
        let mut out = document.body.to_vec();
        summary(&mut out, entry.summary);
        out.into()
    })
}

/// `{"columns":[..],"rows":[..],"row_count":n,"truncated":false,"cached":false}`.
///
/// An error after the first part cannot be told in the document: the stream ends
/// with it, and whoever sends the parts has to break the transfer off.
pub fn document(rows: RowStream) -> impl Stream<Item = Result<Bytes, RunError>> + Send {
    stream::unfold(Progress::Start(rows), |progress| async move {
        match progress {
            Progress::Start(result) => {
                if let Some(part) = ready(&result) {
                    return Some((Ok(part), Progress::End));
                }
                let mut out = Vec::with_capacity(4096);
                out.extend_from_slice(b"{\"columns\":");
                columns(&mut out, result.columns());
                out.extend_from_slice(b",\"rows\":[");
                next_part(result, out, true).await
            }
            Progress::Rows(result, first) => next_part(result, Vec::with_capacity(4096), first).await,
            Progress::End => None,
        }
    })
}

enum Progress {
    Start(RowStream),
    Rows(RowStream, bool),
    End,
}

async fn next_part(
    mut result: RowStream,
    mut out: Vec<u8>,
    mut first: bool,
) -> Option<(Result<Bytes, RunError>, Progress)> {
    match result.next().await {
        Some(Ok(batch)) => {
            rows(&mut out, &batch, result.timezone(), &mut first);
            Some((Ok(out.into()), Progress::Rows(result, first)))
        }
        Some(Err(error)) => Some((Err(error), Progress::End)),
        None => {
            out.push(b']');
            if let Some(end) = result.summary() {
                summary(&mut out, end);
            }
            Some((Ok(out.into()), Progress::End))
        }
    }
}

/// One event a line for the dashboard item `item`: `columns`, `rows` as they arrive, `done`.
///
/// An error is the stream's last element; whoever sends the lines makes the
/// `error` event of it.
pub fn events(rows: RowStream, item: &str) -> impl Stream<Item = Result<Bytes, RunError>> + Send + use<> {
    let mut prefix = b"{\"item\":".to_vec();
    text(&mut prefix, item);
    stream::unfold(Some((rows, Some(prefix.clone()), prefix)), |state| async move {
        let (mut result, head, prefix) = state?;
        let mut out = Vec::with_capacity(4096);
        if head.is_some() {
            out.extend_from_slice(&prefix);
            out.extend_from_slice(b",\"event\":\"columns\",\"columns\":");
            match result.entry() {
                Some((entry, _)) => out.extend_from_slice(&entry.document(result.timezone()).columns),
                None => columns(&mut out, result.columns()),
            }
            out.extend_from_slice(b"}\n");
            if let Some((entry, cached)) = result.entry() {
                event_rows(&mut out, &prefix, &entry.document(result.timezone()).rows);
                done(&mut out, &prefix, Summary { cached, ..entry.summary });
                return Some((Ok(Bytes::from(out)), None));
            }
            return Some((Ok(out.into()), Some((result, None, prefix))));
        }
        match result.next().await {
            Some(Ok(batch)) => {
                let mut encoded = vec![b'['];
                rows_of(&mut encoded, &batch, result.timezone());
                encoded.push(b']');
                event_rows(&mut out, &prefix, &encoded);
                Some((Ok(out.into()), Some((result, None, prefix))))
            }
            Some(Err(error)) => Some((Err(error), None)),
            None => {
                done(&mut out, &prefix, result.summary()?);
                Some((Ok(out.into()), None))
            }
        }
    })
}

fn rows_of(out: &mut Vec<u8>, batch: &Batch, timezone: &TimeZone) {
    rows(out, batch, timezone, &mut true);
}

fn event_rows(out: &mut Vec<u8>, prefix: &[u8], encoded: &[u8]) {
    if encoded == b"[]" {
        return;
    }
    out.extend_from_slice(prefix);
    out.extend_from_slice(b",\"event\":\"rows\",\"rows\":");
    out.extend_from_slice(encoded);
    out.extend_from_slice(b"}\n");
}

fn done(out: &mut Vec<u8>, prefix: &[u8], end: Summary) {
    out.extend_from_slice(prefix);
    out.extend_from_slice(b",\"event\":\"done\"");
    summary(out, end);
    out.push(b'\n');
}

fn summary(out: &mut Vec<u8>, end: Summary) {
    let text = format!(",\"row_count\":{},\"truncated\":{},\"cached\":{}}}", end.row_count, end.truncated, end.cached);
    out.extend_from_slice(text.as_bytes());
}

/// The columns as a JSON array.
pub fn columns(out: &mut Vec<u8>, columns: &[Column]) {
    out.push(b'[');
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"name\":");
        text(out, &column.name);
        out.extend_from_slice(b",\"type\":\"");
        out.extend_from_slice(column.kind.as_str().as_bytes());
        out.extend_from_slice(b"\"}");
    }
    out.push(b']');
}

/// Rows, separated by commas; `first` says that nothing stands before them, and is updated.
pub fn rows(out: &mut Vec<u8>, batch: &Batch, timezone: &TimeZone, first: &mut bool) {
    for row in batch.rows() {
        if !std::mem::take(first) {
            out.push(b',');
        }
        cells(out, row, timezone);
    }
}

fn cells(out: &mut Vec<u8>, row: &[Cell], timezone: &TimeZone) {
    out.push(b'[');
    for (place, value) in row.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        cell(out, value, timezone);
    }
    out.push(b']');
}

/// One value, as the API's contract has it: exact, and readable everywhere.
pub fn cell(out: &mut Vec<u8>, value: &Cell, timezone: &TimeZone) {
    match value {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Cell::Int(value) => whole_number(out, &value.to_string(), value.unsigned_abs()),
        Cell::UInt(value) => whole_number(out, &value.to_string(), *value),
        Cell::Float(value) => float(out, *value),
        Cell::Decimal(digits) | Cell::Text(digits) | Cell::Unknown(digits) => text(out, digits),
        Cell::Bytes(bytes) => text(out, &base64(bytes)),
        Cell::Date(day) => text(out, &day.to_string()),
        Cell::Time(time) => text(out, &time.to_string()),
        Cell::DateTime(moment) => text(out, &moment.to_string()),
        Cell::Timestamp(moment) => text(out, &super::moment(*moment, timezone)),
        Cell::Json(document) => json(out, document),
        Cell::Array(values) => cells(out, values, timezone),
    }
}

fn whole_number(out: &mut Vec<u8>, digits: &str, magnitude: u64) {
    if magnitude <= EXACT {
        out.extend_from_slice(digits.as_bytes());
    } else {
        text(out, digits);
    }
}

fn float(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        // Shortest form that reads back as the same number.
        out.extend_from_slice(
            serde_json::Number::from_f64(value).map_or_else(String::new, |n| n.to_string()).as_bytes(),
        );
    } else {
        text(out, float_name(value));
    }
}

/// The name of a number that is none.
pub(crate) fn float_name(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// A document from a database goes in as it is when it is JSON, as a string when it is not.
fn json(out: &mut Vec<u8>, document: &str) {
    match serde_json::from_str::<&serde_json::value::RawValue>(document) {
        // New lines would break the one-event-a-line form.
        Ok(raw) if !raw.get().contains(['\n', '\r']) => out.extend_from_slice(raw.get().as_bytes()),
        Ok(raw) => out.extend(raw.get().bytes().filter(|byte| !matches!(byte, b'\n' | b'\r'))),
        Err(_) => text(out, document),
    }
}

/// A JSON string.
pub fn text(out: &mut Vec<u8>, value: &str) {
    // Writing a string into memory cannot fail.
    let _ = serde_json::to_writer(out, value);
}

/// Base 64 with padding, the alphabet of RFC 4648 section 4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            if place <= chunk.len() {
                let index = (word >> (18 - 6 * place)) & 63;
                let letter = usize::try_from(index).ok().and_then(|index| ALPHABET.get(index)).copied().unwrap_or(b'=');
                out.push(char::from(letter));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// The form of a value in a place that has text only: CSV and spreadsheets.
pub(crate) fn plain<'a>(value: &'a Cell, timezone: &TimeZone) -> Cow<'a, str> {
    match value {
        Cell::Null => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Decimal(text) | Cell::Json(text) | Cell::Unknown(text) => Cow::Borrowed(text),
        Cell::Float(value) if !value.is_finite() => Cow::Borrowed(float_name(*value)),
        Cell::Int(value) => Cow::Owned(value.to_string()),
        Cell::UInt(value) => Cow::Owned(value.to_string()),
        Cell::Bytes(bytes) => Cow::Owned(base64(bytes)),
        Cell::Date(day) => Cow::Owned(day.to_string()),
        Cell::Time(time) => Cow::Owned(time.to_string()),
        Cell::DateTime(moment) => Cow::Owned(moment.to_string()),
        Cell::Timestamp(moment) => Cow::Owned(super::moment(*moment, timezone)),
        Cell::Bool(_) | Cell::Float(_) | Cell::Array(_) => {
            let mut out = Vec::new();
            cell(&mut out, value, timezone);
            Cow::Owned(String::from_utf8_lossy(&out).into_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{base64, cell};
    use crate::cell::Cell;

    fn encoded(value: &Cell) -> String {
        let mut out = Vec::new();
        cell(&mut out, value, &TimeZone::UTC);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_stay_exact() {
        for (value, text) in [
            (Cell::Int(9_007_199_254_740_991), "9007199254740991"),
            (Cell::Int(-9_007_199_254_740_992), "\"-9007199254740992\""),
            (Cell::UInt(u64::MAX), "\"18446744073709551615\""),
            (Cell::Float(0.1), "0.1"),
            (Cell::Float(f64::NAN), "\"NaN\""),
            (Cell::Float(f64::NEG_INFINITY), "\"-Infinity\""),
            (Cell::Decimal("0.10".into()), "\"0.10\""),
        ] {
            assert_eq!(encoded(&value), text);
        }
    }

    #[test]
    fn a_document_from_outside_cannot_break_the_frame() {
        for (document, text) in
            [("{\"a\":\n [1]}", "{\"a\": [1]}"), ("]}", "\"]}\""), ("NaN", "\"NaN\""), ("1 2", "\"1 2\""), ("", "\"\"")]
        {
            assert_eq!(encoded(&Cell::Json(document.into())), text);
        }
    }

    #[test]
    fn bytes_are_base_64() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
