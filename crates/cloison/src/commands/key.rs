//! `cloison key`

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use ipnet::IpNet;
use tenancy::model::keys::ApiKeyDraft;
use tenancy::{Action, Grant, Resources, Scope};

use super::Session;

/// A tenant's API keys.
#[derive(Subcommand)]
pub(crate) enum Key {
    /// Make an API key. Its text is printed this once.
    Create {
        /// Tenant, by id or slug.
        tenant: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may do: dashboards:read, cards:run, results:export, sql:run, content:write, embed:sign, keys:manage, audit:read.
        #[arg(long, value_delimiter = ',', default_value = "dashboards:read,cards:run", value_name = "ACTIONS")]
        allow: Vec<String>,
        #[command(flatten)]
        reach: Reach,
        /// When it ends by itself, such as 2027-01-01T00:00:00Z.
        #[arg(long)]
        expires: Option<jiff::Timestamp>,
        /// A network that it may be used from; may be repeated.
        #[arg(long)]
        network: Vec<IpNet>,
        /// Requests a minute.
        #[arg(long)]
        rate: Option<u32>,
    },
    /// List a tenant's API keys.
    List {
        /// Tenant, by id or slug.
        tenant: String,
    },
    /// End an API key, and every key that was made with it.
    Revoke {
        /// Tenant, by id or slug.
        tenant: String,
        /// The key's id.
        key: String,
    },
}

/// What a key reaches; everything of the tenant when nothing is named.
#[derive(Args, Default)]
pub(crate) struct Reach {
    /// A collection, by id or slug; may be repeated.
    #[arg(long)]
    collection: Vec<String>,
    /// A dashboard, by id or slug; may be repeated.
    #[arg(long)]
    dashboard: Vec<String>,
    /// A card, by id or slug; may be repeated.
    #[arg(long)]
    card: Vec<String>,
    /// A data source, by id or slug; may be repeated.
    #[arg(long)]
    source: Vec<String>,
}

impl Reach {
    pub(super) fn resources(self) -> Resources {
        let named = Resources {
            all: false,
            collections: self.collection.into_iter().collect(),
            dashboards: self.dashboard.into_iter().collect(),
            cards: self.card.into_iter().collect(),
            sources: self.source.into_iter().collect(),
        };
        if named == Resources::default() { Resources::everything() } else { named }
    }
}

/// Actions by their written names.
pub(super) fn actions(names: &[String]) -> Result<std::collections::BTreeSet<Action>> {
    let find = |name: &String| {
        let found = Action::ALL.into_iter().find(|action| action.name() == name);
        found.with_context(|| {
            format!("there is no action \"{name}\"; there are {}", Action::ALL.map(Action::name).join(", "))
        })
    };
    names.iter().map(find).collect()
}

impl Key {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Create { tenant, name, allow, reach, expires, network, rate } => {
                let scopes = Grant::new(vec![Scope { actions: actions(&allow)?, resources: reach.resources() }])?;
                let draft =
                    ApiKeyDraft { name, scopes, expires_at: expires, networks: network, requests_per_minute: rate };
                let made = console.tenant_keys(&tenant).await?.create_api_key(draft).await?;
                session.out.one(&made)?;
                session.out.say("\nKeep the secret now: it is not stored and not shown again.");
                Ok(())
            }
            Self::List { tenant } => {
                let keys = console.tenant_keys(&tenant).await?.api_keys().await?;
                session.out.many(&keys, &["id", "name", "expires_at", "last_used_at", "revoked_at"])
            }
            Self::Revoke { tenant, key } => Ok(console.tenant_keys(&tenant).await?.revoke_api_key(&key).await?),
        }
    }
}
