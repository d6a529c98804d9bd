//! Who an operator's routes are for: operators' keys in force, at the root. And what they never lead to: rows and clients' content.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::metabase_api_stage::{Keyed, Sent, ask, library};
use crate::world::{ALL_ACTIONS, Reply, World, put_in_tenant};

/// Routes that ask for no key: they say the same to everybody.
fn is_open(method: &str, route: &str) -> bool {
    matches!((method, route), ("GET", "/api/health" | "/api/session/properties") | ("POST", "/api/session"))
}

/// Every route of operators, with things that are there.
async fn routes(world: &World) -> Vec<(&'static str, String, &'static str)> {
    let number = async |path: &str| world.get(&world.operator, path).await.expect(200).json()["number"].to_string();
    let tenant = number("/v1/tenants/alder").await;
    let source = number("/v1/sources/lms").await;
    let collection = number("/v1/library/collections/shop").await;
    let path = |route: &str| {
        let id = if route.contains("/database/{id}") || route.contains("/db/") || route.contains("router-database") {
            &source
        } else if route.contains("/collection/") {
            &collection
        } else {
            &tenant
        };
        route.replace("{id}", id)
    };
    server::metabase_operator_routes().into_iter().map(|(method, route)| (method, path(route), route)).collect()
}

fn body(method: &str, route: &str) -> Sent<'static> {
    match (method, route) {
        ("GET" | "DELETE", _) => Sent::Nothing,
        (_, "/api/session") => Sent::Json(json!({ "username": "a", "password": "clo_none" })),
        _ => Sent::Json(
            json!({ "name": "Intruder", "slug": "intruder", "engine": "sqlite", "details": { "db": "x-{slug}.db" },
            "is_active": false, "user_attribute": "slug" }),
        ),
    }
}

/// The instance as operators see it, without what moves by itself.
async fn state(world: &World) -> Vec<Value> {
    let mut all = Vec::new();
    for path in
        ["/v1/tenants", "/v1/sources", "/v1/publications", "/v1/library/collections", "/v1/tenants/alder/api-keys"]
    {
        let mut found = world.get(&world.operator, path).await.expect(200).json();
        for one in found["data"].as_array_mut().unwrap() {
            one.as_object_mut().unwrap().remove("last_used_at");
        }
        all.push(found);
    }
    all
}

/// The same without what tells that a tenant was written, as the test itself does.
fn unversioned(mut all: Vec<Value>) -> Vec<Value> {
    for one in all[0]["data"].as_array_mut().unwrap() {
        one.as_object_mut().unwrap().retain(|name, _| name != "version" && name != "updated_at");
    }
    all
}

