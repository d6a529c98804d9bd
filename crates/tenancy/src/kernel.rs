//! The kernel's one handle: the store, the read model, and the clock.
//!
//! Requests read memory. A change invalidates what it touched at once in this process and, by the
//! audit log as a change feed, within [`POLL`] in every other one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use sqlx::Row;
use tokio::sync::broadcast;

use crate::admit::{EmbedKeyRow, KeyRow, OperatorKeyRow, PublicLinkRow};
use crate::credential::Digest;
use crate::error::StoreError;
use crate::host::Host;
use crate::load;
use crate::scope::{Caller, TenantScope};
use crate::seal::Keyring;
use crate::slug::Slug;
use crate::store::{Store, StoreLocation};
use crate::view::{Library, TenantView};

/// How often other processes' changes are looked for. With the work that follows it keeps promise P9: one second.
pub const POLL: Duration = Duration::from_millis(200);

/// What the kernel needs to know of the configuration.
#[derive(Clone, Default)]
pub struct Settings {
    /// The directory that SQLite placements lie in; without it there are none.
    pub sqlite_root: Option<Arc<Path>>,
    /// What an embed token's `aud` must contain, when it has one.
    pub audience: String,
}

/// The kernel. Cheap to clone.
#[derive(Clone)]
pub struct Tenancy(Arc<Inner>);

struct Inner {
    store: Store,
    host: Host,
    keyring: Keyring,
    settings: Settings,
    views: Views,
    epoch: AtomicU64,
    /// Held for writing while the epoch grows, for reading while a value that was loaded in it is kept.
    turn: RwLock<()>,
    applied: AtomicI64,
    changes: broadcast::Sender<Changed>,
    used: Mutex<HashMap<KeyUse, i64>>,
}

/// Which key was used.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum KeyUse {
    Api(String, String),
    Operator(String),
}

struct Views {
    library: Cache<(), Arc<Library>>,
    tenants: Cache<String, Option<Arc<TenantView>>>,
    api_keys: Cache<Digest, Option<Arc<KeyRow>>>,
    operator_keys: Cache<Digest, Option<Arc<OperatorKeyRow>>>,
    embed_keys: Cache<String, Option<Arc<EmbedKeyRow>>>,
    /// By the slug of their tenant, for tokens that name no key.
    guest_keys: Cache<String, Arc<[Arc<EmbedKeyRow>]>>,
    public_links: Cache<Digest, Option<Arc<PublicLinkRow>>>,
    /// All of them at once: a name in a request that is nobody's asks nothing of the store.
    hosts: Cache<(), Arc<HashMap<String, Slug>>>,
}

impl Views {
    /// Everything that names a tenant.
    fn drop_credentials(&self) {
        self.api_keys.invalidate_all();
        self.drop_embed_keys();
        self.public_links.invalidate_all();
        self.hosts.invalidate_all();
    }

    fn drop_embed_keys(&self) {
        self.embed_keys.invalidate_all();
        self.guest_keys.invalidate_all();
    }
}

/// Something changed; who keeps anything about it should drop it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The number of the change.
    pub seq: i64,
    /// The tenant it concerns; `None` for the library, the data sources and the operators.
    pub tenant: Option<String>,
    /// What was done, as in the audit log.
    pub action: String,
}

