//! Keys and tokens: what they may, and how quickly they end.

use serde_json::{Value, json};

use crate::world::{World, sign, suspend};

async fn narrow_key(world: &World, scopes: Value) -> String {
    let draft = json!({ "name": "narrow", "scopes": scopes });
    let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    made["secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_no_more() {
    let world = World::new().await;
    let key = narrow_key(
        &world,
        json!([{ "actions": ["dashboards:read", "cards:run"], "resources": { "dashboards": ["overview"] } }]),
    )
    .await;
    world.get(&key, "/v1/dashboards/overview").await.expect(200);
    world.post(&key, "/v1/dashboards/overview/items/orders/rows", &json!({})).await.expect(200);
    // Not exported, not by itself, no keys, no content, no audit.
    let refused = world.post(&key, "/v1/dashboards/overview/items/orders/export/csv", &json!({})).await.expect(403);
    assert_eq!(refused.code(), "scope-missing");
    world.post(&key, "/v1/cards/orders/rows", &json!({})).await.expect(404);
    world.get(&key, "/v1/api-keys").await.expect(403);
    world
        .post(&key, "/v1/content/cards", &json!({ "name": "x", "source": "lms", "query": { "sql": "SELECT 1" } }))
        .await
        .expect(403);
    world.get(&key, "/v1/audit").await.expect(403);
    assert_eq!(world.get(&key, "/v1/cards").await.expect(200).json()["data"], json!([]));
}

#[tokio::test]
async fn a_key_makes_only_narrower_keys_and_takes_them_with_it() {
    let world = World::new().await;
    let maker = narrow_key(&world, json!([{ "actions": ["keys:manage", "dashboards:read", "cards:run", "embed:sign"], "resources": { "dashboards": ["overview"] } }])).await;
    let wider = json!({ "name": "w", "scopes": [{ "actions": ["cards:run"], "resources": { "all": true } }] });
    let refused = world.post(&maker, "/v1/api-keys", &wider).await.expect(400);
    assert_eq!(refused.json()["field"], "scopes");
    let export = json!({ "name": "w", "scopes": [{ "actions": ["results:export"], "resources": { "dashboards": ["overview"] } }] });
    world.post(&maker, "/v1/api-keys", &export).await.expect(400);
    world.post(&maker, "/v1/embed-keys", &json!({ "name": "e" })).await.expect(400);
    let child = json!({ "name": "c", "scopes": [{ "actions": ["dashboards:read"], "resources": { "dashboards": ["overview"] } }] });
    let child = world.post(&maker, "/v1/api-keys", &child).await.expect(201).json();
    let child = child["secret"].as_str().unwrap();
    world.get(child, "/v1/dashboards/overview").await.expect(200);
    let me = world.get(&world.operator, "/v1/tenants/alder/api-keys").await.expect(200).json();
    let maker_id = me["data"].as_array().unwrap().iter().find(|key| key["name"] == "narrow").unwrap()["id"].clone();
    world
        .delete(&world.operator, &format!("/v1/tenants/alder/api-keys/{}", maker_id.as_str().unwrap()))
        .await
        .expect(204);
    let gone = world.get(child, "/v1/dashboards/overview").await.expect(401);
    assert_eq!(gone.code(), "credential-invalid");
}

#[tokio::test]
async fn suspended_and_deleted_tenants_are_refused_like_unknown_ones() {
    let world = World::new().await;
    let token = world.token(&world.birch, json!({}));
    suspend(&world, "birch", true).await;
    let unknown = world.get("clo_00000000000000000000000000000000", "/v1/tenant").await;
    let suspended = world.get(&world.birch.key, "/v1/tenant").await.expect(401);
    assert_eq!(suspended.visible(), unknown.visible());
    world.get(&token, "/v1/embed").await.expect(401);
    world.get(&world.alder.key, "/v1/tenant").await.expect(200);
    suspend(&world, "birch", false).await;
    world.get(&token, "/v1/embed").await.expect(200);
    world.delete(&world.operator, "/v1/tenants/birch").await.expect(204);
    world.get(&token, "/v1/embed").await.expect(401);
    world.get(&world.birch.key, "/v1/tenant").await.expect(401);
    world.get(&world.operator, "/v1/tenants/birch").await.expect(404);
}

#[tokio::test]
async fn tokens_say_what_is_wrong_with_them_only_when_they_are_signed() {
    let world = World::new().await;
    let client = &world.alder;
    let good = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 600 });
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        sign(&client.embed_key, &client.embed_secret, &claims)
    };
    let code = async |token: &str| world.get(token, "/v1/embed").await.expect(401).code();
    assert_eq!(code(&with("exp", json!(world.now() - 1))).await, "token-expired");
    assert_eq!(code(&with("exp", json!(world.now() + 100_000))).await, "token-unacceptable");
    assert_eq!(code(&with("parms", json!({}))).await, "token-unacceptable");
    assert_eq!(code(&with("aud", json!("elsewhere"))).await, "token-unacceptable");
    assert_eq!(code(&sign(&client.embed_key, "another secret", &good)).await, "token-invalid");
    assert_eq!(code(&sign(&world.birch.embed_key, &client.embed_secret, &good)).await, "token-invalid");
    assert_eq!(code(&client.key).await, "token-invalid");
    assert_eq!(code("").await, "token-missing");
    world.get(&with("aud", json!(["cloison"])), "/v1/embed").await.expect(200);
    world.get(&with("resource", json!({ "dashboard": "nothing" })), "/v1/embed").await.expect(404);
    world.get(&with("resource", json!({ "card": "secret" })), "/v1/embed").await.expect(404);
    world.get(&with("resource", json!({ "card": "orders" })), "/v1/embed").await.expect(200);
    let token = world.token(client, json!({}));
    world.advance(601);
    assert_eq!(code(&token).await, "token-expired");
}

