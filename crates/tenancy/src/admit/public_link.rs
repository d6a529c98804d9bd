//! Public links: a random UUID that opens one thing of one tenant, where the operator lets that tenant have links (ADR 10).
//!
//! Whatever is wrong with a link is one answer: a stranger who tries them learns nothing, not even that one has been.

use std::sync::Arc;

use super::embed_token::grant_of;
use super::{check, guest_token};
use crate::credential::Digest;
use crate::error::AdmitError;
use crate::guest::{self, Guest};
use crate::kernel::Tenancy;
use crate::load;
use crate::model::link::PublicLink;
use crate::model::tenant::Tenant;
use crate::scope::{Caller, EmbedResource, EmbedSession, TenantScope};

/// A public link that is not revoked.
pub(crate) struct PublicLinkRow {
    digest: Digest,
    pub(crate) link: PublicLink,
    /// The earlier of its own end and that of the API key that made it.
    ends_at: Option<jiff::Timestamp>,
}

impl PublicLinkRow {
    pub(crate) fn new(digest: Digest, link: PublicLink, maker_ends_at: Option<jiff::Timestamp>) -> Self {
        let ends_at = link.draft.expires_at.into_iter().chain(maker_ends_at).min();
        Self { digest, link, ends_at }
    }
}

/// Whether links of this tenant open anything: the operator says so, and has to.
pub(crate) fn has_links(tenant: &Tenant) -> bool {
    tenant.draft.public_links
}

impl Tenancy {
    /// Admits a public link. `slug` is the tenant in the path, when there is one: compared, never believed.
    ///
    /// Unknown, revoked, ended, another tenant's, of a tenant that is suspended or has no links, of a thing that is not
    /// there or cannot be shown without a token: one answer.
    pub async fn admit_link(&self, uuid: &str, slug: Option<&str>) -> Result<TenantScope, AdmitError> {
        let epoch = self.epoch();
        let digest = Digest::of_link(uuid).ok_or(AdmitError::Invalid)?;
        let row: Arc<PublicLinkRow> = self.public_link(digest).await?.ok_or(AdmitError::Invalid)?;
        check(&row.digest, &digest)?;
        self.check_expiry(row.ends_at).map_err(|_| AdmitError::Invalid)?;
        let view = self.tenant_view(row.link.tenant.as_str()).await?;
        let view = view.filter(|view| view.is_served() && has_links(&view.tenant)).ok_or(AdmitError::Invalid)?;
        if slug.is_some_and(|slug| slug != view.tenant.draft.slug.as_str()) {
            return Err(AdmitError::Invalid);
        }
        let library = self.library().await?;
        let resource = EmbedResource::of_link(&row.link.draft.resource);
        let asked = guest::asked(&resource, &view, &library, &crate::grant::Resources::everything());
        let asked = asked.ok_or(AdmitError::Invalid)?;
        let (guest, locked) = Guest::of_link(&asked, &view.tenant.draft.attributes).map_err(|_| AdmitError::Invalid)?;
        let grant = Arc::new(grant_of(&resource, row.link.draft.export));
        Ok(TenantScope {
            kernel: self.clone(),
            view,
            library,
            caller: Caller::Link(row.link.id.clone()),
            grant,
            ceiling: None,
            embed: Some(EmbedSession { resource, locked, ..guest_token::anybody(guest) }),
            expires_at: row.ends_at,
            epoch,
            key: None,
        })
    }

    /// Whether the link of a scope from an earlier epoch is still in force.
    pub(crate) async fn link_holds(&self, scope: &TenantScope, link: &crate::ids::PublicLinkId) -> bool {
        let tenant = self.tenant_view(scope.tenant().as_str()).await.ok().flatten();
        tenant.is_some_and(|view| has_links(&view.tenant))
            && load::public_link_holds(self, scope.tenant(), link).await.unwrap_or(false)
    }
}
