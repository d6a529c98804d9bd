//! `/api/permissions/membership`: which key has which scopes.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;
use tenancy::model::keys::ApiKey;

use super::super::denied::Denied;
use super::super::groups::Group;
use super::super::key::Key;
use super::super::people::{self, People};
use crate::metabase::numbers::Named;
use crate::reply;

#[derive(Serialize)]
struct Membership {
    membership_id: i32,
    group_id: i32,
    user_id: i32,
    is_group_manager: bool,
}

/// Those of the keys that this key may see, by user.
pub(in super::super) async fn list(key: Key) -> Result<Response, Denied> {
    let people = People::seen(&key.scope).await?;
    let mut by_user: BTreeMap<String, Vec<Membership>> = BTreeMap::new();
    for own in people.keys() {
        let user_id = people::named(own).number;
        let group_id = Group::of(own).id;
        let one = Membership { membership_id: number(own), group_id, user_id, is_group_manager: false };
        by_user.entry(user_id.to_string()).or_default().push(one);
    }
    Ok(reply::json(&by_user))
}

/// The number of a key's one membership.
pub(super) fn number(own: &ApiKey) -> i32 {
    Named::of(&["membership", own.id.as_str()]).number
}

/// `POST` and `DELETE`: a key's scopes never change.
pub(in super::super) async fn change(key: Key) -> Result<Denied, Denied> {
    key.refuse(
        "A group is the scopes that a key has here, and those never change. Make another key for the other group with \
         POST /api/api-key, and end this one with DELETE /api/api-key/:id.",
    )
    .await
}
