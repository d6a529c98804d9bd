//! Every route by key, by everybody: own, foreign, nobody's; other tenants' keys, revoked ones, suspended tenants' ones; and two
//! worlds that differ in another tenant's rows and tables.

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::world::{ALL_ACTIONS, Birch, suspend};

/// Routes that ask for no key: they say the same to everybody.
fn is_open(method: &str, route: &str) -> bool {
    matches!(
        (method, route),
        ("GET", "/api/health" | "/api/session/properties") | ("POST", "/api/session" | "/api/setup")
    )
}

/// Whether a route names a thing of somebody's.
fn names_a_thing(route: &str) -> bool {
    route.contains("{id}") || route.starts_with("/api/dataset")
}

#[tokio::test]
async fn every_route_is_for_its_tenants_keys_only() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let op = &world.operator;
    world.post(op, "/v1/tenants", &json!({ "slug": "cedar", "name": "Cedar" })).await.expect(201);
    crate::world::fill(&world.folder.path().join("tenants/cedar.db"), "CANARY-CEDAR", 5);
    let everything = json!({ "name": "k", "scopes": [{ "actions": ALL_ACTIONS, "resources": { "all": true } }] });
    let make = async |slug: &str| {
        let made = world.post(op, &format!("/v1/tenants/{slug}/api-keys"), &everything).await.expect(201).json();
        (made["secret"].as_str().unwrap().to_owned(), made["id"].as_str().unwrap().to_owned())
    };
    let (cedar, _) = make("cedar").await;
    suspend(world, "cedar", true).await;
    let (revoked, id) = make("alder").await;
    world.delete(op, &format!("/v1/tenants/alder/api-keys/{id}")).await.expect(204);
    let token = world.token(&world.alder, json!({}));
    let nobody = |text: &str| text.to_owned();
    let mut cells = 0;
    for (method, route) in server::metabase_key_routes() {
        for path in keyed.alder.paths(route) {
            let call = async |base: &str, headers: &[(&'static str, String)]| {
                ask(world, method, &format!("{base}{path}"), headers, keyed.alder.body(method, route)).await
            };
            if is_open(method, route) {
                let one = call("", &[]).await.visible();
                for base in ["/t/alder", "/t/birch", "/t/cedar", "/t/nobody"] {
                    for headers in [vec![], key(&world.alder), key(&world.birch)] {
                        assert_eq!(call(base, &headers).await.visible(), one, "{method} {base}{path}");
                        cells += 1;
                    }
                }
                continue;
            }
            // Its tenant's key works at the root and at the tenant's own address, in each of its headers, and says the same.
            let own = call("", &key(&world.alder)).await;
            assert!(own.status.is_success() || own.status == 501, "{method} {path}: {} {}", own.status, own.text());
            for base in ["", "/t/alder"] {
                for header in [
                    ("x-metabase-session", nobody(&world.alder.key)),
                    ("authorization", format!("Bearer {}", world.alder.key)),
                ] {
                    assert_eq!(call(base, &[header]).await.visible(), own.visible(), "{method} {base}{path}");
                }
            }
            // Everybody else is nobody.
            let unknown = call("", &[("x-api-key", nobody("clo_none"))]).await;
            assert_eq!((unknown.status.as_u16(), unknown.text().as_str()), (401, "Unauthenticated"), "{method} {path}");
            for (base, headers) in [
                ("", vec![]),
                ("/t/alder", vec![]),
                ("/t/nobody", vec![]),
                ("/t/birch", key(&world.alder)),
                ("/t/Alder", key(&world.alder)),
                ("/t/alder%20", key(&world.alder)),
                ("/t/nobody", key(&world.alder)),
                ("/t/cedar", key(&world.alder)),
                ("/t/alder", key(&world.birch)),
                ("/t/cedar", vec![("x-api-key", cedar.clone())]),
                ("", vec![("x-api-key", cedar.clone())]),
                ("", vec![("x-api-key", revoked.clone())]),
                ("", vec![("x-metabase-session", revoked.clone())]),
                ("/t/alder", vec![("x-api-key", op.clone())]),
                ("/t/alder", vec![("authorization", format!("Bearer {op}"))]),
                ("", vec![("x-api-key", token.clone())]),
                ("", vec![("x-api-key", world.alder.embed_secret.clone())]),
                ("", vec![("cookie", format!("metabase.SESSION={}", world.alder.key))]),
                ("/t/alder", vec![("cookie", format!("metabase.SESSION={0}; metabase.DEVICE={0}", world.alder.key))]),
            ] {
                let reply = call(base, &headers).await;
                assert_eq!(reply.visible(), unknown.visible(), "{method} {base}{path} {}", headers.len());
                cells += 1;
            }
        }
    }
    assert!(cells > 900, "{cells} cells");
    println!("{cells} answers to those who are nobody here");
    // What an operator's key is answered at the root has tests of its own.
    world.was_said("CANARY-ALDER");
    world.never_said("CANARY-BIRCH");
    world.never_said("CANARY-CEDAR");
}

