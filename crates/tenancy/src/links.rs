//! One tenant's public links, made and ended at the office of its keys: whoever has one reads rows, as with an embed key.

use crate::admit::{Resource, has_links};
use crate::credential::{Digest, FreshLink};
use crate::error::WriteError;
use crate::grant::Resources;
use crate::guest::{self, Guest};
use crate::ids::{ApiKeyId, PublicLinkId, TenantId};
use crate::keys::{KeyOffice, refuse_wider};
use crate::load::public_link_row;
use crate::model::Invalid;
use crate::model::link::{MOST_PUBLIC_LINKS, PublicLink, PublicLinkDraft};
use crate::model::tenant::Tenant;
use crate::scope::EmbedResource;
use crate::store::rows::{record, time_or_none, to_body};
use crate::store::{Change, Event};

/// A public link that was just made, with its UUID.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct NewPublicLink {
    /// What stands in its addresses. It is shown this once.
    #[schema(value_type = String, pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    pub uuid: FreshLink,
    /// What is kept of it.
    #[serde(flatten)]
    #[schema(inline)]
    pub link: PublicLink,
}

impl KeyOffice {
    /// Every public link that is not revoked, and the last of those that are, the newest first.
    pub async fn public_links(&self) -> Result<Vec<PublicLink>, WriteError> {
        let statement = "SELECT * FROM public_link WHERE tenant = $1 \
                         ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id LIMIT $2";
        let query = sqlx::query(statement).bind(self.tenant.as_str()).bind(2 * MOST_PUBLIC_LINKS);
        let rows = self.kernel.store().all(query).await?;
        let mut links = self.of_family(rows.iter().map(public_link_row).collect::<Result<_, _>>()?).await?;
        links.sort_by_key(|link| std::cmp::Reverse(link.created_at));
        Ok(links)
    }

    /// Those that are in force: not revoked, and neither they nor the key that made them have ended.
    pub async fn public_links_in_force(&self) -> Result<Vec<PublicLink>, WriteError> {
        let statement = "SELECT public_link.*, api_key.expires_at AS ends_at FROM public_link \
                         LEFT JOIN api_key ON api_key.tenant = public_link.tenant AND api_key.id = public_link.parent \
                         WHERE public_link.tenant = $1 AND public_link.revoked_at IS NULL \
                         ORDER BY public_link.created_at DESC, public_link.id";
        let rows = self.kernel.store().all(sqlx::query(statement).bind(self.tenant.as_str())).await?;
        let (now, mut links) = (self.kernel.host().now(), Vec::new());
        for row in &rows {
            let (link, maker_ends_at) = (public_link_row(row)?, time_or_none(row, "ends_at")?);
            if link.draft.expires_at.into_iter().chain(maker_ends_at).all(|end| end > now) {
                links.push(link);
            }
        }
        self.of_family(links).await
    }

    /// The links that the office is for.
    async fn of_family(&self, mut links: Vec<PublicLink>) -> Result<Vec<PublicLink>, WriteError> {
        if let Some(family) = self.family(None).await? {
            links.retain(|link| link.parent.as_ref().is_some_and(|parent| family.contains(parent)));
        }
        Ok(links)
    }

    /// Makes a public link, if the operator lets the tenant have any.
    pub async fn create_public_link(&self, mut draft: PublicLinkDraft) -> Result<NewPublicLink, WriteError> {
        self.require()?;
        draft.validate()?;
        let shown = self.shown(&draft.resource).await?;
        if let Some((_, maker)) = &self.maker {
            refuse_wider(draft.export, &shown, &maker.scopes)?;
        }
        draft.resource = only(&shown).ok_or(WriteError::Missing)?;
        self.refuse_locks(&draft.resource).await?;
        let host = self.kernel.host();
        let (uuid, digest) = FreshLink::random(host);
        let now = host.now();
        let link = PublicLink {
            id: PublicLinkId::random(host),
            tenant: self.tenant.clone(),
            parent: self.maker.as_ref().map(|(id, _)| id.clone()),
            created_at: now,
            revoked_at: None,
            draft,
        };
        let mut change = self.kernel.store().change().await?;
        self.check_maker(&mut change).await?;
        refuse_unless_on(&mut change, &self.tenant).await?;
        refuse_more(&mut change, &self.tenant).await?;
        insert(&mut change, &link, &digest).await?;
        let new = NewPublicLink { uuid, link };
        let event = Event {
            action: "public_link.create",
            tenant: Some(self.tenant.as_str()),
            object: new.link.id.as_str(),
            detail: &new.link.draft.name,
        };
        self.kernel.commit_creation(change, &self.actor, event, &new).await?;
        Ok(new)
    }

