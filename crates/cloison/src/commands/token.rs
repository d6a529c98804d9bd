//! `cloison token`

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use tenancy::model::keys::ApiKeyDraft;
use tenancy::{Action, Claims, Grant, Principal, Resource, Resources, Scope};

use super::{Session, pairs, value};

/// What the token says.
#[derive(Args)]
pub(crate) struct Token {
    /// Tenant, by id or slug.
    tenant: String,
    /// The dashboard that it shows, by id or slug.
    #[arg(long, conflicts_with = "card")]
    dashboard: Option<String>,
    /// The card that it shows, by id or slug.
    #[arg(long)]
    card: Option<String>,
    /// A locked filter; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// The viewer.
    #[arg(long)]
    sub: Option<String>,
    /// A fact about the viewer; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    attribute: Vec<String>,
    /// Seconds until it ends.
    #[arg(long, default_value_t = 600)]
    ttl: i64,
    /// The HS256 embed key to sign with; the tenant's newest when absent.
    #[arg(long)]
    key: Option<String>,
}

/// A token is never wider than the key that has it signed.
const SIGNING: [Action; 4] = [Action::EmbedSign, Action::DashboardsRead, Action::CardsRun, Action::ResultsExport];

impl Token {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        let embed_keys = console.tenant_keys(&self.tenant).await?.embed_keys().await?;
        let usable = embed_keys.iter().find(|key| {
            let wanted = self.key.as_deref().is_none_or(|wanted| wanted == key.id.as_str());
            wanted && key.revoked_at.is_none() && key.draft.public_key.is_none()
        });
        let key =
            usable.context("the tenant has no such HS256 embed key; make one with \"cloison embed-key create\"")?;
        let (page, resource) = match (self.dashboard, self.card) {
            (Some(name), _) => ("dashboard", Resource::Dashboard(name)),
            (None, Some(name)) => ("card", Resource::Card(name)),
            (None, None) => bail!("name a --dashboard or a --card"),
        };
        let facts = |items: &[String]| -> Result<BTreeMap<_, _>> {
            Ok(pairs(items)?.into_iter().map(|(name, text)| (name, value(&text))).collect())
        };
        let end = session.tenancy.host().now().as_second() + self.ttl;
        let claims = Claims {
            params: facts(&self.param)?,
            sub: self.sub,
            attributes: facts(&self.attribute)?,
            ..Claims::new(resource, end)
        };
        let scope = act_as(session, &self.tenant, "cloison token", &SIGNING, self.ttl).await?;
        let token = scope.sign_embed_token(key.id.as_str(), &claims).await?;
        session.tenancy.admit_embed(&token, None).await?;
        let link = format!("{}/embed/{page}#token={token}", session.config.base_url());
        session.out.one(&serde_json::json!({ "token": token, "link": link }))
    }
}

/// A tenant's scope for the operator at this console, for some seconds, with a reason in the tenant's audit log.
pub(super) async fn act_as(
    session: &Session,
    tenant: &str,
    why: &str,
    actions: &[Action],
    seconds: i64,
) -> Result<tenancy::TenantScope> {
    let scope = Scope { actions: actions.iter().copied().collect(), resources: Resources::everything() };
    let end = session.tenancy.host().now() + jiff::SignedDuration::from_secs(seconds);
    let draft = ApiKeyDraft {
        name: "console".into(),
        scopes: Grant::new(vec![scope])?,
        expires_at: Some(end),
        networks: Vec::new(),
        requests_per_minute: None,
    };
    let key = session.console().act_as(tenant, why, draft).await?;
    match session.tenancy.admit_key(key.secret.expose(), None).await? {
        (Principal::Tenant(scope), _) => Ok(scope),
        (Principal::Operator(_), _) => bail!("not a tenant's key"),
    }
}
