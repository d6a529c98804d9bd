//! What set-up makes of a PostgreSQL server: who reads what afterwards, without anything of ours in between.

use gateway::setup::{self, Administrator, SetupError};
use serde_json::json;
use tenancy::Secret;
use tenancy::placement::Level;

use crate::pooled_postgres::{CANARY, Pool, answer};

/// What only the other tenant has, in every spelling that it could come out in.
fn leaks(text: &str) -> bool {
    text.contains(CANARY) || text.contains("bolt")
}

async fn two_tenants(level: Level) -> Pool {
    let pool = Pool::new(level).await;
    pool.apply("acme").await;
    pool.apply("bolt").await;
    pool
}

fn schema(level: Level) -> &'static str {
    if level == Level::ViewRows { "views" } else { "app" }
}

#[tokio::test]
async fn a_login_reads_exactly_its_rows() {
    for level in [Level::NativeRows, Level::ViewRows] {
        let pool = two_tenants(level).await;
        let (acme, bolt) = (pool.tenant_session("acme").await, pool.tenant_session("bolt").await);
        let schema = schema(level);
        for (sql, of_acme, of_bolt) in [
            (
                "SELECT count(*), min(tenant_id), max(tenant_id) FROM x.orders",
                ["3", "acme", "acme"],
                ["20", "bolt", "bolt"],
            ),
            ("SELECT count(*), min(id), max(id) FROM x.lines", ["3", "1", "3"], ["20", "101", "120"]),
            (
                "SELECT count(*), min(tenant_id), max(tenant_id) FROM x.events",
                ["3", "acme", "acme"],
                ["20", "bolt", "bolt"],
            ),
            ("SELECT count(*), min(id), max(id) FROM x.regions", ["2", "1", "2"], ["2", "1", "2"]),
        ] {
            let sql = sql.replace("x.", &format!("{schema}."));
            assert_eq!(answer(&acme, &sql).await.unwrap(), of_acme, "{level:?}: {sql}");
            assert_eq!(answer(&bolt, &sql).await.unwrap(), of_bolt, "{level:?}: {sql}");
        }
        for refused in ["app.internals", "app.events_bolt", "app.events_acme", "app.v_orders_all", "app.mv_orders"] {
            let refusal = answer(&acme, &format!("SELECT * FROM {refused}")).await.unwrap_err();
            assert!(refusal.contains("42501"), "{level:?}: {refused}: {refusal}");
        }
        // Its own line, and nobody else's.
        assert_eq!(
            answer(&acme, "SELECT login, row_key FROM cloison.tenant").await.unwrap(),
            [pool.user("acme").as_str(), "acme"]
        );
        for write in [
            "INSERT INTO cloison.tenant VALUES ('x', 'bolt')",
            "UPDATE cloison.tenant SET row_key = 'bolt'",
            "DELETE FROM cloison.tenant",
            &format!("DELETE FROM {schema}.orders"),
            &format!("INSERT INTO {schema}.regions VALUES (9, 'x')"),
        ] {
            acme.batch_execute("SET default_transaction_read_only = off").await.unwrap();
            assert!(answer(&acme, write).await.unwrap_err().contains("42501"), "{level:?}: {write}");
        }
    }
}

