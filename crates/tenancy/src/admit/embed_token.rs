//! Embed tokens: short-lived JWTs (RFC 7519) under the rules of RFC 8725.
//!
//! The key's row pins tenant and algorithm; the header is only compared with it. Nothing in the
//! claims chooses a tenant. Unknown claims are refused, because a misspelt `params` would widen the token.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use super::guest_token::{self, GuestClaims};
use crate::error::AdmitError;
use crate::grant::{Action, Grant, Resources, Scope};
use crate::ids::EmbedKeyId;
use crate::kernel::Tenancy;
use crate::model::keys::{Algorithm, Dialect, EmbedKey, EmbedKeyDraft};
use crate::model::tenant::{Theme, check_attribute, is_language_tag, time_zone};
use crate::scope::{Caller, EmbedResource, EmbedSession, TenantScope, Viewer};
use crate::secret::Secret;
use crate::view::{Library, TenantView};

/// The longest token that is looked at.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Clocks of embedding pages may be this far ahead, in seconds: for `nbf` and `iat` only, never for `exp`.
pub(super) const CLOCK_SKEW: i64 = 60;

pub(super) const TOO_FAR: &str = "exp is further away than the embed key's longest_life_seconds";

/// An embed key that is not revoked, ready to verify.
pub(crate) struct EmbedKeyRow {
    pub(crate) key: EmbedKey,
    pub(crate) verifier: Verifier,
    pub(crate) secret: Option<Secret>,
    /// The end of the API key that made it: what a key makes is never wider, in time neither.
    pub(crate) ends_at: Option<jiff::Timestamp>,
}

/// A public key or a secret, with the one algorithm that it is for.
pub(crate) struct Verifier {
    key: DecodingKey,
    algorithm: jsonwebtoken::Algorithm,
}

/// What a token says.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The one thing that it shows.
    pub resource: Resource,
    /// Values of locked filters, by name; needed even when empty.
    #[serde(deserialize_with = "named_once")]
    #[schema(value_type = Object)]
    pub params: BTreeMap<String, Value>,
    /// When it ends, in seconds since 1970.
    #[schema(value_type = i64)]
    pub exp: Number,
    /// Not before, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub nbf: Option<Number>,
    /// Made at, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub iat: Option<Number>,
    /// Who it is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub aud: Option<Audience>,
    /// Who made it; not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Its own name; not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The viewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Facts about the viewer, for row policies.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "named_once")]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Value>,
    /// BCP 47 language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Look of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
}

impl Claims {
    /// A token for one thing, until a time in seconds since 1970, that locks nothing.
    #[must_use]
    pub fn new(resource: Resource, exp: i64) -> Self {
        Self {
            resource,
            params: BTreeMap::new(),
            exp: exp.into(),
            nbf: None,
            iat: None,
            aud: None,
            iss: None,
            jti: None,
            sub: None,
            attributes: BTreeMap::new(),
            locale: None,
            timezone: None,
            theme: None,
        }
    }
}

/// An object in which no name comes twice: whoever checked the first value and whoever reads the last one would
/// not speak of the same token.
pub(super) fn named_once<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Value>, D::Error> {
    struct Once;
    impl<'de> serde::de::Visitor<'de> for Once {
        type Value = BTreeMap<String, Value>;
        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((name, value)) = entries.next_entry()? {
                if map.insert(name, value).is_some() {
                    return Err(serde::de::Error::custom("a name comes twice"));
                }
            }
            Ok(map)
        }
    }
    deserializer.deserialize_map(Once)
}

/// The one thing that a token shows, by id or slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Resource {
    /// A dashboard.
    Dashboard(String),
    /// A card.
    Card(String),
}

/// One audience, or several.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(BTreeSet<String>),
}

