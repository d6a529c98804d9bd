//! MariaDB: values, walls, limits, faults.

use std::time::{Duration, Instant};

use gateway::RunError;
use mysql_async::prelude::Queryable;
use query::Bind;
use serde_json::json;
use tenancy::placement::{Connection, Tls};

use crate::servers;
use crate::world::{Ask, gateway, placement, until};

#[tokio::test]
async fn values_keep_their_types() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let mut admin = home.admin().await;
    admin.query_drop("SET sql_mode = ''").await.unwrap();
    admin
        .query_drop(
            "CREATE TABLE t (u BIGINT UNSIGNED, b BIT(10), e ENUM('a', 'b'), s SET('x', 'y'), y YEAR, z TIMESTAMP NULL, \
             d DATE, j JSON, v VARBINARY(4), c CHAR(4) CHARACTER SET latin1, f FLOAT, n TINYINT(1), g DATETIME(6), l LONGTEXT) CHARACTER SET utf8mb4",
        )
        .await
        .unwrap();
    admin.query_drop("SET time_zone = '+00:00'").await.unwrap();
    admin
        .query_drop(
            "INSERT INTO t VALUES (18446744073709551615, b'1000000001', 'b', 'x,y', 2026, '2026-10-25 00:30:00', '0000-00-00', \
             '{\"a\": 1}', x'00ff', 'é', 0.1, 2, '1969-12-31 23:59:59.5', '🦊')",
        )
        .await
        .unwrap();
    let place = home.place(0);
    for (sql, kind, value) in [
        ("9223372036854775807", "integer", json!("9223372036854775807")),
        ("-9223372036854775808", "integer", json!("-9223372036854775808")),
        ("(SELECT u FROM t)", "integer", json!("18446744073709551615")),
        ("(SELECT b FROM t)", "integer", json!(513)),
        ("(SELECT n FROM t)", "integer", json!(2)),
        ("(SELECT y FROM t)", "integer", json!(2026)),
        ("(SELECT e FROM t)", "text", json!("b")),
        ("(SELECT s FROM t)", "text", json!("x,y")),
        ("(SELECT c FROM t)", "text", json!("é")),
        ("(SELECT l FROM t)", "text", json!("🦊")),
        ("(SELECT v FROM t)", "binary", json!("AP8=")),
        ("(SELECT f FROM t)", "float", json!(0.1)),
        ("(SELECT d FROM t)", "date", json!("0000-00-00")),
        ("(SELECT z FROM t)", "timestamp", json!("2026-10-25T02:30:00+02:00")),
        ("(SELECT g FROM t)", "datetime", json!("1969-12-31T23:59:59.5")),
        (
            "CAST('12345678901234567890.12345678901234567890' AS DECIMAL(40,20))",
            "decimal",
            json!("12345678901234567890.12345678901234567890"),
        ),
        ("-0.50", "decimal", json!("-0.50")),
        ("1e300", "float", json!(1e300)),
        ("DATE '1969-12-31'", "date", json!("1969-12-31")),
        ("TIME '10:00:00.123'", "time", json!("10:00:00.123")),
        ("TIME '-838:59:59'", "time", json!("-838:59:59")),
        ("'naïve 🦊'", "text", json!("naïve 🦊")),
        ("1/0", "decimal", json!(null)),
    ] {
        let mut ask = Ask::new(&place, &format!("SELECT {sql} AS x"));
        ask.timezone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
        let document = ask.document(&gateway).await.unwrap();
        assert_eq!((&document["columns"][0]["type"], &document["rows"][0][0]), (&json!(kind), &value), "{sql}");
    }
    let bits = Ask::new(&place, "SELECT b, b'11' FROM t").rows(&gateway).await.unwrap();
    assert_eq!(bits, json!([[513, "Aw=="]]));
    let empty = Ask::new(&place, "SELECT u, l FROM t WHERE 0").document(&gateway).await.unwrap();
    assert_eq!((empty["columns"].as_array().unwrap().len(), &empty["rows"]), (2, &json!([])));
}

