//! What the gateway is told by the configuration.

use std::time::Duration;

use rustls::pki_types::CertificateDer;

use crate::egress::Networks;

/// Limits of one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for executing and fetching.
    pub timeout: Duration,
    /// Most rows handed out; one more and the result is marked as truncated.
    pub max_rows: u64,
    /// Most bytes handed out, counted on values in memory; a single row above it is an error.
    pub max_bytes: u64,
    /// Most queries of the tenant that run at once.
    pub tenant_concurrency: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), max_rows: 100_000, max_bytes: 64 << 20, tenant_concurrency: 8 }
    }
}

/// Settings of a [`crate::Gateway`].
#[derive(Clone)]
pub struct Settings {
    /// Size of the result cache in bytes; 0 turns it off.
    pub cache_bytes: u64,
    /// Largest result that is cached or shared between identical running queries, in bytes.
    pub cache_entry_bytes: u64,
    /// Limits for queries that bring none of their own.
    pub limits: Limits,
    /// Most queries of one tenant that wait.
    pub tenant_queue: u32,
    /// Most queries that wait for one server.
    pub server_queue: u32,
    /// Longest wait for a connection.
    pub queue_wait: Duration,
    /// Longest time for reaching and entering a server.
    pub connect_timeout: Duration,
    /// How long an unused connection stays open.
    pub idle_timeout: Duration,
    /// How long a preflight is good for; then the placement is looked at again.
    pub preflight_every: Duration,
    /// Threads on which SQLite runs, over all tenants.
    pub sqlite_threads: usize,
    /// Certificate authorities to trust besides the system's, for private ones.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// Networks that data sources may be in.
    pub networks: Networks,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cache_bytes: 64 << 20,
            cache_entry_bytes: 1 << 20,
            limits: Limits::default(),
            tenant_queue: 64,
            server_queue: 1024,
            queue_wait: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(60),
            preflight_every: Duration::from_secs(3600),
            sqlite_threads: 8,
            extra_roots: Vec::new(),
            networks: Networks::default(),
        }
    }
}
