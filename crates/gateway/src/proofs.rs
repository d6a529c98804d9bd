//! What preflights found, per placement: asked once before the first statement that needs it, again on a schedule, and
//! whenever somebody wants to know.
//!
//! A report belongs to a placement's fingerprint: another password, another rule, another level is another placement,
//! and nothing is known about it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::future::Cache;
use tenancy::TenantId;
use tenancy::placement::Placement;

use crate::budget::Pooled as _;
use crate::error::RunError;
use crate::gateway::{Inner, refusal};
use crate::preflight::{self, Outcome, Report};

/// Reports that are kept; a placement whose report was dropped is asked again.
const MOST: u64 = 20_000;

/// A placement nobody used for so long is not looked at any more; its next use does.
const FORGET: Duration = Duration::from_secs(24 * 3600);

pub(crate) struct Proofs {
    known: Cache<[u8; 32], Arc<Proof>>,
}

/// A report and what it is about.
pub(crate) struct Proof {
    placement: Arc<Placement>,
    report: Arc<Report>,
    at: Instant,
}

impl Proofs {
    pub(crate) fn new() -> Self {
        let known = Cache::builder().max_capacity(MOST).time_to_idle(FORGET).support_invalidation_closures().build();
        Self { known }
    }

    /// What is known already.
    pub(crate) async fn known(&self, placement: &Placement) -> Option<Arc<Report>> {
        Some(self.known.get(placement.fingerprint()).await?.report.clone())
    }

    pub(crate) fn forget(&self, tenant: &TenantId) {
        let tenant = tenant.clone();
        // Refused only when closures are off.
        let _ = self.known.invalidate_entries_if(move |_, proof| *proof.placement.tenant() == tenant);
    }
}

impl Inner {
    /// What preflight says of a placement. Those who ask at once wait for one answer.
    pub(crate) async fn proof(self: &Arc<Self>, placement: &Arc<Placement>) -> Result<Arc<Report>, RunError> {
        let looking = async {
            let report = self.inspect(placement).await?;
            Ok(Arc::new(Proof { placement: Arc::clone(placement), report, at: Instant::now() }))
        };
        let proof = self.proofs.known.try_get_with(*placement.fingerprint(), looking).await;
        proof.map(|proof| proof.report.clone()).map_err(|error: Arc<RunError>| *error)
    }

    /// Looks anew, and remembers what was found.
    pub(crate) async fn prove_again(self: &Arc<Self>, placement: &Arc<Placement>) -> Result<Arc<Report>, RunError> {
        let report = self.inspect(placement).await?;
        let proof = Proof { placement: Arc::clone(placement), report: Arc::clone(&report), at: Instant::now() };
        self.proofs.known.insert(*placement.fingerprint(), Arc::new(proof)).await;
        Ok(report)
    }

    async fn inspect(&self, placement: &Arc<Placement>) -> Result<Arc<Report>, RunError> {
        let ticket = self.running.enter(placement.tenant());
        let limits = self.settings.limits;
        let mut lease = self.budget.acquire(self.want(placement, &limits)).await.map_err(refusal)?;
        // A session that was opened before a grant changed may still have what was taken away.
        if let Some(old) = lease.take() {
            old.close().await;
        }
        let connection = lease.fill(self.opener.open(placement).await?);
        let report = preflight::inspect(placement, connection).await?;
        if !ticket.is_stopped() {
            lease.hand_back();
        }
        announce(placement, &report);
        Ok(Arc::new(report))
    }

    /// Looks again at what was looked at longer than `every` ago.
    pub(crate) async fn prove_on_schedule(self: &Arc<Self>, every: Duration) {
        let due: Vec<_> = self.proofs.known.iter().filter(|(_, proof)| proof.at.elapsed() >= every).collect();
        for (fingerprint, proof) in due {
            if let Err(error) = self.prove_again(&proof.placement).await {
                // Not known any more: the next statement that needs a proof asks, and fails if it must.
                self.proofs.known.invalidate(fingerprint.as_ref()).await;
                tracing::warn!(error = error.label(), "a placement could not be looked at again");
            }
        }
        self.count_proofs();
    }

    fn count_proofs(&self) {
        let (mut disabled, mut unproven) = (0_u32, 0_u32);
        for (_, proof) in &self.proofs.known {
            match proof.report.outcome() {
                Outcome::Holds => {}
                Outcome::StopsTenantSql => unproven += 1,
                Outcome::StopsEverything => disabled += 1,
            }
        }
        metrics::gauge!("cloison_placements_disabled").set(f64::from(disabled));
        metrics::gauge!("cloison_placements_without_tenant_sql").set(f64::from(unproven));
    }
}

/// Loud when something is wrong: the log names the placement and the checks. Messages of checks name roles and tables,
/// which are the operator's; rows they never hold.
fn announce(placement: &Placement, report: &Report) {
    let (tenant, source) = (placement.tenant().as_str(), placement.source().as_str());
    for finding in &report.findings {
        match finding.outcome {
            Outcome::Holds => {}
            Outcome::StopsTenantSql => {
                tracing::info!(tenant, source, check = finding.check, says = finding.message, "no SQL by this tenant");
            }
            Outcome::StopsEverything => {
                tracing::error!(tenant, source, check = finding.check, says = finding.message, "placement disabled");
            }
        }
    }
}
