//! PostgreSQL: values, walls, limits, faults.

use std::time::{Duration, Instant};

use gateway::RunError;
use query::Bind;
use serde_json::json;
use tenancy::placement::{Connection, Tls};

use crate::servers;
use crate::world::{Ask, gateway, placement, until};

#[tokio::test]
async fn values_keep_their_types() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let admin = home.admin(&home.database).await;
    admin.batch_execute("CREATE TYPE mood AS ENUM ('fine', 'odd'); CREATE DOMAIN age AS int; CREATE TYPE pair AS (a int, b text); GRANT USAGE ON TYPE mood TO PUBLIC").await.unwrap();
    let place = home.place(0);
    for (sql, kind, value) in [
        ("true", "boolean", json!(true)),
        ("(-32768)::int2", "integer", json!(-32768)),
        ("2147483647", "integer", json!(2147483647)),
        ("9007199254740991", "integer", json!(9007199254740991_i64)),
        ("9007199254740992", "integer", json!("9007199254740992")),
        ("9223372036854775807", "integer", json!("9223372036854775807")),
        ("(-9223372036854775808)::int8", "integer", json!("-9223372036854775808")),
        ("4294967295::oid", "integer", json!(4294967295_u32)),
        ("0.1::float4", "float", json!(0.1)),
        ("1e300::float8", "float", json!(1e300)),
        ("'NaN'::float8", "float", json!("NaN")),
        ("'-Infinity'::float4", "float", json!("-Infinity")),
        (
            "12345678901234567890.12345678901234567890::numeric(40,20)",
            "decimal",
            json!("12345678901234567890.12345678901234567890"),
        ),
        ("(-0.0001)::numeric", "decimal", json!("-0.0001")),
        ("0::numeric(5,2)", "decimal", json!("0.00")),
        ("10000::numeric", "decimal", json!("10000")),
        ("1e20::numeric", "decimal", json!("100000000000000000000")),
        ("1e-10::numeric", "decimal", json!("0.0000000001")),
        ("'NaN'::numeric", "decimal", json!("NaN")),
        ("'-Infinity'::numeric", "decimal", json!("-Infinity")),
        ("(-12.34)::money", "decimal", json!("-12.34")),
        ("'naïve 🦊'", "text", json!("naïve 🦊")),
        ("'ab'::char(4)", "text", json!("ab  ")),
        ("'x'::\"char\"", "text", json!("x")),
        ("'n'::name", "text", json!("n")),
        ("'fine'::mood", "text", json!("fine")),
        ("7::age", "integer", json!(7)),
        ("'\\x00ff'::bytea", "binary", json!("AP8=")),
        ("'1969-12-31'::date", "date", json!("1969-12-31")),
        ("'infinity'::date", "date", json!("infinity")),
        ("'12028-02-29'::date - 1", "date", json!("12028-02-28")),
        ("'0044-03-15 BC'::date", "date", json!("-000043-03-15")),
        ("'4713-01-01 BC'::date", "date", json!("-004712-01-01")),
        ("'10:00:00.123'::time", "time", json!("10:00:00.123")),
        ("'24:00'::time", "time", json!("24:00:00")),
        ("'10:00+05:30'::timetz", "text", json!("10:00:00+05:30")),
        ("'1969-12-31 23:59:59.5'::timestamp", "datetime", json!("1969-12-31T23:59:59.5")),
        ("'-infinity'::timestamp", "datetime", json!("-infinity")),
        ("'2026-10-25 01:30:00+00'::timestamptz", "timestamp", json!("2026-10-25T02:30:00+01:00")),
        ("'2026-10-25 00:30:00+00'::timestamptz", "timestamp", json!("2026-10-25T02:30:00+02:00")),
        ("'290000-01-01 00:00+00'::timestamptz", "timestamp", json!("290000-01-01 00:00:00+00")),
        ("'1 year 2 mons 3 days 04:05:06.789'::interval", "text", json!("P1Y2M3DT4H5M6.789S")),
        ("'-1.5 seconds'::interval", "text", json!("PT-1.5S")),
        ("'0'::interval", "text", json!("PT0S")),
        ("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "text", json!("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")),
        ("'{\"a\": [1, null]}'::json", "json", json!({"a": [1, null]})),
        ("'{\"a\": 12345678901234567890}'::jsonb->'a'", "json", json!(12345678901234567890_u64)),
        ("'10.0.0.1'::inet", "text", json!("10.0.0.1")),
        ("'10.0.0.0/8'::cidr", "text", json!("10.0.0.0/8")),
        ("'::1/64'::inet", "text", json!("::1/64")),
        ("'08:00:2b:01:02:03'::macaddr", "text", json!("08:00:2b:01:02:03")),
        ("B'10110'", "text", json!("10110")),
        ("'<a/>'::xml", "text", json!("<a/>")),
        ("ARRAY[1, NULL, 3]", "array", json!([1, null, 3])),
        ("ARRAY[[1.50, 2], [3, 4]]", "array", json!([["1.50", "2"], ["3", "4"]])),
        ("'{}'::text[]", "array", json!([])),
        ("ARRAY['2026-01-01'::date]", "array", json!(["2026-01-01"])),
        ("ARRAY['odd'::mood]", "array", json!(["odd"])),
        ("'1 2 3'::int2vector", "array", json!([1, 2, 3])),
        ("int4range(1, 3)", "unknown", json!("\\x02000000040000000100000004 00000003".replace(' ', ""))),
        ("NULL", "text", json!(null)),
    ] {
        let mut ask = Ask::new(&place, &format!("SELECT {sql} AS x"));
        ask.timezone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
        let document = ask.document(&gateway).await.unwrap();
        assert_eq!((&document["columns"][0]["type"], &document["rows"][0][0]), (&json!(kind), &value), "{sql}");
    }
}

