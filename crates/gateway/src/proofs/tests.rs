//! What was found is in force at once, and for no longer than it may be.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use query::Statement;
use rusqlite::Connection as File;
use serde_json::json;
use tenancy::placement::{Connection, Level, Placement, Rows, Server, SqliteFile, Tls};
use tenancy::{Secret, SourceId, TenantId};

use super::Proof;
use crate::preflight::Outcome;
use crate::settings::{Limits, Settings};
use crate::{Gateway, ScopedQuery};

/// A file with rows of two tenants, at a level that a renamed column breaks.
struct Home {
    folder: tempfile::TempDir,
    place: Arc<Placement>,
}

const BREAK: &str = "ALTER TABLE orders RENAME COLUMN tenant_id TO gone";
const MEND: &str = "ALTER TABLE orders RENAME COLUMN gone TO tenant_id";

fn id(kind: &str, letter: char) -> String {
    format!("{kind}_{}", letter.to_string().repeat(26))
}

fn home(letter: char) -> Home {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let file = SqliteFile { path: root.join("shop.db"), root: root.as_path().into() };
    let home = Home { folder, place: placement(letter, Connection::Sqlite(file)) };
    home.run("CREATE TABLE orders (id INTEGER, tenant_id TEXT); INSERT INTO orders VALUES (1, 'a')");
    home
}

fn placement(letter: char, connection: Connection) -> Arc<Placement> {
    let tables = json!({ "orders": { "tenant": { "column": "tenant_id" } } });
    let rows =
        Rows { key: "a".to_owned(), tables: Arc::new(serde_json::from_value(tables).unwrap()), ..Rows::default() };
    let tenant = TenantId::parse(&id("ten", letter)).unwrap();
    let source = SourceId::parse(&id("src", 'a')).unwrap();
    Arc::new(Placement::for_tests(tenant, source, Level::GuardedRows, connection, rows, 4))
}

impl Home {
    fn run(&self, sql: &str) {
        File::open(self.folder.path().join("shop.db")).unwrap().execute_batch(sql).unwrap();
    }
}

fn gateway(preflight_every: Duration) -> Gateway {
    Gateway::new(Settings { preflight_every, connect_timeout: Duration::from_secs(60), ..Settings::default() })
}

async fn count(gateway: &Gateway, place: &Arc<Placement>) -> i64 {
    let statement = Statement::new("SELECT count(*) FROM orders".to_owned(), Vec::new());
    let hour = Some(Duration::from_secs(3600));
    let query = ScopedQuery::new(Arc::clone(place), statement, Limits::default(), hour, TimeZone::UTC);
    let mut rows = gateway.run(query).await.unwrap();
    let batch = rows.next().await.unwrap().unwrap();
    let found = match batch.rows().next().unwrap() {
        [crate::Cell::Int(number)] => *number,
        _ => unreachable!("one number"),
    };
    assert!(rows.next().await.is_none());
    found
}

#[tokio::test]
async fn rows_that_were_read_while_a_wall_was_down_are_not_shown_when_it_is_up_again() {
    let (gateway, home) = (gateway(Duration::from_secs(3600)), home('a'));
    assert_eq!(gateway.preflight(&home.place).await.unwrap().outcome(), Outcome::Holds);
    home.run(BREAK);
    assert_eq!(count(&gateway, &home.place).await, 1);
    home.run("INSERT INTO orders VALUES (2, 'b')");
    assert_eq!(count(&gateway, &home.place).await, 1, "from memory");
    assert_eq!(gateway.preflight(&home.place).await.unwrap().outcome(), Outcome::StopsEverything);
    // Prepared before it was found, run after it.
    assert_eq!(count(&gateway, &home.place).await, 2);
    home.run(MEND);
    home.run("DELETE FROM orders");
    assert_eq!(gateway.preflight(&home.place).await.unwrap().outcome(), Outcome::Holds);
    assert_eq!(count(&gateway, &home.place).await, 0);
}

#[tokio::test]
async fn what_runs_when_a_wall_is_found_down_is_stopped() {
    let (gateway, home) = (gateway(Duration::from_secs(3600)), home('a'));
    let ticket = gateway.inner.running.enter(home.place.tenant());
    gateway.preflight(&home.place).await.unwrap();
    assert!(!ticket.is_stopped());
    home.run(BREAK);
    gateway.preflight(&home.place).await.unwrap();
    assert!(ticket.is_stopped());
    // Once, and not at every look.
    let ticket = gateway.inner.running.enter(home.place.tenant());
    gateway.preflight(&home.place).await.unwrap();
    assert!(!ticket.is_stopped());
}

