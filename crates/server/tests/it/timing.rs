//! Foreign against missing, by the clock: the answers are the same bytes, and must not take longer for one than for the other.
//!
//! In one process and one thread, warm, and in pairs: both arms of a pair are asked one right after the other, in an order
//! that is drawn, so that whatever else the machine does meets both. What is looked at is the median of the differences
//! within pairs, with the interval in which it lies by the order of the differences alone (the sign test's), which no
//! burst of load widens into a false alarm: load makes the interval wide, and a wide one accuses nobody. The arms are
//! alike when the whole interval is within what is let pass, apart when the whole interval is outside; when neither is
//! sure, more pairs are asked for. What is let pass is half of a metadata query, measured here and now: looking a thing up
//! and finding that it is somebody else's would cost one at least, and the bound is as slow as the machine is.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::world::{Operation, World, operations, sign, suspend};

/// Pairs that are asked for at once.
const TIMES: usize = 400;
/// And at most, where it is not clear.
const MOST: usize = 5 * TIMES;
const WARM: usize = 30;

/// Where the median of differences lies, in nanoseconds.
#[derive(Debug, Clone, Copy)]
struct Shift {
    low: i64,
    median: i64,
    high: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Alike,
    Apart,
    Unclear,
}

impl Shift {
    /// With a confidence of 99.9 %, whatever the distribution: between two of the differences in their order.
    fn of(differences: &[i64]) -> Self {
        let mut sorted = differences.to_vec();
        sorted.sort_unstable();
        let half = sorted.len() / 2;
        // 3.29 standard deviations of the binomial distribution with p = 1/2, and one more for the rounding.
        let reach = sorted.len().isqrt() * 329 / 200 + 1;
        let at = |place: usize| sorted[place.min(sorted.len() - 1)];
        Self { low: at(half.saturating_sub(reach)), median: at(half), high: at(half + reach) }
    }

    fn verdict(self, allowed: i64) -> Verdict {
        if self.low > allowed || self.high < -allowed {
            Verdict::Apart
        } else if self.low >= -allowed && self.high <= allowed {
            Verdict::Alike
        } else {
            Verdict::Unclear
        }
    }
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap()
}

#[test]
fn the_instrument_sees_what_it_should() {
    let mut generator = StdRng::seed_from_u64(7);
    // Each arm takes a millisecond, and in one case of four up to five more: a machine with other work.
    let mut noise = move || {
        let load = if generator.next_u64() % 4 == 0 { generator.next_u64() % 5_000_000 } else { 0 };
        i64::try_from(1_000_000 + generator.next_u64() % 60_000 + load).unwrap()
    };
    let mut shifted = |by: i64| -> Vec<i64> { (0..TIMES).map(|_| noise() + by - noise()).collect() };
    for (by, expected) in [
        (0, Verdict::Alike),
        (10_000, Verdict::Alike),
        (-10_000, Verdict::Alike),
        (120_000, Verdict::Apart),
        (-120_000, Verdict::Apart),
        (5_000_000, Verdict::Apart),
    ] {
        let shift = Shift::of(&shifted(by));
        assert_eq!(shift.verdict(50_000), expected, "{by}: {shift:?}");
        assert!((shift.median - by).abs() < 20_000, "{by}: {shift:?}");
    }
    // Nothing but noise, as wide as the difference: nobody is accused.
    let mut wild = StdRng::seed_from_u64(8);
    let wide: Vec<i64> =
        (0..TIMES).map(|_| i64::try_from(wild.next_u64() % 20_000_000).unwrap() - 10_000_000).collect();
    assert_eq!(Shift::of(&wide).verdict(50_000), Verdict::Unclear);
    // By hand: of 1 to 400, the interval is from the 167th below to as many above the middle.
    let shift = Shift::of(&(1..=400).collect::<Vec<_>>());
    assert_eq!((shift.low, shift.median, shift.high), (168, 201, 234));
}

