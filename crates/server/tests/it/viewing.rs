//! What pages are told beside rows: words in the viewer's language, clicks, lists that filters narrow, who may ask.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::world::{World, sign};

/// A library with a dashboard of translations, clicks and a list that another filter narrows; a token of alder for it.
async fn told(world: &World) -> String {
    let by = &world.operator;
    let cities = json!({ "slug": "cities-by-amount", "name": "Cities", "source": "lms", "query": {
        "sql": "SELECT DISTINCT city FROM orders WHERE 1 = 1 [[AND amount >= {{least}}]] ORDER BY city",
        "parameters": [{ "name": "least", "type": "number" }] } });
    world.post(by, "/v1/library/cards", &cities).await.expect(201);
    let card = json!({ "slug": "told", "name": "Orders", "source": "lms",
        "translations": { "fr": { "name": "Commandes", "labels.city": "Ville" }, "de": { "name": "Bestellungen" } },
        "query": { "sql": "SELECT city, amount FROM orders WHERE {{city}} AND amount >= {{least}}",
            "parameters": [{ "name": "city", "type": "text", "multiple": true, "column": { "sql": "city" } },
                { "name": "least", "type": "number", "default": 0 }] } });
    world.post(by, "/v1/library/cards", &card).await.expect(201);
    world.post(by, "/v1/library/dashboards", &dashboard(&json!({}))).await.expect(201);
    let publication = json!({ "publish": { "dashboard": "told" }, "audience": "all" });
    world.post(by, "/v1/publications", &publication).await.expect(201);
    world.token(&world.alder, json!({ "resource": { "dashboard": "told" } }))
}

fn dashboard(more: &Value) -> Value {
    let mut draft = json!({ "slug": "told", "name": "Told", "refresh_seconds": 60,
        "translations": { "fr": { "name": "Raconté", "parameters.city.label": "Ville" } },
        "parameters": [
            { "name": "city", "type": "text", "multiple": true, "linked": ["least"],
              "values": { "card": { "card": "cities-by-amount" } } },
            { "name": "least", "type": "number" }],
        "items": [{ "id": "list", "x": 0, "y": 0, "w": 24, "h": 6, "show": { "kind": "card", "card": "told",
            "parameters": { "city": "city", "least": "least" },
            "clicks": [{ "action": "filter", "column": "city", "filters": { "city": { "column": "city" } } },
                { "action": "visit", "url": "https://crm.example/{city}" }] } }] });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    draft
}

#[tokio::test]
async fn a_page_is_told_in_its_viewers_language() {
    let world = World::new().await;
    let token = told(&world).await;
    let french = world.get(&token, "/v1/embed?locale=fr-CA").await.expect(200).json();
    assert_eq!(french["name"], "Told", "the author's own words stay where they are");
    let words = &french["translations"]["fr"];
    assert_eq!(words["name"], "Raconté");
    assert_eq!(words["parameters.city.label"], "Ville");
    assert_eq!((&words["items.list.name"], &words["items.list.labels.city"]), (&json!("Commandes"), &json!("Ville")));
    assert_eq!(french["translations"].as_object().unwrap().len(), 1, "no other language weighs on the page");
    assert_eq!(world.get(&token, "/v1/embed").await.expect(200).json()["translations"], json!({}));
    assert_eq!(french["refresh_seconds"], 60);
    assert_eq!(french["items"][0]["clicks"][1]["url"], "https://crm.example/{city}");
    assert_eq!(french["parameters"][0]["linked"], json!(["least"]));
}

#[tokio::test]
async fn a_list_is_narrowed_by_its_linked_filters_and_by_nothing_else() {
    let world = World::new().await;
    let token = told(&world).await;
    let path = "/v1/embed/parameters/city/values";
    let count = |reply: Value| reply["values"].as_array().unwrap().len();
    assert_eq!(count(world.post(&token, path, &json!({})).await.expect(200).json()), 3);
    let narrowed = json!({ "parameters": { "least": 30 } });
    assert_eq!(count(world.post(&token, path, &narrowed).await.expect(200).json()), 1);
    let other = world.post(&token, path, &json!({ "parameters": { "city": "Lyon" } })).await.expect(400);
    assert!(other.text().contains("parameters.city"), "{}", other.text());
    // What the token locks is no longer the viewer's to give, here as anywhere.
    let locked = world.token(&world.alder, json!({ "resource": { "dashboard": "told" }, "params": { "least": 10 } }));
    world.post(&locked, path, &narrowed).await.expect(400);
    world.post(&token, "/v1/embed/parameters/nothing/values", &json!({})).await.expect(404);
}

