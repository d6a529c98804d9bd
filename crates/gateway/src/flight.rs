//! Identical running queries of one scope are run once.
//!
//! The key is the same as the cache's, so only queries of one tenant on one
//! placement with the same statement, binds and limits can meet.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::cache::Entry;
use crate::error::RunError;
use crate::key::Key;

/// How a flight ends for those who joined it.
#[derive(Clone)]
pub(crate) enum Landing {
    /// Still in the air.
    Flying,
    /// The whole result.
    Landed(Arc<Entry>),
    /// Nothing to share, because it is too large or was given up: everybody runs it alone.
    Alone,
    /// It failed, and would for the others.
    Failed(RunError),
}

/// A flight's key: what it fetches, and the cache's epoch in which it began. What
/// began before a flush is not joined after it.
type Route = (Key, u64);

#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Route, watch::Sender<Landing>>>);

/// What somebody becomes who wants a result.
pub(crate) enum Role {
    /// Runs it, and says how it ended.
    Leader(Departure),
    /// Waits for the one who runs it.
    Follower(watch::Receiver<Landing>),
}

/// A leader's entry in the list of flights, gone when dropped.
pub(crate) struct Departure {
    flights: Arc<Flights>,
    route: Route,
    landing: watch::Sender<Landing>,
}

impl Departure {
    pub(crate) fn landing(&self) -> watch::Sender<Landing> {
        self.landing.clone()
    }
}

impl Drop for Departure {
    fn drop(&mut self) {
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        if flights.get(&self.route).is_some_and(|landing| landing.same_channel(&self.landing)) {
            flights.remove(&self.route);
        }
    }
}

impl Flights {
    pub(crate) fn join(self: &Arc<Self>, key: Key, epoch: u64) -> Role {
        let route = (key, epoch);
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match flights.entry(route) {
            Slot::Occupied(flight) if matches!(*flight.get().borrow(), Landing::Flying) => {
                Role::Follower(flight.get().subscribe())
            }
            slot => {
                let (landing, _) = watch::channel(Landing::Flying);
                slot.insert_entry(landing.clone());
                Role::Leader(Departure { flights: Arc::clone(self), route, landing })
            }
        }
    }
}

/// Waits for the end of a flight. `None`: run it yourself.
pub(crate) async fn wait(mut landing: watch::Receiver<Landing>) -> Option<Result<Arc<Entry>, RunError>> {
    // The sender is gone without a word when the leader's task was torn down.
    let landed = landing.wait_for(|landing| !matches!(landing, Landing::Flying)).await.ok()?.clone();
    match landed {
        Landing::Landed(entry) => Some(Ok(entry)),
        Landing::Failed(error) => Some(Err(error)),
        Landing::Alone | Landing::Flying => None,
    }
}
