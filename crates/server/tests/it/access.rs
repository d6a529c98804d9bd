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
    assert!(reply.broken, "the transfer must break off, so that nobody takes a part for the whole");
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
