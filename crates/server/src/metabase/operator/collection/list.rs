//! `GET /api/collection`

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;
use tenancy::Overview;

use super::super::super::api::collection::tree::nested;
use super::super::super::api::denied::Denied;
use super::super::super::api::folders::{Folders, RootShape, Shape, root_called};
use super::super::admin::Admin;
use crate::reply;

#[derive(Serialize)]
#[serde(untagged)]
enum Listed<'f> {
    Root(RootShape<'f>),
    One(Shape<'f>),
}

/// What the root of the library is called.
pub(super) const LIBRARY: &str = "Library";

/// The library's collections.
pub(super) fn folders(overview: Overview) -> Folders {
    Folders::among(overview.collections.into_iter().map(Arc::new).collect())
}

/// `GET /api/collection/tree`: the same in one another. What lies in them is read with `/v1/library`.
pub(super) async fn tree(admin: Admin) -> Result<Response, Denied> {
    Ok(nested(&folders(admin.operator.overview().await?), HashMap::new()))
}

/// Lists the library's collections, the root first. Tenants' own are theirs.
pub(super) async fn list(admin: Admin) -> Result<Response, Denied> {
    let folders = folders(admin.operator.overview().await?);
    let ones = folders.iter().map(|own| Listed::One(folders.shape(own)));
    let all: Vec<_> = std::iter::once(Listed::Root(root_called(LIBRARY))).chain(ones).collect();
    Ok(reply::json(&all))
}
