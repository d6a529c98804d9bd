//! An operator's work on data sources.

use super::placements::{every_source, reclaim_among};
use super::tenants::every;
use super::{OperatorScope, bad_cursor, free_number, page};
use crate::error::WriteError;
use crate::ids::SourceId;
use crate::kernel::Tenancy;
use crate::load::{source, source_place};
use crate::model::keys::OperatorAction;
use crate::model::placing::{LOGIN_CHANGED, Source, SourceDraft};
use crate::model::{Invalid, Page};
use crate::secret::Secret;
use crate::store::rows::to_body;
use crate::store::{Change, Event};

impl OperatorScope {
    /// A data source by id or slug, without its template's password.
    pub async fn source(&self, name: &str) -> Result<Source, WriteError> {
        self.require_read()?;
        let query = sqlx::query("SELECT * FROM source WHERE id = $1 OR slug = $1").bind(name);
        let row = self.kernel.store().one(query).await?.ok_or(WriteError::Missing)?;
        Ok(source(&self.kernel, &row)?)
    }

    /// Data sources by slug.
    pub async fn sources(&self, cursor: Option<&str>, limit: u32) -> Result<Page<Source>, WriteError> {
        self.require_read()?;
        if cursor.is_some_and(|cursor| crate::slug::Slug::parse(cursor).is_err()) {
            return Err(bad_cursor());
        }
        let statement = "SELECT * FROM source WHERE slug > $1 ORDER BY slug LIMIT $2";
        let query = sqlx::query(statement).bind(cursor.unwrap_or_default()).bind(i64::from(limit) + 1);
        let rows = self.kernel.store().all(query).await?;
        let sources = rows.iter().map(|row| source(&self.kernel, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(page(sources, limit, |source: &Source| source.draft.slug.to_string()))
    }

    /// Makes a data source.
    pub async fn create_source(&self, draft: SourceDraft) -> Result<Source, WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        draft.validate()?;
        let mut change = self.kernel.store().change().await?;
        let taken = sqlx::query("SELECT id FROM source WHERE slug = $1").bind(draft.slug.as_str());
        if change.exists(taken).await? {
            return Err(WriteError::Taken { field: "slug" });
        }
        let now = self.kernel.host().now();
        let taken = |number| sqlx::query("SELECT id FROM source WHERE number = $1").bind(number);
        let number = free_number(&self.kernel, &mut change, taken).await?;
        let id = SourceId::random(self.kernel.host());
        let source = Source { id, number, entity_id: None, version: 1, created_at: now, updated_at: now, draft };
        let statement = "INSERT INTO source (id, slug, number, body, sealed, version, created_at, updated_at) \
                         VALUES ($1, $2, $3, $4, $5, 1, $6, $6)";
        let insert = sqlx::query(statement)
            .bind(source.id.as_str())
            .bind(source.draft.slug.as_str())
            .bind(i64::from(source.number))
            .bind(to_body(&source.draft)?)
            .bind(sealed_password(&self.kernel, &source)?)
            .bind(now.as_microsecond());
        change.execute(insert).await?;
        reclaim_everybody(&self.kernel, &mut change).await?;
        let event = Event {
            action: "source.create",
            tenant: None,
            object: source.id.as_str(),
            detail: source.draft.slug.as_str(),
        };
        self.kernel.commit_creation(change, &self.actor, event, &source).await?;
        Ok(source)
    }

    /// Replaces what is written about a data source, if it still is at `version`.
    /// An absent template password keeps the stored one, for the same login on the same server.
    pub async fn replace_source(&self, name: &str, version: i64, mut draft: SourceDraft) -> Result<Source, WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        let mut change = self.kernel.store().change().await?;
        let before = find(&self.kernel, &mut change, name).await?;
        if before.version != version {
            return Err(WriteError::Stale);
        }
        if before.draft.slug != draft.slug {
            return Err(Invalid::new("slug", "a slug never changes: cards and placements use it").into());
        }
        if let (Some(template), Some(old)) = (&mut draft.template, before.draft.template) {
            let is_elsewhere = before.draft.engine != draft.engine || !old.has_login_of(template);
            if template.password.is_none() && old.password.is_some() && is_elsewhere {
                return Err(Invalid::new("template.password", LOGIN_CHANGED).into());
            }
            template.password = template.password.take().or(old.password);
        }
        draft.validate()?;
        let now = self.kernel.host().now();
        let source = Source {
            id: before.id,
            number: before.number,
            entity_id: None,
            version: version + 1,
            created_at: before.created_at,
            updated_at: now,
            draft,
        };
        let statement = "UPDATE source SET body = $1, sealed = $2, version = $3, updated_at = $4 WHERE id = $5";
        let update = sqlx::query(statement)
            .bind(to_body(&source.draft)?)
            .bind(sealed_password(&self.kernel, &source)?)
            .bind(source.version)
            .bind(now.as_microsecond())
            .bind(source.id.as_str());
        change.execute(update).await?;
        reclaim_everybody(&self.kernel, &mut change).await?;
        let event = Event {
            action: "source.replace",
            tenant: None,
            object: source.id.as_str(),
            detail: source.draft.slug.as_str(),
        };
        self.kernel.commit(change, &self.actor, event).await?;
        Ok(source)
    }

    /// Removes a data source that nothing uses.
    pub async fn delete_source(&self, name: &str) -> Result<(), WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        let mut change = self.kernel.store().change().await?;
        let source = find(&self.kernel, &mut change, name).await?;
        let card = sqlx::query("SELECT id FROM card WHERE source = $1 LIMIT 1").bind(source.id.as_str());
        let placement = sqlx::query("SELECT tenant FROM placement WHERE source = $1 LIMIT 1").bind(source.id.as_str());
        if change.exists(card).await? || change.exists(placement).await? {
            return Err(WriteError::InUse("cards or placements use this data source; remove them first"));
        }
        change.execute(sqlx::query("DELETE FROM source WHERE id = $1").bind(source.id.as_str())).await?;
        reclaim_everybody(&self.kernel, &mut change).await?;
        let event = Event {
            action: "source.delete",
            tenant: None,
            object: source.id.as_str(),
            detail: source.draft.slug.as_str(),
        };
        self.kernel.commit(change, &self.actor, event).await
    }
}

async fn find(kernel: &Tenancy, change: &mut Change, name: &str) -> Result<Source, WriteError> {
    let query = sqlx::query("SELECT * FROM source WHERE id = $1 OR slug = $1").bind(name);
    let row = change.one(query).await?.ok_or(WriteError::Missing)?;
    Ok(source(kernel, &row)?)
}

/// A template gives every tenant a place: all claims are written anew, and a collision refuses the change.
async fn reclaim_everybody(kernel: &Tenancy, change: &mut Change) -> Result<(), WriteError> {
    let sources = every_source(kernel, change).await?;
    change.execute(sqlx::query("DELETE FROM placement_claim")).await?;
    for tenant in every(change).await? {
        reclaim_among(kernel, change, &tenant, &sources, "template.").await?;
    }
    Ok(())
}

fn sealed_password(kernel: &Tenancy, source: &Source) -> Result<Option<Vec<u8>>, WriteError> {
    let place = source_place(source.id.as_str());
    let password = source.draft.template.as_ref().and_then(|template| template.password.as_ref());
    let seal = |password: &Secret| kernel.keyring().seal(kernel.host(), &place, password.expose().as_bytes());
    Ok(password.map(seal).transpose()?)
}
