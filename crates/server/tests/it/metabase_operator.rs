//! An operator's key on the surface for Metabase's clients: a customer is set up with it alone, and what clients do not say stays.

use serde_json::{Value, json};
use tenancy::placement::Connection;

use crate::metabase_api_stage::{Sent, ask};
use crate::world::{Reply, World, fill};

/// The operator, as scripts hold its key.
pub(crate) struct Script<'w> {
    pub(crate) world: &'w World,
    pub(crate) key: String,
}

impl<'w> Script<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { world, key: world.operator.clone() }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let sent = body.map_or(Sent::Nothing, Sent::Json);
        ask(self.world, method, path, &[("x-api-key", self.key.clone())], sent).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await.expect(200).json()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.call("POST", path, Some(body)).await.expect(200).json()
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.call("PUT", path, Some(body)).await.expect(200).json()
    }

    /// What is refused: the fields, with what is said of them, or the text.
    pub(crate) async fn refused(&self, method: &str, path: &str, body: Value) -> String {
        let reply = self.call(method, path, Some(body)).await.expect(400);
        if reply.headers["content-type"] == "application/json" {
            reply.json()["errors"].to_string()
        } else {
            reply.text()
        }
    }
}

/// Rows of a question, by the key of a tenant.
async fn rows(world: &World, key: &str, card: &Value) -> String {
    let path = format!("/api/card/{card}/query");
    ask(world, "POST", &path, &[("x-api-key", key.to_owned())], Sent::Nothing).await.expect(202).text()
}

