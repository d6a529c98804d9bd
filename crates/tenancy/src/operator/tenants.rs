//! An operator's work on tenants.

use super::{OperatorScope, bad_cursor, free_number, page};
use crate::error::{StoreError, WriteError};
use crate::ids::TenantId;
use crate::model::keys::OperatorAction;
use crate::model::tenant::{Status, Tenant, TenantDraft};
use crate::model::{Invalid, Page};
use crate::operator::placements::reclaim;
use crate::store::rows::{record, to_body};
use crate::store::{Change, Event, Reads};

impl OperatorScope {
    /// A tenant by id or slug.
    pub async fn tenant(&self, name: &str) -> Result<Tenant, WriteError> {
        self.require_read()?;
        let query = sqlx::query("SELECT * FROM tenant WHERE id = $1 OR slug = $1").bind(name);
        let row = self.kernel.store().one(query).await?.ok_or(WriteError::Missing)?;
        Ok(record(&row, "tenant", TenantId::parse)?)
    }

    /// Tenants by slug.
    pub async fn tenants(&self, cursor: Option<&str>, limit: u32) -> Result<Page<Tenant>, WriteError> {
        self.require_read()?;
        if cursor.is_some_and(|cursor| crate::slug::Slug::parse(cursor).is_err()) {
            return Err(bad_cursor());
        }
        let statement = "SELECT * FROM tenant WHERE slug > $1 ORDER BY slug LIMIT $2";
        let query = sqlx::query(statement).bind(cursor.unwrap_or_default()).bind(i64::from(limit) + 1);
        let rows = self.kernel.store().all(query).await?;
        let tenants = rows.iter().map(|row| record(row, "tenant", TenantId::parse)).collect::<Result<Vec<_>, _>>()?;
        Ok(page(tenants, limit, |tenant: &Tenant| tenant.draft.slug.to_string()))
    }

    /// Makes a tenant. Its placements by template are there at once.
    pub async fn create_tenant(&self, mut draft: TenantDraft) -> Result<Tenant, WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        draft.validate()?;
        let mut change = self.kernel.store().change().await?;
        let taken = sqlx::query("SELECT id FROM tenant WHERE slug = $1").bind(draft.slug.as_str());
        if change.exists(taken).await? {
            return Err(WriteError::Taken { field: "slug" });
        }
        let id = TenantId::random(self.kernel.host());
        draft.parent = parent(&mut change, draft.parent.as_deref(), id.as_str()).await?;
        let now = self.kernel.host().now();
        let taken = |number| sqlx::query("SELECT id FROM tenant WHERE number = $1").bind(number);
        let number = free_number(&self.kernel, &mut change, taken).await?;
        let tenant = Tenant { id, number, entity_id: None, version: 1, created_at: now, updated_at: now, draft };
        change.execute(sqlx::query("INSERT INTO space (id) VALUES ($1)").bind(tenant.id.as_str())).await?;
        let statement = "INSERT INTO tenant (id, slug, number, parent, status, body, version, created_at, updated_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
        let insert = sqlx::query(statement)
            .bind(tenant.id.as_str())
            .bind(tenant.draft.slug.as_str())
            .bind(i64::from(tenant.number))
            .bind(tenant.draft.parent.as_deref())
            .bind(status(tenant.draft.status))
            .bind(to_body(&tenant.draft)?)
            .bind(now.as_microsecond());
        change.execute(insert).await?;
        keep_hosts(&mut change, &tenant).await?;
        reclaim(&self.kernel, &mut change, &tenant, "placement.").await?;
        let event = Event {
            action: "tenant.create",
            tenant: Some(tenant.id.as_str()),
            object: tenant.id.as_str(),
            detail: tenant.draft.slug.as_str(),
        };
        self.kernel.commit_creation(change, &self.actor, event, &tenant).await?;
        Ok(tenant)
    }

    /// Replaces what is written about a tenant, if it still is at `version`.
    pub async fn replace_tenant(&self, name: &str, version: i64, mut draft: TenantDraft) -> Result<Tenant, WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        draft.validate()?;
        let mut change = self.kernel.store().change().await?;
        let before = find(&mut change, name).await?;
        if before.version != version {
            return Err(WriteError::Stale);
        }
        if before.draft.slug != draft.slug {
            return Err(Invalid::new("slug", "a slug never changes: it is part of addresses and placements").into());
        }
        draft.parent = parent(&mut change, draft.parent.as_deref(), before.id.as_str()).await?;
        // Whether everybody who has a link may look in is said by name.
        let detail = match (before.draft.public_links, draft.public_links) {
            (false, true) => format!("{}, public links on", draft.slug),
            (true, false) => format!("{}, public links off and ended", draft.slug),
            _ => draft.slug.to_string(),
        };
        let now = self.kernel.host().now();
        let tenant = Tenant { version: version + 1, updated_at: now, draft, ..before };
        let statement =
            "UPDATE tenant SET parent = $1, status = $2, body = $3, version = $4, updated_at = $5 WHERE id = $6";
        let update = sqlx::query(statement)
            .bind(tenant.draft.parent.as_deref())
            .bind(status(tenant.draft.status))
            .bind(to_body(&tenant.draft)?)
            .bind(tenant.version)
            .bind(now.as_microsecond())
            .bind(tenant.id.as_str());
        change.execute(update).await?;
        if !tenant.draft.public_links {
            crate::links::revoke_all(&mut change, &tenant).await?;
        }
        keep_hosts(&mut change, &tenant).await?;
        reclaim(&self.kernel, &mut change, &tenant, "placement.").await?;
        let event = Event {
            action: if tenant.draft.status == Status::Suspended { "tenant.suspend" } else { "tenant.replace" },
            tenant: Some(tenant.id.as_str()),
            object: tenant.id.as_str(),
            detail: &detail,
        };
        self.kernel.commit(change, &self.actor, event).await?;
        Ok(tenant)
    }

    /// Removes a tenant with its content, keys and placements. Its audit entries stay.
    pub async fn delete_tenant(&self, name: &str) -> Result<(), WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        let mut change = self.kernel.store().change().await?;
        let tenant = find(&mut change, name).await?;
        let children = sqlx::query("SELECT id FROM tenant WHERE parent = $1 LIMIT 1").bind(tenant.id.as_str());
        if change.exists(children).await? {
            return Err(WriteError::InUse("other tenants are below this one; move or remove them first"));
        }
        // First what needs cards of the same owner: the rest goes with the owner, in no order that we could name.
        let shown = sqlx::query("DELETE FROM dashboard_card WHERE owner = $1").bind(tenant.id.as_str());
        change.execute(shown).await?;
        change.execute(sqlx::query("DELETE FROM space WHERE id = $1").bind(tenant.id.as_str())).await?;
        let event = Event {
            action: "tenant.delete",
            tenant: Some(tenant.id.as_str()),
            object: tenant.id.as_str(),
            detail: tenant.draft.slug.as_str(),
        };
        self.kernel.commit(change, &self.actor, event).await
    }
}

