//! `GET /api/collection/{id}`

use axum::response::Response;

use super::super::denied::Denied;
use super::super::folders::{Folder, Folders, root};
use super::super::key::Key;
use crate::reply;

/// Shows a collection, by number, entity id or as `root`.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    let folders = Folders::of(&key.scope);
    Ok(match folders.find(key.segment("id")?)? {
        Folder::Root => reply::json(&root(&key.scope)),
        Folder::One(own) => reply::json(&folders.shape(own)),
    })
}
