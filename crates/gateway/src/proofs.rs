//! What preflights found, per placement: asked once before the first statement that needs it, again on a schedule, and
//! whenever somebody wants to know.
//!
//! A report belongs to a placement's fingerprint: another password, another rule, another level is another placement,
//! and nothing is known about it.

mod lists;
mod look;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::future::Cache;
use tenancy::TenantId;
use tenancy::placement::Placement;

use crate::error::RunError;
use crate::gateway::Inner;
use crate::preflight::{Outcome, Report, Table};
use lists::Lists;

/// About how many bytes of reports are kept; a placement whose report was dropped is asked again.
const MOST_BYTES: u64 = 64 << 20;

/// Placements about which it is kept that they are broken, or that somebody looked.
const MOST: u64 = 100_000;

/// A placement nobody used for so long is not looked at any more; its next use does.
const FORGET: Duration = Duration::from_secs(24 * 3600);

type Fingerprint = [u8; 32];

pub(crate) struct Proofs {
    known: Cache<Fingerprint, Arc<Proof>>,
    /// Looks under way for those who wait for one.
    looking: Cache<Fingerprint, Arc<Proof>>,
    /// Placements that were found to be broken and not found to be mended since. Beside the reports, because those are
    /// dropped when they are old or when a server cannot be asked, and neither mends anything.
    disabled: Cache<Fingerprint, TenantId>,
    /// Placements that need no proof and were looked at not long ago.
    seen: Cache<Fingerprint, ()>,
    /// Placements in use that nobody has looked at: the schedule does.
    wanted: Mutex<HashMap<Fingerprint, Arc<Placement>>>,
    lists: Lists,
}

/// What counts of a report.
pub(crate) struct Proof {
    placement: Arc<Placement>,
    pub(crate) outcome: Outcome,
    /// The relations that the login can read.
    pub(crate) tables: Arc<[Table]>,
    /// When looking began: what happened later is not in the report.
    began: Instant,
}

impl Proofs {
    pub(crate) fn new(every: Duration) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(|_, proof: &Arc<Proof>| lists::weight(&proof.tables))
            .time_to_idle(FORGET)
            .support_invalidation_closures()
            .build();
        let disabled = Cache::builder().max_capacity(MOST).support_invalidation_closures().build();
        let seen = Cache::builder().max_capacity(MOST).time_to_live(every).build();
        let (looking, wanted, lists) = (Cache::new(MOST), Mutex::default(), Lists::default());
        Self { known, looking, disabled, seen, wanted, lists }
    }

    /// Whether the last look found that nothing may run. A placement that nobody has looked at is put on the list.
    pub(crate) async fn is_disabled(&self, placement: &Arc<Placement>) -> bool {
        let fingerprint = placement.fingerprint();
        if !self.seen.contains_key(fingerprint) && self.known.get(fingerprint).await.is_none() {
            let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.entry(*fingerprint).or_insert_with(|| Arc::clone(placement));
        }
        self.disabled.contains_key(fingerprint)
    }

    pub(crate) fn forget(&self, tenant: &TenantId) {
        let (one, other) = (tenant.clone(), tenant.clone());
        // Refused only when closures are off.
        let _ = self.known.invalidate_entries_if(move |_, proof| *proof.placement.tenant() == one);
        let _ = self.disabled.invalidate_entries_if(move |_, own| *own == other);
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.retain(|_, placement| placement.tenant() != tenant);
    }

    fn take_wanted(&self) -> Vec<Arc<Placement>> {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.drain().map(|(_, placement)| placement).collect()
    }
}

impl Inner {
    /// What preflight says of a placement. Those who ask at once wait for one answer. One that is older than the
    /// schedule allows is none: whatever held the schedule up, nothing runs on it.
    pub(crate) async fn proof(self: &Arc<Self>, placement: &Arc<Placement>) -> Result<Arc<Proof>, RunError> {
        let fingerprint = placement.fingerprint();
        let good = self.settings.preflight_every.saturating_mul(2);
        if let Some(proof) = self.proofs.known.get(fingerprint).await
            && proof.began.elapsed() < good
        {
            return Ok(proof);
        }
        let looking = async { Ok(self.look(placement, true).await?.1) };
        let looked = self.proofs.looking.try_get_with(*fingerprint, looking).await;
        self.proofs.looking.invalidate(fingerprint).await;
        looked.map_err(|error: Arc<RunError>| *error)
    }

    /// Looks anew, and remembers what was found. Joins nobody: what began before could miss what has changed since.
    pub(crate) async fn prove_again(self: &Arc<Self>, placement: &Arc<Placement>) -> Result<Arc<Report>, RunError> {
        Ok(self.look(placement, true).await?.0)
    }

    /// A look, and what is in force after it. Where no statement asks for a proof, the report need not be kept.
    async fn look(
        self: &Arc<Self>,
        placement: &Arc<Placement>,
        keep: bool,
    ) -> Result<(Arc<Report>, Arc<Proof>), RunError> {
        let began = Instant::now();
        let report = self.inspect(placement).await?;
        let (placement, outcome) = (Arc::clone(placement), report.outcome());
        let tables = if keep { self.proofs.lists.shared(&report.tables) } else { [].into() };
        let proof = self.settle(Arc::new(Proof { placement, outcome, tables, began }), keep).await;
        Ok((report, proof))
    }

    /// Puts a report in force, unless one that began later is; gives back the one in force.
    async fn settle(&self, proof: Arc<Proof>, keep: bool) -> Arc<Proof> {
        let fingerprint = *proof.placement.fingerprint();
        let mut before = None;
        let now = if keep {
            let newer = |old: Option<moka::Entry<Fingerprint, Arc<Proof>>>| {
                before = old.map(moka::Entry::into_value);
                let kept = before.clone().filter(|old| old.began > proof.began).unwrap_or_else(|| Arc::clone(&proof));
                std::future::ready(kept)
            };
            self.proofs.known.entry(fingerprint).and_upsert_with(newer).await.into_value()
        } else {
            proof
        };
        let was_disabled = self.proofs.disabled.contains_key(&fingerprint);
        let is_disabled = now.outcome == Outcome::StopsEverything;
        if is_disabled {
            // It is looked at again at its next use.
            self.proofs.seen.invalidate(&fingerprint).await;
        } else {
            self.proofs.seen.insert(fingerprint, ()).await;
        }
        let tenant = now.placement.tenant();
        if is_disabled && !was_disabled {
            self.proofs.disabled.insert(fingerprint, tenant.clone()).await;
            // What runs now reads from a place that is not what it claims to be.
            self.running.stop(tenant);
            self.budget.forget(tenant);
        } else if was_disabled && !is_disabled {
            self.proofs.disabled.invalidate(&fingerprint).await;
            let source = now.placement.source().as_str();
            tracing::warn!(tenant = tenant.as_str(), source, "placement enabled again");
        }
        if is_disabled != was_disabled || before.is_some_and(|before| before.outcome != now.outcome) {
            // Rows that were read while a wall was down must not be shown from memory when it is up again.
            self.cache.flush(tenant);
            self.count_proofs();
        }
        now
    }

    fn count_proofs(&self) {
        let unproven = self.proofs.known.iter().filter(|(_, proof)| proof.outcome == Outcome::StopsTenantSql);
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        metrics::gauge!("cloison_placements_without_tenant_sql").set(number(unproven.count()));
        metrics::gauge!("cloison_placements_disabled").set(number(self.proofs.disabled.iter().count()));
    }
}
