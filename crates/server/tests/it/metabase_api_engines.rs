//! Databases, tables and questions by key on real servers, and at a level where a tenant's SQL does not run.

use serde_json::{Value, json};
use testkit::servers::{Mariadb, Options, Postgres};

use crate::engines::{on_mariadb, on_postgres};
use crate::metabase_api_stage::{Sent, ask, key};
use crate::world::{Client, World};

async fn get(world: &World, client: &Client, path: &str) -> Value {
    ask(world, "GET", path, &key(client), Sent::Nothing).await.expect(200).json()
}

fn columns(table: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fields = table["fields"].as_array().unwrap();
    fields.iter().map(|field| (text(&field["name"]), text(&field["base_type"]))).collect()
}

#[tokio::test]
async fn tables_are_those_of_the_tenants_own_login() {
    let world = World::new().await;
    let (postgres, mariadb) = (Postgres::shared().await.unwrap(), Mariadb::shared().await.unwrap());
    on_postgres(&world, "alder", &postgres, 4).await;
    on_mariadb(&world, "birch", &mariadb, 5).await;
    let mut numbers = Vec::new();
    for (client, engine, schema, count) in
        [(&world.alder, "postgres", Some("public"), 4), (&world.birch, "mysql", None, 5)]
    {
        let listed = get(&world, client, "/api/database?include=tables").await;
        let database = &listed["data"][0];
        assert_eq!(
            (&listed["total"], &database["engine"], &database["details"]),
            (&json!(1), &json!(engine), &json!({}))
        );
        assert_eq!(
            (&database["native_permissions"], &database["initial_sync_status"]),
            (&json!("write"), &json!("complete"))
        );
        let number = &database["id"];
        let metadata = get(&world, client, &format!("/api/database/{number}/metadata")).await;
        let tables = metadata["tables"].as_array().unwrap();
        assert_eq!(
            (tables.len(), &tables[0]["name"], &tables[0]["id"]),
            (1, &json!("orders"), &database["tables"][0]["id"])
        );
        // MariaDB's own database need not be named, and is not.
        assert_eq!(tables[0]["schema"], json!(schema));
        let schemas = get(&world, client, &format!("/api/database/{number}/schemas")).await;
        assert_eq!(schemas, json!([schema.unwrap_or_default()]));
        let listed =
            get(&world, client, &format!("/api/database/{number}/schema/{}", schema.unwrap_or_default())).await;
        assert_eq!(listed[0]["id"], tables[0]["id"]);
        let wanted = [
            ("id", "type/Integer"),
            ("city", "type/Text"),
            ("amount", "type/*"),
            ("paid_at", "type/Integer"),
            ("note", "type/Text"),
        ];
        assert_eq!(columns(&tables[0]), wanted.map(|(name, kind)| (name.to_owned(), kind.to_owned())));
        let field = get(&world, client, &format!("/api/field/{}", tables[0]["fields"][2]["id"])).await;
        assert_eq!((&field["name"], &field["table_id"]), (&json!("amount"), &tables[0]["id"]));
        numbers.push(number.clone());
        let sql = "SELECT count(*) AS n, sum(amount) AS total, min(note) AS note FROM orders [[WHERE id > {{from}}]]";
        let tags = json!({ "from": { "name": "from", "type": "number" } });
        let mut question =
            json!({ "database": number, "type": "native", "native": { "query": sql, "template-tags": tags } });
        let run = async |path: &str, question: &Value| {
            ask(&world, "POST", path, &key(client), Sent::Json(question.clone())).await
        };
        let answer = run("/api/dataset", &question).await.expect(202).json();
        assert_eq!((&answer["status"], &answer["data"]["rows"][0][0]), (&json!("completed"), &json!(count)));
        assert_eq!(answer["data"]["rows"][0][2], format!("{}-1", client.canary));
        question["parameters"] =
            json!([{ "type": "number/=", "target": ["variable", ["template-tag", "from"]], "value": 2 }]);
        let file = run("/api/dataset/json", &question).await.expect(200).json();
        assert_eq!((&file[0]["n"], &file[0]["note"]), (&json!(count - 2), &json!(format!("{}-3", client.canary))));
        // What the server has beside the tenant's own is neither listed nor asked.
        let query = "SELECT count(*) FROM information_schema.tables";
        let question = json!({ "database": number, "type": "native", "native": { "query": query } });
        assert_eq!(run("/api/dataset", &question).await.expect(202).json()["status"], "failed");
        let said = metadata.to_string();
        for hidden in ["p w", "127.0.0.1", "password", "information_schema", "server_"] {
            assert!(!said.contains(hidden), "{hidden} in {said}");
        }
    }
    // One data source, one number, whoever looks at it; its tables are each tenant's own.
    assert_eq!(numbers[0], numbers[1]);
    let theirs = get(&world, &world.birch, "/api/table").await[0]["id"].clone();
    ask(&world, "GET", &format!("/api/table/{theirs}"), &key(&world.alder), Sent::Nothing).await.expect(404);
}

