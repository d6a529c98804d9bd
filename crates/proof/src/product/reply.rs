//! What came back over HTTP, in forms that can be compared.

use std::io::{Cursor, Read as _};

use anyhow::Context as _;
use serde_json::Value;

use super::places::Place;
use crate::fixture::CANARY;

/// An answer as it came.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// By name, without the request's id and the date.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One document.
    Json,
    /// Events of one item, a line each.
    Events,
    /// Lines.
    Csv,
    /// A ZIP archive of XML.
    Xlsx,
}

/// Columns by name, and rows.
pub(super) type Rows = (Vec<String>, Vec<Value>);

/// An answer about one attack.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    /// What must be the same in all worlds.
    body: Vec<u8>,
    format: Format,
    /// The problem's code, when it is one.
    pub(super) code: Option<String>,
    /// Rows, where the format is JSON.
    pub(super) rows: Option<Rows>,
}

impl Seen {
    /// Reads a whole answer.
    pub(super) fn of(reply: &Reply, format: Format, place: &Place) -> anyhow::Result<Self> {
        let body = match format {
            Format::Xlsx if reply.status == 200 => place.neutral(&unpacked(&reply.body)?),
            _ => place.neutral(&reply.body),
        };
        let document: Option<Value> = match format {
            Format::Csv | Format::Xlsx if reply.status == 200 => None,
            _ => Some(serde_json::from_slice(&body).context("an answer that is no JSON")?),
        };
        let code = document.as_ref().and_then(|document| document.get("code")?.as_str().map(str::to_owned));
        let rows = document
            .as_ref()
            .and_then(|document| Some((names(document.get("columns")?)?, document.get("rows")?.as_array()?.clone())));
        Ok(Self { status: reply.status, headers: reply.headers.clone(), body, format, code, rows })
    }

    /// Reads the events of one item out of a dashboard's stream.
    pub(super) fn of_events(reply: &Reply, item: &str, place: &Place) -> anyhow::Result<Self> {
        let body = place.neutral(&reply.body);
        let own = format!("{{\"item\":\"{item}\",").into_bytes();
        let lines: Vec<&[u8]> = body.split_inclusive(|byte| *byte == b'\n').collect();
        anyhow::ensure!(lines.last() == Some(&&b"{\"event\":\"end\"}\n"[..]), "a stream without an end");
        let (mut columns, mut rows, mut code, mut ended) = (None, Vec::new(), None, false);
        let mut kept = Vec::new();
        for line in lines {
            let event: Value = serde_json::from_slice(line).context("an event that is no JSON")?;
            if event.get("item").and_then(Value::as_str) != Some(item) {
                continue;
            }
            anyhow::ensure!(!ended, "an event behind the last one of its item");
            // Errors have their fields in another order.
            let is_error = event.get("event").and_then(Value::as_str) == Some("error");
            anyhow::ensure!(line.starts_with(&own) || is_error, "an event that does not begin with its item");
            match event.get("event").and_then(Value::as_str) {
                Some("columns") => columns = event.get("columns").and_then(names),
                Some("rows") => {
                    rows.extend(event.get("rows").and_then(Value::as_array).context("rows that are no list")?.clone());
                }
                Some("done") => ended = true,
                Some("error") => {
                    ended = true;
                    code = event.pointer("/problem/code").and_then(Value::as_str).map(str::to_owned);
                }
                other => anyhow::bail!("an event of the kind {other:?}"),
            }
            kept.extend_from_slice(line);
        }
        anyhow::ensure!(ended, "an item without an end");
        let rows = if code.is_none() { columns.map(|columns| (columns, rows)) } else { None };
        let headers = reply.headers.iter().filter(|(name, _)| name != "content-length").cloned().collect();
        Ok(Self { status: reply.status, headers, body: kept, format: Format::Events, code, rows })
    }

    /// To the last byte.
    pub(super) fn is(&self, other: &Self) -> bool {
        (self.status, &self.headers, &self.body) == (other.status, &other.headers, &other.body)
    }

    /// The same rows in another order.
    pub(super) fn is_but_for_order(&self, other: &Self) -> bool {
        let alike = (self.status, &self.headers, &self.code) == (other.status, &other.headers, &other.code);
        alike && self.body.len() == other.body.len() && self.pieces() == other.pieces()
    }

