//! Operators: who runs the instance. Another type than a tenant's, with other rights: an operator reads
//! no rows except by acting as a tenant, with a reason, in the audit log.

mod overview;
mod placements;
mod publications;
mod secrets;
mod sources;
mod tenants;

use crate::credential::{FreshKey, KeyKind};
use crate::desk::Desk;
use crate::error::{StoreError, WriteError};
use crate::ids::OperatorKeyId;
use crate::kernel::{Changed, Tenancy};
use crate::keys::{KeyOffice, NewApiKey};
use crate::load::{LIBRARY, operator_key_row};
use crate::model::audit::AuditEntry;
use crate::model::keys::{ApiKeyDraft, OperatorAction, OperatorKey, OperatorKeyDraft};
use crate::model::{Invalid, Page};
use crate::store::rows::{integer, text, text_or_none, time, to_body};
use crate::store::{Actor, Change, Entry, Event, Idempotency, Query};
pub use overview::{Destination, Overview};
pub use publications::Republication;

/// An admitted operator.
pub struct OperatorScope {
    pub(crate) kernel: Tenancy,
    pub(crate) actor: Actor,
    key: OperatorKeyDraft,
}

/// A key that was just made, with its text.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct NewOperatorKey {
    /// The key's text. It is shown this once.
    #[schema(value_type = String)]
    pub secret: FreshKey,
    /// What is kept of it.
    #[serde(flatten)]
    #[schema(inline)]
    pub key: OperatorKey,
}

impl Tenancy {
    /// The operator at the host's own console: who can read the data directory needs no key.
    ///
    /// For the command line only; `clippy.toml` bans it elsewhere.
    #[must_use]
    pub fn console(&self) -> OperatorScope {
        let key = OperatorKeyDraft {
            name: "console".into(),
            actions: OperatorAction::ALL.into(),
            expires_at: None,
            networks: Vec::new(),
        };
        OperatorScope { kernel: self.clone(), actor: Actor { name: "console".into(), idempotency: None }, key }
    }
}

impl OperatorScope {
    pub(crate) fn of_key(kernel: Tenancy, key: &OperatorKey) -> Self {
        let actor = Actor { name: key.id.to_string(), idempotency: None };
        Self { kernel, actor, key: key.draft.clone() }
    }

    /// The id of the operator's key, or `console`: the name in the audit log.
    #[must_use]
    pub fn actor_name(&self) -> &str {
        &self.actor.name
    }

    /// The name that the key was given.
    #[must_use]
    pub fn key_name(&self) -> &str {
        &self.key.name
    }

    /// Whether the key may do this.
    #[must_use]
    pub fn may(&self, action: OperatorAction) -> bool {
        self.key.actions.contains(&action)
    }

    pub(crate) fn require(&self, action: OperatorAction) -> Result<(), WriteError> {
        if self.may(action) { Ok(()) } else { Err(WriteError::lacks(action)) }
    }

    /// Reading is part of every other right.
    pub(crate) fn require_read(&self) -> Result<(), WriteError> {
        if self.key.actions.is_empty() { Err(WriteError::lacks(OperatorAction::Read)) } else { Ok(()) }
    }

    /// Marks the request that the next creation belongs to: a repetition gets the first one's answer.
    pub fn with_idempotency(&mut self, key: String, digest: [u8; 32]) {
        self.actor.idempotency = Some(Idempotency { key, digest });
    }

    /// The answer to an earlier creation with the same Idempotency-Key.
    pub async fn replay(&self) -> Result<Option<Vec<u8>>, WriteError> {
        self.kernel.replay(&self.actor).await
    }

    /// The library's content, to read and to write as far as the key allows.
    pub fn library(&self) -> Result<Desk, WriteError> {
        self.require_read()?;
        let may_write = self.may(OperatorAction::LibraryWrite);
        Ok(Desk::new(
            self.kernel.clone(),
            LIBRARY,
            self.actor.clone(),
            may_write,
            OperatorAction::LibraryWrite.name(),
            true,
        ))
    }

    /// The keys of a tenant, by id or slug.
    pub async fn tenant_keys(&self, tenant: &str) -> Result<KeyOffice, WriteError> {
        self.require_read()?;
        let tenant = self.tenant(tenant).await?;
        let may_write = self.may(OperatorAction::TenantsManage);
        Ok(KeyOffice::of_operator(self.kernel.clone(), tenant.id, self.actor.clone(), may_write))
    }

