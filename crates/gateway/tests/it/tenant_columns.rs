//! A row that is a tenant's only where two of its columns say so: people may be of several tenants.

use serde_json::{Value, json};
use tenancy::placement::Level;

use crate::pooled_postgres::{Pool, answer, broken};
use crate::setup_mysql::World;
use crate::signed::shared;
use crate::world::{Ask, gateway};
use mysql_async::prelude::Queryable;

/// Grade 1 is acme's, 2 and 3 bolt's. Grade 4 is nobody's: acme's course, and a person of bolt's. So is 5.
const TABLES: &str = "
    CREATE TABLE courses (id INT PRIMARY KEY, firm VARCHAR(20));
    CREATE TABLE members (id INT PRIMARY KEY, person INT, company VARCHAR(30));
    CREATE TABLE grades (id INT PRIMARY KEY, course INT, person INT);
    INSERT INTO courses VALUES (1, 'acme'), (2, 'bolt');
    INSERT INTO members VALUES (1, 7, 'acme'), (2, 7, 'bolt'), (3, 8, 'bolt');
    INSERT INTO grades VALUES (1, 1, 7), (2, 2, 7), (3, 2, 8), (4, 1, 8), (5, NULL, 7);";

fn rules() -> Value {
    json!({
        "courses": { "tenant": { "column": "firm" } },
        "members": { "tenant": { "column": "company" } },
        "grades": { "tenant": { "column": "course", "table": "courses", "key": "id",
            "and": [{ "column": "person", "table": "members", "key": "person" }] } }
    })
}

const EXPECTED: [(&str, &[&str]); 2] = [("acme", &["1"]), ("bolt", &["2", "3"])];

#[tokio::test]
async fn both_decide_on_postgres() {
    for level in [Level::NativeRows, Level::ViewRows] {
        let mut pool = Pool::new(level).await;
        pool.tables = rules();
        pool.run(&format!("SET ROLE {}; SET search_path = app; {TABLES}", pool.owner())).await;
        let schema = if level == Level::ViewRows { "views" } else { "app" };
        for (slug, expected) in EXPECTED {
            // Twice: what is as it must be is left alone.
            pool.apply(slug).await;
            let place = pool.apply(slug).await;
            let session = pool.tenant_session(slug).await;
            let sql = format!("SELECT id FROM {schema}.grades ORDER BY id");
            assert_eq!(answer(&session, &sql).await.unwrap(), expected, "{level:?}");
            let report = gateway().preflight(&place).await.unwrap();
            assert_eq!(broken(&report), [], "{level:?}");
        }
        // A rule that lost one of its columns is not the one that was set up.
        let weaker = pool.changed("acme", |_, rows| {
            let mut tables = rules();
            tables["grades"]["tenant"].as_object_mut().unwrap().remove("and");
            rows.tables = std::sync::Arc::new(serde_json::from_value(tables).unwrap());
        });
        let report = gateway().preflight(&weaker).await.unwrap();
        assert!(!broken(&report).is_empty(), "{level:?}");
    }
}

#[tokio::test]
async fn both_decide_for_whom_it_was_signed() {
    let mut pool = Pool::new(Level::NativeRows).await;
    pool.tables = rules();
    pool.run(&format!("SET ROLE {}; SET search_path = app; {TABLES}", pool.owner())).await;
    let gateway = gateway();
    for (slug, expected) in EXPECTED {
        let place = shared(&pool, slug);
        pool.try_apply(&place, &pool.superuser()).await.unwrap();
        let found = Ask::new(&place, "SELECT id::text FROM app.grades ORDER BY id").rows(&gateway).await.unwrap();
        let expected: Vec<_> = expected.iter().map(|id| json!([id])).collect();
        assert_eq!(found, json!(expected));
        assert_eq!(broken(&gateway.preflight(&place).await.unwrap()), []);
    }
}

#[tokio::test]
async fn both_decide_on_mariadb() {
    let mut world = World::shared().await;
    world.host.execute(&world.base, &TABLES.replace("grades", "marks")).await.unwrap();
    let mut rules = rules();
    let grades = rules.as_object_mut().unwrap().remove("grades").unwrap();
    rules["marks"] = grades;
    world.tables = rules;
    for (letter, (slug, expected)) in ['a', 'b'].into_iter().zip(EXPECTED) {
        let place = world.view_rows(letter, slug);
        world.set_up(&place).await.unwrap();
        let mut conn = world.enter(letter, &world.views).await.unwrap();
        let found: Vec<String> = conn.query("SELECT CAST(id AS CHAR) FROM marks ORDER BY id").await.unwrap();
        assert_eq!(found, expected);
        let report = gateway().preflight(&place).await.unwrap();
        assert_eq!(broken(&report), []);
    }
}