/// Attacks of the shared corpus (A-PG-017 to 019 and 028 to 033, and the ways around them), on the database alone.
#[tokio::test]
async fn attacks_on_the_database_alone_show_nothing() {
    for level in [Level::NativeRows, Level::ViewRows] {
        let pool = two_tenants(level).await;
        let acme = pool.tenant_session("acme").await;
        let (schema, bolt, owner) = (schema(level), pool.user("bolt"), pool.owner());
        for (sql, expected) in [
            ("SELECT max(secret) FROM x.v_orders_all", None),
            ("SELECT max(secret) FROM x.mv_orders", None),
            ("SELECT max(secret) FROM x.events_bolt", None),
            ("SELECT max(secret) FROM x.orders WHERE set_config('app.tenant', 'bolt', true) IS NOT NULL", Some("3")),
            (
                "SELECT max(secret) FROM x.orders WHERE set_config('cloison.context', 'bolt', true) IS NOT NULL",
                Some("3"),
            ),
            ("SELECT max(secret) FROM x.orders WHERE set_config('row_security', 'off', true) IS NOT NULL", Some("3")),
            ("SELECT max(secret) FROM x.orders WHERE set_config('search_path', 'evil', true) IS NOT NULL", Some("3")),
            ("SET row_security = off; SELECT max(secret) FROM x.orders", None),
            ("SELECT set_config('role', '{bolt}', true), (SELECT max(secret) FROM x.orders)", None),
            ("SELECT set_config('role', 'cloison_views', true), (SELECT max(secret) FROM x.orders)", None),
            ("SELECT set_config('session_authorization', '{bolt}', true), (SELECT max(secret) FROM x.orders)", None),
            ("SET ROLE {bolt}", None),
            ("SET ROLE {owner}", None),
            ("SET SESSION AUTHORIZATION {bolt}", None),
            ("SELECT * INTO TEMP regions FROM x.orders", None),
            ("CREATE TEMP TABLE tenant AS SELECT 'bolt' AS row_key", None),
            ("CREATE SCHEMA mine", None),
            ("SELECT id FROM x.orders WHERE 1/(amount-777) > 5", Some("")),
            ("SELECT count(*) FROM x.orders WHERE secret::int > 0", Some("3")),
            ("SELECT count(*) FROM x.lines WHERE secret::int > 0", Some("3")),
            (
                "SELECT count(*) FROM x.orders TABLESAMPLE SYSTEM (100)",
                if level == Level::ViewRows { None } else { Some("3") },
            ),
            ("SELECT max(secret) FROM ONLY x.orders", Some("3")),
            ("SELECT (xpath('//secret/text()', table_to_xml('x.orders', true, false, '')))[1]", Some("1")),
            ("SELECT count(*) FROM ts_stat('SELECT to_tsvector(''simple'', secret) FROM x.orders')", Some("3")),
            (
                "SELECT count(*) FROM (SELECT xmin, ctid FROM x.orders) AS o",
                if level == Level::ViewRows { None } else { Some("3") },
            ),
            (
                "SELECT count(*) FROM pg_stats WHERE tablename IN ('orders', 'lines') AND most_common_vals IS NOT NULL",
                Some("0"),
            ),
            ("SELECT most_common_vals FROM pg_stats WHERE schemaname = 'app'", Some("")),
            ("SELECT count(*) FROM cloison.tenant", Some("1")),
        ] {
            acme.batch_execute("DISCARD ALL").await.unwrap();
            acme.batch_execute("SET default_transaction_read_only = off").await.unwrap();
            let sql = sql.replace("x.", &format!("{schema}.")).replace("{bolt}", &bolt).replace("{owner}", &owner);
            let found = answer(&acme, &sql).await;
            match (&found, expected) {
                (Ok(values), Some(expected)) => assert_eq!(values.join(" "), expected, "{level:?}: {sql}"),
                (Err(_), None) => {}
                _ => unreachable!("{level:?}: {sql}: {found:?}"),
            }
            // The refusals name the roles that the attack named; of rows they show nothing.
            let text = format!("{found:?}").replace(&bolt, "").replace(&owner, "").replace("events_bolt", "");
            assert!(!leaks(&text), "{level:?}: {sql}: {text}");
        }
        // A-PG-032: a value that is no number is only in the other tenant's rows; the cast must not meet it.
        assert_eq!(
            answer(&acme, &format!("SELECT id FROM {schema}.orders WHERE secret::int = 0")).await.unwrap(),
            [""; 0]
        );
    }
}

