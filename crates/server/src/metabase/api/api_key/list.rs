//! `GET /api/api-key` and `GET /api/api-key/count`

use axum::response::Response;

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::people::People;
use super::shape;
use crate::reply;

/// Lists the keys that are in force, without their texts.
pub(in super::super) async fn list(key: Key) -> Result<Response, Denied> {
    let people = People::of(&key.scope.keys().await?, key.scope.now()).await?;
    Ok(reply::json(&people.keys().iter().map(|own| shape::key(&people, own)).collect::<Vec<_>>()))
}

/// How many there are.
pub(in super::super) async fn count(key: Key) -> Result<Response, Denied> {
    let people = People::of(&key.scope.keys().await?, key.scope.now()).await?;
    Ok(reply::json(&people.keys().len()))
}
