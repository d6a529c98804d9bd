//! The book of units, idle connections and waiting queries.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use tenancy::TenantId;
use tokio::sync::oneshot;

use super::lease::Unit;
use super::{Counts, Effects, Lease, Pooled, Refused, ServerKey, Shared, Want};

pub(super) struct State<C: Pooled> {
    servers: HashMap<ServerKey, Server<C>>,
    tenants: HashMap<TenantId, Tenant>,
    next_ticket: u64,
}

struct Server<C: Pooled> {
    /// Units in use: connections being opened, leased, idle and closing.
    taken: u32,
    /// Those of them that are closing.
    closing: u32,
    /// Unused connections, the one unused for longest first.
    idle: VecDeque<Idle<C>>,
    /// Tenants with waiting queries, in the order of their turns.
    ring: VecDeque<TenantId>,
    queues: HashMap<TenantId, VecDeque<Waiter<C>>>,
    waiting: u32,
}

pub(super) struct Idle<C> {
    connection: C,
    pub(super) tenant: TenantId,
    fingerprint: [u8; 32],
    pub(super) since: Instant,
}

#[derive(Default)]
struct Tenant {
    active: u32,
    waiting: u32,
}

pub(super) struct Waiter<C: Pooled> {
    ticket: u64,
    fingerprint: [u8; 32],
    limit: u32,
    concurrency: u32,
    pub(super) tell: oneshot::Sender<Lease<C>>,
}

impl<C: Pooled> Server<C> {
    fn new() -> Self {
        Self { taken: 0, closing: 0, idle: VecDeque::new(), ring: VecDeque::new(), queues: HashMap::new(), waiting: 0 }
    }
}

impl<C: Pooled> State<C> {
    pub(super) fn new() -> Self {
        Self { servers: HashMap::new(), tenants: HashMap::new(), next_ticket: 0 }
    }

    pub(super) fn enqueue(&mut self, want: &Want, tell: oneshot::Sender<Lease<C>>) -> u64 {
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        let server = self.servers.entry(want.server.clone()).or_insert_with(Server::new);
        let queue = server.queues.entry(want.tenant.clone()).or_default();
        if queue.is_empty() {
            server.ring.push_back(want.tenant.clone());
        }
        queue.push_back(Waiter {
            ticket,
            fingerprint: want.fingerprint,
            limit: want.limit.max(1),
            concurrency: want.concurrency.max(1),
            tell,
        });
        server.waiting += 1;
        self.tenants.entry(want.tenant.clone()).or_default().waiting += 1;
        ticket
    }

    /// Takes the newcomer out of the queue again when it stands beyond a queue's end.
    pub(super) fn refuse_if_full(&mut self, want: &Want, ticket: u64) -> Option<Refused> {
        let server = self.servers.get(&want.server)?;
        let waits = server.queues.get(&want.tenant)?.iter().any(|waiter| waiter.ticket == ticket);
        let refused = if self.tenants.get(&want.tenant).is_some_and(|tenant| tenant.waiting > want.tenant_queue) {
            Refused::Tenant
        } else if server.waiting > want.server_queue {
            Refused::Server
        } else {
            return None;
        };
        waits.then(|| {
            self.leave(want, ticket);
            refused
        })
    }

    /// Who is to be blamed for a wait that lasted too long.
    pub(super) fn blame(&self, want: &Want) -> Refused {
        match self.tenants.get(&want.tenant) {
            Some(tenant) if tenant.active >= want.concurrency => Refused::Tenant,
            _ => Refused::Server,
        }
    }

    pub(super) fn leave(&mut self, want: &Want, ticket: u64) {
        let Some(server) = self.servers.get_mut(&want.server) else { return };
        let Some(queue) = server.queues.get_mut(&want.tenant) else { return };
        let before = queue.len();
        queue.retain(|waiter| waiter.ticket != ticket);
        let left = u32::try_from(before - queue.len()).unwrap_or(u32::MAX);
        if queue.is_empty() {
            server.queues.remove(&want.tenant);
            server.ring.retain(|tenant| *tenant != want.tenant);
        }
        server.waiting -= left;
        self.stop_waiting(&want.tenant, left);
        self.tidy(&want.server);
    }

    fn stop_waiting(&mut self, tenant: &TenantId, number: u32) {
        if let Some(entry) = self.tenants.get_mut(tenant) {
            entry.waiting -= number;
            if entry.waiting == 0 && entry.active == 0 {
                self.tenants.remove(tenant);
            }
        }
    }

    pub(super) fn end_query(&mut self, tenant: &TenantId) {
        if let Some(entry) = self.tenants.get_mut(tenant) {
            entry.active -= 1;
            if entry.waiting == 0 && entry.active == 0 {
                self.tenants.remove(tenant);
            }
        }
    }

    pub(super) fn keep(
        &mut self,
        server: &ServerKey,
        tenant: TenantId,
        fingerprint: [u8; 32],
        connection: C,
        since: Instant,
    ) {
        if let Some(server) = self.servers.get_mut(server) {
            server.idle.push_back(Idle { connection, tenant, fingerprint, since });
        }
    }

