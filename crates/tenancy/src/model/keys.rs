//! Keys: what is written about them, and what is shown of them afterwards.

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Invalid, check_name};
use crate::grant::{Grant, Resources};
use crate::ids::{ApiKeyId, EmbedKeyId, OperatorKeyId, TenantId};

/// What is written about a tenant's API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyDraft {
    /// Name for people.
    pub name: String,
    /// What it may do.
    pub scopes: Grant,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<jiff::Timestamp>,
    /// Networks it may be used from; everywhere when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub networks: Vec<IpNet>,
    /// Requests a minute; the instance's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub requests_per_minute: Option<u32>,
}

/// A tenant's API key as shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ApiKey {
    /// Public id.
    pub id: ApiKeyId,
    /// The tenant it reaches.
    pub tenant: TenantId,
    /// The key that made it; it ends with that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<ApiKeyId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<jiff::Timestamp>,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<jiff::Timestamp>,
    /// What was written.
    #[serde(flatten)]
    #[schema(inline)]
    pub draft: ApiKeyDraft,
}

/// What an operator's key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub enum OperatorAction {
    /// Read tenants, data sources, the library, keys and the audit log; never rows.
    #[serde(rename = "read")]
    Read,
    /// Change tenants, data sources, placements and their keys.
    #[serde(rename = "tenants:manage")]
    TenantsManage,
    /// Change the library and publish it.
    #[serde(rename = "library:write")]
    LibraryWrite,
    /// Make and revoke operator keys, never wider than the key that makes them.
    #[serde(rename = "operators:manage")]
    OperatorsManage,
    /// Act as a tenant: the only way for an operator to read rows, with a reason in the audit log.
    #[serde(rename = "act-as")]
    ActAs,
}

impl OperatorAction {
    /// Every action.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::TenantsManage, Self::LibraryWrite, Self::OperatorsManage, Self::ActAs];

    /// The written form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::TenantsManage => "tenants:manage",
            Self::LibraryWrite => "library:write",
            Self::OperatorsManage => "operators:manage",
            Self::ActAs => "act-as",
        }
    }
}

/// What is written about an operator's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorKeyDraft {
    /// Name for people.
    pub name: String,
    /// What it may do.
    pub actions: BTreeSet<OperatorAction>,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<jiff::Timestamp>,
    /// Networks it may be used from; everywhere when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub networks: Vec<IpNet>,
}

/// An operator's key as shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OperatorKey {
    /// Public id.
    pub id: OperatorKeyId,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<jiff::Timestamp>,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<jiff::Timestamp>,
    /// What was written.
    #[serde(flatten)]
    #[schema(inline)]
    pub draft: OperatorKeyDraft,
}

/// Signature algorithms of embed tokens (RFC 7518, RFC 8037). The key's row decides; a token's header is only compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Algorithm {
    /// HMAC with SHA-256; we make the secret.
    #[default]
    HS256,
    /// Ed25519; the tenant uploads its public key.
    EdDSA,
    /// ECDSA on P-256; the tenant uploads its public key.
    ES256,
    /// RSA with SHA-256, 2048 bits at least; the tenant uploads its public key.
    RS256,
}

/// In which form a key's tokens are written. The key's row decides, as it does for the algorithm: a token is read in one way
/// only, so none can mean two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Ours: `kid` in the header, every claim known, `exp` always.
    #[default]
    Native,
    /// Guest embeds as Metabase's clients sign them: no `kid` below the tenant's own address, things by number, other claims
    /// passed over; `enable_embedding` and `embedding_params` of what is shown hold.
    Metabase,
}

/// The most embed keys of a tenant in Metabase's form that are in force at once: each of them is tried for a token without `kid`.
pub const MOST_GUEST_KEYS: usize = 8;

/// What is written about an embed key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedKeyDraft {
    /// Name for people.
    pub name: String,
    /// Signature algorithm.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// Public key in PEM, for every algorithm but HS256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// What its tokens may show.
    #[serde(default = "Resources::everything")]
    pub resources: Resources,
    /// Whether viewers may download rows.
    #[serde(default = "yes")]
    pub export: bool,
    /// The longest life of a token in seconds, counted from its use.
    #[serde(default = "one_hour")]
    #[schema(minimum = 10, maximum = 86_400)]
    pub longest_life_seconds: u32,
    /// In which form its tokens are written.
    #[serde(default, skip_serializing_if = "is_native")]
    pub dialect: Dialect,
    /// Whether tokens in Metabase's form may leave out `exp`. Such a token works for as long as the key does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_missing_exp: bool,
    /// Origins whose pages may frame the embedded pages, such as `https://moodle.example`; any when empty.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub origins: BTreeSet<String>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_native(dialect: &Dialect) -> bool {
    *dialect == Dialect::Native
}

fn one_hour() -> u32 {
    3600
}