async fn operator_key(world: &World, draft: Value) -> (String, String) {
    let made = world.post(&world.operator, "/v1/operator-keys", &draft).await.expect(201).json();
    (made["secret"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
}

async fn tenant_key(world: &World, actions: &[&str]) -> String {
    let draft = json!({ "name": "k", "scopes": [{ "actions": actions, "resources": { "all": true } }] });
    let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    made["secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_route_is_for_operators_keys_in_force_at_the_root() {
    let world = World::new().await;
    let all = json!(["read", "tenants:manage", "library:write", "operators:manage", "act-as"]);
    let (revoked, id) = operator_key(&world, json!({ "name": "r", "actions": all })).await;
    world.delete(&world.operator, &format!("/v1/operator-keys/{id}")).await.expect(204);
    let end = "2026-03-02T10:00:05Z";
    let (expired, _) = operator_key(&world, json!({ "name": "e", "actions": all, "expires_at": end })).await;
    let (elsewhere, _) =
        operator_key(&world, json!({ "name": "n", "actions": all, "networks": ["10.9.8.0/24"] })).await;
    let (everything, manager) = (tenant_key(&world, &ALL_ACTIONS).await, tenant_key(&world, &["keys:manage"]).await);
    world.advance(10);
    let forged = format!("{}x", world.operator);
    let tenants: Vec<_> = server::metabase_key_routes().into_iter().chain(server::metabase_key_writes()).collect();
    let before = state(&world).await;
    let mut cells = 0;
    for (method, path, route) in routes(&world).await {
        let call = async |base: &str, name: &'static str, key: &str| -> Reply {
            let headers: Vec<_> = if key.is_empty() { vec![] } else { vec![(name, key.to_owned())] };
            ask(&world, method, &format!("{base}{path}"), &headers, body(method, route)).await
        };
        // Keys of operators that are none: one answer, in every header.
        for key in [&revoked, &expired, &elsewhere, &forged] {
            for (name, prefix) in [("x-api-key", ""), ("x-metabase-session", ""), ("authorization", "Bearer ")] {
                let reply = call("", name, &format!("{prefix}{key}")).await;
                if is_open(method, route) {
                    assert_eq!(reply.visible(), call("", name, "").await.visible(), "{method} {path}");
                } else {
                    assert_eq!(
                        (reply.status.as_u16(), reply.text()),
                        (401, "Unauthenticated".to_owned()),
                        "{method} {path}"
                    );
                }
                cells += 1;
            }
        }
        if is_open(method, route) {
            continue;
        }
        // Nobody's and tenants' keys get what is theirs at that path, or nothing.
        let is_theirs = tenants.contains(&(method, route));
        for key in ["", everything.as_str(), manager.as_str(), world.birch.key.as_str()] {
            if is_theirs && !key.is_empty() && method != "GET" {
                // What a tenant's key changes there is the tenant's, and has tests of its own.
                continue;
            }
            let reply = call("", "x-api-key", key).await;
            let may_be_answered = is_theirs && !key.is_empty();
            assert!(may_be_answered || reply.status.is_client_error(), "{method} {path}: {}", reply.text());
            assert!(
                key == world.birch.key || !reply.text().contains("birch & Sons"),
                "{method} {path}: {}",
                reply.text()
            );
            cells += 1;
        }
        // Below a tenant's address an operator's key is no key.
        for base in ["/t/alder", "/t/birch", "/t/nobody"] {
            let unknown = call(base, "x-api-key", "clo_none").await;
            for key in [&world.operator, &revoked] {
                assert_eq!(call(base, "x-api-key", key).await.visible(), unknown.visible(), "{method} {base}{path}");
                let bearer = format!("Bearer {key}");
                assert_eq!(
                    call(base, "authorization", &bearer).await.visible(),
                    unknown.visible(),
                    "{method} {base}{path}"
                );
                cells += 2;
            }
        }
    }
    // At a tenant's own host name neither, which is the tenant's address.
    put_in_tenant(&world, "alder", "hosts", json!(["bi.alder.example"])).await.expect(200);
    for (method, path, route) in routes(&world).await {
        let at = async |name: &'static str, key: String| {
            let headers = [("host", "bi.alder.example".to_owned()), (name, key)];
            ask(&world, method, &path, &headers, body(method, route)).await.visible()
        };
        let unknown = at("x-api-key", "clo_none".to_owned()).await;
        assert_eq!(at("x-api-key", world.operator.clone()).await, unknown, "{method} {path}");
        assert_eq!(at("authorization", format!("Bearer {}", world.operator)).await, unknown, "{method} {path}");
        cells += 2;
    }
    put_in_tenant(&world, "alder", "hosts", json!([])).await.expect(200);
    // What is not in the table is refused to who holds a key in force, and to nobody else.
    for (method, path) in [("GET", "/api/nothing"), ("PATCH", "/api/database"), ("GET", "/api/card")] {
        for key in [&revoked, &expired, &elsewhere, &forged] {
            let reply = ask(&world, method, path, &[("x-api-key", key.clone())], Sent::Nothing).await;
            assert_eq!((reply.status.as_u16(), reply.text()), (401, "Unauthenticated".to_owned()), "{method} {path}");
        }
        ask(&world, method, path, &[("x-api-key", world.operator.clone())], Sent::Nothing).await.expect(403);
    }
    println!("{cells} answers");
    assert!(cells > 900, "{cells}");
    assert_eq!(unversioned(state(&world).await), unversioned(before), "nobody changed anything");
    // Not by logging in either: below a tenant's address, or with a key that is none.
    for (base, key) in [
        ("/t/alder", &world.operator),
        ("/t/nobody", &world.operator),
        ("", &revoked),
        ("", &expired),
        ("", &elsewhere),
    ] {
        let login = Sent::Json(json!({ "username": "a", "password": key }));
        ask(&world, "POST", &format!("{base}/api/session"), &[], login).await.expect(401);
    }
}

/// A key reads with any action, and writes with the one that the same change needs on our own surface.
#[tokio::test]
async fn actions_decide_as_on_our_own_surface() {
    let world = World::new().await;
    let collection =
        world.get(&world.operator, "/v1/library/collections/shop").await.expect(200).json()["number"].to_string();
    let tenant = world.get(&world.operator, "/v1/tenants/alder").await.expect(200).json()["number"].to_string();
    let (number, source) =
        (tenant.clone(), world.get(&world.operator, "/v1/sources/lms").await.expect(200).json()["number"].clone());
    // Which action each change needs. What is refused to everybody needs none.
    let writes = [
        ("POST", "/api/ee/tenant".to_owned(), json!({ "name": "N", "slug": "n" }), "tenants:manage"),
        ("PUT", format!("/api/ee/tenant/{tenant}"), json!({ "name": "N" }), "tenants:manage"),
        ("POST", "/api/database".to_owned(), json!({ "name": "N", "engine": "sqlite" }), "tenants:manage"),
        ("PUT", format!("/api/database/{source}"), json!({ "name": "N" }), "tenants:manage"),
        ("DELETE", format!("/api/database/{source}"), json!({}), "tenants:manage"),
        (
            "POST",
            "/api/ee/database-routing/destination-database".to_owned(),
            json!({ "router_database_id": source, "destinations": [{ "name": "alder", "details": { "db": "own-alder.db" } }] }),
            "tenants:manage",
        ),
        ("PUT", format!("/api/permissions/group/{tenant}"), json!({ "name": "N" }), "tenants:manage"),
        (
            "POST",
            "/api/api-key".to_owned(),
            json!({ "name": "N", "group_id": number.parse::<i32>().unwrap() }),
            "tenants:manage",
        ),
        ("POST", "/api/collection".to_owned(), json!({ "name": "N" }), "library:write"),
        (
            "PUT",
            "/api/collection/graph".to_owned(),
            json!({ "groups": { "1": { collection: "none" } } }),
            "library:write",
        ),
    ];
    let before = state(&world).await;
    for action in ["read", "tenants:manage", "library:write", "operators:manage", "act-as"] {
        let (key, _) = operator_key(&world, json!({ "name": action, "actions": [action] })).await;
        let header = [("x-api-key", key)];
        for (method, path, body, needs) in &writes {
            if *needs == action {
                continue;
            }
            let mut body = body.clone();
            if path.ends_with("/graph") {
                let graph = ask(&world, "GET", path, &header, Sent::Nothing).await.expect(200).json();
                body["revision"] = graph["revision"].clone();
            }
            let reply = ask(&world, method, path, &header, Sent::Json(body)).await.expect(403);
            assert_eq!(reply.text(), "You don't have permissions to do that.", "{method} {path} {action}");
        }
        for (method, path, route) in routes(&world).await {
            let is_refused = route == "/api/api-key";
            if method == "GET" && !is_refused {
                ask(&world, method, &path, &header, Sent::Nothing).await.expect(200);
            }
        }
    }
    assert_eq!(state(&world).await, before);
    // With the action it is done.
    for (method, path, mut body, needs) in writes {
        let (key, _) = operator_key(&world, json!({ "name": needs, "actions": [needs] })).await;
        let header = [("x-api-key", key)];
        if path.ends_with("/graph") {
            let graph = ask(&world, "GET", &path, &header, Sent::Nothing).await.expect(200).json();
            body["revision"] = graph["revision"].clone();
        }
        let reply = ask(&world, method, &path, &header, Sent::Json(body)).await;
        // The one that is in use stays.
        let wanted = if method == "DELETE" { 409 } else { 200 };
        assert_eq!(reply.status, wanted, "{method} {path}: {}", reply.text());
    }
    assert_ne!(state(&world).await, before);
}

/// The addresses of a tenant's route. What is of no kind that has a number here is asked for by one that nothing has.
fn addresses(things: &crate::metabase_api_stage::Things, route: &str) -> Vec<String> {
    let kinds = ["dashboard", "card", "collection", "database", "table", "field"];
    if route.contains("{id}") && !kinds.iter().any(|kind| route.split('/').nth(2) == Some(kind)) {
        return vec![route.replace("{id}", "7")];
    }
    things.paths(route)
}

/// Tenants' routes, asked with an operator's key at the root: the operator's own table answers, or a refusal. Never content.
#[tokio::test]
async fn an_operators_key_reads_no_rows_and_no_content() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let shared = library(world).await;
    let own: Vec<_> = server::metabase_operator_routes();
    let mut refused = 0;
    for (method, route) in server::metabase_key_routes().into_iter().chain(server::metabase_key_writes()) {
        for things in [&keyed.alder, &shared] {
            for path in addresses(things, route) {
                for (name, value) in [
                    ("x-api-key", world.operator.clone()),
                    ("x-metabase-session", world.operator.clone()),
                    ("authorization", format!("Bearer {}", world.operator)),
                ] {
                    let reply = ask(world, method, &path, &[(name, value)], things.body(method, route)).await;
                    let text = reply.text();
                    for content in [
                        "CANARY",
                        "NAMED-alder-card",
                        "NAMED-alder-dashboard",
                        "NAMED-alder-collection",
                        "SELECT",
                        "rows",
                    ] {
                        assert!(!text.contains(content) || text.contains("reads no rows"), "{method} {path}: {text}");
                    }
                    if !own.contains(&(method, route)) {
                        assert_eq!(reply.status, 403, "{method} {path}: {text}");
                        assert!(text.contains("/docs"), "{text}");
                        refused += 1;
                    }
                }
            }
        }
    }
    println!("{refused} refusals");
    assert!(refused > 200, "{refused}");
    for (method, path) in
        [("GET", "/api/nothing"), ("PATCH", "/api/database"), ("DELETE", "/api/collection"), ("GET", "/api/user")]
    {
        ask(world, method, path, &[("x-api-key", world.operator.clone())], Sent::Nothing).await.expect(403);
    }
    // A tenant's own collection is in no operator's list, and by its number it is not there.
    let path = format!("/api/collection/{}", keyed.alder.collection);
    ask(world, "GET", &path, &[("x-api-key", world.operator.clone())], Sent::Nothing).await.expect(404);
    let graph = ask(world, "GET", "/api/collection/graph", &[("x-api-key", world.operator.clone())], Sent::Nothing)
        .await
        .expect(200);
    assert!(!graph.text().contains(&keyed.alder.collection));
}

