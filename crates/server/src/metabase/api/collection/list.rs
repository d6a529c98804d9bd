//! `GET /api/collection`

use axum::response::Response;
use serde::Serialize;

use super::super::contents;
use super::super::folders::{Folders, RootShape, Shape, root};
use super::super::key::Key;
use crate::metabase::given::Given;
use crate::reply;

#[derive(Serialize)]
#[serde(untagged)]
enum Listed<'f> {
    Root(RootShape<'f>),
    One(Shape<'f>),
}

/// Lists collections, the root first.
pub(in super::super) async fn list(key: Key, given: Given) -> Response {
    if contents::wants_nothing(&given) {
        return reply::json(&[(); 0]);
    }
    let folders = Folders::of(&key.scope);
    let ones = folders.iter().map(|own| Listed::One(folders.shape(own)));
    let all: Vec<_> = std::iter::once(Listed::Root(root(&key.scope))).chain(ones).collect();
    reply::json(&all)
}