#[tokio::test]
async fn parameters_fit_where_they_are_used() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let place = home.place(0);
    let moment = "2026-03-29T01:30:00.25Z".parse().unwrap();
    for (sql, bind, value) in [
        ("$1::int2 + 1", Bind::Int(5), json!(6)),
        ("$1::int8", Bind::Int(i64::MIN), json!("-9223372036854775808")),
        ("$1::numeric * 2", Bind::Int(i64::MAX), json!("18446744073709551614")),
        ("$1::float8", Bind::Int(3), json!(3.0)),
        ("$1::text", Bind::Int(3), json!("3")),
        ("$1::float8", Bind::Float(f64::NAN), json!("NaN")),
        (
            "$1::numeric(40,20)",
            Bind::Decimal("12345678901234567890.00000000000000000001".into()),
            json!("12345678901234567890.00000000000000000001"),
        ),
        ("$1::text", Bind::Text("'; DROP TABLE x; -- 🦊".into()), json!("'; DROP TABLE x; -- 🦊")),
        (
            "$1::uuid",
            Bind::Text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11".into()),
            json!("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ),
        ("$1::bool", Bind::Bool(false), json!(false)),
        ("$1::date", Bind::Date("1969-12-31".parse().unwrap()), json!("1969-12-31")),
        ("$1::timestamp", Bind::DateTime("1969-12-31T10:00:00".parse().unwrap()), json!("1969-12-31T10:00:00")),
        ("$1::timestamptz", Bind::Timestamp(moment), json!("2026-03-29T01:30:00.25+00:00")),
        ("to_char($1::timestamptz, 'HH24:MI')", Bind::Timestamp(moment), json!("01:30")),
        ("$1::int4", Bind::Null, json!(null)),
        ("('{1,2}'::int[])[$1]", Bind::Int(2), json!(2)),
    ] {
        let rows = Ask::new(&place, &format!("SELECT {sql}")).bind(bind).rows(&gateway).await;
        assert_eq!(rows.unwrap(), json!([[value]]), "{sql}");
    }
    for (sql, bind, code) in [
        ("SELECT $1::int2", Bind::Int(40_000), "22003"),
        ("SELECT $1::int4", Bind::Text("many".into()), "22P02"),
        ("SELECT 1 WHERE $1 = 1", Bind::Decimal("1e999999".into()), "22P02"),
    ] {
        let error = Ask::new(&place, sql).bind(bind).refusal(&gateway).await;
        assert!(
            matches!(error, RunError::QueryFailed { code: found, .. } if found.as_str() == code),
            "{sql}: {error:?}"
        );
    }
    let nul = Ask::new(&place, "SELECT $1::text").bind(Bind::Text("a\0b".into()));
    assert_eq!(nul.refusal(&gateway).await, RunError::ParameterRefused);
    assert_eq!(Ask::new(&place, "SELECT $1::int").refusal(&gateway).await, RunError::ParameterRefused);
    assert_eq!(Ask::new(&place, "SELECT 1").bind(Bind::Null).refusal(&gateway).await, RunError::ParameterRefused);
    // One at work and one on its way back, at most: refusals cost no connection.
    assert!(gateway.stats().servers[0].open <= 2);
}

#[tokio::test]
async fn only_reading_is_possible_and_nothing_stays_behind() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    home.admin(&home.database)
        .await
        .batch_execute(&format!(
            "CREATE TABLE t (x int); INSERT INTO t VALUES (1); ALTER TABLE t OWNER TO {}",
            home.user
        ))
        .await
        .unwrap();
    // One connection only: whatever stays behind would be seen.
    let place = placement(0, Connection::Postgres(home.server()), 1);
    for sql in [
        "INSERT INTO t VALUES (2)",
        "INSERT INTO t VALUES (2) RETURNING x",
        "WITH d AS (DELETE FROM t RETURNING x) SELECT * FROM d",
        "SELECT x INTO y FROM t",
        "CREATE TEMP TABLE y (x int)",
        "COMMIT",
        "SET default_transaction_read_only = off",
        "PREPARE p AS SELECT 1",
        "LISTEN a",
        "DO $$ BEGIN PERFORM 1; END $$",
        "COPY t TO STDOUT",
        "SELECT 1; SELECT 2",
        "SELECT lo_creat(-1), set_config('transaction_read_only', 'off', false)",
        "SELECT nothing FROM nowhere",
        "DEALLOCATE ALL",
        "",
    ] {
        let error = Ask::new(&place, sql).refusal(&gateway).await;
        // Writing large objects is the one write that this version allows; switching the mode back is not.
        assert!(matches!(error, RunError::QueryFailed { .. }), "{sql}: {error}");
    }
    assert_eq!(Ask::new(&place, "SELECT count(*) FROM t").rows(&gateway).await.unwrap(), json!([[1]]));
    let pid = Ask::new(&place, "SELECT pg_backend_pid()").rows(&gateway).await.unwrap();
    for sql in [
        "SELECT set_config('search_path', 'pg_catalog', false), set_config('statement_timeout', '0', false)",
        "SELECT pg_advisory_lock(42)",
        "SELECT set_config('TimeZone', 'Asia/Tokyo', false), set_config('row_security', 'off', false)",
    ] {
        Ask::new(&place, sql).rows(&gateway).await.unwrap();
    }
    let after = "SELECT pg_backend_pid(), current_setting('TimeZone'), current_setting('row_security'), \
                 current_setting('search_path'), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), \
                 current_setting('transaction_read_only'), current_setting('transaction_isolation')";
    let rows = Ask::new(&place, after).rows(&gateway).await.unwrap();
    assert_eq!(rows, json!([[pid[0][0], "UTC", "on", "\"$user\", public", 0, "on", "repeatable read"]]));
}

