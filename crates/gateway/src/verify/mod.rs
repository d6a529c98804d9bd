//! Verify: does isolation hold on the user's own servers? Attacks through the real pool, as a tenant that would send them.
//!
//! Two ways. With nothing but the tenant's own login, the tenant's real rows are counted in shapes that must all give
//! one number, and no row may be another tenant's. With an administrator's login, a table of canaries is made for two
//! tenants that do not exist, the level's own setup script is run for it, every attack is sent as one of them, and
//! everything is taken away again.

mod canaries;
mod counts;
mod probes;

use std::sync::Arc;

use query::Statement;
use serde::Serialize;
use tenancy::Host;
use tenancy::placement::{Connection, Placement};

use crate::Gateway;
use crate::ask::Answer;
use crate::cell::Cell;
use crate::error::RunError;
use crate::preflight::Outcome;
use crate::setup::Administrator;
use crate::shown::shown;

/// What was tried at one placement.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Check by check.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was tried: the part, a slash, and the attack.
    pub name: String,
    /// How it ended.
    pub result: Verified,
    /// What was seen. Never a value of a row.
    pub says: String,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verified {
    /// Isolation held.
    Passed,
    /// It did not, or it cannot be said that it did.
    Failed,
    /// There was nothing to try.
    Skipped,
}

impl Verdict {
    /// Whether nothing failed, and something passed.
    #[must_use]
    pub fn holds(&self) -> bool {
        let count = |result| self.checks.iter().filter(|check| check.result == result).count();
        count(Verified::Failed) == 0 && count(Verified::Passed) > 0
    }

    fn add(&mut self, name: impl Into<String>, result: Verified, says: impl Into<String>) {
        // Names of tables may be a hostile server's.
        let (name, says) = (shown(&name.into(), 300), shown(&says.into(), 4000));
        self.checks.push(Check { name, result, says });
    }

    fn expect(&mut self, name: impl Into<String>, holds: bool, says: impl Into<String>) {
        self.add(name, if holds { Verified::Passed } else { Verified::Failed }, says);
    }
}

impl Gateway {
    /// Tries a placement. With an administrator's login, canaries are planted and taken away.
    pub async fn verify(
        &self,
        host: &Host,
        placement: &Arc<Placement>,
        administrator: Option<&Administrator>,
    ) -> Verdict {
        let mut verdict = Verdict { checks: Vec::new() };
        let report = match self.preflight(placement).await {
            Ok(report) => report,
            Err(error) => {
                verdict.add("preflight", Verified::Failed, error.to_string());
                return verdict;
            }
        };
        for finding in &report.findings {
            let result = match finding.outcome {
                Outcome::Holds => Verified::Passed,
                Outcome::StopsTenantSql | Outcome::StopsEverything => Verified::Failed,
            };
            verdict.add(format!("preflight/{}", finding.check), result, finding.message.clone());
        }
        counts::check(self, placement, &report, &mut verdict).await;
        match administrator {
            Some(administrator) => canaries::check(self, host, placement, administrator, &mut verdict).await,
            None => verdict.add(
                "canaries",
                Verified::Skipped,
                "no administrator's login was given, so no rows could be planted",
            ),
        }
        verdict
    }

    /// What placements have in common whose tenants share tables: one attack there is an attack on all of them.
    #[must_use]
    pub fn common_ground(&self, placement: &Placement) -> String {
        let (level, server) = (placement.level().name(), crate::connection::server_key(placement).0);
        let rows = placement.rows();
        let signed = rows.signing.is_some();
        format!(
            "{level} {signed} {server} {:?} {:?}",
            crate::guard::schema(placement),
            (database(placement), &rows.base)
        )
    }

    /// One statement of ours as the placement's login, with nothing in between: the database alone.
    pub(crate) async fn ask(&self, placement: &Arc<Placement>, statement: &Statement) -> Result<Answer, RunError> {
        let inner = &self.inner;
        let limits = inner.settings.limits;
        let mut lease = inner.budget.acquire(inner.want(placement, &limits)).await.map_err(crate::gateway::refusal)?;
        if lease.connection().is_none_or(|connection| !connection.is_open()) {
            lease.fill(inner.opener.open(placement).await?);
        }
        let connection = lease.connection().ok_or(RunError::ConnectionLost)?;
        let answer = connection.ask_statement(statement).await?;
        lease.hand_back();
        Ok(answer)
    }
}

fn database(placement: &Placement) -> Option<&str> {
    match placement.connection() {
        Connection::Postgres(server) | Connection::Mysql(server) => Some(&server.database),
        Connection::Sqlite(_) => None,
    }
}

/// A number in the first cell.
fn number(answer: &Answer) -> Option<i64> {
    match answer.rows.first()?.first()? {
        Cell::Int(number) => Some(*number),
        Cell::UInt(number) => i64::try_from(*number).ok(),
        Cell::Decimal(text) | Cell::Text(text) => text.parse().ok(),
        _ => None,
    }
}
