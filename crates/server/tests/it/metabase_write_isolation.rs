//! Every route that writes, by everybody: nobody, other tenants' keys, keys that may not; what is foreign, and what is the library's.

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::metabase_write::question;
use crate::world::{ALL_ACTIONS, Birch, Reply, World, let_have_links, suspend};

/// What each route's client sends, with a place, a card and a data source of somebody's.
fn body(route: &str, things: &Things) -> Value {
    let card: i64 = things.card.parse().unwrap();
    let sql = "SELECT id FROM orders WHERE amount >= {{least}} ORDER BY id";
    match route {
        "/api/setting/{key}" => json!({ "value": true }),
        "/api/card" => json!({ "name": "Made", "dataset_query": question(&things.database, sql) }),
        "/api/card/{id}" => json!({ "name": "Changed", "display": "bar" }),
        "/api/card/collections" | "/api/cards/move" => json!({ "card_ids": [card], "collection_id": null }),
        "/api/dashboard" | "/api/collection" => json!({ "name": "Made" }),
        "/api/dashboard/{id}" => {
            json!({ "name": "Changed", "dashcards": [{ "id": -1, "card_id": card, "row": 0, "col": 0, "size_x": 4, "size_y": 4 }] })
        }
        "/api/dashboard/{id}/cards" => json!({ "cardId": card, "cards": [] }),
        "/api/collection/{id}" => json!({ "name": "Changed" }),
        "/api/api-key" => json!({ "name": "NAMED-alder-made", "group_id": 1 }),
        "/api/permissions/group" => json!({ "name": "dashboards:read, cards:run" }),
        _ => json!({}),
    }
}

fn path(method: &str, route: &str, things: &Things) -> String {
    let path = things.paths(&route.replace("/setting/{key}", "/setting/enable-embedding")).remove(0);
    if (method, route) == ("DELETE", "/api/dashboard/{id}/cards") {
        return format!("{path}?dashcardId={}", things.dashcard);
    }
    path
}

/// Everything that a tenant's author and the holder of its keys see.
async fn everything(world: &World, key: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for kind in
        ["content/cards", "content/dashboards", "content/collections", "content/snippets", "api-keys", "public-links"]
    {
        all.push(world.get(key, &format!("/v1/{kind}")).await.expect(200).json());
    }
    all
}

/// What a route asks of a key.
fn needs(route: &str) -> Option<&'static str> {
    let of_keys = ["/api/user", "/api/api-key", "/api/permissions"].iter().any(|own| route.starts_with(own));
    if route == "/api/util/random_token" {
        None
    } else if of_keys || route.ends_with("/public_link") || route.ends_with("/graph") {
        Some("keys:manage")
    } else {
        Some("content:write")
    }
}

/// What is refused whoever is named.
fn is_refused(method: &str, route: &str) -> bool {
    route.starts_with("/api/user") || (method != "POST" && route.starts_with("/api/permissions"))
}

/// In an order in which all succeed: what is removed is removed last.
fn routes() -> Vec<(&'static str, &'static str)> {
    let mut routes = server::metabase_key_writes();
    routes.sort_by_key(|(method, route)| {
        let contains = route.starts_with("/api/collection");
        (
            *method == "DELETE",
            *method == "DELETE" && contains,
            !route.ends_with("/cards"),
            route.starts_with("/api/card"),
        )
    });
    routes
}

