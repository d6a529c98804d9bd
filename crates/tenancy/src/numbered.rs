//! Look-ups by number or entity id, which is how clients of Metabase name things, and what such clients read of a scope.
//!
//! The same view and the same grant as by id or slug: a number is another name and no other way in.

use crate::error::{LookupError, WriteError};
use crate::ids::TenantId;
use crate::load::source;
use crate::model::content::{Card, Collection, Dashboard};
use crate::model::keys::ApiKey;
use crate::model::placing::Source;
use crate::model::tenant::Tenant;
use crate::operator::OperatorScope;
use crate::scope::{Act, Granted, TenantScope};
use crate::store::rows::record;
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

impl OperatorScope {
    /// A tenant by number, or else by id or slug. Digits are a number and never a slug: a client that means the one must not
    /// get the other.
    pub async fn tenant_numbered(&self, name: &str) -> Result<Tenant, WriteError> {
        let Some(Reference::Number(number)) = Reference::read(name) else { return self.tenant(name).await };
        self.require_read()?;
        let query = sqlx::query("SELECT * FROM tenant WHERE number = $1").bind(i64::from(number));
        let row = self.kernel.store().one(query).await?.ok_or(WriteError::Missing)?;
        Ok(record(&row, "tenant", TenantId::parse)?)
    }

    /// A data source by number, or else by id or slug, as tenants are.
    pub async fn source_numbered(&self, name: &str) -> Result<Source, WriteError> {
        let Some(Reference::Number(number)) = Reference::read(name) else { return self.source(name).await };
        self.require_read()?;
        let query = sqlx::query("SELECT * FROM source WHERE number = $1").bind(i64::from(number));
        let row = self.kernel.store().one(query).await?.ok_or(WriteError::Missing)?;
        Ok(source(&self.kernel, &row)?)
    }
}
