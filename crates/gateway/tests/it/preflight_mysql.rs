//! MariaDB: preflight finds what is broken on purpose, and nothing else.

use gateway::preflight::{Outcome, Report};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use serde_json::json;
use std::sync::Arc;
use tenancy::placement::{Level, Placement};
use testkit::servers::{Mariadb, Options};

use crate::setup_mysql::World;
use crate::world::gateway;

/// The findings that do not hold, by name, with how bad they are.
async fn broken(place: &Arc<Placement>) -> Vec<(&'static str, Outcome, String)> {
    let report = gateway().preflight(place).await.unwrap();
    let failing = |report: &Report| {
        let findings = report.findings.iter().filter(|finding| finding.outcome != Outcome::Holds);
        findings.map(|finding| (finding.check, finding.outcome, finding.message.clone())).collect()
    };
    failing(&report)
}

/// Breaks something, sees one finding with these words and no other, and mends it.
async fn breaking(
    admin: &mut Conn,
    place: &Arc<Placement>,
    (breaks, mends): (&str, &str),
    expected: (&str, Outcome, &str),
) {
    let (check, outcome, words) = expected;
    admin.query_drop(breaks).await.unwrap();
    let found = broken(place).await;
    let named =
        |found: &(&'static str, Outcome, String)| found.0 == check && found.1 == outcome && found.2.contains(words);
    assert!(found.iter().any(named), "{breaks}: {found:?}");
    assert!(found.iter().all(|(found, ..)| *found == check), "{breaks}: {found:?}");
    admin.query_drop(mends).await.unwrap();
    assert_eq!(broken(place).await, [], "{mends}");
}

#[tokio::test]
async fn a_clean_set_up_holds_at_every_level() {
    let world = World::shared().await;
    let places = [
        world.placement(Level::Database, 'd', world.server('d', &world.base), ""),
        world.view_rows('a', "acme"),
        world.placement(Level::GuardedRows, 'g', world.server('g', &world.base), "acme"),
    ];
    for place in &places {
        world.set_up(place).await.unwrap();
    }
    for place in &places {
        assert_eq!(broken(place).await, []);
        let checks: Vec<_> =
            gateway().preflight(place).await.unwrap().findings.iter().map(|finding| finding.check).collect();
        let shared = ["version", "login", "session", "sql-mode", "grants", "public-grants", "other-databases"];
        assert_eq!(checks[..7], shared);
        let rest: &[&str] = match place.level() {
            Level::ViewRows => {
                &["base-tables", "definers", "row-key", "definitions", "declared-tables", "declared-columns"]
            }
            Level::GuardedRows => &["declared-tables", "declared-columns"],
            _ => &[],
        };
        assert_eq!(&checks[7..], rest);
    }
}

#[tokio::test]
async fn every_right_too_many_is_found() {
    let world = World::shared().await;
    let place = world.placement(Level::Database, 'd', world.server('d', &world.base), "");
    world.set_up(&place).await.unwrap();
    let mut admin = world.admin().await;
    let (account, base) = (format!("'{}'@'%'", world.login('d')), &world.base);
    let other = base.replace("base_x", "other");
    admin.query_drop(format!("CREATE DATABASE {other}; CREATE TABLE {other}.t (x INT)")).await.unwrap();
    admin.query_drop(format!("CREATE FUNCTION {base}.f() RETURNS INT DETERMINISTIC RETURN 1")).await.unwrap();
    let other_escaped = other.replace('_', "\\_");
    for (right, object, words) in [
        ("FILE, PROCESS", "*.*".to_owned(), "PROCESS, FILE ON *.*"),
        ("LOCK TABLES, CREATE TEMPORARY TABLES", format!("`{base}`.*"), "CREATE TEMPORARY TABLES, LOCK TABLES ON"),
        ("INSERT", format!("`{base}`.orders"), "has INSERT ON"),
        ("SHOW VIEW", format!("`{base}`.*"), "SHOW VIEW ON"),
        ("EXECUTE", format!("FUNCTION `{base}`.f"), "EXECUTE ON FUNCTION"),
        ("SELECT", format!("`{base}`.*"), "every database whose name is like"),
    ] {
        let breaks = format!("GRANT {right} ON {object} TO {account}");
        let mends = format!("REVOKE {right} ON {object} FROM {account}");
        breaking(&mut admin, &place, (&breaks, &mends), ("grants", Outcome::StopsTenantSql, words)).await;
    }
    let with_option = format!("GRANT SELECT ON `{base}`.orders TO {account} WITH GRANT OPTION");
    let without = format!("REVOKE SELECT, GRANT OPTION ON `{base}`.orders FROM {account}");
    let expected = ("grants", Outcome::StopsTenantSql, "WITH GRANT OPTION");
    breaking(&mut admin, &place, (&with_option, &without), expected).await;
    let role = base.replace("base_x", "role");
    admin.query_drop(format!("CREATE ROLE {role}")).await.unwrap();
    let (gives, takes) = (format!("GRANT {role} TO {account}"), format!("REVOKE {role} FROM {account}"));
    breaking(&mut admin, &place, (&gives, &takes), ("grants", Outcome::StopsTenantSql, "has the role")).await;
    // Whoever reads a database sees it too.
    for object in [format!("`{other_escaped}`.*"), format!("{other}.t")] {
        admin.query_drop(format!("GRANT SELECT ON {object} TO {account}")).await.unwrap();
        let found = broken(&place).await;
        let checks: Vec<_> = found.iter().map(|(check, ..)| *check).collect();
        assert_eq!(checks, ["grants", "other-databases"], "{found:?}");
        assert!(found[0].2.contains("may read the") && found[1].2.contains(&other), "{found:?}");
        admin.query_drop(format!("REVOKE SELECT ON {object} FROM {account}")).await.unwrap();
    }
    assert_eq!(broken(&place).await, []);
    let hash: String = admin.query_first(format!("SHOW GRANTS FOR {account}")).await.unwrap().unwrap();
    let hash = hash.split('\'').find(|part| part.starts_with('*')).unwrap().to_owned();
    admin.query_drop(format!("GRANT PROCESS ON *.* TO {account}")).await.unwrap();
    let found = broken(&place).await;
    assert!(found.len() == 1 && !found[0].2.contains(&hash), "{found:?}");
}

/// What is everybody's on a server: a server of its own, so that no other test meets it.
#[tokio::test]
async fn what_is_everybodys_is_found() {
    let world = World::on(Mariadb::throwaway(Options::default()).await.unwrap()).await;
    let place = world.placement(Level::Database, 'd', world.server('d', &world.base), "");
    let rows = world.view_rows('a', "acme");
    for place in [&place, &rows] {
        world.set_up(place).await.unwrap();
        assert_eq!(broken(place).await, []);
    }
    let mut admin = world.admin().await;
    admin.query_drop("GRANT PROCESS ON *.* TO PUBLIC").await.unwrap();
    let found = broken(&place).await;
    assert!(found.len() == 1 && found[0].0 == "public-grants" && found[0].2.contains("PROCESS"), "{found:?}");
    assert_eq!(broken(&rows).await[0].1, Outcome::StopsEverything);
    admin.query_drop("REVOKE PROCESS ON *.* FROM PUBLIC").await.unwrap();
    assert_eq!(broken(&place).await, []);

    // No SHOW GRANTS tells of these, which old installations have.
    let anonymous = "CREATE DATABASE test; CREATE USER ''@'localhost'; GRANT SELECT ON test.* TO ''@'localhost'; \
                     UPDATE mysql.db SET host = '%' WHERE user = ''; FLUSH PRIVILEGES";
    admin.query_drop(anonymous).await.unwrap();
    let found = broken(&place).await;
    assert!(found.len() == 1 && found[0].0 == "other-databases" && found[0].2.contains("test"), "{found:?}");
    admin.query_drop("DELETE FROM mysql.db WHERE user = ''; DROP USER ''@'localhost'; FLUSH PRIVILEGES").await.unwrap();
    assert_eq!(broken(&place).await, []);

    // An account without a name takes every login that comes from its host.
    let database = world.base.replace('_', "\\_");
    let password = "it''s \\\\ \"quoted\" `#-- ***";
    let nobody = format!(
        "CREATE USER ''@'127.0.0.1' IDENTIFIED BY '{password}'; GRANT SELECT ON `{database}`.* TO ''@'127.0.0.1'"
    );
    admin.query_drop(nobody).await.unwrap();
    let found = broken(&place).await;
    assert!(found[0].0 == "login" && found[0].2.contains("anonymous"), "{found:?}");
}

#[tokio::test]
async fn views_that_are_not_as_they_were_made_are_found() {
    let world = World::shared().await;
    let (a, b) = (world.view_rows('a', "acme"), world.view_rows('b', "bolt"));
    for place in [&a, &b] {
        world.set_up(place).await.unwrap();
    }
    let mut admin = world.admin().await;
    admin.query_drop(format!("USE {}", world.views)).await.unwrap();
    let (base, worst) = (&world.base, Outcome::StopsEverything);
    let made: (String, String) = admin
        .query_first("SHOW CREATE VIEW orders")
        .await
        .map(|row: Option<(String, String, String, String)>| {
            let row = row.unwrap();
            (row.0, row.1.replacen("CREATE ", "CREATE OR REPLACE ", 1))
        })
        .unwrap();
    for (breaks, mends, expected) in [
        (
            "CREATE TABLE copied SELECT 1 AS x".to_owned(),
            "DROP TABLE copied".to_owned(),
            ("base-tables", worst, "copied"),
        ),
        (
            format!("CREATE OR REPLACE DEFINER = cloison_views@localhost VIEW orders AS SELECT * FROM {base}.orders"),
            made.1.clone(),
            ("definitions", worst, "orders"),
        ),
        (
            format!("CREATE DEFINER = cloison_views@localhost VIEW more AS SELECT * FROM {base}.orders"),
            "DROP VIEW more".to_owned(),
            ("definitions", Outcome::StopsTenantSql, "nobody knows how these views were made: more"),
        ),
        (
            format!("DELETE FROM {base}.cloison_tenant WHERE row_key = 'acme'"),
            format!("INSERT INTO {base}.cloison_tenant VALUES ('{}', 'acme')", world.login('a')),
            ("row-key", worst, "sees no rows"),
        ),
        (
            format!("UPDATE {base}.cloison_tenant SET row_key = 'Acme' WHERE row_key = 'acme'"),
            format!("UPDATE {base}.cloison_tenant SET row_key = 'acme' WHERE row_key = 'Acme'"),
            ("row-key", worst, "another key"),
        ),
        (
            format!("CREATE OR REPLACE VIEW countries AS SELECT * FROM {base}.countries"),
            "SELECT 1".to_owned(),
            ("", worst, ""),
        ),
    ] {
        if expected.0.is_empty() {
            admin.query_drop(&breaks).await.unwrap();
            let found = broken(&a).await;
            let checks: Vec<_> = found.iter().map(|(check, outcome, _)| (*check, *outcome)).collect();
            assert_eq!(checks, [("definers", worst), ("definitions", worst)], "{found:?}");
            assert!(found.iter().all(|(.., message)| message.contains("countries")), "{found:?}");
            world.set_up(&a).await.unwrap();
            assert_eq!(broken(&a).await, []);
        } else {
            breaking(&mut admin, &a, (&breaks, &mends), expected).await;
        }
    }
    for view in ["cloison_me", "cloison_views"] {
        admin.query_drop(format!("DROP VIEW {view}")).await.unwrap();
        let found = broken(&a).await;
        assert!(found.len() == 1 && found[0].1 == worst && found[0].2.contains("is not there"), "{found:?}");
        world.set_up(&a).await.unwrap();
    }
    // With the rights of whoever asks, a view shows nothing; it is no view of set-up's all the same.
    admin
        .query_drop("ALTER DEFINER = cloison_views@localhost SQL SECURITY INVOKER VIEW countries AS SELECT 1 AS code")
        .await
        .unwrap();
    assert_eq!(broken(&b).await[0].0, "definers");
}

#[tokio::test]
async fn tables_and_columns_that_are_declared_must_be_there() {
    let mut world = World::shared().await;
    world.tables["orders"]["viewers"] = json!([{ "column": "amount", "attribute": "sub" }]);
    world.tables["ghost"] = json!({ "masks": { "x": { "mask": "null" } } });
    let guarded = |world: &World| world.placement(Level::GuardedRows, 'g', world.server('g', &world.base), "acme");
    world.set_up(&guarded(&world)).await.unwrap();
    assert_eq!(broken(&guarded(&world)).await, [], "what does not say whose its rows are is not asked for");
    world.tables["ghost"] = json!({ "shared": true });
    let found = broken(&guarded(&world)).await;
    assert!(found.len() == 1 && found[0].0 == "declared-tables" && found[0].2.contains("ghost"), "{found:?}");
    assert_eq!(found[0].1, Outcome::StopsTenantSql);
    let mut admin = world.admin().await;
    admin.query_drop("ALTER TABLE orders DROP COLUMN tenant_id, DROP COLUMN amount").await.unwrap();
    let found = broken(&guarded(&world)).await;
    assert_eq!((found[1].0, found[1].1), ("declared-columns", Outcome::StopsEverything));
    assert!(found[1].2.contains("orders.amount, orders.tenant_id"), "{found:?}");
}

#[tokio::test]
async fn a_login_that_reads_more_than_the_declared_tables_is_found() {
    let world = World::shared().await;
    let place = world.placement(Level::GuardedRows, 'g', world.server('g', &world.base), "acme");
    world.set_up(&place).await.unwrap();
    let mut admin = world.admin().await;
    let account = format!("'{}'@'%'", world.login('g'));
    for (object, words) in
        [("salaries".to_owned(), "salaries"), (format!("`{}`.*", world.base.replace('_', "\\_")), "the database")]
    {
        let (gives, takes) =
            (format!("GRANT SELECT ON {object} TO {account}"), format!("REVOKE SELECT ON {object} FROM {account}"));
        breaking(&mut admin, &place, (&gives, &takes), ("grants", Outcome::StopsTenantSql, words)).await;
    }
}