#[tokio::test]
async fn a_database_that_is_away_is_incomplete_and_the_others_are_there() {
    let world = World::new().await;
    let postgres = Postgres::throwaway(Options::default()).await.unwrap();
    // Another place than the first source's.
    let source =
        json!({ "slug": "second", "name": "Second", "engine": "sqlite", "template": { "file": "second-{slug}.db" } });
    world.post(&world.operator, "/v1/sources", &source).await.expect(201);
    crate::world::fill(&world.folder.path().join("tenants/second-alder.db"), "CANARY-ALDER", 2);
    on_postgres(&world, "alder", &postgres, 4).await;
    postgres.kill().await.unwrap();
    // What was found before it went away is no proof for the time after: the password is another one now.
    let path = "/v1/tenants/alder/placements/lms";
    let mut placement = world.get(&world.operator, path).await.expect(200).json();
    for kept in ["tenant", "source", "version", "from_template"] {
        placement.as_object_mut().unwrap().remove(kept);
    }
    placement["password"] = "another".into();
    world.put(&world.operator, path, &placement).await.expect(200);
    let listed = get(&world, &world.alder, "/api/database?include=tables").await;
    let of = |name: &str| listed["data"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!((&of("Orders")["initial_sync_status"], &of("Orders")["tables"]), (&json!("incomplete"), &json!([])));
    assert_eq!(
        (&of("Second")["initial_sync_status"], &of("Second")["tables"][0]["name"]),
        (&json!("complete"), &json!("orders"))
    );
    assert_eq!(get(&world, &world.alder, "/api/table").await.as_array().unwrap().len(), 1);
    let path = format!("/api/database/{}/metadata", of("Orders")["id"]);
    let away = ask(&world, "GET", &path, &key(&world.alder), Sent::Nothing).await.expect(503);
    assert_eq!(away.text(), "The data source is away at the moment. Other pages are not affected.");
    let question = json!({ "database": of("Orders")["id"], "type": "native", "native": { "query": "SELECT 1" } });
    let failed = ask(&world, "POST", "/api/dataset", &key(&world.alder), Sent::Json(question)).await.expect(202).json();
    assert_eq!((&failed["status"], &failed["error"]), (&json!("failed"), &json!(away.text())));
}

/// Where only the guard keeps tenants apart, the operator's cards run and nobody's SQL: there is no table to name either.
#[tokio::test]
async fn shared_tables_without_logins_have_no_tables_here() {
    let world = World::new().await;
    let shared = rusqlite::Connection::open(world.folder.path().join("tenants/shared.db")).unwrap();
    shared
        .execute_batch(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, note TEXT NOT NULL);
             INSERT INTO orders VALUES (1, 'alder', 'CANARY-ALDER-1'), (2, 'birch', 'CANARY-BIRCH-2')",
        )
        .unwrap();
    let source = json!({ "slug": "shared", "name": "Shared", "engine": "sqlite",
        "template": { "level": "guarded-rows", "file": "shared.db", "row_key": "{slug}" },
        "tables": { "orders": { "tenant": { "column": "tenant" } } } });
    let source = world.post(&world.operator, "/v1/sources", &source).await.expect(201).json();
    let card = json!({ "slug": "shared", "name": "Shared", "source": "shared", "query": { "sql": "SELECT id, note FROM orders" } });
    let card = world.post(&world.operator, "/v1/library/cards", &card).await.expect(201).json();
    let publication = json!({ "publish": { "card": "shared" }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    for client in [&world.alder, &world.birch] {
        let path = format!("/api/card/{}/query", card["number"]);
        let rows = ask(&world, "POST", &path, &key(client), Sent::Nothing).await.expect(202).json();
        assert_eq!(rows["row_count"], 1);
        assert!(rows["data"]["rows"][0][1].as_str().unwrap().starts_with(&client.canary));
        let metadata = get(&world, client, &format!("/api/database/{}/metadata", source["number"])).await;
        assert_eq!((&metadata["tables"], &metadata["native_permissions"]), (&json!([]), &json!("none")));
        let shown = get(&world, client, &format!("/api/database/{}", source["number"])).await;
        assert_eq!((&shown["native_permissions"], &shown["initial_sync_status"]), (&json!("none"), &json!("complete")));
        let question = json!({ "database": source["number"], "type": "native", "native": { "query": "SELECT id, note FROM orders" } });
        let refused = ask(&world, "POST", "/api/dataset", &key(client), Sent::Json(question)).await.expect(202).json();
        assert_eq!(refused["status"], "failed");
        assert!(refused["error"].as_str().unwrap().contains("guarded-rows"), "{refused}");
    }
}
