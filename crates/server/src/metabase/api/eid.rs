//! `POST /api/eid-translation/translate`: numbers for entity ids.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::{Deserialize, Serialize};
use tenancy::{EntityId, TenantScope, View};

use super::denied::Denied;
use super::folders::{Folder, Folders};
use super::key::Key;
use super::sent::Sent;
use crate::reply;

/// Entity ids by the kind of thing that they are of.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    entity_ids: Option<BTreeMap<String, Vec<String>>>,
}

/// The most ids of a request: each is looked for.
const MOST: usize = 1000;

#[derive(Serialize)]
struct Translated {
    entity_ids: BTreeMap<String, Told>,
}

#[derive(Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i32>,
    r#type: String,
    status: &'static str,
}

/// Translates those of what the key sees. Somebody else's, another kind's and none are one answer.
pub(super) async fn translate(key: Key, Sent(wanted): Sent<Wanted>) -> Result<Response, Denied> {
    let wanted = wanted.entity_ids.ok_or_else(|| {
        Denied::field("entity_ids", "is needed: lists of entity ids under \"card\", \"dashboard\" and \"collection\"")
    })?;
    if wanted.values().map(Vec::len).sum::<usize>() > MOST {
        return Err(Denied::field("entity_ids", format!("must be {MOST} at most at once")));
    }
    let folders = Folders::of(&key.scope);
    let mut entity_ids = BTreeMap::new();
    for (kind, names) in wanted {
        for name in names {
            let id = number(&key.scope, &folders, &kind, &name);
            let status = if id.is_some() { "ok" } else { "not-found" };
            entity_ids.insert(name, Told { id, r#type: kind.clone(), status });
        }
    }
    Ok(reply::json(&Translated { entity_ids }))
}

fn number(scope: &TenantScope, folders: &Folders, kind: &str, name: &str) -> Option<i32> {
    EntityId::parse(name).ok()?;
    match kind {
        "card" => scope.card_numbered::<View>(name).ok().map(|own| own.get().number),
        "dashboard" => scope.dashboard_numbered::<View>(name).ok().map(|own| own.get().number),
        "collection" => match folders.find(name).ok()? {
            Folder::One(own) => Some(own.number),
            Folder::Root => None,
        },
        _ => None,
    }
}
