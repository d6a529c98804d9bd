//! The one door to tenant data.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tenancy::TenantId;
use tenancy::placement::Placement;

use crate::budget::{Budget, Refused, Want};
use crate::cache::Cache;
use crate::connection::{self, Connection, Opener, server_key};
use crate::error::RunError;
use crate::flight::{self, Departure, Flights, Role};
use crate::key::Key;
use crate::preflight::Report;
use crate::proofs::Proofs;
use crate::running::Running;
use crate::scoped::ScopedQuery;
use crate::settings::{Limits, Settings};
use crate::sink::Sink;
use crate::sqlite::Threads;
use crate::stream::{RowStream, Step, pipe};
use crate::tls::Trust;
use crate::work::Work;

/// When to come back after a refusal by the tenant's own limit, and by a server's.
const TENANT_RETRY: Duration = Duration::from_secs(1);
const SERVER_RETRY: Duration = Duration::from_secs(2);

/// Connections, cache and running queries. Cheap to clone: every clone is the same gateway.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) opener: Opener,
    pub(crate) budget: Budget<Connection>,
    pub(crate) cache: Cache,
    pub(crate) running: Arc<Running>,
    pub(crate) proofs: Proofs,
    flights: Arc<Flights>,
    reaps: AtomicBool,
}

/// What a look at a placement found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// `postgresql`, `mysql` (MariaDB too) or `sqlite`.
    pub engine: &'static str,
    /// The server's own name for its version.
    pub version: String,
    /// Time from dialling to a session with all settings pinned and read back.
    pub connect: Duration,
}

/// Numbers of one server, without any tenant's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStats {
    /// `host:port`, or `file:` and the directory of SQLite files.
    pub server: String,
    /// Connections that count against the server's limit: opening, working, idle, closing.
    pub open: u32,
    /// Those of them that wait for work.
    pub idle: u32,
    /// Queries that wait for a connection.
    pub waiting: u32,
}

/// Numbers of a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Per server, ordered by name.
    pub servers: Vec<ServerStats>,
    /// Bytes of cached results, about.
    pub cache_bytes: u64,
    /// Number of cached results, about.
    pub cache_entries: u64,
    /// Answers from the cache since the start.
    pub cache_hits: u64,
    /// Questions to the cache that had no answer since the start.
    pub cache_misses: u64,
}