#[tokio::test]
async fn what_was_found_broken_stays_so_while_it_cannot_be_asked() {
    let (gateway, home) = (gateway(Duration::from_secs(3600)), home('a'));
    home.run(BREAK);
    assert_eq!(gateway.preflight(&home.place).await.unwrap().outcome(), Outcome::StopsEverything);
    let file = home.folder.path().join("shop.db");
    std::fs::rename(&file, file.with_extension("away")).unwrap();
    gateway.inner.prove_on_schedule(Duration::ZERO).await;
    assert!(gateway.inner.proofs.is_disabled(&home.place).await);
    assert!(gateway.inner.proof(&home.place).await.is_err());
    std::fs::rename(file.with_extension("away"), &file).unwrap();
    assert!(gateway.inner.proofs.is_disabled(&home.place).await);
    home.run(MEND);
    gateway.inner.prove_on_schedule(Duration::ZERO).await;
    assert!(!gateway.inner.proofs.is_disabled(&home.place).await);
    assert_eq!(gateway.inner.proof(&home.place).await.unwrap().outcome, Outcome::Holds);
}

#[tokio::test]
async fn a_report_that_is_older_than_the_schedule_allows_is_none() {
    let home = home('a');
    let late = gateway(Duration::from_nanos(1));
    assert_eq!(late.inner.proof(&home.place).await.unwrap().outcome, Outcome::Holds);
    home.run(BREAK);
    assert_eq!(late.inner.proof(&home.place).await.unwrap().outcome, Outcome::StopsEverything);
    home.run(MEND);
    let in_time = gateway(Duration::from_secs(3600));
    assert_eq!(in_time.inner.proof(&home.place).await.unwrap().outcome, Outcome::Holds);
    home.run(BREAK);
    assert_eq!(in_time.inner.proof(&home.place).await.unwrap().outcome, Outcome::Holds, "within the hour");
}

#[tokio::test]
async fn a_look_that_began_earlier_does_not_overrule_a_later_one() {
    let (gateway, home) = (gateway(Duration::from_secs(3600)), home('a'));
    let (early, late) = (Instant::now(), Instant::now() + Duration::from_millis(1));
    let proof =
        |outcome, began| Arc::new(Proof { placement: Arc::clone(&home.place), outcome, tables: [].into(), began });
    for (first, second) in [(Outcome::StopsEverything, Outcome::Holds), (Outcome::Holds, Outcome::StopsEverything)] {
        gateway.inner.settle(proof(first, late), true).await;
        let in_force = gateway.inner.settle(proof(second, early), true).await;
        assert_eq!(in_force.outcome, first);
        assert_eq!(gateway.inner.proof(&home.place).await.unwrap().outcome, first);
        assert_eq!(gateway.inner.proofs.is_disabled(&home.place).await, first == Outcome::StopsEverything);
        gateway.forget_tenant(home.place.tenant());
    }
}

#[tokio::test]
async fn a_server_that_never_answers_does_not_keep_the_schedule_from_the_others() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (gateway, home) = (gateway(Duration::from_secs(3600)), home('a'));
    for letter in 'b'..='g' {
        let server = Server {
            host: "127.0.0.1".to_owned(),
            port: silent.local_addr().unwrap().port(),
            database: "shop".to_owned(),
            schema: None,
            user: format!("user_{letter}"),
            password: Secret::default(),
            tls: Tls::Off,
        };
        assert!(!gateway.inner.proofs.is_disabled(&placement(letter, Connection::Postgres(server))).await);
    }
    assert!(!gateway.inner.proofs.is_disabled(&home.place).await);
    let inner = Arc::clone(&gateway.inner);
    let schedule = tokio::spawn(async move { inner.prove_on_schedule(Duration::from_secs(3600)).await });
    // What is used without a proof is looked at soon, though six others are never heard of.
    for _ in 0..1000 {
        if gateway.inner.proofs.seen.contains_key(home.place.fingerprint()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(gateway.inner.proofs.seen.contains_key(home.place.fingerprint()));
    assert!(!schedule.is_finished());
    schedule.abort();
    // It need not be looked at again so soon, and a statement that needs a proof still asks for one.
    assert!(!gateway.inner.proofs.is_disabled(&home.place).await);
    assert!(gateway.inner.proofs.take_wanted().is_empty());
    assert!(!gateway.inner.proof(&home.place).await.unwrap().tables.is_empty());
}