/// One request of an arm.
#[derive(Clone)]
struct Ask {
    credential: String,
    path: String,
    operation: &'static str,
    body: Option<String>,
}

/// Two arms that a caller must not be able to tell apart, made anew for each request where they say so.
struct Pair {
    name: &'static str,
    foreign: Box<dyn Fn(usize) -> Ask>,
    missing: Box<dyn Fn(usize) -> Ask>,
}

fn ask(operation: &'static str, credential: &str, path: String, body: Option<Value>) -> Ask {
    Ask { credential: credential.to_owned(), path, operation, body: body.map(|body| body.to_string()) }
}

fn pair(name: &'static str, foreign: Ask, missing: Ask) -> Pair {
    Pair { name, foreign: Box::new(move |_| foreign.clone()), missing: Box::new(move |_| missing.clone()) }
}

/// A body that never fits, so that only whether a thing is found could take time.
fn ids(prefix: &str, number: usize) -> String {
    format!("{prefix}_{number:026}")
}

async fn pairs(world: &World) -> Vec<Pair> {
    let (alder, birch) = (&world.alder, &world.birch);
    // Published to birch alone, and birch's own.
    let made = async |kind: &str, word: &str, draft: Value| {
        let made = world.post(&world.operator, &format!("/v1/library/{kind}"), &draft).await.expect(201).json();
        let publication = json!({ "publish": { word: made["id"] }, "audience": { "tenants": ["birch"] } });
        world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let card = json!({ "name": "c", "source": "lms", "query": { "sql": "SELECT note FROM orders" } });
    let card = made("cards", "card", card).await;
    let item = json!([{ "id": "orders", "x": 0, "y": 0, "w": 8, "h": 4, "show": { "kind": "card", "card": card } }]);
    let dashboard = made("dashboards", "dashboard", json!({ "name": "d", "items": item })).await;
    let only = json!({ "slug": "birch-only", "name": "Birch", "engine": "sqlite" });
    world.post(&world.operator, "/v1/sources", &only).await.expect(201);
    let file = json!({ "file": "birch-only.db" });
    world.put_first(&world.operator, "/v1/tenants/birch/placements/birch-only", &file).await.expect(200);
    let own = world.post(&birch.key, "/v1/content/collections", &json!({ "name": "c" })).await.expect(201).json();
    let own = own["id"].as_str().unwrap();
    let given = || Some(json!({}));
    let key = alder.key.as_str();
    let by_path =
        |name, operation, before: &str, id: &str, prefix: &'static str, after: &'static str, body: Option<Value>| {
            let foreign = ask(operation, key, format!("{before}{id}{after}"), body.clone());
            let (credential, before) = (key.to_owned(), before.to_owned());
            let missing = move |number| {
                ask(operation, &credential, format!("{before}{}{after}", ids(prefix, number)), body.clone())
            };
            Pair { name, foreign: Box::new(move |_| foreign.clone()), missing: Box::new(missing) }
        };
    let replace = json!({ "name": "own" });
    let mut pairs = vec![
        by_path("dashboard", "dashboards_show", "/v1/dashboards/", &dashboard, "dsh", "", None),
        by_path(
            "dashboard's rows",
            "dashboards_item_rows",
            "/v1/dashboards/",
            &dashboard,
            "dsh",
            "/items/orders/rows",
            given(),
        ),
        by_path("dashboard's run", "dashboards_run", "/v1/dashboards/", &dashboard, "dsh", "/run", given()),
        by_path("card", "cards_show", "/v1/cards/", &card, "crd", "", None),
        by_path("card's rows", "cards_rows", "/v1/cards/", &card, "crd", "/rows", given()),
        by_path("card's file", "cards_export", "/v1/cards/", &card, "crd", "/export/csv", given()),
        by_path(
            "collection as its author",
            "content_collections_show",
            "/v1/content/collections/",
            own,
            "col",
            "",
            None,
        ),
        by_path(
            "collection to replace",
            "content_collections_replace",
            "/v1/content/collections/",
            own,
            "col",
            "",
            Some(replace),
        ),
        by_path("collection to delete", "content_collections_delete", "/v1/content/collections/", own, "col", "", None),
        by_path("key to revoke", "api_keys_revoke", "/v1/api-keys/", &birch.key_id, "key", "", None),
        by_path("embed key to revoke", "embed_keys_revoke", "/v1/embed-keys/", &birch.embed_key, "emk", "", None),
    ];
    let question = |source: &str| Some(json!({ "source": source, "sql": "SELECT note FROM orders" }));
    let asked = |source: &str| ask("sql_rows", key, "/v1/sql/rows".to_owned(), question(source));
    pairs.push(pair("data source of a question", asked("birch-only"), asked("nothing-at")));
    let scopes = |id: &str| json!([{ "actions": ["cards:run"], "resources": { "dashboards": [id] } }]);
    let made = |id: &str| {
        let draft = json!({ "name": "k", "scopes": scopes(id) });
        ask("api_keys_create", key, "/v1/api-keys".to_owned(), Some(draft))
    };
    pairs.push(pair("dashboard of a new key", made(&dashboard), made(&ids("dsh", 0))));
    let shows = |id: &str| world.token(alder, json!({ "resource": { "dashboard": id } }));
    for (name, operation, path, body) in [
        ("what a token shows", "embed_show", "/v1/embed", None),
        ("a token's rows", "embed_item_rows", "/v1/embed/items/orders/rows", given()),
    ] {
        let foreign = ask(operation, &shows(&dashboard), path.to_owned(), body.clone());
        pairs.push(pair(name, foreign, ask(operation, &shows(&ids("dsh", 0)), path.to_owned(), body)));
    }
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 600 });
    let by_kid =
        move |kid: &str, secret: &str| ask("embed_show", &sign(kid, secret, &claims), "/v1/embed".to_owned(), None);
    let secret = alder.embed_secret.clone();
    let foreign = by_kid(&birch.embed_key, &secret);
    pairs.push(pair("a kid, asked for again and again", foreign.clone(), by_kid(&ids("emk", 0), &secret)));
    // Not the first time that a key is named: then one that is there takes longer, for its row and its secret to be read.
    // Nobody finds one so: an id has 128 random bits, and who knows one knows that it is there.
    let token = world.token(alder, json!({}));
    let below = |slug: &str| ask("embed_show", &token, format!("/t/{slug}/v1/embed"), None);
    pairs.push(pair("a tenant's slug", below("birch"), below("nobody")));
    // Nobody has a credential, or one that ended: nothing is looked for.
    let open = |credential: &str, id: &str| ask("dashboards_show", credential, format!("/v1/dashboards/{id}"), None);
    pairs.push(pair("without a credential", open("", &dashboard), open("", &ids("dsh", 0))));
    let unknown = "clo_0000000000000000000000000000000000000000";
    let tenant = |credential: &str| ask("tenant_me", credential, "/v1/tenant".to_owned(), None);
    let draft = json!({ "name": "gone", "scopes": [{ "actions": ["cards:run"], "resources": { "all": true } }] });
    let gone = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let path = format!("/v1/tenants/alder/api-keys/{}", gone["id"].as_str().unwrap());
    world.delete(&world.operator, &path).await.expect(204);
    pairs.push(pair("a revoked key", tenant(gone["secret"].as_str().unwrap()), tenant(unknown)));
    world.post(&world.operator, "/v1/tenants", &json!({ "slug": "cedar", "name": "Cedar" })).await.expect(201);
    let cedar = world.equip("cedar", "").await;
    suspend(world, "cedar", true).await;
    pairs.push(pair("a suspended tenant's key", tenant(&cedar.key), tenant(unknown)));
    pairs
}

