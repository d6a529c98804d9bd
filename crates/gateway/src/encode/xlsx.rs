//! XLSX: typed cells, one sheet, written row by row into a temporary file.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use jiff::Unit;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;

use super::json::plain;
use crate::cell::{Batch, Cell};
use crate::error::RunError;
use crate::stream::{RowStream, Summary};

/// Rows and columns of a sheet, and characters of a cell: limits of the format.
const SHEET_ROWS: u32 = 1_048_576;
const SHEET_COLUMNS: usize = 16_384;
const CELL_CHARS: usize = 32_767;

/// A spreadsheet keeps 15 digits of a number; more would be rounded silently.
const DIGITS: usize = 15;
const LARGEST: u64 = 999_999_999_999_999;

const PART: usize = 64 << 10;

/// A finished file, gone from the disk when dropped.
pub struct Workfile {
    file: File,
    length: u64,
    summary: Summary,
}

impl Workfile {
    /// Size in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Rows in the file, and whether a limit cut them off.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// The file's bytes.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, RunError>> + Send {
        stream::unfold(Some(self.file), |file| async move {
            let mut file = file?;
            let read = tokio::task::spawn_blocking(move || {
                let mut part = vec![0; PART];
                let length = file.read(&mut part)?;
                part.truncate(length);
                Ok::<_, std::io::Error>((part, file))
            });
            match read.await {
                Ok(Ok((part, _))) if part.is_empty() => None,
                Ok(Ok((part, file))) => Some((Ok(part.into()), Some(file))),
                _ => Some((Err(RunError::ExportFailed), None)),
            }
        })
    }
}

/// Writes all rows into a file. Text is always text and never a formula; numbers
/// beyond 15 digits are text, so that nothing is rounded; moments are shown in
/// the tenant's time zone.
pub async fn encode(mut rows: RowStream, sheet: &str) -> Result<Workfile, RunError> {
    let (batches, arriving) = mpsc::channel::<Arc<Batch>>(4);
    let names = rows.columns().iter().enumerate().map(|(place, column)| header(place, &column.name)).collect();
    let timezone = rows.timezone().clone();
    let sheet = sheet_name(sheet);
    let writing = tokio::task::spawn_blocking(move || write(arriving, names, &timezone, &sheet));
    while let Some(batch) = rows.next().await {
        if batches.send(batch?).await.is_err() {
            break;
        }
    }
    drop(batches);
    let written = writing.await.map_err(|_| RunError::ExportFailed)?;
    let (file, length, count, complete) = written.map_err(|_| RunError::ExportFailed)?;
    let end = rows.summary().unwrap_or(Summary { row_count: 0, truncated: true, cached: false });
    let summary = Summary { row_count: count, truncated: end.truncated || !complete, ..end };
    Ok(Workfile { file, length, summary })
}

type Written = (File, u64, u64, bool);

fn write(
    mut arriving: mpsc::Receiver<Arc<Batch>>,
    names: Vec<String>,
    timezone: &TimeZone,
    sheet: &str,
) -> Result<Written, XlsxError> {
    let mut workbook = Workbook::new();
    // Else the library reads the clock, and the same rows would be other bytes a second later.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(1980, 1, 1)?));
    let formats = Formats::new();
    let worksheet = workbook.add_worksheet_with_constant_memory()?;
    worksheet.set_name(sheet)?;
    worksheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0..).zip(names.iter().take(SHEET_COLUMNS)) {
        worksheet.write_string_with_format(0, column, name, &formats.bold)?;
    }
    let mut line: u32 = 1;
    let mut complete = names.len() <= SHEET_COLUMNS;
    'all: while let Some(batch) = arriving.blocking_recv() {
        for row in batch.rows() {
            if line >= SHEET_ROWS {
                complete = false;
                break 'all;
            }
            for (column, cell) in (0..).zip(row.iter().take(SHEET_COLUMNS)) {
                put(worksheet, line, column, cell, &formats, timezone)?;
            }
            line += 1;
        }
    }
    let mut file = tempfile::tempfile()?;
    let mut buffered = BufWriter::new(&mut file);
    workbook.save_to_writer(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    Ok((file, length, u64::from(line - 1), complete))
}

