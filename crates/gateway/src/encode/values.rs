//! The values of a filter's list: two columns of a result, as values with labels.

use serde_json::value::RawValue;

use crate::cell::{Cell, Column};
use crate::error::RunError;
use crate::stream::RowStream;

/// At most this many are listed; a search narrows further.
const MOST: usize = 1000;

/// Values with labels. No `Debug`: they are a tenant's.
pub struct Values {
    /// In the order of the result.
    pub values: Vec<Value>,
    /// Whether there are more than are listed.
    pub more: bool,
}

/// One value, as JSON in the form of a cell, and what people read.
pub struct Value {
    /// The value.
    pub value: Box<RawValue>,
    /// The label.
    pub label: String,
}

/// Takes the named columns, or the first as the value and the second, if there is one, as the label.
pub async fn collect(
    mut rows: RowStream,
    (value, label): (Option<&str>, Option<&str>),
    search: Option<&str>,
) -> Result<Values, RunError> {
    let value = place(rows.columns(), value).unwrap_or(0);
    let label = place(rows.columns(), label).unwrap_or(if rows.columns().len() > 1 { 1 } else { value });
    let wanted = search.map(str::to_lowercase);
    let timezone = rows.timezone().clone();
    let mut values = Vec::new();
    while let Some(batch) = rows.next().await {
        for row in batch?.rows() {
            let (Some(value), Some(label)) = (row.get(value), row.get(label)) else { return Err(RunError::Malformed) };
            if matches!(value, Cell::Null) {
                continue;
            }
            let label = shown(label, &timezone);
            if wanted.as_ref().is_some_and(|wanted| !label.to_lowercase().contains(wanted.as_str())) {
                continue;
            }
            if values.len() == MOST {
                return Ok(Values { values, more: true });
            }
            values.push(Value { value: raw(value, &timezone)?, label });
        }
    }
    let more = rows.summary().is_some_and(|summary| summary.truncated);
    Ok(Values { values, more })
}

fn place(columns: &[Column], name: Option<&str>) -> Option<usize> {
    name.and_then(|name| columns.iter().position(|column| column.name == name))
}

fn json(cell: &Cell, timezone: &jiff::tz::TimeZone) -> String {
    let mut out = Vec::new();
    super::json::cell(&mut out, cell, timezone);
    String::from_utf8_lossy(&out).into_owned()
}

fn raw(cell: &Cell, timezone: &jiff::tz::TimeZone) -> Result<Box<RawValue>, RunError> {
    RawValue::from_string(json(cell, timezone)).map_err(|_| RunError::Malformed)
}

fn shown(cell: &Cell, timezone: &jiff::tz::TimeZone) -> String {
    let json = json(cell, timezone);
    serde_json::from_str::<String>(&json).unwrap_or(json)
}