#[tokio::test]
async fn the_owner_and_writers_go_on_working_under_forced_policies() {
    let pool = two_tenants(Level::NativeRows).await;
    for (user, temporary) in [(pool.owner(), true), (pool.writer(), true)] {
        let session = pool.session(&user, "o").await;
        for (sql, expected) in [
            ("SELECT count(*) FROM app.orders", "23"),
            ("INSERT INTO app.orders VALUES (200, 'new', 'n', 1, 's', 'n') RETURNING id", "200"),
            (
                "INSERT INTO app.lines VALUES (200, 200, 's') ON CONFLICT (id) DO UPDATE SET secret = 't' RETURNING id",
                "200",
            ),
            ("UPDATE app.orders SET amount = 2 WHERE tenant_id = 'bolt' AND id = 101 RETURNING amount", "2"),
            ("DELETE FROM app.lines WHERE id = 200 RETURNING id", "200"),
            ("DELETE FROM app.orders WHERE id = 200 RETURNING id", "200"),
            ("CREATE TEMP TABLE mine (id int)", ""),
        ] {
            if sql.starts_with("CREATE TEMP") && !temporary {
                continue;
            }
            assert_eq!(answer(&session, sql).await.unwrap().join(" "), expected, "{user}: {sql}");
        }
    }
    // A role that may read, and is neither tenant nor writer, is told so instead of being shown an empty table.
    pool.run(&format!(
        "CREATE ROLE {0}_reports LOGIN PASSWORD 'o'; GRANT CONNECT ON DATABASE {0} TO {0}_reports;
        GRANT USAGE ON SCHEMA app TO {0}_reports; GRANT SELECT ON app.orders TO {0}_reports",
        pool.database
    ))
    .await;
    let reports = pool.session(&format!("{}_reports", pool.database), "o").await;
    assert!(answer(&reports, "SELECT count(*) FROM app.orders").await.unwrap_err().contains("42501"));
    // Added by hand, it stays.
    pool.run(&format!(
        "ALTER POLICY cloison_others ON app.orders TO {}, {}, {}_reports",
        pool.owner(),
        pool.writer(),
        pool.database
    ))
    .await;
    pool.apply("acme").await;
    assert_eq!(answer(&reports, "SELECT count(*) FROM app.orders").await.unwrap(), ["23"]);
}

/// Everything in the catalogue that a script could change, but passwords' salts.
async fn state(pool: &Pool) -> Vec<String> {
    let admin = pool.host.admin(&pool.database).await.unwrap();
    let mut state = Vec::new();
    for sql in [
        "SELECT relname, relacl, relrowsecurity, relforcerowsecurity, reloptions, relowner FROM pg_class WHERE relnamespace IN ('app'::regnamespace, to_regnamespace('views'), 'cloison'::regnamespace) ORDER BY oid::regclass::text",
        "SELECT polname, polrelid, polroles, pg_get_expr(polqual, polrelid), obj_description(oid, 'pg_policy') FROM pg_policy ORDER BY 1, 2",
        "SELECT nspname, nspacl FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp' ORDER BY 1",
        "SELECT datacl FROM pg_database WHERE datname = current_database()",
        "SELECT rolname, rolinherit, rolconfig FROM pg_roles WHERE starts_with(rolname, current_database()) ORDER BY 1",
        "SELECT login, row_key FROM cloison.tenant ORDER BY 1",
        "SELECT viewname, definition FROM pg_views WHERE schemaname = 'views' ORDER BY 1",
        "SELECT defaclacl::text FROM pg_default_acl ORDER BY 1",
    ] {
        state.push(answer(&admin, sql).await.unwrap().join("|"));
    }
    state
}

#[tokio::test]
async fn a_tenants_login_that_may_write_is_no_writer_whom_policies_let_through() {
    let pool = Pool::new(Level::NativeRows).await;
    pool.run(&format!(
        "CREATE ROLE {0} LOGIN; GRANT USAGE ON SCHEMA app TO {0}; GRANT SELECT, INSERT, UPDATE ON app.orders TO {0}",
        pool.user("acme")
    ))
    .await;
    pool.apply("acme").await;
    let session = pool.tenant_session("acme").await;
    assert_eq!(answer(&session, "SELECT count(*), max(tenant_id) FROM app.orders").await.unwrap(), ["3", "acme"]);
    assert!(answer(&session, "UPDATE app.orders SET amount = 1").await.is_err());
}

