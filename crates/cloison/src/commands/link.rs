//! `cloison link`

use anyhow::Result;
use clap::{ArgGroup, Subcommand};
use tenancy::Resource;
use tenancy::model::link::PublicLinkDraft;

use super::Session;

/// A tenant's public links: whoever has one sees the one thing that it shows.
#[derive(Subcommand)]
pub(crate) enum Link {
    /// Make a public link, and print its address this once. The tenant must be let have some: tenant set --public-links true.
    #[command(group(ArgGroup::new("thing").required(true)))]
    Create {
        /// Tenant, by id or slug.
        tenant: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// The dashboard that it shows, by id or slug.
        #[arg(long, group = "thing")]
        dashboard: Option<String>,
        /// The card that it shows, by id or slug.
        #[arg(long, group = "thing")]
        card: Option<String>,
        /// When it ends, such as 2027-01-01T00:00:00Z.
        #[arg(long)]
        expires: Option<jiff::Timestamp>,
        /// Whoever has it may not download rows.
        #[arg(long)]
        no_export: bool,
    },
    /// List a tenant's public links.
    List {
        /// Tenant, by id or slug.
        tenant: String,
    },
    /// End a public link, and what is being read with it.
    Revoke {
        /// Tenant, by id or slug.
        tenant: String,
        /// The link's id.
        link: String,
    },
}

impl Link {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Create { tenant, name, dashboard, card, expires, no_export } => {
                let kind = if dashboard.is_some() { "dashboard" } else { "question" };
                let resource = match dashboard {
                    Some(dashboard) => Resource::Dashboard(dashboard),
                    None => Resource::Card(card.unwrap_or_default()),
                };
                let draft = PublicLinkDraft { name, resource, expires_at: expires, export: !no_export };
                let made = console.tenant_keys(&tenant).await?.create_public_link(draft).await?;
                session.out.one(&made)?;
                let address = format!("{}/public/{kind}/{}", session.config.base_url(), made.uuid.expose());
                session.out.say(&format!(
                    "\nKeep the address now: it is not shown again. Whoever has it sees this:\n{address}"
                ));
                Ok(())
            }
            Self::List { tenant } => {
                let links = console.tenant_keys(&tenant).await?.public_links().await?;
                session.out.many(&links, &["id", "name", "created_at", "expires_at", "revoked_at"])
            }
            Self::Revoke { tenant, link } => Ok(console.tenant_keys(&tenant).await?.revoke_public_link(&link).await?),
        }
    }
}
