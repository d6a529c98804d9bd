//! The kernel: who a caller is, which one tenant it speaks for, what it may do, and what is there.
//!
//! # What must never be here
//! A connection to tenant data, an HTTP type, a clock, a random number generator.
//!
//! # The seal
//! This crate alone makes a [`TenantScope`], an [`OperatorScope`], a [`Granted`] and a [`Placement`]. They have no public
//! constructor, cannot be cloned and cannot be read from a request. What mints them and what reads the rows
//! that justify it are one crate, because Rust's privacy stops at the crate.

mod admit;
mod base32;
mod credential;
mod desk;
mod error;
mod explain;
mod grant;
mod guest;
mod host;
mod ids;
mod inputs;
mod kernel;
mod keys;
mod links;
mod load;
pub mod model;
mod numbered;
mod operator;
pub mod placement;
mod replacing;
mod resolve;
mod scope;
mod seal;
mod secret;
mod slug;
mod standing;
mod store;
mod view;

pub use admit::{Claims, MAX_TOKEN_BYTES, Principal, Rate, Resource, sign as sign_embed_token};
pub use credential::{FreshKey, FreshLink, OPERATOR_PREFIX, TENANT_PREFIX, looks_like_key, looks_like_link};
pub use desk::{Authored, Desk, Placed};
pub use error::{AdmitError, GuestError, LookupError, StoreError, WriteError};
pub use explain::{Step, Thing};
pub use grant::{Action, Grant, GrantError, Resources, Scope};
pub use guest::{fitted, fitted_text};
pub use host::Host;
pub use ids::{
    ApiKeyId, CardId, CollectionId, DashboardId, EmbedKeyId, EntityId, NotAnId, OperatorKeyId, PublicLinkId,
    PublicationId, SnippetId, SourceId, TenantId,
};
pub use kernel::{Changed, POLL, Settings, Tenancy};
pub use keys::{KeyOffice, NewApiKey, NewEmbedKey};
pub use links::NewPublicLink;
pub use model::content::{Card, Collection, Content, Dashboard, Snippet};
pub use operator::{Destination, NewOperatorKey, OperatorScope, Overview, Republication};
pub use placement::Placement;
pub use scope::{Act, Caller, Embedded, Export, Granted, Run, TenantScope, View, Viewer};
pub use seal::{Keyring, SealError};
pub use secret::Secret;
pub use slug::{NotASlug, Slug};
pub use standing::Standing;
pub use store::StoreLocation;
