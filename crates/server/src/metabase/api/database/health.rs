//! `GET /api/database/{id}/healthcheck`

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::super::catalogue;
use super::super::denied::Denied;
use super::super::key::Key;
use crate::app::App;
use crate::problem::{Problem, Reader};
use crate::reply;

#[derive(Serialize)]
struct Health<'p> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'p str>,
}

/// Opens a connection as this tenant's queries do, within their limits. What the database itself says is not told.
pub(in super::super) async fn check(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let database = catalogue::database(&key.scope, key.segment("id")?)?;
    let failure = app.gateway().check(&database.placement).await.err();
    let problem = failure.map(|error| Problem::running(error, Reader::Other));
    let status = if problem.is_some() { "error" } else { "ok" };
    Ok(reply::json(&Health { status, message: problem.as_ref().map(Problem::detail) }))
}
