//! The result cache and joined queries: who shares what with whom, and who never does.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use gateway::{Gateway, RunError, Settings};
use query::Bind;
use serde_json::json;

use crate::world::{Ask, document, gateway, sqlite, tenant, until};

const TABLES: &str = "CREATE TABLE v (x); INSERT INTO v VALUES (1)";
const SLOW: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 3000000) SELECT count(*), (SELECT x FROM v) FROM n";
const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT count(*) FROM n";

fn set(dir: &std::path::Path, number: u8, value: i64) {
    let file = rusqlite::Connection::open(dir.join(format!("tenant-{number}.db"))).unwrap();
    file.execute("UPDATE v SET x = ?", [value]).unwrap();
}

fn cached(mut ask: Ask) -> Ask {
    ask.ttl = Some(Duration::from_secs(600));
    ask
}

#[tokio::test]
async fn a_cached_result_is_the_tenants_own() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let (one, two) = (sqlite(dir.path(), 0, TABLES), sqlite(dir.path(), 1, TABLES));
    set(dir.path(), 1, 22);
    let ask = |place| cached(Ask::new(place, "SELECT x FROM v WHERE ? = 5").bind(Bind::Int(5)));
    let first = ask(&one).document(&gateway).await.unwrap();
    assert_eq!((&first["rows"], &first["cached"]), (&json!([[1]]), &json!(false)));
    let other = ask(&two).document(&gateway).await.unwrap();
    assert_eq!((&other["rows"], &other["cached"]), (&json!([[22]]), &json!(false)));
    set(dir.path(), 0, 3);
    let again = ask(&one).document(&gateway).await.unwrap();
    assert_eq!((&again["rows"], &again["cached"]), (&json!([[1]]), &json!(true)));
    // Whatever differs in the question makes it another question.
    let same = || Ask::new(&one, "SELECT x FROM v WHERE ? = 5");
    let mut narrow = cached(same().bind(Bind::Int(5)));
    narrow.limits.max_rows = 7;
    let mut moved = cached(same().bind(Bind::Int(5)));
    moved.timezone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
    for (ask, rows) in [
        (cached(same().bind(Bind::Float(5.0))), json!([[3]])),
        (cached(same().bind(Bind::Text("5".into()))), json!([])),
        (cached(Ask::new(&one, "SELECT x FROM v  WHERE ? = 5").bind(Bind::Int(5))), json!([[3]])),
        (narrow, json!([[3]])),
        (moved, json!([[3]])),
        (same().bind(Bind::Int(5)), json!([[3]])),
    ] {
        let answer = ask.document(&gateway).await.unwrap();
        assert_eq!((&answer["rows"], &answer["cached"]), (&rows, &json!(false)));
    }
}

#[tokio::test]
async fn a_flush_is_one_tenants() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let places = [sqlite(dir.path(), 0, TABLES), sqlite(dir.path(), 1, TABLES)];
    let ask = |number: usize| cached(Ask::new(&places[number], "SELECT x FROM v"));
    for number in [0, 1] {
        ask(number).document(&gateway).await.unwrap();
        set(dir.path(), u8::try_from(number).unwrap(), 9);
    }
    gateway.flush_cache(&tenant(0));
    let answers = [ask(0).document(&gateway).await.unwrap(), ask(1).document(&gateway).await.unwrap()];
    assert_eq!((&answers[0]["rows"], &answers[0]["cached"]), (&json!([[9]]), &json!(false)));
    assert_eq!((&answers[1]["rows"], &answers[1]["cached"]), (&json!([[1]]), &json!(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_began_before_a_flush_is_not_kept_after_it() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let running = tokio::spawn({
        let (gateway, ask) = (gateway.clone(), cached(Ask::new(&place, SLOW)));
        async move { ask.document(&gateway).await.unwrap() }
    });
    until("it runs", async || gateway.stats().servers.first().is_some_and(|server| server.open > server.idle)).await;
    gateway.flush_cache(&tenant(0));
    running.await.unwrap();
    let again = cached(Ask::new(&place, SLOW)).document(&gateway).await.unwrap();
    assert_eq!(again["cached"], json!(false));
}

#[tokio::test]
async fn a_cut_off_or_large_result_is_not_kept() {
    let settings = Settings { cache_entry_bytes: 10_000, ..Settings::default() };
    let (gateway, dir) = (Gateway::new(settings), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 5000) SELECT x FROM n";
    for _ in 0..2 {
        let mut cut = cached(Ask::new(&place, many));
        cut.limits.max_rows = 10;
        for ask in [cut, cached(Ask::new(&place, many))] {
            assert_eq!(ask.document(&gateway).await.unwrap()["cached"], json!(false));
        }
    }
    assert_eq!(gateway.stats().cache_entries, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identical_running_queries_are_run_once_per_tenant() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let places = [sqlite(dir.path(), 0, TABLES), sqlite(dir.path(), 1, TABLES)];
    set(dir.path(), 1, 22);
    let tasks = (0..40).map(|number| {
        let (gateway, place) = (gateway.clone(), places[number % 2].clone());
        tokio::spawn(async move { (number % 2, Ask::new(&place, SLOW).rows(&gateway).await.unwrap()) })
    });
    let answers = join_all(tasks.collect::<Vec<_>>());
    let watched = async {
        let mut most = 0;
        loop {
            most = most.max(gateway.stats().servers.first().map_or(0, |server| server.open));
            assert!(most <= 2, "{most} connections for two different queries");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let answers = tokio::select! { answers = answers => answers, () = watched => unreachable!("watches for ever") };
    for answer in answers {
        let (number, rows) = answer.unwrap();
        assert_eq!(rows, json!([[3_000_000, if number == 0 { 1 } else { 22 }]]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_does_not_take_the_others_along() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let leader = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, SLOW).rows(&gateway).await }
    });
    until("it runs", async || gateway.stats().servers.first().is_some_and(|server| server.open > server.idle)).await;
    let follower = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, SLOW).rows(&gateway).await }
    });
    tokio::time::sleep(Duration::from_millis(30)).await;
    leader.abort();
    assert_eq!(follower.await.unwrap().unwrap(), json!([[3_000_000, 1]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_nobody_wants_stops() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let asking = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, ENDLESS).rows(&gateway).await }
    });
    until("it runs", async || gateway.stats().servers.first().is_some_and(|server| server.open > server.idle)).await;
    asking.abort();
    until("it stops", async || gateway.stats().servers.iter().all(|server| server.open == server.idle)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_tenant_gets_no_further_byte() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let (place, other) = (sqlite(dir.path(), 0, TABLES), sqlite(dir.path(), 1, TABLES));
    let running = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, ENDLESS).refusal(&gateway).await }
    });
    let joined = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, ENDLESS).refusal(&gateway).await }
    });
    let many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 50000) SELECT x FROM n";
    let mut reading = Ask::new(&place, many).stream(&gateway).await.unwrap();
    let mut others = Ask::new(&other, many).stream(&gateway).await.unwrap();
    assert!(reading.next().await.unwrap().is_ok());
    cached(Ask::new(&place, "SELECT x FROM v")).document(&gateway).await.unwrap();
    // The two that are read, and what does not end.
    let at_work = || gateway.stats().servers.iter().map(|server| server.open - server.idle).sum::<u32>();
    until("it runs", async || at_work() == 3).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    gateway.forget_tenant(&tenant(0));
    assert_eq!(reading.next().await.and_then(Result::err), Some(RunError::Cancelled));
    assert!(reading.next().await.is_none());
    assert_eq!(running.await.unwrap(), RunError::Cancelled);
    assert_eq!(joined.await.unwrap(), RunError::Cancelled);
    assert_eq!(gateway.stats().cache_entries, 0);
    let mut rows = 0;
    while let Some(batch) = others.next().await {
        rows += batch.unwrap().len();
    }
    assert_eq!(rows, 50_000, "somebody else's stream was cut");
}

