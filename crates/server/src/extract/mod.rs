//! From a request to values that a handler may believe.
//!
//! A handler gets its scope from here or has none, and without a scope there is nothing to call.

mod body;
mod credential;
mod paging;
mod path;
mod version;

pub(crate) use body::{Body, Creation, once};
pub(crate) use credential::{Embed, Operator, Tenant, admit_again, admit_tenant, bearer, may_ask, peer};
pub(crate) use paging::Paging;
pub(crate) use path::Path;
pub(crate) use version::Version;