impl Verifier {
    /// Reads the key of a row. The error is for the one who uploads a public key.
    pub(crate) fn new(draft: &EmbedKeyDraft, secret: Option<&Secret>) -> Result<Self, &'static str> {
        let text = draft.public_key.as_deref().unwrap_or_default();
        if text.contains("PRIVATE KEY") {
            return Err("is a private key: keep it to yourself and upload the public one");
        }
        if draft.algorithm == Algorithm::RS256 && is_short_rsa(text) {
            return Err("is too short for RS256: make an RSA key of 2048 bits at least");
        }
        let pem = text.as_bytes();
        let unreadable = "is not a public key in PEM of this algorithm";
        let key = match draft.algorithm {
            Algorithm::HS256 => DecodingKey::from_secret(secret.ok_or("has no secret")?.expose().as_bytes()),
            Algorithm::EdDSA => DecodingKey::from_ed_pem(pem).map_err(|_| unreadable)?,
            Algorithm::ES256 => DecodingKey::from_ec_pem(pem).map_err(|_| unreadable)?,
            Algorithm::RS256 => DecodingKey::from_rsa_pem(pem).map_err(|_| unreadable)?,
        };
        Ok(Self { key, algorithm: signature(draft.algorithm) })
    }

    /// A key that nobody has.
    pub(super) fn decoy() -> Self {
        Self { key: DecodingKey::from_secret(&[0; 64]), algorithm: jsonwebtoken::Algorithm::HS256 }
    }

    /// The claims, not read yet, of a token whose signature is this key's.
    pub(super) fn verify(&self, token: &str) -> Result<Box<RawValue>, AdmitError> {
        // Time and audience are checked by us: with the kernel's clock, and strictly typed.
        let mut validation = Validation::new(self.algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        // Raw first: a wrong signature and wrong claims are different answers, and going through a map
        // would let the last of two equal names win instead of refusing both.
        let signed = jsonwebtoken::decode::<Box<RawValue>>(token, &self.key, &validation);
        Ok(signed.map_err(|_| AdmitError::Invalid)?.claims)
    }
}

/// What a token says, in the form of its key.
enum Said {
    Ours(Box<Claims>),
    Guest(GuestClaims),
}

fn read(raw: &RawValue, dialect: Dialect) -> Result<Said, AdmitError> {
    match dialect {
        Dialect::Metabase => guest_token::read(raw).map(Said::Guest),
        Dialect::Native => serde_json::from_str(raw.get()).map(Said::Ours).map_err(|_| {
            AdmitError::Token("it needs resource, params and exp, and may have nbf, iat, aud, iss, jti, sub, attributes, locale, timezone and theme")
        }),
    }
}

/// Whether an RSA key in PEM has fewer than 2048 bits: those have 270 bytes in DER at the least, which are
/// 360 characters of base 64. The library takes shorter ones and then never verifies anything with them.
fn is_short_rsa(pem: &str) -> bool {
    let body = pem.lines().filter(|line| !line.starts_with("-----"));
    body.map(|line| line.trim().len()).sum::<usize>() < 360
}

impl Tenancy {
    /// Admits an embed token. `slug` is the tenant in the path, when there is one: compared, never believed.
    ///
    /// A token without `kid`, as Metabase's clients make them, is admitted below the address of its tenant only: there the
    /// slug says whose keys may have signed it, and grants nothing.
    pub async fn admit_embed(&self, token: &str, slug: Option<&str>) -> Result<TenantScope, AdmitError> {
        let epoch = self.epoch();
        match (kid(token)?, slug) {
            (Some(kid), _) => {
                let row = self.embed_key(&kid).await?.ok_or(AdmitError::Invalid)?;
                let raw = row.verifier.verify(token)?;
                self.admit_signed(&row, &raw, slug, epoch).await
            }
            (None, Some(below)) => {
                let (row, raw) = self.signer(token, below).await?;
                self.admit_signed(&row, &raw, slug, epoch).await.map_err(guest_token::unnamed)
            }
            (None, None) => Err(AdmitError::Token(guest_token::NO_KID)),
        }
    }

