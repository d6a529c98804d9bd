//! `cloison placement`

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use gateway::preflight::Outcome;
use gateway::setup::{self, Administrator};
use query::Engine;
use tenancy::Secret;
use tenancy::model::placing::PlacementDraft;
use tenancy::placement::{Identity, Level, Tls};

use super::Session;

/// Placements.
#[derive(Subcommand)]
pub(crate) enum Placement {
    /// Give a tenant a placement of its own; what is left out is the template's.
    Set {
        /// Tenant, by id or slug.
        tenant: String,
        /// Data source, by id or slug.
        source: String,
        /// Another engine than the data source's.
        #[arg(long)]
        engine: Option<EngineName>,
        #[command(flatten)]
        place: Place,
    },
    /// Show the placement in force.
    Show {
        /// Tenant, by id or slug.
        tenant: String,
        /// Data source, by id or slug.
        source: String,
    },
    /// Remove a tenant's own placement; the template's is in force again.
    Delete {
        /// Tenant, by id or slug.
        tenant: String,
        /// Data source, by id or slug.
        source: String,
    },
    /// Connect, log in, read the session's settings back, and look whether the isolation level is really there.
    Check {
        /// Tenant, by id or slug.
        tenant: String,
        /// Data source, by id or slug.
        source: String,
    },
    /// Print the SQL that sets the isolation level up, for an administrator of the database to run. It may run again at
    /// any time: what is there stays, what is missing is added.
    Script {
        /// Tenant, by id or slug.
        tenant: String,
        /// Data source, by id or slug.
        source: String,
        /// Print the login's password too, instead of a comment in its place.
        #[arg(long)]
        with_password: bool,
        /// Run it, as --admin.
        #[arg(long, requires = "admin")]
        apply: bool,
        /// The administrator's login.
        #[arg(long, value_name = "LOGIN")]
        admin: Option<String>,
        /// A file with the administrator's password; `-` is standard input.
        #[arg(long, value_name = "FILE", requires = "admin")]
        admin_password_file: Option<PathBuf>,
    },
}

/// Where rows are.
#[derive(Args)]
pub(crate) struct Place {
    /// Isolation level; `database` when absent.
    #[arg(long)]
    level: Option<LevelName>,
    /// Host name or address of the database server.
    #[arg(long)]
    host: Option<String>,
    /// TCP port.
    #[arg(long)]
    port: Option<u16>,
    /// Database name.
    #[arg(long)]
    database: Option<String>,
    /// Schema, for level `schema`.
    #[arg(long)]
    schema: Option<String>,
    /// Login name.
    #[arg(long)]
    user: Option<String>,
    /// A file with the login's password; `-` is standard input. Never on the command line, where others see it.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Transport security; `verify` when absent.
    #[arg(long)]
    tls: Option<TlsName>,
    /// SQLite: file name below the directory of SQLite tenants.
    #[arg(long)]
    file: Option<String>,
    /// Where tenants share tables: what the tenant's rows hold in the tenant column; the slug when absent.
    #[arg(long)]
    row_key: Option<String>,
    /// Level `view-rows`: the schema or database with the shared tables.
    #[arg(long)]
    base: Option<String>,
    /// Level `native-rows`: how the database knows whose rows to show; `login` when absent. With `signed`, tenants may
    /// share a login.
    #[arg(long)]
    identity: Option<IdentityName>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum EngineName {
    Postgres,
    #[value(alias = "mariadb")]
    Mysql,
    Sqlite,
}

#[derive(Clone, Copy, ValueEnum)]
enum LevelName {
    Database,
    Schema,
    NativeRows,
    ViewRows,
    GuardedRows,
}

#[derive(Clone, Copy, ValueEnum)]
enum IdentityName {
    Login,
    Signed,
}

#[derive(Clone, Copy, ValueEnum)]
enum TlsName {
    Verify,
    Encrypt,
    Off,
}

impl From<EngineName> for Engine {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Postgres => Self::Postgres,
            EngineName::Mysql => Self::Mysql,
            EngineName::Sqlite => Self::Sqlite,
        }
    }
}