/// Several headers at once: one of them is the credential, on this table as on the tenants', and the others are nothing.
#[tokio::test]
async fn one_header_is_the_credential() {
    let world = World::new().await;
    let (op, tenant) = (&world.operator, &world.alder.key);
    let bearer = |key: &str| ("authorization", format!("Bearer {key}"));
    for (headers, is_operator) in [
        (vec![("x-api-key", op.clone()), bearer(tenant)], true),
        (vec![("x-api-key", tenant.clone()), bearer(op)], false),
        (vec![("x-api-key", op.clone()), ("x-metabase-session", tenant.clone())], true),
        (vec![("x-metabase-session", tenant.clone()), bearer(op)], false),
        (vec![("x-metabase-session", op.clone()), bearer(tenant)], true),
    ] {
        let me = ask(&world, "GET", "/api/user/current", &headers, Sent::Nothing).await.expect(200).json();
        assert_eq!(me["is_superuser"], is_operator, "{headers:?}");
        let tenants = ask(&world, "GET", "/api/ee/tenant", &headers, Sent::Nothing).await;
        assert_eq!(tenants.status.is_success(), is_operator, "{headers:?}");
    }
    // Embeds and public links are not by key, whatever comes with them.
    for path in ["/api/embed/dashboard/x", "/api/public/dashboard/x", "/api/preview_embed/dashboard/x"] {
        let without = ask(&world, "GET", path, &[], Sent::Nothing).await.visible();
        assert_eq!(ask(&world, "GET", path, &[("x-api-key", op.clone())], Sent::Nothing).await.visible(), without);
    }
}

/// A key for some networks only is held to them on this table too: where a request comes from is not lost on the way to it.
#[tokio::test]
async fn networks_hold_on_a_socket() {
    let world = World::new().await;
    let address = world.listen(Duration::from_secs(5)).await;
    let ask = async |networks: &str| {
        let draft = json!({ "name": "n", "actions": ["read"], "networks": [networks] });
        let (key, _) = operator_key(&world, draft).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET /api/ee/tenant HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = ask("127.0.0.0/8").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("alder"), "{answer}");
    let answer = ask("10.0.0.0/8").await;
    assert!(answer.starts_with("HTTP/1.1 401") && !answer.contains("alder"), "{answer}");
}