    async fn admit_signed(
        &self,
        row: &EmbedKeyRow,
        raw: &RawValue,
        slug: Option<&str>,
        epoch: u64,
    ) -> Result<TenantScope, AdmitError> {
        let said = read(raw, row.key.draft.dialect)?;
        let view = self.tenant_view(row.key.tenant.as_str()).await?.filter(|view| view.is_served());
        let view = view.ok_or(AdmitError::Invalid)?;
        if slug.is_some_and(|slug| slug != view.tenant.draft.slug.as_str()) {
            return Err(AdmitError::Elsewhere);
        }
        self.check_expiry(row.ends_at)?;
        let library = self.library().await?;
        let (embed, expires_at) = match said {
            Said::Ours(claims) => {
                let (embed, end) = self.our_session(*claims, row, &view, &library)?;
                (embed, Some(end))
            }
            Said::Guest(claims) => self.guest_session(&claims, row, &view, &library)?,
        };
        Ok(TenantScope {
            kernel: self.clone(),
            view,
            library,
            caller: Caller::Embed(row.key.id.clone()),
            grant: Arc::new(grant_of(&embed.resource, row.key.draft.export)),
            ceiling: Some(row.key.draft.resources.clone()),
            embed: Some(embed),
            expires_at: row.ends_at.into_iter().chain(expires_at).min(),
            epoch,
            key: None,
        })
    }

    fn our_session(
        &self,
        claims: Claims,
        row: &EmbedKeyRow,
        view: &TenantView,
        library: &Library,
    ) -> Result<(EmbedSession, jiff::Timestamp), AdmitError> {
        let expires_at = self.check_claims(&claims, &row.key.draft)?;
        let timezone = claims.timezone.as_deref().map(time_zone).transpose();
        let embed = EmbedSession {
            resource: resolve(&claims.resource, view, library),
            locked: claims.params,
            viewer: Viewer { subject: claims.sub, attributes: claims.attributes },
            locale: claims.locale,
            timezone: timezone.map_err(|_| AdmitError::Token("timezone is an IANA name, such as Europe/Paris"))?,
            theme: claims.theme,
            origins: row.key.draft.origins.clone(),
            guest: None,
        };
        Ok((embed, expires_at))
    }

    /// Origins that may frame the pages of the key which a token names, read before the token is verified, so it says
    /// nothing but what the page's own headers will say. A token that names none must be signed to have a key.
    pub async fn frame_origins(&self, token: &str, slug: Option<&str>) -> Option<BTreeSet<String>> {
        let row = match kid(token).ok()? {
            Some(kid) => self.embed_key(&kid).await.ok()??,
            None => self.signer(token, slug?).await.ok()?.0,
        };
        Some(row.key.draft.origins.clone())
    }

    fn check_claims(&self, claims: &Claims, key: &EmbedKeyDraft) -> Result<jiff::Timestamp, AdmitError> {
        let now = self.host().now().as_second();
        let exp = seconds(&claims.exp)?;
        if exp <= now {
            return Err(AdmitError::Expired);
        }
        if exp - now > i64::from(key.longest_life_seconds) {
            return Err(AdmitError::Token(TOO_FAR));
        }
        for early in [&claims.nbf, &claims.iat].into_iter().flatten() {
            if seconds(early)? > now + CLOCK_SKEW {
                return Err(AdmitError::Token(
                    "nbf or iat lies in the future: is the clock of the signing machine right?",
                ));
            }
        }
        let meant = match &claims.aud {
            None => true,
            Some(Audience::One(name)) => *name == self.settings().audience,
            Some(Audience::Several(names)) => names.contains(&self.settings().audience),
        };
        if !meant {
            return Err(AdmitError::Token("aud names another audience than this instance"));
        }
        if claims.params.values().any(is_nothing) {
            return Err(AdmitError::Token(
                "a value in params is empty, which would lock nothing: give a value or leave the name out",
            ));
        }
        let attributes = || claims.attributes.iter().all(|(key, value)| check_attribute(key, value).is_ok());
        if claims.attributes.len() > 100 || !attributes() {
            return Err(AdmitError::Token("attributes are at most 100 texts, numbers, booleans or lists of those"));
        }
        if claims.locale.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
            return Err(AdmitError::Token("locale is a BCP 47 language tag, such as en or pt-BR"));
        }
        if claims.theme.as_ref().is_some_and(|theme| theme.validate().is_err()) {
            return Err(AdmitError::Token("theme has the fields and limits of a tenant's theme"));
        }
        jiff::Timestamp::from_second(exp).map_err(|_| AdmitError::Token("exp is out of range"))
    }
}