/// A customer: a tenant, a database, a collection, who sees it, and a key. By the compatible surface, but for the card.
#[tokio::test]
async fn a_customer_is_set_up_by_the_operators_key() {
    let world = World::new().await;
    let files = world.folder.path().join("tenants");
    for slug in ["alder", "birch", "cedar"] {
        fill(&files.join(format!("shop-{slug}.db")), &format!("SHOP-{slug}"), 3);
    }
    // As scripts log in: the key is the password, and the session's id is the key.
    let login = json!({ "username": "ops@example.com", "password": world.operator });
    let session = ask(&world, "POST", "/api/session", &[], Sent::Json(login)).await.expect(200).json();
    let session = session["id"].as_str().unwrap().to_owned();
    let me = ask(&world, "GET", "/api/user/current", &[("x-metabase-session", session)], Sent::Nothing).await;
    let me = me.expect(200).json();
    assert_eq!((&me["is_superuser"], &me["group_ids"]), (&json!(true), &json!([1, 2])));
    let script = Script::new(&world);
    let tenant =
        script.post("/api/ee/tenant", json!({ "name": "Cedar", "slug": "cedar", "attributes": { "plan": "b" } })).await;
    assert_eq!(
        (&tenant["slug"], &tenant["is_active"], &tenant["member_count"]),
        (&json!("cedar"), &json!(true), &json!(0))
    );
    let details = json!({ "db": "shop-{slug}.db" });
    let database = json!({ "name": "The shop", "engine": "sqlite", "details": details, "is_full_sync": true });
    let database = script.post("/api/database", database).await;
    assert_eq!((&database["details"], &database["slug"]), (&details, &json!("the-shop")));
    let sync = format!("/api/database/{}/sync_schema", database["id"]);
    assert_eq!(script.post(&sync, json!({})).await, json!({ "status": "ok" }));
    let collection = script.post("/api/collection", json!({ "name": "For Cedar", "parent_id": null })).await;
    let id = collection["entity_id"].as_str().unwrap();
    let found = world.get(&world.operator, "/v1/library/collections").await.expect(200).json();
    let own = found["data"].as_array().unwrap().iter().find(|own| own["entity_id"] == id).unwrap()["id"].clone();
    let card = json!({ "slug": "shop-orders", "name": "Orders", "collection": own, "source": "the-shop",
        "query": { "sql": "SELECT note FROM orders ORDER BY id" } });
    let card = world.post(&world.operator, "/v1/library/cards", &card).await.expect(201).json()["number"].clone();
    let key = script.post("/api/api-key", json!({ "name": "cedar's", "group_id": tenant["id"] })).await;
    assert_eq!(key["group"], json!({ "id": tenant["id"], "name": "Cedar" }));
    let key = key["unmasked_key"].as_str().unwrap().to_owned();
    // Before it is published there is no such card.
    let path = format!("/api/card/{card}/query");
    ask(&world, "POST", &path, &[("x-api-key", key.clone())], Sent::Nothing).await.expect(404);
    let graph = script.get("/api/collection/graph").await;
    let cell = json!({ collection["id"].to_string(): "read" });
    let said = json!({ "revision": graph["revision"], "groups": { tenant["id"].to_string(): cell } });
    script.put("/api/collection/graph", said).await;
    let own = rows(&world, &key, &card).await;
    assert!(own.contains("SHOP-cedar-1") && !own.contains("SHOP-alder") && !own.contains("SHOP-birch"), "{own}");
    // The others have a place there too, and are not shown the card.
    ask(&world, "POST", &path, &[("x-api-key", world.alder.key.clone())], Sent::Nothing).await.expect(404);
    let all = json!({ "revision": script.get("/api/collection/graph").await["revision"], "groups": { "1": cell } });
    script.put("/api/collection/graph", all).await;
    let theirs = rows(&world, &world.alder.key, &card).await;
    assert!(theirs.contains("SHOP-alder-1") && !theirs.contains("SHOP-cedar"), "{theirs}");
    // The key reads, and that is all.
    for (method, path) in [("POST", "/api/dataset"), ("POST", "/api/card"), ("POST", "/api/collection")] {
        let body =
            json!({ "name": "x", "database": database["id"], "type": "native", "native": { "query": "SELECT 1" } });
        ask(&world, method, path, &[("x-api-key", key.clone())], Sent::Json(body)).await.expect(403);
    }
    // Suspended, and every key of it is none.
    let path = format!("/api/ee/tenant/{}", tenant["id"]);
    assert_eq!(script.get(&path).await["member_count"], 1);
    assert_eq!(script.put(&path, json!({ "is_active": false })).await["is_active"], false);
    ask(&world, "GET", "/api/user/current", &[("x-api-key", key.clone())], Sent::Nothing).await.expect(401);
    script.put(&path, json!({ "is_active": true })).await;
    ask(&world, "GET", "/api/user/current", &[("x-api-key", key)], Sent::Nothing).await.expect(200);
}

