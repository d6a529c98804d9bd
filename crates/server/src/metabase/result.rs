//! A query's answer: 202 with rows and columns, or with a failure that says nothing.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use gateway::encode::json;
use gateway::{Batch, Cell, Column, ColumnKind, RowStream, RunError};
use http::{StatusCode, header};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use tenancy::model::content::Values;
use tenancy::{Card, Granted, Run, TenantScope};

use super::guest::Guest;
use super::refusal::{QUERY_FAILED, Refusal};
use crate::app::App;
use crate::problem::Problem;
use crate::rows;

/// Members of the answer that stand behind the rows: of its `data`, and of itself. Each begins with a comma.
pub(super) type Members = [String; 2];

/// Runs a card for a guest.
pub(super) async fn run(
    app: &App,
    guest: &Guest,
    card: &Granted<'_, Run, Card>,
    given: Values,
) -> Result<Response, Refusal> {
    guest.scope.check_guest(&given)?;
    match answer(app, &guest.scope, card, given, |_| Members::default()).await {
        Err(problem) => Refusal::of(&problem).map_or_else(|| Ok(failed()), Err),
        Ok(response) => Ok(response),
    }
}

/// Runs a card: 202, whatever comes of it.
pub(super) async fn answer(
    app: &App,
    scope: &Arc<TenantScope>,
    card: &Granted<'_, Run, Card>,
    given: Values,
    beside: impl FnOnce(&RowStream) -> Members + Send + 'static,
) -> Result<Response, Problem> {
    let mut response = rows::encoded(app, scope, card, given, |rows| encode(rows, beside)).await?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

/// The constant of every query that failed.
fn failed() -> Response {
    let body = serde_json::json!({ "status": "failed", "error": QUERY_FAILED, "error_type": "qp" });
    (StatusCode::ACCEPTED, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

enum Progress<B> {
    Start(RowStream, B),
    Rows(RowStream, bool, B),
    End,
}

/// `{"data": {"cols": [..], "rows": [..], ..}, "row_count": n, "status": "completed"}` as rows arrive. A failure after the
/// first rows ends the stream, and whoever sends it breaks off: half an answer must not look like a whole one.
fn encode<B>(rows: RowStream, beside: B) -> impl Stream<Item = Result<Bytes, RunError>> + Send
where
    B: FnOnce(&RowStream) -> Members + Send,
{
    stream::unfold(Progress::Start(rows, beside), |progress| async move {
        match progress {
            Progress::Start(rows, beside) => {
                let mut out = Vec::with_capacity(4096);
                out.extend_from_slice(b"{\"data\":{\"cols\":");
                // Writing into memory cannot fail.
                let _ = serde_json::to_writer(&mut out, &columns(rows.columns()));
                out.extend_from_slice(b",\"rows\":[");
                next_part(rows, out, true, beside).await
            }
            Progress::Rows(rows, first, beside) => next_part(rows, Vec::with_capacity(4096), first, beside).await,
            Progress::End => None,
        }
    })
}

async fn next_part<B: FnOnce(&RowStream) -> Members>(
    mut rows: RowStream,
    mut out: Vec<u8>,
    mut first: bool,
    beside: B,
) -> Option<(Result<Bytes, RunError>, Progress<B>)> {
    match rows.next().await {
        Some(Ok(batch)) => {
            lines(&mut out, &batch, rows.timezone(), &mut first);
            Some((Ok(out.into()), Progress::Rows(rows, first, beside)))
        }
        Some(Err(error)) => Some((Err(error), Progress::End)),
        None => {
            let summary = rows.summary()?;
            let timezone = zone_name(rows.timezone());
            let cut = summary.truncated.then_some(summary.row_count);
            let data = serde_json::json!({ "insights": null, "results_timezone": timezone, "rows_truncated": cut });
            let [of_data, of_answer] = beside(&rows);
            let data = data.to_string();
            out.extend_from_slice(b"],");
            out.extend_from_slice(data.trim_matches(['{', '}']).as_bytes());
            let rest = format!("{of_data}}},\"row_count\":{},\"status\":\"completed\"{of_answer}}}", summary.row_count);
            out.extend_from_slice(rest.as_bytes());
            Some((Ok(out.into()), Progress::End))
        }
    }
}

/// The zone's name, as clients read it.
pub(super) fn zone_name(timezone: &TimeZone) -> &str {
    timezone.iana_name().unwrap_or("UTC")
}

fn lines(out: &mut Vec<u8>, batch: &Batch, timezone: &TimeZone, first: &mut bool) {
    for row in batch.rows() {
        out.extend_from_slice(if std::mem::take(first) { b"[" } else { b",[" });
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            cell(out, value, timezone);
        }
        out.push(b']');
    }
}

/// A cell as these clients expect it: decimals are numbers, with every digit, and days are moments in the viewer's zone.
pub(super) fn cell(out: &mut Vec<u8>, value: &Cell, timezone: &TimeZone) {
    match value {
        Cell::Decimal(digits) if serde_json::from_str::<serde_json::Number>(digits).is_ok() => {
            out.extend_from_slice(digits.as_bytes());
        }
        Cell::Date(day) => moment(out, day.at(0, 0, 0, 0), timezone),
        Cell::DateTime(time) => moment(out, *time, timezone),
        other => json::cell(out, other, timezone),
    }
}

fn moment(out: &mut Vec<u8>, time: DateTime, timezone: &TimeZone) {
    let text = timezone.to_ambiguous_timestamp(time).compatible().map(|moment| {
        let offset = timezone.to_offset(moment);
        let text = moment.display_with_offset(offset).to_string();
        if offset.seconds() == 0 { text.replace("+00:00", "Z") } else { text }
    });
    // Beyond the years that have moments a time stays what it is.
    json::text(out, &text.unwrap_or_else(|_| time.to_string()));
}

/// The columns' shapes.
pub(super) fn columns(columns: &[Column]) -> Vec<serde_json::Value> {
    columns.iter().map(column).collect()
}

fn column(column: &Column) -> serde_json::Value {
    let kind = base_type(column.kind);
    serde_json::json!({
        "name": column.name, "display_name": column.name, "base_type": kind, "effective_type": kind,
        "semantic_type": null, "source": "native",
        "field_ref": ["field", column.name, { "base-type": kind }],
    })
}

/// Metabase's name of a type.
pub(super) fn base_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Integer => "type/Integer",
        ColumnKind::Decimal => "type/Decimal",
        ColumnKind::Float => "type/Float",
        ColumnKind::Text => "type/Text",
        ColumnKind::Boolean => "type/Boolean",
        ColumnKind::Date => "type/Date",
        ColumnKind::Time => "type/Time",
        ColumnKind::Datetime => "type/DateTime",
        ColumnKind::Timestamp => "type/DateTimeWithLocalTZ",
        ColumnKind::Json => "type/JSON",
        ColumnKind::Array => "type/Array",
        ColumnKind::Binary | ColumnKind::Unknown => "type/*",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(value: &Cell, zone: &str) -> String {
        let mut out = Vec::new();
        cell(&mut out, value, &TimeZone::get(zone).unwrap());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn decimals_are_numbers_and_days_are_moments() {
        assert_eq!(encoded(&Cell::Decimal("12345678901234567890.10".into()), "UTC"), "12345678901234567890.10");
        assert_eq!(encoded(&Cell::Decimal("NaN".into()), "UTC"), "\"NaN\"");
        let day = jiff::civil::date(2026, 7, 1);
        assert_eq!(encoded(&Cell::Date(day), "UTC"), "\"2026-07-01T00:00:00Z\"");
        assert_eq!(encoded(&Cell::Date(day), "Europe/Paris"), "\"2026-07-01T00:00:00+02:00\"");
        assert_eq!(encoded(&Cell::DateTime(day.at(9, 30, 0, 0)), "UTC"), "\"2026-07-01T09:30:00Z\"");
        assert_eq!(encoded(&Cell::Int(i64::MAX), "UTC"), "\"9223372036854775807\"");
    }
}
