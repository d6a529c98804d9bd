//! `POST /api/dataset/query_metadata`

use axum::extract::State;
use axum::response::Response;

use super::super::database::metadata;
use super::super::denied::Denied;
use super::super::key::Key;
use super::super::sent::Sent;
use super::question;
use crate::app::App;
use crate::reply;

/// What a page needs to know beside the question: its data source.
pub(in super::super) async fn show(
    key: Key,
    State(app): State<App>,
    Sent(sent): Sent<question::Sent>,
) -> Result<Response, Denied> {
    question::admit(&key.scope)?;
    Ok(reply::json(&metadata::of(&app, &key.scope, [sent.database()]).await))
}
