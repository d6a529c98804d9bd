//! The audit log: one entry for each change, written in the change's own transaction.

use serde::Serialize;

/// One change.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// Grows by one with each change of the instance.
    pub seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: jiff::Timestamp,
    /// Who: an operator key, an API key, or the host's command line.
    pub actor: String,
    /// The tenant concerned, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// What was done, such as `tenant.create`.
    pub action: String,
    /// The id of what it was done to.
    pub object: String,
    /// A word for people: a name, or the reason that was given. Never a secret, never a row.
    pub detail: String,
}
