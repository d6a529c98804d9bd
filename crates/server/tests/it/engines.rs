//! One dashboard, three clients on three engines; and what happens when one of their databases goes away.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::{Mariadb, Options, Postgres};

use crate::world::{Client, World, rows};

const TABLE: &str = "CREATE TABLE orders (id BIGINT PRIMARY KEY, city VARCHAR(40) NOT NULL, amount DECIMAL(10,2) NOT NULL, paid_at BIGINT NOT NULL, note VARCHAR(80))";

fn orders(canary: &str, count: i64) -> String {
    let row = |id: i64| format!("({id}, 'Lyon', {id}.25, {}, '{canary}-{id}')", 1_767_225_600 + id * 86_400);
    format!("INSERT INTO orders VALUES {}", (1..=count).map(row).collect::<Vec<_>>().join(", "))
}

/// Gives a tenant a placement of its own, over the template.
async fn place(world: &World, slug: &str, placement: Value) {
    world.put_first(&world.operator, &format!("/v1/tenants/{slug}/placements/lms"), &placement).await.expect(200);
    let checked = world.post(&world.operator, &format!("/v1/tenants/{slug}/placements/lms/check"), &json!({})).await;
    assert_eq!(checked.expect(200).json()["ok"], true);
}

pub(crate) async fn on_postgres(world: &World, slug: &str, postgres: &Postgres, count: i64) {
    let database = postgres.create_database("server").await.unwrap();
    postgres
        .execute(&database, &format!("{TABLE}; {}", orders(&format!("CANARY-{}", slug.to_uppercase()), count)))
        .await
        .unwrap();
    let user = postgres.create_login("server", "p w'", &database).await.unwrap();
    let placement = json!({ "engine": "postgres", "host": postgres.host(), "port": postgres.port(), "database": database,
        "user": user, "password": "p w'", "tls": "off" });
    place(world, slug, placement).await;
}

pub(crate) async fn on_mariadb(world: &World, slug: &str, mariadb: &Mariadb, count: i64) {
    let database = mariadb.create_database("server").await.unwrap();
    mariadb.execute(&database, TABLE).await.unwrap();
    mariadb.execute(&database, &orders(&format!("CANARY-{}", slug.to_uppercase()), count)).await.unwrap();
    let user = mariadb.create_login("server", "p w", &database).await.unwrap();
    let placement = json!({ "engine": "mysql", "host": mariadb.host(), "port": mariadb.port(), "database": database,
        "user": user, "password": "p w", "tls": "off" });
    place(world, slug, placement).await;
}

async fn total(world: &World, client: &Client) -> (Value, Value) {
    let token = world.token(client, json!({}));
    let answer = world.post(&token, "/v1/embed/items/total/rows", &json!({})).await.expect(200).json();
    let row = rows(&answer).remove(0);
    (row["orders"].clone(), row["total"].clone())
}

#[tokio::test]
async fn one_dashboard_runs_on_three_engines() {
    let world = World::new().await;
    let (postgres, mariadb) = (Postgres::shared().await.unwrap(), Mariadb::shared().await.unwrap());
    on_postgres(&world, "alder", &postgres, 4).await;
    on_mariadb(&world, "birch", &mariadb, 5).await;
    assert_eq!(total(&world, &world.alder).await, (json!(4), json!("11.00")), "decimals are exact");
    assert_eq!(total(&world, &world.birch).await, (json!(5), json!("16.25")), "decimals are exact");
    for client in [&world.alder, &world.birch] {
        let token = world.token(client, json!({}));
        let given = json!({ "parameters": { "city": ["Lyon", "' OR '1'='1"], "period": "2026-01-02~2026-01-03" } });
        let answer = world.post(&token, "/v1/embed/items/orders/rows", &given).await.expect(200).json();
        assert_eq!(answer["row_count"], 2);
        assert!(rows(&answer).iter().all(|row| row["note"].as_str().unwrap().starts_with(&client.canary)));
    }
}

#[tokio::test]
async fn a_database_that_dies_is_one_tenants_trouble_and_comes_back() {
    let world = World::new().await;
    let mut postgres = Postgres::throwaway(Options::default()).await.unwrap();
    on_postgres(&world, "alder", &postgres, 4).await;
    total(&world, &world.alder).await;
    postgres.kill().await.unwrap();
    let token = world.token(&world.alder, json!({}));
    // Not from the cache: another filter.
    let given = json!({ "parameters": { "city": ["Nice"] } });
    let away = world.post(&token, "/v1/embed/items/total/rows", &given).await.expect(503);
    assert_eq!(away.code(), "source-unavailable");
    assert!(away.headers.contains_key("retry-after"));
    for line in world.post(&token, "/v1/embed/run", &given).await.expect(200).text().lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert!(event["event"] == "end" || event["problem"]["code"] == "source-unavailable", "{event}");
    }
    assert_eq!(total(&world, &world.birch).await.0, json!(7), "birch does not notice");
    postgres.restart().await.unwrap();
    let mut tries = 0;
    while world.post(&token, "/v1/embed/items/total/rows", &given).await.status != 200 {
        tries += 1;
        assert!(tries < 50, "it must come back by itself");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// MariaDB tells the columns before it meets the row that fails: it is a problem all the same, no broken transfer.
#[tokio::test]
async fn what_fails_at_its_first_row_is_a_problem() {
    let world = World::new().await;
    let mariadb = Mariadb::shared().await.unwrap();
    on_mariadb(&world, "birch", &mariadb, 5).await;
    let card = json!({ "slug": "fails", "name": "Fails", "source": "lms",
        "query": { "sql": "SELECT exp(amount * 1000) AS x FROM orders" } });
    world.post(&world.operator, "/v1/library/cards", &card).await.expect(201);
    let publication = json!({ "publish": { "card": "fails" }, "audience": { "tenants": ["birch"] } });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    for path in ["rows", "export/csv", "export/json", "export/xlsx"] {
        let reply = world.post(&world.birch.key, &format!("/v1/cards/fails/{path}"), &json!({})).await;
        assert!(!reply.broken, "{path}");
        assert_eq!(reply.expect(422).code(), "query-failed", "{path}");
    }
}

#[tokio::test]
async fn two_tenants_cannot_have_one_database_or_login() {
    let world = World::new().await;
    let placement = |database: &str, user: &str| json!({ "engine": "postgres", "host": "db.example", "database": database, "user": user, "password": "x" });
    let put = async |slug: &str, placement: Value| {
        world.put_first(&world.operator, &format!("/v1/tenants/{slug}/placements/lms"), &placement).await
    };
    put("alder", placement("one", "a")).await.expect(200);
    put("birch", placement("one", "b")).await.expect(400);
    put("birch", placement("two", "a")).await.expect(400);
    put("birch", placement("two", "b")).await.expect(200);
    // A password is written and never read.
    let shown = world.get(&world.operator, "/v1/tenants/alder/placements/lms").await.expect(200);
    assert!(shown.json().get("password").is_none());
    assert_eq!(shown.json()["database"], "one");
}