struct Formats {
    bold: Format,
    date: Format,
    time: Format,
    datetime: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            bold: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("hh:mm:ss"),
            datetime: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
    timezone: &TimeZone,
) -> Result<(), XlsxError> {
    let (number, format) = match cell {
        Cell::Null => return Ok(()),
        Cell::Bool(value) => {
            sheet.write_boolean(row, column, *value)?;
            return Ok(());
        }
        Cell::Int(value) if value.unsigned_abs() <= LARGEST => (value.to_string().parse().ok(), None),
        Cell::UInt(value) if *value <= LARGEST => (value.to_string().parse().ok(), None),
        Cell::Float(value) if value.is_finite() => (Some(*value), None),
        Cell::Decimal(text) => (short_number(text), None),
        Cell::Date(day) => (serial(day.at(0, 0, 0, 0)), Some(&formats.date)),
        Cell::Time(time) => (day_part(*time), Some(&formats.time)),
        Cell::DateTime(moment) => (serial(*moment), Some(&formats.datetime)),
        Cell::Timestamp(moment) => (serial(timezone.to_datetime(*moment)), Some(&formats.datetime)),
        _ => (None, None),
    };
    match (number, format) {
        (Some(number), Some(format)) => sheet.write_number_with_format(row, column, number, format)?,
        (Some(number), None) => sheet.write_number(row, column, number)?,
        (None, _) => sheet.write_string(row, column, fitting(&plain(cell, timezone)))?,
    };
    Ok(())
}

/// A decimal that fits into a spreadsheet's number without loss.
fn short_number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if is_number && digits <= DIGITS { text.parse().ok() } else { None }
}

/// The number of days by which spreadsheets count, from 1900-03-01 on; before
/// that they disagree about a day that never was.
fn serial(moment: DateTime) -> Option<f64> {
    let epoch = jiff::civil::date(1899, 12, 30);
    if moment < jiff::civil::date(1900, 3, 1).at(0, 0, 0, 0) {
        return None;
    }
    let days = moment.date().since((Unit::Day, epoch)).ok()?.get_days();
    Some(f64::from(days) + day_part(moment.time())?)
}

fn day_part(time: jiff::civil::Time) -> Option<f64> {
    let seconds = f64::from(time.hour()) * 3600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second());
    let seconds = seconds + f64::from(time.subsec_nanosecond()) / 1e9;
    Some(seconds / 86_400.0)
}

fn fitting(text: &str) -> String {
    if text.len() <= CELL_CHARS || text.encode_utf16().count() <= CELL_CHARS {
        return text.to_owned();
    }
    let mut short = beginning(text, CELL_CHARS - 1);
    short.push('…');
    short
}

/// At most so many units of UTF-16, which is how the format counts characters.
fn beginning(text: &str, most: usize) -> String {
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units <= most
    };
    text.chars().take_while(fits).collect()
}

fn header(place: usize, name: &str) -> String {
    let clean: String = name.chars().filter(|letter| !letter.is_control()).take(255).collect();
    if clean.trim().is_empty() { format!("column {}", place + 1) } else { clean }
}

/// A sheet's name has at most 31 characters and none of a few, no apostrophe at an end, and is not the one
/// that spreadsheets keep for their own list of changes.
fn sheet_name(name: &str) -> String {
    let forbidden = |letter: char| letter.is_control() || "[]:*?/\\\u{fffe}\u{ffff}".contains(letter);
    let clean: String = name.chars().map(|letter| if forbidden(letter) { ' ' } else { letter }).collect();
    let clean = beginning(&clean, 31);
    let clean = clean.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace());
    match clean {
        "" => "Sheet1".to_owned(),
        _ if clean.eq_ignore_ascii_case("history") => format!("{clean} 1"),
        _ => clean.to_owned(),
    }
}
