//! `/api/permissions/group`

use std::collections::HashMap;

use axum::response::Response;
use serde::{Deserialize, Serialize};
use tenancy::model::keys::ApiKey;
use tenancy::{Action, LookupError, TenantScope};

use super::super::denied::Denied;
use super::super::groups::{Group, listed};
use super::super::key::Key;
use super::super::people::{self, People};
use super::super::sent::Sent;
use super::membership;
use crate::reply;

#[derive(Serialize)]
struct Shape<'g> {
    id: i32,
    name: &'g str,
    member_count: usize,
    entity_id: Option<()>,
    magic_group_type: Option<&'static str>,
    is_tenant_group: bool,
}

/// With who is in it.
#[derive(Serialize)]
struct Whole<'g> {
    #[serde(flatten)]
    shape: Shape<'g>,
    members: Vec<Member<'g>>,
}

#[derive(Serialize)]
struct Member<'g> {
    user_id: i32,
    membership_id: i32,
    email: String,
    first_name: &'g str,
    last_name: Option<()>,
    is_group_manager: bool,
}

/// A group to be made.
#[derive(Deserialize)]
pub(in super::super) struct Wanted {
    #[serde(default)]
    name: Option<String>,
}

/// Lists the groups that there are for everybody, and those of the keys that this key may see.
pub(in super::super) async fn list(key: Key) -> Result<Response, Denied> {
    let people = People::seen(&key.scope).await?;
    let groups = Group::all(people.keys());
    let mut counts = HashMap::new();
    for own in people.keys() {
        *counts.entry(Group::of(own).id).or_default() += 1;
    }
    let shapes = groups.iter().map(|group| shape(group, counts.get(&group.id).copied().unwrap_or_default()));
    Ok(reply::json(&shapes.collect::<Vec<_>>()))
}

/// Shows one, with its members. A set of scopes is there whether a key has it or not.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    let people = People::seen(&key.scope).await?;
    let group = find(&people, key.segment("id")?).ok_or(LookupError::Missing)?;
    let members: Vec<_> = members(&group, &people).map(|own| member(&key.scope, own)).collect();
    Ok(reply::json(&Whole { shape: shape(&group, members.len()), members }))
}

/// Gives the number of the set that a name lists. Nothing is made: it was there.
pub(in super::super) async fn create(key: Key, Sent(wanted): Sent<Wanted>) -> Result<Response, Denied> {
    let people = People::of(&key.scope.keys().await?, key.scope.now()).await?;
    let group = wanted.name.as_deref().and_then(Group::named).ok_or_else(|| {
        let cure = format!(
            "must list the scopes that its members have, such as \"dashboards:read, cards:run\", for groups are sets of scopes \
             here. There are {}",
            listed(&Action::ALL.into())
        );
        Denied::field("name", cure)
    })?;
    Ok(reply::json(&shape(&group, members(&group, &people).count())))
}

/// A set of scopes has no other name.
pub(in super::super) async fn change(key: Key) -> Result<Denied, Denied> {
    key.refuse("Groups are sets of scopes here and are named by them. Other scopes are another group: POST /api/permissions/group.").await
}

/// A set of scopes does not end.
pub(in super::super) async fn delete(key: Key) -> Result<Denied, Denied> {
    key.refuse(
        "Groups are sets of scopes here, and are there as long as a key has them. End its keys with DELETE /api/api-key/:id.",
    )
    .await
}

fn find(people: &People, name: &str) -> Option<Group> {
    let id: i32 = name.parse().ok().filter(|id: &i32| id.to_string() == name)?;
    Group::numbered(id).or_else(|| people.keys().iter().map(Group::of).find(|group| group.id == id))
}

fn members<'p>(group: &Group, people: &'p People) -> impl Iterator<Item = &'p ApiKey> {
    people.keys().iter().filter(|key| Group::of(key).id == group.id)
}

fn shape(group: &Group, member_count: usize) -> Shape<'_> {
    Shape {
        id: group.id,
        name: &group.name,
        member_count,
        entity_id: None,
        magic_group_type: group.magic(),
        is_tenant_group: false,
    }
}

fn member<'g>(scope: &TenantScope, own: &'g ApiKey) -> Member<'g> {
    Member {
        user_id: people::named(own).number,
        membership_id: membership::number(own),
        email: people::email(scope, own),
        first_name: &own.draft.name,
        last_name: None,
        is_group_manager: false,
    }
}
