//! Every route of the API against every kind of caller, and foreign things against missing ones.
//!
//! The routes come from the OpenAPI document: one without a case here fails the test.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::world::{Birch, World, operations};

/// Fills a path's places.
fn fill(path: &str, places: &BTreeMap<&str, String>) -> String {
    let mut out = path.to_owned();
    for (name, value) in places {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    assert!(!out.contains('{'), "no case for {path}");
    out
}

#[tokio::test]
async fn no_route_takes_another_kind_of_credential() {
    let world = World::new().await;
    let token = world.token(&world.alder, json!({}));
    let callers = [
        ("", "nobody"),
        (world.operator.as_str(), "operator_key"),
        (world.alder.key.as_str(), "api_key"),
        (token.as_str(), "embed_token"),
        ("clo_0000000000000000000000000000000000000000", "forged"),
        ("x.y.z", "nonsense"),
    ];
    let places = BTreeMap::from([
        ("tenant", "alder".to_owned()),
        ("source", "lms".to_owned()),
        ("publication", "x".to_owned()),
        ("key", "x".to_owned()),
        ("name", "orders".to_owned()),
        ("dashboard", "overview".to_owned()),
        ("card", "orders".to_owned()),
        ("item", "orders".to_owned()),
        ("format", "csv".to_owned()),
    ]);
    for operation in operations() {
        let path = fill(&operation.path, &places);
        for (credential, kind) in callers.iter().filter(|(_, kind)| *kind != operation.takes) {
            let body = operation.has_body.then(|| json!({}));
            let reply = world.call(operation.method.clone(), credential, &path, body.as_ref()).await;
            assert_eq!(reply.status, 401, "{} {path} as {kind}: {}", operation.method, reply.text());
        }
    }
}

/// Things of birch, and names of nothing, for each place in a tenant's paths.
async fn foreign_and_missing(world: &World) -> (BTreeMap<&'static str, Vec<String>>, BTreeMap<&'static str, String>) {
    let mut own = BTreeMap::new();
    for (kind, draft) in [
        ("collections", json!({ "name": "c" })),
        ("dashboards", json!({ "slug": "private", "name": "d", "items": [] })),
        ("snippets", json!({ "slug": "s1", "name": "s", "sql": "1 = 1" })),
        ("cards", json!({ "name": "own", "source": "lms", "query": { "sql": "SELECT note FROM orders" } })),
    ] {
        let made = world.post(&world.birch.key, &format!("/v1/content/{kind}"), &draft).await.expect(201).json();
        own.insert(kind, made["id"].as_str().unwrap().to_owned());
    }
    let unpublished = world.get(&world.operator, "/v1/library/cards/secret").await.expect(200).json()["id"].clone();
    let foreign = BTreeMap::from([
        ("key", vec![world.birch.key_id.clone(), world.birch.embed_key.clone()]),
        ("dashboard", vec![own["dashboards"].clone(), "private".to_owned()]),
        ("card", vec![own["cards"].clone(), unpublished.as_str().unwrap().to_owned(), "secret".to_owned()]),
        ("name", own.values().cloned().collect()),
    ]);
    let missing = BTreeMap::from([
        ("key", "key_00000000000000000000000000".to_owned()),
        ("dashboard", "dsh_00000000000000000000000000".to_owned()),
        ("card", "crd_00000000000000000000000000".to_owned()),
        ("name", "crd_00000000000000000000000000".to_owned()),
        ("item", "orders".to_owned()),
        ("format", "csv".to_owned()),
    ]);
    (foreign, missing)
}

#[tokio::test]
async fn foreign_and_missing_are_the_same_answer() {
    let world = World::new().await;
    let (foreign, missing) = foreign_and_missing(&world).await;
    let mut compared = 0;
    for operation in operations().into_iter().filter(|operation| operation.takes == "api_key") {
        let place = ["key", "dashboard", "card", "name"]
            .into_iter()
            .find(|place| operation.path.contains(&format!("{{{place}}}")));
        let Some(place) = place else { continue };
        let absent = fill(&operation.path, &missing);
        for id in &foreign[place] {
            let mut places = missing.clone();
            places.insert(place, id.clone());
            let theirs = fill(&operation.path, &places);
            let body = operation.has_body.then(|| body_for(&operation.path));
            let a = send(&world, &operation.method, &theirs, body.as_ref()).await;
            let b = send(&world, &operation.method, &absent, body.as_ref()).await;
            assert_eq!(a.visible(), b.visible(), "{} {theirs} against {absent}", operation.method);
            assert_eq!(a.status, 404, "{} {theirs}: {}", operation.method, a.text());
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared} comparisons");
    // Birch still has everything.
    world.get(&world.birch.key, "/v1/content/dashboards/private").await.expect(200);
    world.get(&world.birch.key, "/v1/tenant").await.expect(200);
    world.never_said("CANARY-BIRCH");
}

/// A body that would be accepted for an own thing.
fn body_for(path: &str) -> Value {
    match path {
        "/v1/content/collections/{name}" => json!({ "name": "c" }),
        "/v1/content/cards/{name}" => json!({ "name": "own", "source": "lms", "query": { "sql": "SELECT 1" } }),
        "/v1/content/dashboards/{name}" => json!({ "name": "d", "items": [] }),
        "/v1/content/snippets/{name}" => json!({ "slug": "s1", "name": "s", "sql": "1 = 1" }),
        _ => json!({}),
    }
}

async fn send(world: &World, method: &Method, path: &str, body: Option<&Value>) -> crate::world::Reply {
    let mut request = http::Request::builder()
        .method(method.clone())
        .uri(path)
        .header("authorization", format!("Bearer {}", world.alder.key))
        .header("content-type", "application/json");
    if *method == Method::PUT {
        request = request.header("if-match", "\"v1\"");
    }
    world.send(request.body(body.map(ToString::to_string).unwrap_or_default().into()).unwrap()).await
}

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
    // A path that names another tenant than the token's is refused, like a token that is none.
    let wrong = world.get(&token, "/t/birch/v1/embed").await.expect(401);
    let nobody = world.get(&token, "/t/nobody/v1/embed").await.expect(401);
    assert_eq!(wrong.visible(), nobody.visible());
}
