//! The right to use one connection, and the unit of a server behind it.

use std::sync::Arc;
use std::time::Instant;

use tenancy::TenantId;

use super::{Pooled, ServerKey, Shared};

/// One unit of a server's budget; free again when dropped.
pub(super) struct Unit<C: Pooled> {
    shared: Arc<Shared<C>>,
    server: ServerKey,
    /// Counted as closing as well.
    closing: bool,
}

impl<C: Pooled> Unit<C> {
    pub(super) fn closing(shared: &Arc<Shared<C>>, server: &ServerKey) -> Self {
        Self { shared: Arc::clone(shared), server: server.clone(), closing: true }
    }
}

impl<C: Pooled> Drop for Unit<C> {
    fn drop(&mut self) {
        self.shared.change(|state, effects| {
            state.free_unit(&self.server, self.closing);
            state.dispatch(&self.shared, &self.server, effects);
        });
    }
}

/// The right to one connection of one placement: one of the tenant's concurrent
/// queries and one unit of the server. Dropping it closes the connection.
pub(crate) struct Lease<C: Pooled> {
    shared: Arc<Shared<C>>,
    server: ServerKey,
    tenant: TenantId,
    fingerprint: [u8; 32],
    connection: Option<C>,
    /// False when the unit went somewhere else.
    holds_unit: bool,
}

impl<C: Pooled> Lease<C> {
    pub(super) fn new(
        shared: &Arc<Shared<C>>,
        server: &ServerKey,
        tenant: TenantId,
        fingerprint: [u8; 32],
        connection: Option<C>,
    ) -> Self {
        Self { shared: Arc::clone(shared), server: server.clone(), tenant, fingerprint, connection, holds_unit: true }
    }

    /// The connection, when there is one already. Otherwise the holder may open one.
    pub(crate) fn connection(&mut self) -> Option<&mut C> {
        self.connection.as_mut()
    }

    /// Puts in what the holder opened.
    pub(crate) fn fill(&mut self, connection: C) -> &mut C {
        self.connection.insert(connection)
    }

    /// Takes a connection out that turned out to be dead, to open another on the same unit.
    pub(crate) fn take(&mut self) -> Option<C> {
        self.connection.take()
    }

    /// The connection is clean and may be used again by the same placement.
    pub(crate) fn hand_back(mut self) {
        let Some(connection) = self.connection.take() else { return };
        self.holds_unit = false;
        self.shared.change(|state, effects| {
            state.end_query(&self.tenant);
            state.keep(&self.server, self.tenant.clone(), self.fingerprint, connection, Instant::now());
            state.dispatch_for(&self.shared, &self.server, &self.tenant, effects);
        });
    }
}

impl<C: Pooled> Drop for Lease<C> {
    fn drop(&mut self) {
        if !self.holds_unit {
            return;
        }
        let connection = self.connection.take();
        self.shared.change(|state, effects| {
            state.end_query(&self.tenant);
            match connection {
                Some(connection) => {
                    state.begin_closing(&self.server);
                    effects.close.push((connection, Unit::closing(&self.shared, &self.server)));
                }
                None => state.free_unit(&self.server, false),
            }
            state.dispatch_for(&self.shared, &self.server, &self.tenant, effects);
        });
    }
}

/// Closes a connection in the background; its unit is free after that.
pub(super) fn close_behind<C: Pooled>(connection: C, unit: Unit<C>) {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => {
            runtime.spawn(async move {
                connection.close().await;
                drop(unit);
            });
        }
        // The runtime is gone, and every socket with it.
        Err(_) => drop((connection, unit)),
    }
}
