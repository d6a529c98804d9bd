//! What every handler can reach.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use gateway::Gateway;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota};
use metrics_exporter_prometheus::PrometheusHandle;
use moka::sync::Cache;
use serde::Serialize;
use tenancy::{AdmitError, Rate, Tenancy};

/// What the server is told by the configuration.
#[derive(Clone)]
pub struct Settings {
    /// Requests a minute for keys that have no rate of their own.
    pub requests_per_minute: NonZeroU32,
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Largest request body in bytes.
    pub body_bytes: usize,
    /// Longest time for reading a request's head, against clients that drip.
    pub header_timeout: Duration,
    /// The demo's portals; without them there is no `/demo`.
    pub demo: Option<Demo>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requests_per_minute: NonZeroU32::new(6000).unwrap_or(NonZeroU32::MIN),
            trusted_proxies: Vec::new(),
            body_bytes: 1 << 20,
            header_timeout: Duration::from_secs(15),
            demo: None,
        }
    }
}

/// Makes the demo's portals anew, since their tokens are short-lived; each token is for the dashboard of this slug.
pub type Demo = Arc<dyn Fn(&str) -> BoxFuture<'static, Vec<Portal>> + Send + Sync>;

/// One client's portal on the demo page.
#[derive(Debug, Clone, Serialize)]
pub struct Portal {
    /// Name of the client organisation.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// A token for the dashboard, for that client's own page.
    #[serde(skip)]
    pub token: String,
    /// Address of the embedded dashboard, token included.
    pub embed_url: String,
    /// Address of the client's own page.
    pub portal_url: String,
    /// Its colour, `#rrggbb`.
    pub color: String,
    /// Where its rows are, in words.
    pub engine: String,
    /// When the token ends.
    pub expires_at: jiff::Timestamp,
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    tenancy: Tenancy,
    gateway: Gateway,
    settings: Settings,
    limiters: Cache<(String, u32), Arc<DefaultDirectRateLimiter>>,
    metrics: Option<PrometheusHandle>,
}

impl App {
    /// `metrics` renders what was recorded; without it `/metrics` is not there.
    #[must_use]
    pub fn new(tenancy: Tenancy, gateway: Gateway, settings: Settings, metrics: Option<PrometheusHandle>) -> Self {
        let limiters = Cache::builder().max_capacity(50_000).time_to_idle(Duration::from_secs(600)).build();
        Self(Arc::new(Inner { tenancy, gateway, settings, limiters, metrics }))
    }

    pub(crate) fn tenancy(&self) -> &Tenancy {
        &self.0.tenancy
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn metrics(&self) -> Option<&PrometheusHandle> {
        self.0.metrics.as_ref()
    }

    /// Counts a request against its key's rate, and against those of the keys that it was made with.
    pub(crate) fn hold_to_rate(&self, rate: &Rate) -> Result<(), AdmitError> {
        self.count(&rate.key, rate.per_minute)?;
        rate.above.iter().try_for_each(|(key, per_minute)| self.count(key, Some(*per_minute)))
    }

    fn count(&self, key: &str, per_minute: Option<u32>) -> Result<(), AdmitError> {
        let per_minute = per_minute.and_then(NonZeroU32::new).unwrap_or(self.0.settings.requests_per_minute);
        let limiter = self.0.limiters.get_with((key.to_owned(), per_minute.get()), || {
            Arc::new(DefaultDirectRateLimiter::direct(Quota::per_minute(per_minute)))
        });
        limiter.check().map_err(|not_until| {
            let retry_after = not_until.wait_time_from(DefaultClock::default().now());
            AdmitError::RateLimited { retry_after }
        })
    }

    /// The caller's address: the connection's, or what a trusted proxy says it is.
    pub(crate) fn peer(&self, direct: Option<IpAddr>, forwarded: Option<&str>) -> Option<IpAddr> {
        let trusted =
            |address: &IpAddr| self.0.settings.trusted_proxies.iter().any(|net| net.contains(&address.to_canonical()));
        let direct = direct?;
        if !trusted(&direct) {
            return Some(direct);
        }
        // From the right: the first address that is not one of our own proxies. Everything left of it is hearsay.
        let hops = forwarded.into_iter().flat_map(|list| list.rsplit(',')).map(|hop| hop.trim().parse().ok());
        for hop in hops {
            match hop {
                Some(address) if trusted(&address) => {}
                other => return other,
            }
        }
        Some(direct)
    }
}
