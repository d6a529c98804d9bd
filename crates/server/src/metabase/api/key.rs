//! Whoever holds a tenant's API key: as `x-api-key`, as the session that logging in with it gave, or as a bearer.
//!
//! No cookie is read. A browser sends those with every page's requests, and a page of somebody else's would run queries with
//! them; a client that keeps a cookie has the session's id and can send it as a header.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use http::HeaderMap;
use http::request::Parts;
use tenancy::{AdmitError, Secret, TenantScope};

use super::denied::Denied;
use crate::app::App;
use crate::extract::{admit_again, admit_tenant, bearer, peer};
use crate::problem::{Credential, Problem};

/// A key's scope, and what the path says.
pub(super) struct Key {
    pub(super) scope: Arc<TenantScope>,
    path: Segments,
    presented: Secret,
    peer: Option<IpAddr>,
}

/// The segments of a path that its route names.
pub(in crate::metabase) struct Segments(Vec<(Box<str>, String)>);

impl FromRequestParts<App> for Segments {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::missing())?;
        Ok(Self(path.iter().map(|(name, value)| (name.into(), value.to_owned())).collect()))
    }
}

impl Segments {
    pub(in crate::metabase) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| **own == *name).map(|(_, value)| value.as_str())
    }

    /// The tenant in a path below `/t/{slug}`: compared with the key's, never believed.
    pub(super) fn slug(&self) -> Option<&str> {
        self.get("slug")
    }
}

impl FromRequestParts<App> for Key {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        let path = Segments::from_request_parts(parts, app).await?;
        let missing = || Problem::refused(&AdmitError::Missing, Credential::Key);
        let presented = presented(&parts.headers).ok_or_else(missing)?;
        let scope = admit_tenant(presented, path.slug(), parts, app).await?;
        let (presented, peer) = (Secret::from(presented.to_owned()), peer(parts, app));
        Ok(Self { scope: Arc::new(scope), path, presented, peer })
    }
}

/// The key, from the first of the headers that clients use.
pub(in crate::metabase) fn presented(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    text("x-api-key").or_else(|| text("x-metabase-session")).or_else(|| bearer(headers))
}

impl Key {
    /// The scope as it is after a change: what a scope sees is what there was when it was made.
    pub(super) async fn again(&self, app: &App) -> Result<TenantScope, Denied> {
        Ok(admit_again(self.presented.expose(), self.peer, app).await?)
    }

    /// A refusal for keys that may manage keys: who may not hears that, and nothing else.
    pub(super) async fn refuse(&self, text: &'static str) -> Result<Denied, Denied> {
        self.scope.keys().await?;
        Ok(Denied::bad(text))
    }

    /// A segment of the path. Routes name theirs, so one that is not there is no address of ours.
    pub(super) fn segment(&self, name: &str) -> Result<&str, Denied> {
        self.path.get(name).ok_or_else(|| Problem::missing().into())
    }
}