#[tokio::test]
async fn running_it_again_changes_nothing_and_adds_what_is_new() {
    for level in [Level::NativeRows, Level::ViewRows] {
        let mut pool = two_tenants(level).await;
        let before = state(&pool).await;
        pool.apply("acme").await;
        pool.apply("bolt").await;
        assert_eq!(state(&pool).await, before, "{level:?}");

        // A table more, a column more, a tenant more.
        let count = format!("SELECT count(*) FROM {}.invoices", schema(level));
        pool.run(&format!(
            "SET ROLE {}; CREATE TABLE app.invoices (id int, firm text); INSERT INTO app.invoices VALUES (1, 'acme'), (2, 'bolt');
             ALTER TABLE app.orders ADD COLUMN added text DEFAULT 'yes'",
            pool.owner()
        ))
        .await;
        let acme = pool.tenant_session("acme").await;
        assert!(answer(&acme, &count).await.is_err());
        pool.tables["invoices"] = json!({ "tenant": { "column": "firm" } });
        for slug in ["acme", "cord"] {
            pool.apply(slug).await;
        }
        assert_eq!(answer(&acme, &count).await.unwrap(), ["1"], "{level:?}");
        assert_eq!(
            answer(&acme, &format!("SELECT DISTINCT added FROM {}.orders", schema(level))).await.unwrap(),
            ["yes"]
        );
        let cord = pool.tenant_session("cord").await;
        assert_eq!(answer(&cord, &count).await.unwrap(), ["0"]);

        // A rule that leads elsewhere; a table that is not declared any more.
        pool.run("ALTER TABLE app.invoices ADD COLUMN payer text DEFAULT 'acme'").await;
        pool.tables["invoices"] = json!({ "tenant": { "column": "payer" } });
        pool.tables.as_object_mut().unwrap().remove("lines");
        pool.apply("acme").await;
        assert_eq!(answer(&acme, &count).await.unwrap(), ["2"], "{level:?}");
        assert!(answer(&acme, &format!("SELECT 1 FROM {}.lines", schema(level))).await.unwrap_err().contains("42501"));
    }
}

#[tokio::test]
async fn keys_of_every_type_and_names_of_every_kind() {
    for level in [Level::NativeRows, Level::ViewRows] {
        let mut pool = Pool::new(level).await;
        pool.run(&format!(
            "SET ROLE {};
             CREATE TABLE app.\"Odd \u{1f98a} %s $cloison$\" (\"Ten ant%\" varchar(3));
             INSERT INTO app.\"Odd \u{1f98a} %s $cloison$\" VALUES ('a''\\'), ('a'), ('acm');
             CREATE TABLE app.numbers (firm bigint); INSERT INTO app.numbers VALUES (7), (70);
             CREATE TABLE app.ids (firm uuid); INSERT INTO app.ids VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), (NULL)",
            pool.owner()
        ))
        .await;
        let schema = schema(level);
        for (slug, key, table, column, expected) in [
            ("q", "a'\\", "Odd \u{1f98a} %s $cloison$", "Ten ant%", "1"),
            // Longer than the column: nobody's rows, and not those of a shorter name.
            ("r", "acme", "Odd \u{1f98a} %s $cloison$", "Ten ant%", "0"),
            ("s", "7", "numbers", "firm", "1"),
            ("t", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "ids", "firm", "1"),
        ] {
            pool.tables = json!({ table: { "tenant": { "column": column } } });
            let place = pool.changed(slug, |_, rows| key.clone_into(&mut rows.key));
            pool.try_apply(&place, &pool.superuser()).await.unwrap();
            let session = pool.tenant_session(slug).await;
            let count = format!("SELECT count(*) FROM {schema}.\"{table}\"");
            assert_eq!(answer(&session, &count).await.unwrap(), [expected], "{level:?}: {key}");
        }
    }
}