#[tokio::test]
async fn parameters_fit_where_they_are_used() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let place = home.place(0);
    for (sql, bind, value) in [
        ("? + 1", Bind::Int(5), json!(6)),
        ("?", Bind::Int(i64::MIN), json!("-9223372036854775808")),
        (
            "CAST(? AS DECIMAL(40,20))",
            Bind::Decimal("12345678901234567890.00000000000000000001".into()),
            json!("12345678901234567890.00000000000000000001"),
        ),
        ("?", Bind::Text("\\'; DROP TABLE x; -- :name 🦊".into()), json!("\\'; DROP TABLE x; -- :name 🦊")),
        ("DATE '1969-12-31' = ?", Bind::Date("1969-12-31".parse().unwrap()), json!(1)),
        (
            "TIMESTAMP '2026-03-29 01:30:00.25' = ?",
            Bind::Timestamp("2026-03-29T01:30:00.25Z".parse().unwrap()),
            json!(1),
        ),
        ("? IS NULL", Bind::Null, json!(1)),
        ("CONCAT('10:30 :x ?', ?)", Bind::Bool(true), json!("10:30 :x ?1")),
    ] {
        let rows = Ask::new(&place, &format!("SELECT {sql} /* :comment ? */")).bind(bind).rows(&gateway).await;
        assert_eq!(rows.unwrap(), json!([[value]]), "{sql}");
    }
    assert_eq!(Ask::new(&place, "SELECT ?").refusal(&gateway).await, RunError::ParameterRefused);
    assert_eq!(Ask::new(&place, "SELECT :name").refusal(&gateway).await, RunError::ParameterRefused);
    assert_eq!(Ask::new(&place, "SELECT 1").bind(Bind::Null).refusal(&gateway).await, RunError::ParameterRefused);
}

#[tokio::test]
async fn only_reading_is_possible_and_nothing_stays_behind() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let mut admin = home.admin().await;
    admin.query_drop("CREATE TABLE t SELECT 1 AS x").await.unwrap();
    // With every right there is, so that it is not the server's rights that refuse.
    admin.query_drop(format!("GRANT ALL ON {}.* TO {}", home.database, home.account())).await.unwrap();
    // One connection only: whatever stays behind would be seen.
    let place = placement(0, Connection::Mysql(home.server()), 1);
    for sql in [
        "INSERT INTO t VALUES (2)",
        "INSERT INTO t VALUES (2) RETURNING x",
        "DELETE FROM t",
        "DELETE FROM t RETURNING x",
        "CREATE TABLE y (x int)",
        "CREATE TEMPORARY TABLE y (x int)",
        "COMMIT",
        "SET SESSION sql_mode = ''",
        "SELECT 1 INTO @x",
        "SELECT 1; SELECT 2",
        "SELECT x FROM t INTO OUTFILE 'gateway-test'",
        "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t",
        "SELECT * FROM nowhere",
        "USE mysql",
        "",
    ] {
        let error = Ask::new(&place, sql).refusal(&gateway).await;
        assert!(matches!(error, RunError::QueryFailed { .. }), "{sql}: {error}");
    }
    assert_eq!(Ask::new(&place, "SELECT count(*) FROM t").rows(&gateway).await.unwrap(), json!([[1]]));
    for sql in ["SELECT @x := 'left behind'", "SELECT GET_LOCK('gateway', 0)"] {
        Ask::new(&place, sql).rows(&gateway).await.unwrap();
    }
    let after =
        "SELECT @x, IS_USED_LOCK('gateway'), @@sql_mode, @@time_zone, @@max_statement_time, \"double\", 'a\\'b'";
    let rows = Ask::new(&place, after).rows(&gateway).await.unwrap();
    let mode = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";
    assert_eq!(rows, json!([[null, null, mode, "+00:00", 30.5, "double", "a'b"]]));
}

async fn at_work(admin: &mut mysql_async::Conn, user: &str) -> i64 {
    let sql = "SELECT count(*) FROM information_schema.processlist WHERE user = ? AND command <> 'Sleep'";
    admin.exec_first(sql, (user,)).await.unwrap().unwrap()
}