#[tokio::test]
async fn an_error_says_where_and_not_what() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let error = Ask::new(&home.place(0), "SELECT 'é', BRAVO").refusal(&gateway).await;
    let RunError::QueryFailed { code, position } = error else { unreachable!("{error}") };
    assert_eq!((code.as_str(), position), ("42703", Some(13)));
    assert!(!format!("{error} {error:?}").contains("BRAVO"));
    let error = Ask::new(&home.place(0), "SELECT 'BRAVO-SECRET'::text::int").refusal(&gateway).await;
    assert!(!format!("{error} {error:?}").contains("BRAVO"));
}

async fn at_work(admin: &tokio_postgres::Client, database: &str) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND state = 'active'";
    admin.query_one(sql, &[&database]).await.unwrap().get(0)
}

/// How many sleep in the statement: a session that is being set up is at work too.
async fn asleep(admin: &tokio_postgres::Client, database: &str) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'";
    admin.query_one(sql, &[&database]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_slow_query_is_stopped_on_the_server_too() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let (place, admin) = (home.place(0), home.admin("postgres").await);
    let started = Instant::now();
    let ask = Ask::new(&place, "SELECT pg_sleep(60)").timeout(Duration::from_millis(200));
    assert_eq!(ask.refusal(&gateway).await, RunError::Timeout);
    assert!(started.elapsed() < Duration::from_secs(3));
    until("it stopped", async || at_work(&admin, &home.database).await == 0).await;
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
}