#[tokio::test]
async fn a_slow_reader_holds_little_and_gets_everything() {
    let settings = Settings { cache_entry_bytes: 1000, ..Settings::default() };
    let (gateway, dir) = (Gateway::new(settings), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 50000) SELECT x FROM n";
    let mut stream = Ask::new(&place, many).stream(&gateway).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stats = gateway.stats();
    assert_eq!(stats.servers[0].open - stats.servers[0].idle, 1, "the query waits for its reader");
    let mut next = 1;
    while let Some(batch) = stream.next().await {
        for row in batch.unwrap().rows() {
            assert!(row[0] == gateway::Cell::Int(next));
            next += 1;
        }
    }
    assert_eq!((next, stream.summary().unwrap().row_count), (50_001, 50_000));
}

#[tokio::test]
async fn events_and_document_agree_fresh_and_cached() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    for is_cached in [false, true] {
        let events = gateway::encode::json::events(
            cached(Ask::new(&place, "SELECT x, 'a\nb' AS \"the \"\"text\"\"\" FROM v")).stream(&gateway).await.unwrap(),
            "i1",
        );
        let lines: Vec<_> = events.map(Result::unwrap).collect::<Vec<_>>().await.concat();
        let lines: Vec<serde_json::Value> =
            String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let columns = json!([{"name": "x", "type": "integer"}, {"name": "the \"text\"", "type": "text"}]);
        assert_eq!(
            json!(lines),
            json!([
                {"item": "i1", "event": "columns", "columns": columns},
                {"item": "i1", "event": "rows", "rows": [[1, "a\nb"]]},
                {"item": "i1", "event": "done", "row_count": 1, "truncated": false, "cached": is_cached},
            ])
        );
    }
    let stream = cached(Ask::new(&place, "SELECT 1 AS one")).stream(&gateway).await.unwrap();
    assert_eq!(
        document(stream).await.unwrap(),
        br#"{"columns":[{"name":"one","type":"integer"}],"rows":[[1]],"row_count":1,"truncated":false,"cached":false}"#
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_at_once_is_refused_for_the_one_who_asks_too_much() {
    let settings = Settings { tenant_queue: 0, ..Settings::default() };
    let (gateway, dir) = (Gateway::new(settings), tempfile::tempdir().unwrap());
    let (place, other) = (sqlite(dir.path(), 0, TABLES), sqlite(dir.path(), 1, TABLES));
    let mut long = Ask::new(&place, ENDLESS);
    long.limits.tenant_concurrency = 1;
    let running = tokio::spawn({
        let gateway = gateway.clone();
        async move { long.rows(&gateway).await }
    });
    until("it runs", async || gateway.stats().servers.first().is_some_and(|server| server.open > server.idle)).await;
    let mut more = Ask::new(&place, "SELECT 1");
    more.limits.tenant_concurrency = 1;
    let refused = more.refusal(&gateway).await;
    assert!(matches!(refused, RunError::TenantBusy { .. }) && refused.retry_after().is_some());
    assert_eq!(Ask::new(&other, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
    running.abort();
}

#[tokio::test]
async fn an_unused_connection_is_closed_after_a_while() {
    let settings = Settings { idle_timeout: Duration::from_millis(100), ..Settings::default() };
    let (gateway, dir) = (Gateway::new(settings), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap();
    until("nothing is open", async || gateway.stats().servers.is_empty()).await;
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
}