    /// Makes a short-lived key of a tenant for the operator, with a reason that goes to the tenant's audit log.
    pub async fn act_as(&self, tenant: &str, reason: &str, draft: ApiKeyDraft) -> Result<NewApiKey, WriteError> {
        self.require(OperatorAction::ActAs)?;
        crate::model::check_name("reason", reason)?;
        let soon = self.kernel.host().now() + jiff::SignedDuration::from_hours(1);
        if draft.expires_at.is_none_or(|end| end > soon) {
            return Err(Invalid::new("expires_at", "acting as a tenant ends within an hour").into());
        }
        let tenant = self.tenant(tenant).await?;
        let office = KeyOffice::of_operator(self.kernel.clone(), tenant.id, self.actor.clone(), true);
        office.create_api_key_because(draft, Some(reason)).await
    }

    /// Makes an operator key, never wider than this one. It ends with this one.
    pub async fn create_operator_key(&self, draft: OperatorKeyDraft) -> Result<NewOperatorKey, WriteError> {
        self.require(OperatorAction::OperatorsManage)?;
        draft.validate()?;
        draft.narrows(&self.key)?;
        let host = self.kernel.host();
        let (secret, digest) = FreshKey::random(KeyKind::Operator, host);
        let now = host.now();
        let key = OperatorKey {
            id: OperatorKeyId::random(host),
            created_at: now,
            revoked_at: None,
            last_used_at: None,
            draft,
        };
        let mut change = self.kernel.store().change().await?;
        let parent = OperatorKeyId::parse(&self.actor.name).ok();
        if let Some(parent) = &parent {
            // It may have ended since it was admitted, and what it makes now would outlive it.
            let statement = "SELECT id FROM operator_key WHERE id = $1 AND revoked_at IS NULL";
            if !change.exists(sqlx::query(statement).bind(parent.as_str())).await? {
                return Err(WriteError::lacks(OperatorAction::OperatorsManage));
            }
        }
        let statement = "INSERT INTO operator_key (id, digest, parent, body, expires_at, created_at) \
                         VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(statement)
            .bind(key.id.as_str())
            .bind(digest.as_bytes().to_vec())
            .bind(parent.as_ref().map(OperatorKeyId::as_str))
            .bind(to_body(&key.draft)?)
            .bind(key.draft.expires_at.map(jiff::Timestamp::as_microsecond))
            .bind(now.as_microsecond());
        change.execute(insert).await?;
        let new = NewOperatorKey { secret, key };
        let event = Event {
            action: "operator_key.create",
            tenant: None,
            object: new.key.id.as_str(),
            detail: &new.key.draft.name,
        };
        self.kernel.commit_creation(change, &self.actor, event, &new).await?;
        Ok(new)
    }

    /// Every operator key, the newest first.
    pub async fn operator_keys(&self) -> Result<Vec<OperatorKey>, WriteError> {
        self.require(OperatorAction::OperatorsManage)?;
        let rows =
            self.kernel.store().all(sqlx::query("SELECT * FROM operator_key ORDER BY created_at DESC, id")).await?;
        Ok(rows.iter().map(operator_key_row).collect::<Result<_, _>>()?)
    }

    /// Ends an operator key, and every key that was made with it.
    pub async fn revoke_operator_key(&self, key: &str) -> Result<(), WriteError> {
        self.require(OperatorAction::OperatorsManage)?;
        let mut change = self.kernel.store().change().await?;
        let now = self.kernel.host().now();
        let statement = "WITH RECURSIVE family (id) AS (SELECT id FROM operator_key WHERE id = $2 \
                         UNION SELECT child.id FROM operator_key child JOIN family ON child.parent = family.id) \
                         UPDATE operator_key SET revoked_at = $1 \
                         WHERE revoked_at IS NULL AND id IN (SELECT id FROM family)";
        let update = sqlx::query(statement).bind(now.as_microsecond()).bind(key);
        if change.execute(update).await? == 0 {
            return Err(WriteError::Missing);
        }
        let event = Event { action: "operator_key.revoke", tenant: None, object: key, detail: "" };
        self.kernel.commit(change, &self.actor, event).await
    }

    /// The audit log of the instance, the newest first.
    pub async fn audit(&self, cursor: Option<&str>, limit: u32) -> Result<Page<AuditEntry>, WriteError> {
        self.require_read()?;
        self.kernel.audit(None, cursor, limit).await
    }
}

