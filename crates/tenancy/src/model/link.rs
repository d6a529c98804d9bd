//! Public links: what is written about them, and what is shown of them afterwards.

use serde::{Deserialize, Serialize};

use super::{Invalid, check_name};
use crate::admit::Resource;
use crate::ids::{ApiKeyId, PublicLinkId, TenantId};

/// The most public links of a tenant that are not revoked at once: nobody keeps an eye on more.
pub const MOST_PUBLIC_LINKS: i64 = 500;

/// What is written about a public link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicLinkDraft {
    /// Name for people.
    pub name: String,
    /// The one thing that it shows.
    pub resource: Resource,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<jiff::Timestamp>,
    /// Whether whoever has it may download rows.
    #[serde(default = "yes")]
    pub export: bool,
}

fn yes() -> bool {
    true
}

/// A public link as shown.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PublicLink {
    /// Public id. It opens nothing.
    pub id: PublicLinkId,
    /// The tenant whose rows it shows.
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
    pub draft: PublicLinkDraft,
}

impl PublicLinkDraft {
    /// Checks every field but the resource, which the tenant's view finds.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_name("name", &self.name)
    }
}
