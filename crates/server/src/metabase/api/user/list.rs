//! `GET /api/user?query=&group_id=&status=&limit=&offset=` and `GET /api/user/{id}`

use axum::response::Response;
use serde::Serialize;
use tenancy::model::keys::ApiKey;

use super::super::contents::Part;
use super::super::denied::Denied;
use super::super::groups::Group;
use super::super::key::Key;
use super::super::people::{self, People, User};
use crate::metabase::given::Given;
use crate::reply;

#[derive(Serialize)]
struct Users<'k> {
    data: Vec<User<'k>>,
    total: usize,
    limit: Option<usize>,
    offset: usize,
}

/// Lists the keys that this key may see. Nobody is deactivated: what has ended is not told.
pub(in super::super) async fn list(key: Key, given: Given) -> Result<Response, Denied> {
    let (people, part) = (People::seen(&key.scope).await?, Part::of(&given, None)?);
    let text = given.first("query").unwrap_or_default().to_lowercase();
    let group = given.first("group_id");
    let is_wanted = |own: &&ApiKey| {
        given.first("status") != Some("deactivated")
            && own.draft.name.to_lowercase().contains(&text)
            && group.is_none_or(|group| Group::of(own).id.to_string() == group)
    };
    let wanted: Vec<&ApiKey> = people.keys().iter().filter(is_wanted).collect();
    let total = wanted.len();
    let data = part.cut(wanted).into_iter().map(|own| people::user(&key.scope, own)).collect();
    Ok(reply::json(&Users { data, total, limit: part.limit, offset: part.offset }))
}

/// Shows one.
pub(in super::super) async fn show(key: Key) -> Result<Response, Denied> {
    let people = People::seen(&key.scope).await?;
    Ok(reply::json(&people::user(&key.scope, people.find(key.segment("id")?)?)))
}
