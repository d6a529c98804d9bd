//! The keys that a key may see, as the users that clients take them for. What is revoked or has ended is no user.

use jiff::Timestamp;
use serde::Serialize;
use tenancy::model::keys::ApiKey;
use tenancy::{KeyOffice, LookupError, TenantScope, WriteError};

use super::super::numbers::Named;
use super::denied::Denied;
use super::groups::Group;
use crate::problem::Problem;

/// Keys in force, by name.
pub(super) struct People(Vec<ApiKey>);

/// A key as a user.
#[derive(Serialize)]
pub(super) struct User<'k> {
    id: i32,
    entity_id: String,
    email: String,
    first_name: &'k str,
    last_name: Option<()>,
    common_name: &'k str,
    is_superuser: bool,
    is_active: bool,
    is_qbnewb: bool,
    is_installer: bool,
    group_ids: [i32; 1],
    user_group_memberships: [Membership; 1],
    locale: &'k str,
    personal_collection_id: Option<()>,
    login_attributes: Option<()>,
    sso_source: Option<()>,
    tenant_id: Option<()>,
    date_joined: Timestamp,
    last_login: Option<Timestamp>,
    updated_at: Timestamp,
}

#[derive(Serialize)]
struct Membership {
    id: i32,
    is_group_manager: bool,
}

impl People {
    /// Those that the office of keys shows to a key that may manage them; for another key, itself.
    pub(super) async fn seen(scope: &TenantScope) -> Result<Self, Denied> {
        match scope.keys().await {
            Ok(office) => Self::of(&office, scope.now()).await,
            Err(WriteError::Forbidden(_)) => Ok(Self(vec![own(scope)?.clone()])),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn of(office: &KeyOffice, now: Timestamp) -> Result<Self, Denied> {
        let mut keys = office.api_keys().await?;
        keys.retain(|key| key.revoked_at.is_none() && key.draft.expires_at.is_none_or(|end| end > now));
        keys.sort_by(|one, other| (&one.draft.name, &one.id).cmp(&(&other.draft.name, &other.id)));
        Ok(Self(keys))
    }

    pub(super) fn keys(&self) -> &[ApiKey] {
        &self.0
    }

    /// The key with a number or an entity id. Somebody else's and none are one answer; so are two with one number, of which it
    /// would be chance which is meant.
    pub(super) fn find(&self, name: &str) -> Result<&ApiKey, LookupError> {
        let mut found = self.0.iter().filter(|key| named(key).is(name));
        match (found.next(), found.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(LookupError::Missing),
        }
    }
}

/// The key that asks.
pub(super) fn own(scope: &TenantScope) -> Result<&ApiKey, Denied> {
    scope.api_key().ok_or_else(|| Problem::missing().into())
}

/// The number and the entity id of a key, as a key and as a user.
pub(super) fn named(key: &ApiKey) -> Named {
    Named::of(&["user", key.id.as_str()])
}

/// A domain that never is (RFC 2606): nobody is written to by mistake.
pub(super) fn email(scope: &TenantScope, key: &ApiKey) -> String {
    format!("{}@{}.invalid", key.id.as_str(), scope.profile().draft.slug)
}

/// A key's fields as a user.
pub(super) fn user<'k>(scope: &'k TenantScope, key: &'k ApiKey) -> User<'k> {
    let (named, name, group) = (named(key), key.draft.name.as_str(), Group::of(key));
    User {
        id: named.number,
        entity_id: named.entity_id.as_str().to_owned(),
        email: email(scope, key),
        first_name: name,
        last_name: None,
        common_name: name,
        // Who may do everything there administers other people's databases too.
        is_superuser: false,
        is_active: true,
        is_qbnewb: false,
        is_installer: false,
        group_ids: [group.id],
        user_group_memberships: [Membership { id: group.id, is_group_manager: false }],
        locale: scope.locale(),
        personal_collection_id: None,
        login_attributes: None,
        sso_source: None,
        tenant_id: None,
        date_joined: key.created_at,
        last_login: key.last_used_at,
        updated_at: key.created_at,
    }
}
