//! One query from waiting for a connection to the last row, in a task of its own.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use crate::budget::{Lease, Pooled};
use crate::cache::Entry;
use crate::connection::{Connection, engine};
use crate::error::RunError;
use crate::flight::{Departure, Landing};
use crate::gateway::{Inner, refusal};
use crate::key::Key;
use crate::running::Ticket;
use crate::scoped::ScopedQuery;
use crate::sink::Sink;

/// How long a server has to obey a cancellation before the socket is closed.
const GRACE: Duration = Duration::from_secs(1);

pub(crate) struct Work {
    pub(crate) inner: Arc<Inner>,
    pub(crate) query: ScopedQuery,
    pub(crate) key: Key,
    pub(crate) epoch: u64,
    /// Present when others may join; gone when this is dropped.
    pub(crate) departure: Option<Departure>,
}

/// How long the end of a result waits for its connection to be clean again.
const SOON: Duration = Duration::from_millis(5);

/// First pause before a full server is asked again.
const FULL_PAUSE: Duration = Duration::from_millis(25);

/// A kept connection that turns out to be dead does so at once. What is lost later was at
/// work, and is not started a second time: it may be what brought the server down.
const STALE: Duration = Duration::from_millis(250);

/// How a query ended, and what is left of its connection.
struct Ended {
    result: Result<(), RunError>,
    lease: Option<Lease<Connection>>,
    /// A cancellation was sent: it may still arrive, so the connection is used up.
    cancelled: bool,
    /// Nobody wanted the rows.
    unwanted: bool,
}

/// Why a running query is interrupted.
enum Interruption {
    Stopped,
    Unwanted,
    TimedOut,
}

impl Interruption {
    fn error(&self) -> RunError {
        match self {
            Self::Stopped | Self::Unwanted => RunError::Cancelled,
            Self::TimedOut => RunError::Timeout,
        }
    }
}

impl Work {
    pub(crate) async fn run(self, mut sink: Sink) {
        let started = Instant::now();
        let ticket = self.inner.running.enter(self.query.placement.tenant());
        let mut ended = Box::pin(self.execute(&mut sink, &ticket)).await;
        self.count(&ended.result, started);
        if ended.result.is_ok() && !ticket.is_stopped() {
            ended.lease = give_back_soon(ended.lease, &mut sink).await;
        }
        match ended.result {
            Ok(()) => self.land(sink).await,
            Err(_) if ended.unwanted => sink.abandon(),
            Err(error) => sink.fail(self.query.in_authors_words(error)),
        }
        drop(self.departure);
        if let Some(lease) = ended.lease {
            put_away(lease, ended.cancelled, ticket.is_stopped()).await;
        }
    }

    fn count(&self, result: &Result<(), RunError>, started: Instant) {
        let engine = engine(&self.query.placement);
        let outcome = result.as_ref().err().map_or("ok", RunError::label);
        metrics::counter!("cloison_gateway_queries_total", "engine" => engine, "outcome" => outcome).increment(1);
        metrics::histogram!("cloison_gateway_query_seconds", "engine" => engine)
            .record(started.elapsed().as_secs_f64());
        if let Err(error) = result {
            let code = match error {
                RunError::QueryFailed { code, .. } => *code,
                _ => crate::error::Code::new(""),
            };
            tracing::info!(engine, outcome, code = code.as_str(), "a query has no result");
        }
    }

    /// Ends the stream and shares the copy.
    async fn land(&self, sink: Sink) {
        let (summary, copy) = sink.finish().await;
        let Some((columns, recording)) = copy else { return };
        let tenant = self.query.placement.tenant().clone();
        let batches = recording.batches.clone();
        let entry = Arc::new(Entry::new(tenant, columns, batches, summary, recording.bytes));
        if let Some(ttl) = self.query.cache_ttl
            && !summary.truncated
        {
            self.inner.cache.put(self.key, Arc::clone(&entry), ttl, self.epoch);
        }
        recording.land(Landing::Landed(entry));
    }

