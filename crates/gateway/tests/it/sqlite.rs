//! SQLite: values, walls, limits.

use std::time::{Duration, Instant};

use gateway::RunError;
use query::Bind;
use serde_json::json;
use tenancy::placement::{Connection, SqliteFile};

use crate::world::{Ask, gateway, placement, sqlite};

const TABLES: &str = "
    CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, d DATE, m DATETIME, z TIMESTAMPTZ, f BOOLEAN, j JSON);
    INSERT INTO t VALUES
      (9223372036854775807, 1.5, 'naïve 🦊', x'00ff', '1969-12-31', '2026-03-29 02:30:00', '2026-07-01T00:00:00Z', 1, '{\"a\":[1]}'),
      (-9223372036854775808, -0.0, '', x'', 'soon', NULL, NULL, 0, NULL),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);";

#[tokio::test]
async fn values_keep_their_types() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let mut ask = Ask::new(&place, "SELECT * FROM t");
    ask.timezone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
    let document = ask.document(&gateway).await.unwrap();
    let kinds: Vec<_> = document["columns"].as_array().unwrap().iter().map(|column| column["type"].clone()).collect();
    // One day is no date, so the column as a whole is not one either.
    assert_eq!(
        json!(kinds),
        json!(["integer", "float", "text", "binary", "unknown", "datetime", "timestamp", "boolean", "json"])
    );
    assert_eq!(
        document["rows"],
        json!([
            ["9223372036854775807", 1.5, "naïve 🦊", "AP8=", "1969-12-31", "2026-03-29T02:30:00", "2026-07-01T02:00:00+02:00", true, {"a": [1]}],
            ["-9223372036854775808", -0.0, "", "", "soon", null, null, false, null],
            [null, null, null, null, null, null, null, null, null],
        ])
    );
    assert_eq!((&document["row_count"], &document["truncated"]), (&json!(3), &json!(false)));
}

#[tokio::test]
async fn parameters_are_values() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let ask = Ask::new(&place, "SELECT ?, ?, ?, typeof(?), ?, ?")
        .bind(Bind::Text("'; DROP TABLE t; --".into()))
        .bind(Bind::Int(i64::MIN))
        .bind(Bind::Bool(true))
        .bind(Bind::Decimal("10.5".into()))
        .bind(Bind::Date("1969-12-31".parse().unwrap()))
        .bind(Bind::Timestamp("2026-01-01T10:00:00.5Z".parse().unwrap()));
    assert_eq!(
        ask.rows(&gateway).await.unwrap(),
        json!([["'; DROP TABLE t; --", "-9223372036854775808", 1, "real", "1969-12-31", "2026-01-01 10:00:00.5"]])
    );
    assert_eq!(Ask::new(&place, "SELECT ?").refusal(&gateway).await, RunError::ParameterRefused);
    assert_eq!(Ask::new(&place, "SELECT 1").bind(Bind::Null).refusal(&gateway).await, RunError::ParameterRefused);
}

#[tokio::test]
async fn nothing_but_reading_this_file_is_possible() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    sqlite(dir.path(), 1, "CREATE TABLE secret (x); INSERT INTO secret VALUES ('BRAVO')");
    let other = dir.path().join("tenant-1.db");
    let before = std::fs::read(dir.path().join("tenant-0.db")).unwrap();
    for sql in [
        &format!("ATTACH '{}' AS o", other.display()),
        &format!("VACUUM INTO '{}/copy.db'", dir.path().display()),
        "INSERT INTO t (i) VALUES (1)",
        "INSERT INTO t (i) VALUES (1) RETURNING i",
        "DELETE FROM t",
        "CREATE TEMP TABLE x (y)",
        "CREATE TEMP VIEW x AS SELECT 1",
        "PRAGMA query_only = off",
        "PRAGMA database_list",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM sqlite_dbpage",
        "SELECT * FROM dbstat",
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')",
        "BEGIN IMMEDIATE",
        "SAVEPOINT a",
        "SELECT 1; SELECT 2",
        "EXPLAIN SELECT 1",
        "EXPLAIN QUERY PLAN SELECT * FROM t",
        "",
        "-- nothing",
        "SELECT \"no_such_column\" FROM t",
        "SELECT nothing FROM nowhere",
    ] {
        let error = Ask::new(&place, sql).refusal(&gateway).await;
        assert!(matches!(error, RunError::QueryFailed { .. }), "{sql}: {error}");
    }
    assert_eq!(std::fs::read(dir.path().join("tenant-0.db")).unwrap(), before);
    assert!(!dir.path().join("copy.db").exists());
    // And honest statements still run, on the same connection.
    let rows = Ask::new(
        &place,
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<3) SELECT sum(x) FROM n; -- end",
    )
    .rows(&gateway)
    .await;
    assert_eq!(rows.unwrap(), json!([[6]]));
}

#[tokio::test]
async fn an_error_says_where_and_not_what() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let error = Ask::new(&place, "SELECT 'é', BRAVO FROM t").refusal(&gateway).await;
    let RunError::QueryFailed { position, .. } = error else { unreachable!("{error}") };
    assert_eq!(position, Some(13));
    assert!(!format!("{error} {error:?}").contains("BRAVO"));
}