#[tokio::test]
async fn an_index_on_the_tenant_column_is_used() {
    let pool = two_tenants(Level::NativeRows).await;
    pool.run("INSERT INTO app.orders SELECT n, 'many' || n, 'm', 1, 's', 'n' FROM generate_series(1000, 20000) AS n; ANALYZE app.orders").await;
    let acme = pool.tenant_session("acme").await;
    let plan = answer(&acme, "EXPLAIN (COSTS off) SELECT * FROM app.orders").await.unwrap().join("\n");
    assert!(plan.contains("orders_tenant_id_idx") && plan.matches("InitPlan").count() == 1, "{plan}");
}

#[tokio::test]
async fn an_administrator_need_not_be_a_superuser() {
    for level in [Level::NativeRows, Level::ViewRows, Level::GuardedRows, Level::Schema] {
        let mut pool = Pool::new(level).await;
        if !level.shares_tables() {
            pool.tables = json!({});
        }
        let owner = Administrator { user: pool.owner(), password: Secret::from("o".to_owned()) };
        pool.run(&format!("ALTER DATABASE {} OWNER TO {}", pool.database, pool.owner())).await;
        for slug in ["acme", "bolt", "acme"] {
            let place = pool.place(slug);
            pool.try_apply(&place, &owner).await.unwrap_or_else(|error| unreachable!("{level:?}: {error}"));
        }
        let count =
            answer(&pool.tenant_session("acme").await, &format!("SELECT count(*) FROM {}.orders", schema(level))).await;
        let own = matches!(level, Level::NativeRows | Level::ViewRows);
        assert_eq!(count.unwrap(), [if own { "3" } else { "23" }], "{level:?}");
    }
}

#[tokio::test]
async fn a_step_that_fails_undoes_all_and_is_named() {
    let mut pool = Pool::new(Level::NativeRows).await;
    let superuser = pool.superuser();
    for (tables, says) in [
        (
            json!({ "orders": { "tenant": { "column": "tenant_id" } }, "zeros": { "tenant": { "column": "x" } } }),
            "zeros: a declared table is not there",
        ),
        (json!({ "orders": { "tenant": { "column": "nothing" } } }), "orders: the column with the tenant's key"),
        (json!({ "v_orders_all": { "tenant": { "column": "tenant_id" } } }), "(v_orders_all)"),
    ] {
        pool.tables = tables;
        let error = pool.try_apply(&pool.place("acme"), &superuser).await.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    pool.run(
        "CREATE TABLE app.blanks (firm char(10)); CREATE EXTENSION citext; CREATE TABLE app.capitals (firm citext)",
    )
    .await;
    for table in ["blanks", "capitals"] {
        pool.tables = json!({ table: { "tenant": { "column": "firm" } } });
        let error = pool.try_apply(&pool.place("acme"), &superuser).await.unwrap_err().to_string();
        assert!(error.contains("compares inexactly"), "{error}");
    }
    pool.tables = json!({ "orders": { "tenant": { "column": "tenant_id" } } });
    // Logins that are not a tenant's.
    for user in [pool.host.admin_user().to_owned(), pool.owner()] {
        let place = pool.changed("acme", |server, _| server.user = user);
        let error = pool.try_apply(&place, &superuser).await.unwrap_err();
        assert!(matches!(&error, SetupError::Placement(text) if text.contains("a login of its own")), "{error}");
    }
    let admin = pool.host.admin(&pool.database).await.unwrap();
    let left = format!(
        "SELECT count(*) FROM pg_namespace WHERE nspname = 'cloison' UNION ALL SELECT count(*) FROM pg_policy UNION ALL SELECT count(*) FROM pg_roles WHERE rolname = '{}'",
        pool.user("acme")
    );
    assert_eq!(answer(&admin, &left).await.unwrap(), ["0", "0", "0"]);
}

#[test]
fn names_that_the_server_would_cut_off_are_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = Pool::new(Level::NativeRows).await;
        let long = "é".repeat(32);
        for place in [
            pool.changed("acme", |server, _| server.user.clone_from(&long)),
            pool.changed("acme", |server, _| server.schema = Some(long.clone())),
            pool.changed("acme", |_, rows| {
                rows.tables = serde_json::from_value(json!({ long.clone(): { "shared": true } })).unwrap()
            }),
            pool.changed("acme", |server, _| server.schema = Some("cloison".to_owned())),
        ] {
            assert!(matches!(setup::script(&place), Err(SetupError::Placement(_))));
        }
    });
}

