//! The commands. They work on the metadata of the data directory; a server that runs on it notices within 200 ms.

mod audit;
mod content;
mod demo;
mod doctor;
mod embed_key;
mod explain;
mod files;
mod key;
mod link;
mod operator;
mod placement;
mod publish;
mod reference;
mod run;
mod secrets;
mod serve;
mod source;
mod tenant;
mod token;
mod verify;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use serde::de::DeserializeOwned;
use tenancy::{OperatorScope, Tenancy};

use crate::config::Config;
use crate::output::Output;

/// One instance, many client organisations: a dashboard written once, seen by each client on its own data.
#[derive(Parser)]
#[command(name = "cloison", version, max_term_width = 100)]
pub struct Cli {
    /// The directory of metadata, secrets and SQLite tenants.
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// The configuration file; `cloison.toml` of this folder when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::Serve),
    /// Run the main job: three clients, one dashboard, links to open.
    Demo(demo::Demo),
    /// Operators: who run the instance. The first one is made here and nowhere else.
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Tenants: the client organisations.
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Data sources: what cards are written against.
    #[command(subcommand)]
    Source(source::Source),
    /// Placements: where a tenant's rows of a data source are.
    #[command(subcommand)]
    Placement(placement::Placement),
    /// Collections of the library.
    #[command(subcommand)]
    Collection(content::Content),
    /// Cards of the library.
    #[command(subcommand)]
    Card(content::Content),
    /// Dashboards of the library.
    #[command(subcommand)]
    Dashboard(content::Content),
    /// Snippets of the library.
    #[command(subcommand)]
    Snippet(content::Content),
    /// Content as files.
    #[command(subcommand)]
    Content(files::Files),
    /// Publications: which tenants see what of the library.
    #[command(subcommand)]
    Publish(publish::Publish),
    /// A tenant's API keys.
    #[command(subcommand)]
    Key(key::Key),
    /// A tenant's embed keys, which sign embed tokens.
    #[command(subcommand)]
    EmbedKey(embed_key::EmbedKey),
    /// A tenant's public links.
    #[command(subcommand)]
    Link(link::Link),
    /// Sign an embed token, and print the link that it opens.
    Token(token::Token),
    /// Run a card as a tenant. Why goes to the tenant's audit log.
    Run(run::Run),
    /// Attack your own placements, and report whether isolation holds.
    Verify(verify::Verify),
    /// Say why a credential may or may not see a card, and what would run.
    Explain(explain::Explain),
    /// Print the audit log, the newest first.
    Audit(audit::Audit),
    /// The secret key that seals passwords and signing secrets at rest.
    #[command(subcommand)]
    Secrets(secrets::Secrets),
    /// Look for what is wrong, and say the cure.
    Doctor(doctor::Doctor),
    /// Print the API's description.
    Openapi,
    /// Print every setting with its default.
    Config,
    /// Print this reference as Markdown.
    #[command(hide = true)]
    Reference,
}

/// What a command works with.
pub(crate) struct Session {
    pub(crate) config: Config,
    pub(crate) tenancy: Tenancy,
    pub(crate) out: Output,
}

impl Session {
    async fn open(config: Config, out: Output) -> Result<Self> {
        let tenancy = config.open().await?;
        Ok(Self { config, tenancy, out })
    }

    /// The operator at the host's own console.
    #[expect(clippy::disallowed_methods, reason = "whoever runs this command can read the data directory")]
    pub(crate) fn console(&self) -> OperatorScope {
        self.tenancy.console()
    }
}

impl Cli {
    /// Does what was asked for.
    pub async fn run(self) -> Result<()> {
        let out = Output { json: self.json };
        match self.command {
            Command::Openapi => {
                println!("{}", server::openapi().to_pretty_json()?);
                return Ok(());
            }
            Command::Config => {
                print!("{}", crate::config::DEFAULTS);
                return Ok(());
            }
            Command::Reference => {
                reference::print();
                return Ok(());
            }
            Command::Demo(demo) => return demo.run(out).await,
            _ => {}
        }
        let config = Config::load(self.config.as_deref(), self.data_dir)?;
        if let Command::Serve(serve) = self.command {
            return serve.run(config).await;
        }
        let session = Session::open(config, out).await?;
        let done = dispatch(self.command, &session).await;
        session.tenancy.close().await;
        done
    }
}

async fn dispatch(command: Command, session: &Session) -> Result<()> {
    use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, SnippetDraft};
    match command {
        Command::Operator(command) => command.run(session).await,
        Command::Tenant(command) => command.run(session).await,
        Command::Source(command) => command.run(session).await,
        Command::Placement(command) => command.run(session).await,
        Command::Collection(command) => command.run::<CollectionDraft>(session).await,
        Command::Card(command) => command.run::<CardDraft>(session).await,
        Command::Dashboard(command) => command.run::<DashboardDraft>(session).await,
        Command::Snippet(command) => command.run::<SnippetDraft>(session).await,
        Command::Content(command) => command.run(session).await,
        Command::Publish(command) => command.run(session).await,
        Command::Key(command) => command.run(session).await,
        Command::EmbedKey(command) => command.run(session).await,
        Command::Link(command) => command.run(session).await,
        Command::Token(command) => command.run(session).await,
        Command::Run(command) => command.run(session).await,
        Command::Verify(command) => Box::pin(command.run(session)).await,
        Command::Explain(command) => Box::pin(command.run(session)).await,
        Command::Audit(command) => command.run(session).await,
        Command::Secrets(command) => command.run(session).await,
        Command::Doctor(command) => command.run(session).await,
        Command::Serve(_) | Command::Demo(_) | Command::Openapi | Command::Config | Command::Reference => Ok(()),
    }
}

/// A file's JSON as what is wanted; `-` is standard input.
pub(crate) fn read_json<T: DeserializeOwned>(file: &std::path::Path) -> Result<T> {
    let text = if file == std::path::Path::new("-") {
        std::io::read_to_string(std::io::stdin())?
    } else {
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    serde_json::from_str(&text).with_context(|| format!("{} does not fit", file.display()))
}

/// Pairs written as `name=value`.
pub(crate) fn pairs(items: &[String]) -> Result<Vec<(String, String)>> {
    let pair = |item: &String| item.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    items.iter().map(pair).collect::<Option<_>>().context("write name=value")
}

/// A value as JSON when it reads as JSON, as text otherwise.
pub(crate) fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}
