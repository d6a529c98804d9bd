//! `kill -9` at any moment: what was acknowledged is there with its entry in the log, and nothing is there by halves.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tenancy::Tenancy;
use tenancy::model::content::DashboardDraft;

use crate::world::{KEY_FILE, NOW, console, draft, everything, host};

/// Where the child writes, and the seed of its randomness. Without it the child has nothing to do.
const CHILD: &str = "TENANCY_CRASH_CHILD";

async fn open(path: &Path, seed: u64) -> Tenancy {
    let host = host(seed, &Arc::new(AtomicI64::new(NOW)));
    let keyring = tenancy::Keyring::parse(KEY_FILE).unwrap();
    let settings = tenancy::Settings::default();
    Tenancy::open(tenancy::StoreLocation::Sqlite(path), host, keyring, settings).await.unwrap()
}

/// The process that is killed: makes a tenant, a key and a dashboard over and over, and says each id once the kernel
/// has acknowledged it.
#[tokio::test]
#[ignore = "is the child of the test below"]
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "its parent talks to it by environment and pipe")]
async fn child() {
    let Ok(place) = std::env::var(CHILD) else { return };
    let (seed, path) = place.split_once(':').unwrap();
    let seed: u64 = seed.parse().unwrap();
    let tenancy = open(Path::new(path), seed).await;
    let operator = console(&tenancy);
    for number in 0.. {
        let slug = format!("t{seed}-{number}");
        let tenant = operator.create_tenant(draft(json!({ "slug": slug, "name": "T" }))).await.unwrap();
        println!("+tenant {}", tenant.id);
        let office = operator.tenant_keys(&slug).await.unwrap();
        let key = office.create_api_key(draft(json!({ "name": "k", "scopes": everything() }))).await.unwrap();
        println!("+api_key {}", key.key.id);
        let new = json!({ "slug": slug, "name": "D" });
        let new = operator.library().unwrap().create::<DashboardDraft>(draft(new)).await.unwrap();
        println!("+dashboard {}", new.id);
    }
}

/// Starts the child, kills it after so many acknowledgements and a moment, and returns all that it acknowledged.
fn run_and_kill(place: &str, acknowledged: u32, moment: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(CHILD, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    // A line may begin behind the test harness's own words; the last one may be cut.
    let mut hear = |line: String| said.extend(line.split_once('+').map(|(_, words)| words.to_owned()));
    let mut heard = 0;
    while heard < acknowledged {
        let line = lines.next().expect("the child ended by itself").unwrap();
        heard += u32::from(line.contains('+'));
        hear(line);
    }
    std::thread::sleep(moment);
    child.kill().unwrap();
    lines.map_while(Result::ok).for_each(hear);
    assert!(!child.wait().unwrap().success());
    said
}

/// Kills one after the other on one store. Returns how many were killed.
async fn kills(lane: u64, rounds: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("meta.db");
    let mut chance = StdRng::seed_from_u64(lane);
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let place = format!("{}:{}", lane * 1000 + round + 1, path.display());
        let after = chance.random_range(0..4);
        let moment = Duration::from_micros(chance.random_range(0..12_000));
        acknowledged.extend(tokio::task::spawn_blocking(move || run_and_kill(&place, after, moment)).await.unwrap());
        if round % 10 == 9 || round + 1 == rounds {
            check(&path, lane, &acknowledged).await;
        }
    }
    assert!(acknowledged.len() as u64 > rounds, "the children did too little to prove anything");
    rounds
}

async fn check(path: &Path, lane: u64, acknowledged: &[String]) {
    // As the program itself opens it after a crash.
    open(path, lane).await.close().await;
    let url = format!("sqlite://{}", path.display());
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    let texts = async |statement: &str| -> Vec<String> {
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement.to_owned())).fetch_all(&pool).await.unwrap()
    };
    let numbers = async |statement: &str| -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement.to_owned())).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(texts("PRAGMA integrity_check").await, ["ok"]);
    let stored: std::collections::HashSet<String> = texts(
        "SELECT 'tenant ' || id FROM tenant UNION ALL SELECT 'api_key ' || id FROM api_key UNION ALL SELECT 'dashboard ' || id FROM dashboard",
    )
    .await
    .into_iter()
    .collect();
    let entries = texts("SELECT substr(action, 1, instr(action, '.') - 1) || ' ' || object FROM audit").await;
    let entered: std::collections::HashSet<String> = entries.iter().cloned().collect();
    for words in acknowledged {
        assert!(stored.contains(words) && entered.contains(words), "{words} was acknowledged and is not there");
    }
    // Both ways: no thing without its entry, no entry without its thing, no number twice or left out.
    assert_eq!(stored, entered);
    assert_eq!(entries.len() as i64, numbers("SELECT seq FROM change_counter").await);
    assert_eq!(entries.len() as i64, numbers("SELECT MAX(seq) FROM audit").await);
    assert_eq!(numbers("SELECT COUNT(*) FROM space").await, numbers("SELECT COUNT(*) + 1 FROM tenant").await);
    pool.close().await;
}

#[tokio::test]
async fn more_than_two_hundred_kills_lose_nothing() {
    let lanes: Vec<_> = (1..=4).map(|lane| tokio::spawn(kills(lane, 60))).collect();
    let mut killed = 0;
    for lane in lanes {
        killed += lane.await.unwrap();
    }
    assert_eq!(killed, 240);
}
