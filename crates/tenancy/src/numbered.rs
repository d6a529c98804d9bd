//! Look-ups by number or entity id, which is how clients of Metabase name things, and what such clients read of a scope.
//!
//! The same view and the same grant as by id or slug: a number is another name and no other way in.

use crate::error::LookupError;
use crate::model::content::{Card, Collection, Dashboard};
use crate::model::keys::ApiKey;
use crate::scope::{Act, Granted, TenantScope};
use crate::view::Reference;

impl TenantScope {
    /// A dashboard by number or entity id. Somebody else's and none are one answer.
    pub fn dashboard_numbered<A: Act>(&self, name: &str) -> Result<Granted<'_, A, Dashboard>, LookupError> {
        let id = Reference::read(name).and_then(|name| self.view.dashboard_at(&self.library, name));
        self.dashboard(&id.ok_or(LookupError::Missing)?)
    }

    /// A card by number or entity id. Somebody else's and none are one answer.
    pub fn card_numbered<A: Act>(&self, name: &str) -> Result<Granted<'_, A, Card>, LookupError> {
        let id = Reference::read(name).and_then(|name| self.view.card_at(&self.library, name));
        self.card(&id.ok_or(LookupError::Missing)?)
    }

    /// The API key, without its text; `None` for an embed token.
    #[must_use]
    pub fn api_key(&self) -> Option<&ApiKey> {
        self.key.as_ref().map(|key| key.key())
    }

    /// Whether the tenant wrote a collection itself.
    #[must_use]
    pub fn owns(&self, collection: &Collection) -> bool {
        self.view.content.collections.get(collection.id.as_str()).is_some()
    }
}

impl<A> Granted<'_, A, Card> {
    /// The number of the card's data source: a number and nothing else of it.
    #[must_use]
    pub fn source_number(&self) -> Option<i32> {
        self.scope().library.source(&self.get().draft.source).map(|source| source.number)
    }
}
