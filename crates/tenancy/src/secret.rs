//! Secrets in memory: no `Debug`, no `Display`, no `Serialize`, wiped when dropped.

use serde::Deserialize;
use zeroize::Zeroizing;

/// A password, a signing secret or an API key in the clear.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret's text. Every call is a place to look at in a review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}