    /// Opens a connection. A server that is full for a moment is asked again: a session that we
    /// closed stays in its books a little longer than in ours, and others use it too.
    async fn open_patiently(&self) -> Result<Connection, RunError> {
        let give_up = Instant::now() + self.inner.settings.queue_wait;
        let mut pause = FULL_PAUSE;
        loop {
            match self.inner.opener.open(&self.query.placement).await {
                Err(RunError::Busy { .. }) if Instant::now() + pause < give_up => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(FULL_PAUSE * 16);
                }
                opened => return opened,
            }
        }
    }

    async fn execute(&self, sink: &mut Sink, ticket: &Ticket) -> Ended {
        let nothing = |error, unwanted| Ended { result: Err(error), lease: None, cancelled: false, unwanted };
        let limits = self.query.limits;
        let placement = &self.query.placement;
        let mut stopped = pin!(ticket.stopped());
        let mut unwanted = pin!(sink.unwanted());
        let acquired = tokio::select! {
            biased;
            () = &mut stopped => return nothing(RunError::Cancelled, false),
            () = &mut unwanted => return nothing(RunError::Cancelled, true),
            acquired = self.inner.budget.acquire(self.inner.want(placement, &limits)) => acquired,
        };
        let mut lease = match acquired {
            Ok(lease) => lease,
            Err(refused) => return nothing(refusal(refused), false),
        };
        let mut is_fresh = false;
        loop {
            if !lease.connection().is_some_and(|connection| connection.is_open()) {
                if let Some(dead) = lease.take() {
                    dead.close().await;
                }
                is_fresh = true;
                let opened = tokio::select! {
                    biased;
                    () = &mut stopped => return nothing(RunError::Cancelled, false),
                    () = &mut unwanted => return nothing(RunError::Cancelled, true),
                    opened = self.open_patiently() => opened,
                };
                match opened {
                    Ok(connection) => lease.fill(connection),
                    Err(error) => return nothing(error, false),
                };
            }
            let Some(connection) = lease.connection() else { return nothing(RunError::ConnectionLost, false) };
            let canceller = connection.canceller();
            let began = Instant::now();
            let deadline = began + limits.timeout;
            let interruption = {
                let mut running = pin!(connection.run(&self.query.statement, &self.query.timezone, sink));
                let interruption = tokio::select! {
                    biased;
                    result = &mut running => Err(result),
                    () = &mut stopped => Ok(Interruption::Stopped),
                    () = &mut unwanted => Ok(Interruption::Unwanted),
                    () = sleep_until(deadline) => Ok(Interruption::TimedOut),
                };
                if interruption.is_ok() {
                    let obeyed = async { tokio::join!(canceller.cancel(), &mut running) };
                    let _ = timeout(GRACE, obeyed).await;
                }
                interruption
            };
            match interruption {
                // A kept connection whose server went away and came back: a fresh one will do.
                Err(Err(RunError::ConnectionLost)) if !is_fresh && !sink.has_begun() && began.elapsed() < STALE => {
                    if let Some(dead) = lease.take() {
                        dead.close().await;
                    }
                }
                Err(result) => return Ended { result, lease: Some(lease), cancelled: false, unwanted: false },
                Ok(why) => {
                    let unwanted = matches!(why, Interruption::Unwanted);
                    return Ended { result: Err(why.error()), lease: Some(lease), cancelled: true, unwanted };
                }
            }
        }
    }
}

/// Hands a connection back before the end of the result is told, when that takes no time
/// worth waiting for: whoever asks next finds it, instead of opening another one.
async fn give_back_soon(lease: Option<Lease<Connection>>, sink: &mut Sink) -> Option<Lease<Connection>> {
    let mut lease = lease?;
    // The rows are not kept waiting for it.
    let _ = sink.flush().await;
    let connection = lease.connection()?;
    if !matches!(connection, Connection::Mysql(_)) && timeout(SOON, connection.recycle()).await == Ok(true) {
        lease.hand_back();
        return None;
    }
    Some(lease)
}

/// Cleans the connection for its next use by the same placement, or closes it.
async fn put_away(mut lease: Lease<Connection>, cancelled: bool, stopped: bool) {
    let Some(connection) = lease.connection() else { return };
    if stopped || (cancelled && !matches!(connection, Connection::Sqlite(_))) {
        return;
    }
    if connection.is_at_work() {
        // A limit cut the result off: the server need not go on.
        let canceller = connection.canceller();
        let _ = timeout(GRACE, canceller.cancel()).await;
        return;
    }
    if timeout(GRACE * 5, connection.recycle()).await.unwrap_or(false) {
        lease.hand_back();
    }
}
