//! `GET /api/collection/tree`

use std::collections::{BTreeSet, HashMap};

use axum::response::Response;
use serde::Serialize;
use tenancy::Collection;

use super::super::contents;
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

/// What lies directly in each collection.
struct Inside<'f> {
    kinds: HashMap<i32, BTreeSet<&'static str>>,
    collections: HashMap<Option<i32>, Vec<&'f Collection>>,
}

/// Lists collections in one another, without the root.
pub(in super::super) async fn tree(key: Key) -> Result<Response, Denied> {
    let folders = Folders::of(&key.scope);
    let mut kinds: HashMap<i32, BTreeSet<&'static str>> = HashMap::new();
    for thing in contents::all(&key.scope, &folders)?.iter().filter(|thing| thing.model != "collection") {
        if let Some(number) = thing.collection_id {
            kinds.entry(number).or_default().insert(thing.model);
        }
    }
    Ok(nested(&folders, kinds))
}

/// Collections in one another, with the kinds of things that are told of each.
pub(in crate::metabase) fn nested(folders: &Folders, kinds: HashMap<i32, BTreeSet<&'static str>>) -> Response {
    let mut inside = Inside { kinds, collections: HashMap::new() };
    for own in folders.iter() {
        inside.collections.entry(folders.parent(own)).or_default().push(own);
    }
    reply::json(&branches(folders, &inside, None, 0))
}

/// The collections in one. A cycle, which writes refuse, would end at 64.
fn branches<'f>(folders: &Folders, inside: &Inside<'f>, above: Option<i32>, depth: u8) -> Vec<Branch<'f>> {
    let own = inside.collections.get(&above).into_iter().flatten().filter(|_| depth < 64);
    own.map(|own| {
        let children = branches(folders, inside, Some(own.number), depth + 1);
        let here = inside.kinds.get(&own.number).cloned().unwrap_or_default();
        let below = children.iter().flat_map(|child: &Branch<'_>| child.here.iter().chain(&child.below)).copied();
        let below = below.collect();
        Branch { shape: folders.shape(own), here, below, children }
    })
    .collect()
}
