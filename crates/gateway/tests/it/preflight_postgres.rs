//! Preflight of PostgreSQL: a clean set-up holds, and whatever is broken is seen and named.

use gateway::Gateway;
use gateway::preflight::Outcome::{self, StopsEverything, StopsTenantSql};
use serde_json::json;
use tenancy::placement::{Level, Placement};

use crate::pooled_postgres::{Pool, broken};
use crate::world::gateway;

/// What breaks it, what repairs it (set-up itself when empty), and what is seen in between.
type Break<'a> = (&'a str, &'a str, &'a [(&'static str, Outcome)]);

async fn looked_at(gateway: &Gateway, place: &std::sync::Arc<Placement>) -> Vec<(&'static str, Outcome)> {
    broken(&gateway.preflight(place).await.unwrap())
}

/// Breaks, looks, repairs, looks. Words in braces are the test's own names.
async fn each(pool: &Pool, breaks: &[Break<'_>]) {
    let (gateway, place) = (gateway(), pool.apply("acme").await);
    pool.apply("bolt").await;
    assert_eq!(looked_at(&gateway, &place).await, [], "{:?}: before", pool.level);
    for (breaks, repairs, expected) in breaks {
        pool.run(&named(pool, breaks)).await;
        let report = gateway.preflight(&place).await.unwrap();
        assert_eq!(broken(&report), *expected, "{:?}: {breaks}", pool.level);
        match *repairs {
            "" => drop(pool.apply("acme").await),
            repairs => pool.run(&named(pool, repairs)).await,
        }
        assert_eq!(looked_at(&gateway, &place).await, [], "{:?}: after {breaks}", pool.level);
    }
}

fn named(pool: &Pool, sql: &str) -> String {
    let names = [
        ("{acme}", pool.user("acme")),
        ("{bolt}", pool.user("bolt")),
        ("{owner}", pool.owner()),
        ("{database}", pool.database.clone()),
    ];
    names.iter().fold(sql.to_owned(), |sql, (word, name)| sql.replace(word, name))
}

/// What is wrong with a login, wherever tenants share tables behind walls of the database.
const LOGIN: &[Break<'_>] = &[
    ("ALTER ROLE {acme} BYPASSRLS", "", &[("role-attributes", StopsEverything), ("mapping", StopsEverything)]),
    ("ALTER ROLE {acme} REPLICATION CREATEDB CREATEROLE", "", &[("role-attributes", StopsEverything)]),
    ("GRANT {bolt} TO {acme}", "REVOKE {bolt} FROM {acme}", &[("memberships", StopsEverything)]),
    ("GRANT pg_monitor TO {acme}", "REVOKE pg_monitor FROM {acme}", &[("memberships", StopsEverything)]),
    (
        "GRANT pg_read_server_files TO {acme}",
        "REVOKE pg_read_server_files FROM {acme}",
        &[("memberships", StopsEverything)],
    ),
    (
        "CREATE TYPE app.mine AS (a int); ALTER TYPE app.mine OWNER TO {acme}",
        "DROP TYPE app.mine",
        &[("ownership", StopsEverything)],
    ),
    ("GRANT CREATE ON SCHEMA public TO {acme}", "REVOKE CREATE ON SCHEMA public FROM {acme}", &[("create-rights", StopsTenantSql)]),
    ("GRANT CREATE ON DATABASE {database} TO PUBLIC", "REVOKE CREATE ON DATABASE {database} FROM PUBLIC", &[("create-rights", StopsTenantSql)]),
    ("GRANT TEMP ON DATABASE {database} TO PUBLIC", "", &[("temporary-tables", StopsTenantSql)]),
    (
        "GRANT SELECT ON pg_catalog.pg_statistic TO PUBLIC",
        "REVOKE SELECT ON pg_catalog.pg_statistic FROM PUBLIC",
        &[("catalogue-rights", StopsEverything)],
    ),
    (
        "CREATE FUNCTION app.all_orders() RETURNS SETOF app.orders LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM app.orders';
         GRANT USAGE ON SCHEMA app TO {acme}",
        "DROP FUNCTION app.all_orders; REVOKE USAGE ON SCHEMA app FROM {acme}; {usage}",
        &[("definer-functions", StopsTenantSql)],
    ),
    (
        "GRANT EXECUTE ON FUNCTION pg_read_file(text), lo_import(text) TO {acme}",
        "REVOKE EXECUTE ON FUNCTION pg_read_file(text), lo_import(text) FROM {acme}",
        &[("dangerous-functions", StopsEverything)],
    ),
    ("CREATE EXTENSION dblink SCHEMA public", "DROP EXTENSION dblink", &[("extensions", StopsEverything)]),
    (
        "CREATE EXTENSION adminpack; GRANT EXECUTE ON FUNCTION pg_catalog.pg_file_write(text, text, boolean) TO {acme}",
        "DROP EXTENSION adminpack",
        &[("extensions", StopsEverything)],
    ),
    (
        "CREATE LANGUAGE unsafe HANDLER plpgsql_call_handler; CREATE FUNCTION public.f() RETURNS int LANGUAGE unsafe AS 'BEGIN RETURN 1; END'",
        "DROP LANGUAGE unsafe CASCADE",
        &[("untrusted-languages", StopsEverything)],
    ),
    (
        "CREATE EXTENSION file_fdw SCHEMA public; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; GRANT USAGE ON FOREIGN SERVER files TO {acme}",
        "DROP EXTENSION file_fdw CASCADE",
        &[("foreign-servers", StopsEverything)],
    ),
    (
        "CREATE EXTENSION file_fdw SCHEMA public; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE public.passwd (line text) SERVER files OPTIONS (filename '/etc/passwd'); GRANT SELECT ON public.passwd TO {acme}",
        "DROP EXTENSION file_fdw CASCADE",
        &[("foreign-tables", StopsEverything)],
    ),
    ("UPDATE cloison.tenant SET row_key = 'bolt' WHERE login = '{acme}'", "", &[("mapping", StopsEverything)]),
    ("DELETE FROM cloison.tenant WHERE login = '{acme}'", "", &[("mapping", StopsEverything)]),
    ("REVOKE SELECT ON cloison.tenant FROM {acme}", "", &[("mapping", StopsEverything)]),
    (
        // A pooler gives every transaction another backend. Only ours read in this way, so the session still opens.
        "CREATE OR REPLACE FUNCTION pg_catalog.pg_backend_pid() RETURNS int LANGUAGE sql VOLATILE AS
           'SELECT CASE current_setting(''transaction_isolation'') WHEN ''repeatable read'' THEN (random() * 1e9)::int ELSE 1 END'",
        "CREATE OR REPLACE FUNCTION pg_catalog.pg_backend_pid() RETURNS int LANGUAGE internal STABLE STRICT PARALLEL RESTRICTED AS 'pg_backend_pid'",
        &[("pooler", StopsEverything)],
    ),
];

#[tokio::test]
async fn what_is_wrong_with_a_login_is_seen_at_native_rows() {
    login(Level::NativeRows, "GRANT USAGE ON SCHEMA app TO {acme}").await;
}

#[tokio::test]
async fn what_is_wrong_with_a_login_is_seen_at_view_rows() {
    login(Level::ViewRows, "SELECT 1").await;
}

async fn login(level: Level, usage: &str) {
    let pool = Pool::new(level).await;
    let repaired: Vec<_> = LOGIN.iter().map(|(_, repairs, _)| repairs.replace("{usage}", usage)).collect();
    let breaks: Vec<_> = LOGIN
        .iter()
        .zip(&repaired)
        .map(|((breaks, _, expected), repairs)| (*breaks, repairs.as_str(), *expected))
        .collect();
    each(&pool, &breaks).await;
    // A superuser is one finding, not fifty: it is a member of everything and may do everything.
    pool.run(&named(&pool, "ALTER ROLE {acme} SUPERUSER")).await;
    let broken = looked_at(&gateway(), &pool.place("acme")).await;
    assert!(broken.contains(&("superuser", StopsEverything)), "{broken:?}");
    assert!(!broken.iter().any(|(check, _)| ["memberships", "ownership"].contains(check)), "{broken:?}");
}

#[tokio::test]
async fn what_is_wrong_with_tables_is_seen_at_native_rows() {
    let pool = Pool::new(Level::NativeRows).await;
    let policies = "policies";
    let breaks: &[Break<'_>] = &[
        ("ALTER TABLE app.orders NO FORCE ROW LEVEL SECURITY", "", &[("row-security", StopsEverything)]),
        ("ALTER TABLE app.lines DISABLE ROW LEVEL SECURITY", "", &[("row-security", StopsEverything)]),
        (
            "CREATE POLICY more ON app.orders FOR SELECT USING (current_setting('app.tenant', true) = tenant_id)",
            "DROP POLICY more ON app.orders",
            &[("other-policies", StopsEverything)],
        ),
        (
            "ALTER POLICY cloison_others ON app.orders TO {acme}",
            "ALTER POLICY cloison_others ON app.orders TO {owner}",
            &[("other-policies", StopsEverything)],
        ),
        ("CREATE POLICY less ON app.orders AS RESTRICTIVE USING (amount > 1)", "DROP POLICY less ON app.orders", &[]),
        ("DROP POLICY cloison_tenant ON app.orders", "", &[(policies, StopsEverything)]),
        ("ALTER POLICY cloison_tenant ON app.orders USING (true)", "", &[(policies, StopsEverything)]),
        ("ALTER POLICY cloison_tenant ON app.orders TO {acme}", "", &[(policies, StopsEverything)]),
        ("COMMENT ON POLICY cloison_tenant ON app.lines IS 'mine'", "", &[(policies, StopsEverything)]),
        (
            "ALTER POLICY cloison_tenant ON cloison.tenant USING (true)",
            "",
            &[(policies, StopsEverything), ("mapping", StopsEverything)],
        ),
        ("ALTER TABLE cloison.tenant NO FORCE ROW LEVEL SECURITY", "", &[("row-security", StopsEverything)]),
        ("GRANT SELECT ON app.events_bolt TO {acme}", "", &[("partitions", StopsEverything)]),
        (
            "GRANT SELECT (tenant_id) ON app.events_bolt TO PUBLIC",
            "REVOKE SELECT (tenant_id) ON app.events_bolt FROM PUBLIC",
            &[("partitions", StopsEverything)],
        ),
        ("GRANT SELECT ON app.internals TO {acme}", "", &[("undeclared-tables", StopsEverything)]),
        ("GRANT SELECT (id) ON app.internals TO {acme}", "", &[("undeclared-tables", StopsEverything)]),
        (
            "CREATE TABLE public.new (id int); GRANT SELECT ON public.new TO PUBLIC",
            "DROP TABLE public.new",
            &[("undeclared-tables", StopsEverything)],
        ),
        (
            "CREATE SEQUENCE app.numbers; GRANT SELECT ON app.numbers TO PUBLIC",
            "DROP SEQUENCE app.numbers",
            &[("undeclared-tables", StopsEverything)],
        ),
        ("GRANT SELECT ON app.mv_orders TO {acme}", "", &[("materialised-views", StopsEverything)]),
        ("GRANT SELECT ON app.v_orders_all TO {acme}", "", &[("views", StopsEverything)]),
        (
            "CREATE VIEW app.own WITH (security_invoker) AS SELECT * FROM app.orders; GRANT SELECT ON app.own TO {acme}",
            "DROP VIEW app.own",
            &[],
        ),
        ("GRANT INSERT, TRUNCATE ON app.orders TO {acme}", "", &[("write-rights", StopsTenantSql)]),
        ("REVOKE SELECT ON app.lines FROM {acme}", "", &[("declared-tables", StopsTenantSql)]),
        (
            "REVOKE SELECT ON app.lines FROM {acme}; GRANT SELECT (id, secret) ON app.lines TO {acme}",
            "",
            &[("declared-columns", StopsEverything)],
        ),
    ];
    each(&pool, breaks).await;
}

#[tokio::test]
async fn what_is_wrong_with_views_is_seen_at_view_rows() {
    let pool = Pool::new(Level::ViewRows).await;
    let view = "WITH (security_barrier = true) AS SELECT o.id, o.tenant_id, o.customer, o.amount, o.secret, o.note FROM app.orders AS o";
    let replaced = format!("CREATE OR REPLACE VIEW views.orders {view}");
    let breaks: &[Break<'_>] = &[
        (
            "GRANT SELECT ON app.orders TO {acme}; GRANT USAGE ON SCHEMA app TO {acme}",
            "REVOKE SELECT ON app.orders FROM {acme}; REVOKE USAGE ON SCHEMA app FROM {acme}",
            &[("base-tables", StopsEverything)],
        ),
        (
            "CREATE SEQUENCE views.numbers; GRANT SELECT ON views.numbers TO {acme}",
            "DROP SEQUENCE views.numbers",
            &[("base-tables", StopsEverything)],
        ),
        // Without a look into the schema the grant is of no use yet.
        ("GRANT SELECT ON app.orders TO PUBLIC", "REVOKE SELECT ON app.orders FROM PUBLIC", &[]),
        (
            "GRANT SELECT ON app.mv_orders, app.v_orders_all TO {acme}; GRANT USAGE ON SCHEMA app TO {acme}",
            "REVOKE SELECT ON app.mv_orders, app.v_orders_all FROM {acme}; REVOKE USAGE ON SCHEMA app FROM {acme}",
            &[("base-tables", StopsEverything), ("other-views", StopsEverything)],
        ),
        (&replaced, "", &[("view-definitions", StopsEverything)]),
        ("COMMENT ON VIEW views.lines IS NULL", "", &[("view-definitions", StopsEverything)]),
        ("ALTER VIEW views.orders RESET (security_barrier)", "", &[("view-owners", StopsEverything)]),
        ("ALTER VIEW views.orders SET (security_invoker = on)", "", &[("view-owners", StopsEverything)]),
        ("ALTER VIEW views.regions OWNER TO CURRENT_USER", "", &[("view-owners", StopsEverything)]),
        (
            "GRANT CREATE ON SCHEMA views TO {acme}; ALTER VIEW views.regions OWNER TO {acme}; REVOKE CREATE ON SCHEMA views FROM {acme}",
            "ALTER VIEW views.regions OWNER TO cloison_views; GRANT SELECT ON views.regions TO {acme}",
            &[("ownership", StopsEverything), ("write-rights", StopsTenantSql), ("view-owners", StopsEverything)],
        ),
        (
            "CREATE VIEW views.sly AS SELECT * FROM app.orders; GRANT SELECT ON views.sly TO {acme}",
            "DROP VIEW views.sly",
            &[("other-views", StopsEverything)],
        ),
        ("REVOKE SELECT ON views.lines FROM {acme}", "", &[("declared-tables", StopsTenantSql)]),
    ];
    each(&pool, breaks).await;
}

/// Names are whatever the database's people like; a report is read in terminals.
#[tokio::test]
async fn names_that_are_instructions_to_a_terminal_stay_names() {
    let pool = Pool::new(Level::NativeRows).await;
    let place = pool.apply("acme").await;
    let name = "ok\u{1b}[2J\nok    row-security: holds\r\u{202e}";
    pool.run(&format!("CREATE TABLE app.\"{name}\" (id int); GRANT SELECT ON app.\"{name}\" TO {}", pool.user("acme")))
        .await;
    let report = gateway().preflight(&place).await.unwrap();
    assert_eq!(broken(&report), [("undeclared-tables", StopsEverything)]);
    let message = &report.findings.iter().find(|finding| finding.check == "undeclared-tables").unwrap().message;
    assert!(message.contains("[2J") && !message.contains(|c: char| c.is_control() || c == '\u{202e}'), "{message:?}");
}

#[tokio::test]
async fn rules_that_changed_since_set_up_are_seen() {
    for (level, check) in [(Level::NativeRows, "policies"), (Level::ViewRows, "view-definitions")] {
        let mut pool = Pool::new(level).await;
        let (gateway, place) = (gateway(), pool.apply("acme").await);
        assert_eq!(looked_at(&gateway, &place).await, []);
        pool.tables["events"] = json!({ "tenant": { "column": "secret" } });
        pool.tables["lines"]["tenant"]["key"] = json!("amount");
        let changed = gateway.preflight(&pool.place("acme")).await.unwrap();
        assert_eq!(broken(&changed), [(check, StopsEverything)]);
        let message = changed.findings.iter().find(|finding| finding.check == check).unwrap().message.clone();
        assert!(message.contains("events") && message.contains("lines") && message.contains("again"), "{message}");
        pool.apply("acme").await;
        assert_eq!(looked_at(&gateway, &pool.place("acme")).await, []);
        // Reference data that becomes a tenant's, and the other way round.
        pool.tables["regions"] = json!({ "tenant": { "column": "name" } });
        let broken = looked_at(&gateway, &pool.place("acme")).await;
        let expected: &[_] = if level == Level::NativeRows {
            &[("row-security", StopsEverything), (check, StopsEverything)]
        } else {
            &[(check, StopsEverything)]
        };
        assert_eq!(broken, expected);
    }
}

#[tokio::test]
async fn a_key_has_one_spelling_in_its_column() {
    for level in [Level::NativeRows, Level::ViewRows, Level::GuardedRows] {
        let mut pool = Pool::new(level).await;
        let gateway = gateway();
        pool.run(
            "CREATE TABLE app.numbers (firm bigint); CREATE TABLE app.ids (firm uuid);
             CREATE COLLATION app.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
             CREATE TABLE app.loosely (firm text COLLATE app.loose)",
        )
        .await;
        for (table, key, fits) in [
            ("numbers", "12", true),
            ("numbers", "012", false),
            ("numbers", "acme", false),
            ("ids", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", true),
            ("ids", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", false),
        ] {
            pool.tables = json!({ table: { "tenant": { "column": "firm" } } });
            let place = pool.changed("acme", |_, rows| key.clone_into(&mut rows.key));
            pool.try_apply(&place, &pool.superuser()).await.unwrap();
            let expected: &[_] = if fits { &[] } else { &[("tenant-columns", StopsEverything)] };
            assert_eq!(looked_at(&gateway, &place).await, expected, "{level:?}: {key}");
        }
        pool.tables = json!({ "loosely": { "tenant": { "column": "firm" } } });
        let place = pool.place("acme");
        if level == Level::GuardedRows {
            pool.try_apply(&place, &pool.superuser()).await.unwrap();
            assert_eq!(looked_at(&gateway, &place).await, [("tenant-columns", StopsEverything)]);
        } else {
            assert!(pool.try_apply(&place, &pool.superuser()).await.is_err());
        }
    }
}

#[tokio::test]
async fn guarded_rows_need_little_and_no_superuser() {
    let pool = Pool::new(Level::GuardedRows).await;
    let breaks: &[Break<'_>] = &[
        // The guard refuses what is not declared.
        ("GRANT SELECT ON app.internals, app.v_orders_all, app.mv_orders, app.events_bolt TO {acme}", "SELECT 1", &[]),
        ("CREATE EXTENSION dblink SCHEMA public", "DROP EXTENSION dblink", &[("extensions", StopsEverything)]),
        (
            "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {acme}",
            "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM {acme}",
            &[("dangerous-functions", StopsEverything)],
        ),
        ("REVOKE SELECT ON app.events FROM {acme}", "", &[("declared-tables", StopsTenantSql)]),
        (
            "ALTER ROLE {acme} SUPERUSER",
            "ALTER ROLE {acme} NOSUPERUSER",
            &[("superuser", StopsEverything), ("create-rights", StopsTenantSql)],
        ),
    ];
    let (gateway, place) = (gateway(), pool.apply("acme").await);
    for (sql, repairs, expected) in breaks {
        assert_eq!(looked_at(&gateway, &place).await, [], "{sql}");
        pool.run(&named(&pool, sql)).await;
        let broken = looked_at(&gateway, &place).await;
        if sql.contains("SUPERUSER") {
            // Which of the other checks a superuser fails does not matter.
            assert!(broken.contains(&expected[0]), "{broken:?}");
        } else {
            assert_eq!(broken, *expected, "{sql}");
        }
        match *repairs {
            "" => drop(pool.apply("acme").await),
            repairs => pool.run(&named(&pool, repairs)).await,
        }
    }
}

#[tokio::test]
async fn a_login_with_a_schema_or_database_of_its_own() {
    for level in [Level::Schema, Level::Database] {
        let mut pool = Pool::new(level).await;
        pool.tables = json!({});
        pool.run("CREATE SCHEMA other; CREATE TABLE other.rows (id int)").await;
        let elsewhere: &[(&str, Outcome)] =
            if level == Level::Schema { &[("other-schemas", StopsTenantSql)] } else { &[] };
        each(
            &pool,
            &[
                (
                    "GRANT USAGE ON SCHEMA other TO {acme}; GRANT SELECT ON other.rows TO {acme}",
                    "REVOKE ALL ON other.rows FROM {acme}",
                    elsewhere,
                ),
                ("ALTER ROLE {acme} BYPASSRLS", "", &[("role-attributes", StopsTenantSql)]),
                (
                    "GRANT pg_read_all_data TO {acme}",
                    "REVOKE pg_read_all_data FROM {acme}",
                    &[("memberships", StopsTenantSql)],
                ),
                (
                    "GRANT INSERT ON app.orders TO {acme}",
                    "REVOKE INSERT ON app.orders FROM {acme}",
                    &[("write-rights", StopsTenantSql)],
                ),
                ("CREATE EXTENSION dblink SCHEMA public", "DROP EXTENSION dblink", &[("extensions", StopsTenantSql)]),
            ],
        )
        .await;
        // The operator's cards go on.
        pool.run(&named(&pool, "ALTER ROLE {acme} SUPERUSER")).await;
        let report = gateway().preflight(&pool.place("acme")).await.unwrap();
        assert_eq!(report.outcome(), StopsTenantSql, "{level:?}");
    }
}
