//! `cloison publish`

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use tenancy::model::publication::{Audience, PublicationDraft, Published};

use super::{Session, pairs};

/// Publications.
#[derive(Subcommand)]
pub(crate) enum Publish {
    /// Publish one thing of the library to tenants.
    Create {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        whom: Whom,
    },
    /// List publications.
    List,
    /// Withdraw a publication.
    Delete {
        /// Its id.
        publication: String,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct What {
    /// A collection with everything in it.
    #[arg(long)]
    collection: Option<String>,
    /// A dashboard with its cards.
    #[arg(long)]
    dashboard: Option<String>,
    /// A card.
    #[arg(long)]
    card: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Whom {
    /// To all tenants, those to come included.
    #[arg(long)]
    all: bool,
    /// To tenants with this label; repeated, with all of them.
    #[arg(long, value_name = "NAME=VALUE")]
    label: Vec<String>,
    /// To this tenant; may be repeated.
    #[arg(long)]
    tenant: Vec<String>,
}

impl Publish {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Create { what, whom } => {
                let collection = what.collection.map(Published::Collection);
                let named = collection.or(what.dashboard.map(Published::Dashboard)).or(what.card.map(Published::Card));
                let audience = if whom.all {
                    Audience::All
                } else if whom.label.is_empty() {
                    Audience::Tenants(whom.tenant.into_iter().collect())
                } else {
                    Audience::Labels(pairs(&whom.label)?.into_iter().collect())
                };
                let draft = PublicationDraft { publish: named.context("say what is published")?, audience };
                session.out.one(&console.create_publication(draft).await?)
            }
            Self::List => session
                .out
                .many(&console.publications(None, 200).await?.data, &["id", "publish", "audience", "created_at"]),
            Self::Delete { publication } => Ok(console.delete_publication(&publication).await?),
        }
    }
}