#[tokio::test]
async fn locked_filters_come_from_the_token_alone() {
    let world = World::new().await;
    let token = world.token(&world.alder, json!({ "params": { "city": ["Lyon"] } }));
    let shown = world.get(&token, "/v1/embed").await.expect(200).json();
    assert!(shown["parameters"].as_array().unwrap().iter().all(|parameter| parameter["name"] != "city"));
    let answer = world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(200).json();
    assert_eq!(answer["row_count"], 1);
    let refused = world
        .post(&token, "/v1/embed/items/orders/rows", &json!({ "parameters": { "city": ["Nice"] } }))
        .await
        .expect(400);
    assert_eq!(refused.json()["field"], "parameters.city");
    world.post(&token, "/v1/embed/items/orders/rows", &json!({ "parameters": { "city": null } })).await.expect(400);
    world.get(&token, "/v1/embed/parameters/city/values").await.expect(404);
    // A filter that one of the cards would ignore is not shown on that card.
    let token = world.token(&world.alder, json!({ "params": { "period": "2026-01-01~2026-01-02" } }));
    world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(200);
    world.post(&token, "/v1/embed/items/total/rows", &json!({})).await.expect(400);
    let token = world.token(&world.alder, json!({ "params": { "nothing": 1 } }));
    world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(400);
}