#[tokio::test]
async fn a_query_that_nobody_wants_stops_on_the_server_too() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let (place, admin) = (home.place(0), home.admin("postgres").await);
    let asking = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, "SELECT pg_sleep(60)").refusal(&gateway).await }
    });
    until("it runs", async || asleep(&admin, &home.database).await == 1).await;
    asking.abort();
    until("it stopped", async || at_work(&admin, &home.database).await == 0).await;
    // The same for one that has begun to send rows, and for one that a limit cuts off.
    let endless = "SELECT generate_series(1, 1000000000), repeat('x', 100)";
    let mut stream = Ask::new(&place, endless).stream(&gateway).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    until("it stopped", async || at_work(&admin, &home.database).await == 0).await;
    let mut ask = Ask::new(&place, endless);
    ask.limits.max_rows = 5000;
    let document = ask.document(&gateway).await.unwrap();
    assert_eq!((&document["row_count"], &document["truncated"]), (&json!(5000), &json!(true)));
    until("it stopped", async || at_work(&admin, &home.database).await == 0).await;
}

#[tokio::test]
async fn rows_come_as_they_are_made() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    // The server sends its buffer when it is full, so a result of some size does not wait for the end.
    let sql = "SELECT repeat('x', 1000), CASE WHEN x > 100 THEN pg_sleep(60) END FROM generate_series(1, 101) x";
    let mut stream = Ask::new(&home.place(0), sql).timeout(Duration::from_secs(30)).stream(&gateway).await.unwrap();
    let early = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.unwrap().unwrap().unwrap();
    assert!(!early.is_empty());
}

#[tokio::test]
async fn a_killed_session_is_one_querys_loss() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let (place, admin) = (home.place(0), home.admin("postgres").await);
    let running = tokio::spawn({
        let (gateway, place) = (gateway.clone(), place.clone());
        async move { Ask::new(&place, "SELECT pg_sleep(60)").refusal(&gateway).await }
    });
    until("it runs", async || asleep(&admin, &home.database).await == 1).await;
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1";
    admin.query(kill, &[&home.database]).await.unwrap();
    assert_eq!(running.await.unwrap(), RunError::ConnectionLost);
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
    // An idle one that died: nobody notices.
    admin.query(kill, &[&home.database]).await.unwrap();
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
}

#[tokio::test]
async fn a_changed_table_is_seen_as_it_is_now() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let (place, admin) = (home.place(0), home.admin(&home.database).await);
    admin.batch_execute("CREATE TABLE t AS SELECT 1 AS x; GRANT SELECT ON t TO PUBLIC").await.unwrap();
    assert_eq!(Ask::new(&place, "SELECT * FROM t").rows(&gateway).await.unwrap(), json!([[1]]));
    admin.batch_execute("ALTER TABLE t ALTER x TYPE text, ADD y int DEFAULT 5").await.unwrap();
    assert_eq!(Ask::new(&place, "SELECT * FROM t").rows(&gateway).await.unwrap(), json!([["1", 5]]));
}

#[tokio::test]
async fn what_keeps_a_login_out_has_a_name() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let changed = |change: &dyn Fn(&mut tenancy::placement::Server)| {
        let mut server = home.server();
        change(&mut server);
        placement(0, Connection::Postgres(server), 4)
    };
    for (place, expected) in [
        (changed(&|server| server.password = "wrong".to_owned().into()), RunError::LoginRefused),
        (changed(&|server| server.user = "nobody".to_owned()), RunError::LoginRefused),
        (changed(&|server| server.database = "nowhere".to_owned()), RunError::DatabaseMissing),
        (changed(&|server| server.schema = Some("no \"such\" schema".to_owned())), RunError::DatabaseMissing),
        (changed(&|server| server.port = 1), RunError::Unreachable),
        (changed(&|server| server.host = "no-such-host.invalid".to_owned()), RunError::Unreachable),
        (changed(&|server| server.tls = Tls::Verify), RunError::TlsFailed),
    ] {
        assert_eq!(gateway.check(&place).await.err(), Some(expected));
        assert_eq!(Ask::new(&place, "SELECT 1").refusal(&gateway).await, expected);
    }
    assert!(gateway.stats().servers.is_empty(), "failures keep no unit");
    let probe = gateway.check(&home.place(0)).await.unwrap();
    assert_eq!(probe.engine, "postgresql");
    assert!(probe.version.starts_with(char::is_numeric));
}

