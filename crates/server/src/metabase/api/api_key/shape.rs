//! The fields that clients read of a key.

use jiff::Timestamp;
use serde::Serialize;
use tenancy::NewApiKey;
use tenancy::model::keys::ApiKey;

use super::super::groups::Group;
use super::super::people::{self, People};
use crate::metabase::numbers::Named;

/// Of a key's text only a digest is kept, so not even its first letters are known.
pub(in crate::metabase) const MASKED: &str = "clo_****************************";

#[derive(Serialize)]
pub(super) struct Shape<'k> {
    id: i32,
    name: &'k str,
    group: GroupShape,
    masked_key: &'static str,
    created_at: Timestamp,
    /// A key never changes.
    updated_at: Timestamp,
    updated_by: Option<Author<'k>>,
}

/// With the text, once.
#[derive(Serialize)]
pub(super) struct Fresh<'k> {
    #[serde(flatten)]
    shape: Shape<'k>,
    unmasked_key: &'k tenancy::FreshKey,
}

#[derive(Serialize)]
struct GroupShape {
    id: i32,
    name: String,
}

#[derive(Serialize)]
struct Author<'k> {
    id: i32,
    common_name: &'k str,
}

/// A key among those that may be seen.
pub(super) fn key<'k>(people: &'k People, own: &'k ApiKey) -> Shape<'k> {
    let Group { id, name, .. } = Group::of(own);
    Shape {
        id: people::named(own).number,
        name: &own.draft.name,
        group: GroupShape { id, name },
        masked_key: MASKED,
        created_at: own.created_at,
        updated_at: own.created_at,
        updated_by: author(people, own),
    }
}

pub(super) fn fresh<'k>(people: &'k People, new: &'k NewApiKey) -> Fresh<'k> {
    Fresh { shape: key(people, &new.key), unmasked_key: &new.secret }
}

/// Who made it: a key that may be seen, or the operator. A key that may not be seen is nobody.
fn author<'k>(people: &'k People, own: &ApiKey) -> Option<Author<'k>> {
    let Some(parent) = &own.parent else {
        return Some(Author { id: Named::of(&["author", "library"]).number, common_name: "Operator" });
    };
    let maker = people.keys().iter().find(|key| key.id == *parent)?;
    Some(Author { id: people::named(maker).number, common_name: &maker.draft.name })
}
