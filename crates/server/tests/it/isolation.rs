//! Two worlds that differ in one tenant's rows, and what must not choose a tenant. Routes by callers are in `matrix`.

use serde_json::json;

use crate::world::{Birch, World};

/// What alder gets, whatever it asks, does not depend on birch's rows.
#[tokio::test]
async fn two_worlds_agree_in_every_visible_bit() {
    let (full, empty) = (World::with(Birch::Full).await, World::with(Birch::Empty).await);
    assert_eq!(full.alder.key, empty.alder.key, "the worlds are made alike");
    let answers_full = everything(&full).await;
    let answers_empty = everything(&empty).await;
    assert!(answers_full.len() > 25);
    for ((what, a), (_, b)) in answers_full.iter().zip(&answers_empty) {
        assert_eq!(a, b, "{what}");
    }
    full.was_said("CANARY-ALDER");
    full.never_said("CANARY-BIRCH");
    // The worlds do differ, for those who may see it.
    let count = |world: &World| world.token(&world.birch, json!({}));
    let a = full.post(&count(&full), "/v1/embed/items/total/rows", &json!({})).await.expect(200).json();
    let b = empty.post(&count(&empty), "/v1/embed/items/total/rows", &json!({})).await.expect(200).json();
    assert_ne!(a["rows"], b["rows"]);
}

type Visible = (http::StatusCode, Vec<(String, String)>, Vec<u8>);

async fn everything(world: &World) -> Vec<(String, Visible)> {
    let key = world.alder.key.clone();
    let token = world.token(&world.alder, json!({}));
    let mut answers = Vec::new();
    let gets = [
        "/v1/tenant",
        "/v1/dashboards",
        "/v1/dashboards/overview",
        "/v1/cards",
        "/v1/cards/orders",
        "/v1/collections",
        "/v1/dashboards/overview/parameters/city/values",
        "/v1/dashboards/overview/parameters/city/values?search=ly",
        "/v1/content/cards",
        "/v1/content/dashboards",
        "/v1/dashboards/private",
        "/v1/cards/secret",
    ];
    for path in gets {
        answers.push((path.to_owned(), world.get(&key, path).await.visible()));
    }
    for path in ["/v1/embed", "/v1/embed/parameters/city/values", "/v1/embed/parameters/period/values"] {
        answers.push((path.to_owned(), world.get(&token, path).await.visible()));
    }
    let given = [
        json!({}),
        json!({ "parameters": { "city": ["Lyon", "Nice"] } }),
        json!({ "parameters": { "city": ["' OR 1=1 --"] } }),
        json!({ "parameters": { "period": "2026-01-01~2026-01-03" } }),
        json!({ "parameters": { "nothing": 1 } }),
    ];
    for given in &given {
        for path in [
            "/v1/embed/items/orders/rows",
            "/v1/embed/items/total/rows",
            "/v1/embed/items/orders/export/csv",
            "/v1/embed/items/orders/export/json",
        ] {
            answers.push((format!("{path} {given}"), world.post(&token, path, given).await.visible()));
        }
        let path = "/v1/dashboards/overview/items/orders/rows";
        answers.push((format!("{path} {given}"), world.post(&key, path, given).await.visible()));
    }
    answers
}

/// A data source that is set up for another tenant alone has that tenant's name, perhaps: it is none.
#[tokio::test]
async fn a_data_source_of_somebody_else_is_no_data_source() {
    let world = World::new().await;
    let source = json!({ "slug": "birch-only", "name": "Birch", "engine": "sqlite" });
    let source = world.post(&world.operator, "/v1/sources", &source).await.expect(201).json();
    let placement = json!({ "file": "birch-only.db" });
    crate::world::fill(&world.folder.path().join("tenants/birch-only.db"), "CANARY-BIRCH", 2);
    world.put_first(&world.operator, "/v1/tenants/birch/placements/birch-only", &placement).await.expect(200);
    let card = |source: &str| json!({ "name": "c", "source": source, "query": { "sql": "SELECT note FROM orders" } });
    let question = |source: &str| json!({ "source": source, "sql": "SELECT note FROM orders" });
    let key = |source: &str| json!({ "name": "k", "scopes": [{ "actions": ["cards:run"], "resources": { "sources": [source] } }] });
    let own = world.post(&world.alder.key, "/v1/content/cards", &card("lms")).await.expect(201).json();
    let own = format!("/v1/content/cards/{}", own["id"].as_str().unwrap());
    for name in ["birch-only", source["id"].as_str().unwrap()] {
        for (path, there, absent, status) in [
            ("/v1/sql/rows", question(name), question("nothing"), 404),
            ("/v1/content/cards", card(name), card("nothing"), 400),
            ("/v1/api-keys", key(name), key("nothing"), 400),
        ] {
            let foreign = world.post(&world.alder.key, path, &there).await.expect(status);
            let missing = world.post(&world.alder.key, path, &absent).await;
            assert_eq!(foreign.visible(), missing.visible(), "{path}");
            world.post(&world.birch.key, path, &there).await.expect(if status == 404 { 200 } else { 201 });
        }
        let foreign = world.put(&world.alder.key, &own, &card(name)).await.expect(400);
        let missing = world.put(&world.alder.key, &own, &card("nothing")).await;
        assert_eq!(foreign.visible(), missing.visible());
    }
    let listed = world.get(&world.alder.key, "/v1/sql/sources").await.expect(200).text();
    assert!(listed.contains("lms") && !listed.contains("birch"), "{listed}");
    // An operator may say what a key is for before the tenant is there.
    world.post(&world.operator, "/v1/tenants/alder/api-keys", &key("birch-only")).await.expect(201);
}