#[tokio::test]
async fn a_schema_is_the_whole_world_of_its_login() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let admin = home.admin(&home.database).await;
    let (name, name0) = (&home.user, &home.database);
    admin
        .batch_execute(&format!(
            "CREATE ROLE {name}_a LOGIN PASSWORD 'a'; CREATE ROLE {name}_b LOGIN PASSWORD 'b';
         GRANT CONNECT ON DATABASE {name0} TO {name}_a, {name}_b; CREATE SCHEMA \"School A\" AUTHORIZATION {name}_a; CREATE SCHEMA b AUTHORIZATION {name}_b;
         CREATE TABLE \"School A\".t AS SELECT 'alpha' AS x; CREATE TABLE b.t AS SELECT 'bravo' AS x;
         ALTER TABLE \"School A\".t OWNER TO {name}_a; ALTER TABLE b.t OWNER TO {name}_b"
        ))
        .await
        .unwrap();
    let mut places = Vec::new();
    for (number, user, schema) in [(0, "a", "School A"), (1, "b", "b")] {
        let mut server = home.server();
        server.user = format!("{name}_{user}");
        server.password = user.to_owned().into();
        server.schema = Some(schema.to_owned());
        places.push(placement(number, Connection::Postgres(server), 4));
    }
    for (place, value) in places.iter().zip(["alpha", "bravo"]) {
        assert_eq!(Ask::new(place, "SELECT x FROM t").rows(&gateway).await.unwrap(), json!([[value]]));
    }
    let error = Ask::new(&places[0], "SELECT x FROM b.t").refusal(&gateway).await;
    assert!(matches!(error, RunError::QueryFailed { code, .. } if code.as_str() == "42501"));
    for sql in ["SELECT set_config('search_path', 'b', true), x FROM t", "SELECT set_config('role', 'postgres', true)"]
    {
        let answer = Ask::new(&places[0], sql).rows(&gateway).await;
        assert!(!format!("{answer:?}").contains("bravo"), "{sql}");
    }
}

#[tokio::test]
async fn the_tenants_time_zone_is_the_sessions() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    let place = home.place(0);
    let sql = "SELECT date_trunc('day', '2026-10-24 22:30:00+00'::timestamptz), current_setting('TimeZone')";
    let mut ask = Ask::new(&place, sql);
    ask.timezone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
    assert_eq!(ask.rows(&gateway).await.unwrap(), json!([["2026-10-25T00:00:00+02:00", "Europe/Paris"]]));
    assert_eq!(Ask::new(&place, sql).rows(&gateway).await.unwrap(), json!([["2026-10-24T00:00:00+00:00", "UTC"]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tenants_share_few_connections() {
    let (gateway, home) = (gateway(), servers::postgres().await);
    // Other fingerprints on the same server: to the budget they are strangers.
    let places: Vec<_> = (0..20).map(|number| placement(number, Connection::Postgres(home.server()), 3)).collect();
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let (gateway, place) = (gateway.clone(), places[number % 20].clone());
            tokio::spawn(async move {
                Ask::new(&place, "SELECT $1::int").bind(Bind::Int(i64::try_from(number).unwrap())).rows(&gateway).await
            })
        })
        .collect();
    let admin = home.admin("postgres").await;
    let watch = tokio::spawn({
        let database = home.database.clone();
        async move {
            let mut most = 0_i64;
            loop {
                let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1";
                most = most.max(admin.query_one(sql, &[&database]).await.unwrap().get(0));
                // A backend takes a moment to leave the list after its socket is closed.
                assert!(most <= 6, "{most} sessions");
                tokio::task::yield_now().await;
            }
        }
    });
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap().unwrap(), json!([[number]]));
        assert!(gateway.stats().servers[0].open <= 3);
    }
    assert!(!watch.is_finished());
    watch.abort();
}
