//! A dashboard written once; two clients see it, each on its own rows.

use serde_json::json;

use crate::world::{World, rows};

#[tokio::test]
async fn each_client_sees_the_dashboard_on_its_own_rows() {
    let world = World::new().await;
    for (client, count) in [(&world.alder, 3), (&world.birch, 7)] {
        let token = world.token(client, json!({}));
        let shown = world.get(&token, "/v1/embed").await.expect(200).json();
        assert_eq!(shown["name"], "Overview");
        assert_eq!(shown["items"].as_array().unwrap().len(), 3);
        assert_eq!(shown["parameters"][0]["has_values"], true);
        let answer = world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(200).json();
        assert_eq!(answer["row_count"], count);
        let notes: Vec<_> = rows(&answer).iter().map(|row| row["note"].as_str().unwrap().to_owned()).collect();
        assert!(notes.iter().all(|note| note.starts_with(&client.canary)), "{notes:?}");
        let run = world.post(&token, "/v1/embed/run", &json!({ "parameters": { "city": ["Lyon"] } })).await.expect(200);
        let events: Vec<serde_json::Value> =
            run.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(events.last().unwrap()["event"], "end");
        assert_eq!(events.iter().filter(|event| event["event"] == "done").count(), 2);
        let values = world.get(&token, "/v1/embed/parameters/city/values").await.expect(200).json();
        assert_eq!(values["values"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_dashboard_of_more_cards_than_the_queue_is_long_is_shown_whole() {
    let world = World::new().await;
    let item = |number: u16| {
        json!({ "id": format!("i{number}"), "x": 0, "y": number, "w": 24, "h": 1,
        "show": { "kind": "card", "card": "orders", "title": format!("{number}"), "parameters": {} } })
    };
    let items: Vec<_> = (0..150).map(item).collect();
    world
        .post(&world.operator, "/v1/library/dashboards", &json!({ "slug": "large", "name": "Large", "items": items }))
        .await
        .expect(201);
    let publication = json!({ "publish": { "dashboard": "large" }, "audience": { "labels": { "plan": "alder" } } });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    let token = world.token(&world.alder, json!({ "resource": { "dashboard": "large" } }));
    let run = world.post(&token, "/v1/embed/run", &json!({})).await.expect(200).text();
    assert_eq!(run.lines().filter(|line| line.contains(r#""event":"done""#)).count(), 150, "{run}");
    // Birch has not the label that it is published to.
    let token = world.token(&world.birch, json!({ "resource": { "dashboard": "large" } }));
    world.get(&token, "/v1/embed").await.expect(404);
}

#[tokio::test]
async fn those_who_run_it_see_that_it_runs() {
    let world = World::new().await;
    world.get("", "/health/live").await.expect(200);
    assert_eq!(world.get("", "/health/ready").await.json()["metadata"], true);
    world.get("", "/metrics").await.expect(401);
    world.get(&world.alder.key, "/metrics").await.expect(401);
    let unknown = world.get("", "/v1/nothing").await.expect(404);
    assert_eq!(unknown.code(), "no-such-route");
    let method = world.delete(&world.alder.key, "/v1/tenant").await.expect(405);
    assert_eq!(method.code(), "no-such-method");
    for reply in [unknown, method] {
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    }
}

#[tokio::test]
async fn a_page_says_who_may_frame_it() {
    let world = World::new().await;
    let draft = json!({ "name": "framed", "origins": ["https://moodle.alder.example"] });
    let key = world.post(&world.operator, "/v1/tenants/alder/embed-keys", &draft).await.expect(201).json();
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 60 });
    let token = crate::world::sign(key["id"].as_str().unwrap(), key["secret"].as_str().unwrap(), &claims);
    let page = world.get("", &format!("/embed/dashboard/{token}")).await;
    if page.status == 503 {
        assert_eq!(page.code(), "pages-missing", "the pages are built by another command");
        return;
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("frame-ancestors https://moodle.alder.example"), "{policy}");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
}