#[tokio::test]
async fn what_leads_nowhere_is_refused_when_it_is_written() {
    let world = World::new().await;
    told(&world).await;
    let item = |clicks: Value| {
        json!({ "items": [{ "id": "list", "x": 0, "y": 0, "w": 24, "h": 6,
            "show": { "kind": "card", "card": "told", "clicks": clicks } }] })
    };
    let wrong = [
        (json!({ "refresh_seconds": 9 }), "refresh_seconds"),
        (json!({ "translations": { "not a language": {} } }), "translations"),
        (json!({ "translations": { "fr": { "items.none.name": "x" } } }), "translations.fr.items.none.name"),
        (json!({ "parameters": [{ "name": "city", "type": "text", "linked": ["city"] }] }), "parameters.city.linked"),
        (
            json!({ "parameters": [{ "name": "city", "type": "text", "linked": ["secret"] },
                { "name": "secret", "type": "text", "locked": true }] }),
            "parameters.city.linked",
        ),
        (item(json!([{ "action": "visit", "url": "javascript:alert(1)" }])), "items.list.clicks"),
        (item(json!([{ "action": "visit", "url": "{a}{b}" }])), "items.list.clicks"),
        (item(json!([{ "action": "filter", "filters": { "none": { "value": 1 } } }])), "items.list.clicks"),
        (item(json!([{ "action": "filter", "filters": { "city": { "filter": "none" } } }])), "items.list.clicks"),
    ];
    for (more, field) in wrong {
        let mut draft = dashboard(&more);
        draft["slug"] = json!("other");
        let refused = world.post(&world.operator, "/v1/library/dashboards", &draft).await.expect(400);
        assert!(refused.text().contains(field), "{field}: {}", refused.text());
    }
    for theme in [
        json!({ "logo": { "src": "https://elsewhere.example/logo.png" } }),
        json!({ "logo": { "src": "data:text/html;base64,PGI+" } }),
        json!({ "dark": { "primary": "red" } }),
    ] {
        let tenant = json!({ "slug": "cedar", "name": "Cedar", "theme": theme });
        world.post(&world.operator, "/v1/tenants", &tenant).await.expect(400);
    }
}

#[tokio::test]
async fn pages_that_the_key_does_not_name_are_not_answered() {
    let world = World::new().await;
    let draft = json!({ "name": "framed", "origins": ["https://moodle.alder.example"] });
    let key = world.post(&world.operator, "/v1/tenants/alder/embed-keys", &draft).await.expect(201).json();
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 60 });
    let token = sign(key["id"].as_str().unwrap(), key["secret"].as_str().unwrap(), &claims);
    let shown = world.get(&token, "/v1/embed").await.expect(200).json();
    assert_eq!(shown["origins"], json!(["https://moodle.alder.example"]));
    let open = world.token(&world.alder, json!({}));
    for (token, origin, status) in [
        (&token, "https://moodle.alder.example", StatusCode::OK),
        (&token, "https://evil.example", StatusCode::FORBIDDEN),
        (&token, "https://moodle.alder.example.evil.example", StatusCode::FORBIDDEN),
        (&token, "null", StatusCode::FORBIDDEN),
        // Our own page, in whatever frame: what may frame it is said by its policy.
        (&token, "https://dashboards.example", StatusCode::OK),
        (&open, "https://evil.example", StatusCode::OK),
    ] {
        let request = Request::builder()
            .method(Method::GET)
            .uri("/v1/embed")
            .header("host", "dashboards.example")
            .header("authorization", format!("Bearer {token}"))
            .header("origin", origin)
            .body(Body::empty())
            .unwrap();
        let reply = world.send(request).await;
        assert_eq!(reply.status, status, "{origin}");
        if status == StatusCode::FORBIDDEN {
            assert_eq!(reply.code(), "origin-not-allowed");
        }
    }
}
