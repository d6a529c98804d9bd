//! `cloison explain`

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::json;
use tenancy::model::keys::ApiKeyDraft;
use tenancy::{Action, AdmitError, Granted, Run, Step, TenantScope, Thing, View};

use super::{Session, pairs, value};

/// Which credential, and what it wants to see.
#[derive(Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    who: Who,
    /// A card, by id or slug.
    #[arg(long)]
    card: Option<String>,
    /// A dashboard, by id or slug; --item says which of its cards.
    #[arg(long, requires = "item", conflicts_with = "card")]
    dashboard: Option<String>,
    /// With --token-file: the tenant in the address the token is sent to (/t/SLUG), for tokens that name no key.
    #[arg(long, value_name = "SLUG", requires = "token_file")]
    tenant: Option<String>,
    /// With --dashboard: the item that shows the card.
    #[arg(long, requires = "dashboard")]
    item: Option<String>,
    /// Whether it may be downloaded, instead of whether it may be run.
    #[arg(long)]
    export: bool,
    /// A parameter's value; may be repeated. Lists and numbers are written as JSON.
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
}

/// The credential.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Who {
    /// A tenant's API key, by its id.
    #[arg(long, value_name = "ID")]
    key: Option<String>,
    /// A file with an embed token; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl Explain {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let thing = match (&self.card, &self.dashboard, &self.item) {
            (Some(card), ..) => Thing::Card(card.clone()),
            (None, Some(dashboard), Some(item)) => Thing::Item { dashboard: dashboard.clone(), item: item.clone() },
            _ => bail!("name a --card, or a --dashboard and its --item"),
        };
        let actions: &[Action] =
            if self.export { &[Action::CardsRun, Action::ResultsExport] } else { &[Action::CardsRun] };
        let scope = match self.scope(session).await? {
            Ok(scope) => scope,
            Err(step) => return show(session, &[step], None),
        };
        let mut steps = scope.explain(&thing, actions);
        if steps.last().is_some_and(|step| !step.holds) {
            return show(session, &steps, None);
        }
        let card: Granted<'_, Run, _> = match &thing {
            Thing::Card(card) => scope.card::<Run>(card)?,
            Thing::Item { dashboard, item } => scope.dashboard::<View>(dashboard)?.item::<Run>(item)?,
        };
        let given = pairs(&self.param)?.into_iter().map(|(name, text)| (name, value(&text))).collect();
        let gateway = gateway::Gateway::new(session.config.gateway());
        if let Ok(placement) = card.placement() {
            let says = format!("{} at level {}", engine(placement.engine()), placement.level().name());
            steps.push(Step::new("placement", true, says));
            match gateway.preflight(&placement).await {
                Ok(report) => {
                    let failing =
                        report.findings.iter().filter(|finding| finding.outcome != gateway::preflight::Outcome::Holds);
                    let failing: Vec<_> = failing.map(|finding| finding.message.as_str()).collect();
                    let says = if failing.is_empty() { "holds".to_owned() } else { failing.join("; ") };
                    steps.push(Step::new("preflight", failing.is_empty(), says));
                }
                Err(error) => steps.push(Step::new("preflight", false, error.to_string())),
            }
        }
        match gateway.explain(&card, given).await {
            Ok(prepared) => {
                if !prepared.guarded {
                    let says =
                        "not needed: the operator's card on the tenant's own database, without rules for its tables";
                    steps.push(Step::new("guard", true, says));
                }
                let decides =
                    |rule: &gateway::RowRule| Step::new("rows", true, format!("{}: {}", rule.relation, rule.decided));
                steps.extend(prepared.rules.iter().map(decides));
                show(session, &steps, Some(prepared.sql()))
            }
            Err(error) => {
                steps.push(Step::new("guard", false, error.to_string()));
                show(session, &steps, None)
            }
        }
    }

    /// The caller's scope, or the step at which it ends.
    async fn scope(&self, session: &Session) -> Result<Result<TenantScope, Step>> {
        if let Some(file) = &self.who.token_file {
            let text = if file.as_os_str() == "-" {
                std::io::read_to_string(std::io::stdin())?
            } else {
                std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
            };
            return Ok(match session.tenancy.admit_embed(text.trim(), self.tenant.as_deref()).await {
                Ok(scope) => Ok(scope),
                Err(AdmitError::Store(error)) => return Err(error.into()),
                Err(error) => Err(Step::new("credential", false, error.to_string())),
            });
        }
        let id = self.who.key.as_deref().unwrap_or_default();
        let console = session.console();
        let mut cursor: Option<String> = None;
        loop {
            let page = console.tenants(cursor.as_deref(), 200).await?;
            for tenant in &page.data {
                let keys = console.tenant_keys(tenant.id.as_str()).await?.api_keys().await?;
                let Some(key) = keys.into_iter().find(|key| key.id.as_str() == id) else { continue };
                if let Some(at) = key.revoked_at {
                    return Ok(Err(Step::new("credential", false, format!("API key {id} was revoked at {at}"))));
                }
                let now = session.tenancy.host().now();
                if let Some(end) = key.draft.expires_at.filter(|end| *end <= now) {
                    return Ok(Err(Step::new("credential", false, format!("API key {id} ended at {end}"))));
                }
                // A key of the same scopes for a minute: the secret of the real one is nowhere.
                let end = now + jiff::SignedDuration::from_secs(60);
                let draft = ApiKeyDraft { expires_at: Some(end), networks: Vec::new(), ..key.draft };
                let made = console.act_as(tenant.id.as_str(), "cloison explain", draft).await?;
                return Ok(match session.tenancy.admit_key(made.secret.expose(), None).await {
                    Ok((tenancy::Principal::Tenant(scope), _)) => Ok(scope),
                    _ => Err(Step::new("tenant", false, "the tenant is suspended")),
                });
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(Err(Step::new("credential", false, format!("there is no API key {id}"))));
            }
        }
    }
}

fn engine(engine: query::Engine) -> &'static str {
    match engine {
        query::Engine::Postgres => "PostgreSQL",
        query::Engine::Mysql => "MariaDB or MySQL",
        query::Engine::Sqlite => "SQLite",
    }
}

fn show(session: &Session, steps: &[Step], sql: Option<&str>) -> Result<()> {
    let allowed = steps.last().is_some_and(|step| step.holds) && sql.is_some();
    if session.out.json {
        return session.out.one(&json!({ "allowed": allowed, "steps": steps, "sql": sql }));
    }
    for step in steps {
        let says = gateway::shown(&step.says, usize::MAX);
        println!("{}  {:<10}  {says}", if step.holds { "ok  " } else { "STOP" }, step.what);
    }
    if let Some(sql) = sql {
        // Whoever wrote it may be a tenant, and this a terminal.
        let lines: Vec<_> = sql.lines().map(|line| gateway::shown(line, usize::MAX)).collect();
        println!("\n{}\n\nIts values are bound, and are not shown.", lines.join("\n"));
    }
    println!("{}", if allowed { "allowed" } else { "not allowed" });
    Ok(())
}
