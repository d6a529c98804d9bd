//! `GET /api/collection/{id}/items?models=&pinned_state=&limit=&offset=`

use axum::response::Response;
use serde::Serialize;

use super::super::contents::{self, MODELS, Part, Thing};
use super::super::denied::Denied;
use super::super::folders::{Folder, Folders};
use super::super::key::Key;
use crate::metabase::given::Given;
use crate::reply;

#[derive(Serialize)]
struct Items {
    data: Vec<Thing>,
    total: usize,
    models: Vec<&'static str>,
    limit: Option<usize>,
    offset: usize,
}

/// Lists what lies in a collection.
pub(in super::super) async fn items(key: Key, given: Given) -> Result<Response, Denied> {
    let folders = Folders::of(&key.scope);
    let folder = match folders.find(key.segment("id")?)? {
        Folder::Root => None,
        Folder::One(own) => Some(own.number),
    };
    let part = Part::of(&given, None)?;
    let is_empty = contents::wants_nothing(&given);
    let is_here = |thing: &Thing| !is_empty && thing.collection_id == folder && contents::wants(&given, thing.model);
    let things: Vec<_> = contents::all(&key.scope, &folders)?.into_iter().filter(is_here).collect();
    let models = MODELS.into_iter().filter(|model| things.iter().any(|thing| thing.model == *model)).collect();
    let total = things.len();
    Ok(reply::json(&Items { data: part.cut(things), total, models, limit: part.limit, offset: part.offset }))
}
