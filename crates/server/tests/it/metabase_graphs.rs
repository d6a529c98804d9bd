//! The graphs of permissions and of collections: what the scopes of keys say, in clients' words; and what a client may not change there.

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::world::{Birch, Reply, World};

const GRAPHS: [&str; 2] = ["/api/permissions/graph", "/api/collection/graph"];

async fn get(world: &World, path: &str) -> Value {
    ask(world, "GET", path, &key(&world.alder), Sent::Nothing).await.expect(200).json()
}

async fn put(world: &World, path: &str, body: Value) -> Reply {
    ask(world, "PUT", path, &key(&world.alder), Sent::Json(body)).await
}

/// A data source on which alder's own SQL does not run.
async fn shared_tables(world: &World) -> String {
    let file = rusqlite::Connection::open(world.folder.path().join("tenants/shared.db")).unwrap();
    file.execute_batch("CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL)").unwrap();
    let source = json!({ "slug": "shared", "name": "Shared", "engine": "sqlite",
        "template": { "level": "guarded-rows", "file": "shared.db", "row_key": "{slug}" },
        "tables": { "orders": { "tenant": { "column": "tenant" } } } });
    world.post(&world.operator, "/v1/sources", &source).await.expect(201).json()["number"].to_string()
}

async fn make(world: &World, name: &str, scopes: Value) -> Vec<(&'static str, String)> {
    let draft = json!({ "name": name, "scopes": scopes });
    let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    vec![("x-api-key", made["secret"].as_str().unwrap().to_owned())]
}

#[tokio::test]
async fn permissions_are_what_scopes_let_do_with_databases() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let shared = shared_tables(world).await;
    make(world, "author", json!([{ "actions": ["sql:run", "cards:run"], "resources": { "all": true } }])).await;
    let scopes =
        json!([{ "actions": ["sql:run", "cards:run", "results:export"], "resources": { "sources": ["only-alder"] } }]);
    let of_source = make(world, "source", scopes).await;
    let of_source = ask(world, "GET", "/api/user/current", &of_source, Sent::Nothing).await.expect(200).json();
    let graph = get(world, GRAPHS[0]).await;
    let cell = |view: &str, create: &str, download: &str| json!({ "view-data": view, "create-queries": create, "download": { "schemas": download } });
    let (sql, files) = ("query-builder-and-native", "full");
    let narrow = of_source["group_ids"][0].to_string();
    for (group, database, wanted) in [
        ("1", &own.database, cell("unrestricted", "no", files)),
        ("1", &shared, cell("unrestricted", "no", files)),
        ("2", &own.database, cell("unrestricted", sql, files)),
        ("2", &shared, cell("unrestricted", "no", files)),
        ("1010", &own.database, cell("unrestricted", sql, "none")),
        (&narrow, &own.database, cell("unrestricted", sql, files)),
        (&narrow, &shared, cell("blocked", "no", "none")),
        (&own.group, &own.database, cell("blocked", "no", "none")),
    ] {
        assert_eq!(graph["groups"][group][database], wanted, "{group} {database}");
    }
    // The groups and the databases are those of the lists.
    let ids = |list: &Value| {
        let mut ids: Vec<String> = list.as_array().unwrap().iter().map(|one| one["id"].to_string()).collect();
        ids.sort();
        ids
    };
    let keys = |map: &Value| map.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&graph["groups"]), ids(&get(world, "/api/permissions/group").await));
    assert_eq!(keys(&graph["groups"]["1"]), ids(&get(world, "/api/database").await["data"]));
    // Parts of it, under the revision of the whole.
    let part = get(world, "/api/permissions/graph/group/1010").await;
    assert_eq!(part, json!({ "revision": graph["revision"], "groups": { "1010": graph["groups"]["1010"] } }));
    let part = get(world, &format!("/api/permissions/graph/db/{shared}")).await;
    assert_eq!(part["groups"]["2"], json!({ &shared: graph["groups"]["2"][&shared] }));
    assert_eq!(part["groups"].as_object().unwrap().len(), graph["groups"].as_object().unwrap().len());
    // A key that may question nothing hears of no database, and gets its graph.
    let keeper = make(world, "keeper", json!([{ "actions": ["keys:manage"], "resources": { "all": true } }])).await;
    let none = ask(world, "GET", GRAPHS[0], &keeper, Sent::Nothing).await.expect(200).json();
    assert_eq!((&none["groups"]["1"], &none["groups"]["2"]), (&json!({}), &json!({})));
    ask(world, "GET", &format!("/api/permissions/graph/db/{shared}"), &keeper, Sent::Nothing).await.expect(404);
}

