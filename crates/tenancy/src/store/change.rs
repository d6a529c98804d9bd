//! A change of the metadata: one transaction, one writer at a time, never without its audit entry.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{Any, AnyPool, Row, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Query;
use crate::error::{StoreError, WriteError};
use crate::host::Host;
use crate::seal::Keyring;

/// Who makes a change, and the request it came with.
#[derive(Clone)]
pub(crate) struct Actor {
    /// As written to the audit log.
    pub(crate) name: String,
    /// The caller's Idempotency-Key and a digest of the request, when one was given.
    pub(crate) idempotency: Option<Idempotency>,
}

/// An Idempotency-Key and what it was sent with.
#[derive(Clone)]
pub(crate) struct Idempotency {
    pub(crate) key: String,
    pub(crate) digest: [u8; 32],
}

/// What the audit log says about a change.
pub(crate) struct Event<'e> {
    pub(crate) action: &'static str,
    pub(crate) tenant: Option<&'e str>,
    pub(crate) object: &'e str,
    pub(crate) detail: &'e str,
}

/// The same with texts of its own: one of several things that one change does.
pub(crate) struct Entry {
    pub(crate) action: &'static str,
    pub(crate) tenant: Option<String>,
    pub(crate) object: String,
    pub(crate) detail: String,
}

impl Entry {
    pub(crate) fn event(&self) -> Event<'_> {
        Event { action: self.action, tenant: self.tenant.as_deref(), object: &self.object, detail: &self.detail }
    }
}

/// An open change. Dropping it undoes it.
pub(crate) struct Change {
    transaction: Transaction<'static, Any>,
    seq: i64,
    /// Writers of this process queue here and not in the database: waiting there, each would keep one of
    /// the pool's few connections from readers and from the poll for other processes' changes.
    _turn: OwnedMutexGuard<()>,
}

impl Change {
    pub(super) async fn begin(pool: &AnyPool, writers: Arc<Mutex<()>>) -> Result<Self, StoreError> {
        let turn = writers.lock_owned().await;
        let mut transaction = pool.begin().await?;
        let seq = next(&mut transaction).await?;
        Ok(Self { transaction, seq, _turn: turn })
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn execute(&mut self, query: Query<'_>) -> Result<u64, StoreError> {
        Ok(query.execute(&mut *self.transaction).await?.rows_affected())
    }

    pub(crate) async fn one(&mut self, query: Query<'_>) -> Result<Option<AnyRow>, StoreError> {
        Ok(query.fetch_optional(&mut *self.transaction).await?)
    }

    pub(crate) async fn all(&mut self, query: Query<'_>) -> Result<Vec<AnyRow>, StoreError> {
        Ok(query.fetch_all(&mut *self.transaction).await?)
    }

    /// Whether the statement finds a row.
    pub(crate) async fn exists(&mut self, query: Query<'_>) -> Result<bool, StoreError> {
        Ok(self.one(query).await?.is_some())
    }

    /// Writes the audit entry of one of several things that this change does, and takes the next number for what follows:
    /// each is told by itself, to whom it concerns, and all of them or none are there.
    pub(crate) async fn enter(&mut self, now: Timestamp, actor: &Actor, event: Event<'_>) -> Result<i64, StoreError> {
        self.write_entry(now, actor, event).await?;
        let seq = self.seq;
        self.seq = next(&mut self.transaction).await?;
        Ok(seq)
    }

    /// Writes the audit entry and commits both. The number of the change comes back.
    pub(crate) async fn commit(mut self, now: Timestamp, actor: &Actor, event: Event<'_>) -> Result<i64, StoreError> {
        self.write_entry(now, actor, event).await?;
        self.transaction.commit().await?;
        Ok(self.seq)
    }

    async fn write_entry(&mut self, now: Timestamp, actor: &Actor, event: Event<'_>) -> Result<(), StoreError> {
        let statement = "INSERT INTO audit (seq, at, actor, tenant, action, object, detail) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let entry = sqlx::query(statement)
            .bind(self.seq)
            .bind(now.as_microsecond())
            .bind(actor.name.as_str())
            .bind(event.tenant)
            .bind(event.action)
            .bind(event.object)
            .bind(event.detail);
        self.execute(entry).await?;
        Ok(())
    }

    /// The same for a creation: the answer is kept, sealed, for a repetition with the same Idempotency-Key.
    pub(crate) async fn commit_creation(
        mut self,
        host: &Host,
        keyring: &Keyring,
        actor: &Actor,
        event: Event<'_>,
        answer: &impl Serialize,
    ) -> Result<i64, WriteError> {
        let now = host.now();
        if let Some(idempotency) = &actor.idempotency {
            let answer = serde_json::to_vec(answer).map_err(|_| StoreError::Unreadable("answer"))?;
            let sealed = keyring.seal(host, &idempotency_place(&actor.name, &idempotency.key), &answer)?;
            let day_ago = now.as_microsecond() - 86_400_000_000;
            self.execute(sqlx::query("DELETE FROM idempotency WHERE at < $1").bind(day_ago)).await?;
            let statement = "INSERT INTO idempotency (principal, request, digest, sealed, at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT DO NOTHING";
            let entry = sqlx::query(statement)
                .bind(actor.name.as_str())
                .bind(idempotency.key.as_str())
                .bind(idempotency.digest.to_vec())
                .bind(sealed)
                .bind(now.as_microsecond());
            // The same request came twice at once, and the other one was first: its answer is there to be asked for.
            if self.execute(entry).await? == 0 {
                return Err(WriteError::InUse("a request with this Idempotency-Key was just answered; send it again"));
            }
        }
        Ok(self.commit(now, actor, event).await?)
    }
}

/// The next number of the one writer.
async fn next(transaction: &mut Transaction<'static, Any>) -> Result<i64, StoreError> {
    let row =
        sqlx::query("UPDATE change_counter SET seq = seq + 1 RETURNING seq").fetch_one(&mut **transaction).await?;
    Ok(row.try_get("seq")?)
}

/// What a sealed answer is bound to.
pub(crate) fn idempotency_place(principal: &str, key: &str) -> String {
    format!("idempotency/{principal}/{key}")
}
