//! Level `native-rows` where tenants share a login: each transaction is told under a signature whose it is.

use std::sync::Arc;

use gateway::preflight::Outcome::{StopsEverything, StopsTenantSql};
use gateway::setup::SetupError;
use serde_json::json;
use tenancy::Secret;
use tenancy::placement::{Level, Placement};

use crate::pooled_postgres::{CANARY, Pool, broken};
use crate::world::{Ask, gateway};

pub(crate) fn shared(pool: &Pool, slug: &str) -> Arc<Placement> {
    pool.changed(slug, |server, rows| {
        server.user = pool.user("all");
        rows.signing = Some(Secret::from("0123456789abcdef".repeat(4)));
    })
}

async fn two_tenants() -> (Pool, Arc<Placement>, Arc<Placement>) {
    let pool = Pool::new(Level::NativeRows).await;
    let (acme, bolt) = (shared(&pool, "acme"), shared(&pool, "bolt"));
    for place in [&acme, &bolt, &acme] {
        pool.try_apply(place, &pool.superuser()).await.unwrap();
    }
    (pool, acme, bolt)
}

#[tokio::test]
async fn each_tenant_reads_its_rows_by_one_login() {
    let (_pool, acme, bolt) = two_tenants().await;
    let gateway = gateway();
    let count = "SELECT count(*), max(tenant_id), (SELECT count(*) FROM app.lines) FROM app.orders";
    // Again and again, by kept connections and new ones.
    for _ in 0..3 {
        assert_eq!(Ask::new(&acme, count).rows(&gateway).await.unwrap(), json!([[3, "acme", 3]]));
        assert_eq!(Ask::new(&bolt, count).rows(&gateway).await.unwrap(), json!([[20, "bolt", 20]]));
        Ask::new(&acme, "SELECT 1 / (id - id) FROM app.orders").refusal(&gateway).await;
    }
    for place in [&acme, &bolt] {
        assert_eq!(broken(&gateway.preflight(place).await.unwrap()), []);
    }
    let answers = futures_util::future::join_all((0..20).map(|number| {
        let place = if number % 2 == 0 { &acme } else { &bolt };
        Ask::new(place, "SELECT count(*) FROM app.orders").rows(&gateway)
    }));
    for (number, answer) in answers.await.into_iter().enumerate() {
        assert_eq!(answer.unwrap(), json!([[if number % 2 == 0 { 3 } else { 20 }]]));
    }
}

/// What a tenant's own statement could try, without the guard in front of it.
#[tokio::test]
async fn no_statement_makes_up_a_context_or_uses_one_again() {
    let (_pool, acme, bolt) = two_tenants().await;
    let gateway = gateway();
    // A context of the other tenant that was good in a transaction of its own.
    let own = "SELECT current_setting('cloison.context')";
    let stolen = Ask::new(&bolt, own).rows(&gateway).await.unwrap()[0][0].as_str().unwrap().to_owned();
    assert!(stolen.ends_with("bolt") && stolen.len() == 68, "{stolen}");
    let mine = Ask::new(&acme, own).rows(&gateway).await.unwrap()[0][0].as_str().unwrap().to_owned();
    let made_up = [
        stolen.clone(),
        mine.clone(),
        mine.replace("acme", "bolt"),
        format!("{}bolt", "0".repeat(64)),
        "bolt".to_owned(),
        String::new(),
    ];
    for context in &made_up {
        for sql in [
            format!(
                "SELECT max(secret) FROM app.orders WHERE set_config('cloison.context', '{context}', true) IS NOT NULL"
            ),
            format!(
                "WITH c AS MATERIALIZED (SELECT set_config('cloison.context', '{context}', true)) SELECT max(secret) FROM c, app.orders"
            ),
            format!(
                "WITH c AS MATERIALIZED (SELECT set_config('cloison.context', '{context}', false)) SELECT max(secret) FROM c, app.orders"
            ),
        ] {
            let rows = Ask::new(&acme, &sql).rows(&gateway).await.unwrap();
            // Whose it is was found out before the statement's own words, or is nobody any more.
            assert!(rows == json!([[null]]) || rows == json!([["3"]]), "{sql}: {rows}");
        }
    }
    for sql in [
        "SELECT pads FROM cloison.signing_key",
        "SELECT set_config('role', 'cloison_signer', true), (SELECT count(*) FROM app.orders)",
        "SELECT query_to_xml('SELECT * FROM cloison.signing_key', true, false, '')",
    ] {
        let refusal = Ask::new(&acme, sql).refusal(&gateway).await;
        assert_eq!(refusal.label(), "query-failed", "{sql}");
    }
    let whole = "SELECT query_to_xml('SELECT secret FROM app.orders', true, false, '')::text";
    assert!(!Ask::new(&acme, whole).rows(&gateway).await.unwrap().to_string().contains(CANARY));
    // What a statement left behind is gone for the next one of the same connection.
    assert_eq!(Ask::new(&acme, "SELECT count(*) FROM app.orders").rows(&gateway).await.unwrap(), json!([[3]]));
}