impl Tenancy {
    /// Opens the metadata and brings it to this program's schema.
    pub async fn open(
        location: StoreLocation<'_>,
        host: Host,
        keyring: Keyring,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let store = Store::open(location, &host).await?;
        let applied = AtomicI64::new(store.seq().await?);
        let views = Views {
            library: Cache::new(1),
            tenants: Cache::new(20_000),
            api_keys: Cache::new(50_000),
            operator_keys: Cache::new(1_000),
            embed_keys: Cache::new(50_000),
            guest_keys: Cache::new(20_000),
            public_links: Cache::new(50_000),
            hosts: Cache::new(1),
        };
        let (changes, _) = broadcast::channel(1024);
        let inner = Inner {
            store,
            host,
            keyring,
            settings,
            views,
            epoch: AtomicU64::new(0),
            turn: RwLock::new(()),
            applied,
            changes,
            used: Mutex::default(),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Follows other processes' changes, and writes down which keys were used. Runs until dropped.
    pub async fn watch(&self) {
        let mut tick = tokio::time::interval(POLL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut rounds = 0_u32;
        loop {
            tick.tick().await;
            if let Err(error) = self.catch_up().await {
                tracing::error!(%error, "cannot follow changes of the metadata; dropping what is known");
                self.forget_everything();
            }
            rounds = rounds.wrapping_add(1);
            if rounds.is_multiple_of(50) {
                self.write_uses().await;
            }
        }
    }

    /// Reads the changes since the last ones and drops what they touched.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let newest = self.0.store.seq().await?;
        loop {
            let applied = self.0.applied.load(Ordering::Acquire);
            if applied >= newest {
                return Ok(());
            }
            let statement = "SELECT seq, tenant, action FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1000";
            let rows = self.0.store.all(sqlx::query(statement).bind(applied)).await?;
            if rows.is_empty() {
                return Err(StoreError::Unreadable("change"));
            }
            for row in rows {
                let (seq, tenant, action) = (row.try_get("seq")?, row.try_get("tenant")?, row.try_get("action")?);
                self.apply(Changed { seq, tenant, action });
                self.0.applied.fetch_max(seq, Ordering::AcqRel);
            }
        }
    }

    /// Applies a change that this process made. Others may have made some just before it: those are
    /// still to be read, so what is applied grows by this one only when nothing is missing below it.
    pub(crate) fn apply_own(&self, changed: Changed) {
        let seq = changed.seq;
        self.apply(changed);
        let _ = self.0.applied.compare_exchange(seq - 1, seq, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Drops what a change touched, and tells who listens.
    fn apply(&self, changed: Changed) {
        self.drop_from(|views| {
            match changed.action.split('.').next().unwrap_or_default() {
                // A key takes with it the keys that it made, embed keys and public links too. So does a tenant.
                "api_key" | "tenant" => views.drop_credentials(),
                "embed_key" => views.drop_embed_keys(),
                "public_link" => views.public_links.invalidate_all(),
                "operator_key" => views.operator_keys.invalidate_all(),
                _ => {}
            }
            match &changed.tenant {
                Some(tenant) => views.tenants.invalidate(tenant),
                None => views.library.invalidate(&()),
            }
        });
        // Nobody listening is no error: tests and the command line have no gateway.
        let _ = self.0.changes.send(changed);
    }

    /// From here on nothing that was read before is kept; what was kept before, the caller drops.
    fn begin_epoch(&self) {
        let _turn = self.0.turn.write().unwrap_or_else(PoisonError::into_inner);
        self.0.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// Drops what was kept, in an epoch of its own: who began within it may have what was kept before, and looks again too.
    fn drop_from(&self, drop: impl FnOnce(&Views)) {
        self.begin_epoch();
        drop(&self.0.views);
        self.begin_epoch();
    }

    fn forget_everything(&self) {
        self.drop_from(|views| {
            views.library.invalidate_all();
            views.tenants.invalidate_all();
            views.operator_keys.invalidate_all();
            views.drop_credentials();
        });
    }

    /// Changes as they are applied here.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.0.changes.subscribe()
    }

    /// Statements sent to the metadata store so far. A warm request adds none.
    #[must_use]
    pub fn metadata_queries(&self) -> u64 {
        self.0.store.queries()
    }

    /// Whether the metadata store answers.
    pub async fn is_ready(&self) -> bool {
        self.0.store.seq().await.is_ok()
    }

    /// Writes what is pending and closes the store.
    pub async fn close(&self) {
        self.write_uses().await;
        self.0.store.close().await;
    }

    /// The clock and the randomness.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.0.host
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.0.epoch.load(Ordering::Acquire)
    }

    pub(crate) async fn library(&self) -> Result<Arc<Library>, StoreError> {
        let load = async || load::library(self).await;
        self.cached(&self.0.views.library, (), load).await
    }

    pub(crate) async fn tenant_view(&self, tenant: &str) -> Result<Option<Arc<TenantView>>, StoreError> {
        let load = async || load::tenant(self, tenant).await;
        self.cached(&self.0.views.tenants, tenant.to_owned(), load).await
    }

    pub(crate) async fn api_key(&self, digest: Digest) -> Result<Option<Arc<KeyRow>>, StoreError> {
        let load = async || load::api_key(self, &digest).await;
        self.cached(&self.0.views.api_keys, digest, load).await
    }

    pub(crate) async fn operator_key(&self, digest: Digest) -> Result<Option<Arc<OperatorKeyRow>>, StoreError> {
        let load = async || load::operator_key(self, &digest).await;
        self.cached(&self.0.views.operator_keys, digest, load).await
    }

    pub(crate) async fn embed_key(&self, kid: &str) -> Result<Option<Arc<EmbedKeyRow>>, StoreError> {
        let load = async || load::embed_key(self, kid).await;
        self.cached(&self.0.views.embed_keys, kid.to_owned(), load).await
    }

    /// The keys that a token without `kid` may be signed with below this tenant's address, the newest first.
    pub(crate) async fn guest_keys(&self, slug: &str) -> Result<Arc<[Arc<EmbedKeyRow>]>, StoreError> {
        let load = async || load::guest_keys(self, slug).await;
        self.cached(&self.0.views.guest_keys, slug.to_owned(), load).await
    }

    /// The slug of the tenant whose own host name this is, in small letters: an address, which a credential is compared with and
    /// which grants nothing.
    pub async fn slug_of_host(&self, host: &str) -> Result<Option<Slug>, StoreError> {
        let hosts = self.cached(&self.0.views.hosts, (), async || load::hosts(self).await).await?;
        Ok(hosts.get(host).cloned())
    }

    pub(crate) async fn public_link(&self, digest: Digest) -> Result<Option<Arc<PublicLinkRow>>, StoreError> {
        let load = async || load::public_link(self, &digest).await;
        self.cached(&self.0.views.public_links, digest, load).await
    }

    /// Reads through a cache. What was read while something changed is used once and never kept, not even
    /// for a moment: it may be from before the change, and whoever finds it later would take it for current.
    async fn cached<K, V>(
        &self,
        cache: &Cache<K, V>,
        key: K,
        load: impl AsyncFnOnce() -> Result<V, StoreError>,
    ) -> Result<V, StoreError>
    where
        K: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        if let Some(known) = cache.get(&key) {
            return Ok(known);
        }
        let before = self.epoch();
        let value = load().await?;
        let _turn = self.0.turn.read().unwrap_or_else(PoisonError::into_inner);
        if self.epoch() == before {
            cache.insert(key, value.clone());
        }
        Ok(value)
    }

    /// Whether the credential of a scope from an earlier epoch still holds.
    pub(crate) async fn readmits(&self, scope: &TenantScope) -> bool {
        let Ok(Some(view)) = self.tenant_view(scope.tenant().as_str()).await else { return false };
        if !view.is_served() {
            return false;
        }
        match &scope.caller {
            Caller::ApiKey(id) => load::api_key_holds(self, scope.tenant(), id).await.unwrap_or(false),
            Caller::Embed(id) => self.embed_key(id.as_str()).await.is_ok_and(|key| key.is_some()),
            Caller::Link(id) => self.link_holds(scope, id).await,
        }
    }

    /// Notes that a key was used; written in a while, together.
    pub(crate) fn note_use(&self, key: KeyUse) {
        let now = self.0.host.now().as_microsecond();
        self.0.used.lock().unwrap_or_else(PoisonError::into_inner).insert(key, now);
    }

    async fn write_uses(&self) {
        let used = std::mem::take(&mut *self.0.used.lock().unwrap_or_else(PoisonError::into_inner));
        for (key, at) in used {
            let query = match &key {
                KeyUse::Api(tenant, id) => {
                    sqlx::query("UPDATE api_key SET last_used_at = $1 WHERE tenant = $2 AND id = $3")
                        .bind(at)
                        .bind(tenant.as_str())
                        .bind(id.as_str())
                }
                KeyUse::Operator(id) => {
                    sqlx::query("UPDATE operator_key SET last_used_at = $1 WHERE id = $2").bind(at).bind(id.as_str())
                }
            };
            if let Err(error) = self.0.store.note(query).await {
                tracing::warn!(%error, "cannot write when a key was last used");
                return;
            }
        }
    }
}

/// Whether an address lies in one of the networks; none means everywhere.
pub(crate) fn within(networks: &[ipnet::IpNet], peer: Option<IpAddr>) -> bool {
    networks.is_empty() || peer.is_some_and(|peer| networks.iter().any(|net| net.contains(&peer.to_canonical())))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// A loader that reads before a change and keeps after it, and somebody who looks all the time.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_read_before_a_change_is_never_found_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("meta.db");
        let host = Host::new(|| jiff::Timestamp::UNIX_EPOCH, |bytes| bytes.fill(7));
        let keyring = Keyring::parse(&"5a".repeat(32)).unwrap();
        let tenancy = Tenancy::open(StoreLocation::Sqlite(&path), host, keyring, Settings::default()).await.unwrap();
        let cache: Cache<(), u64> = Cache::new(1);
        let (ended, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let looker = {
            let (cache, ended, seen) = (cache.clone(), ended.clone(), seen.clone());
            std::thread::spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    seen.fetch_add(u64::from(cache.get(&()).is_some()), Ordering::Relaxed);
                }
            })
        };
        for round in 0..3000 {
            let load = async || {
                let before = round;
                tenancy.apply(Changed { seq: 0, tenant: None, action: "x.y".into() });
                cache.invalidate(&());
                Ok(before)
            };
            assert_eq!(tenancy.cached(&cache, (), load).await.unwrap(), round);
        }
        ended.store(true, Ordering::Relaxed);
        looker.join().unwrap();
        assert_eq!(seen.load(Ordering::Relaxed), 0);
        // Without a change in between it is kept.
        tenancy.cached(&cache, (), async || Ok(1)).await.unwrap();
        assert_eq!(cache.get(&()), Some(1));
    }
}
