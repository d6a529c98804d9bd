//! Graphs by an operator's key: cells are publications and places, and a cell that cannot hold changes nothing.

use serde_json::{Value, json};

use crate::metabase_operator::Script;
use crate::world::World;

/// A library with a collection in another, and the numbers of everything.
struct Stage {
    world: World,
    outer: String,
    inner: String,
    shop: String,
    alder: String,
    birch: String,
}

impl Stage {
    async fn new() -> Self {
        let world = World::new().await;
        let op = &world.operator;
        let number = |made: &Value| made["number"].to_string();
        let outer = json!({ "slug": "outer", "name": "Outer" });
        let outer = number(&world.post(op, "/v1/library/collections", &outer).await.expect(201).json());
        let inner = json!({ "slug": "inner", "name": "Inner", "collection": "outer" });
        let inner = number(&world.post(op, "/v1/library/collections", &inner).await.expect(201).json());
        let shop = number(&world.get(op, "/v1/library/collections/shop").await.expect(200).json());
        let alder = number(&world.get(op, "/v1/tenants/alder").await.expect(200).json());
        let birch = number(&world.get(op, "/v1/tenants/birch").await.expect(200).json());
        Self { world, outer, inner, shop, alder, birch }
    }

    fn script(&self) -> Script<'_> {
        Script::new(&self.world)
    }

    async fn graph(&self) -> Value {
        self.script().get("/api/collection/graph").await
    }

    /// Says some cells of the graph as it is now.
    async fn say(&self, groups: Value) -> Value {
        let revision = self.graph().await["revision"].clone();
        self.script().put("/api/collection/graph", json!({ "revision": revision, "groups": groups })).await
    }

    async fn refused(&self, groups: Value) -> String {
        let before = (self.graph().await, self.publications().await);
        let body = json!({ "revision": before.0["revision"], "groups": groups });
        let refusal = self.script().refused("PUT", "/api/collection/graph", body).await;
        assert_eq!((self.graph().await, self.publications().await), before, "nothing was changed");
        refusal
    }

    async fn publications(&self) -> Vec<Value> {
        let list = self.world.get(&self.world.operator, "/v1/publications").await.expect(200).json();
        list["data"].as_array().unwrap().clone()
    }

    /// What a tenant sees, by its own key.
    async fn sees(&self, key: &str) -> String {
        let headers = [("x-api-key", key.to_owned())];
        let list = crate::metabase_api_stage::ask(
            &self.world,
            "GET",
            "/api/collection",
            &headers,
            crate::metabase_api_stage::Sent::Nothing,
        );
        let list = list.await.expect(200).json();
        list.as_array().unwrap().iter().skip(1).map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>().join(",")
    }
}

#[tokio::test]
async fn cells_are_publications() {
    let stage = Stage::new().await;
    let Stage { world, outer, inner, shop, alder, birch } = &stage;
    let graph = stage.graph().await;
    let row = |root: &str, shop_cell: &str, other: &str| json!({ "root": root, shop.as_str(): shop_cell, outer.as_str(): other, inner.as_str(): other });
    let wanted = json!({ "1": row("none", "read", "none"), "2": row("write", "write", "write"),
        alder.as_str(): row("none", "none", "none"), birch.as_str(): row("none", "none", "none") });
    assert_eq!(graph["groups"], wanted);
    assert_eq!(stage.sees(&world.alder.key).await, "Shop");
    // The whole graph sent back changes nothing.
    let before = stage.publications().await;
    assert_eq!(stage.say(graph["groups"].clone()).await, graph);
    assert_eq!(stage.publications().await, before);
    // To two tenants, and taken from one of them: the publication stays, for the other.
    let read = json!({ inner.as_str(): "read" });
    let after = stage.say(json!({ alder.as_str(): read, birch.as_str(): read })).await;
    assert_eq!((&after["groups"][alder][inner], &after["groups"][alder][outer]), (&json!("read"), &json!("none")));
    assert_ne!(after["revision"], graph["revision"]);
    assert_eq!(
        (stage.sees(&world.alder.key).await, stage.sees(&world.birch.key).await),
        ("Inner,Shop".into(), "Inner,Shop".into())
    );
    let made: Vec<Value> = stage.publications().await.into_iter().filter(|own| !before.contains(own)).collect();
    assert_eq!(made.len(), 1);
    stage.say(json!({ alder.as_str(): { inner.as_str(): "none" } })).await;
    assert_eq!(
        (stage.sees(&world.alder.key).await, stage.sees(&world.birch.key).await),
        ("Shop".into(), "Inner,Shop".into())
    );
    let left: Vec<Value> = stage.publications().await.into_iter().filter(|own| own["id"] == made[0]["id"]).collect();
    assert_eq!(left[0]["audience"]["tenants"], json!([world.birch.id]));
    stage.say(json!({ birch.as_str(): { inner.as_str(): "none" } })).await;
    assert_eq!(stage.publications().await, before);
    // Everybody, those to come included; the tenants' own cells are about what is given to them.
    let after = stage.say(json!({ "1": { outer.as_str(): "read", inner.as_str(): "read" } })).await;
    assert_eq!((&after["groups"]["1"][outer], &after["groups"][alder][outer]), (&json!("read"), &json!("none")));
    assert_eq!(stage.sees(&world.alder.key).await, "Inner,Outer,Shop");
    stage.say(json!({ "1": { outer.as_str(): "none", inner.as_str(): "none", shop.as_str(): "none" } })).await;
    assert_eq!(
        (stage.sees(&world.alder.key).await, stage.sees(&world.birch.key).await),
        (String::new(), String::new())
    );
    // Each publication has its entry in the audit log.
    let audit = world.get(&world.operator, "/v1/instance/audit?limit=200").await.expect(200).json();
    let count = |action: &str| audit["data"].as_array().unwrap().iter().filter(|one| one["action"] == action).count();
    assert_eq!(
        (count("publication.create"), count("publication.narrow"), count("publication.delete")),
        (2 + 1 + 2, 1, 1 + 3)
    );
}