impl Tenancy {
    /// The audit log, of one tenant or of all, the newest first.
    pub(crate) async fn audit(
        &self,
        tenant: Option<&str>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<AuditEntry>, WriteError> {
        let before = cursor.map_or(Ok(i64::MAX), str::parse).map_err(|_| bad_cursor())?;
        let statement = "SELECT * FROM audit WHERE seq < $1 AND (tenant = $2 OR $3 = 1) ORDER BY seq DESC LIMIT $4";
        let query = sqlx::query(statement)
            .bind(before)
            .bind(tenant)
            .bind(i64::from(tenant.is_none()))
            .bind(i64::from(limit) + 1);
        let entry = |row: &sqlx::any::AnyRow| -> Result<AuditEntry, StoreError> {
            Ok(AuditEntry {
                seq: integer(row, "seq")?,
                at: time(row, "at")?,
                actor: text(row, "actor")?,
                tenant: text_or_none(row, "tenant")?,
                action: text(row, "action")?,
                object: text(row, "object")?,
                detail: text(row, "detail")?,
            })
        };
        let entries = self.store().all(query).await?.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        Ok(page(entries, limit, |entry| entry.seq.to_string()))
    }

    /// Commits a change with its audit entry, and applies it here at once.
    pub(crate) async fn commit(&self, change: Change, actor: &Actor, event: Event<'_>) -> Result<(), WriteError> {
        let (tenant, action) = (event.tenant.map(str::to_owned), event.action.to_owned());
        let seq = change.commit(self.host().now(), actor, event).await?;
        self.apply_own(Changed { seq, tenant, action });
        Ok(())
    }

    /// Commits a change that does several things, each with an audit entry of its own. One that does nothing is undone.
    pub(crate) async fn commit_all(
        &self,
        mut change: Change,
        actor: &Actor,
        mut entries: Vec<Entry>,
    ) -> Result<(), WriteError> {
        let Some(last) = entries.pop() else { return Ok(()) };
        let (now, mut changed) = (self.host().now(), Vec::new());
        for entry in entries {
            let seq = change.enter(now, actor, entry.event()).await?;
            changed.push(Changed { seq, tenant: entry.tenant, action: entry.action.to_owned() });
        }
        let seq = change.commit(now, actor, last.event()).await?;
        changed.push(Changed { seq, tenant: last.tenant, action: last.action.to_owned() });
        changed.into_iter().for_each(|changed| self.apply_own(changed));
        Ok(())
    }

    /// The same for a creation whose answer may be asked for again.
    pub(crate) async fn commit_creation(
        &self,
        change: Change,
        actor: &Actor,
        event: Event<'_>,
        answer: &impl serde::Serialize,
    ) -> Result<(), WriteError> {
        let (tenant, action) = (event.tenant.map(str::to_owned), event.action.to_owned());
        let seq = change.commit_creation(self.host(), self.keyring(), actor, event, answer).await?;
        self.apply_own(Changed { seq, tenant, action });
        Ok(())
    }

    /// The sealed answer to an earlier creation with the same Idempotency-Key by the same principal.
    pub(crate) async fn replay(&self, actor: &Actor) -> Result<Option<Vec<u8>>, WriteError> {
        let Some(idempotency) = &actor.idempotency else { return Ok(None) };
        let statement = "SELECT digest, sealed FROM idempotency WHERE principal = $1 AND request = $2";
        let query = sqlx::query(statement).bind(actor.name.as_str()).bind(idempotency.key.as_str());
        let Some(row) = self.store().one(query).await? else { return Ok(None) };
        let blob = |column| crate::store::rows::blob_or_none(&row, column);
        if blob("digest")?.as_deref() != Some(idempotency.digest.as_slice()) {
            return Err(WriteError::IdempotencyMismatch);
        }
        let place = crate::store::idempotency_place(&actor.name, &idempotency.key);
        let sealed = blob("sealed")?.unwrap_or_default();
        Ok(Some(self.keyring().open(&place, &sealed)?.to_vec()))
    }
}

pub(crate) fn bad_cursor() -> WriteError {
    Invalid::new("cursor", "give the next_cursor of an earlier answer").into()
}

/// Cuts one page out of one row more than asked for.
pub(crate) fn page<T>(mut data: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Page<T> {
    let limit = limit as usize;
    let more = data.len() > limit;
    data.truncate(limit);
    let next_cursor = if more { data.last().map(cursor) } else { None };
    Page { data, next_cursor }
}

/// A random positive 31-bit number that `taken` finds nowhere.
pub(crate) async fn free_number(
    kernel: &Tenancy,
    change: &mut Change,
    taken: impl Fn(i64) -> Query<'static>,
) -> Result<i32, StoreError> {
    loop {
        let number = kernel.host().number();
        if !change.exists(taken(i64::from(number))).await? {
            return Ok(number);
        }
    }
}
