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
