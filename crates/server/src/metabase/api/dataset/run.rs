//! `POST /api/dataset`

use axum::extract::State;
use axum::response::Response;

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::sent::Sent;
use super::super::told;
use super::question::{self, Question};
use crate::app::App;

/// Runs SQL that is not saved, where this tenant's SQL runs.
pub(in super::super) async fn run(
    key: Key,
    State(app): State<App>,
    Sent(sent): Sent<question::Sent>,
) -> Result<Response, Denied> {
    question::admit(&key.scope)?;
    let Question { source, query, given } = sent.read(&key.scope)?;
    let card = key.scope.question(&source, query)?;
    told::run(&app, &key.scope, &card, given, "ad-hoc").await
}
