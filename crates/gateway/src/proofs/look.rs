//! Looking at placements: one, and all of them in turn.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tenancy::placement::Placement;

use crate::budget::Pooled as _;
use crate::error::RunError;
use crate::gateway::{Inner, refusal};
use crate::preflight::{self, Outcome, Report};

/// How long one look may take. A server that answers each question late is no reason to wait for all of them.
const LONGEST: Duration = Duration::from_secs(60);

/// Placements that the schedule looks at side by side: a slow server must not keep the others waiting.
const SIDE_BY_SIDE: usize = 8;

impl Inner {
    pub(super) async fn inspect(&self, placement: &Arc<Placement>) -> Result<Arc<Report>, RunError> {
        let looked = tokio::time::timeout(LONGEST, self.asked(placement)).await.unwrap_or(Err(RunError::Timeout));
        let outcome = looked.as_ref().map_or("unknown", |report| report.outcome().name());
        metrics::counter!("cloison_preflights_total", "outcome" => outcome).increment(1);
        let report = looked?;
        announce(placement, &report);
        Ok(Arc::new(report))
    }

    async fn asked(&self, placement: &Arc<Placement>) -> Result<Report, RunError> {
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
        Ok(report)
    }

    /// Looks again at what was looked at longer than `every` ago, sooner where something was wrong, and at what is used
    /// and was never looked at.
    pub(crate) async fn prove_on_schedule(self: &Arc<Self>, every: Duration) {
        let known = self.proofs.known.iter().filter(|(_, proof)| proof.began.elapsed() >= due(proof.outcome, every));
        let mut due: Vec<_> = known.map(|(_, proof)| (Arc::clone(&proof.placement), true)).collect();
        due.extend(self.proofs.take_wanted().into_iter().map(|placement| (placement, false)));
        stream::iter(due)
            .for_each_concurrent(SIDE_BY_SIDE, |(placement, keep)| async move {
                if let Err(error) = self.look(&placement, keep).await {
                    // Not known any more: the next statement that needs a proof asks, and fails if it must.
                    self.proofs.known.invalidate(placement.fingerprint()).await;
                    self.proofs.seen.invalidate(placement.fingerprint()).await;
                    let (tenant, source) = (placement.tenant().as_str(), placement.source().as_str());
                    tracing::warn!(tenant, source, error = error.label(), "a placement could not be looked at");
                }
            })
            .await;
        self.count_proofs();
    }
}

/// What is mended should not wait for long, and what was seen half-way through a set-up neither.
fn due(outcome: Outcome, every: Duration) -> Duration {
    match outcome {
        Outcome::Holds => every,
        Outcome::StopsTenantSql | Outcome::StopsEverything => every / 10,
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
