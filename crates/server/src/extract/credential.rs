//! The three kinds of caller, each with a route group of its own.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{HeaderMap, header};
use tenancy::{AdmitError, OperatorScope, Principal, TenantScope, looks_like_link};

use crate::app::App;
use crate::problem::{Credential, Problem};

/// An operator's key. A tenant's key is not valid here.
pub(crate) struct Operator(pub(crate) OperatorScope);

/// A tenant's key. Behind `Arc` because an answer's stream keeps asking it whether it still holds.
pub(crate) struct Tenant(pub(crate) Arc<TenantScope>);

/// An embed token, or a public link: whoever has one of these is a viewer.
pub(crate) struct Embed(pub(crate) Arc<TenantScope>);

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match admit(parts, app).await? {
            Principal::Operator(scope) => Ok(Self(scope)),
            Principal::Tenant(_) => Err(Problem::refused(&AdmitError::Invalid, Credential::Key)),
        }
    }
}

impl FromRequestParts<App> for Tenant {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match admit(parts, app).await? {
            Principal::Tenant(scope) => Ok(Self(Arc::new(scope))),
            Principal::Operator(_) => Err(Problem::refused(&AdmitError::Invalid, Credential::Key)),
        }
    }
}

impl FromRequestParts<App> for Embed {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let refuse = |error: AdmitError| Problem::refused(&error, Credential::Token);
        let token = bearer(&parts.headers).ok_or_else(|| refuse(AdmitError::Missing))?;
        let (tenancy, slug) = (app.tenancy(), slug(parts));
        let admitted = if looks_like_link(token) {
            tenancy.admit_link(token, slug.as_deref()).await
        } else {
            tenancy.admit_embed(token, slug.as_deref()).await
        };
        let scope = admitted.map_err(refuse)?;
        if !may_ask(&parts.headers, &scope) {
            return Err(Problem::origin());
        }
        Ok(Self(Arc::new(scope)))
    }
}

/// Whether the page that asks is one of those that the embed key names. Our own page asks from our own origin; programs
/// that are no browsers name none, and hold the token anyway.
pub(crate) fn may_ask(headers: &HeaderMap, scope: &TenantScope) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let mut named = scope.origins().peekable();
    if named.peek().is_none() {
        return true;
    }
    let origin = origin.to_str().unwrap_or("null");
    let own = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_own =
        |host: &str| origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
    own.is_some_and(is_own) || named.any(|one| one == origin)
}

async fn admit(parts: &Parts, app: &App) -> Result<Principal, Problem> {
    let refuse = |error: AdmitError| Problem::refused(&error, Credential::Key);
    let header = || parts.headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let presented = bearer(&parts.headers).or_else(header).ok_or_else(|| refuse(AdmitError::Missing))?;
    let (principal, rate) = app.tenancy().admit_key(presented, peer(parts, app)).await.map_err(refuse)?;
    app.hold_to_rate(&rate).map_err(refuse)?;
    Ok(principal)
}

/// The tenant of a key that was presented in another way. Below a tenant's address, another tenant's key is no key: that is
/// said before its rate is, which a key that nobody knows does not have.
pub(crate) async fn admit_tenant(
    presented: &str,
    only: Option<&str>,
    parts: &Parts,
    app: &App,
) -> Result<TenantScope, Problem> {
    let refuse = |error: AdmitError| Problem::refused(&error, Credential::Key);
    let (principal, rate) = app.tenancy().admit_key(presented, peer(parts, app)).await.map_err(refuse)?;
    match principal {
        Principal::Tenant(scope) if only.is_none_or(|slug| slug == scope.profile().draft.slug.as_str()) => {
            app.hold_to_rate(&rate).map_err(refuse)?;
            Ok(scope)
        }
        Principal::Tenant(_) | Principal::Operator(_) => Err(refuse(AdmitError::Invalid)),
    }
}

/// The scope of a key that this request was admitted with, after what it changed: the credential is looked up and checked anew, and
/// held to its rate once.
pub(crate) async fn admit_again(presented: &str, peer: Option<IpAddr>, app: &App) -> Result<TenantScope, Problem> {
    let refuse = |error: AdmitError| Problem::refused(&error, Credential::Key);
    match app.tenancy().admit_key(presented, peer).await.map_err(refuse)?.0 {
        Principal::Tenant(scope) => Ok(scope),
        Principal::Operator(_) => Err(refuse(AdmitError::Invalid)),
    }
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credential) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())
}

pub(crate) fn peer(parts: &Parts, app: &App) -> Option<IpAddr> {
    let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    // A list may come in several headers, and a caller's own is the first: they are one list (RFC 9110, section 5.3).
    let values = parts.headers.get_all("x-forwarded-for").iter();
    let forwarded = values.map(|value| value.to_str().unwrap_or("?")).collect::<Vec<_>>().join(",");
    app.peer(direct, (!forwarded.is_empty()).then_some(forwarded.as_str()))
}

/// The tenant in a path `/t/{slug}/…`: compared with the token's, never believed.
fn slug(parts: &Parts) -> Option<String> {
    let path = parts.extensions.get::<axum::extract::OriginalUri>().map_or(parts.uri.path(), |uri| uri.0.path());
    let (slug, _) = path.strip_prefix("/t/")?.split_once('/')?;
    Some(slug.to_owned())
}
