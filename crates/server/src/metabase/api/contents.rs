//! Cards, dashboards and collections as clients list them together: in a collection, and in a search.

use serde::Serialize;
use tenancy::model::content::VisualizationKind;
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

/// The models that there are here. Clients ask for others too, and get none of those.
pub(super) const MODELS: [&str; 3] = ["card", "collection", "dashboard"];

/// Everything that the key sees, by name.
pub(super) fn all(scope: &TenantScope, folders: &Folders) -> Result<Vec<Thing>, Denied> {
    let mut things = Vec::new();
    for collection in folders.iter() {
        things.push(Thing {
            id: collection.number,
            model: "collection",
            name: collection.draft.name.clone(),
            description: collection.draft.description.clone(),
            entity_id: collection.entity_id.clone(),
            collection_id: folders.parent(collection),
            database_id: None,
            display: None,
            archived: false,
            collection_position: None,
            created_at: collection.created_at,
            updated_at: collection.updated_at,
        });
    }
    for card in scope.cards() {
        let number = scope.card::<View>(card.id.as_str())?.source_number();
        things.push(Thing {
            id: card.number,
            model: "card",
            name: card.draft.name.clone(),
            description: card.draft.description.clone(),
            entity_id: card.entity_id.clone(),
            collection_id: folders.number(card.draft.collection.as_deref()),
            database_id: number,
            display: Some(shape::display(card.draft.visualization.kind.unwrap_or(VisualizationKind::Table))),
            archived: false,
            collection_position: None,
            created_at: card.created_at,
            updated_at: card.updated_at,
        });
    }
    for dashboard in scope.dashboards() {
        things.push(Thing {
            id: dashboard.number,
            model: "dashboard",
            name: dashboard.draft.name.clone(),
            description: dashboard.draft.description.clone(),
            entity_id: dashboard.entity_id.clone(),
            collection_id: folders.number(dashboard.draft.collection.as_deref()),
            database_id: None,
            display: None,
            archived: false,
            collection_position: None,
            created_at: dashboard.created_at,
            updated_at: dashboard.updated_at,
        });
    }
    things.sort_by(|one, other| (&one.name, one.model, one.id).cmp(&(&other.name, other.model, other.id)));
    Ok(things)
}

/// A part of a list.
pub(super) struct Part {
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
}

impl Part {
    /// `?limit=&offset=`; without a limit of its own a list has `usual`, or no end.
    pub(super) fn of(given: &Given, usual: Option<usize>) -> Result<Self, Denied> {
        let number = |name: &'static str| match given.first(name) {
            None => Ok(None),
            Some(text) => text.parse::<usize>().map(Some).map_err(|_| Denied::field(name, "must be a whole number")),
        };
        Ok(Self { limit: number("limit")?.or(usual), offset: number("offset")?.unwrap_or(0) })
    }

    pub(super) fn cut<T>(&self, things: Vec<T>) -> Vec<T> {
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
