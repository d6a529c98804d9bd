//! Foreign against missing, by the clock: the answers are the same bytes, and must not take longer for one than for the other.
//!
//! In one process and one thread, warm and interleaved, so that nothing but the server's own work is measured. Mann and
//! Whitney's U says whether two lists of times differ at all; as it finds differences of nanoseconds when it has enough
//! times, a pair passes too when its medians are less than a millisecond or 5 % apart.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::world::{Operation, World, operations, sign, suspend};

/// Times per arm.
const TIMES: usize = 400;
const WARM: usize = 30;

/// Two lists of times, in the words of the test.
struct Outcome {
    p: f64,
    medians: [Duration; 2],
}

impl Outcome {
    fn of(arms: &[Vec<Duration>; 2]) -> Self {
        Self { p: mann_whitney(&arms[0], &arms[1]), medians: [median(&arms[0]), median(&arms[1])] }
    }

    fn is_alike(&self) -> bool {
        let [a, b] = self.medians;
        let allowed = Duration::from_millis(1).max(a.min(b).mul_f64(0.05));
        self.p > 0.01 || a.abs_diff(b) < allowed
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}

/// The two-sided p of Mann and Whitney's U test, by the normal approximation with its correction for ties.
fn mann_whitney(a: &[Duration], b: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = a.iter().map(|t| (*t, true)).chain(b.iter().map(|t| (*t, false))).collect();
    all.sort();
    let (mut ranks_of_a, mut ties, mut start) = (0.0, 0.0, 0);
    while start < all.len() {
        let end = start + all[start..].iter().take_while(|(time, _)| *time == all[start].0).count();
        // Equal times share the mean of their ranks, which are counted from one.
        let rank = number(start + end + 1) / 2.0;
        ranks_of_a += rank * number(all[start..end].iter().filter(|(_, is_a)| *is_a).count());
        let tied = number(end - start);
        ties += tied.powi(3) - tied;
        start = end;
    }
    let (n, m) = (number(a.len()), number(b.len()));
    let u = ranks_of_a - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * ((n + m + 1.0) - ties / ((n + m) * (n + m - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    // Half a rank of continuity.
    let z = ((u - n * m / 2.0).abs() - 0.5).max(0.0) / variance.sqrt();
    2.0 * upper_tail(z)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// The part of the normal distribution above `z`: Abramowitz and Stegun, 26.2.17, good to 1e-7.
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = series.iter().rev().fold(0.0, |sum, factor| (sum + factor) * t);
    sum * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

#[test]
fn the_instrument_sees_what_it_should() {
    let mut generator = StdRng::seed_from_u64(7);
    let mut noise = |base: u64| -> Vec<Duration> {
        (0..TIMES).map(|_| Duration::from_nanos(base + generator.next_u64() % 400_000)).collect()
    };
    let (one, same, later, a_bit) = (noise(1_000_000), noise(1_000_000), noise(2_500_000), noise(1_100_000));
    assert!(Outcome::of(&[one.clone(), same]).p > 0.01);
    let slower = Outcome::of(&[one.clone(), later]);
    assert!(slower.p < 1e-6 && !slower.is_alike(), "a millisecond and a half is seen");
    let slightly = Outcome::of(&[one.clone(), a_bit]);
    assert!(slightly.p < 1e-6 && slightly.is_alike(), "a tenth of a millisecond is seen, and let pass");
    assert!((mann_whitney(&one, &one) - 1.0).abs() < 0.01);
    // By hand: 1 2 3 against 4 5 6 has U = 0, z = (4.5 - 0.5) / sqrt(5.25).
    let of = |times: [u64; 3]| times.map(Duration::from_nanos).to_vec();
    assert!((mann_whitney(&of([1, 2, 3]), &of([4, 5, 6])) - 0.080_86).abs() < 1e-4);
    assert!((upper_tail(1.959_964) - 0.025).abs() < 1e-6);
}

/// One request of an arm.
#[derive(Clone)]
struct Ask {
    credential: String,
    path: String,
    operation: &'static str,
    body: Option<String>,
}

/// Two arms that a caller must not be able to tell apart. The second is made anew for each request where it says so.
struct Pair {
    name: &'static str,
    foreign: Ask,
    missing: Box<dyn Fn(usize) -> Ask>,
}

fn ask(operation: &'static str, credential: &str, path: String, body: Option<Value>) -> Ask {
    Ask { credential: credential.to_owned(), path, operation, body: body.map(|body| body.to_string()) }
}

fn pair(name: &'static str, foreign: Ask, missing: Ask) -> Pair {
    Pair { name, foreign, missing: Box::new(move |_| missing.clone()) }
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
            Pair { name, foreign, missing: Box::new(missing) }
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
    let missing = move |number| by_kid(&ids("emk", number + 1), &secret);
    pairs.push(Pair { name: "a kid, a new one each time", foreign, missing: Box::new(missing) });
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

#[tokio::test]
async fn foreign_takes_as_long_as_missing() {
    let world = World::new().await;
    let operations = operations();
    let pairs = pairs(&world).await;
    assert!(pairs.len() >= 15);
    let mut generator = StdRng::seed_from_u64(11);
    let mut apart = Vec::new();
    for pair in &pairs {
        let mut arms = [Vec::with_capacity(TIMES), Vec::with_capacity(TIMES)];
        for round in 0..TIMES + WARM {
            let first = usize::from(generator.next_u64() % 2 == 1);
            let mut replies = Vec::new();
            for arm in [first, 1 - first] {
                let ask = if arm == 0 { pair.foreign.clone() } else { (pair.missing)(round) };
                let (took, reply) = time(&world, &operations, &ask).await;
                assert!(matches!(reply.status.as_u16(), 401 | 404), "{}: {}", pair.name, reply.text());
                if round >= WARM {
                    arms[arm].push(took);
                }
                replies.push(reply.visible());
            }
            assert_eq!(replies[0], replies[1], "{}", pair.name);
        }
        let outcome = Outcome::of(&arms);
        let [foreign, missing] = outcome.medians;
        println!("{:38} foreign {foreign:>10.1?} missing {missing:>10.1?} p {:.4}", pair.name, outcome.p);
        if !outcome.is_alike() {
            apart.push(pair.name);
        }
    }
    assert!(apart.is_empty(), "these can be told apart by the clock: {apart:?}");
    world.never_said("CANARY-BIRCH");
}
