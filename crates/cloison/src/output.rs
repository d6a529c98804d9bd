//! What commands print: tables and lines for people, JSON for scripts.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

/// How to print.
#[derive(Clone, Copy)]
pub struct Output {
    /// JSON instead of text.
    pub json: bool,
}

impl Output {
    /// One thing: its fields a line each.
    pub fn one(self, thing: &impl Serialize) -> Result<()> {
        let value = serde_json::to_value(thing)?;
        if self.json {
            return self.raw(&value);
        }
        let Value::Object(fields) = &value else { return self.raw(&value) };
        let width = fields.keys().map(String::len).max().unwrap_or_default();
        for (name, value) in fields.iter().filter(|(_, value)| !is_empty(value)) {
            println!("{name:width$}  {}", gateway::shown(&cell(value), usize::MAX));
        }
        Ok(())
    }

    /// Several things: these fields of each in columns.
    pub fn many(self, things: &impl Serialize, columns: &[&str]) -> Result<()> {
        let value = serde_json::to_value(things)?;
        if self.json {
            return self.raw(&value);
        }
        let rows: Vec<Vec<String>> = value
            .as_array()
            .into_iter()
            .flatten()
            .map(|thing| columns.iter().map(|column| thing.get(column).map_or_else(String::new, cell)).collect())
            .collect();
        if rows.is_empty() {
            println!("none");
            return Ok(());
        }
        let names: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        table(&names, &rows);
        Ok(())
    }

    /// A sentence for people; nothing for scripts.
    pub fn say(self, text: &str) {
        if !self.json {
            println!("{text}");
        }
    }

    fn raw(self, value: &Value) -> Result<()> {
        println!("{}", serde_json::to_string_pretty(value)?);
        Ok(())
    }
}

/// Columns as wide as their widest cell.
pub fn table(names: &[String], rows: &[Vec<String>]) {
    // Cells may be a tenant's: a terminal would obey what is in them.
    let plain = |cells: &[String]| cells.iter().map(|cell| gateway::shown(cell, usize::MAX)).collect::<Vec<_>>();
    let (names, rows) = (&plain(names), &rows.iter().map(|row| plain(row)).collect::<Vec<_>>());
    let width = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place)).chain(names.get(place));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    for row in std::iter::once(names).chain(rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
