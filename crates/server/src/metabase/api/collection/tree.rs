//! `GET /api/collection/tree`

use std::collections::BTreeSet;

use axum::response::Response;
use serde::Serialize;

use super::super::contents::{self, Thing};
use super::super::denied::Denied;
use super::super::folders::{Folders, Shape};
use super::super::key::Key;
use crate::reply;

/// A collection, what kinds of things lie in it and below it, and the collections in it.
#[derive(Serialize)]
struct Branch<'f> {
    #[serde(flatten)]
    shape: Shape<'f>,
    here: BTreeSet<&'static str>,
    below: BTreeSet<&'static str>,
    children: Vec<Self>,
}

/// Lists collections in one another, without the root.
pub(in super::super) async fn tree(key: Key) -> Result<Response, Denied> {
    let folders = Folders::of(&key.scope);
    let things = contents::all(&key.scope, &folders)?;
    Ok(reply::json(&branches(&folders, &things, None, 0)))
}

/// The collections in one. A cycle, which writes refuse, would end at 64.
fn branches<'f>(folders: &'f Folders, things: &[Thing], above: Option<i32>, depth: u8) -> Vec<Branch<'f>> {
    let inside = folders.iter().filter(|own| depth < 64 && folders.parent(own) == above);
    inside
        .map(|own| {
            let children = branches(folders, things, Some(own.number), depth + 1);
            let is_here = |thing: &&Thing| thing.collection_id == Some(own.number) && thing.model != "collection";
            let here = things.iter().filter(is_here).map(|thing| thing.model).collect();
            let below = children.iter().flat_map(|child: &Branch<'_>| child.here.iter().chain(&child.below)).copied();
            let below = below.collect();
            Branch { shape: folders.shape(own), here, below, children }
        })
        .collect()
}