#[tokio::test]
async fn what_cannot_hold_changes_nothing() {
    let stage = Stage::new().await;
    let Stage { world, outer, inner, shop, alder, birch } = &stage;
    let one = |group: &str, cell: &str, value: &str| json!({ group: { cell: value } });
    let labels = json!({ "publish": { "collection": "inner" }, "audience": { "labels": { "plan": "alder" } } });
    let labels = world.post(&world.operator, "/v1/publications", &labels).await.expect(201).json()["id"].clone();
    let graph = stage.graph().await;
    assert_eq!((&graph["groups"][alder][inner], &graph["groups"][birch][inner]), (&json!("read"), &json!("none")));
    // By labels: it is said by which publication, and what to do.
    let refusal = stage.refused(one(alder, inner, "none")).await;
    assert!(refusal.contains(labels.as_str().unwrap()) && refusal.contains("label"), "{refusal}");
    assert!(refusal.contains(&format!("groups.{alder}.{inner}")), "{refusal}");
    // By a collection above.
    stage.say(one(birch, outer, "read")).await;
    assert_eq!(stage.graph().await["groups"][birch][inner], "read");
    let refusal = stage.refused(one(birch, inner, "none")).await;
    assert!(refusal.contains("pub_") && refusal.contains("above"), "{refusal}");
    // Taken from the one above and kept below.
    let kept = stage.say(json!({ birch.as_str(): { outer.as_str(): "none", inner.as_str(): "read" } })).await;
    assert_eq!((&kept["groups"][birch][outer], &kept["groups"][birch][inner]), (&json!("none"), &json!("read")));
    // What the same request publishes above.
    let refusal = stage.refused(json!({ "1": { outer.as_str(): "read", inner.as_str(): "none" } })).await;
    assert!(refusal.contains("this request"), "{refusal}");
    // One cell that is wrong refuses all.
    for (groups, says) in [
        (json!({ alder.as_str(): { shop.as_str(): "read", outer.as_str(): "write" } }), "\\\"read\\\""),
        (json!({ alder.as_str(): { shop.as_str(): "read", "root": "read" } }), "/v1/publications"),
        (json!({ alder.as_str(): { shop.as_str(): "read", "7": "read" } }), "no such collection"),
        (json!({ alder.as_str(): { shop.as_str(): "read" }, "7": { shop.as_str(): "read" } }), "no such group"),
        (json!({ alder.as_str(): { shop.as_str(): "read" }, "2": { shop.as_str(): "none" } }), "perators write"),
        (json!({ alder.as_str(): { shop.as_str(): "maybe" } }), "\\\"none\\\""),
    ] {
        let refusal = stage.refused(groups).await;
        assert!(refusal.contains(says) && refusal.contains("groups."), "{says}: {refusal}");
    }
    // What was read is another by now.
    let script = stage.script();
    let old = stage.graph().await["revision"].clone();
    stage.say(one(alder, shop, "read")).await;
    let body = json!({ "revision": old, "groups": one(birch, shop, "read") });
    script.call("PUT", "/api/collection/graph", Some(body.clone())).await.expect(409);
    assert_eq!(stage.graph().await["groups"][birch][shop], "none");
    assert!(script.refused("PUT", "/api/collection/graph", json!({ "groups": {} })).await.contains("\"revision\""));
    // As it was before, it is the same graph, and the revision is the same.
    stage.say(one(alder, shop, "none")).await;
    assert_eq!(stage.graph().await["revision"], old);
    script.put("/api/collection/graph", body).await;
    // A tenant that is gone holds no publication open.
    world.delete(&world.operator, "/v1/tenants/alder").await.expect(204);
    stage.say(one(birch, shop, "none")).await;
    let left = stage.publications().await;
    assert!(
        left.iter().all(|own| own["audience"]["tenants"].is_null() || own["publish"]["collection"] != *shop),
        "{left:?}"
    );
}

