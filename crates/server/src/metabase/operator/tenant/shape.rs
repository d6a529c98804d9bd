//! A tenant's fields, as clients read and write them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tenancy::model::tenant::{Status, Tenant, TenantDraft};
use tenancy::{OperatorScope, Slug};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::maybe;

#[derive(Serialize)]
pub(super) struct Shape<'t> {
    id: i32,
    name: &'t str,
    slug: &'t str,
    is_active: bool,
    member_count: i64,
    attributes: &'t BTreeMap<String, Value>,
    tenant_collection_id: Option<()>,
    created_at: jiff::Timestamp,
    updated_at: jiff::Timestamp,
}

impl<'t> Shape<'t> {
    /// A tenant has no users here: its members are its keys.
    pub(super) fn of(tenant: &'t Tenant, keys: &HashMap<String, i64>) -> Self {
        let draft = &tenant.draft;
        Self {
            id: tenant.number,
            name: &draft.name,
            slug: draft.slug.as_str(),
            is_active: draft.status == Status::Active,
            member_count: in_force(tenant, keys),
            attributes: &draft.attributes,
            tenant_collection_id: None,
            created_at: tenant.created_at,
            updated_at: tenant.updated_at,
        }
    }

    /// The same, with its keys counted for it.
    pub(super) async fn counted(tenant: &'t Tenant, operator: &OperatorScope) -> Result<Self, Denied> {
        Ok(Self::of(tenant, &operator.keys_in_force().await?))
    }
}

/// A tenant's keys in force.
pub(in super::super) fn in_force(tenant: &Tenant, keys: &HashMap<String, i64>) -> i64 {
    keys.get(tenant.id.as_str()).copied().unwrap_or_default()
}

/// What a body says of a tenant. What it does not say stays.
#[derive(Deserialize)]
pub(in super::super) struct Fields {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    is_active: Option<bool>,
    #[serde(default, deserialize_with = "maybe")]
    attributes: Option<Option<BTreeMap<String, Value>>>,
}

impl Fields {
    /// Where a group is all that there is of a tenant.
    pub(in super::super) fn named(name: Option<String>) -> Self {
        Self { name, slug: None, is_active: None, attributes: None }
    }

    /// A slug that can be one.
    pub(super) fn slug(&self) -> Result<Option<Slug>, Denied> {
        let read = |text: &String| Slug::parse(text).map_err(|error| Denied::field("slug", error.to_string()));
        self.slug.as_ref().map(read).transpose()
    }

    /// Puts them in.
    pub(in super::super) fn put(self, draft: &mut TenantDraft) -> Result<(), Denied> {
        if let Some(slug) = self.slug()? {
            draft.slug = slug;
        }
        if let Some(name) = self.name {
            draft.name = name;
        }
        if let Some(is_active) = self.is_active {
            draft.status = if is_active { Status::Active } else { Status::Suspended };
        }
        if let Some(attributes) = self.attributes {
            draft.attributes = attributes.unwrap_or_default();
        }
        Ok(())
    }
}
