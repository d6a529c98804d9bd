//! Canaries: rows of two tenants that do not exist, planted with an administrator's login and taken away again.

use std::sync::Arc;
use std::time::Duration;

use query::Statement;
use tenancy::placement::{Connection, Level, PROBE_TABLE, Placement};
use tenancy::{Host, Secret};

use super::probes::{COMMON, MYSQL, POSTGRES, Probe};
use super::{Verdict, Verified};
use crate::Gateway;
use crate::ask::Answer;
use crate::cell::Cell;
use crate::guard::{self, Rules};
use crate::preflight::Outcome;
use crate::setup::{self, Administrator, Script, SetupError, Step};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Names of the two tenants' keys and logins. No slug begins with an underscore.
const KEYS: [&str; 2] = ["__cloison_probe_a", "__cloison_probe_b"];
const LOGINS: [&str; 2] = ["cloison_probe_a", "cloison_probe_b"];

/// What is in B's rows and nowhere else.
const CANARY: &str = "CANARY";

pub(super) async fn check(
    gateway: &Gateway,
    host: &Host,
    placement: &Arc<Placement>,
    administrator: &Administrator,
    verdict: &mut Verdict,
) {
    let password = Secret::from(host.bytes::<24>().map(|byte| format!("{byte:02x}")).concat());
    let probes: Option<Vec<Placement>> =
        KEYS.iter().zip(LOGINS).map(|(key, login)| placement.probe(host, key, login, &password)).collect();
    let Some([a, b]) = probes.and_then(|both| <[Placement; 2]>::try_from(both).ok()) else {
        verdict.add(
            "canaries",
            Verified::Skipped,
            "tenants share no tables here: what a login reaches is preflight's work",
        );
        return;
    };
    let [a, b] = [Arc::new(a), Arc::new(b)];
    if let Err(error) = plant(gateway, &a, &b, administrator).await {
        verdict.add("canaries/setup", Verified::Failed, error.to_string());
    } else {
        verdict.add(
            "canaries/setup",
            Verified::Passed,
            "23 rows of two tenants planted, and the level set up for them",
        );
        attack(gateway, &a, verdict).await;
    }
    gateway.forget_tenant(a.tenant());
    gateway.forget_tenant(b.tenant());
    match remove(gateway, &a, administrator).await {
        Ok(()) => verdict.add("canaries/cleanup", Verified::Passed, "everything was taken away again"),
        Err(error) => verdict.add("canaries/cleanup", Verified::Failed, format!("something may be left: {error}")),
    }
}

async fn plant(
    gateway: &Gateway,
    a: &Arc<Placement>,
    b: &Arc<Placement>,
    administrator: &Administrator,
) -> Result<(), SetupError> {
    let table = table(a);
    let mut rows: Vec<String> = (1..=3).map(|n| format!("({n}, '{}', '{n}', {n})", KEYS[0])).collect();
    rows.extend((1..=20).map(|n| format!("({}, '{}', '{CANARY}-B-7{n}', {})", 100 + n, KEYS[1], 776 + n)));
    let once = vec![
        Step::new("no table of an earlier, broken run", format!("DROP TABLE IF EXISTS {table}")),
        Step::new(
            "a table of canaries",
            format!(
                "CREATE TABLE {table} (id INT PRIMARY KEY, tenant_id VARCHAR(64) NOT NULL, secret VARCHAR(64) NOT NULL, \
                 amount INT NOT NULL)"
            ),
        ),
        Step::new(
            "rows of two tenants",
            format!("INSERT INTO {table} (id, tenant_id, secret, amount) VALUES {}", rows.join(", ")),
        ),
    ];
    let planted = Script { once, tenant: Vec::new() };
    apply(gateway, a, administrator, &planted).await?;
    for tenant in [a, b] {
        apply(gateway, tenant, administrator, &setup::script(tenant)?).await?;
    }
    Ok(())
}

/// Everything that was planted goes, by the setup's own words for what it made.
async fn remove(gateway: &Gateway, a: &Arc<Placement>, administrator: &Administrator) -> Result<(), SetupError> {
    let mut once = setup::removal(a, &KEYS, &LOGINS);
    once.push(Step::new("the table of canaries goes", format!("DROP TABLE IF EXISTS {}", table(a))));
    apply(gateway, a, administrator, &Script { once, tenant: Vec::new() }).await
}

async fn apply(
    gateway: &Gateway,
    placement: &Placement,
    administrator: &Administrator,
    script: &Script,
) -> Result<(), SetupError> {
    setup::apply(placement, administrator, script, &gateway.inner.settings, TIMEOUT).await
}