/// The key that a token names, if it names one. The header is not believed: it only leads to a row.
fn kid(token: &str) -> Result<Option<String>, AdmitError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(AdmitError::Invalid);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| AdmitError::Invalid)?;
    let foreign_key = header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some();
    let typed = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT") || typ == "embed+jwt");
    if foreign_key || !typed || header.crit.is_some() {
        return Err(AdmitError::Invalid);
    }
    // RFC 7515 lets a reader pass over what it does not know. Compression, encryption, nesting and signatures over other
    // bytes are announced there: whoever asked for one of them would get a token that means something else.
    let plain = Header { typ: header.typ.clone(), kid: header.kid.clone(), ..Header::new(header.alg) };
    if header != plain {
        return Err(AdmitError::Token("its header may have alg, typ and kid, and nothing else"));
    }
    if let Some(kid) = &header.kid {
        EmbedKeyId::parse(kid).map_err(|_| AdmitError::Invalid)?;
    }
    Ok(header.kid)
}

pub(super) fn seconds(number: &Number) -> Result<i64, AdmitError> {
    let whole = number.as_i64().or_else(|| {
        // JavaScript's Date.now() / 1000 has a fraction; RFC 7519 allows it.
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
        number.as_f64().filter(|value| (0.0..1e12).contains(value)).map(|value| value as i64)
    });
    whole
        .filter(|value| (0..1_000_000_000_000).contains(value))
        .ok_or(AdmitError::Token("times are seconds since 1970"))
}

/// What a card reads as no value at all, and so would leave out of its conditions.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Slugs become ids once; what is not there keeps its name and is not found later, as anything foreign.
fn resolve(resource: &Resource, view: &TenantView, library: &Library) -> EmbedResource {
    match resource {
        Resource::Dashboard(name) => EmbedResource::Dashboard(
            view.dashboard(library, name).map_or_else(|| name.clone(), |seen| seen.record.id.to_string()),
        ),
        Resource::Card(name) => EmbedResource::Card(
            view.card(library, name).map_or_else(|| name.clone(), |seen| seen.record.id.to_string()),
        ),
    }
}

pub(super) fn grant_of(resource: &EmbedResource, export: bool) -> Grant {
    let mut actions = BTreeSet::from([Action::DashboardsRead, Action::CardsRun]);
    if export {
        actions.insert(Action::ResultsExport);
    }
    let mut resources = Resources::default();
    match resource {
        EmbedResource::Dashboard(id) => resources.dashboards.insert(id.clone()),
        EmbedResource::Card(id) => resources.cards.insert(id.clone()),
        EmbedResource::Nothing => false,
    };
    Grant::of_token(Scope { actions, resources })
}

/// Signs claims with an HS256 embed key, as an embedding page would that holds its secret.
#[must_use]
pub fn sign(key: &EmbedKeyId, secret: &Secret, claims: &Claims) -> Option<String> {
    let mut header = Header::new(jsonwebtoken::Algorithm::HS256);
    header.kid = Some(key.to_string());
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret.expose().as_bytes())).ok()
}

const fn signature(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::HS256 => jsonwebtoken::Algorithm::HS256,
        Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
        Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::RS256 => jsonwebtoken::Algorithm::RS256,
    }
}
