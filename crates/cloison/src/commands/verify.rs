//! `cloison verify`

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use gateway::setup::Administrator;
use gateway::verify::{Check, Verdict, Verified};
use serde::Serialize;

use super::Session;
use super::placement::read_password;

/// Which placements, with whose help, and how the report is written.
#[derive(Args)]
pub(crate) struct Verify {
    /// One tenant, by id or slug; all when absent.
    #[arg(long)]
    tenant: Option<String>,
    /// One data source, by id or slug; all when absent.
    #[arg(long)]
    source: Option<String>,
    /// Tenants that are looked at, at most. Shared tables are attacked once for each data source, level and database.
    #[arg(long, default_value_t = 50)]
    tenants: u32,
    /// A database administrator's login: canary rows of two tenants that do not exist are planted in a table of their
    /// own, and taken away again.
    #[arg(long, value_name = "LOGIN")]
    admin: Option<String>,
    /// A file with the administrator's password; `-` is standard input.
    #[arg(long, value_name = "FILE", requires = "admin")]
    admin_password_file: Option<PathBuf>,
    /// How the report is written.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
}

/// What was tried at one placement.
#[derive(Serialize)]
struct Tried {
    tenant: String,
    source: String,
    level: &'static str,
    holds: bool,
    #[serde(flatten)]
    verdict: Verdict,
}

#[derive(Serialize)]
struct Report {
    made_at: jiff::Timestamp,
    version: &'static str,
    holds: bool,
    placements: Vec<Tried>,
}

impl Verify {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let administrator = match self.admin.clone() {
            None => None,
            Some(user) => {
                let password = self.admin_password_file.as_deref().map(read_password).transpose()?.unwrap_or_default();
                Some(Administrator { user, password })
            }
        };
        let placements = self.tried(session, administrator.as_ref()).await?;
        ensure!(!placements.is_empty(), "there is no placement to look at");
        let holds = placements.iter().all(|tried| tried.holds);
        let made_at = session.tenancy.host().now();
        let report = Report { made_at, version: env!("CARGO_PKG_VERSION"), holds, placements };
        match if session.out.json { Format::Json } else { self.format } {
            Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
            Format::Junit => print!("{}", junit(&report)),
            Format::Text => text(&report),
        }
        ensure!(report.holds, "isolation does not hold everywhere");
        Ok(())
    }

    async fn tried(&self, session: &Session, administrator: Option<&Administrator>) -> Result<Vec<Tried>> {
        let console = session.console();
        let gateway = gateway::Gateway::new(session.config.gateway());
        let tenants = match &self.tenant {
            Some(name) => vec![console.tenant(name).await?],
            None => console.tenants(None, self.tenants.clamp(1, 1000)).await?.data,
        };
        let sources = match &self.source {
            Some(name) => vec![console.source(name).await.context("there is no such data source")?],
            None => console.sources(None, 200).await?.data,
        };
        let mut tried = Vec::new();
        for source in &sources {
            // Canaries say something about a database and a level, not about a tenant: once is enough.
            let mut planted = std::collections::BTreeSet::new();
            for tenant in &tenants {
                let resolved = console.resolved_placement(tenant.id.as_str(), source.id.as_str()).await;
                let Ok(placement) = resolved.map(Arc::new) else { continue };
                let level = placement.level().name();
                let administrator = administrator.filter(|_| planted.insert(gateway.common_ground(&placement)));
                let verdict = Box::pin(gateway.verify(session.tenancy.host(), &placement, administrator)).await;
                let (tenant, source) = (tenant.draft.slug.to_string(), source.draft.slug.to_string());
                tried.push(Tried { tenant, source, level, holds: verdict.holds(), verdict });
            }
        }
        Ok(tried)
    }
}

fn text(report: &Report) {
    println!("Cloison {} verified at {}", report.version, report.made_at);
    for tried in &report.placements {
        println!("\n{} / {} at level {}: {}", tried.tenant, tried.source, tried.level, word(tried.holds));
        for check in &tried.verdict.checks {
            let mark = match check.result {
                Verified::Passed => "ok  ",
                Verified::Failed => "FAIL",
                Verified::Skipped => "skip",
            };
            println!("  {mark}  {}: {}", check.name, check.says);
        }
    }
    println!("\nIsolation {} at {} placements.", word(report.holds), report.placements.len());
}

const fn word(holds: bool) -> &'static str {
    if holds { "holds" } else { "DOES NOT HOLD" }
}

/// The XML that continuous integration servers read.
fn junit(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cloison verify\">\n");
    for tried in &report.placements {
        let count = |result| tried.verdict.checks.iter().filter(|check| check.result == result).count();
        xml += &format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" timestamp=\"{}\">\n",
            escaped(&format!("{} / {} ({})", tried.tenant, tried.source, tried.level)),
            tried.verdict.checks.len(),
            count(Verified::Failed),
            count(Verified::Skipped),
            report.made_at,
        );
        xml.extend(tried.verdict.checks.iter().map(case));
        xml += "  </testsuite>\n";
    }
    xml + "</testsuites>\n"
}

fn case(check: &Check) -> String {
    let (name, says) = (escaped(&check.name), escaped(&check.says));
    match check.result {
        Verified::Passed => format!("    <testcase name=\"{name}\"/>\n"),
        Verified::Skipped => format!("    <testcase name=\"{name}\"><skipped message=\"{says}\"/></testcase>\n"),
        Verified::Failed => format!("    <testcase name=\"{name}\"><failure message=\"{says}\"/></testcase>\n"),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Not in XML 1.0, not even as a reference.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
