//! What the catalog holds. Each draft is what a caller may write; each record adds what the kernel keeps.

pub mod audit;
pub mod clicks;
pub mod content;
pub mod keys;
pub mod link;
pub mod pattern;
pub mod placing;
pub mod publication;
pub mod rules;
pub mod tenant;
pub mod theme;
pub mod translations;
pub mod visualization;

use serde::Serialize;

use crate::ids::EntityId;

/// A field that cannot be accepted: which one, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// Path of the field in the request.
    pub field: String,
    /// What is wrong and what would be right. Never holds a value of a tenant.
    pub message: String,
}

impl Invalid {
    /// A complaint about `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// A stored thing: what was written, and what the kernel keeps about it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Record<I, D> {
    /// Public id.
    pub id: I,
    /// A random positive 31-bit number, for clients that need an integer. Never the protection.
    pub number: i32,
    /// The same in 21 letters, for content: collections, cards, dashboards and snippets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<EntityId>,
    /// Grows with each edit; the `ETag` is made of it.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: jiff::Timestamp,
    /// What was written.
    #[serde(flatten)]
    #[schema(inline)]
    pub draft: D,
}

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The things.
    pub data: Vec<T>,
    /// Give this as `cursor` to read on; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Names for people: 1 to 200 characters, no control characters.
pub(crate) fn check_name(field: &str, name: &str) -> Result<(), Invalid> {
    if name.trim().is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Invalid::new(field, "write 1 to 200 characters without line breaks"));
    }
    Ok(())
}

/// Longer texts: at most `limit` characters and no control characters but line breaks and tabs.
pub(crate) fn check_text(field: &str, text: &str, limit: usize) -> Result<(), Invalid> {
    if text.chars().count() > limit || text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Invalid::new(field, format!("write at most {limit} characters of plain text")));
    }
    Ok(())
}