#[tokio::test]
async fn collections_are_what_scopes_let_do_with_them() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let published = library(world).await.collection;
    let below = json!({ "slug": "below", "name": "Below", "collection": "own" });
    let below =
        world.post(&world.alder.key, "/v1/content/collections", &below).await.expect(201).json()["number"].to_string();
    make(world, "writer", json!([{ "actions": ["content:write", "dashboards:read"], "resources": { "all": true } }]))
        .await;
    make(world, "blind", json!([{ "actions": ["content:write"], "resources": { "all": true } }])).await;
    let scopes = json!([{ "actions": ["dashboards:read", "content:write"], "resources": { "collections": ["own"] } }]);
    let narrow = make(world, "narrow", scopes).await;
    let narrow = ask(world, "GET", "/api/user/current", &narrow, Sent::Nothing).await.expect(200).json();
    let narrow = narrow["group_ids"][0].to_string();
    let graph = get(world, GRAPHS[1]).await;
    let things = ["root", own.collection.as_str(), below.as_str(), published.as_str()];
    for (group, words) in [
        ("1", ["read", "read", "read", "read"]),
        ("2", ["write", "write", "write", "read"]),
        ("1017", ["write", "write", "write", "read"]),
        ("1016", ["none", "none", "none", "none"]),
        (&narrow, ["none", "read", "read", "none"]),
        (&own.group, ["none", "none", "none", "none"]),
    ] {
        let cells = &graph["groups"][group];
        assert_eq!(cells.as_object().unwrap().len(), 4);
        for (thing, word) in things.iter().zip(words) {
            assert_eq!(cells[*thing], word, "{group} {thing}");
        }
    }
    // What it says is so.
    let key = make(world, "w", json!([{ "actions": ["content:write"], "resources": { "all": true } }])).await;
    ask(world, "PUT", &format!("/api/collection/{}", own.collection), &key, Sent::Json(json!({ "name": "x" })))
        .await
        .expect(404);
}

/// What is sent is compared: nothing is pretended, and nothing is half done.
#[tokio::test]
async fn a_graph_is_compared_and_never_written() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    for path in GRAPHS {
        let graph = get(world, path).await;
        assert_eq!(put(world, path, graph.clone()).await.expect(200).json(), graph);
        let part = |groups: Value| json!({ "revision": graph["revision"], "groups": groups });
        assert_eq!(put(world, path, part(json!({}))).await.expect(200).json(), graph);
        let thing = if path == GRAPHS[0] { &own.database } else { &own.collection };
        let same = graph["groups"]["2"][thing].clone();
        assert_eq!(put(world, path, part(json!({ "2": { thing: same } }))).await.expect(200).json(), graph);
        // Another revision is a conflict, before anything else is looked at.
        let mut other = graph.clone();
        other["revision"] = json!(graph["revision"].as_i64().unwrap() ^ 1);
        other["groups"]["2"][thing] = json!("none");
        let conflict = put(world, path, other).await.expect(409);
        assert_eq!(conflict.text(), "It was changed since it was read. Read it again.");
        for body in [json!({}), json!({ "groups": {} }), json!({ "revision": null, "groups": {} })] {
            let refused = put(world, path, body).await.expect(400).json();
            assert!(refused["errors"]["revision"].is_string(), "{refused}");
        }
        for (sent, field) in [
            (json!({ "1": { thing: "none" } }), format!("groups.1.{thing}")),
            (json!({ "1": { thing: null } }), format!("groups.1.{thing}")),
            (json!({ "2": { "7": "read" } }), "groups.2".to_owned()),
            (json!({ "7": {} }), "groups".to_owned()),
        ] {
            let refused = put(world, path, part(sent)).await.expect(400).json();
            assert!(refused["errors"][&field].is_string(), "{field}: {refused}");
        }
        // A key that is made or ended in between is another graph.
        let made = json!({ "name": "made", "group_id": 1001 });
        let made = ask(world, "POST", "/api/api-key", &key(&world.alder), Sent::Json(made)).await.expect(200).json();
        put(world, path, graph.clone()).await.expect(409);
        let end = format!("/api/api-key/{}", made["id"]);
        ask(world, "DELETE", &end, &key(&world.alder), Sent::Nothing).await.expect(204);
        put(world, path, graph).await.expect(200);
    }
    // The cure is in the answer, and names the cell.
    let graph = get(world, GRAPHS[0]).await;
    let cell = |cell: Value| json!({ "revision": graph["revision"], "groups": { "1": { &own.database: cell } } });
    for (sent, field, says) in [
        (json!({ "create-queries": "query-builder" }), "create-queries", "is \"no\" and is not set here"),
        (json!({ "download": { "schemas": "none" } }), "download.schemas", "is \"full\""),
        (json!({ "view-data": "blocked" }), "view-data", "POST /api/api-key"),
    ] {
        let refused = put(world, GRAPHS[0], cell(sent)).await.expect(400).json();
        let field = format!("groups.1.{}.{field}", own.database);
        let said = refused["errors"][&field].as_str().unwrap_or_else(|| panic!("{field}: {refused}")).to_owned();
        assert!(said.to_lowercase().contains(&says.to_lowercase()), "{said}");
    }
    let refused = put(world, GRAPHS[0], cell(json!({ "details": "yes" }))).await.expect(400).text();
    assert!(refused.contains("is not told here") && !refused.contains("details\":\"yes"), "{refused}");
    let sandboxes = json!({ "revision": graph["revision"], "groups": {}, "sandboxes": [{ "group_id": 1 }] });
    assert!(put(world, GRAPHS[0], sandboxes).await.expect(400).json()["errors"]["sandboxes"].is_string());
    let log = world.get(&world.alder.key, "/v1/audit?limit=1").await.expect(200).json();
    assert_eq!(log["data"][0]["action"], "api_key.revoke", "comparing changes nothing");
}

