//! `GET /api/collection/{id}`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::super::api::folders::{Folder, root_called};
use super::super::admin::Admin;
use super::list::{LIBRARY, folders};
use crate::reply;

/// Shows a collection of the library, by number, entity id or as `root`.
pub(super) async fn show(admin: Admin) -> Result<Response, Denied> {
    let folders = folders(admin.operator.overview().await?);
    Ok(match folders.find(admin.id()?)? {
        Folder::Root => reply::json(&root_called(LIBRARY)),
        Folder::One(own) => reply::versioned(own.version, &folders.shape(own)),
    })
}