impl Gateway {
    /// A gateway without any connection yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        // The MySQL driver takes the process's own choice. Another part of the
        // process may have chosen before; then that stands.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let opener = Opener {
            trust: Arc::new(Trust::new(&settings)),
            threads: Arc::new(Threads::new(settings.sqlite_threads)),
            timeout: settings.connect_timeout,
        };
        let inner = Inner {
            opener,
            budget: Budget::new(),
            cache: Cache::new(settings.cache_bytes),
            running: Arc::new(Running::default()),
            proofs: Proofs::new(settings.preflight_every),
            flights: Arc::new(Flights::default()),
            reaps: AtomicBool::new(false),
            settings,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The limits for queries that bring none of their own.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.settings.limits
    }

    /// Runs a query, or finds its result in the cache, or joins an identical one that runs.
    ///
    /// Ready when the columns are known. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// Everything that is known before the first row; what happens later comes out of the stream.
    pub async fn run(&self, query: ScopedQuery) -> Result<RowStream, RunError> {
        self.reap();
        let inner = &self.inner;
        let ticket = inner.running.enter(query.placement.tenant());
        let key = Key::of(&query);
        let epoch = inner.cache.epoch();
        if query.cache_ttl.is_some()
            && let Some(entry) = inner.cache.get(&key)
        {
            return Ok(RowStream::whole(entry, query.timezone, true, ticket));
        }
        let departure = match inner.flights.join(key, epoch) {
            Role::Leader(departure) => Some(departure),
            Role::Follower(landing) => {
                metrics::counter!("cloison_gateway_joined_total").increment(1);
                let stopped = ticket.stopped();
                let landed = tokio::select! {
                    landed = flight::wait(landing) => landed,
                    () = stopped => Some(Err(RunError::Cancelled)),
                };
                match landed {
                    Some(Ok(entry)) => return Ok(RowStream::whole(entry, query.timezone, false, ticket)),
                    Some(Err(error)) => return Err(error),
                    None => None,
                }
            }
        };
        self.start(query, departure, key, epoch, ticket).await
    }

    async fn start(
        &self,
        query: ScopedQuery,
        departure: Option<Departure>,
        key: Key,
        epoch: u64,
        ticket: crate::running::Ticket,
    ) -> Result<RowStream, RunError> {
        let inner = &self.inner;
        let entry_bytes = usize::try_from(inner.settings.cache_entry_bytes).unwrap_or(usize::MAX);
        let (outlet, mut steps) = pipe(entry_bytes.max(1 << 18));
        let landing = departure.as_ref().map(Departure::landing);
        let sink = Sink::new(outlet, query.limits, entry_bytes, landing);
        let timezone = query.timezone.clone();
        let work = Work { inner: Arc::clone(inner), query, key, epoch, departure };
        tokio::spawn(work.run(sink));
        match steps.recv().await {
            Some(Step::Columns(columns)) => Ok(RowStream::running(steps, columns, timezone, ticket)),
            Some(Step::Failed(error)) => Err(error),
            _ => Err(RunError::ConnectionLost),
        }
    }

    /// Opens a connection to the placement, with everything that a query's
    /// connection goes through, within the server's budget.
    ///
    /// # Errors
    /// Why a query would not get that far.
    pub async fn check(&self, placement: &Placement) -> Result<Probe, RunError> {
        self.reap();
        let inner = &self.inner;
        let ticket = inner.running.enter(placement.tenant());
        let limits = inner.settings.limits;
        let mut lease = inner.budget.acquire(inner.want(placement, &limits)).await.map_err(refusal)?;
        if let Some(connection) = lease.take() {
            crate::budget::Pooled::close(connection).await;
        }
        let started = Instant::now();
        let connection = lease.fill(inner.opener.open(placement).await?);
        let probe =
            Probe { engine: connection::engine(placement), version: connection.version(), connect: started.elapsed() };
        if connection.recycle().await && !ticket.is_stopped() {
            lease.hand_back();
        }
        Ok(probe)
    }

    /// Looks anew whether a placement has the isolation level that it claims; what is found is in force at once.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn preflight(&self, placement: &Arc<Placement>) -> Result<Arc<Report>, RunError> {
        self.reap();
        self.inner.prove_again(placement).await
    }

    /// Stops everything of a tenant: running queries, waiting ones, streams that
    /// are being read, idle connections, cached results.
    pub fn forget_tenant(&self, tenant: &TenantId) {
        self.inner.cache.flush(tenant);
        self.inner.running.stop(tenant);
        self.inner.budget.forget(tenant);
        self.inner.proofs.forget(tenant);
    }

    /// Forgets the cached results of a tenant.
    pub fn flush_cache(&self, tenant: &TenantId) {
        self.inner.cache.flush(tenant);
    }

    /// Numbers for operators.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let mut servers: Vec<ServerStats> = self
            .inner
            .budget
            .counts()
            .into_iter()
            .map(|(key, counts)| ServerStats {
                server: key.0.to_string(),
                open: counts.taken,
                idle: counts.idle,
                waiting: counts.waiting,
            })
            .collect();
        servers.sort_by(|left, right| left.server.cmp(&right.server));
        let (cache_bytes, cache_entries, cache_hits, cache_misses) = self.inner.cache.numbers();
        Stats { servers, cache_bytes, cache_entries, cache_hits, cache_misses }
    }

    /// Starts, once, what closes idle connections and what looks at placements again; both end with the gateway.
    fn reap(&self) {
        if self.inner.reaps.swap(true, Ordering::Relaxed) {
            return;
        }
        let weak = Arc::downgrade(&self.inner);
        let limit = self.inner.settings.idle_timeout;
        let pause = (limit / 4).clamp(Duration::from_millis(20), Duration::from_secs(5));
        let (proving, every) = (weak.clone(), self.inner.settings.preflight_every);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep((every / 8).clamp(Duration::from_millis(20), Duration::from_secs(60))).await;
                let Some(inner) = proving.upgrade() else { return };
                inner.prove_on_schedule(every).await;
            }
        });
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let Some(inner) = weak.upgrade() else { return };
                inner.budget.expire(Instant::now(), limit);
                inner.gauge();
            }
        });
    }
}

impl Inner {
    pub(crate) fn want(&self, placement: &Placement, limits: &Limits) -> Want {
        Want {
            server: server_key(placement),
            tenant: placement.tenant().clone(),
            fingerprint: *placement.fingerprint(),
            limit: placement.connection_limit(),
            concurrency: limits.tenant_concurrency,
            tenant_queue: self.settings.tenant_queue,
            server_queue: self.settings.server_queue,
            wait: self.settings.queue_wait,
        }
    }

    fn gauge(&self) {
        let (mut open, mut idle, mut waiting) = (0, 0, 0);
        for (_, counts) in self.budget.counts() {
            open += counts.taken;
            idle += counts.idle;
            waiting += counts.waiting;
        }
        metrics::gauge!("cloison_gateway_connections_open").set(f64::from(open));
        metrics::gauge!("cloison_gateway_connections_idle").set(f64::from(idle));
        metrics::gauge!("cloison_gateway_waiting").set(f64::from(waiting));
    }
}

pub(crate) fn refusal(refused: Refused) -> RunError {
    match refused {
        Refused::Tenant => RunError::TenantBusy { retry_after: TENANT_RETRY },
        Refused::Server => RunError::Busy { retry_after: SERVER_RETRY },
    }
}
