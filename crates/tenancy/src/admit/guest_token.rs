//! Guest embeds: tokens as Metabase's clients sign them. HS256, no `kid`, things by number, and claims that nobody reads.
//!
//! The key's row says that its tokens are of this form; a token of ours under such a key is none, and the other way round.
//! Without a `kid` the keys that are tried are those of the tenant in the address, and no others (ADR 9).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use super::embed_token::{CLOCK_SKEW, EmbedKeyRow, TOO_FAR, Verifier, named_once, seconds};
use crate::error::{AdmitError, GuestError};
use crate::guest::{self, Guest};
use crate::ids::EntityId;
use crate::kernel::Tenancy;
use crate::model::content::Values;
use crate::model::keys::EmbedKeyDraft;
use crate::scope::{EmbedResource, EmbedSession, Viewer};
use crate::slug::Slug;
use crate::view::{Library, Reference, TenantView};

/// A token without `kid` at an address that names no tenant.
pub(super) const NO_KID: &str = "its header needs the embed key's id as kid; tokens without one, as Metabase's clients make them, \
     are for the tenant's own base URL, /t/{slug}";

/// A token without `kid` that none of the tenant's keys has signed; also where there is no such tenant, or it is not served.
const NOBODYS: &str = "its header has no kid, and no embed key for such tokens has signed it here";

/// What a token says; what is not named here is passed over.
#[derive(Deserialize)]
pub(super) struct GuestClaims {
    resource: Option<GuestResource>,
    params: Option<Box<RawValue>>,
    exp: Option<Number>,
    nbf: Option<Number>,
}

/// The one thing that it shows.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum GuestResource {
    Dashboard(Name),
    Question(Name),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Number(i64),
    Entity(String),
}

impl Name {
    fn reference(&self) -> Option<Reference<'_>> {
        match self {
            Self::Number(number) => i32::try_from(*number).ok().map(Reference::Number),
            Self::Entity(text) => EntityId::parse(text).is_ok().then_some(Reference::Entity(text)),
        }
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Params(#[serde(deserialize_with = "named_once")] BTreeMap<String, Value>);

pub(super) fn read(raw: &RawValue) -> Result<GuestClaims, AdmitError> {
    serde_json::from_str(raw.get()).map_err(|_| {
        AdmitError::Token("resource is {\"dashboard\": number} or {\"question\": number}, and exp and nbf are numbers")
    })
}

impl GuestClaims {
    fn params(&self) -> Result<Values, AdmitError> {
        let raw = self.params.as_ref().ok_or(GuestError::NoParams)?.get();
        // How PHP writes an empty array.
        let values = if raw.trim_matches(['[', ']', ' ']).is_empty() {
            Some(Params(Values::new()))
        } else {
            serde_json::from_str(raw).ok()
        };
        let values = values.map(|Params(values)| values).filter(|values| values.values().all(is_plain));
        values.ok_or(AdmitError::Token(
            "params is an object of texts, numbers, booleans and lists of those, each name once",
        ))
    }

    fn ends_at(&self, key: &EmbedKeyDraft, now: i64) -> Result<Option<jiff::Timestamp>, AdmitError> {
        if self.nbf.as_ref().map(seconds).transpose()?.is_some_and(|start| start > now + CLOCK_SKEW) {
            return Err(AdmitError::Token("nbf lies in the future: is the clock of the signing machine right?"));
        }
        let Some(exp) = &self.exp else {
            let missing =
                AdmitError::Token("it needs exp; an embed key can allow tokens without it (allow_missing_exp)");
            return if key.allow_missing_exp { Ok(None) } else { Err(missing) };
        };
        let exp = seconds(exp)?;
        if exp <= now {
            return Err(AdmitError::Expired);
        }
        if exp - now > i64::from(key.longest_life_seconds) {
            return Err(AdmitError::Token(TOO_FAR));
        }
        jiff::Timestamp::from_second(exp).map(Some).map_err(|_| AdmitError::Token("exp is out of range"))
    }
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

impl Tenancy {
    /// The key that signed a token without `kid`, of those for such tokens that the tenant with this slug has.
    pub(super) async fn signer(
        &self,
        token: &str,
        slug: &str,
    ) -> Result<(Arc<EmbedKeyRow>, Box<RawValue>), AdmitError> {
        let keys = match Slug::parse(slug) {
            Ok(slug) => self.guest_keys(slug.as_str()).await?,
            Err(_) => Arc::default(),
        };
        for key in keys.iter() {
            if let Ok(raw) = key.verifier.verify(token) {
                return Ok((key.clone(), raw));
            }
        }
        if keys.is_empty() {
            // Where there is nothing to compare with takes as long as where there is one key.
            let _ = Verifier::decoy().verify(token);
        }
        Err(AdmitError::Token(NOBODYS))
    }

    /// What a signed guest token opens. What its tenant or its key does not see is not there, whatever its author says
    /// about embedding.
    pub(super) fn guest_session(
        &self,
        claims: &GuestClaims,
        row: &EmbedKeyRow,
        view: &TenantView,
        library: &Library,
    ) -> Result<(EmbedSession, Option<jiff::Timestamp>), AdmitError> {
        let draft = &row.key.draft;
        let expires_at = claims.ends_at(draft, self.host().now().as_second())?;
        let resource = match claims.resource.as_ref().ok_or(GuestError::NoResource)? {
            GuestResource::Dashboard(name) => {
                let id = name.reference().and_then(|name| view.dashboard_at(library, name));
                id.map_or(EmbedResource::Nothing, EmbedResource::Dashboard)
            }
            GuestResource::Question(name) => {
                let id = name.reference().and_then(|name| view.card_at(library, name));
                id.map_or(EmbedResource::Nothing, EmbedResource::Card)
            }
        };
        let params = claims.params()?;
        let asked = guest::asked(&resource, view, library, &draft.resources);
        let (resource, guest, locked) = match asked.map(|asked| Guest::admit(&asked, params)).transpose()? {
            Some((guest, locked)) => (resource, guest, locked),
            None => (EmbedResource::Nothing, Guest::default(), Values::new()),
        };
        let origins = draft.origins.clone();
        let session = EmbedSession { resource, locked, origins, ..anybody(guest) };
        Ok((session, expires_at))
    }
}

/// Somebody of whom nothing is known, and to whom nothing is shown yet: no attributes, so rules for viewers give no rows.
pub(super) fn anybody(guest: Guest) -> EmbedSession {
    EmbedSession {
        resource: EmbedResource::Nothing,
        locked: Values::new(),
        viewer: Viewer::default(),
        locale: None,
        timezone: None,
        theme: None,
        origins: std::collections::BTreeSet::new(),
        guest: Some(guest),
    }
}

/// Who holds no `kid` hears one answer, whether its tenant is there, suspended, or has revoked the key.
pub(super) fn unnamed(error: AdmitError) -> AdmitError {
    match error {
        AdmitError::Invalid | AdmitError::Elsewhere => AdmitError::Token(NOBODYS),
        other => other,
    }
}
