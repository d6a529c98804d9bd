//! Collections, as clients number and nest them. What lies in one that this key does not see lies at the root for it.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use tenancy::{Collection, EntityId, LookupError, TenantScope};

/// The collections that a key sees, by name for people.
pub(in crate::metabase) struct Folders {
    all: Vec<Arc<Collection>>,
    places: HashMap<String, usize>,
    numbers: HashMap<i32, usize>,
}

/// The name of the root in paths.
pub(super) const ROOT: &str = "root";

/// A collection that a path names.
pub(in crate::metabase) enum Folder<'f> {
    Root,
    One(&'f Collection),
}

/// A collection's fields.
#[derive(Serialize)]
pub(in crate::metabase) struct Shape<'f> {
    pub(super) id: i32,
    entity_id: Option<&'f EntityId>,
    name: &'f str,
    description: Option<&'f str>,
    slug: String,
    archived: bool,
    location: String,
    effective_location: String,
    parent_id: Option<i32>,
    can_write: bool,
    is_personal: bool,
    personal_owner_id: Option<()>,
    authority_level: Option<()>,
    namespace: Option<()>,
    r#type: Option<()>,
    created_at: jiff::Timestamp,
}

/// The root's fields: it has no number.
#[derive(Serialize)]
pub(in crate::metabase) struct RootShape<'f> {
    id: &'static str,
    name: &'f str,
    can_write: bool,
    is_personal: bool,
    archived: bool,
    authority_level: Option<()>,
    namespace: Option<()>,
    parent_id: Option<()>,
    effective_location: Option<()>,
    effective_ancestors: [(); 0],
}

impl Folders {
    pub(super) fn of(scope: &TenantScope) -> Self {
        Self::among(scope.collections())
    }

    /// The same of collections that somebody else sees.
    pub(in crate::metabase) fn among(mut all: Vec<Arc<Collection>>) -> Self {
        all.sort_by(|one, other| (&one.draft.name, one.number).cmp(&(&other.draft.name, other.number)));
        let places = all.iter().enumerate().map(|(place, own)| (own.id.to_string(), place)).collect();
        let numbers = all.iter().enumerate().map(|(place, own)| (own.number, place)).collect();
        Self { all, places, numbers }
    }

    /// By name for people.
    pub(in crate::metabase) fn iter(&self) -> impl Iterator<Item = &Collection> {
        self.all.iter().map(AsRef::as_ref)
    }

    /// The collection with this id, if the key sees it.
    fn seen(&self, id: Option<&str>) -> Option<&Collection> {
        self.all.get(*self.places.get(id?)?).map(AsRef::as_ref)
    }

    /// The number of the collection with this id; the root has none.
    pub(in crate::metabase) fn number(&self, id: Option<&str>) -> Option<i32> {
        self.seen(id).map(|own| own.number)
    }

    /// The collection with this number, if the key sees it.
    pub(super) fn numbered(&self, number: i32) -> Option<&Collection> {
        self.all.get(*self.numbers.get(&number)?).map(AsRef::as_ref)
    }

    /// By number, entity id or `root`. Somebody else's and none are one answer.
    pub(in crate::metabase) fn find(&self, name: &str) -> Result<Folder<'_>, LookupError> {
        if name == ROOT {
            return Ok(Folder::Root);
        }
        let is = |own: &&Collection| {
            own.number.to_string() == name || own.entity_id.as_ref().is_some_and(|id| id.as_str() == name)
        };
        self.iter().find(is).map(Folder::One).ok_or(LookupError::Missing)
    }

    /// The number of the collection above one.
    pub(super) fn parent(&self, collection: &Collection) -> Option<i32> {
        self.number(collection.draft.collection.as_deref())
    }

    /// A collection and those above it, as far as the key sees them. A cycle, which writes refuse, would end at 64.
    pub(super) fn around<'f>(&'f self, collection: &'f Collection) -> Vec<&'f Collection> {
        let mut around = vec![collection];
        let mut next = self.seen(collection.draft.collection.as_deref());
        while let Some(above) = next.filter(|_| around.len() <= 64) {
            around.push(above);
            next = self.seen(above.draft.collection.as_deref());
        }
        around
    }

    /// `/12/34/`: those above, the outermost first.
    fn location(&self, collection: &Collection) -> String {
        let mut location = String::from("/");
        for above in self.around(collection).iter().skip(1).rev() {
            location.push_str(&format!("{}/", above.number));
        }
        location
    }

    pub(in crate::metabase) fn shape<'f>(&self, collection: &'f Collection) -> Shape<'f> {
        let (draft, location) = (&collection.draft, self.location(collection));
        Shape {
            id: collection.number,
            entity_id: collection.entity_id.as_ref(),
            name: &draft.name,
            description: draft.description.as_deref(),
            slug: draft.slug.as_ref().map_or_else(|| collection.number.to_string(), ToString::to_string),
            archived: false,
            effective_location: location.clone(),
            location,
            parent_id: self.parent(collection),
            can_write: false,
            is_personal: false,
            personal_owner_id: None,
            authority_level: None,
            namespace: None,
            r#type: None,
            created_at: collection.created_at,
        }
    }
}

/// The root is the tenant.
pub(super) fn root(scope: &TenantScope) -> RootShape<'_> {
    root_called(&scope.profile().draft.name)
}

/// A root by another name.
pub(in crate::metabase) fn root_called(name: &str) -> RootShape<'_> {
    RootShape {
        id: ROOT,
        name,
        can_write: false,
        is_personal: false,
        archived: false,
        authority_level: None,
        namespace: None,
        parent_id: None,
        effective_location: None,
        effective_ancestors: [],
    }
}
