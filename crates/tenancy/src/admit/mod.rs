//! From a presented credential to a scope. The only way in.

mod embed_token;
mod guest_token;
mod public_link;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use subtle::ConstantTimeEq;

use crate::credential::{Digest, KeyKind, recognise};
use crate::error::AdmitError;
use crate::grant::Grant;
use crate::kernel::{KeyUse, Tenancy, within};
use crate::model::keys::{ApiKey, OperatorKey};
use crate::operator::OperatorScope;
use crate::scope::{Caller, TenantScope};
use crate::view::TenantView;
pub use embed_token::{Claims, MAX_TOKEN_BYTES, Resource, sign};
pub(crate) use embed_token::{EmbedKeyRow, Verifier};
pub(crate) use public_link::{PublicLinkRow, has_links};

/// A stored API key that is not revoked.
pub(crate) struct KeyRow {
    digest: Digest,
    key: ApiKey,
    grant: Arc<Grant>,
    /// Rates of the keys that made it, and of those that made them: all that a key makes shares its rate.
    above: Arc<[(String, u32)]>,
    noted: AtomicI64,
}

/// A stored operator key that is not revoked.
pub(crate) struct OperatorKeyRow {
    digest: Digest,
    key: OperatorKey,
    noted: AtomicI64,
}

impl KeyRow {
    pub(crate) fn new(digest: Digest, key: ApiKey, above: Vec<(String, u32)>) -> Self {
        let grant = Arc::new(key.draft.scopes.clone());
        Self { digest, key, grant, above: above.into(), noted: AtomicI64::new(0) }
    }

    /// The key, without its text.
    pub(crate) fn key(&self) -> &ApiKey {
        &self.key
    }
}

impl OperatorKeyRow {
    pub(crate) fn new(digest: Digest, key: OperatorKey) -> Self {
        Self { digest, key, noted: AtomicI64::new(0) }
    }
}

/// Who a key turned out to be.
#[expect(clippy::large_enum_variant, reason = "made once a request and taken apart at once")]
pub enum Principal {
    /// A tenant's key.
    Tenant(TenantScope),
    /// An operator's key.
    Operator(OperatorScope),
}

/// A rate that a key's requests are held to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The key.
    pub key: String,
    /// Requests a minute; the instance's default when `None`.
    pub per_minute: Option<u32>,
    /// Keys that it was made with, and the rates that it shares with them.
    pub above: Arc<[(String, u32)]>,
}

impl TenantView {
    /// Whether keys and tokens of this tenant are admitted.
    pub(crate) fn is_served(&self) -> bool {
        self.tenant.draft.status == crate::model::tenant::Status::Active
    }
}

impl Tenancy {
    /// Admits an API key of a tenant or of an operator. `peer` is the caller's address, if known.
    ///
    /// Unknown, revoked and suspended are one answer.
    pub async fn admit_key(&self, presented: &str, peer: Option<IpAddr>) -> Result<(Principal, Rate), AdmitError> {
        let (kind, digest) = recognise(presented).ok_or(AdmitError::Invalid)?;
        match kind {
            KeyKind::Tenant => self.admit_api_key(digest, peer).await,
            KeyKind::Operator => self.admit_operator_key(digest, peer).await,
        }
    }

    async fn admit_api_key(&self, digest: Digest, peer: Option<IpAddr>) -> Result<(Principal, Rate), AdmitError> {
        let epoch = self.epoch();
        let row = self.api_key(digest).await?.ok_or(AdmitError::Invalid)?;
        check(&row.digest, &digest)?;
        let draft = &row.key.draft;
        self.check_expiry(draft.expires_at)?;
        if !within(&draft.networks, peer) {
            return Err(AdmitError::Network);
        }
        let view = self.tenant_view(row.key.tenant.as_str()).await?.filter(|view| view.is_served());
        let scope = TenantScope {
            kernel: self.clone(),
            view: view.ok_or(AdmitError::Invalid)?,
            library: self.library().await?,
            caller: Caller::ApiKey(row.key.id.clone()),
            grant: row.grant.clone(),
            ceiling: None,
            embed: None,
            expires_at: draft.expires_at,
            epoch,
            key: Some(row.clone()),
        };
        if self.is_new_minute(&row.noted) {
            self.note_use(KeyUse::Api(row.key.tenant.to_string(), row.key.id.to_string()));
        }
        let (key, above) = (row.key.id.to_string(), row.above.clone());
        let rate = Rate { key, per_minute: draft.requests_per_minute, above };
        Ok((Principal::Tenant(scope), rate))
    }

    async fn admit_operator_key(&self, digest: Digest, peer: Option<IpAddr>) -> Result<(Principal, Rate), AdmitError> {
        let row = self.operator_key(digest).await?.ok_or(AdmitError::Invalid)?;
        check(&row.digest, &digest)?;
        self.check_expiry(row.key.draft.expires_at)?;
        if !within(&row.key.draft.networks, peer) {
            return Err(AdmitError::Network);
        }
        if self.is_new_minute(&row.noted) {
            self.note_use(KeyUse::Operator(row.key.id.to_string()));
        }
        let rate = Rate { key: row.key.id.to_string(), per_minute: None, above: Arc::default() };
        Ok((Principal::Operator(OperatorScope::of_key(self.clone(), &row.key)), rate))
    }

    /// Uses are written to the minute, so most requests have nothing to note.
    fn is_new_minute(&self, noted: &AtomicI64) -> bool {
        let minute = self.host().now().as_second() / 60;
        noted.swap(minute, Ordering::Relaxed) != minute
    }

    pub(crate) fn check_expiry(&self, end: Option<jiff::Timestamp>) -> Result<(), AdmitError> {
        match end {
            Some(end) if end <= self.host().now() => Err(AdmitError::Expired),
            _ => Ok(()),
        }
    }
}

/// The look-up by digest has found this row already; comparing once more in constant time costs nothing
/// and keeps a wrong index or a wrong cache entry from admitting anybody.
fn check(stored: &Digest, presented: &Digest) -> Result<(), AdmitError> {
    if bool::from(stored.as_bytes().ct_eq(presented.as_bytes())) { Ok(()) } else { Err(AdmitError::Invalid) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::FreshKey;
    use crate::host::Host;

    #[test]
    fn a_row_of_another_key_admits_nobody() {
        let next = std::sync::atomic::AtomicU8::new(0);
        let fill = move |bytes: &mut [u8]| bytes.fill(next.fetch_add(1, Ordering::Relaxed));
        let host = Host::new(|| jiff::Timestamp::UNIX_EPOCH, fill);
        let [(_, one), (_, two)] = [(); 2].map(|()| FreshKey::random(KeyKind::Tenant, &host));
        assert!(check(&one, &one).is_ok());
        assert!(matches!(check(&one, &two), Err(AdmitError::Invalid)));
    }
}