    /// Ends a public link, and what is being read with it.
    pub async fn revoke_public_link(&self, id: &str) -> Result<(), WriteError> {
        self.require()?;
        if !self.public_links().await?.iter().any(|link| link.id.as_str() == id) {
            return Err(WriteError::Missing);
        }
        let mut change = self.kernel.store().change().await?;
        let now = self.kernel.host().now().as_microsecond();
        let statement = "UPDATE public_link SET revoked_at = $1 WHERE tenant = $2 AND id = $3 AND revoked_at IS NULL";
        if change.execute(sqlx::query(statement).bind(now).bind(self.tenant.as_str()).bind(id)).await? == 0 {
            return Err(WriteError::Missing);
        }
        let event = Event { action: "public_link.revoke", tenant: Some(self.tenant.as_str()), object: id, detail: "" };
        self.kernel.commit(change, &self.actor, event).await
    }

    /// The thing by id, if the tenant, and the key that asks, see it.
    async fn shown(&self, resource: &Resource) -> Result<Resources, WriteError> {
        let mut named = Resources::default();
        match resource {
            Resource::Dashboard(name) => named.dashboards.insert(name.clone()),
            Resource::Card(name) => named.cards.insert(name.clone()),
        };
        self.ids(&named).await.map_err(|error| match error {
            WriteError::Invalid(_) => {
                Invalid::new("resource", "the tenant sees no such dashboard or card; is it published?").into()
            }
            other => other,
        })
    }

    /// A link gives no filter a value. Where one is locked and has no default, the link would show everything or nothing,
    /// and it is better to hear that now. What is locked later is seen when the link is used.
    async fn refuse_locks(&self, resource: &Resource) -> Result<(), WriteError> {
        let view = self.kernel.tenant_view(self.tenant.as_str()).await?.ok_or(WriteError::Missing)?;
        let library = self.kernel.library().await?;
        let asked = guest::asked(&EmbedResource::of_link(resource), &view, &library, &Resources::everything());
        let opened = Guest::of_link(&asked.ok_or(WriteError::Missing)?, &view.tenant.draft.attributes);
        opened.map(|_| ()).map_err(|filter| {
            let text = format!(
                "its filter {filter} is locked and has no default, and a link gives it no value: give it a default, or \
                 use embed tokens"
            );
            Invalid::new("resource", text).into()
        })
    }
}

fn only(shown: &Resources) -> Option<Resource> {
    let dashboard = shown.dashboards.first().map(|id| Resource::Dashboard(id.clone()));
    dashboard.or_else(|| shown.cards.first().map(|id| Resource::Card(id.clone())))
}

/// Asked within the change: links that are made while the operator switches them off would come back with the switch.
async fn refuse_unless_on(change: &mut Change, tenant: &TenantId) -> Result<(), WriteError> {
    let row = change.one(sqlx::query("SELECT * FROM tenant WHERE id = $1").bind(tenant.as_str())).await?;
    let tenant: Tenant = record(&row.ok_or(WriteError::Missing)?, "tenant", TenantId::parse)?;
    if has_links(&tenant) {
        return Ok(());
    }
    Err(Invalid::new("public_links", "are off for this tenant; an operator may set public_links to true in the tenant")
        .into())
}

async fn refuse_more(change: &mut Change, tenant: &TenantId) -> Result<(), WriteError> {
    let statement = "SELECT id FROM public_link WHERE tenant = $1 AND revoked_at IS NULL LIMIT 1 OFFSET $2";
    if change.exists(sqlx::query(statement).bind(tenant.as_str()).bind(MOST_PUBLIC_LINKS - 1)).await? {
        return Err(WriteError::InUse("500 public links are not revoked: revoke one before making another"));
    }
    Ok(())
}

async fn insert(change: &mut Change, link: &PublicLink, digest: &Digest) -> Result<(), WriteError> {
    let statement =
        "INSERT INTO public_link (tenant, id, digest, parent, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let insert = sqlx::query(statement)
        .bind(link.tenant.as_str())
        .bind(link.id.as_str())
        .bind(digest.as_bytes().to_vec())
        .bind(link.parent.as_ref().map(ApiKeyId::as_str))
        .bind(to_body(&link.draft)?)
        .bind(link.created_at.as_microsecond());
    change.execute(insert).await?;
    Ok(())
}

/// Ends every link of a tenant for good: switching them on again must not bring back what nobody remembers.
pub(crate) async fn revoke_all(change: &mut Change, tenant: &Tenant) -> Result<(), WriteError> {
    let statement = "UPDATE public_link SET revoked_at = $1 WHERE tenant = $2 AND revoked_at IS NULL";
    let update = sqlx::query(statement).bind(tenant.updated_at.as_microsecond()).bind(tenant.id.as_str());
    change.execute(update).await?;
    Ok(())
}