async fn time(world: &World, operations: &[Operation], ask: &Ask) -> (Duration, crate::world::Reply) {
    let operation = operations.iter().find(|operation| operation.id == ask.operation).unwrap();
    let start = Instant::now();
    let reply = world.call_as(operation, &ask.credential, &ask.path, ask.body.as_deref()).await;
    (start.elapsed(), reply)
}

/// The differences of `times` pairs, foreign less missing, and how long the missing ones took.
async fn differences(
    world: &World,
    operations: &[Operation],
    pair: &Pair,
    rounds: std::ops::Range<usize>,
    generator: &mut StdRng,
) -> (Vec<i64>, Vec<i64>) {
    let (mut differences, mut lengths) = (Vec::new(), Vec::new());
    for round in rounds {
        let (foreign, missing) = ((pair.foreign)(round), (pair.missing)(round));
        let foreign_first = generator.next_u64() % 2 == 1;
        let (one, other) = if foreign_first { (&foreign, &missing) } else { (&missing, &foreign) };
        let ((one_took, one), (other_took, other)) =
            (time(world, operations, one).await, time(world, operations, other).await);
        assert!(matches!(one.status.as_u16(), 400 | 401 | 404), "{}: {}", pair.name, one.text());
        assert_eq!(one.visible(), other.visible(), "{}", pair.name);
        let (foreign, missing) = if foreign_first { (one_took, other_took) } else { (other_took, one_took) };
        differences.push(nanoseconds(foreign) - nanoseconds(missing));
        lengths.push(nanoseconds(missing));
    }
    (differences, lengths)
}

