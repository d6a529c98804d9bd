//! `/api/collection/graph`: what the scopes of each group let it do with each collection.

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Value, json};
use tenancy::{Action, Collection, Resources, TenantScope};

use super::super::denied::Denied;
use super::super::folders::{Folders, ROOT};
use super::super::graph::{Graph, SentGraph};
use super::super::groups::Group;
use super::super::key::Key;
use super::super::people::People;
use super::super::sent::Sent;
use crate::reply;

const CURE: &str = "it follows from the scopes of the group's keys. Other scopes are another key's (POST /api/api-key); what is \
                    published to this tenant is the operator's";

/// The whole graph.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    Ok(reply::json(&graph(&key).await?))
}

/// Accepts the graph that there is, and refuses another.
pub(in super::super) async fn replace(key: Key, Sent(sent): Sent<SentGraph>) -> Result<Response, Denied> {
    let graph = graph(&key).await?;
    graph.check(&sent, CURE)?;
    Ok(reply::json(&graph))
}

/// For keys that may manage keys, of the collections that they see.
async fn graph(key: &Key) -> Result<Graph, Denied> {
    let people = People::of(&key.scope.keys().await?, key.scope.now()).await?;
    let folders = Folders::of(&key.scope);
    let cells = |group: &Group| -> BTreeMap<String, Value> {
        let of = |own: &Collection| (own.number.to_string(), json!(collection(&key.scope, &folders, group, own)));
        let root = json!(word(group.has_everywhere(Action::DashboardsRead), writes(group)));
        folders.iter().map(of).chain([(ROOT.to_owned(), root)]).collect()
    };
    Ok(Graph::of("collections", &Group::all(people.keys()), cells))
}

fn collection(scope: &TenantScope, folders: &Folders, group: &Group, own: &Collection) -> &'static str {
    let around = folders.around(own);
    let names = |named: &Resources| around.iter().any(|own| named.collections.contains(own.id.as_str()));
    word(group.has(Action::DashboardsRead, names), writes(group) && scope.owns(own))
}

/// Who writes, writes all that is the tenant's.
fn writes(group: &Group) -> bool {
    group.has_everywhere(Action::ContentWrite)
}

/// There, who writes also reads; a key that only writes is told nothing, and so has no word.
const fn word(reads: bool, writes: bool) -> &'static str {
    match (reads, writes) {
        (true, true) => "write",
        (true, false) => "read",
        (false, _) => "none",
    }
}