/// What is another tenant's, and what is nothing at all: the same bytes, from every route, for numbers and entity ids.
#[tokio::test]
async fn foreign_is_missing() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let (theirs, nothing, shared) = (&keyed.birch, Things::nothing(), library(world).await);
    let unpublished = world.get(&world.operator, "/v1/library/cards/secret").await.expect(200).json();
    // Things that are there and not alder's; alder's own in places where they are not; the library's card that nobody published.
    let mixed = [
        theirs.clone(),
        Things { card: unpublished["number"].to_string(), ..theirs.clone() },
        Things { card: theirs.dashboard.clone(), dashboard: theirs.card.clone(), ..nothing.clone() },
    ];
    let mut compared = 0;
    for (method, route) in server::metabase_key_routes().into_iter().filter(|(_, route)| names_a_thing(route)) {
        let absent = nothing.paths(route);
        for things in &mixed {
            for (path, absent) in things.paths(route).iter().zip(&absent) {
                for base in ["", "/t/alder"] {
                    let ask = async |path: &str, things: &Things| {
                        let path = format!("{base}{path}");
                        ask(world, method, &path, &key(&world.alder), things.body(method, route)).await
                    };
                    let (foreign, missing) = (ask(path, things).await, ask(absent, &nothing).await);
                    assert_eq!(foreign.visible(), missing.visible(), "{method} {path}: {}", foreign.text());
                    assert!(!foreign.text().contains("NAMED-birch") && !foreign.text().contains("Unpublished"));
                    let is_told = route == "/api/dataset/query_metadata" || route == "/api/dataset/pivot";
                    assert!(
                        is_told || (missing.status == 404 && missing.text() == "Not found."),
                        "{method} {path}: {}",
                        missing.text()
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 200, "{compared}");
    // Places and cards that do not belong together.
    let own = &keyed.alder;
    for (dashboard, dashcard, card) in [
        (&shared.dashboard, &shared.dashcard, &theirs.card),
        (&shared.dashboard, &theirs.dashcard, &shared.card),
        (&shared.dashboard, &own.dashcard, &own.card),
        (&theirs.dashboard, &shared.dashcard, &shared.card),
        (&theirs.dashboard, &own.dashcard, &own.card),
        (&own.dashboard, &own.dashcard, &own.dashcard),
    ] {
        let path = format!("/api/dashboard/{dashboard}/dashcard/{dashcard}/card/{card}/query");
        for path in [path.clone(), format!("{path}/csv")] {
            ask(world, "POST", &path, &key(&world.alder), Sent::Nothing).await.expect(404);
        }
    }
    world.never_said("CANARY-BIRCH");
    // They are there for their own.
    for (method, route) in server::metabase_key_routes().into_iter().filter(|(_, route)| names_a_thing(route)) {
        for path in theirs.paths(route) {
            let reply = ask(world, method, &path, &key(&world.birch), theirs.body(method, route)).await;
            assert!(reply.status.is_success() || reply.status == 501, "{method} {path}: {}", reply.text());
        }
    }
    world.was_said("NAMED-birch-key");
    world.was_said("NAMED-birch-dashboard");
    world.was_said("CANARY-BIRCH");
}

#[tokio::test]
async fn two_worlds_agree_on_every_route() {
    let (full, empty) = (Keyed::with(Birch::Full).await, Keyed::with(Birch::Empty).await);
    // Birch's tables differ too: what alder is told of tables is alder's.
    for file in ["birch.db", "only-birch.db"] {
        let file = rusqlite::Connection::open(full.world.folder.path().join("tenants").join(file)).unwrap();
        file.execute_batch("CREATE TABLE zz_birch_only (zz_column TEXT)").unwrap();
    }
    let shared = library(&full.world).await;
    let mut seen = 0;
    for (method, route) in server::metabase_key_routes() {
        for things in [&full.alder, &shared, &full.birch] {
            for path in things.paths(route) {
                let mark = if path.contains('?') { '&' } else { '?' };
                for given in ["", "city=Lyon&q=a", "include=tables.fields&models=card&limit=2", "f=mine"] {
                    for base in ["", "/t/alder", "/t/birch"] {
                        let path = format!("{base}{path}{mark}{given}");
                        let ask = async |keyed: &Keyed| {
                            let world = &keyed.world;
                            ask(world, method, &path, &key(&world.alder), things.body(method, route)).await.visible()
                        };
                        assert_eq!(ask(&full).await, ask(&empty).await, "{method} {path}");
                        seen += 1;
                    }
                }
            }
        }
    }
    println!("{seen} requests in two worlds");
    assert!(seen > 1500, "{seen}");
    full.world.was_said("CANARY-ALDER");
    full.world.never_said("CANARY-BIRCH");
    full.world.never_said("zz_");
    // The worlds do differ, for those who may see it.
    let rows = async |keyed: &Keyed| {
        let path = format!("/api/card/{}/query", keyed.birch.card);
        ask(&keyed.world, "POST", &path, &key(&keyed.world.birch), Sent::Nothing).await.expect(202).json()["row_count"]
            .clone()
    };
    assert_eq!((rows(&full).await, rows(&empty).await), (json!(7), json!(0)));
    let path = format!("/api/database/{}/metadata", full.birch.database);
    let theirs = ask(&full.world, "GET", &path, &key(&full.world.birch), Sent::Nothing).await.expect(200).text();
    // Read once for the proof, before the table was made; a new look finds it.
    assert!(!theirs.contains("zz_birch_only"));
    let look = "/v1/tenants/birch/placements/only-birch/check";
    full.world.post(&full.world.operator, look, &json!({})).await.expect(200);
    let theirs = ask(&full.world, "GET", &path, &key(&full.world.birch), Sent::Nothing).await.expect(200).text();
    assert!(theirs.contains("zz_birch_only"), "{theirs}");
}

/// What each scope opens: the same as on our own surface.
#[tokio::test]
async fn scopes_decide_as_on_our_own_surface() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let things = library(world).await;
    let make = async |actions: &[&str], resources: Value| {
        let draft = json!({ "name": "k", "scopes": [{ "actions": actions, "resources": resources }] });
        let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
        made["secret"].as_str().unwrap().to_owned()
    };
    let Things { dashboard, dashcard, card, collection, database, table, field, .. } = &things;
    let dashcard = format!("/api/dashboard/{dashboard}/dashcard/{dashcard}/card/{card}/query");
    // A route of this surface, the one of ours that it translates to, and the status of this one where that one is 200.
    let pairs = [
        ("GET", format!("/api/dashboard/{dashboard}"), "GET", "/v1/dashboards/overview", 200),
        (
            "GET",
            format!("/api/dashboard/{dashboard}/params/city/values"),
            "GET",
            "/v1/dashboards/overview/parameters/city/values",
            200,
        ),
        ("POST", dashcard.clone(), "POST", "/v1/dashboards/overview/items/orders/rows", 202),
        ("POST", format!("{dashcard}/csv"), "POST", "/v1/dashboards/overview/items/orders/export/csv", 200),
        (
            "POST",
            dashcard.replace("/api/dashboard/", "/api/dashboard/pivot/"),
            "POST",
            "/v1/dashboards/overview/items/orders/rows",
            501,
        ),
        ("GET", format!("/api/card/{card}"), "GET", "/v1/cards/orders", 200),
        ("POST", format!("/api/card/{card}/query"), "POST", "/v1/cards/orders/rows", 202),
        ("POST", format!("/api/card/{card}/query/json"), "POST", "/v1/cards/orders/export/json", 200),
        ("POST", format!("/api/card/pivot/{card}/query"), "POST", "/v1/cards/orders/rows", 501),
        ("GET", "/api/database".to_owned(), "GET", "/v1/sql/sources", 200),
        ("POST", "/api/dataset".to_owned(), "POST", "/v1/sql/rows", 202),
    ];
    let question = json!({ "source": "lms", "sql": "SELECT 1 AS one" });
    let mut forbidden = 0;
    let mut cells = 0;
    let everything = || json!({ "all": true });
    let mut keys = Vec::new();
    for action in ALL_ACTIONS {
        keys.push(make(&[action], everything()).await);
        for resources in [
            json!({ "dashboards": ["overview"] }),
            json!({ "collections": ["shop"] }),
            json!({ "cards": ["orders"] }),
            json!({ "sources": ["lms"] }),
        ] {
            keys.push(make(&[action], resources.clone()).await);
            keys.push(make(&["dashboards:read", action], resources).await);
        }
    }
    keys.push(make(&ALL_ACTIONS, everything()).await);
    for secret in &keys {
        let header = [("x-api-key", secret.clone())];
        for (method, path, native_method, native, status) in &pairs {
            let sent = if path == "/api/dataset" {
                Sent::Json(things.question())
            } else if *method == "POST" {
                Sent::Json(json!({}))
            } else {
                Sent::Nothing
            };
            let here = ask(world, method, path, &header, sent).await.status.as_u16();
            let body = if *native == "/v1/sql/rows" { question.clone() } else { json!({}) };
            let there = match *native_method {
                "GET" => world.get(secret, native).await,
                _ => world.post(secret, native, &body).await,
            };
            let there = there.status.as_u16();
            assert_eq!(here, if there == 200 { *status } else { there }, "{method} {path} beside {native}");
            forbidden += usize::from(here == 403);
            cells += 1;
        }
    }
    println!("{cells} pairs of answers, {forbidden} of them forbidden");
    assert!(forbidden > 50, "{forbidden} of {cells}");
    // Lists hold what the key sees, and what a key may not question is not there for it.
    let narrow = make(&["dashboards:read", "sql:run"], json!({ "sources": ["only-alder"] })).await;
    let header = [("x-api-key", narrow)];
    let get = async |path: String| ask(world, "GET", &path, &header, Sent::Nothing).await;
    let listed = get("/api/database".to_owned()).await.expect(200).json();
    assert_eq!((&listed["total"], listed["data"][0]["id"].to_string()), (&json!(1), keyed.alder.database.clone()));
    for path in [
        format!("/api/database/{database}"),
        format!("/api/table/{table}"),
        format!("/api/field/{field}"),
        format!("/api/collection/{collection}"),
        format!("/api/dashboard/{dashboard}"),
    ] {
        get(path.clone()).await.expect(404);
    }
    let cards = get("/api/card".to_owned()).await.expect(200).json();
    assert_eq!((cards.as_array().unwrap().len(), cards[0]["id"].to_string()), (1, keyed.alder.card.clone()));
    let found = get("/api/search?q=".to_owned()).await.expect(200).json();
    assert_eq!(found["total"], 1);
    // What a reader is told of databases is a number.
    let reader = make(&["dashboards:read"], everything()).await;
    let header = [("x-api-key", reader)];
    for path in ["/api/database", "/api/table", "/api/database/1", "/api/table/1", "/api/field/1"] {
        assert_eq!(
            ask(world, "GET", path, &header, Sent::Nothing).await.expect(403).text(),
            "You don't have permissions to do that."
        );
    }
    let metadata =
        ask(world, "GET", &format!("/api/card/{card}/query_metadata"), &header, Sent::Nothing).await.expect(200).json();
    assert_eq!(metadata["databases"], json!([]));
}

/// Rules about viewers: a key is none, and its answers are those of our own surface (ADR 8).
#[tokio::test]
async fn a_key_is_no_viewer() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let mut source = world.get(&world.operator, "/v1/sources/only-alder").await.expect(200).json();
    for kept in ["id", "number", "version", "created_at", "updated_at"] {
        source.as_object_mut().unwrap().remove(kept);
    }
    source["tables"] = json!({ "orders": { "viewers": [{ "column": "city", "attribute": "city" }],
        "masks": { "note": { "mask": "null", "unless": { "role": ["manager"] } } } } });
    world.put(&world.operator, "/v1/sources/only-alder", &source).await.expect(200);
    let native = world.post(&world.alder.key, "/v1/cards/own/rows", &json!({})).await.expect(200).json();
    let path = format!("/api/card/{}/query", keyed.alder.card);
    let here = ask(world, "POST", &path, &key(&world.alder), Sent::Nothing).await.expect(202).json();
    assert_eq!((&here["data"]["rows"], &here["row_count"]), (&native["rows"], &native["row_count"]));
    // Declared tables are what there is.
    let path = format!("/api/database/{}/metadata", keyed.alder.database);
    let tables = ask(world, "GET", &path, &key(&world.alder), Sent::Nothing).await.expect(200).json();
    assert_eq!((tables["tables"].as_array().unwrap().len(), &tables["tables"][0]["name"]), (1, &json!("orders")));
}