#[tokio::test]
async fn what_breaks_signatures_is_seen_and_mended() {
    let (pool, acme, _) = two_tenants().await;
    let gateway = gateway();
    let login = pool.user("all");
    let replaced = "CREATE OR REPLACE FUNCTION cloison.verified_tenant() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT substr(current_setting(''cloison.context'', true), 65)'";
    for (breaks, repairs, expected) in [
        (
            "UPDATE cloison.signing_key SET pads = sha512(pads) || sha512('x')",
            "",
            &[("signature", StopsEverything)][..],
        ),
        (replaced, "", &[("signature", StopsEverything)]),
        ("ALTER FUNCTION cloison.verified_tenant() OWNER TO CURRENT_USER", "", &[("signature", StopsEverything)]),
        ("ALTER FUNCTION cloison.verified_tenant() RESET ALL", "", &[("signature", StopsEverything)]),
        (
            "ALTER FUNCTION cloison.moment() RENAME TO away",
            "ALTER FUNCTION cloison.away() RENAME TO moment",
            &[("signature", StopsEverything)],
        ),
        ("REVOKE EXECUTE ON FUNCTION cloison.moment() FROM {login}", "", &[("signature", StopsEverything)]),
        (
            "GRANT SELECT ON cloison.signing_key TO {login}",
            "REVOKE SELECT ON cloison.signing_key FROM {login}",
            &[("undeclared-tables", StopsEverything)],
        ),
        ("GRANT cloison_signer TO {login}", "REVOKE cloison_signer FROM {login}", &[("memberships", StopsEverything)]),
        (
            "ALTER POLICY cloison_tenant ON app.orders USING (tenant_id = cloison.verified_tenant() OR true)",
            "",
            &[("policies", StopsEverything)],
        ),
        ("ALTER TABLE app.lines NO FORCE ROW LEVEL SECURITY", "", &[("row-security", StopsEverything)]),
        (
            "GRANT INSERT ON app.orders TO {login}",
            "REVOKE INSERT ON app.orders FROM {login}",
            &[("write-rights", StopsTenantSql)],
        ),
    ] {
        assert_eq!(broken(&gateway.preflight(&acme).await.unwrap()), [], "before {breaks}");
        pool.run(&breaks.replace("{login}", &login)).await;
        let mut found = broken(&gateway.preflight(&acme).await.unwrap());
        // The owner that a function falls to is the test's superuser, whom another check names too.
        found.retain(|(check, _)| *check != "definer-functions");
        assert_eq!(found, expected, "{breaks}");
        match repairs {
            "" => pool.try_apply(&acme, &pool.superuser()).await.unwrap(),
            repairs => pool.run(&repairs.replace("{login}", &login)).await,
        }
    }
    assert_eq!(broken(&gateway.preflight(&acme).await.unwrap()), []);
    let host = tenancy::Host::new(jiff::Timestamp::default, |bytes: &mut [u8]| bytes.fill(7));
    // While rows are planted for a verification, the shared login reads them; as long as their table has its policy.
    let probe = acme.probe(&host, "__probe", "nobody", &Secret::default()).unwrap();
    pool.run("CREATE TABLE app.cloison_probe (id int, tenant_id text)").await;
    pool.try_apply(&probe, &pool.superuser()).await.unwrap();
    assert_eq!(broken(&gateway.preflight(&acme).await.unwrap()), []);
    pool.run("ALTER POLICY cloison_tenant ON app.cloison_probe USING (true)").await;
    assert_eq!(broken(&gateway.preflight(&acme).await.unwrap()), [("policies", StopsEverything)]);
    pool.run("DROP TABLE app.cloison_probe").await;
    assert_eq!(broken(&gateway.preflight(&acme).await.unwrap()), []);
    // Policies that ask for the login are not those of a signature.
    pool.apply("cord").await;
    let found = broken(&gateway.preflight(&acme).await.unwrap());
    assert!(found.contains(&("policies", StopsEverything)), "{found:?}");
}

#[tokio::test]
async fn the_applications_own_login_is_not_for_tenants() {
    let pool = Pool::new(Level::NativeRows).await;
    let place = pool.changed("acme", |server, rows| {
        server.user = pool.writer();
        rows.signing = Some(Secret::from("ab".repeat(32)));
    });
    let refusal = pool.try_apply(&place, &pool.superuser()).await.unwrap_err();
    assert!(matches!(&refusal, SetupError::Placement(words) if words.contains("reads only")), "{refusal}");
    for key in ["", "zz", &"g".repeat(64), &"é".repeat(32)] {
        let place = pool.changed("acme", |_, rows| rows.signing = Some(Secret::from(key.to_owned())));
        assert!(matches!(pool.try_apply(&place, &pool.superuser()).await, Err(SetupError::Placement(_))), "{key}");
    }
}
