//! `POST /api/api-key`, `PUT` and `DELETE /api/api-key/{id}`, `PUT /api/api-key/{id}/regenerate`

use axum::response::Response;
use serde::Deserialize;
use tenancy::model::keys::{ApiKey, ApiKeyDraft};
use tenancy::{KeyOffice, NewApiKey};

use super::super::denied::Denied;
use super::super::groups::Group;
use super::super::key::Key;
use super::super::people::People;
use super::super::sent::Sent;
use super::shape;
use crate::problem::Problem;
use crate::reply;

/// A key to be made, or what is to be another of one.
#[derive(Deserialize)]
pub(in super::super) struct Wanted {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    group_id: Option<i32>,
}

const NO_SUCH_GROUP: &str = "must be 1 for what readers have, 2 for everything, or the number that POST /api/permissions/group gives \
                             for other scopes. The group of a key that is narrowed to named things is that key's alone: \
                             POST /v1/api-keys makes such keys";

/// Makes a key with a group's scopes. Whatever else limits the key that asks limits it too, as bodies here have no words for it.
pub(in super::super) async fn create(key: Key, Sent(wanted): Sent<Wanted>) -> Result<Response, Denied> {
    let office = key.scope.keys().await?;
    let name = wanted.name.ok_or_else(|| Denied::field("name", "is needed"))?;
    let group = wanted.group_id.and_then(Group::numbered).ok_or_else(|| Denied::field("group_id", NO_SUCH_GROUP))?;
    let ApiKeyDraft { expires_at, networks, requests_per_minute, .. } =
        super::super::people::own(&key.scope)?.draft.clone();
    let draft = ApiKeyDraft { name, scopes: group.grant().clone(), expires_at, networks, requests_per_minute };
    let made = office.create_api_key(draft).await.map_err(refused)?;
    shown(&key, &office, &made).await
}

/// Says what a key is to whoever sends it back as it was. Nothing of a key changes.
pub(in super::super) async fn change(key: Key, Sent(wanted): Sent<Wanted>) -> Result<Response, Denied> {
    let people = People::of(&key.scope.keys().await?, key.scope.now()).await?;
    let own = people.find(key.segment("id")?)?;
    let cure = "never changes: make another key with POST /api/api-key, and end this one with DELETE /api/api-key/:id";
    if wanted.name.is_some_and(|name| name != own.draft.name) {
        return Err(Denied::field("name", cure));
    }
    if wanted.group_id.is_some_and(|id| id != Group::of(own).id) {
        return Err(Denied::field("group_id", cure));
    }
    Ok(reply::json(&shape::key(&people, own)))
}

/// Makes a key in the place of another, which ends with all that was made with it.
pub(in super::super) async fn regenerate(key: Key) -> Result<Response, Denied> {
    let office = key.scope.keys().await?;
    let made = office.replace_api_key(found(&key, &office).await?.id.as_str()).await.map_err(refused)?;
    shown(&key, &office, &made).await
}

/// Ends a key and all that was made with it.
pub(in super::super) async fn revoke(key: Key) -> Result<Response, Denied> {
    let office = key.scope.keys().await?;
    office.revoke_api_key(found(&key, &office).await?.id.as_str()).await?;
    Ok(reply::done())
}

async fn found(key: &Key, office: &KeyOffice) -> Result<ApiKey, Denied> {
    let people = People::of(office, key.scope.now()).await?;
    Ok(people.find(key.segment("id")?)?.clone())
}

async fn shown(key: &Key, office: &KeyOffice, made: &NewApiKey) -> Result<Response, Denied> {
    let people = People::of(office, key.scope.now()).await?;
    Ok(reply::json(&shape::fresh(&people, made)))
}

fn refused(error: impl Into<Problem>) -> Denied {
    Denied::from(error.into()).renamed(&[("scopes", "group_id")])
}