#[tokio::test]
async fn rights_follow_from_places() {
    let stage = Stage::new().await;
    let Stage { world, alder, birch, .. } = &stage;
    let (op, script) = (&world.operator, stage.script());
    let make =
        async |draft: Value| world.post(op, "/v1/sources", &draft).await.expect(201).json()["number"].to_string();
    let own = make(json!({ "slug": "own", "name": "Own", "engine": "sqlite" })).await;
    let shared = make(json!({ "slug": "shared", "name": "Shared", "engine": "sqlite",
        "template": { "level": "guarded-rows", "file": "all.db" }, "tables": { "orders": { "tenant": { "column": "tenant" } } } }))
    .await;
    world.put_first(op, "/v1/tenants/alder/placements/own", &json!({ "file": "a-own.db" })).await.expect(200);
    let lms = world.get(op, "/v1/sources/lms").await.expect(200).json()["number"].to_string();
    let graph = script.get("/api/permissions/graph").await;
    let cell = |data: &str, queries: &str| json!({ "view-data": data, "create-queries": queries });
    let (all, rows, none) =
        (cell("unrestricted", "query-builder-and-native"), cell("unrestricted", "no"), cell("blocked", "no"));
    let row = |own_cell: &Value| json!({ lms.as_str(): all, shared.as_str(): rows, own.as_str(): own_cell });
    let nothing = json!({ lms.as_str(): none, shared.as_str(): none, own.as_str(): none });
    let wanted = json!({ "1": nothing, "2": nothing, alder.as_str(): row(&all), birch.as_str(): row(&none) });
    assert_eq!(graph["groups"], wanted);
    let part = script.get(&format!("/api/permissions/graph/group/{alder}")).await;
    assert_eq!(part, json!({ "revision": graph["revision"], "groups": { alder.as_str(): row(&all) } }));
    let part = script.get(&format!("/api/permissions/graph/db/{own}")).await;
    assert_eq!(part["groups"][alder], json!({ own.as_str(): all }));
    // What is so is accepted, and nothing else.
    assert_eq!(script.put("/api/permissions/graph", graph.clone()).await, graph);
    let say = |groups: Value| json!({ "revision": graph["revision"], "groups": groups });
    script
        .put(
            "/api/permissions/graph",
            say(json!({ alder.as_str(): { own.as_str(): { "view-data": "unrestricted" } } })),
        )
        .await;
    for (cell, says) in [
        (json!({ "view-data": "unrestricted" }), "placements"),
        (json!({ "create-queries": "query-builder" }), "placements"),
        (json!({ "download": { "schemas": "full" } }), "scopes"),
    ] {
        let refusal = script
            .refused("PUT", "/api/permissions/graph", say(json!({ birch.as_str(): { own.as_str(): cell } })))
            .await;
        assert!(refusal.contains(says) && refusal.contains(&format!("groups.{birch}.{own}.")), "{refusal}");
    }
    for groups in [json!({ "7": {} }), json!({ alder.as_str(): { "7": {} } })] {
        assert!(script.refused("PUT", "/api/permissions/graph", say(groups)).await.contains("no such"));
    }
    let mut more = graph.clone();
    more["sandboxes"] = json!([{ "group_id": 1 }]);
    assert!(script.refused("PUT", "/api/permissions/graph", more).await.contains("/v1/sources"));
    world.delete(op, "/v1/tenants/alder/placements/own").await.expect(204);
    script.call("PUT", "/api/permissions/graph", Some(graph)).await.expect(409);
}
