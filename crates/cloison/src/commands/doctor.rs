//! `cloison doctor`

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use gateway::preflight::Outcome;
use serde::Serialize;

use super::Session;

/// What to look at.
#[derive(Args)]
pub(crate) struct Doctor {
    /// Tenants whose placements are tried, at most.
    #[arg(long, default_value_t = 20)]
    tenants: u32,
}

/// One finding.
#[derive(Serialize)]
struct Finding {
    check: String,
    ok: bool,
    says: String,
}

impl Doctor {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let mut findings = vec![key_file(session), pages(), clock(session)];
        findings.push(Finding {
            check: "metadata".into(),
            ok: session.tenancy.is_ready().await,
            says: "opened and at this program's schema".into(),
        });
        findings.push(operators(session).await?);
        self.placements(session, &mut findings).await?;
        if session.out.json {
            session.out.many(&findings, &[])?;
        } else {
            for finding in &findings {
                println!("{}  {}: {}", if finding.ok { "ok  " } else { "FAIL" }, finding.check, finding.says);
            }
        }
        let wrong = findings.iter().filter(|finding| !finding.ok).count();
        anyhow::ensure!(wrong == 0, "{wrong} of {} checks failed", findings.len());
        Ok(())
    }

    async fn placements(&self, session: &Session, findings: &mut Vec<Finding>) -> Result<()> {
        let console = session.console();
        let gateway = gateway::Gateway::new(session.config.gateway());
        let sources = console.sources(None, 200).await?.data;
        for tenant in console.tenants(None, self.tenants.clamp(1, 1000)).await?.data {
            for source in &sources {
                let check = format!("placement {} / {}", tenant.draft.slug, source.draft.slug);
                let placement = match console.resolved_placement(tenant.id.as_str(), source.id.as_str()).await {
                    Ok(placement) => placement,
                    Err(error) => {
                        findings.push(Finding { check, ok: false, says: error.to_string() });
                        continue;
                    }
                };
                let (ok, says) = look(&gateway, &Arc::new(placement)).await;
                findings.push(Finding { check, ok, says });
            }
        }
        Ok(())
    }
}

/// Connects, and looks whether the isolation level is there.
async fn look(gateway: &gateway::Gateway, placement: &Arc<tenancy::Placement>) -> (bool, String) {
    let probe = match gateway.check(placement).await {
        Ok(probe) => probe,
        Err(error) => return (false, format!("{error} ({})", error.label())),
    };
    let (level, server) = (placement.level().name(), format!("{} {}", probe.engine, probe.version));
    match gateway.preflight(placement).await.map(|report| report.outcome()) {
        Ok(Outcome::Holds) => (true, format!("{server}, level {level} holds")),
        Ok(Outcome::StopsTenantSql) => {
            (true, format!("{server}, level {level}; no SQL by the tenant: see placement check"))
        }
        Ok(Outcome::StopsEverything) => (false, format!("{server}, level {level} does not hold: see placement check")),
        Err(error) => (false, format!("{error} ({})", error.label())),
    }
}

fn key_file(session: &Session) -> Finding {
    let path = session.config.secret_key_file();
    let mode = std::fs::metadata(&path).map(|metadata| metadata.permissions().mode() & 0o777);
    let (ok, says) = match mode {
        Ok(mode) if mode & 0o077 == 0 => (true, "readable by its user alone".to_owned()),
        Ok(mode) => (false, format!("others can read it (mode {mode:o}): chmod 600 {}", path.display())),
        Err(_) => (false, format!("cannot be read: {}", path.display())),
    };
    Finding { check: "secret key file".into(), ok, says }
}

fn pages() -> Finding {
    let ok = server::has_pages();
    let says = if ok { "in this build" } else { "not in this build: run \"cargo xtask web\" and build again" };
    Finding { check: "pages".into(), ok, says: says.into() }
}

/// Tokens live for minutes: a clock that is years off refuses all of them.
fn clock(session: &Session) -> Finding {
    let now = session.tenancy.host().now();
    let ok = now.as_second() > 1_760_000_000;
    let says =
        if ok { now.to_string() } else { format!("{now} is in the past: set the clock, embed tokens depend on it") };
    Finding { check: "clock".into(), ok, says }
}

async fn operators(session: &Session) -> Result<Finding> {
    let keys = session.console().operator_keys().await?;
    let live = keys.iter().filter(|key| key.revoked_at.is_none()).count();
    let says =
        if live > 0 { format!("{live} keys") } else { "none: make one with \"cloison operator create\"".to_owned() };
    Ok(Finding { check: "operators".into(), ok: live > 0, says })
}
