//! `cloison demo`: the main job in one command.

mod clients;
mod databases;
mod furnish;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use server::Portal;
use tenancy::{Claims, EmbedKeyId, Resource, Secret, Tenancy, sign_embed_token};

use super::Session;
use super::serve::{listen, serve};
use crate::config::Config;
use crate::output::Output;
use clients::{CLIENTS, Client};
use databases::{Databases, Server};
use furnish::{Furnished, furnish};

/// Seconds for which a portal's token is good; the page asks for a new one before.
const TOKEN_SECONDS: i64 = 600;

/// Options of the demo.
#[derive(Args)]
pub(crate) struct Demo {
    /// Where the demo keeps its data.
    #[arg(long, default_value = "cloison-demo", value_name = "FOLDER")]
    dir: PathBuf,
    /// Where it listens, on this machine only.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Begin anew.
    #[arg(long)]
    fresh: bool,
    /// Load the Moodle dumps of this folder instead of sample data; needs database servers.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Make everything and stop, without serving.
    #[arg(long)]
    prepare_only: bool,
}

/// The variable in which `cargo xtask demo` tells of throw-away database servers, as a JSON list.
const SERVERS: &str = "DEMO_SERVERS";

impl Demo {
    pub(super) async fn run(self, out: Output) -> Result<()> {
        let servers = servers()?;
        // Throw-away servers forget everything, so what was made on them before is gone too.
        if self.fresh || !servers.is_empty() {
            remove(&self.dir)?;
        }
        let mut config = Config::defaults(self.dir.clone())?;
        config.listen = ([127, 0, 0, 1], self.port).into();
        let listener = if self.prepare_only { None } else { Some(listen(&config).await?) };
        let tenancy = config.open().await?;
        let session = Session { config, tenancy, out };
        let furnished = self.prepare(&session, &servers).await?;
        let Some(listener) = listener else {
            session.tenancy.close().await;
            return Ok(());
        };
        let mut settings = session.config.server()?;
        let base = session.config.base_url();
        print_links(&base, &furnished);
        settings.demo = Some(portals(session.tenancy.clone(), furnished));
        serve(&session.config, session.tenancy, settings, listener).await
    }

    /// Databases, tenants, library, keys: what is there already stays as it is.
    async fn prepare(&self, session: &Session, servers: &[Server]) -> Result<Arc<Vec<Furnished>>> {
        let progress = bar();
        let databases = Databases::choose(servers, self.data.as_deref())?;
        let mut places = Vec::new();
        for client in &CLIENTS {
            places.push(
                databases
                    .make(client, &session.config.sqlite_dir(), &progress)
                    .await
                    .with_context(|| format!("the data of {}", client.name))?,
            );
        }
        progress.set_message("publishing the library");
        let furnished = furnish(session, &self.dir, &places).await?;
        progress.finish_and_clear();
        Ok(Arc::new(furnished))
    }
}

#[expect(clippy::disallowed_methods, reason = "the binary is where the environment is read")]
fn servers() -> Result<Vec<Server>> {
    match std::env::var(SERVERS) {
        Ok(text) => serde_json::from_str(&text).with_context(|| format!("{SERVERS} is a list of servers")),
        Err(_) => Ok(Vec::new()),
    }
}

/// Only a folder that a demo made is removed.
fn remove(dir: &Path) -> Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    let ours = dir.join("metadata.db").exists() || std::fs::read_dir(dir)?.next().is_none();
    anyhow::ensure!(ours, "{} holds something else than a demo; name another --dir", dir.display());
    std::fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

fn print_links(base: &str, furnished: &[Furnished]) {
    println!("\nOne dashboard, three clients, each on its own database:\n");
    println!("  three portals    {base}/demo");
    for one in furnished {
        println!("  {:<15}  {base}/demo/{}    ({})", one.client.name, one.client.slug, one.place);
    }
    println!("  API              {base}/docs\n");
    println!("A key reaches one client and what its scopes name:\n");
    for one in furnished {
        println!(
            "  curl -s {base}/v1/dashboards/overview/items/active-learners/rows -H 'content-type: application/json' -d '{{}}' -H 'authorization: Bearer {}'",
            one.api_key
        );
    }
    println!("\nCtrl-C stops it; the data stays.\n");
}

/// Links with fresh tokens, signed as each client's own site would.
fn portals(tenancy: Tenancy, furnished: Arc<Vec<Furnished>>) -> server::Demo {
    Arc::new(move |dashboard: &str| {
        let now = tenancy.host().now();
        let portals = furnished.iter().filter_map(|one| portal(one, dashboard, now)).collect();
        Box::pin(std::future::ready(portals))
    })
}

fn portal(one: &Furnished, dashboard: &str, now: jiff::Timestamp) -> Option<Portal> {
    let expires_at = now + jiff::SignedDuration::from_secs(TOKEN_SECONDS);
    let claims = Claims::new(Resource::Dashboard(dashboard.into()), expires_at.as_second());
    let key = EmbedKeyId::parse(&one.embed_key).ok()?;
    let token = sign_embed_token(&key, &Secret::from(one.embed_secret.clone()), &claims)?;
    let &Client { slug, name, color, .. } = one.client;
    let embed_url = format!("/embed/dashboard#token={token}");
    Some(Portal {
        name: name.to_owned(),
        slug: slug.to_owned(),
        token,
        embed_url,
        portal_url: format!("/demo/{slug}"),
        color: color.to_owned(),
        engine: one.place.clone(),
        expires_at,
    })
}