#[tokio::test]
async fn a_revoked_key_ends_a_running_answer() {
    let world = World::new().await;
    let draft = json!({ "slug": "slow", "name": "Slow", "source": "lms",
        "query": { "sql": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT i, hex(zeroblob(200)) FROM n" } });
    world.post(&world.operator, "/v1/library/cards", &draft).await.expect(201);
    let publication = json!({ "publish": { "card": "slow" }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    let nothing = json!({});
    let running = world.post(&world.alder.key, "/v1/cards/slow/rows", &nothing);
    let path = format!("/v1/tenants/alder/api-keys/{}", world.alder.key_id);
    let (reply, revoked) = tokio::join!(running, async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        world.delete(&world.operator, &path).await
    });
    revoked.expect(204);
    // On a busy machine the first row may come after the key ended.
    let is_ended = reply.broken || reply.status == 401;
    assert!(is_ended, "the transfer must break off, so that nobody takes a part for the whole");
}

/// Puts alder on a database server, which can be told to take its time.
async fn on_postgres(world: &World) -> Gate {
    let postgres = testkit::servers::Postgres::shared().await.unwrap();
    let database = postgres.create_database("access").await.unwrap();
    let user = postgres.create_login("access", "p", &database).await.unwrap();
    let placement = json!({ "engine": "postgres", "host": postgres.host(), "port": postgres.port(), "database": database,
        "user": user, "password": "p", "tls": "off" });
    world.put_first(&world.operator, "/v1/tenants/alder/placements/lms", &placement).await.expect(200);
    Gate(postgres.admin(&database).await.unwrap())
}

/// Statements that ask for it wait in the database, for as long as a test wants and not for a time.
struct Gate(testkit::servers::PostgresClient);

impl Gate {
    /// A row, once the gate is open.
    const SQL: &str = "SELECT 'LISTED-77' AS v WHERE pg_advisory_xact_lock_shared(77) IS NOT NULL";

    async fn close(&self) {
        self.0.batch_execute("SELECT pg_advisory_lock(77)").await.unwrap();
    }

    /// Returns when a statement waits.
    async fn reached(&self) {
        let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        while self.0.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    async fn open(&self) {
        self.0.batch_execute("SELECT pg_advisory_unlock(77)").await.unwrap();
    }
}

/// A grant ends as a key does: what it let somebody see is broken off.
#[tokio::test]
async fn a_withdrawn_publication_ends_a_running_answer() {
    let world = World::new().await;
    on_postgres(&world).await;
    // Ten seconds, and rows that are too wide to be kept back by the server.
    let draft = json!({ "slug": "slow", "name": "Slow", "source": "lms",
        "query": { "sql": "SELECT i, repeat('x', 5000) AS x FROM generate_series(1, 500) AS i WHERE pg_sleep(0.02) IS NOT NULL" } });
    world.post(&world.operator, "/v1/library/cards", &draft).await.expect(201);
    let items = json!([{ "id": "slow", "x": 0, "y": 0, "w": 8, "h": 2, "show": { "kind": "card", "card": "slow" } }]);
    let dashboard = json!({ "slug": "long", "name": "Long", "items": items });
    world.post(&world.operator, "/v1/library/dashboards", &dashboard).await.expect(201);
    let token = world.token(&world.alder, json!({ "resource": { "dashboard": "long" } }));
    let key = world.alder.key.clone();
    for (what, credential, path) in [
        ("card", &key, "/v1/cards/slow/rows"),
        ("card", &key, "/v1/cards/slow/export/csv"),
        ("dashboard", &key, "/v1/dashboards/long/items/slow/rows"),
        ("dashboard", &key, "/v1/dashboards/long/run"),
        ("dashboard", &token, "/v1/embed/run"),
        ("dashboard", &token, "/v1/embed/items/slow/export/json"),
    ] {
        let name = if what == "card" { "slow" } else { "long" };
        let publication = json!({ "publish": { what: name }, "audience": "all" });
        let publication = world.post(&world.operator, "/v1/publications", &publication).await.expect(201).json();
        let withdraw = format!("/v1/publications/{}", publication["id"].as_str().unwrap());
        let nothing = json!({});
        let running = world.post(credential, path, &nothing);
        let (reply, (withdrawn, since)) = tokio::join!(running, async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            (world.delete(&world.operator, &withdraw).await, std::time::Instant::now())
        });
        withdrawn.expect(204);
        assert!(reply.broken || reply.status == 404, "{path} went on after its publication was withdrawn");
        // Promise P9 is a second.
        assert!(since.elapsed().as_secs() < 4, "{path} took {:?}", since.elapsed());
        world.post(credential, path, &nothing).await.expect(404);
    }
}

/// A list of values is one answer, which may be waited for: revoked in the meantime, it is not given.
#[tokio::test]
async fn a_revoked_credential_gets_no_list_that_it_waited_for() {
    let world = World::new().await;
    let gate = on_postgres(&world).await;
    let list = json!({ "slug": "list", "name": "List", "source": "lms",
        "query": { "sql": Gate::SQL } });
    world.post(&world.operator, "/v1/library/cards", &list).await.expect(201);
    let filter = json!([{ "name": "v", "type": "text", "values": { "card": { "card": "list" } } }]);
    let dashboard = json!({ "slug": "listed", "name": "Listed", "parameters": filter, "items": [] });
    world.post(&world.operator, "/v1/library/dashboards", &dashboard).await.expect(201);
    let publication = json!({ "publish": { "dashboard": "listed" }, "audience": "all" });
    let publication = world.post(&world.operator, "/v1/publications", &publication).await.expect(201).json();
    let path = "/v1/dashboards/listed/parameters/v/values";
    let list = world.get(&world.alder.key, path).await.expect(200).text();
    assert!(list.contains("LISTED-77"));
    let key = json!([{ "actions": ["dashboards:read", "cards:run"], "resources": { "all": true } }]);
    let draft = json!({ "name": "short", "scopes": key });
    let key = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let secret = key["secret"].as_str().unwrap();
    let token = world.token(&world.alder, json!({ "resource": { "dashboard": "listed" } }));
    gate.close().await;
    let (list, revoked) = tokio::join!(world.get(secret, path), async {
        gate.reached().await;
        let path = format!("/v1/tenants/alder/api-keys/{}", key["id"].as_str().unwrap());
        let revoked = world.delete(&world.operator, &path).await;
        gate.open().await;
        revoked
    });
    revoked.expect(204);
    assert_eq!(list.expect(401).code(), "credential-invalid");
    gate.close().await;
    let (list, withdrawn) = tokio::join!(world.get(&token, "/v1/embed/parameters/v/values"), async {
        gate.reached().await;
        let path = format!("/v1/publications/{}", publication["id"].as_str().unwrap());
        let withdrawn = world.delete(&world.operator, &path).await;
        gate.open().await;
        withdrawn
    });
    withdrawn.expect(204);
    list.expect(404);
    // A public link that ends is one that never was.
    crate::world::let_have_links(&world, "alder", true).await;
    let publication = json!({ "publish": { "card": "list" }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    let draft = json!({ "name": "all", "resource": { "card": "list" } });
    let link = world.post(&world.alder.key, "/v1/public-links", &draft).await.expect(201).json();
    let path = format!("/api/public/card/{}/query", link["uuid"].as_str().unwrap());
    assert!(world.get("", &path).await.expect(202).text().contains("LISTED-77"));
    gate.close().await;
    let (rows, ended) = tokio::join!(world.get("", &path), async {
        gate.reached().await;
        let path = format!("/v1/public-links/{}", link["id"].as_str().unwrap());
        let ended = world.delete(&world.alder.key, &path).await;
        gate.open().await;
        ended
    });
    ended.expect(204);
    assert_eq!(rows.visible(), world.get("", &path).await.expect(404).visible());
}

/// What a key makes shares its rate: a hundred children are not a hundred times as fast.
#[tokio::test]
async fn keys_that_a_key_makes_share_its_rate() {
    let world = World::new().await;
    let scopes = json!([{ "actions": ["keys:manage", "dashboards:read"], "resources": { "all": true } }]);
    let draft = json!({ "name": "slow", "scopes": scopes, "requests_per_minute": 5 });
    let maker = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let maker = maker["secret"].as_str().unwrap();
    let child = world.post(maker, "/v1/api-keys", &draft).await.expect(201).json();
    let child = child["secret"].as_str().unwrap();
    let grandchild = world.post(child, "/v1/api-keys", &draft).await.expect(201).json();
    let grandchild = grandchild["secret"].as_str().unwrap();
    // The maker was asked once, its child once for both of them.
    for key in [grandchild, child, grandchild] {
        world.get(key, "/v1/tenant").await.expect(200);
    }
    for key in [grandchild, child, maker] {
        let refused = world.get(key, "/v1/tenant").await.expect(429);
        assert_eq!(refused.code(), "rate-limited");
    }
    world.get(&world.alder.key, "/v1/tenant").await.expect(200);
}

/// A key for some things learns nothing of the others, whatever it names.
#[tokio::test]
async fn a_narrow_key_cannot_tell_what_is_there_from_what_is_not() {
    let world = World::new().await;
    let template = json!({ "file": "other-{slug}.db" });
    let source = json!({ "slug": "other", "name": "Other", "engine": "sqlite", "template": template });
    world.post(&world.operator, "/v1/sources", &source).await.expect(201);
    let key =
        narrow_key(&world, json!([{ "actions": crate::world::ALL_ACTIONS, "resources": { "sources": ["lms"] } }]))
            .await;
    let listed = world.get(&key, "/v1/sql/sources").await.expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    let question = |source: &str| json!({ "source": source, "sql": "SELECT 1 AS one" });
    world.post(&key, "/v1/sql/rows", &question("lms")).await.expect(200);
    let there = world.post(&key, "/v1/sql/rows", &question("other")).await.expect(404);
    assert_eq!(there.visible(), world.post(&key, "/v1/sql/rows", &question("nothing")).await.visible());
    for kind in ["dashboards", "collections", "sources"] {
        let name = ["overview", "shop", "other"]
            [["dashboards", "collections", "sources"].iter().position(|own| *own == kind).unwrap()];
        let draft = |name: &str| json!({ "name": "n", "scopes": [{ "actions": ["cards:run"], "resources": { kind: [name] } }] });
        let there = world.post(&key, "/v1/api-keys", &draft(name)).await.expect(400);
        assert_eq!(there.visible(), world.post(&key, "/v1/api-keys", &draft("nothing")).await.visible(), "{kind}");
    }
    // Of what it has, it makes keys.
    let own = json!({ "name": "n", "scopes": [{ "actions": ["cards:run"], "resources": { "sources": ["lms"] } }] });
    world.post(&key, "/v1/api-keys", &own).await.expect(201);
}

#[tokio::test]
async fn a_signed_token_is_not_wider_than_the_key_that_has_it_signed() {
    let world = World::new().await;
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 60 });
    let request = json!({ "key": world.alder.embed_key, "claims": claims });
    let only_sign = narrow_key(&world, json!([{ "actions": ["embed:sign"], "resources": { "all": true } }])).await;
    world.post(&only_sign, "/v1/embed-tokens", &request).await.expect(403);
    let no_export =
        json!([{ "actions": ["embed:sign", "dashboards:read", "cards:run"], "resources": { "all": true } }]);
    world.post(&narrow_key(&world, no_export).await, "/v1/embed-tokens", &request).await.expect(403);
    let signed = world.post(&world.alder.key, "/v1/embed-tokens", &request).await.expect(200).json();
    world.get(signed["token"].as_str().unwrap(), "/v1/embed").await.expect(200);
    let foreign = json!({ "key": world.birch.embed_key, "claims": claims });
    world.post(&world.alder.key, "/v1/embed-tokens", &foreign).await.expect(404);
    // Nor does it live longer.
    let ends = jiff::Timestamp::from_second(world.now() + 30).unwrap().to_string();
    let draft = json!({ "name": "short", "expires_at": ends, "scopes": [{ "actions": crate::world::ALL_ACTIONS, "resources": { "all": true } }] });
    let short = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let refused = world.post(short["secret"].as_str().unwrap(), "/v1/embed-tokens", &request).await.expect(400);
    assert_eq!(refused.json()["field"], "claims.exp");
}
