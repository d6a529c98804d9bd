//! Slugs: the names that people write in URLs, files and configuration.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A lower-case name: a letter or digit, then letters, digits, `-` or `_`, 63 characters at most.
///
/// Narrow on purpose: a slug becomes part of file names, database names and URLs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
pub struct Slug(Box<str>);

/// Text that cannot be a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("use 1 to 63 characters of a-z, 0-9, '-' and '_', beginning with a letter or a digit")]
pub struct NotASlug;

impl Slug {
    /// Reads a slug.
    pub fn parse(text: &str) -> Result<Self, NotASlug> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let rest = bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
        // What has the shape of an id could be meant as one: look-ups take either.
        let like_an_id = text.len() == 30 && text.as_bytes().get(3) == Some(&b'_');
        if first && rest && text.len() <= 63 && !like_an_id { Ok(Self(text.into())) } else { Err(NotASlug) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = NotASlug;
    fn try_from(text: String) -> Result<Self, NotASlug> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0.into()
    }
}
