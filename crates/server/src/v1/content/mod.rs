//! What the groups share: shapes of answers, lists of filters' values, and texts that name filters.

pub(crate) mod author;
pub(crate) mod parameters;
pub(crate) mod saving;
pub(crate) mod texts;

use http::StatusCode;
use serde::Serialize;
use tenancy::model::content::Values;

use crate::problem::Problem;

/// Rows as one document. Whole numbers beyond 2^53 - 1 and decimals are texts, so that nothing is rounded.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RowsDocument {
    /// The columns.
    columns: Vec<ColumnShape>,
    /// The rows, each a list of cells.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<serde_json::Value>>,
    /// How many.
    row_count: u64,
    /// Whether a limit cut the rows off.
    truncated: bool,
    /// Whether they come from the cache.
    cached: bool,
}

/// A column.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ColumnShape {
    /// Its name.
    name: String,
    /// `integer`, `decimal`, `float`, `text`, `boolean`, `date`, `time`, `datetime`, `timestamp`, `json`, `binary`,
    /// `array` or `unknown`.
    r#type: String,
}

/// Refuses a name that no filter has, before anything runs.
pub(crate) fn known_names(given: &Values, known: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let Some(name) = given.keys().find(|name| !known(name)) else { return Ok(()) };
    let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let field = if plain { format!("parameters.{name}") } else { "parameters".to_owned() };
    Err(Problem::new(StatusCode::BAD_REQUEST, "parameter-unknown", "There is no such filter here.").on_field(field))
}
