//! `POST /api/dataset/{format}`

use axum::extract::State;
use axum::response::Response;

use super::super::denied::Denied;
use super::super::file;
use super::super::key::Key;
use super::super::sent::Sent;
use super::question::{self, Question};
use crate::app::App;

/// The same rows as a file.
pub(in super::super) async fn send(
    key: Key,
    State(app): State<App>,
    Sent(sent): Sent<question::Sent>,
) -> Result<Response, Denied> {
    question::admit(&key.scope)?;
    let Question { source, query, given } = sent.read(&key.scope)?;
    let card = key.scope.question_to_export(&source, query)?;
    file::send(&app, &key.scope, card, given, key.segment("format")?).await
}
