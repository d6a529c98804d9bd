//! A query that knows its tenant: the only thing that the gateway runs.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use query::Statement;
use tenancy::placement::Placement;

use crate::settings::Limits;

/// One statement with its binds, its limits and the placement it runs on.
///
/// Not `Clone` and not `Debug`: it is used up by running it, and it is tenant data.
pub struct ScopedQuery {
    pub(crate) placement: Arc<Placement>,
    pub(crate) statement: Statement,
    pub(crate) limits: Limits,
    pub(crate) cache_ttl: Option<Duration>,
    pub(crate) timezone: TimeZone,
}

impl ScopedQuery {
    /// The one place where a query is made.
    pub(crate) fn new(
        placement: Arc<Placement>,
        statement: Statement,
        limits: Limits,
        cache_ttl: Option<Duration>,
        timezone: TimeZone,
    ) -> Self {
        Self { placement, statement, limits, cache_ttl, timezone }
    }
}

#[cfg(feature = "testing")]
impl ScopedQuery {
    /// A query without a card, for tests of the data plane.
    #[must_use]
    pub fn for_tests(
        placement: Arc<Placement>,
        statement: Statement,
        limits: Limits,
        cache_ttl: Option<Duration>,
        timezone: TimeZone,
    ) -> Self {
        Self::new(placement, statement, limits, cache_ttl, timezone)
    }
}
