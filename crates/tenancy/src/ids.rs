//! Public ids: a type prefix and 128 random bits.
//!
//! They are not ordered in time and they are not the protection: a lookup always
//! starts from a scope, so a guessed id of another tenant is simply not found.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base32;
use crate::host::Host;

/// Text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct NotAnId;

/// Length of 128 bits in base 32.
const RANDOM_LENGTH: usize = 26;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(Box<str>);

        impl $name {
            /// The prefix of the written form.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh id.
            #[must_use]
            pub fn random(host: &Host) -> Self {
                Self(format!("{}{}", $prefix, base32::encode(&host.bytes::<16>())).into())
            }

            /// Reads the written form.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                match text.strip_prefix($prefix) {
                    Some(rest) if rest.len() == RANDOM_LENGTH && base32::is_valid(rest) => Ok(Self(text.into())),
                    _ => Err(NotAnId),
                }
            }

            /// The written form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }
    )*};
}

/// A second public id of 21 letters, in the form of NanoID: what clients of other products take for an id. Random, unique over
/// the instance, and never the protection either.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{21}$")]
pub struct EntityId(Box<str>);

/// Its letters.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

impl EntityId {
    const LENGTH: usize = 21;

    /// A fresh id.
    #[must_use]
    pub fn random(host: &Host) -> Self {
        Self::spelled(&host.bytes::<{ Self::LENGTH }>())
    }

    /// The id that some bytes spell: six bits a letter.
    #[must_use]
    pub fn spelled(bytes: &[u8; 21]) -> Self {
        let letter = |byte: &u8| LETTERS.get(usize::from(byte & 63)).copied().map_or('_', char::from);
        Self(bytes.iter().map(letter).collect::<String>().into())
    }

    /// Reads the written form.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let fits = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if fits { Ok(Self(text.into())) } else { Err(NotAnId) }
    }

    /// The written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EntityId {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        Self::parse(&text)
    }
}

impl From<EntityId> for String {
    fn from(id: EntityId) -> String {
        id.0.into()
    }
}

ids! {
    /// A tenant.
    TenantId = "ten_";
    /// A data source.
    SourceId = "src_";
    /// A collection.
    CollectionId = "col_";
    /// A card.
    CardId = "crd_";
    /// A dashboard.
    DashboardId = "dsh_";
    /// A snippet.
    SnippetId = "snp_";
    /// A publication.
    PublicationId = "pub_";
    /// A tenant's API key.
    ApiKeyId = "key_";
    /// An operator's API key.
    OperatorKeyId = "opk_";
    /// An embed key; also the `kid` of the tokens it signs.
    EmbedKeyId = "emk_";
    /// A public link; not the UUID that opens it.
    PublicLinkId = "lnk_";
}
