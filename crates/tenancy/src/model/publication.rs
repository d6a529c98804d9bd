//! Publications: which tenants see a thing of the library.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Invalid;
use crate::ids::PublicationId;

/// What is published: exactly one of the three, by id or slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Published {
    /// A collection with everything in it and below it.
    Collection(String),
    /// A dashboard with its cards.
    Dashboard(String),
    /// A card.
    Card(String),
}

/// Which tenants see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Audience {
    /// All tenants, those to come included.
    All,
    /// Tenants that have every one of these labels.
    Labels(BTreeMap<String, String>),
    /// These tenants, by id or slug when written, by id when read.
    Tenants(BTreeSet<String>),
}

/// What an operator writes about a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationDraft {
    /// What.
    pub publish: Published,
    /// To whom.
    pub audience: Audience,
}

/// A publication as stored.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Publication {
    /// Public id.
    pub id: PublicationId,
    /// Grows with each edit.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// What and to whom, by ids.
    #[serde(flatten)]
    #[schema(inline)]
    pub draft: PublicationDraft,
}

impl Audience {
    /// Checks that somebody could be meant.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        let empty = match self {
            Self::All => false,
            Self::Labels(labels) => labels.is_empty(),
            Self::Tenants(tenants) => tenants.is_empty(),
        };
        if empty {
            return Err(Invalid::new("audience", "name at least one label or tenant, or write \"all\""));
        }
        Ok(())
    }

    /// Whether a tenant with this id and these labels is meant.
    #[must_use]
    pub fn includes(&self, tenant: &str, labels: &BTreeMap<String, String>) -> bool {
        match self {
            Self::All => true,
            Self::Labels(wanted) => wanted.iter().all(|(key, value)| labels.get(key) == Some(value)),
            Self::Tenants(tenants) => tenants.contains(tenant),
        }
    }
}
