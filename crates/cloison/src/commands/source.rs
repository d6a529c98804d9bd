//! `cloison source`

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use tenancy::Slug;
use tenancy::model::placing::SourceDraft;

use super::placement::{EngineName, Place};
use super::{Session, read_json};

/// Data sources.
#[derive(Subcommand)]
pub(crate) enum Source {
    /// Make a data source. Place options make a template: {slug} and {attributes.name} stand for the tenant's.
    Create {
        /// Its name in cards; never changes.
        slug: String,
        /// Name for people; the slug when absent.
        #[arg(long)]
        name: Option<String>,
        /// The engine.
        #[arg(long)]
        engine: EngineName,
        /// Connections that may be open to one of its servers at once.
        #[arg(long, default_value_t = 50)]
        max_connections: u32,
        /// A file with its tables and their rules, as JSON; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        tables: Option<PathBuf>,
        #[command(flatten)]
        template: Box<Place>,
    },
    /// Replace the declared tables: whose a row is, which viewer reads it, which columns are masked.
    Tables {
        /// Id or slug.
        source: String,
        /// The tables and their rules, as JSON; `-` is standard input.
        file: PathBuf,
    },
    /// List data sources.
    List,
    /// Show a data source.
    Show {
        /// Id or slug.
        source: String,
    },
    /// Remove a data source that nothing uses.
    Delete {
        /// Id or slug.
        source: String,
    },
}

impl Source {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Create { slug, name, engine, max_connections, tables, template } => {
                let template = template.draft(None)?;
                let draft = SourceDraft {
                    name: name.unwrap_or_else(|| slug.clone()),
                    slug: Slug::parse(&slug)?,
                    description: None,
                    engine: engine.into(),
                    template,
                    max_connections,
                    tables: tables.map(|file| read_json(&file)).transpose()?.unwrap_or_default(),
                };
                session.out.one(&console.create_source(draft).await?)
            }
            Self::List => session
                .out
                .many(&console.sources(None, 200).await?.data, &["slug", "name", "engine", "max_connections", "id"]),
            Self::Tables { source, file } => {
                let found = console.source(&source).await?;
                let draft = SourceDraft { tables: read_json(&file)?, ..found.draft };
                session.out.one(&console.replace_source(&source, found.version, draft).await?)
            }
            Self::Show { source } => session.out.one(&console.source(&source).await?),
            Self::Delete { source } => Ok(console.delete_source(&source).await?),
        }
    }
}