/// A finding that stops a tenant's own SQL stops that alone: cards of the operator's run on.
#[tokio::test]
async fn what_stops_a_tenants_sql_stops_no_card_of_the_operators() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new().await;
    let source = json!({ "slug": "lms", "name": "Orders", "engine": "sqlite", "template": { "file": "{slug}.db" },
        "tables": { "orders": { "shared": true } } });
    world.put(&world.operator, "/v1/sources/lms", &source).await.expect(200);
    let own = json!({ "name": "c", "source": "lms", "query": { "sql": "SELECT note FROM orders" } });
    let own = world.post(&world.alder.key, "/v1/content/cards", &own).await.expect(201).json();
    let own = format!("/v1/cards/{}/rows", own["id"].as_str().unwrap());
    let question = json!({ "source": "lms", "sql": "SELECT note FROM orders" });
    let asked = [("/v1/cards/orders/rows", json!({}), 200), (&own, json!({}), 409), ("/v1/sql/rows", question, 409)];
    for (path, body, _) in &asked {
        world.post(&world.alder.key, path, body).await.expect(200);
    }
    let file = world.folder.path().join("tenants/alder.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let report = world.post(&world.operator, "/v1/tenants/alder/placements/lms/check", &json!({})).await.expect(200);
    assert!(report.text().contains("stops-tenant-sql"), "{}", report.text());
    for (path, body, status) in &asked {
        let reply = world.post(&world.alder.key, path, body).await.expect(*status);
        assert!(*status == 200 || reply.code() == "isolation-unproven", "{path}: {}", reply.text());
    }
}

#[tokio::test]
async fn nothing_in_a_request_chooses_a_tenant() {
    let world = World::new().await;
    let token = world.token(&world.alder, json!({}));
    for (path, headers) in [
        ("/v1/embed", vec![("x-tenant", "birch"), ("x-tenant-id", world.birch.id.as_str())]),
        ("/v1/embed?tenant=birch", vec![]),
        ("/t/alder/v1/embed", vec![]),
    ] {
        let mut request = http::Request::builder().uri(path).header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let reply = world.send(request.body(axum::body::Body::empty()).unwrap()).await.expect(200);
        assert_eq!(reply.json()["tenant"]["name"], "alder & Sons");
    }
    // Every route of the viewer's answers there as it does at the root.
    for (path, body) in [
        ("/v1/embed/items/orders/rows", Some(json!({}))),
        ("/v1/embed/items/orders/export/csv", Some(json!({}))),
        ("/v1/embed/parameters/city/values?search=ly", None),
        ("/v1/embed/parameters/city/values", Some(json!({}))),
        ("/v1/embed/run", Some(json!({ "items": ["orders"] }))),
        ("/v1/embed/items/nothing/rows", Some(json!({}))),
        ("/v1/embed/items/orders/export/exe", Some(json!({}))),
    ] {
        let ask = async |base: &str| match &body {
            None => world.get(&token, &format!("{base}{path}")).await,
            Some(body) => world.post(&token, &format!("{base}{path}"), body).await,
        };
        assert_eq!(ask("/t/alder").await.visible(), ask("").await.visible(), "{path}");
        let elsewhere = ask("/t/birch").await.expect(401);
        assert_eq!(elsewhere.visible(), ask("/t/nobody").await.visible(), "{path}");
    }
    // A path that names another tenant than the token's is refused, like a token that is none.
    let wrong = world.get(&token, "/t/birch/v1/embed").await.expect(401);
    let nobody = world.get(&token, "/t/nobody/v1/embed").await.expect(401);
    assert_eq!(wrong.visible(), nobody.visible());
}
