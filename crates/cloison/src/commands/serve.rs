//! `cloison serve`

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use clap::Args;
use gateway::Gateway;
use metrics_exporter_prometheus::PrometheusBuilder;
use server::App;
use tenancy::{Changed, Tenancy};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Options of the server.
#[derive(Args)]
pub(crate) struct Serve {
    /// Where to listen, over the configuration.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self, mut config: Config) -> Result<()> {
        config.listen = self.listen.unwrap_or(config.listen);
        telemetry(&config)?;
        let tenancy = config.open().await?;
        let settings = config.server()?;
        let listener = listen(&config).await?;
        tracing::info!(address = %config.base_url(), data = %config.data_dir.display(), "serving");
        serve(&config, tenancy, settings, listener).await
    }
}

/// Binds the address, or says who may have it.
pub(super) async fn listen(config: &Config) -> Result<TcpListener> {
    let bound = TcpListener::bind(config.listen).await;
    bound.with_context(|| format!("cannot listen on {}: is another server there?", config.listen))
}

/// Serves until the process is told to stop.
pub(super) async fn serve(
    config: &Config,
    tenancy: Tenancy,
    settings: server::Settings,
    listener: TcpListener,
) -> Result<()> {
    let gateway = Gateway::new(config.gateway());
    let metrics = PrometheusBuilder::new().install_recorder().context("cannot record metrics")?;
    let app = App::new(tenancy.clone(), gateway.clone(), settings, Some(metrics.clone()));
    let followers = [
        tokio::spawn({
            let tenancy = tenancy.clone();
            async move { tenancy.watch().await }
        }),
        tokio::spawn(follow(tenancy.changes(), tenancy.clone(), gateway)),
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(std::time::Duration::from_secs(5));
            loop {
                tick.tick().await;
                metrics.run_upkeep();
            }
        }),
    ];
    let served = server::serve(listener, app, stop()).await;
    followers.iter().for_each(tokio::task::JoinHandle::abort);
    tenancy.close().await;
    tracing::info!("stopped");
    served.context("the server failed")
}

/// Drops what the data plane keeps of a tenant when the tenant, its placement or its keys change.
async fn follow(mut changes: broadcast::Receiver<Changed>, tenancy: Tenancy, gateway: Gateway) {
    loop {
        match changes.recv().await {
            Ok(Changed { tenant: Some(tenant), action, .. }) => {
                let ends =
                    matches!(action.as_str(), "tenant.suspend" | "tenant.delete") || action.starts_with("placement.");
                let Ok(tenant) = tenancy::TenantId::parse(&tenant) else { continue };
                if ends {
                    gateway.forget_tenant(&tenant);
                }
                if action == "placement.put" {
                    // Whoever wrote it, here or at another process's command line: the log says at once what is wrong.
                    tokio::spawn(look(tenancy.clone(), gateway.clone(), tenant));
                }
            }
            Ok(Changed { tenant: None, .. }) => {}
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "changes came faster than they were followed");
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Looks whether a tenant's own placements have the levels that they claim; what is found is in force and in the log.
async fn look(tenancy: Tenancy, gateway: Gateway, tenant: tenancy::TenantId) {
    #[expect(clippy::disallowed_methods, reason = "the server looks after its own placements; nobody gets the scope")]
    let console = tenancy.console();
    let Ok(sources) = console.sources(None, 200).await else { return };
    for source in sources.data {
        let (tenant, source) = (tenant.as_str(), source.id.as_str());
        if !console.placement(tenant, source).await.is_ok_and(|placement| !placement.from_template) {
            continue;
        }
        let Ok(placement) = console.resolved_placement(tenant, source).await else { continue };
        if let Err(error) = gateway.preflight(&std::sync::Arc::new(placement)).await {
            tracing::warn!(tenant, source, error = error.label(), "a placement could not be looked at");
        }
    }
}

/// Ends on Ctrl-C, or when the service manager says so.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => return interrupt.await.unwrap_or_default(),
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

/// Log lines on standard error. Drivers are held to warnings: their debug lines hold SQL.
fn telemetry(config: &Config) -> Result<()> {
    let directives = format!("warn,cloison={0},server={0},gateway={0},tenancy={0}", config.log.level);
    let filter = EnvFilter::try_new(&directives).context("log.level is error, warn, info or debug")?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match config.log.format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Text => lines.with_target(false).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("cannot write logs: {error}"))
}