/// How much longer an answer takes with one query more to the metadata, in nanoseconds: that for a key which was not named
/// before, against the same one again. The instrument must see it, too.
async fn metadata_query(world: &World, operations: &[Operation], generator: &mut StdRng) -> i64 {
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 600 });
    let of = move |number: usize| {
        ask("embed_show", &sign(&ids("emk", number), "secret", &claims), "/v1/embed".to_owned(), None)
    };
    let again = of(0);
    let name = "a metadata query more";
    let missing = Box::new(move |_| again.clone());
    let pair = Pair { name, foreign: Box::new(move |number| of(1_000_000 + number)), missing };
    differences(world, operations, &pair, 0..WARM, generator).await;
    let (found, _) = differences(world, operations, &pair, WARM..WARM + TIMES, generator).await;
    let shift = Shift::of(&found);
    println!("{name}: {shift:?}");
    assert!(shift.low > 0, "the instrument does not see a whole query");
    shift.median
}

#[tokio::test]
async fn foreign_takes_as_long_as_missing() {
    let world = World::new().await;
    let operations = operations();
    let pairs = pairs(&world).await;
    assert!(pairs.len() >= 20);
    let mut generator = StdRng::seed_from_u64(11);
    let query = metadata_query(&world, &operations, &mut generator).await;
    let mut apart = Vec::new();
    for pair in &pairs {
        differences(&world, &operations, pair, 0..WARM, &mut generator).await;
        let (mut all, mut lengths) = (Vec::new(), Vec::new());
        let (shift, verdict, length) = loop {
            let start = WARM + all.len();
            let (more, took) = differences(&world, &operations, pair, start..start + TIMES, &mut generator).await;
            all.extend(more);
            lengths.extend(took);
            let (shift, length) = (Shift::of(&all), Shift::of(&lengths).median);
            let verdict = shift.verdict(query / 2);
            if verdict != Verdict::Unclear || all.len() >= MOST {
                break (shift, verdict, length);
            }
        };
        let micro = |time: i64| time as f64 / 1000.0;
        println!(
            "{:38} takes {:7.1} us, foreign {:+6.1} us [{:+6.1} to {:+6.1}] of {} pairs: {verdict:?}",
            pair.name,
            micro(length),
            micro(shift.median),
            micro(shift.low),
            micro(shift.high),
            all.len()
        );
        if verdict == Verdict::Apart {
            apart.push(pair.name);
        }
    }
    assert!(apart.is_empty(), "these can be told apart by the clock: {apart:?}");
    world.never_said("CANARY-BIRCH");
}
