//! An operator's work on placements, and the claims that keep two tenants out of one place.

use std::collections::{BTreeSet, HashMap};

use super::OperatorScope;
use super::tenants::find;
use crate::error::{StoreError, WriteError};
use crate::ids::TenantId;
use crate::kernel::Tenancy;
use crate::load::{placement_draft, placement_place, source};
use crate::model::Invalid;
use crate::model::keys::OperatorAction;
use crate::model::placing::{LOGIN_CHANGED, PlacementDraft, PlacementRecord, Source};
use crate::model::tenant::Tenant;
use crate::placement::Placement;
use crate::resolve::{Claim, build, claims, effective};
use crate::store::rows::{integer, text, to_body};
use crate::store::{Change, Entry, Event, Reads};

impl OperatorScope {
    /// The placement in force for a tenant and a data source, without its password.
    pub async fn placement(&self, tenant: &str, source: &str) -> Result<PlacementRecord, WriteError> {
        self.require_read()?;
        let (tenant, source, own, version) = read(&self.kernel, &mut self.kernel.store(), tenant, source).await?;
        let from_template = own.is_none();
        let draft = effective(&source, &tenant.draft, own).map_err(|_| WriteError::Missing)?;
        Ok(PlacementRecord { tenant: tenant.id, source: source.id, version, from_template, draft })
    }

    /// The placement in force, resolved and ready to dial: for checks by the data plane.
    pub async fn resolved_placement(&self, tenant: &str, source: &str) -> Result<Placement, WriteError> {
        self.require_read()?;
        let (tenant, source, own, _) = read(&self.kernel, &mut self.kernel.store(), tenant, source).await?;
        Ok(build(&self.kernel, &tenant, &source, own)?)
    }

    /// Writes a tenant's own placement. `version` is that of the one replaced, 0 when there is none.
    /// An absent password keeps the stored one, for the same login on the same server.
    pub async fn put_placement(
        &self,
        tenant: &str,
        source: &str,
        version: i64,
        draft: PlacementDraft,
    ) -> Result<PlacementRecord, WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        let mut change = self.kernel.store().change().await?;
        let (record, entry) = self.write_placement(&mut change, tenant, source, version, draft).await?;
        self.kernel.commit(change, &self.actor, entry.event()).await?;
        Ok(record)
    }

    /// Gives several tenants their own placements for one data source: all of them, or none. Each is its tenant's first.
    /// A refusal says which of them it is about.
    pub async fn place_all(
        &self,
        source: &str,
        drafts: Vec<(TenantId, PlacementDraft)>,
    ) -> Result<Vec<PlacementRecord>, (usize, WriteError)> {
        self.require(OperatorAction::TenantsManage).map_err(|error| (0, error))?;
        let mut change = self.kernel.store().change().await.map_err(|error| (0, error.into()))?;
        let (mut records, mut entries) = (Vec::new(), Vec::new());
        for (place, (tenant, draft)) in drafts.into_iter().enumerate() {
            let written = self.write_placement(&mut change, tenant.as_str(), source, 0, draft).await;
            let (record, entry) = written.map_err(|error| (place, error))?;
            records.push(record);
            entries.push(entry);
        }
        self.kernel.commit_all(change, &self.actor, entries).await.map_err(|error| (0, error))?;
        Ok(records)
    }

    async fn write_placement(
        &self,
        change: &mut Change,
        tenant: &str,
        source: &str,
        version: i64,
        mut draft: PlacementDraft,
    ) -> Result<(PlacementRecord, Entry), WriteError> {
        let (tenant, source, own, stored) = read(&self.kernel, change, tenant, source).await?;
        if stored != version {
            return Err(WriteError::Stale);
        }
        let is_kept = draft.password.is_none();
        let before = effective(&source, &tenant.draft, own.clone()).ok();
        draft.password = draft.password.or(own.and_then(|own| own.password));
        let shown = effective(&source, &tenant.draft, Some(draft.clone()))?;
        build(&self.kernel, &tenant, &source, Some(draft.clone()))?;
        if is_kept && shown.password.is_some() && !before.is_some_and(|before| before.has_login_of(&shown)) {
            return Err(Invalid::new("password", LOGIN_CHANGED).into());
        }
        self.store_placement(change, &tenant, &source, stored + 1, &draft).await?;
        reclaim(&self.kernel, change, &tenant, "").await?;
        let entry = Entry {
            action: "placement.put",
            tenant: Some(tenant.id.to_string()),
            object: source.id.to_string(),
            detail: source.draft.slug.to_string(),
        };
        let record = PlacementRecord {
            tenant: tenant.id,
            source: source.id,
            version: stored + 1,
            from_template: false,
            draft: shown,
        };
        Ok((record, entry))
    }

    async fn store_placement(
        &self,
        change: &mut Change,
        tenant: &Tenant,
        source: &Source,
        version: i64,
        draft: &PlacementDraft,
    ) -> Result<(), WriteError> {
        let place = placement_place(tenant.id.as_str(), source.id.as_str());
        let seal = |password: &crate::secret::Secret| {
            self.kernel.keyring().seal(self.kernel.host(), &place, password.expose().as_bytes())
        };
        let sealed = draft.password.as_ref().map(seal).transpose()?;
        let now = self.kernel.host().now().as_microsecond();
        let statement = "INSERT INTO placement (tenant, source, body, sealed, version, created_at, updated_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $6) \
                         ON CONFLICT (tenant, source) DO UPDATE SET body = $3, sealed = $4, version = $5, updated_at = $6";
        let insert = sqlx::query(statement)
            .bind(tenant.id.as_str())
            .bind(source.id.as_str())
            .bind(to_body(draft)?)
            .bind(sealed)
            .bind(version)
            .bind(now);
        change.execute(insert).await?;
        Ok(())
    }

    /// Removes a tenant's own placement; the template's is in force again, if there is one.
    pub async fn delete_placement(&self, tenant: &str, source: &str) -> Result<(), WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        let mut change = self.kernel.store().change().await?;
        let (tenant, source, own, _) = read(&self.kernel, &mut change, tenant, source).await?;
        if own.is_none() {
            return Err(WriteError::Missing);
        }
        let statement = "DELETE FROM placement WHERE tenant = $1 AND source = $2";
        change.execute(sqlx::query(statement).bind(tenant.id.as_str()).bind(source.id.as_str())).await?;
        reclaim(&self.kernel, &mut change, &tenant, "template.").await?;
        let event = Event {
            action: "placement.delete",
            tenant: Some(tenant.id.as_str()),
            object: source.id.as_str(),
            detail: source.draft.slug.as_str(),
        };
        self.kernel.commit(change, &self.actor, event).await
    }
}