    pub(super) fn begin_closing(&mut self, server: &ServerKey) {
        if let Some(server) = self.servers.get_mut(server) {
            server.closing += 1;
        }
    }

    pub(super) fn free_unit(&mut self, key: &ServerKey, closing: bool) {
        if let Some(server) = self.servers.get_mut(key) {
            server.taken -= 1;
            if closing {
                server.closing -= 1;
            }
        }
        self.tidy(key);
    }

    fn tidy(&mut self, key: &ServerKey) {
        if self.servers.get(key).is_some_and(|server| server.taken == 0 && server.waiting == 0) {
            self.servers.remove(key);
        }
    }

    /// After a query of `tenant` ended: its own limit has room at every server, `server` has a unit.
    pub(super) fn dispatch_for(
        &mut self,
        shared: &Arc<Shared<C>>,
        server: &ServerKey,
        tenant: &TenantId,
        effects: &mut Effects<C>,
    ) {
        self.dispatch(shared, server, effects);
        if self.tenants.get(tenant).is_some_and(|entry| entry.waiting > 0) {
            let others: Vec<ServerKey> = self
                .servers
                .iter()
                .filter(|(key, other)| *key != server && other.queues.contains_key(tenant))
                .map(|(key, _)| key.clone())
                .collect();
            for other in others {
                self.dispatch(shared, &other, effects);
            }
        }
    }

    /// Gives out what can be given, one turn per tenant and round, then makes room for whom nothing was left.
    pub(super) fn dispatch(&mut self, shared: &Arc<Shared<C>>, key: &ServerKey, effects: &mut Effects<C>) {
        let Some(server) = self.servers.get_mut(key) else { return };
        loop {
            let mut served = false;
            let mut short = 0_u32;
            // Who had a turn goes behind all who had none.
            let mut behind = Vec::new();
            for tenant in std::mem::take(&mut server.ring) {
                let Some(queue) = server.queues.get_mut(&tenant) else { continue };
                let entry = self.tenants.entry(tenant.clone()).or_default();
                while queue.front().is_some_and(Waiter::is_gone) {
                    queue.pop_front();
                    server.waiting -= 1;
                    entry.waiting -= 1;
                }
                let Some(first) = queue.front() else {
                    server.queues.remove(&tenant);
                    if entry.waiting == 0 && entry.active == 0 {
                        self.tenants.remove(&tenant);
                    }
                    continue;
                };
                if entry.active >= first.concurrency {
                    server.ring.push_back(tenant);
                    continue;
                }
                // Those before this one in the ring for whom no unit is on its way yet have a right to
                // the idle connections first; else a busy tenant would pass its own on to itself for ever.
                let owed = usize::try_from(short.saturating_sub(server.closing)).unwrap_or(usize::MAX);
                let own = server.idle.iter().rposition(|idle| idle.fingerprint == first.fingerprint);
                let connection = match own {
                    Some(place) if server.idle.len() > owed => server.idle.remove(place),
                    _ if server.taken < first.limit => {
                        server.taken += 1;
                        None
                    }
                    _ => {
                        short += 1;
                        server.ring.push_back(tenant);
                        continue;
                    }
                };
                let Some(waiter) = queue.pop_front() else { continue };
                served = true;
                server.waiting -= 1;
                entry.waiting -= 1;
                entry.active += 1;
                if queue.is_empty() {
                    server.queues.remove(&tenant);
                } else {
                    behind.push(tenant.clone());
                }
                let connection = connection.map(|idle| idle.connection);
                let lease = Lease::new(shared, key, tenant, waiter.fingerprint, connection);
                effects.deliver.push((waiter.tell, lease));
            }
            server.ring.extend(behind);
            if !served {
                let evict = short.saturating_sub(server.closing);
                for _ in 0..evict {
                    let Some(idle) = server.idle.pop_front() else { break };
                    server.closing += 1;
                    effects.close.push((idle.connection, Unit::closing(shared, key)));
                }
                return;
            }
        }
    }

    /// Closes the idle connections that `which` names.
    pub(super) fn evict_where(
        &mut self,
        shared: &Arc<Shared<C>>,
        effects: &mut Effects<C>,
        which: impl Fn(&Idle<C>) -> bool,
    ) {
        for (key, server) in &mut self.servers {
            for _ in 0..server.idle.len() {
                let Some(idle) = server.idle.pop_front() else { break };
                if which(&idle) {
                    server.closing += 1;
                    effects.close.push((idle.connection, Unit::closing(shared, key)));
                } else {
                    server.idle.push_back(idle);
                }
            }
        }
    }

    pub(super) fn counts(&self) -> Vec<(ServerKey, Counts)> {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        self.servers
            .iter()
            .map(|(key, server)| {
                let counts = Counts {
                    taken: server.taken,
                    idle: number(server.idle.len()),
                    closing: server.closing,
                    waiting: server.waiting,
                };
                (key.clone(), counts)
            })
            .collect()
    }
}
