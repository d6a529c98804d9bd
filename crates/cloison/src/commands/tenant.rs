//! `cloison tenant`

use anyhow::Result;
use clap::{Args, Subcommand};
use tenancy::Slug;
use tenancy::model::tenant::{Status, TenantDraft};

use super::{Session, pairs, value};

/// Tenants.
#[derive(Subcommand)]
pub(crate) enum Tenant {
    /// Make a tenant.
    Create {
        /// Its name in addresses and placements; never changes.
        slug: String,
        #[command(flatten)]
        fields: Fields,
    },
    /// List tenants.
    List,
    /// Show a tenant.
    Show {
        /// Id or slug.
        tenant: String,
    },
    /// Change some fields of a tenant; the others stay.
    Set {
        /// Id or slug.
        tenant: String,
        #[command(flatten)]
        fields: Fields,
    },
    /// Refuse every key and token of a tenant, within a second.
    Suspend {
        /// Id or slug.
        tenant: String,
    },
    /// Serve a suspended tenant again.
    Resume {
        /// Id or slug.
        tenant: String,
    },
    /// Remove a tenant with its content, keys and placements.
    Delete {
        /// Id or slug.
        tenant: String,
        /// Really.
        #[arg(long)]
        yes: bool,
    },
}

/// A change of a tenant's draft.
type Change = Box<dyn FnOnce(&mut TenantDraft) -> Result<()>>;

/// What can be said about a tenant.
#[derive(Args)]
pub(crate) struct Fields {
    /// Name for people; the slug when absent.
    #[arg(long)]
    name: Option<String>,
    /// BCP 47 language tag.
    #[arg(long)]
    locale: Option<String>,
    /// IANA time zone.
    #[arg(long)]
    timezone: Option<String>,
    /// A fact for placement patterns and parameter defaults; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    attribute: Vec<String>,
    /// A label for publications; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    label: Vec<String>,
    /// A host name of the tenant's own, such as bi.alder.example; may be repeated, and "none" takes all away. Those that are given
    /// are all that it has.
    #[arg(long)]
    host: Vec<String>,
    /// The tenant above, by id or slug.
    #[arg(long)]
    parent: Option<String>,
    /// Whether it may have public links. false ends those that it has for good.
    #[arg(long, value_name = "true|false")]
    public_links: Option<bool>,
}

impl Fields {
    fn put(self, draft: &mut TenantDraft) -> Result<()> {
        draft.name = self.name.unwrap_or_else(|| draft.name.clone());
        draft.locale = self.locale.unwrap_or_else(|| draft.locale.clone());
        draft.timezone = self.timezone.unwrap_or_else(|| draft.timezone.clone());
        draft.parent = self.parent.or_else(|| draft.parent.clone());
        draft.public_links = self.public_links.unwrap_or(draft.public_links);
        if !self.host.is_empty() {
            draft.hosts = self.host.into_iter().filter(|host| host != "none").collect();
        }
        draft.attributes.extend(pairs(&self.attribute)?.into_iter().map(|(name, text)| (name, value(&text))));
        draft.labels.extend(pairs(&self.label)?);
        Ok(())
    }
}

impl Tenant {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        let (tenant, change): (String, Change) = match self {
            Self::Create { slug, fields } => {
                let mut draft = TenantDraft::new(Slug::parse(&slug)?, slug.clone());
                fields.put(&mut draft)?;
                return session.out.one(&console.create_tenant(draft).await?);
            }
            Self::List => {
                let (mut all, mut cursor) = (Vec::new(), None);
                loop {
                    let page = console.tenants(cursor.as_deref(), 200).await?;
                    all.extend(page.data);
                    cursor = page.next_cursor;
                    if cursor.is_none() {
                        return session.out.many(&all, &["slug", "name", "status", "timezone", "id"]);
                    }
                }
            }
            Self::Show { tenant } => return session.out.one(&console.tenant(&tenant).await?),
            Self::Delete { tenant, yes } => {
                anyhow::ensure!(yes, "this removes the tenant's content and keys; add --yes");
                return Ok(console.delete_tenant(&tenant).await?);
            }
            Self::Set { tenant, fields } => (tenant, Box::new(|draft| fields.put(draft))),
            Self::Suspend { tenant } => (tenant, Box::new(|draft| set(draft, Status::Suspended))),
            Self::Resume { tenant } => (tenant, Box::new(|draft| set(draft, Status::Active))),
        };
        let mut record = console.tenant(&tenant).await?;
        change(&mut record.draft)?;
        session.out.one(&console.replace_tenant(&tenant, record.version, record.draft).await?)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one shape for every change")]
fn set(draft: &mut TenantDraft, status: Status) -> Result<()> {
    draft.status = status;
    Ok(())
}
