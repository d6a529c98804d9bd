//! `GET /api/user/current`: the key, as the user that clients take it for.

use axum::response::Response;

use super::super::denied::Denied;
use super::super::key::Key;
use super::super::people;
use crate::reply;

/// Who this key is.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    Ok(reply::json(&people::user(&key.scope, people::own(&key.scope)?)))
}
