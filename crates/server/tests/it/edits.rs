//! Writing: what is refused says why, nothing is half done, nothing is lost.

use http::{Method, Request};
use serde_json::{Value, json};

use crate::world::{Reply, World};

#[tokio::test]
async fn bad_input_is_named_with_its_cure() {
    let world = World::new().await;
    let op = &world.operator;
    let tenant = |more: Value| {
        let mut draft = json!({ "slug": "cedar", "name": "Cedar" });
        for (name, value) in more.as_object().unwrap() {
            draft[name] = value.clone();
        }
        draft
    };
    let cases = [
        ("/v1/tenants", tenant(json!({ "slug": "Cedar!" })), 400, "slug"),
        ("/v1/tenants", tenant(json!({ "slug": "alder" })), 409, "slug"),
        ("/v1/tenants", tenant(json!({ "timezone": "Mars/Olympus" })), 400, "timezone"),
        ("/v1/tenants", tenant(json!({ "colour": "red" })), 400, "colour"),
        ("/v1/tenants", tenant(json!({ "theme": { "primary": "red" } })), 400, "theme.primary"),
        ("/v1/tenants", tenant(json!({ "parent": "nobody" })), 400, "parent"),
        (
            "/v1/sources",
            json!({ "slug": "x", "name": "X", "engine": "postgres", "template": { "host": "h", "database": "same", "user": "same" } }),
            400,
            "template.database",
        ),
        ("/v1/sources", json!({ "slug": "x", "name": "X", "engine": "oracle" }), 400, "engine"),
        (
            "/v1/library/cards",
            json!({ "name": "x", "source": "nothing", "query": { "sql": "SELECT 1" } }),
            400,
            "source",
        ),
        (
            "/v1/library/cards",
            json!({ "name": "x", "source": "lms", "query": { "sql": "SELECT {{x}}" } }),
            400,
            "query.parameters.x",
        ),
        (
            "/v1/library/cards",
            json!({ "name": "x", "source": "lms", "query": { "sql": "SELECT '{{x}}'", "parameters": [{ "name": "x", "type": "text" }] } }),
            400,
            "query.sql",
        ),
        (
            "/v1/library/cards",
            json!({ "name": "x", "source": "lms", "query": { "sql": "SELECT 1; DROP TABLE t" } }),
            400,
            "query.sql",
        ),
        (
            "/v1/library/dashboards",
            json!({ "name": "x", "items": [{ "id": "a", "x": 20, "y": 0, "w": 8, "h": 2, "show": { "kind": "heading", "text": "t" } }] }),
            400,
            "items.a.x",
        ),
        (
            "/v1/library/dashboards",
            json!({ "name": "x", "items": [{ "id": "a", "x": 0, "y": 0, "w": 8, "h": 2, "show": { "kind": "card", "card": "nothing" } }] }),
            400,
            "items",
        ),
        ("/v1/publications", json!({ "publish": { "dashboard": "nothing" }, "audience": "all" }), 400, "publish"),
        (
            "/v1/publications",
            json!({ "publish": { "dashboard": "overview" }, "audience": { "tenants": ["nobody"] } }),
            400,
            "audience.tenants",
        ),
        ("/v1/tenants/alder/api-keys", json!({ "name": "k", "scopes": [] }), 400, "scopes"),
        (
            "/v1/tenants/alder/api-keys",
            json!({ "name": "k", "scopes": [{ "actions": ["cards:run"], "resources": { "dashboards": ["nothing"] } }] }),
            400,
            "resources.dashboards",
        ),
        ("/v1/tenants/alder/embed-keys", json!({ "name": "k", "algorithm": "RS256" }), 400, "public_key"),
        ("/v1/tenants/alder/embed-keys", json!({ "name": "k", "algorithm": "none" }), 400, "algorithm"),
    ];
    for (path, body, status, field) in cases {
        let reply = world.post(op, path, &body).await;
        assert_eq!(reply.status.as_u16(), status, "{path} {body}: {}", reply.text());
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        let problem = reply.json();
        assert_eq!(problem["field"], field, "{path} {body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{problem}");
    }
    // Nothing of it is there.
    world.get(op, "/v1/tenants/cedar").await.expect(404);
    assert_eq!(world.get(op, "/v1/sources").await.expect(200).json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn bodies_are_json_with_known_fields_and_a_limit() {
    let world = World::new().await;
    let send = async |body: String, media: &str| {
        let request = Request::builder().method(Method::POST).uri("/v1/tenants").header("content-type", media);
        world
            .send(request.header("authorization", format!("Bearer {}", world.operator)).body(body.into()).unwrap())
            .await
    };
    assert_eq!(send("{}".into(), "text/plain").await.expect(415).code(), "not-json");
    assert_eq!(send("{".into(), "application/json").await.expect(400).code(), "body-invalid");
    assert_eq!(
        send(format!("\"{}\"", "x".repeat(2 << 20)), "application/json").await.expect(413).code(),
        "body-too-large"
    );
    let twice = r#"{"slug":"a","slug":"b","name":"n"}"#;
    assert_eq!(send(twice.into(), "application/json").await.expect(400).code(), "body-invalid");
    // What the caller sent is not repeated.
    let reply = send(r#"{"slug":"s","name":{"secret":"CANARY-VALUE"}}"#.into(), "application/json").await.expect(400);
    assert!(!reply.text().contains("CANARY-VALUE"));
}

#[tokio::test]
async fn an_edit_says_which_version_it_was_made_on() {
    let world = World::new().await;
    let path = "/v1/library/cards/total";
    let draft = json!({ "slug": "total", "name": "Sum", "source": "lms", "query": { "sql": "SELECT 1" } });
    let put = async |tag: Option<&str>| -> Reply {
        let mut request = Request::builder().method(Method::PUT).uri(path).header("content-type", "application/json");
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let request = request.header("authorization", format!("Bearer {}", world.operator));
        world.send(request.body(draft.to_string().into()).unwrap()).await
    };
    put(None).await.expect(428);
    put(Some("\"v9\"")).await.expect(412);
    put(Some("nonsense")).await.expect(412);
    let done = put(Some("\"v1\"")).await.expect(200);
    assert_eq!(done.headers["etag"], "\"v2\"");
    assert_eq!(put(Some("\"v1\"")).await.expect(412).code(), "stale-edit");
}

#[tokio::test]
async fn a_repeated_creation_gives_the_first_answer() {
    let world = World::new().await;
    let path = "/v1/tenants/alder/api-keys";
    let make = async |key: &str, name: &str| {
        let body = json!({ "name": name, "scopes": [{ "actions": ["cards:run"], "resources": { "all": true } }] });
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header("authorization", format!("Bearer {}", world.operator));
        world.send(request.body(body.to_string().into()).unwrap()).await
    };
    let first = make("one", "a").await.expect(201);
    let again = make("one", "a").await.expect(201);
    assert_eq!(first.json(), again.json(), "the secret too");
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(make("one", "b").await.expect(422).code(), "idempotency-mismatch");
    make("two", "a").await.expect(201);
    let keys = world.get(&world.operator, path).await.expect(200).json();
    assert_eq!(keys["data"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_used_stays() {
    let world = World::new().await;
    assert_eq!(world.delete(&world.operator, "/v1/library/cards/orders").await.expect(409).code(), "in-use");
    assert_eq!(world.delete(&world.operator, "/v1/sources/lms").await.expect(409).code(), "in-use");
    assert_eq!(world.delete(&world.operator, "/v1/library/collections/shop").await.expect(409).code(), "in-use");
    world.delete(&world.operator, "/v1/library/cards/secret").await.expect(204);
}

#[tokio::test]
async fn lists_are_read_in_pages() {
    let world = World::new().await;
    for number in 0..5 {
        let draft = json!({ "slug": format!("t{number}"), "name": "T" });
        world.post(&world.operator, "/v1/tenants", &draft).await.expect(201);
    }
    let (mut cursor, mut slugs) = (String::new(), Vec::new());
    loop {
        let page = world.get(&world.operator, &format!("/v1/tenants?limit=3{cursor}")).await.expect(200).json();
        slugs.extend(page["data"].as_array().unwrap().iter().map(|tenant| tenant["slug"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(slugs, ["alder", "birch", "t0", "t1", "t2", "t3", "t4"]);
    for bad in ["limit=0", "limit=201", "limit=x", "cursor=A!", "page=2"] {
        world.get(&world.operator, &format!("/v1/tenants?{bad}")).await.expect(400);
    }
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_of_its_tenant() {
    let world = World::new().await;
    world.post(&world.alder.key, "/v1/content/collections", &json!({ "name": "Ours" })).await.expect(201);
    let log = world.get(&world.alder.key, "/v1/audit").await.expect(200).json();
    let entries = log["data"].as_array().unwrap();
    assert_eq!(entries[0]["action"], "collection.create");
    assert_eq!(entries[0]["actor"], world.alder.key_id.as_str());
    assert!(entries.iter().all(|entry| entry["tenant"] == world.alder.id.as_str()));
    let all = world.get(&world.operator, "/v1/instance/audit?limit=200").await.expect(200).json();
    let seqs: Vec<_> = all["data"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=i64::try_from(seqs.len()).unwrap()).rev().collect::<Vec<_>>(), "no change without its entry");
}