#[tokio::test]
async fn a_path_leads_to_a_file_inside_the_directory() {
    let (gateway, dir, elsewhere) = (gateway(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    sqlite(elsewhere.path(), 1, "CREATE TABLE secret (x)");
    let outside = elsewhere.path().join("tenant-1.db");
    std::os::unix::fs::symlink(&outside, dir.path().join("link.db")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("sub")).unwrap();
    std::fs::write(dir.path().join("text.db"), "this is no database, whatever its name says, and long enough").unwrap();
    std::fs::create_dir(dir.path().join("folder.db")).unwrap();
    for name in ["link.db", "sub/tenant-1.db", "missing.db", "text.db", "folder.db", "../x.db", ""] {
        let file = SqliteFile { path: dir.path().join(name), root: dir.path().into() };
        let place = placement(0, Connection::Sqlite(file), 4);
        assert_eq!(Ask::new(&place, "SELECT 1").refusal(&gateway).await, RunError::DatabaseMissing, "{name}");
        assert_eq!(gateway.check(&place).await.err(), Some(RunError::DatabaseMissing), "{name}");
    }
    assert!(!dir.path().join("missing.db").exists());
}

#[tokio::test]
async fn a_replaced_file_is_opened_again() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, "CREATE TABLE v (x); INSERT INTO v VALUES ('old')");
    assert_eq!(Ask::new(&place, "SELECT x FROM v").rows(&gateway).await.unwrap(), json!([["old"]]));
    std::fs::remove_file(dir.path().join("tenant-0.db")).unwrap();
    sqlite(dir.path(), 0, "CREATE TABLE v (x); INSERT INTO v VALUES ('new')");
    assert_eq!(Ask::new(&place, "SELECT x FROM v").rows(&gateway).await.unwrap(), json!([["new"]]));
}

const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n)";

#[tokio::test]
async fn a_long_query_is_stopped_and_the_thread_is_free_again() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    for _ in 0..20 {
        let started = Instant::now();
        let ask = Ask::new(&place, &format!("{ENDLESS} SELECT count(*) FROM n")).timeout(Duration::from_millis(50));
        assert_eq!(ask.refusal(&gateway).await, RunError::Timeout);
        assert!(started.elapsed() < Duration::from_secs(2));
    }
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
    for sql in ["SELECT hex(zeroblob(400000000))", "SELECT replace(hex(zeroblob(4000000)), '0', 'xxxxxxxxxxxx')"] {
        let error = Ask::new(&place, sql).refusal(&gateway).await;
        assert_eq!(error, RunError::RowTooLarge, "{sql}");
    }
}

#[tokio::test]
async fn budgets_cut_off_and_say_so() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let mut ask = Ask::new(&place, &format!("{ENDLESS} SELECT x FROM n"));
    ask.limits.max_rows = 1000;
    let document = ask.document(&gateway).await.unwrap();
    assert_eq!((&document["row_count"], &document["truncated"]), (&json!(1000), &json!(true)));
    assert_eq!(document["rows"].as_array().unwrap().len(), 1000);
    assert_eq!(document["rows"][999], json!([1000]));

    let mut ask = Ask::new(&place, &format!("{ENDLESS} SELECT x, hex(zeroblob(500)) FROM n"));
    ask.limits.max_bytes = 100_000;
    let document = ask.document(&gateway).await.unwrap();
    assert_eq!(document["truncated"], json!(true));
    assert!((50..100).contains(&document["rows"].as_array().unwrap().len()));

    let mut ask = Ask::new(&place, "SELECT hex(zeroblob(100000))");
    ask.limits.max_bytes = 100_000;
    assert_eq!(ask.refusal(&gateway).await, RunError::RowTooLarge);

    // Exactly as many rows as allowed is a whole result.
    let mut ask = Ask::new(&place, "SELECT i FROM t");
    ask.limits.max_rows = 3;
    assert_eq!(ask.document(&gateway).await.unwrap()["truncated"], json!(false));
}

#[tokio::test]
async fn an_empty_result_has_columns() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let document = Ask::new(&place, "SELECT i, s, 1 AS one FROM t WHERE 0").document(&gateway).await.unwrap();
    assert_eq!(
        document["columns"],
        json!([{"name": "i", "type": "integer"}, {"name": "s", "type": "text"}, {"name": "one", "type": "unknown"}])
    );
    assert_eq!(document["rows"], json!([]));
}

#[tokio::test]
async fn the_other_engines_functions_are_there() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let sql = "SELECT ceil(1.2), floor(-1.2), floor(7), sqrt(16), power(2, 10), mod(7, 3), mod(1, 0), \
               left('naïve', 3), right('naïve', 2), ln(-1), ceil(NULL), concat('a', 1), round(2.5)";
    assert_eq!(
        Ask::new(&place, sql).rows(&gateway).await.unwrap(),
        json!([[2.0, -2.0, 7, 4.0, 1024.0, 1, null, "naï", "ve", null, null, "a1", 3.0]])
    );
}

#[tokio::test]
async fn a_check_says_what_is_there() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let probe = gateway.check(&place).await.unwrap();
    assert_eq!(probe.engine, "sqlite");
    assert!(probe.version.starts_with("3."));
    let stats = gateway.stats();
    assert_eq!((stats.servers[0].open, stats.servers[0].idle, stats.servers[0].waiting), (1, 1, 0));
}