/// Writes down whose the tenant's host names are. Refuses what another tenant has.
async fn keep_hosts(change: &mut Change, tenant: &Tenant) -> Result<(), WriteError> {
    change.execute(sqlx::query("DELETE FROM tenant_host WHERE tenant = $1").bind(tenant.id.as_str())).await?;
    for host in &tenant.draft.hosts {
        let statement = "INSERT INTO tenant_host (host, tenant) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let insert = sqlx::query(statement).bind(host.as_str()).bind(tenant.id.as_str());
        if change.execute(insert).await? == 0 {
            return Err(WriteError::Taken { field: "hosts" });
        }
    }
    Ok(())
}

pub(super) async fn find(from: &mut impl Reads, name: &str) -> Result<Tenant, WriteError> {
    let query = sqlx::query("SELECT * FROM tenant WHERE id = $1 OR slug = $1").bind(name);
    let row = from.one(query).await?.ok_or(WriteError::Missing)?;
    Ok(record(&row, "tenant", TenantId::parse)?)
}

/// The id of the tenant above; neither itself nor one below it.
async fn parent(change: &mut Change, name: Option<&str>, own: &str) -> Result<Option<String>, WriteError> {
    let Some(name) = name else { return Ok(None) };
    let missing = || Invalid::new("parent", "there is no such tenant");
    let mut above = match find(change, name).await {
        Ok(tenant) => tenant,
        Err(WriteError::Missing) => return Err(missing().into()),
        Err(error) => return Err(error),
    };
    let parent = above.id.to_string();
    for _ in 0..64 {
        if above.id.as_str() == own {
            return Err(Invalid::new("parent", "a tenant cannot be above itself").into());
        }
        match above.draft.parent {
            None => return Ok(Some(parent)),
            Some(next) => above = find(change, &next).await?,
        }
    }
    Err(Invalid::new("parent", "tenants may be at most 64 levels deep").into())
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Suspended => "suspended",
    }
}

/// The tenants of the instance, within a change.
pub(super) async fn every(change: &mut Change) -> Result<Vec<Tenant>, StoreError> {
    let rows = change.all(sqlx::query("SELECT * FROM tenant")).await?;
    rows.iter().map(|row| record(row, "tenant", TenantId::parse)).collect()
}