async fn read(
    kernel: &Tenancy,
    from: &mut impl Reads,
    tenant: &str,
    name: &str,
) -> Result<(Tenant, Source, Option<PlacementDraft>, i64), WriteError> {
    let tenant = find(from, tenant).await?;
    let query = sqlx::query("SELECT * FROM source WHERE id = $1 OR slug = $1").bind(name);
    let row = from.one(query).await?.ok_or(WriteError::Missing)?;
    let source = source(kernel, &row)?;
    let statement = "SELECT * FROM placement WHERE tenant = $1 AND source = $2";
    let query = sqlx::query(statement).bind(tenant.id.as_str()).bind(source.id.as_str());
    let Some(row) = from.one(query).await? else { return Ok((tenant, source, None, 0)) };
    let own = placement_draft(kernel, &row, &placement_place(tenant.id.as_str(), source.id.as_str()))?;
    Ok((tenant, source, Some(own), integer(&row, "version")?))
}

/// Writes down anew which places and logins a tenant has to itself. Refuses what another tenant has.
///
/// A template that this tenant has no value for (a missing attribute, say) claims nothing; running says why.
/// `prefix` leads from the request to the fields of a placement.
pub(super) async fn reclaim(
    kernel: &Tenancy,
    change: &mut Change,
    tenant: &Tenant,
    prefix: &str,
) -> Result<(), WriteError> {
    let sources = every_source(kernel, change).await?;
    reclaim_among(kernel, change, tenant, &sources, prefix).await
}

/// The same with the sources at hand.
pub(super) async fn reclaim_among(
    kernel: &Tenancy,
    change: &mut Change,
    tenant: &Tenant,
    sources: &[Source],
    prefix: &str,
) -> Result<(), WriteError> {
    let own = own_placements(kernel, change, &tenant.id).await?;
    let of_source = |source: &Source| claims(tenant, source, own.get(source.id.as_str()).cloned());
    // Two data sources of one tenant may lie in one place.
    let wanted: BTreeSet<Claim> = sources.iter().flat_map(of_source).collect();
    change.execute(sqlx::query("DELETE FROM placement_claim WHERE tenant = $1").bind(tenant.id.as_str())).await?;
    for claim in wanted {
        if !insert(change, &tenant.id, &claim).await? {
            let message = "another tenant has this database, file, schema or login; each tenant needs its own";
            return Err(Invalid::new(format!("{prefix}{}", claim.field), message).into());
        }
    }
    Ok(())
}

/// Whether the claim could be made: nobody else has it, nor the whole of the database that it lies in, nor a part of
/// the database that it is.
async fn insert(change: &mut Change, tenant: &TenantId, claim: &Claim) -> Result<bool, StoreError> {
    let (area, whole) = claim.area.as_ref().map_or((None, 0), |(area, whole)| (Some(area.as_str()), i64::from(*whole)));
    if area.is_some() {
        let statement = "SELECT tenant FROM placement_claim WHERE area = $1 AND tenant <> $2 AND (whole = 1 OR $3 = 1)";
        let others = sqlx::query(statement).bind(area).bind(tenant.as_str()).bind(whole);
        if change.exists(others).await? {
            return Ok(false);
        }
    }
    let statement =
        "INSERT INTO placement_claim (claim, tenant, area, whole) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let insert = sqlx::query(statement).bind(claim.name.as_str()).bind(tenant.as_str()).bind(area).bind(whole);
    Ok(change.execute(insert).await? == 1)
}

async fn own_placements(
    kernel: &Tenancy,
    change: &mut Change,
    tenant: &TenantId,
) -> Result<HashMap<String, PlacementDraft>, StoreError> {
    let rows = change.all(sqlx::query("SELECT * FROM placement WHERE tenant = $1").bind(tenant.as_str())).await?;
    let read = |row| {
        let source = text(row, "source")?;
        let draft = placement_draft(kernel, row, &placement_place(tenant.as_str(), &source))?;
        Ok((source, draft))
    };
    rows.iter().map(read).collect()
}

pub(super) async fn every_source(kernel: &Tenancy, change: &mut Change) -> Result<Vec<Source>, StoreError> {
    let rows = change.all(sqlx::query("SELECT * FROM source")).await?;
    rows.iter().map(|row| source(kernel, row)).collect()
}