    /// The body in pieces, sorted: lines of a file, cells of a sheet, rows of a document.
    fn pieces(&self) -> Vec<Vec<u8>> {
        let mut pieces: Vec<Vec<u8>> = match (&self.rows, self.format) {
            (Some((columns, rows)), _) => {
                let head = std::iter::once(format!("{columns:?}").into_bytes());
                head.chain(rows.iter().map(|row| row.to_string().into_bytes())).collect()
            }
            // Behind each reference to a cell comes its value; the references stay where they are.
            (None, Format::Xlsx) => {
                let tags = self.body.split(|byte| *byte == b'<').filter(|tag| !tag.starts_with(b"c r="));
                tags.map(<[u8]>::to_vec).collect()
            }
            (None, _) => self.body.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect(),
        };
        pieces.sort();
        pieces
    }

    /// Whether a value of others' rows is in it.
    pub(super) fn has_canary(&self) -> bool {
        let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        holds(&self.body) || self.headers.iter().any(|(_, value)| holds(value.as_bytes()))
    }

    /// One short line, for people who look for the cause.
    pub(super) fn shown(&self) -> String {
        let rows = self.rows.as_ref().map(|(names, rows)| format!("{names:?} {rows:?}"));
        let text = rows.unwrap_or_else(|| String::from_utf8_lossy(&self.body).replace(['\r', '\n'], " | "));
        format!("{} {}", self.status, text.chars().take(300).collect::<String>())
    }
}

fn names(columns: &Value) -> Option<Vec<String>> {
    columns.as_array()?.iter().map(|column| Some(column.get("name")?.as_str()?.to_owned())).collect()
}

/// The parts of a sheet's file, one behind the other, without the time at which it was made.
fn unpacked(archive: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).context("a sheet that is no archive")?;
    let mut whole = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place)?;
        let name = part.name()?.into_owned();
        if name == "docProps/core.xml" {
            continue;
        }
        whole.extend_from_slice(name.as_bytes());
        part.read_to_end(&mut whole)?;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::super::places::Place;
    use super::{Format, Reply, Seen};

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, headers: vec![("content-type".into(), "x".into())], body: body.as_bytes().to_vec() }
    }

    fn json(body: &str) -> Seen {
        Seen::of(&reply(200, body), Format::Json, &Place::PLAIN).unwrap()
    }

    #[test]
    fn order_is_told_apart_from_difference() {
        let rows = |rows: &str| json(&format!(r#"{{"columns":[{{"name":"x"}}],"rows":[{rows}]}}"#));
        let (one, turned, other) = (rows("[1],[2]"), rows("[2],[1]"), rows("[1],[3]"));
        assert!(one.is(&one) && !one.is(&turned));
        assert!(one.is_but_for_order(&turned) && !one.is_but_for_order(&other));
        let file = |body: &str| Seen::of(&reply(200, body), Format::Csv, &Place::PLAIN).unwrap();
        assert!(file("x\n1\n2\n").is_but_for_order(&file("x\n2\n1\n")));
        assert!(!file("x\n1\n2\n").is_but_for_order(&file("x\n1\n3\n")));
    }

    #[test]
    fn an_item_is_taken_out_of_a_stream() {
        let stream = concat!(
            "{\"item\":\"a\",\"event\":\"columns\",\"columns\":[{\"name\":\"x\"}]}\n",
            "{\"event\":\"error\",\"item\":\"b\",\"problem\":{\"code\":\"query-refused\"}}\n",
            "{\"item\":\"a\",\"event\":\"rows\",\"rows\":[[\"CANARY-B-7\"]]}\n",
            "{\"item\":\"a\",\"event\":\"done\"}\n",
            "{\"event\":\"end\"}\n",
        );
        let of = |item| Seen::of_events(&reply(200, stream), item, &Place::PLAIN);
        let a = of("a").unwrap();
        assert!(a.has_canary());
        assert_eq!(a.rows.unwrap().1.len(), 1);
        let b = of("b").unwrap();
        assert_eq!(b.code.as_deref(), Some("query-refused"));
        assert!(!b.has_canary() && b.rows.is_none());
        assert!(of("c").is_err(), "an item that is not there has no end");
    }
}