#[tokio::test]
async fn nobody_else_writes() {
    let keyed = Keyed::new().await;
    let (world, op) = (&keyed.world, &keyed.world.operator);
    world.post(op, "/v1/tenants", &json!({ "slug": "cedar", "name": "Cedar" })).await.expect(201);
    let draft = json!({ "name": "k", "scopes": [{ "actions": ALL_ACTIONS, "resources": { "all": true } }] });
    let make = async |slug: &str| {
        let made = world.post(op, &format!("/v1/tenants/{slug}/api-keys"), &draft).await.expect(201).json();
        (made["secret"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
    };
    let (cedar, _) = make("cedar").await;
    suspend(world, "cedar", true).await;
    let (revoked, id) = make("alder").await;
    world.delete(op, &format!("/v1/tenants/alder/api-keys/{id}")).await.expect(204);
    let token = world.token(&world.alder, json!({}));
    let before = (everything(world, &world.alder.key).await, everything(world, &world.birch.key).await);
    let mut cells = 0;
    for (method, route) in routes() {
        let path = path(method, route, &keyed.alder);
        let call = async |base: &str, headers: &[(&'static str, String)]| {
            ask(world, method, &format!("{base}{path}"), headers, Sent::Json(body(route, &keyed.alder))).await
        };
        let unknown = call("", &[("x-api-key", "clo_none".to_owned())]).await;
        assert_eq!((unknown.status.as_u16(), unknown.text().as_str()), (401, "Unauthenticated"), "{method} {path}");
        for (base, headers) in [
            ("", vec![]),
            ("/t/alder", vec![]),
            ("/t/birch", key(&world.alder)),
            ("/t/Alder", key(&world.alder)),
            ("/t/nobody", key(&world.alder)),
            ("/t/cedar", key(&world.alder)),
            ("/t/alder", key(&world.birch)),
            ("/t/cedar", vec![("x-api-key", cedar.clone())]),
            ("", vec![("x-api-key", cedar.clone())]),
            ("", vec![("x-metabase-session", revoked.clone())]),
            ("/t/alder", vec![("x-api-key", op.clone())]),
            ("/t/alder", vec![("authorization", format!("Bearer {op}"))]),
            ("", vec![("x-api-key", token.clone())]),
            ("", vec![("x-api-key", world.alder.embed_secret.clone())]),
            ("", vec![("cookie", format!("metabase.SESSION={}", world.alder.key))]),
        ] {
            assert_eq!(call(base, &headers).await.visible(), unknown.visible(), "{method} {base}{path}");
            cells += 1;
        }
        // At the root an operator writes the library's collections and nothing of a tenant's.
        let of_operator = call("", &[("x-api-key", op.clone())]).await;
        let is_own = server::metabase_operator_routes().contains(&(method, route));
        assert!(is_own || of_operator.status == 403, "{method} {path}: {}", of_operator.text());
    }
    assert!(cells > 200, "{cells}");
    assert_eq!((everything(world, &world.alder.key).await, everything(world, &world.birch.key).await), before);
}

/// Another tenant's things are things that there are none of: in addresses and in bodies. What is published is read and not written.
#[tokio::test]
async fn foreign_is_missing_and_published_stays() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let (theirs, nothing, own, shared) = (&keyed.birch, Things::nothing(), &keyed.alder, library(world).await);
    let before = (everything(world, &world.alder.key).await, everything(world, &world.birch.key).await);
    let call = async |method: &str, path: &str, body: Value| {
        ask(world, method, path, &key(&world.alder), Sent::Json(body)).await
    };
    for (method, route) in routes().into_iter().filter(|(_, route)| route.contains("{id}")) {
        for base in ["", "/t/alder"] {
            let ask = async |things: &Things| {
                call(method, &format!("{base}{}", path(method, route, things)), body(route, things)).await
            };
            let (foreign, missing) = (ask(theirs).await, ask(&nothing).await);
            assert_eq!(foreign.visible(), missing.visible(), "{method} {route}");
            if is_refused(method, route) {
                assert!(missing.status == 400 && missing.text().ends_with('.'), "{method} {route}: {}", missing.text());
                continue;
            }
            assert_eq!((missing.status.as_u16(), missing.text().as_str()), (404, "Not found."), "{method} {route}");
            if needs(route) == Some("keys:manage") {
                continue;
            }
            let published = ask(&shared).await;
            let text = published.text();
            assert!(published.status == 403 && text.contains("published to you"), "{method} {route}: {text}");
        }
    }
    let number = |text: &str| text.parse::<i64>().unwrap();
    let pairs = |from: &Things| {
        let place = json!({ "id": -1, "card_id": number(&from.card), "row": 9, "col": 0, "size_x": 4, "size_y": 4 });
        [
            ("PUT", format!("/api/dashboard/{}", own.dashboard), json!({ "dashcards": [place] })),
            ("POST", format!("/api/dashboard/{}/cards", own.dashboard), place.clone()),
            ("POST", "/api/dashboard".to_owned(), json!({ "name": "x", "dashcards": [place] })),
            (
                "PUT",
                format!("/api/dashboard/{}", own.dashboard),
                json!({ "dashcards": [{ "id": number(&from.dashcard) }] }),
            ),
            ("PUT", format!("/api/dashboard/{}", own.dashboard), json!({ "collection_id": number(&from.collection) })),
            ("PUT", format!("/api/card/{}", own.card), json!({ "collection_id": number(&from.collection) })),
            ("POST", format!("/api/card/{}/copy", own.card), json!({ "collection_id": number(&from.collection) })),
            ("POST", "/api/collection".to_owned(), json!({ "name": "x", "parent_id": number(&from.collection) })),
            (
                "PUT",
                format!("/api/card/{}", own.card),
                json!({ "dataset_query": question(&from.database, "SELECT {{least}}") }),
            ),
            (
                "POST",
                "/api/card".to_owned(),
                json!({ "name": "x", "dataset_query": question(&from.database, "SELECT {{least}}") }),
            ),
        ]
    };
    for ((method, path, foreign), (_, _, missing)) in pairs(theirs).into_iter().zip(pairs(&nothing)) {
        let (foreign, missing) = (call(method, &path, foreign).await, call(method, &path, missing).await);
        assert_eq!(foreign.visible(), missing.visible(), "{method} {path}");
        assert!([400, 404].contains(&missing.status.as_u16()), "{method} {path}: {}", missing.text());
    }
    // Where the library's things stand in bodies: its collections hold nothing of a tenant's, its cards are not on its dashboards.
    for (method, path, body) in pairs(&Things { database: nothing.database.clone(), ..shared.clone() }) {
        let reply = call(method, &path, body).await;
        assert_eq!(reply.status, 400, "{method} {path}: {}", reply.text());
    }
    assert_eq!((everything(world, &world.alder.key).await, everything(world, &world.birch.key).await), before);
    world.never_said("CANARY-BIRCH");
}

/// A key writes what its scopes let it, as on our own surface.
#[tokio::test]
async fn scopes_decide_who_writes() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let make = async |actions: &[&str], resources: Value| {
        let draft = json!({ "name": "k", "scopes": [{ "actions": actions, "resources": resources }] });
        let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
        vec![("x-api-key", made["secret"].as_str().unwrap().to_owned())]
    };
    let all = || json!({ "all": true });
    let before = everything(world, &world.alder.key).await;
    let without = |own: &str| ALL_ACTIONS.into_iter().filter(|action| *action != own).collect::<Vec<_>>();
    for (needed, headers) in [
        ("content:write", make(&without("content:write"), all()).await),
        ("content:write", make(&ALL_ACTIONS, json!({ "collections": ["own"] })).await),
        ("keys:manage", make(&without("keys:manage"), all()).await),
    ] {
        for (method, route) in routes().into_iter().filter(|(_, route)| needs(route) == Some(needed)) {
            let reply = ask(world, method, &path(method, route, own), &headers, Sent::Json(body(route, own))).await;
            let text = reply.text();
            assert_eq!(
                (reply.status.as_u16(), text.as_str()),
                (403, "You don't have permissions to do that."),
                "{method} {route}"
            );
        }
    }
    // The keys that were made for this are more keys, and nothing else is otherwise.
    let (before, mut after) = (before, everything(world, &world.alder.key).await);
    after[4]["data"].as_array_mut().unwrap().retain(|key| key["name"] != "k");
    assert_eq!(after, before);
    // Who may write and no SQL makes dashboards, and no cards.
    let headers = make(&["dashboards:read", "content:write"], all()).await;
    for (method, route) in [("POST", "/api/card"), ("PUT", "/api/card/{id}"), ("POST", "/api/card/{id}/copy")] {
        ask(world, method, &path(method, route, own), &headers, Sent::Json(body(route, own))).await.expect(403);
    }
    ask(world, "POST", "/api/dashboard", &headers, Sent::Json(json!({ "name": "x" }))).await.expect(200);
    // Who may write and not read is told the number of what it made.
    let headers = make(&["content:write", "sql:run"], all()).await;
    for route in ["/api/card", "/api/dashboard"] {
        let made = ask(world, "POST", route, &headers, Sent::Json(body(route, own))).await.expect(200).json();
        assert!(made["id"].is_i64() && made.as_object().unwrap().len() == 3, "{made}");
    }
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match name.as_str() {
            "id" | "entity_id" | "card_id" | "dashboard_id" | "slug" | "unmasked_key" | "token" | "uuid"
                if !value.is_null() =>
            {
                *value = Value::Bool(true)
            }
            _ => forget(value),
        }),
        Value::Array(list) => list.iter_mut().for_each(forget),
        _ => {}
    }
}

