//! The budget under a seeded schedule: time is paused, so a wait that nobody ends runs into its limit and fails the test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tenancy::TenantId;
use tokio::task::yield_now;

use super::{Budget, Lease, Pooled, Refused, ServerKey, Want};

/// A connection that counts itself as long as it is open.
struct Fake {
    owner: [u8; 32],
    open: Arc<AtomicU32>,
    slowness: u64,
}

impl Pooled for Fake {
    async fn close(self) {
        for _ in 0..self.slowness {
            yield_now().await;
        }
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn tenant(number: u8) -> TenantId {
    let letter = char::from(b'a' + number);
    TenantId::parse(&format!("ten_{}", letter.to_string().repeat(26))).unwrap()
}

fn want(number: u8, limit: u32, concurrency: u32) -> Want {
    Want {
        server: ServerKey("db:1".into()),
        tenant: tenant(number),
        fingerprint: [number; 32],
        limit,
        concurrency,
        tenant_queue: 1000,
        server_queue: 1000,
        wait: Duration::from_secs(3600),
    }
}

fn filled(lease: &mut Lease<Fake>, owner: u8, open: &Arc<AtomicU32>, limit: u32, slowness: u64) {
    if let Some(connection) = lease.connection() {
        assert_eq!(connection.owner, [owner; 32], "a connection crossed over to another placement");
        return;
    }
    let now = open.fetch_add(1, Ordering::SeqCst) + 1;
    assert!(now <= limit, "{now} connections are open, {limit} are allowed");
    lease.fill(Fake { owner: [owner; 32], open: Arc::clone(open), slowness });
}

async fn settle() {
    for _ in 0..1000 {
        yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn random_schedules_keep_the_book() {
    for seed in 1..=60_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let limit = u32::try_from(1 + dice.roll(5)).unwrap();
        let concurrency = u32::try_from(1 + dice.roll(3)).unwrap();
        let budget = Budget::<Fake>::new();
        let open = Arc::new(AtomicU32::new(0));
        let mut tasks = Vec::new();
        for number in 0..6_u8 {
            let active = Arc::new(AtomicU32::new(0));
            for _ in 0..3 {
                let (budget, open, active) = (budget.clone(), Arc::clone(&open), Arc::clone(&active));
                let mut dice = Dice(dice.roll(u64::MAX) | 1);
                tasks.push(tokio::spawn(async move {
                    for _ in 0..20 {
                        let acquiring = budget.acquire(want(number, limit, concurrency));
                        let mut lease = if dice.roll(4) == 0 {
                            // Somebody who loses patience.
                            let patience = dice.roll(6);
                            let leaving = async {
                                for _ in 0..patience {
                                    yield_now().await;
                                }
                            };
                            tokio::select! {
                                biased;
                                lease = acquiring => lease.unwrap(),
                                () = leaving => continue,
                            }
                        } else {
                            acquiring.await.unwrap()
                        };
                        let now = active.fetch_add(1, Ordering::SeqCst) + 1;
                        assert!(now <= concurrency, "a tenant has {now} queries, {concurrency} are allowed");
                        if dice.roll(10) > 0 {
                            filled(&mut lease, number, &open, limit, dice.roll(5));
                        }
                        for _ in 0..dice.roll(5) {
                            yield_now().await;
                        }
                        active.fetch_sub(1, Ordering::SeqCst);
                        match dice.roll(3) {
                            0 => drop(lease),
                            _ => lease.hand_back(),
                        }
                    }
                }));
            }
        }
        for task in tasks {
            task.await.unwrap();
        }
        budget.expire(Instant::now(), Duration::ZERO);
        settle().await;
        assert_eq!(open.load(Ordering::SeqCst), 0, "seed {seed}: a connection was lost");
        assert!(budget.counts().is_empty(), "seed {seed}: a unit was lost");
    }
}

#[tokio::test(start_paused = true)]
async fn tenants_take_turns() {
    let budget = Budget::<Fake>::new();
    let first = budget.acquire(want(0, 1, 100)).await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in [0, 0, 0, 0, 1, 1, 2] {
        let (budget, order) = (budget.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            let lease = budget.acquire(want(number, 1, 100)).await.unwrap();
            order.lock().unwrap().push(number);
            drop(lease);
        }));
        settle().await;
    }
    drop(first);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 0, 1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_tenant_does_not_pass_its_connection_to_itself_for_ever() {
    let budget = Budget::<Fake>::new();
    let open = Arc::new(AtomicU32::new(0));
    let mut lease = budget.acquire(want(0, 1, 100)).await.unwrap();
    filled(&mut lease, 0, &open, 1, 3);
    let other = tokio::spawn({
        let (budget, open) = (budget.clone(), Arc::clone(&open));
        async move {
            let mut lease = budget.acquire(want(1, 1, 100)).await.unwrap();
            filled(&mut lease, 1, &open, 1, 3);
        }
    });
    settle().await;
    let mut own = Vec::new();
    for _ in 0..5 {
        let budget = budget.clone();
        own.push(tokio::spawn(async move { budget.acquire(want(0, 1, 100)).await.unwrap().hand_back() }));
    }
    settle().await;
    lease.hand_back();
    other.await.unwrap();
    for task in own {
        task.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_used_again_by_its_own_placement_only() {
    let budget = Budget::<Fake>::new();
    let open = Arc::new(AtomicU32::new(0));
    let mut lease = budget.acquire(want(0, 2, 10)).await.unwrap();
    filled(&mut lease, 0, &open, 2, 0);
    lease.hand_back();
    assert!(budget.acquire(want(1, 2, 10)).await.unwrap().connection().is_none());
    let mut again = budget.acquire(want(0, 2, 10)).await.unwrap();
    assert_eq!(again.connection().unwrap().owner, [0; 32]);
    again.hand_back();
    // A changed placement has another fingerprint: it does not get the old connection.
    let changed = Want { fingerprint: [9; 32], ..want(0, 2, 10) };
    assert!(budget.acquire(changed).await.unwrap().connection().is_none());
    budget.forget(&tenant(0));
    settle().await;
    assert_eq!(open.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn full_queues_refuse_and_say_whose_fault_it_is() {
    let budget = Budget::<Fake>::new();
    let held = budget.acquire(want(0, 1, 1)).await.unwrap();
    let short = |number| Want { tenant_queue: 1, server_queue: 2, ..want(number, 1, 1) };
    let waiting = tokio::spawn({
        let (budget, want) = (budget.clone(), short(0));
        async move { budget.acquire(want).await.map(drop) }
    });
    settle().await;
    assert_eq!(budget.acquire(short(0)).await.map(drop), Err(Refused::Tenant));
    let other = tokio::spawn({
        let (budget, want) = (budget.clone(), short(1));
        async move { budget.acquire(want).await.map(drop) }
    });
    settle().await;
    assert_eq!(budget.acquire(short(2)).await.map(drop), Err(Refused::Server));
    drop(held);
    assert_eq!((waiting.await.unwrap(), other.await.unwrap()), (Ok(()), Ok(())));
    assert!(budget.counts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_in_time_and_blames_the_right_one() {
    let budget = Budget::<Fake>::new();
    let _held = budget.acquire(want(0, 1, 1)).await.unwrap();
    let brief = |number| Want { wait: Duration::from_secs(1), ..want(number, 1, 1) };
    assert_eq!(budget.acquire(brief(0)).await.map(drop), Err(Refused::Tenant));
    assert_eq!(budget.acquire(brief(1)).await.map(drop), Err(Refused::Server));
    let counts = budget.counts();
    assert_eq!((counts[0].1.waiting, counts[0].1.taken), (0, 1));
}
