//! Cards, dashboards and collections as clients list them together: in a collection, and in a search.

use serde::Serialize;
use tenancy::model::Record;
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, VisualizationKind};
use tenancy::{EntityId, TenantScope, View};

use super::super::shape;
use super::denied::Denied;
use super::folders::Folders;
use crate::metabase::given::Given;

/// One of them.
#[derive(Serialize)]
pub(super) struct Thing {
    pub(super) id: i32,
    pub(super) model: &'static str,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) entity_id: Option<EntityId>,
    pub(super) collection_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) database_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<&'static str>,
    pub(super) archived: bool,
    pub(super) collection_position: Option<()>,
    pub(super) created_at: jiff::Timestamp,
    pub(super) updated_at: jiff::Timestamp,
}

impl Thing {
    fn of<I, D>(
        model: &'static str,
        record: &Record<I, D>,
        (name, description): (&String, &Option<String>),
        collection_id: Option<i32>,
    ) -> Self {
        Self {
            id: record.number,
            model,
            name: name.clone(),
            description: description.clone(),
            entity_id: record.entity_id.clone(),
            collection_id,
            database_id: None,
            display: None,
            archived: false,
            collection_position: None,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// The models that there are here. Clients ask for others too, and get none of those.
pub(super) const MODELS: [&str; 3] = ["card", "collection", "dashboard"];

/// Everything that the key sees, by name.
pub(super) fn all(scope: &TenantScope, folders: &Folders) -> Result<Vec<Thing>, Denied> {
    let mut things = Vec::new();
    for collection in folders.iter() {
        let CollectionDraft { name, description, .. } = &collection.draft;
        things.push(Thing::of("collection", collection, (name, description), folders.parent(collection)));
    }
    for card in scope.cards() {
        let CardDraft { name, description, collection, visualization, .. } = &card.draft;
        let thing = Thing::of("card", &card, (name, description), folders.number(collection.as_deref()));
        things.push(Thing {
            database_id: scope.card::<View>(card.id.as_str())?.source_number(),
            display: Some(shape::display(visualization.kind.unwrap_or(VisualizationKind::Table))),
            ..thing
        });
    }
    for dashboard in scope.dashboards() {
        let DashboardDraft { name, description, collection, .. } = &dashboard.draft;
        things.push(Thing::of("dashboard", &dashboard, (name, description), folders.number(collection.as_deref())));
    }
    things.sort_by(|one, other| (&one.name, one.model, one.id).cmp(&(&other.name, other.model, other.id)));
    Ok(things)
}

/// A part of a list.
pub(in crate::metabase) struct Part {
    pub(in crate::metabase) limit: Option<usize>,
    pub(in crate::metabase) offset: usize,
}

impl Part {
    /// `?limit=&offset=`; without a limit of its own a list has `usual`, or no end.
    pub(in crate::metabase) fn of(given: &Given, usual: Option<usize>) -> Result<Self, Denied> {
        let number = |name: &'static str| match given.first(name) {
            None => Ok(None),
            Some(text) => text.parse::<usize>().map(Some).map_err(|_| Denied::field(name, "must be a whole number")),
        };
        Ok(Self { limit: number("limit")?.or(usual), offset: number("offset")?.unwrap_or(0) })
    }

    pub(in crate::metabase) fn cut<T>(&self, things: Vec<T>) -> Vec<T> {
        things.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }
}

/// Whether the answer may hold a model: any when none is named.
pub(super) fn wants(given: &Given, model: &str) -> bool {
    let mut named = given.all("models").peekable();
    named.peek().is_none() || named.any(|one| one == model)
}

/// Whether the address asks for what there is none of here: archived things, and pinned ones.
pub(super) fn wants_nothing(given: &Given) -> bool {
    given.first("archived") == Some("true") || given.first("pinned_state") == Some("is_pinned")
}
