//! Results kept for a while, by tenant-bound key, bounded in bytes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use tenancy::TenantId;

use crate::cell::{Batch, Column};
use crate::encode::json::{self, Document};
use crate::key::Key;
use crate::stream::Summary;

/// A whole result in memory.
pub(crate) struct Entry {
    tenant: TenantId,
    pub(crate) columns: Arc<[Column]>,
    pub(crate) batches: Vec<Arc<Batch>>,
    pub(crate) summary: Summary,
    bytes: usize,
    document: OnceLock<Document>,
}

impl Entry {
    pub(crate) fn new(
        tenant: TenantId,
        columns: Arc<[Column]>,
        batches: Vec<Arc<Batch>>,
        summary: Summary,
        bytes: usize,
    ) -> Self {
        Self { tenant, columns, batches, summary, bytes, document: OnceLock::new() }
    }

    /// The result as JSON, encoded once. The time zone is part of the key that led here.
    pub(crate) fn document(&self, timezone: &TimeZone) -> &Document {
        self.document.get_or_init(|| json::whole(self, timezone))
    }
}

/// An entry with its end of life.
#[derive(Clone)]
struct Kept {
    entry: Arc<Entry>,
    ttl: Duration,
}

struct ByTtl;

impl moka::Expiry<Key, Kept> for ByTtl {
    fn expire_after_create(&self, _key: &Key, kept: &Kept, _now: Instant) -> Option<Duration> {
        Some(kept.ttl)
    }

    fn expire_after_update(&self, _key: &Key, kept: &Kept, _now: Instant, _left: Option<Duration>) -> Option<Duration> {
        Some(kept.ttl)
    }
}

/// The result cache.
pub(crate) struct Cache {
    kept: moka::sync::Cache<Key, Kept>,
    /// Grows with every flush: what began to run before is not kept after it.
    epoch: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Cache {
    pub(crate) fn new(bytes: u64) -> Self {
        let kept = moka::sync::Cache::builder()
            .max_capacity(bytes)
            // The encoded form is about as large as the cells.
            .weigher(|_key, kept: &Kept| u32::try_from(kept.entry.bytes.saturating_mul(2)).unwrap_or(u32::MAX))
            .expire_after(ByTtl)
            .support_invalidation_closures()
            .build();
        Self { kept, epoch: AtomicU64::new(0), hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Entry>> {
        let found = self.kept.get(key).map(|kept| kept.entry);
        let (counter, outcome) = if found.is_some() { (&self.hits, "hit") } else { (&self.misses, "miss") };
        counter.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("cloison_gateway_cache_total", "outcome" => outcome).increment(1);
        found
    }

    /// Keeps a result, unless something was flushed since `epoch`, when its query began.
    pub(crate) fn put(&self, key: Key, entry: Arc<Entry>, ttl: Duration, epoch: u64) {
        if self.epoch() == epoch && !ttl.is_zero() {
            self.kept.insert(key, Kept { entry, ttl });
            if self.epoch() != epoch {
                self.kept.invalidate(&key);
            }
        }
    }

    /// Forgets everything of one tenant.
    pub(crate) fn flush(&self, tenant: &TenantId) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        let tenant = tenant.clone();
        // Takes effect for every later `get`; the memory is given back soon after.
        let _ = self.kept.invalidate_entries_if(move |_key, kept| kept.entry.tenant == tenant);
        self.kept.run_pending_tasks();
    }

    /// Bytes in use, results, hits and misses.
    pub(crate) fn numbers(&self) -> (u64, u64, u64, u64) {
        let hits = self.hits.load(Ordering::Relaxed);
        let misses = self.misses.load(Ordering::Relaxed);
        (self.kept.weighted_size(), self.kept.entry_count(), hits, misses)
    }
}