/// Database routing: one database that is nobody's, and a destination for each tenant, all of them or none.
#[tokio::test]
async fn destinations_are_tenants_own_places() {
    let world = World::new().await;
    for (file, canary) in [("one", "DEST-alder"), ("two", "DEST-birch")] {
        fill(&world.folder.path().join(format!("tenants/{file}.db")), canary, 2);
    }
    let script = Script::new(&world);
    let plain = json!({ "name": "Routed", "engine": "sqlite", "details": { "db": "main.db" } });
    let router = script.post("/api/database", plain).await;
    // One place for all is no place: nothing of it is kept, and that is told.
    assert_eq!(router["details"], json!({}));
    assert!(router["caveats"].as_str().unwrap().contains("destination"), "{router}");
    let path = format!("/api/ee/database-routing/router-database/{}", router["id"]);
    for attribute in [json!("slug"), json!(null), json!("@tenant.slug")] {
        assert_eq!(script.put(&path, json!({ "user_attribute": attribute })).await["router_user_attribute"], "slug");
    }
    let refusal = script.refused("PUT", &path, json!({ "user_attribute": "region" })).await;
    assert!(refusal.contains("user_attribute") && refusal.contains("slug"), "{refusal}");
    let routing = "/api/ee/database-routing/destination-database";
    let of = |destinations: Value| json!({ "router_database_id": router["id"], "destinations": destinations });
    let destination = |name: &str, file: &str| json!({ "name": name, "engine": "sqlite", "details": { "db": file } });
    // All of them or none, and which one it was about.
    for (destinations, field) in [
        (json!([destination("alder", "one.db"), destination("nobody", "two.db")]), "destinations[1].name"),
        (json!([destination("alder", "one.db"), destination("birch", "one.db")]), "destinations[1].details.db"),
        (json!([destination("alder", "one.db"), destination("birch", "../two.db")]), "destinations[1].details.db"),
        (json!([destination("alder", "one.db"), destination("alder", "two.db")]), "destinations"),
        (json!([destination("alder", "one.db"), { "name": "birch" }]), "destinations[1].details"),
        (json!([]), "destinations"),
    ] {
        let refusal = script.refused("POST", routing, of(destinations)).await;
        assert!(refusal.contains(&format!("\"{field}\"")), "{field}: {refusal}");
    }
    let list = format!("/api/database?router_database_id={}", router["id"]);
    assert_eq!(script.get(&list).await, json!({ "data": [], "total": 0 }));
    let both = json!([destination("birch", "two.db"), destination("alder", "one.db")]);
    let made = script.post(routing, of(both)).await;
    assert_eq!(made.as_array().unwrap().len(), 2);
    let listed = script.get(&list).await;
    assert_eq!((&listed["total"], &listed["data"]), (&json!(2), &made));
    let [alder, birch] = [&made[0], &made[1]];
    assert_eq!((&alder["name"], &birch["name"]), (&json!("alder"), &json!("birch")));
    assert_eq!((&alder["router_database_id"], &alder["details"]), (&router["id"], &json!({ "db": "one.db" })));
    // One audit entry each, for the tenant that it is about.
    for client in [&world.alder, &world.birch] {
        let audit = world.get(&client.key, "/v1/audit").await.expect(200).json();
        assert_eq!(audit["data"][0]["action"], "placement.put", "{audit}");
    }
    let again = script.refused("POST", routing, of(json!([destination("alder", "one.db")]))).await;
    assert!(again.contains("destinations[0].name") && again.contains("PUT /api/database/:id"), "{again}");
    // Other lists have data sources alone.
    assert!(!script.get("/api/database").await.to_string().contains("one.db"));
    let card = json!({ "slug": "routed", "name": "Routed", "source": "routed", "query": { "sql": "SELECT note FROM orders" } });
    let card = world.post(&world.operator, "/v1/library/cards", &card).await.expect(201).json()["number"].clone();
    let publication = json!({ "publish": { "card": "routed" }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    let own = rows(&world, &world.alder.key, &card).await;
    assert!(own.contains("DEST-alder") && !own.contains("DEST-birch"), "{own}");
    assert!(rows(&world, &world.birch.key, &card).await.contains("DEST-birch"));
    // A destination is read, changed and removed by its number, and stays its tenant's.
    let path = format!("/api/database/{}", alder["id"]);
    assert_eq!(&script.get(&path).await, alder);
    assert!(script.refused("PUT", &path, json!({ "name": "birch" })).await.contains("\"name\""));
    assert!(script.refused("PUT", &path, json!({ "details": { "db": "two.db" } })).await.contains("\"details.db\""));
    fill(&world.folder.path().join("tenants/three.db"), "DEST-moved", 2);
    let moved = script.put(&path, json!({ "details": { "db": "three.db" } })).await;
    assert_eq!((&moved["id"], &moved["details"]), (&alder["id"], &json!({ "db": "three.db" })));
    assert!(rows(&world, &world.alder.key, &card).await.contains("DEST-moved"));
    script.call("DELETE", &path, None).await.expect(204);
    script.call("GET", &path, None).await.expect(404);
    assert!(!rows(&world, &world.alder.key, &card).await.contains("DEST-"));
    assert!(rows(&world, &world.birch.key, &card).await.contains("DEST-birch"));
    // In use, and then not.
    let path = format!("/api/database/{}", router["id"]);
    let refusal = script.call("DELETE", &path, None).await.expect(409).text();
    assert!(refusal.contains("placements"), "{refusal}");
}

fn sent_back(shown: &Value, over: Value) -> Value {
    let mut body = shown.clone();
    for (name, value) in over.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What clients have no words for stays, and so does what they leave out.
#[tokio::test]
async fn what_is_not_said_stays() {
    let world = World::new().await;
    let (op, script) = (&world.operator, Script::new(&world));
    let draft = json!({ "slug": "cedar", "name": "Cedar", "attributes": { "host": "a.example", "level": 3 }, "labels": { "plan": "gold" },
        "locale": "fr", "timezone": "Europe/Paris", "theme": { "mode": "dark" }, "limits": { "rows": 77 }, "hosts": ["bi.cedar.example"], "public_links": true, "parent": "alder" });
    let before = world.post(op, "/v1/tenants", &draft).await.expect(201).json();
    let path = format!("/api/ee/tenant/{}", before["number"]);
    let native = async || world.get(op, "/v1/tenants/cedar").await.expect(200).json();
    let same = |mut one: Value, mut other: Value, but: &[&str]| {
        for name in ["version", "updated_at"].iter().chain(but) {
            one.as_object_mut().unwrap().remove(*name);
            other.as_object_mut().unwrap().remove(*name);
        }
        assert_eq!(one, other);
    };
    let shown = script.get(&path).await;
    script.put(&path, json!({})).await;
    same(native().await, before.clone(), &[]);
    script.put(&path, shown).await;
    same(native().await, before.clone(), &[]);
    script.put(&path, json!({ "name": "Cedar and Sons" })).await;
    assert_eq!(native().await["name"], "Cedar and Sons");
    same(native().await, before.clone(), &["name"]);
    script.put(&path, json!({ "attributes": { "host": "b.example" } })).await;
    assert_eq!(native().await["attributes"], json!({ "host": "b.example" }));
    same(native().await, before.clone(), &["name", "attributes"]);
    // By slug and by id too; and a group's name is the tenant's.
    for name in ["cedar", before["id"].as_str().unwrap()] {
        assert_eq!(script.get(&format!("/api/ee/tenant/{name}")).await["id"], before["number"]);
    }
    let group = format!("/api/permissions/group/{}", before["number"]);
    assert_eq!(script.put(&group, json!({ "name": "Cedar" })).await["name"], "Cedar");
    same(native().await, before, &["attributes"]);
    let refusal = script.refused("PUT", &path, json!({ "slug": "oak" })).await;
    assert!(refusal.contains("\"slug\"") && refusal.contains("never changes"), "{refusal}");
    // A data source: its tables, its limit, its template.
    let draft = json!({ "slug": "pg", "name": "PG", "description": "d", "engine": "postgres", "max_connections": 7,
        "tables": { "orders": { "viewers": [{ "column": "city", "attribute": "city" }] } },
        "template": { "host": "db.example", "port": 5433, "database": "lms_{slug}", "user": "u_{slug}", "password": "PASSWORD-{slug}", "tls": "encrypt" } });
    let before = world.post(op, "/v1/sources", &draft).await.expect(201).json();
    let path = format!("/api/database/{}", before["number"]);
    let shown = script.get(&path).await;
    let details = json!({ "host": "db.example", "port": 5433, "dbname": "lms_{slug}", "user": "u_{slug}", "password": "**MetabasePass**",
        "ssl": true, "ssl-mode": "require" });
    assert_eq!(shown["details"], details);
    let native = async || world.get(op, "/v1/sources/pg").await.expect(200).json();
    for body in [json!({}), shown.clone(), json!({ "details": {} }), json!({ "details": { "port": 5433 } })] {
        script.put(&path, body).await;
        same(native().await, before.clone(), &[]);
        assert_eq!(password(&world, "cedar").await, "PASSWORD-cedar");
    }
    script.put(&path, sent_back(&shown, json!({ "name": "Warehouse", "description": "" }))).await;
    same(native().await, before.clone(), &["name", "description"]);
    script.put(&path, json!({ "details": { "ssl": false, "password": "PASSWORD2-{slug}" } })).await;
    assert_eq!(native().await["template"]["tls"], "off");
    assert_eq!(password(&world, "cedar").await, "PASSWORD2-cedar");
    // A kept password goes to no other server.
    let refusal = script.refused("PUT", &path, json!({ "details": { "host": "mine.example" } })).await;
    assert!(refusal.contains("\"details.password\""), "{refusal}");
    let refusal = script.refused("PUT", &path, json!({ "engine": "mysql" })).await;
    assert!(refusal.contains("\"details.password\""), "{refusal}");
    // A destination's own password is no less kept and no more told.
    let destination = json!({ "name": "cedar", "details": { "host": "own.example", "dbname": "own", "user": "own", "password": "PASSWORD3" } });
    let body = json!({ "router_database_id": before["number"], "destinations": [destination] });
    let made = script.post("/api/ee/database-routing/destination-database", body).await;
    assert_eq!(made[0]["details"]["password"], "**MetabasePass**");
    assert_eq!(password(&world, "cedar").await, "PASSWORD3");
    let path = format!("/api/database/{}", made[0]["id"]);
    for body in [made[0].clone(), json!({}), json!({ "details": {} })] {
        script.put(&path, body).await;
        assert_eq!(password(&world, "cedar").await, "PASSWORD3");
    }
    assert!(
        script.refused("PUT", &path, json!({ "details": { "user": "other" } })).await.contains("\"details.password\"")
    );
    script.get(&format!("/api/database?router_database_id={}", before["number"])).await;
    script.get("/api/database").await;
    world.never_said("PASSWORD");
}

/// The password that a tenant's placement is dialled with.
async fn password(world: &World, tenant: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the test is the host here")]
    let console = world.tenancy.console();
    let placement = console.resolved_placement(tenant, "pg").await.unwrap();
    match placement.connection() {
        Connection::Postgres(server) | Connection::Mysql(server) => server.password.expose().to_owned(),
        Connection::Sqlite(_) => panic!("a file"),
    }
}

/// Two who edit at once: who says what it read is told when it is another by now.
#[tokio::test]
async fn stale_edits_are_conflicts() {
    let world = World::new().await;
    let script = Script::new(&world);
    let tenant = world.get(&world.operator, "/v1/tenants/alder").await.expect(200).json()["number"].clone();
    let source = world.get(&world.operator, "/v1/sources/lms").await.expect(200).json()["number"].clone();
    let paths = [
        format!("/api/ee/tenant/{tenant}"),
        format!("/api/database/{source}"),
        format!("/api/permissions/group/{tenant}"),
    ];
    for path in paths {
        let put = async |tag: Option<String>| {
            let mut headers = vec![("x-api-key", script.key.clone())];
            headers.extend(tag.map(|tag| ("if-match", tag)));
            ask(&world, "PUT", &path, &headers, Sent::Json(json!({ "name": "N" }))).await
        };
        let first = put(None).await.expect(200);
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        put(Some(tag.clone())).await.expect(200);
        put(Some(tag)).await.expect(409);
        put(None).await.expect(200);
    }
}

/// What cannot be followed names the field and what to do instead.
#[tokio::test]
async fn what_is_refused_names_the_field_and_the_cure() {
    let world = World::new().await;
    let script = Script::new(&world);
    let pg = |details: Value| json!({ "name": "D", "engine": "postgres", "details": details });
    let plain = || json!({ "host": "a", "dbname": "d_{slug}", "user": "u_{slug}", "password": "p" });
    let with = |name: &str, value: Value| pg(sent_back(&plain(), json!({ name: value })));
    let source = world.get(&world.operator, "/v1/sources/lms").await.expect(200).json()["number"].to_string();
    let database = format!("/api/database/{source}");
    let tenant = world.get(&world.operator, "/v1/tenants/alder").await.expect(200).json()["number"].to_string();
    let tenant = format!("/api/ee/tenant/{tenant}");
    let nobody = json!({});
    for (method, path, body, says) in [
        ("POST", "/api/ee/tenant", json!({ "name": "A" }), vec!["\"slug\"", "addresses"]),
        ("POST", "/api/ee/tenant", json!({ "name": "A", "slug": "Not A Slug" }), vec!["\"slug\"", "a-z"]),
        ("POST", "/api/ee/tenant", json!({ "slug": "a" }), vec!["\"name\""]),
        (
            "POST",
            "/api/ee/tenant",
            json!({ "name": "A", "slug": "a", "attributes": { "x": {} } }),
            vec!["attributes.x"],
        ),
        ("DELETE", tenant.as_str(), nobody.clone(), vec!["is_active", "/v1/tenants"]),
        ("POST", "/api/database", json!({ "engine": "postgres" }), vec!["\"name\""]),
        ("POST", "/api/database", json!({ "name": "D" }), vec!["\"engine\""]),
        ("POST", "/api/database", json!({ "name": "D", "engine": "h2" }), vec!["\"engine\"", "postgres"]),
        ("POST", "/api/database", with("tunnel-enabled", json!(true)), vec!["details.tunnel-enabled"]),
        ("POST", "/api/database", with("additional-options", json!("a=b")), vec!["details.additional-options"]),
        (
            "POST",
            "/api/database",
            with("schema-filters-type", json!("inclusion")),
            vec!["schema-filters-type", "/v1/sources"],
        ),
        ("POST", "/api/database", with("ssl-mode", json!("maybe")), vec!["details.ssl-mode"]),
        ("POST", "/api/database", with("port", json!("x")), vec!["details.port"]),
        ("POST", "/api/database", with("user", json!("same")), vec!["details.user", "{slug}"]),
        ("POST", "/api/database", with("level", json!("schema")), vec!["details.schema", "{slug}"]),
        ("POST", "/api/database", with("host", json!("{nothing}")), vec!["details.host", "{slug}"]),
        ("PUT", database.as_str(), json!({ "slug": "other" }), vec!["\"slug\""]),
        ("PUT", database.as_str(), json!({ "details": { "db": "same.db" } }), vec!["details.db", "{slug}"]),
        ("POST", "/api/database/validate", nobody.clone(), vec!["\"details\""]),
        ("POST", "/api/permissions/group", json!({ "name": "G" }), vec!["POST /api/ee/tenant"]),
        ("PUT", "/api/permissions/group/1", json!({ "name": "G" }), vec!["\"name\""]),
        ("PUT", "/api/permissions/group/2", json!({ "name": "G" }), vec!["\"name\""]),
        ("DELETE", "/api/permissions/group/7", nobody.clone(), vec!["is_active"]),
        ("POST", "/api/permissions/membership", json!({ "group_id": 1, "user_id": 1 }), vec!["/api/api-key"]),
        ("GET", "/api/api-key", nobody.clone(), vec!["/v1/tenants/:tenant/api-keys"]),
        ("POST", "/api/api-key", json!({ "name": "k" }), vec!["\"group_id\"", "operator"]),
        ("POST", "/api/api-key", json!({ "name": "k", "group_id": 1 }), vec!["\"group_id\""]),
        ("POST", "/api/api-key", json!({ "name": "k", "group_id": 2 }), vec!["\"group_id\""]),
        ("POST", "/api/collection", json!({ "name": "k", "parent_id": 5 }), vec!["\"parent_id\""]),
    ] {
        let refusal = script.refused(method, path, body).await;
        assert!(says.iter().all(|text| refusal.contains(text)), "{method} {path}: {refusal}");
    }
    // Nothing of it was made.
    assert_eq!(script.get("/api/database").await["total"], 1);
    assert_eq!(script.get("/api/ee/tenant").await["total"], 2);
    // The same words without making anything.
    let check = async |body: Value| script.post("/api/database/validate", json!({ "details": body })).await;
    assert_eq!(check(json!({ "engine": "postgres", "details": plain() })).await, json!({ "valid": true }));
    let wrong = check(json!({ "engine": "postgres", "details": sent_back(&plain(), json!({ "user": "same" })) })).await;
    assert_eq!(wrong["valid"], false);
    assert!(wrong["errors"]["details.user"].as_str().unwrap().contains("{slug}"), "{wrong}");
    let wrong = check(json!({ "engine": "oracle", "details": {} })).await;
    assert!(wrong["valid"] == false && wrong["errors"]["engine"].is_string(), "{wrong}");
}

#[tokio::test]
async fn lists_have_their_fields_and_parts() {
    let world = World::new().await;
    let script = Script::new(&world);
    let all = script.get("/api/ee/tenant/").await;
    let slugs =
        |list: &Value| list["data"].as_array().unwrap().iter().map(|one| one["slug"].clone()).collect::<Vec<_>>();
    assert_eq!(slugs(&all), [json!("alder"), json!("birch")]);
    assert_eq!((&all["total"], &all["limit"], &all["offset"]), (&json!(2), &json!(null), &json!(0)));
    assert_eq!(all["data"][0]["member_count"], 1);
    let part = script.get("/api/ee/tenant?limit=1&offset=1").await;
    assert_eq!((slugs(&part), &part["total"], &part["limit"]), (vec![json!("birch")], &json!(2), &json!(1)));
    script.call("GET", "/api/ee/tenant?limit=x", None).await.expect(400);
    let groups = script.get("/api/permissions/group").await;
    let wanted = json!([
        { "id": 1, "name": "All Users", "member_count": 2, "is_tenant_group": false },
        { "id": 2, "name": "Administrators", "member_count": 0, "is_tenant_group": false },
        { "id": all["data"][0]["id"], "name": "alder & Sons", "member_count": 1, "is_tenant_group": true },
        { "id": all["data"][1]["id"], "name": "birch & Sons", "member_count": 1, "is_tenant_group": true } ]);
    assert_eq!(groups, wanted);
    assert_eq!(script.get("/api/permissions/group/1").await["members"], json!([]));
    assert_eq!(script.get("/api/permissions/membership").await, json!({}));
    let databases = script.get("/api/database?include=tables").await;
    assert_eq!((&databases["total"], &databases["data"][0]["tables"]), (&json!(1), &json!([])));
    assert_eq!(databases["data"][0]["details"], json!({ "db": "{slug}.db" }));
    let collections = script.get("/api/collection").await;
    assert_eq!((&collections[0]["id"], &collections[1]["name"]), (&json!("root"), &json!("Shop")));
    let shown = script.get(&format!("/api/collection/{}", collections[1]["id"])).await;
    assert_eq!(shown, collections[1]);
    for path in
        ["/api/ee/tenant/7", "/api/database/7", "/api/permissions/group/7", "/api/collection/7", "/api/ee/tenant/0001"]
    {
        assert_eq!(script.call("GET", path, None).await.expect(404).text(), "Not found.");
    }
    for path in ["/api/database?router_database_id=7", "/api/permissions/graph/group/7", "/api/permissions/graph/db/7"]
    {
        script.call("GET", path, None).await.expect(404);
    }
    // Two of one name.
    for slug in ["orders-2", "orders-3"] {
        let made = script.post("/api/database", json!({ "name": "Orders", "engine": "mysql", "slug": null })).await;
        assert!(made["slug"] == "orders" || made["slug"] == slug || made["slug"] == "orders-2", "{made}");
    }
}