/// An embed key as shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EmbedKey {
    /// Public id, and the `kid` of its tokens.
    pub id: EmbedKeyId,
    /// The tenant whose rows its tokens show.
    pub tenant: TenantId,
    /// The API key that made it; it ends with that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<ApiKeyId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<jiff::Timestamp>,
    /// What was written.
    #[serde(flatten)]
    #[schema(inline)]
    pub draft: EmbedKeyDraft,
}

impl ApiKeyDraft {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_name("name", &self.name)?;
        self.scopes.validate().map_err(|error| Invalid::new("scopes", error.to_string()))?;
        if self.networks.len() > 100 {
            return Err(Invalid::new("networks", "write at most 100 networks"));
        }
        if self.requests_per_minute.is_some_and(|rate| !(1..=1_000_000).contains(&rate)) {
            return Err(Invalid::new("requests_per_minute", "write 1 to 1000000"));
        }
        Ok(())
    }

    /// Refuses what is wider than `maker` in any respect.
    pub(crate) fn narrows(&self, maker: &Self) -> Result<(), Invalid> {
        maker.scopes.narrow(&self.scopes).map_err(|error| Invalid::new("scopes", error.to_string()))?;
        ends_within(self.expires_at, maker.expires_at)?;
        lies_within(&self.networks, &maker.networks)?;
        let rate = maker.requests_per_minute;
        if rate.is_some_and(|rate| self.requests_per_minute.is_none_or(|own| own > rate)) {
            return Err(Invalid::new("requests_per_minute", "must be set, and not exceed that of the key that asks"));
        }
        Ok(())
    }
}

impl OperatorKeyDraft {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_name("name", &self.name)?;
        if self.actions.is_empty() {
            return Err(Invalid::new("actions", "name at least one action"));
        }
        Ok(())
    }

    /// Refuses what is wider than `maker` in any respect.
    pub(crate) fn narrows(&self, maker: &Self) -> Result<(), Invalid> {
        if !self.actions.is_subset(&maker.actions) {
            return Err(Invalid::new("actions", "name only actions that the key that asks has itself"));
        }
        ends_within(self.expires_at, maker.expires_at)?;
        lies_within(&self.networks, &maker.networks)?;
        Ok(())
    }
}

impl EmbedKeyDraft {
    /// An HS256 key for everything of the tenant.
    #[must_use]
    pub fn hs256(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            algorithm: Algorithm::HS256,
            public_key: None,
            resources: Resources::everything(),
            export: true,
            longest_life_seconds: one_hour(),
            dialect: Dialect::Native,
            allow_missing_exp: false,
            origins: BTreeSet::new(),
        }
    }

    /// Checks every field but the public key, which the verifier reads.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_name("name", &self.name)?;
        if !(10..=86_400).contains(&self.longest_life_seconds) {
            return Err(Invalid::new("longest_life_seconds", "write 10 to 86400 seconds"));
        }
        match (self.algorithm, &self.public_key) {
            (Algorithm::HS256, Some(_)) => {
                return Err(Invalid::new(
                    "public_key",
                    "HS256 has no public key: leave it out and keep the secret that is shown",
                ));
            }
            (Algorithm::HS256, None) => {}
            (_, None) => return Err(Invalid::new("public_key", "is needed in PEM for this algorithm")),
            (_, Some(_)) => {}
        }
        if self.dialect == Dialect::Metabase && self.algorithm != Algorithm::HS256 {
            return Err(Invalid::new("dialect", "tokens in Metabase's form are signed with HS256"));
        }
        if self.allow_missing_exp && self.dialect == Dialect::Native {
            return Err(Invalid::new(
                "allow_missing_exp",
                "is for dialect \"metabase\" only: our own tokens always end",
            ));
        }
        if self.origins.len() > 50 || !self.origins.iter().all(|origin| is_origin(origin)) {
            return Err(Invalid::new("origins", "write origins such as \"https://moodle.example\", without a path"));
        }
        Ok(())
    }
}

/// Refuses an end after the maker's.
fn ends_within(own: Option<jiff::Timestamp>, maker: Option<jiff::Timestamp>) -> Result<(), Invalid> {
    if maker.is_some_and(|end| own.is_none_or(|own| own > end)) {
        return Err(Invalid::new("expires_at", "must be set, and not be later than the end of the key that asks"));
    }
    Ok(())
}

/// Refuses networks outside of the maker's; none means everywhere.
fn lies_within(own: &[IpNet], maker: &[IpNet]) -> Result<(), Invalid> {
    let inside = |net: &IpNet| maker.iter().any(|wide| wide.contains(net));
    if !maker.is_empty() && (own.is_empty() || !own.iter().all(inside)) {
        return Err(Invalid::new("networks", "must lie within the networks of the key that asks"));
    }
    Ok(())
}

/// `http(s)://host[:port]` in plain characters: it becomes part of a header.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && host.len() <= 255
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
    })
}