#[tokio::test]
async fn the_script_as_text_does_the_same_and_hides_the_password() {
    let pool = Pool::new(Level::NativeRows).await;
    let script = setup::script(&pool.place("acme")).unwrap();
    let shown = script.to_sql(false);
    assert!(!shown.contains("it''s") && shown.contains("-- ALTER ROLE") && shown.contains("'***'"), "{shown}");
    pool.run(&script.to_sql(true)).await;
    let acme = pool.tenant_session("acme").await;
    assert_eq!(answer(&acme, "SELECT count(*) FROM app.orders").await.unwrap(), ["3"]);
}

#[tokio::test]
async fn a_signed_context_cannot_be_made_up_or_used_again() {
    let pool = Pool::new(Level::NativeRows).await;
    let key = Secret::from("0123456789abcdef".repeat(4));
    let place = pool.changed("all", |_, rows| rows.signing = Some(key.clone()));
    for _ in 0..2 {
        pool.try_apply(&place, &pool.superuser()).await.unwrap();
    }
    let (session, admin) = (pool.tenant_session("all").await, pool.host.admin(&pool.database).await.unwrap());
    // The server's own HMAC, so that ours is compared with another one.
    admin.batch_execute("CREATE EXTENSION pgcrypto SCHEMA app").await.unwrap();
    let sign = async |tenant: &str, moment: &str| {
        let sql = format!(
            "SELECT encode(app.hmac(convert_to('{tenant}|{moment}', 'UTF8'), '\\x{}'::bytea, 'sha256'), 'hex') || '{tenant}'",
            key.expose()
        );
        answer(&admin, &sql).await.unwrap().concat()
    };
    let count = "SELECT count(*), max(tenant_id) FROM app.orders";
    let with = |context: &str| format!("SELECT set_config('cloison.context', '{context}', true)");
    session.batch_execute("BEGIN").await.unwrap();
    let moment = answer(&session, "SELECT cloison.moment()").await.unwrap().concat();
    assert_eq!(answer(&session, count).await.unwrap(), ["0", "NULL"]);
    let context = sign("acme", &moment).await;
    answer(&session, &with(&context)).await.unwrap();
    assert_eq!(answer(&session, count).await.unwrap(), ["3", "acme"]);
    assert_eq!(answer(&session, "SELECT count(*) FROM app.lines").await.unwrap(), ["3"]);
    for forged in
        [context.replace("acme", "bolt"), "bolt".to_owned(), sign("bolt", "1|1").await, String::new(), "é".repeat(70)]
    {
        answer(&session, &with(&forged)).await.unwrap();
        assert_eq!(answer(&session, count).await.unwrap(), ["0", "NULL"], "{forged}");
    }
    session.batch_execute("ROLLBACK; BEGIN").await.unwrap();
    answer(&session, &with(&context)).await.unwrap();
    assert_eq!(answer(&session, count).await.unwrap(), ["0", "NULL"]);
    session.batch_execute("ROLLBACK").await.unwrap();
    for refused in
        ["SELECT * FROM cloison.signing_key", "CREATE FUNCTION cloison.x() RETURNS int LANGUAGE sql AS 'SELECT 1'"]
    {
        assert!(answer(&session, refused).await.is_err(), "{refused}");
    }
}
