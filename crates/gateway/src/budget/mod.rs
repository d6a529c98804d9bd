//! Who may open how many connections, and who waits for one. No I/O in here.
//!
//! Per database server there is a number of *units*; a connection holds one from
//! the moment it is being opened until it is closed for good. An idle connection
//! is handed to its own placement only; when somebody else needs room, the one
//! unused for longest is closed. Waiting is first come first served within a
//! tenant and round robin between tenants.

mod lease;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tenancy::TenantId;
use tokio::sync::oneshot;

pub(crate) use lease::Lease;
use lease::Unit;
use state::{State, Waiter};

/// The server that units are counted for: `host:port`, or the directory of SQLite files.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ServerKey(pub(crate) Arc<str>);

/// What the budget asks of a connection.
pub(crate) trait Pooled: Send + 'static {
    /// Ends the connection. Its unit is free when this is done.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// A wish for one connection.
pub(crate) struct Want {
    pub(crate) server: ServerKey,
    pub(crate) tenant: TenantId,
    /// The placement's fingerprint: connections never change it.
    pub(crate) fingerprint: [u8; 32],
    /// Most units of the server in use, this one included.
    pub(crate) limit: u32,
    /// Most leases of the tenant at once.
    pub(crate) concurrency: u32,
    pub(crate) tenant_queue: u32,
    pub(crate) server_queue: u32,
    pub(crate) wait: Duration,
}

/// Why there is no lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The tenant has too much running and waiting.
    Tenant,
    /// The server has too much running and waiting.
    Server,
}

/// Numbers of one server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) taken: u32,
    pub(crate) idle: u32,
    pub(crate) closing: u32,
    pub(crate) waiting: u32,
}

pub(crate) struct Budget<C: Pooled> {
    shared: Arc<Shared<C>>,
}

impl<C: Pooled> Clone for Budget<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

pub(crate) struct Shared<C: Pooled> {
    state: Mutex<State<C>>,
}

/// What is to be done after the lock is released.
struct Effects<C: Pooled> {
    deliver: Vec<(oneshot::Sender<Lease<C>>, Lease<C>)>,
    close: Vec<(C, Unit<C>)>,
}

impl<C: Pooled> Effects<C> {
    fn apply(self) {
        for (connection, unit) in self.close {
            lease::close_behind(connection, unit);
        }
        for (tell, lease) in self.deliver {
            if let Err(unwanted) = tell.send(lease) {
                unwanted.hand_back();
            }
        }
    }
}

impl<C: Pooled> Shared<C> {
    /// Runs `change` under the lock and what follows from it after the lock.
    fn change<R>(self: &Arc<Self>, change: impl FnOnce(&mut State<C>, &mut Effects<C>) -> R) -> R {
        let mut effects = Effects { deliver: Vec::new(), close: Vec::new() };
        let result = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut state, &mut effects)
        };
        effects.apply();
        result
    }
}

impl<C: Pooled> Budget<C> {
    pub(crate) fn new() -> Self {
        Self { shared: Arc::new(Shared { state: Mutex::new(State::new()) }) }
    }

    /// Waits for a lease. Dropping the future leaves nothing behind.
    pub(crate) async fn acquire(&self, want: Want) -> Result<Lease<C>, Refused> {
        let (tell, mut told) = oneshot::channel();
        let shared = &self.shared;
        let ticket = shared.change(|state, effects| {
            let ticket = state.enqueue(&want, tell);
            state.dispatch(shared, &want.server, effects);
            ticket
        });
        if let Ok(lease) = told.try_recv() {
            return Ok(lease);
        }
        if let Some(refused) = shared.change(|state, _| state.refuse_if_full(&want, ticket)) {
            return Err(refused);
        }
        let mut place = PlaceInQueue { shared, want: &want, ticket, waiting: true };
        match tokio::time::timeout(want.wait, &mut told).await {
            Ok(Ok(lease)) => {
                place.waiting = false;
                Ok(lease)
            }
            // The sender is dropped without a lease only when the state is gone.
            Ok(Err(_)) => Err(Refused::Server),
            Err(_) => {
                let refused = shared.change(|state, _| state.blame(&want));
                drop(place);
                // The lease may have been sent between the two steps; it closes or returns itself.
                match told.try_recv() {
                    Ok(lease) => Ok(lease),
                    Err(_) => Err(refused),
                }
            }
        }
    }

    /// Closes connections that nobody used since `limit` before `now`.
    pub(crate) fn expire(&self, now: Instant, limit: Duration) {
        let shared = &self.shared;
        shared.change(|state, effects| {
            state.evict_where(shared, effects, |idle| now.saturating_duration_since(idle.since) >= limit);
        });
    }

    /// Closes the unused connections of one tenant.
    pub(crate) fn forget(&self, tenant: &TenantId) {
        let shared = &self.shared;
        shared.change(|state, effects| state.evict_where(shared, effects, |idle| idle.tenant == *tenant));
    }

    pub(crate) fn counts(&self) -> Vec<(ServerKey, Counts)> {
        self.shared.change(|state, _| state.counts())
    }
}

/// Leaves the queue when the waiting future is dropped.
struct PlaceInQueue<'a, C: Pooled> {
    shared: &'a Arc<Shared<C>>,
    want: &'a Want,
    ticket: u64,
    waiting: bool,
}

impl<C: Pooled> Drop for PlaceInQueue<'_, C> {
    fn drop(&mut self) {
        if self.waiting {
            self.shared.change(|state, effects| {
                state.leave(self.want, self.ticket);
                // Whoever stood behind may go now.
                state.dispatch(self.shared, &self.want.server, effects);
            });
        }
    }
}

impl<C: Pooled> Waiter<C> {
    fn is_gone(&self) -> bool {
        self.tell.is_closed()
    }
}