async fn attack(gateway: &Gateway, a: &Arc<Placement>, verdict: &mut Verdict) {
    let report = match gateway.preflight(a).await {
        Ok(report) => report,
        Err(error) => {
            verdict.add("canaries/preflight", Verified::Failed, error.to_string());
            return;
        }
    };
    for finding in report.findings.iter().filter(|finding| finding.outcome != Outcome::Holds) {
        verdict.add(format!("canaries/preflight/{}", finding.check), Verified::Failed, finding.message.clone());
    }
    let rules = Rules::new(a, &report.tables, None);
    let engine = if matches!(a.connection(), Connection::Mysql(_)) { MYSQL } else { POSTGRES };
    for probe in COMMON.iter().chain(engine) {
        let sql = spelled(a, probe.sql);
        let name = format!("canaries/guard/{}", probe.name);
        match rules.guard(&Statement::new(sql.clone(), Vec::new())) {
            Err(error) if probe.honest => {
                let says = format!("an honest question is refused, so nothing was tried: {error}");
                verdict.add(name, Verified::Failed, says);
            }
            Err(_) => verdict.add(name, Verified::Passed, "refused"),
            Ok(guarded) => {
                let answer = gateway.ask(a, &guarded.statement).await;
                judge(verdict, name, probe, answer, false);
            }
        }
        if probe.raw && a.level() != Level::GuardedRows {
            let name = format!("canaries/database/{}", probe.name);
            judge(verdict, name, probe, gateway.ask(a, &Statement::new(sql, Vec::new())).await, true);
        }
    }
}

fn judge(
    verdict: &mut Verdict,
    name: String,
    probe: &Probe,
    answer: Result<Answer, crate::error::RunError>,
    database_alone: bool,
) {
    let (holds, says) = match answer {
        Ok(answer) if shows_canary(&answer) => (false, "the answer shows the other tenant's rows"),
        Ok(answer) if probe.own.is_empty() || first(&answer).as_deref() == Some(probe.own) => {
            (true, "the answer is that of the tenant's own rows")
        }
        Ok(_) => (false, "the answer is not that of the tenant's own rows"),
        // The database refuses what it has not or what the login may not: the words it has for it are dropped. Where an
        // honest answer is due, an error would be an oracle.
        Err(crate::error::RunError::QueryFailed { code, .. }) if database_alone && is_refusal(code.as_str()) => {
            (true, "the database refuses it")
        }
        Err(_) => (false, "an error where the tenant's own rows give an answer: it may tell of others' rows"),
    };
    verdict.expect(name, holds, says);
}

/// Privileges, names and syntax: none of them depends on rows.
fn is_refusal(code: &str) -> bool {
    code.starts_with("42") || matches!(code, "1064" | "1142" | "1143" | "1146" | "1054" | "1044" | "1227" | "NOTASELE")
}

fn shows_canary(answer: &Answer) -> bool {
    answer.rows.iter().flatten().any(|cell| matches!(cell, Cell::Text(text) if text.contains(CANARY)))
}

fn first(answer: &Answer) -> Option<String> {
    match answer.rows.first()?.first()? {
        Cell::Text(text) | Cell::Decimal(text) => Some(text.to_string()),
        Cell::Int(number) => Some(number.to_string()),
        Cell::UInt(number) => Some(number.to_string()),
        Cell::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The table by its qualified name, where the shared tables are.
fn table(placement: &Placement) -> String {
    let schema = placement.rows().base.clone().unwrap_or_else(|| guard::schema(placement));
    qualified(placement, &schema)
}

fn spelled(placement: &Placement, sql: &str) -> String {
    sql.replace("{t}", &qualified(placement, &guard::schema(placement))).replace("{n}", PROBE_TABLE)
}

fn qualified(placement: &Placement, schema: &str) -> String {
    let quote = if matches!(placement.connection(), Connection::Mysql(_)) { '`' } else { '"' };
    format!("{quote}{}{quote}.{PROBE_TABLE}", schema.replace(quote, &format!("{quote}{quote}")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{CANARY, Probe, Verdict, Verified, judge};
    use crate::ask::Answer;
    use crate::cell::Cell;
    use crate::error::{Code, RunError};

    fn judged(answer: Result<Vec<Cell>, &str>, database_alone: bool) -> Verified {
        let probe = Probe { name: "x", sql: "", own: "3", raw: true, honest: true };
        let answer = match answer {
            Ok(row) => Ok(Answer { columns: Arc::from([]), rows: vec![row] }),
            Err(code) => Err(RunError::QueryFailed { code: Code::new(code), position: None }),
        };
        let mut verdict = Verdict { checks: Vec::new() };
        judge(&mut verdict, "x".to_owned(), &probe, answer, database_alone);
        assert_eq!(verdict.holds(), verdict.checks[0].result == Verified::Passed);
        verdict.checks[0].result
    }

    #[test]
    fn what_depends_on_others_rows_is_told_from_what_does_not() {
        let text = |text: &str| Cell::Text(text.into());
        assert_eq!(judged(Ok(vec![Cell::Int(3)]), false), Verified::Passed);
        assert_eq!(judged(Ok(vec![text("3")]), true), Verified::Passed);
        // The other tenant's text anywhere, and a number that only its rows explain.
        assert_eq!(judged(Ok(vec![Cell::Int(3), text(&format!("x {CANARY}-B-71"))]), false), Verified::Failed);
        assert_eq!(judged(Ok(vec![Cell::Int(23)]), false), Verified::Failed);
        assert_eq!(judged(Ok(vec![Cell::Null]), true), Verified::Failed);
        // An error tells a bit of rows; but not one that says that there is no such right or name.
        assert_eq!(judged(Err("22P02"), false), Verified::Failed);
        assert_eq!(judged(Err("22P02"), true), Verified::Failed);
        assert_eq!(judged(Err("1690"), true), Verified::Failed);
        assert_eq!(judged(Err("42501"), false), Verified::Failed);
        assert_eq!(judged(Err("42501"), true), Verified::Passed);
        assert_eq!(judged(Err("1142"), true), Verified::Passed);
    }
}