/// What is told, without the random names of what is new.
fn told(reply: &Reply) -> (u16, Value) {
    let text = reply.text();
    let mut body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    forget(&mut body);
    (reply.status.as_u16(), body)
}

/// The same writes in two worlds that differ in birch's rows get the same answers, and leave birch as it was.
#[tokio::test]
async fn two_worlds_agree_on_every_write() {
    let (full, empty) = (Keyed::with(Birch::Full).await, Keyed::with(Birch::Empty).await);
    for keyed in [&full, &empty] {
        let_have_links(&keyed.world, "alder", true).await;
    }
    let before = everything(&full.world, &full.world.birch.key).await;
    let mut written = 0;
    for (method, route) in routes() {
        for base in ["/t/alder", ""] {
            let call = async |keyed: &Keyed| {
                let path = format!("{base}{}", path(method, route, &keyed.alder));
                ask(&keyed.world, method, &path, &key(&keyed.world.alder), Sent::Json(body(route, &keyed.alder))).await
            };
            let (one, other) = (call(&full).await, call(&empty).await);
            assert_eq!(told(&one), told(&other), "{method} {route}");
            assert!(!one.text().contains("NAMED-birch"), "{}", one.text());
            written += usize::from(one.status.is_success());
        }
    }
    assert!(written > 18, "{written}");
    assert_eq!(everything(&full.world, &full.world.birch.key).await, before);
    full.world.was_said("NAMED-alder");
    full.world.never_said("CANARY-BIRCH");
}