impl Place {
    /// What was said, or nothing when nothing was.
    pub(super) fn draft(self, engine: Option<EngineName>) -> Result<Option<PlacementDraft>> {
        let password = self.password_file.as_deref().map(read_password);
        let draft = PlacementDraft {
            level: self.level.map(|level| match level {
                LevelName::Database => Level::Database,
                LevelName::Schema => Level::Schema,
                LevelName::NativeRows => Level::NativeRows,
                LevelName::ViewRows => Level::ViewRows,
                LevelName::GuardedRows => Level::GuardedRows,
            }),
            engine: engine.map(Engine::from),
            host: self.host,
            port: self.port,
            database: self.database,
            schema: self.schema,
            user: self.user,
            password: password.transpose()?,
            tls: self.tls.map(|tls| match tls {
                TlsName::Verify => Tls::Verify,
                TlsName::Encrypt => Tls::Encrypt,
                TlsName::Off => Tls::Off,
            }),
            file: self.file,
            row_key: self.row_key,
            base: self.base,
            identity: self.identity.map(|identity| match identity {
                IdentityName::Login => Identity::Login,
                IdentityName::Signed => Identity::Signed,
            }),
        };
        let said = draft.host.is_some()
            || draft.file.is_some()
            || draft.database.is_some()
            || draft.user.is_some()
            || draft.schema.is_some()
            || draft.password.is_some()
            || draft.level.is_some()
            || draft.engine.is_some()
            || draft.port.is_some()
            || draft.tls.is_some()
            || draft.row_key.is_some()
            || draft.base.is_some()
            || draft.identity.is_some();
        Ok(said.then_some(draft))
    }
}

impl Placement {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Set { tenant, source, engine, place } => {
                let Some(draft) = place.draft(engine)? else {
                    bail!("say at least one thing about the place; see --help")
                };
                let version = match console.placement(&tenant, &source).await {
                    Ok(found) => found.version,
                    Err(tenancy::WriteError::Missing) => 0,
                    Err(error) => return Err(error.into()),
                };
                session.out.one(&console.put_placement(&tenant, &source, version, draft).await?)
            }
            Self::Show { tenant, source } => session.out.one(&console.placement(&tenant, &source).await?),
            Self::Delete { tenant, source } => Ok(console.delete_placement(&tenant, &source).await?),
            Self::Check { tenant, source } => {
                let placement = Arc::new(console.resolved_placement(&tenant, &source).await?);
                check(session, &placement).await
            }
            Self::Script { tenant, source, with_password, apply, admin, admin_password_file } => {
                let placement = console.resolved_placement(&tenant, &source).await?;
                let script = setup::script(&placement)?;
                let Some(user) = admin.filter(|_| apply) else {
                    print!("{}", script.to_sql(with_password));
                    return Ok(());
                };
                let password = admin_password_file.as_deref().map(read_password).transpose()?.unwrap_or_default();
                let administrator = Administrator { user, password };
                setup::apply(&placement, &administrator, &script, &session.config.gateway(), APPLY_TIMEOUT).await?;
                session.out.say("done; \"cloison placement check\" looks whether it holds");
                Ok(())
            }
        }
    }
}

/// For each statement: a policy or a view waits for whoever uses the table.
const APPLY_TIMEOUT: Duration = Duration::from_secs(60);

async fn check(session: &Session, placement: &Arc<tenancy::Placement>) -> Result<()> {
    let gateway = gateway::Gateway::new(session.config.gateway());
    let probe = gateway.check(placement).await?;
    let report = gateway.preflight(placement).await?;
    if session.out.json {
        session.out.one(
            &serde_json::json!({ "ok": report.outcome() != Outcome::StopsEverything, "engine": probe.engine,
            "version": probe.version, "connect_ms": probe.connect.as_millis(), "level": placement.level(),
            "preflight": report.outcome(), "findings": report.findings }),
        )?;
    } else {
        println!("{} {}, connected in {} ms", probe.engine, probe.version, probe.connect.as_millis());
        println!("level {}: {}", placement.level().name(), report.outcome().name());
        for finding in &report.findings {
            let mark = match finding.outcome {
                Outcome::Holds => "ok  ",
                Outcome::StopsTenantSql => "SQL ",
                Outcome::StopsEverything => "STOP",
            };
            println!("{mark}  {}: {}", finding.check, finding.message);
        }
    }
    anyhow::ensure!(report.outcome() != Outcome::StopsEverything, "the placement is disabled until this is put right");
    Ok(())
}

pub(super) fn read_password(file: &Path) -> Result<Secret> {
    let text =
        if file.as_os_str() == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Secret::from(text.trim_end_matches(['\r', '\n']).to_owned()))
}