/// Another tenant's groups, databases and collections are things that there are none of, and nothing of another tenant moves a revision.
#[tokio::test]
async fn foreign_is_missing_in_graphs() {
    let keyed = Keyed::new().await;
    let (world, theirs, nothing) = (&keyed.world, &keyed.birch, Things::nothing());
    let before = [get(world, GRAPHS[0]).await, get(world, GRAPHS[1]).await];
    for (path, before) in GRAPHS.into_iter().zip(&before) {
        for told in [&theirs.group, &theirs.database, &theirs.collection] {
            assert!(!before.to_string().contains(&format!("\"{told}\"")), "{path}");
        }
        let sent = |groups: Value| json!({ "revision": before["revision"], "groups": groups });
        for of in [
            |things: &Things| json!({ &things.group: {} }),
            |things: &Things| json!({ "1": { &things.database: {} } }),
            |things: &Things| json!({ "1": { &things.collection: "read" } }),
        ] {
            let (foreign, missing) =
                (put(world, path, sent(of(theirs))).await, put(world, path, sent(of(&nothing))).await);
            assert_eq!(foreign.visible(), missing.visible(), "{path}");
            assert_eq!(missing.status, 400);
        }
    }
    // Birch makes keys, collections and databases.
    let birch = |body: Value| Sent::Json(body);
    let made = json!({ "name": "made", "group_id": 1009 });
    ask(world, "POST", "/api/api-key", &key(&world.birch), birch(made)).await.expect(200);
    ask(world, "POST", "/api/collection", &key(&world.birch), birch(json!({ "name": "made" }))).await.expect(200);
    assert_eq!([get(world, GRAPHS[0]).await, get(world, GRAPHS[1]).await], before);
    // Entity ids: somebody else's, another kind's and nobody's are one answer, but for what was asked.
    let translate = async |name: &str| {
        let body = json!({ "entity_ids": { "dashboard": [name] } });
        let path = "/api/eid-translation/translate";
        let reply = ask(world, "POST", path, &key(&world.alder), Sent::Json(body)).await.expect(200);
        reply.text().replace(name, "…")
    };
    let card = get(world, &format!("/api/card/{}", keyed.alder.card)).await;
    let missing = translate(&nothing.entity).await;
    assert_eq!(missing, r#"{"entity_ids":{"…":{"type":"dashboard","status":"not-found"}}}"#);
    for name in [
        theirs.entity.as_str(),
        card["entity_id"].as_str().unwrap(),
        keyed.birch.dashboard.as_str(),
        &keyed.alder.dashboard,
    ] {
        assert_eq!(translate(name).await, missing, "{name}");
    }
    let own =
        format!(r#"{{"entity_ids":{{"…":{{"id":{},"type":"dashboard","status":"ok"}}}}}}"#, keyed.alder.dashboard);
    assert_eq!(translate(&keyed.alder.entity).await, own);
    world.was_said("NAMED-birch-key");
}

#[tokio::test]
async fn small_questions_have_their_answers() {
    let keyed = Keyed::with(Birch::Full).await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let shared = library(world).await;
    let shown = get(world, &format!("/api/card/{}/dashboards", own.card)).await;
    assert_eq!((shown.as_array().unwrap().len(), shown[0]["id"].to_string()), (1, own.dashboard.clone()));
    assert_eq!(
        get(world, &format!("/api/card/{}/dashboards", shared.card)).await[0]["id"].to_string(),
        shared.dashboard
    );
    // A key that sees the card and not the dashboard.
    let of_card =
        make(world, "card", json!([{ "actions": ["dashboards:read"], "resources": { "cards": ["own"] } }])).await;
    let path = format!("/api/card/{}/dashboards", own.card);
    assert_eq!(ask(world, "GET", &path, &of_card, Sent::Nothing).await.expect(200).json(), json!([]));
    // What is open to guests.
    for (kind, number, name) in
        [("card", &own.card, "NAMED-alder-card"), ("dashboard", &own.dashboard, "NAMED-alder-dashboard")]
    {
        let open = format!("/api/{kind}/embeddable");
        assert_eq!(get(world, &open).await, json!([]));
        put(world, &format!("/api/{kind}/{number}"), json!({ "enable_embedding": true })).await.expect(200);
        assert_eq!(get(world, &open).await, json!([{ "id": number.parse::<i64>().unwrap(), "name": name }]));
        let theirs = ask(world, "GET", &open, &key(&world.birch), Sent::Nothing).await.expect(200).json();
        assert_eq!(theirs, json!([]));
    }
    // A database that answers and one that is away, in our words.
    let path = format!("/api/database/{}/healthcheck", own.database);
    assert_eq!(get(world, &path).await, json!({ "status": "ok" }));
    std::fs::remove_file(world.folder.path().join("tenants/only-alder.db")).unwrap();
    let away = "The data source is away at the moment. Other pages are not affected.";
    assert_eq!(get(world, &path).await, json!({ "status": "error", "message": away }));
    let reader = make(world, "reader", json!([{ "actions": ["cards:run"], "resources": { "all": true } }])).await;
    ask(world, "GET", &path, &reader, Sent::Nothing).await.expect(403);
    // Setting up: said to everybody, whatever is sent.
    let setup = json!({ "token": "x", "user": { "email": "a@b.example", "password": "x" }, "database": null });
    for base in ["", "/t/alder", "/t/nobody"] {
        let refused =
            ask(world, "POST", &format!("{base}/api/setup"), &[], Sent::Json(setup.clone())).await.expect(403);
        assert!(refused.text().contains("cloison operator create"));
    }
    let token = async || get(world, "/api/util/random_token").await["token"].as_str().unwrap().to_owned();
    let (one, other) = (token().await, token().await);
    assert!(one != other && one.len() == 64 && one.bytes().all(|b| b.is_ascii_hexdigit()));
    // Entity ids of each kind.
    let entity =
        async |kind: &str, number: &str| get(world, &format!("/api/{kind}/{number}")).await["entity_id"].clone();
    let kinds = [("card", &own.card), ("dashboard", &own.dashboard), ("collection", &own.collection)];
    for (kind, number) in kinds {
        let name = entity(kind, number).await;
        let body = json!({ "entity_ids": { kind: [name], "snippet": [&shared.entity] } });
        let reply = ask(world, "POST", "/api/eid-translation/translate", &key(&world.alder), Sent::Json(body)).await;
        let told = reply.expect(200).json();
        let own = &told["entity_ids"][name.as_str().unwrap()];
        assert_eq!((own["id"].to_string(), &own["type"], &own["status"]), (number.clone(), &json!(kind), &json!("ok")));
        assert_eq!(told["entity_ids"][&shared.entity], json!({ "type": "snippet", "status": "not-found" }));
    }
    let many = json!({ "entity_ids": { "card": vec!["x"; 500], "dashboard": vec!["x"; 501] } });
    for body in [json!({}), json!({ "entity_ids": ["x"] }), json!({ "entity_ids": { "card": "x" } }), many] {
        ask(world, "POST", "/api/eid-translation/translate", &key(&world.alder), Sent::Json(body)).await.expect(400);
    }
}
