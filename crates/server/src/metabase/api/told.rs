//! What stands beside the rows of an answer to a key, and the answer to one whose query failed.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use gateway::RowStream;
use http::{StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use tenancy::model::content::Values;
use tenancy::{Card, Granted, Run, Tenancy, TenantScope};

use super::super::result::{self, Members};
use super::denied::Denied;
use crate::app::App;
use crate::problem::Problem;

/// A query under way: when it began, and for what.
struct Asked {
    tenancy: Tenancy,
    started_at: jiff::Timestamp,
    database_id: Option<i32>,
    context: &'static str,
}

#[derive(Serialize)]
struct Told {
    database_id: Option<i32>,
    context: &'static str,
    started_at: jiff::Timestamp,
    running_time: i64,
    average_execution_time: Option<()>,
    json_query: JsonQuery,
}

/// Which query it was. Neither its SQL nor its values: the one is its author's, the other whoever asked has.
#[derive(Serialize)]
struct JsonQuery {
    r#type: &'static str,
    database: Option<i32>,
}

#[derive(Serialize)]
struct OfData {
    native_form: Option<()>,
    requested_timezone: String,
    results_metadata: Columns,
}

#[derive(Serialize)]
struct Columns {
    columns: Vec<Value>,
}

impl Asked {
    fn told(&self) -> Told {
        let passed = self.tenancy.host().now().as_millisecond() - self.started_at.as_millisecond();
        Told {
            database_id: self.database_id,
            context: self.context,
            started_at: self.started_at,
            running_time: passed.max(0),
            average_execution_time: None,
            json_query: JsonQuery { r#type: "native", database: self.database_id },
        }
    }

    fn members(&self, rows: &RowStream) -> Members {
        let columns = result::columns(rows.columns());
        let requested_timezone = result::zone_name(rows.timezone()).to_owned();
        let of_data = OfData { native_form: None, requested_timezone, results_metadata: Columns { columns } };
        [members(&of_data), members(&self.told())]
    }
}

/// `,"a":1,"b":2`
fn members(shape: &impl Serialize) -> String {
    let text = serde_json::to_string(shape).unwrap_or_default();
    let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default();
    if inside.is_empty() { String::new() } else { format!(",{inside}") }
}

/// Runs a card for a key. 202 also when the query fails: what went wrong is in the answer, in the words of our own surface.
pub(super) async fn run(
    app: &App,
    scope: &Arc<TenantScope>,
    card: &Granted<'_, Run, Card>,
    given: Values,
    context: &'static str,
) -> Result<Response, Denied> {
    let (tenancy, started_at) = (app.tenancy().clone(), scope.now());
    let asked = Arc::new(Asked { tenancy, started_at, database_id: card.source_number(), context });
    let beside = Arc::clone(&asked);
    match result::answer(app, scope, card, given, move |rows| beside.members(rows)).await {
        Ok(response) => Ok(response),
        Err(problem) if is_about_the_request(&problem) => Err(problem.into()),
        Err(problem) => Ok(failed(&problem, &asked.told())),
    }
}

/// Whether it is the request that is wrong, and not what became of a query that was right.
fn is_about_the_request(problem: &Problem) -> bool {
    let status = problem.status();
    [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status)
}

fn failed(problem: &Problem, told: &Told) -> Response {
    let error = problem.detail();
    let body = json!({ "status": "failed", "error": error, "error_type": "qp", "class": "query", "row_count": 0,
        "data": { "rows": [], "cols": [] } });
    let mut body = body.to_string();
    body.truncate(body.len() - 1);
    body.push_str(&members(told));
    body.push('}');
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "private, no-store")];
    (StatusCode::ACCEPTED, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_begin_with_a_comma() {
        assert_eq!(members(&json!({ "a": "}{", "b": {} })), ",\"a\":\"}{\",\"b\":{}");
        assert_eq!(members(&json!({})), "");
    }
}
