//! `POST /api/dataset/native`

use axum::response::Response;
use gateway::PrepareError;
use query::{Bind, Context};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::sent::Sent;
use super::question::{self, Question};
use crate::problem::Problem;
use crate::reply;

#[derive(Serialize)]
struct Native {
    query: String,
    params: Option<Vec<Value>>,
}

/// The statement that the template makes, and the values for its places. What the guard makes of it is not shown: that is
/// about other people's rows too.
pub(in super::super) async fn show(key: Key, Sent(sent): Sent<question::Sent>) -> Result<Response, Denied> {
    question::admit(&key.scope)?;
    let Question { source, query, given } = sent.read(&key.scope)?;
    let (scope, card) = (&key.scope, key.scope.question(&source, query)?);
    let placement = card.placement().map_err(|error| Problem::from(PrepareError::Placement(error)))?;
    let inputs = card.inputs(given).map_err(|error| Problem::from(PrepareError::Inputs(error)))?;
    let attributes = scope.attributes();
    let context = Context { engine: placement.engine(), now: scope.now(), timezone: scope.timezone(), attributes };
    // Snippets are their author's to read: to others they have no text here.
    let none = query::Snippets::default();
    let snippets = if scope.desk().is_ok() { card.snippets() } else { &none };
    let written = query::compile(&card.get().draft.query, snippets, &inputs, &context);
    let written = written.map_err(|error| Problem::from(PrepareError::Query(error)))?;
    let params: Vec<Value> = written.binds().iter().map(value).collect();
    let params = Some(params).filter(|params| !params.is_empty());
    Ok(reply::json(&Native { query: written.sql().to_owned(), params }))
}

fn value(bind: &Bind) -> Value {
    match bind {
        Bind::Null => Value::Null,
        Bind::Bool(value) => json!(value),
        Bind::Int(number) => json!(number),
        Bind::Float(number) => json!(number),
        Bind::Decimal(text) | Bind::Text(text) => json!(text),
        Bind::Date(day) => json!(day.to_string()),
        Bind::DateTime(time) => json!(time.to_string()),
        Bind::Timestamp(moment) => json!(moment.to_string()),
    }
}