/// How many sleep in the statement: a session that is being set up is at work too.
async fn asleep(admin: &mut mysql_async::Conn, user: &str) -> i64 {
    let sql = "SELECT count(*) FROM information_schema.processlist WHERE user = ? AND state = 'User sleep'";
    admin.exec_first(sql, (user,)).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_slow_query_is_stopped_on_the_server_too() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let (place, mut admin) = (home.place(0), home.admin().await);
    for sql in ["SELECT SLEEP(60)", "SET STATEMENT max_statement_time=0 FOR SELECT BENCHMARK(10000000000, MD5('x'))"] {
        let started = Instant::now();
        let error = Ask::new(&place, sql).timeout(Duration::from_millis(200)).refusal(&gateway).await;
        assert_eq!(error, RunError::Timeout);
        assert!(started.elapsed() < Duration::from_secs(3));
        until("it stopped", async || at_work(&mut admin, &home.user).await == 0).await;
    }
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
}

#[tokio::test]
async fn a_query_that_nobody_wants_stops_on_the_server_too() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let (place, mut admin) = (home.place(0), home.admin().await);
    let asking = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, "SELECT SLEEP(60)").refusal(&gateway).await }
    });
    until("it runs", async || asleep(&mut admin, &home.user).await == 1).await;
    asking.abort();
    until("it stopped", async || at_work(&mut admin, &home.user).await == 0).await;
    let endless = "SELECT seq, REPEAT('x', 100) FROM seq_1_to_1000000000";
    let mut stream = Ask::new(&place, endless).stream(&gateway).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    until("it stopped", async || at_work(&mut admin, &home.user).await == 0).await;
    let mut ask = Ask::new(&place, endless);
    ask.limits.max_rows = 5000;
    let document = ask.document(&gateway).await.unwrap();
    assert_eq!((&document["row_count"], &document["truncated"]), (&json!(5000), &json!(true)));
    until("it stopped", async || at_work(&mut admin, &home.user).await == 0).await;
    until("all is closed", async || gateway.stats().servers.iter().all(|server| server.open == server.idle)).await;
}

#[tokio::test]
async fn a_killed_session_is_one_querys_loss() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let (place, mut admin) = (home.place(0), home.admin().await);
    let running = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, "SELECT SLEEP(60)").refusal(&gateway).await }
    });
    until("it runs", async || asleep(&mut admin, &home.user).await == 1).await;
    admin.query_drop(format!("KILL CONNECTION USER {}", home.user)).await.unwrap();
    assert_eq!(running.await.unwrap(), RunError::ConnectionLost);
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
    until("it is back", async || gateway.stats().servers.iter().all(|server| server.open == server.idle)).await;
    admin.query_drop(format!("KILL CONNECTION USER {}", home.user)).await.unwrap();
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
}

#[tokio::test]
async fn what_keeps_a_login_out_has_a_name() {
    let (gateway, home) = (gateway(), servers::mariadb().await);
    let changed = |change: &dyn Fn(&mut tenancy::placement::Server)| {
        let mut server = home.server();
        change(&mut server);
        placement(0, Connection::Mysql(server), 4)
    };
    for (place, expected) in [
        (changed(&|server| server.password = "wrong".to_owned().into()), RunError::LoginRefused),
        (changed(&|server| server.user = "nobody".to_owned()), RunError::LoginRefused),
        (changed(&|server| server.database = "mysql".to_owned()), RunError::LoginRefused),
        (changed(&|server| server.port = 1), RunError::Unreachable),
        (changed(&|server| server.tls = Tls::Verify), RunError::TlsFailed),
    ] {
        assert_eq!(gateway.check(&place).await.err(), Some(expected));
    }
    let mut admin = home.admin().await;
    admin.query_drop(format!("GRANT SELECT ON `nowhere%`.* TO {}", home.account())).await.unwrap();
    let place = changed(&|server| server.database = "nowhere_at_all".to_owned());
    assert_eq!(gateway.check(&place).await.err(), Some(RunError::DatabaseMissing));
    admin.query_drop(format!("ALTER USER {} WITH MAX_USER_CONNECTIONS 1", home.account())).await.unwrap();
    let mut held = Ask::new(&home.place(0), "SELECT seq FROM seq_1_to_100000000").stream(&gateway).await.unwrap();
    assert!(held.next().await.unwrap().is_ok());
    assert!(matches!(gateway.check(&home.place(1)).await.err(), Some(RunError::Busy { .. })));
    drop(held);
}
