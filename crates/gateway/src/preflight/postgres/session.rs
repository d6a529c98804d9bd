//! The server, and whether it is one.

use super::{Finding, Outcome};
use crate::connection::Connection;
use crate::error::RunError;

/// The first releases without CVE-2025-8713 (statistics show values of rows that policies hide), by major version.
const FIXED: [(u32, u32); 5] = [(13, 22), (14, 19), (15, 14), (16, 10), (17, 6)];

const BACKEND: &str = "SELECT pg_catalog.pg_backend_pid()::text, pg_catalog.current_setting('server_version_num')";

pub(super) async fn check(connection: &mut Connection) -> Result<Vec<Finding>, RunError> {
    let first = connection.ask(BACKEND, Vec::new()).await?;
    let second = connection.ask(BACKEND, Vec::new()).await?;
    let number = first.text(0, 1).and_then(|text| text.parse().ok()).unwrap_or_default();
    Ok(vec![pooler(first.text(0, 0), second.text(0, 0)), version(number)])
}

fn pooler(first: Option<&str>, second: Option<&str>) -> Finding {
    if first.is_some() && first == second {
        return Finding::holds("pooler", "two transactions of one session met the same backend");
    }
    let message = "two transactions of one session met different backends: a pooler is in between, and settings of one \
                   session reach another. Connect to the server itself, or let the pooler keep sessions";
    Finding::fails("pooler", Outcome::StopsEverything, message)
}

fn version(number: u32) -> Finding {
    let (major, minor) = (number / 10_000, number % 10_000);
    let seen = format!("PostgreSQL {major}.{minor}");
    match FIXED.iter().find(|(known, _)| *known == major) {
        Some((_, fixed)) if minor >= *fixed => Finding::holds("version", seen),
        None if major >= 18 => Finding::holds("version", seen),
        Some((_, fixed)) => {
            let message = format!(
                "{seen} shows statistics about rows that a login must not see (CVE-2025-8713): update to {major}.{fixed}"
            );
            Finding::fails("version", Outcome::StopsTenantSql, message)
        }
        None => {
            let message = format!("{seen} gets no security updates any more: move to a supported version");
            Finding::fails("version", Outcome::StopsTenantSql, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, pooler, version};

    #[test]
    fn old_servers_are_not_for_tenants_sql() {
        for (number, outcome) in [
            (90_624, Outcome::StopsTenantSql),
            (120_022, Outcome::StopsTenantSql),
            (130_021, Outcome::StopsTenantSql),
            (130_022, Outcome::Holds),
            (150_013, Outcome::StopsTenantSql),
            (150_018, Outcome::Holds),
            (160_010, Outcome::Holds),
            (170_005, Outcome::StopsTenantSql),
            (170_006, Outcome::Holds),
            (180_000, Outcome::Holds),
            (0, Outcome::StopsTenantSql),
        ] {
            assert_eq!(version(number).outcome, outcome, "{number}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_proof() {
        assert_eq!(pooler(None, None).outcome, Outcome::StopsEverything);
    }
}
