//! What can go wrong in the kernel. HTTP knows these; they do not know HTTP.

use std::time::Duration;

use crate::grant::{Action, GrantError};
use crate::model::Invalid;
use crate::model::keys::OperatorAction;
use crate::seal::SealError;

/// The metadata store failed. Operators read the cause in the log; callers read a constant text.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or went away.
    #[error("metadata store: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored body does not read back: damage, or a newer version's data.
    #[error("metadata store: a stored {0} does not read back")]
    Unreadable(&'static str),
    /// A stored secret does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The metadata was written by a newer version.
    #[error("the metadata is at schema version {found}, and this program knows {known}: use the newer program")]
    Newer {
        /// In the store.
        found: i64,
        /// In this program.
        known: i64,
    },
}

/// Why a credential was not admitted.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    /// Nothing was presented.
    #[error("no credential was presented")]
    Missing,
    /// Not a credential of ours, or one that is unknown, revoked, or of a suspended tenant: one answer.
    #[error("the credential is not valid")]
    Invalid,
    /// It was valid and has ended.
    #[error("the credential has expired")]
    Expired,
    /// A token whose signature is right and whose content is not: what its maker should change.
    #[error("the embed token is not acceptable: {0}")]
    Token(&'static str),
    /// A guest embed that is not let through as it is.
    #[error(transparent)]
    Guest(#[from] GuestError),
    /// The token is right, and another tenant's than the address says. Same answer as [`AdmitError::Invalid`] in the native API.
    #[error("the token is not of the tenant in the address")]
    Elsewhere,
    /// Used from outside its networks. Same answer as [`AdmitError::Invalid`] at the edge.
    #[error("the credential may not be used from this network")]
    Network,
    /// Too many requests.
    #[error("too many requests")]
    RateLimited {
        /// When the next one may come.
        retry_after: Duration,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a guest embed, or a value for it, is refused. The texts are a contract: clients of Metabase show and compare them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuestError {
    /// The token has no `params`.
    #[error("Token is missing value for keypath [:params]")]
    NoParams,
    /// The token names nothing that it could show.
    #[error("Token is missing value for keypath [:resource]")]
    NoResource,
    /// The token is for a dashboard, and a question was asked for.
    #[error("Token is missing value for keypath [:resource :question]")]
    NoQuestion,
    /// The token is for a question, and a dashboard was asked for.
    #[error("Token is missing value for keypath [:resource :dashboard]")]
    NoDashboard,
    /// The author has not opened it to guest embeds.
    #[error("Embedding is not enabled for this object.")]
    NotEnabled,
    /// Nobody gives this filter's value.
    #[error("You're not allowed to specify a value for :{0}.")]
    Disabled(String),
    /// The token gives it already.
    #[error("You can't specify a value for :{0} if it's already set in the JWT.")]
    InToken(String),
    /// The token must give it.
    #[error("You must specify a value for :{0} in the JWT.")]
    Needed(String),
    /// Only the token may give it.
    #[error("You can only specify a value for :{0} in the JWT.")]
    OnlyInToken(String),
    /// The author names no such filter.
    #[error("Unknown parameter :{0}.")]
    Unknown(String),
}

/// Why a thing was not found or not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// It does not exist, or it is somebody else's: one answer, without fields, on purpose.
    #[error("nothing here")]
    Missing,
    /// The credential sees it and may not do this with it.
    #[error("the credential lacks {}", .0.name())]
    Forbidden(Action),
}

/// Why a change was not made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It does not exist, or it is somebody else's.
    #[error("nothing here")]
    Missing,
    /// The credential may not do this.
    #[error("the credential lacks {0}")]
    Forbidden(&'static str),
    /// A field cannot be accepted.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The name is in use.
    #[error("{field} is taken")]
    Taken {
        /// The field with the name.
        field: &'static str,
    },
    /// Somebody changed it in between.
    #[error("it was changed since it was read; read it again")]
    Stale,
    /// Something else needs it.
    #[error("{0}")]
    InUse(&'static str),
    /// The same Idempotency-Key came with another request.
    #[error("this Idempotency-Key was used for another request")]
    IdempotencyMismatch,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for WriteError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<SealError> for WriteError {
    fn from(error: SealError) -> Self {
        Self::Store(error.into())
    }
}

impl From<LookupError> for WriteError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::Missing => Self::Missing,
            LookupError::Forbidden(action) => Self::Forbidden(action.name()),
        }
    }
}

impl From<GrantError> for WriteError {
    fn from(error: GrantError) -> Self {
        Self::Invalid(Invalid::new("scopes", error.to_string()))
    }
}

impl WriteError {
    pub(crate) const fn lacks(action: OperatorAction) -> Self {
        Self::Forbidden(action.name())
    }
}
