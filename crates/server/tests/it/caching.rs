//! Answers that are kept or shared: each tenant gets its own, whatever others ask, break or walk away from.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{Client, World, rows};

async fn publish(world: &World, card: Value) {
    world.post(&world.operator, "/v1/library/cards", &card).await.expect(201);
    let publication = json!({ "publish": { "card": card["slug"] }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
}

fn text(name: &str) -> Value {
    json!({ "name": name, "type": "text" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tenants_that_ask_the_same_at_once_get_their_own() {
    let world = Arc::new(World::new().await);
    let sql = "SELECT id, note, {{round}} AS round FROM orders ORDER BY id";
    let card = json!({ "slug": "notes", "name": "Notes", "source": "lms", "cache_seconds": 60, "query": { "sql": sql, "parameters": [text("round")] } });
    publish(&world, card).await;
    let mut cached = 0;
    for round in 0..10 {
        // Even rounds are cold, odd ones ask the same again.
        let given = json!({ "parameters": { "round": format!("r{}", round / 2) } });
        let mut running = tokio::task::JoinSet::new();
        for number in 0..200 {
            let (world, given) = (world.clone(), given.clone());
            running.spawn(async move {
                let client = if number % 2 == 0 { &world.alder } else { &world.birch };
                let reply = world.post(&client.key, "/v1/cards/notes/rows", &given).await.expect(200);
                (number % 2 == 0, reply)
            });
        }
        while let Some(done) = running.join_next().await {
            let (is_alder, reply) = done.unwrap();
            let (client, count): (&Client, u64) = if is_alder { (&world.alder, 3) } else { (&world.birch, 7) };
            let document = reply.json();
            assert_eq!(document["row_count"], count);
            assert!(rows(&document).iter().all(|row| row["note"].as_str().unwrap().starts_with(&client.canary)));
            assert!(rows(&document).iter().all(|row| row["round"] == given["parameters"]["round"]));
            cached += u64::from(document["cached"] == true);
        }
    }
    assert!(cached >= 1000, "the odd rounds come from the cache, or nothing was tested: {cached}");
}

/// Values that would be the same if they were put one behind the other.
#[tokio::test]
async fn what_is_next_to_each_other_is_not_the_same() {
    let world = World::new().await;
    let card = json!({ "slug": "echo", "name": "Echo", "source": "lms", "cache_seconds": 60,
        "query": { "sql": "SELECT {{a}} AS a, {{b}} AS b, (SELECT max(note) FROM orders) AS note", "parameters": [text("a"), text("b")] } });
    publish(&world, card).await;
    for slug in ["a", "ab"] {
        let path = world.folder.path().join(format!("tenants/{slug}.db"));
        crate::world::fill(&path, &format!("CANARY-{slug}"), 1);
        world.post(&world.operator, "/v1/tenants", &json!({ "slug": slug, "name": slug })).await.expect(201);
    }
    let clients = [world.equip("a", "").await, world.equip("ab", "").await];
    let pairs = [
        ("ab", "c"),
        ("a", "bc"),
        ("abc", " "),
        (" ", "abc"),
        ("b", "c"),
        ("bc", "d"),
        ("a,b", "c"),
        ("a", "b,c"),
        ("a\",\"b", "c"),
        ("a", "b\",\"c"),
        ("a|b", "c"),
        ("a", "b|c"),
        ("a:b", "c"),
        ("a", "b:c"),
        ("1", "2"),
        ("12", " "),
        ("a=b", "c"),
        ("a", "b=c"),
        ("a\nb", "c"),
        ("a", "b\nc"),
        ("c", "ab"),
        ("b=c", "a"),
    ];
    for round in 0..3 {
        for (a, b) in pairs {
            for (client, slug) in clients.iter().zip(["a", "ab"]) {
                let given = json!({ "parameters": { "a": a, "b": b } });
                let document = world.post(&client.key, "/v1/cards/echo/rows", &given).await.expect(200).json();
                let row = rows(&document).remove(0);
                assert_eq!((&row["a"], &row["b"]), (&json!(a), &json!(b)));
                assert_eq!(row["note"], format!("CANARY-{slug}-1"));
                assert_eq!(document["cached"], round > 0, "asked once, kept once: {a:?} {b:?}");
            }
        }
    }
    // One value with a comma is not two values.
    let total = async |city: Value| {
        let given = json!({ "parameters": { "city": city } });
        let token = world.token(&world.alder, json!({}));
        world.post(&token, "/v1/embed/items/total/rows", &given).await.expect(200).json()["rows"][0][0].clone()
    };
    for _ in 0..2 {
        assert_eq!(total(json!(["Lyon", "Nice"])).await, 2);
        assert_eq!(total(json!(["Lyon,Nice"])).await, 0);
        assert_eq!(total(json!(["Lyon\",\"Nice"])).await, 0);
        assert_eq!(total(json!(["Nice"])).await, 1);
        assert_eq!(total(Value::Null).await, 3);
    }
    // What a token locks is a value like any other: two tokens with different ones share nothing.
    for (city, count) in [("Lyon", 1), ("Nowhere", 0), ("Lyon", 1), ("Lyon,Nice", 0)] {
        let token = world.token(&world.alder, json!({ "params": { "city": [city] } }));
        let answer = world.post(&token, "/v1/embed/items/total/rows", &json!({})).await.expect(200).json();
        assert_eq!(answer["rows"][0][0], count, "{city}");
    }
}

/// A query that takes a while, and one row of the tenant's own.
const SLOW: &str = "SELECT (SELECT max(note) FROM orders) AS note, count(*) AS n FROM \
    (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT i FROM n), (SELECT {{a}} AS a)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_that_fail_or_go_away_are_not_noticed() {
    let world = Arc::new(World::new().await);
    let card = json!({ "slug": "slow", "name": "Slow", "source": "lms", "cache_seconds": 60, "query": { "sql": SLOW, "parameters": [text("a")] } });
    publish(&world, card).await;
    let ask = |client: fn(&World) -> &Client, value: &str| {
        let (world, given) = (world.clone(), json!({ "parameters": { "a": value } }));
        tokio::spawn(async move { world.post(&client(&world).key, "/v1/cards/slow/rows", &given).await })
    };
    let alder: fn(&World) -> &Client = |world| &world.alder;
    let birch: fn(&World) -> &Client = |world| &world.birch;
    let own = |reply: crate::world::Reply, canary: &str| {
        let row = rows(&reply.expect(200).json()).remove(0);
        assert_eq!(row["n"], 2_000_000);
        assert!(row["note"].as_str().unwrap().starts_with(canary));
    };
    // Birch asks the same and goes away; alder's first asker goes away too, and its second one has joined it.
    let (gone_birch, gone_alder) = (ask(birch, "x"), ask(alder, "x"));
    tokio::time::sleep(Duration::from_millis(30)).await;
    let (stays, also) = (ask(alder, "x"), ask(alder, "x"));
    tokio::time::sleep(Duration::from_millis(30)).await;
    gone_birch.abort();
    gone_alder.abort();
    own(stays.await.unwrap(), "CANARY-ALDER");
    own(also.await.unwrap(), "CANARY-ALDER");
    // Birch's database cannot run it; alder's can, at the same time and afterwards.
    let broken = rusqlite::Connection::open(world.folder.path().join("tenants/birch.db")).unwrap();
    broken.execute("ALTER TABLE orders RENAME TO CANARY_TABLE", ()).unwrap();
    let (fails, runs) = (ask(birch, "y"), ask(alder, "y"));
    let failed = fails.await.unwrap().expect(422);
    own(runs.await.unwrap(), "CANARY-ALDER");
    assert_eq!(failed.code(), "query-failed");
    assert_eq!(failed.json()["detail"], "The database could not run this card's query.");
    own(ask(alder, "y").await.unwrap(), "CANARY-ALDER");
    // An error is not kept, neither for others nor for oneself.
    broken.execute("ALTER TABLE CANARY_TABLE RENAME TO orders", ()).unwrap();
    own(ask(birch, "y").await.unwrap(), "CANARY-BIRCH");
    world.never_said("CANARY_TABLE");
    world.never_said("no such table");
}
