//! Every kind of address of the compatible surface, by everybody: own, foreign, nobody's, suspended, revoked.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::metabase_stage::{GuestKey, Guests, guest_key, signed};
use crate::world::{Birch, Reply, World, suspend};

/// An address of each route, below a base.
pub(crate) struct Ways {
    place: String,
    card: String,
    dashboard: String,
    question: String,
}

impl Ways {
    pub(crate) async fn of(guests: &Guests, key: &GuestKey) -> Self {
        let (place, card) = guests.place(1).await;
        let params = json!({ "least": 0 });
        let (dashboard, question) = (guests.of_dashboard(key, params.clone()), guests.of_question(key, params));
        Self { place, card, dashboard, question }
    }

    /// Every route with its segments filled in: a route that is new has to be added to nothing.
    pub(crate) fn all(&self) -> Vec<(&'static str, String)> {
        let paths = server::metabase_paths().into_iter().filter(|path| path.contains("{token}"));
        let mut ways = Vec::new();
        for path in paths {
            let token = if path.contains("/dashboard/{token}") { &self.dashboard } else { &self.question };
            let path_with = |format: &str| {
                path.replace("{token}", token)
                    .replace("{dashcard}", &self.place)
                    .replace("{card}", &self.card)
                    .replace("{format}", format)
                    .replace("{key}", "city")
                    .replace("{prefix}", "ly")
                    .replace("{zoom}/{x}/{y}", "1/2/3")
                    .replace("/remapping", "/remapping?value=Lyon")
            };
            let formats: &[&str] = if path.contains("{format}") { &["csv", "json", "xlsx"] } else { &[""] };
            ways.extend(formats.iter().map(|format| (path, path_with(format))));
        }
        assert_eq!(ways.len(), 20, "two to show, 16 kinds, two of tiles: {ways:?}");
        ways
    }
}

fn is_missing(path: &str) -> bool {
    path.contains("/pivot/") || path.contains("/tiles/")
}

/// What an answer is, without what a clock or a compressor puts into it.
fn same(one: &Reply, other: &Reply) -> bool {
    one.visible() == other.visible()
}

#[tokio::test]
async fn every_kind_of_address_is_its_tenants_own() {
    let guests = Guests::new().await;
    let (own, theirs) = (Ways::of(&guests, &guests.alder).await, Ways::of(&guests, &guests.birch).await);
    let suspended = Ways::of(&guests, &guests.cedar).await;
    let revoked = Ways::of(&guests, &guests.revoked).await;
    let mut cells = 0;
    for (place, (route, path)) in own.all().iter().enumerate() {
        let ask = async |base: &str, path: &str| guests.get(&format!("{base}{path}")).await;
        let reply = ask("/t/alder", path).await;
        let status = match *route {
            route if is_missing(route) => 501,
            route if route.ends_with("/query") || route.ends_with("/card/{card}") => 202,
            _ => 200,
        };
        assert_eq!(reply.status.as_u16(), status, "{route}: {}", reply.text());
        assert!(!reply.text().contains("CANARY-BIRCH"));
        // Of nobody's tenant, of another one, of one that is not served, by a key that is none any more: one answer.
        let nobody = ask("/t/nobody", path).await.expect(400);
        for (base, path) in [
            ("/t/birch", path),
            ("/t/cedar", path),
            ("/t/Alder", path),
            ("/t/alder%00", path),
            ("/t/alder", &theirs.all()[place].1),
            ("/t/alder", &revoked.all()[place].1),
            ("/t/cedar", &suspended.all()[place].1),
            ("/t/alder", &suspended.all()[place].1),
        ] {
            let reply = ask(base, path).await;
            assert!(same(&reply, &nobody), "{base} {route}: {}", reply.text());
            cells += 1;
        }
        // At the root nobody knows whose keys to try, and the answer says where to go.
        let root = ask("", path).await.expect(400);
        assert!(root.text().contains("/t/{slug}"), "{}", root.text());
        assert!(same(&root, &ask("", &theirs.all()[place].1).await), "{route}");
        // What the token does not show is not there, at whatever place.
        cells += 3;
    }
    println!("{cells} answers about other tenants' and nobody's addresses");
    assert!(cells > 200);
    guests.world.was_said("CANARY-ALDER");
    guests.world.never_said("CANARY-BIRCH");
    guests.world.never_said("CANARY-CEDAR");
    // They are there for their own.
    suspend(&guests.world, "cedar", false).await;
    for (route, path) in suspended.all().iter().filter(|(route, _)| !is_missing(route)) {
        assert!(guests.get(&format!("/t/cedar{path}")).await.status.is_success(), "{route}");
    }
    guests.world.was_said("CANARY-CEDAR");
}

#[tokio::test]
async fn two_worlds_agree_on_every_route() {
    let (full, empty) = (Guests::with(Birch::Full).await, Guests::with(Birch::Empty).await);
    assert_eq!(full.alder.secret, empty.alder.secret, "the worlds are made alike");
    let (a, b) = (Ways::of(&full, &full.alder).await, Ways::of(&empty, &empty.alder).await);
    let mut seen = 0;
    for ((route, path), (_, other)) in a.all().iter().zip(b.all()) {
        assert_eq!(*path, other);
        for given in ["", "city=Lyon", "parameters=%7B%22city%22%3A%22Nice%22%7D", "period=today", "nothing=1"] {
            let mark = if path.contains('?') { '&' } else { '?' };
            for base in ["", "/t/alder", "/t/birch", "/t/nobody"] {
                let path = format!("{base}{path}{mark}{given}");
                assert!(same(&full.get(&path).await, &empty.get(&path).await), "{route} {base} {given}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 400);
    full.world.was_said("CANARY-ALDER");
    full.world.never_said("CANARY-BIRCH");
    // The worlds do differ, for those who may see it.
    let count = async |guests: &Guests| {
        let token = guests.of_question(&guests.birch, json!({ "least": 0 }));
        guests.get(&format!("/t/birch/api/embed/card/{token}/query")).await.expect(202).json()["row_count"].clone()
    };
    assert_eq!((count(&full).await, count(&empty).await), (json!(7), json!(0)));
}

/// Foreign and missing are one answer: a number and an entity id of what only birch has, and those of nothing.
#[tokio::test]
async fn what_others_have_is_not_there() {
    let guests = Guests::new().await;
    let world = &guests.world;
    let card = json!({ "slug": "theirs", "name": "Theirs", "source": "lms", "enable_embedding": true, "query": { "sql": "SELECT note FROM orders" } });
    let card = world.post(&world.birch.key, "/v1/content/cards", &card).await.expect(201).json();
    let item = json!({ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4, "show": { "kind": "card", "card": "theirs" } });
    let draft = json!({ "slug": "theirs", "name": "Theirs", "enable_embedding": true, "items": [item] });
    let dashboard = world.post(&world.birch.key, "/v1/content/dashboards", &draft).await.expect(201).json();
    let unpublished = world.get(&world.operator, "/v1/library/cards/secret").await.expect(200).json();
    let ask = async |key: &GuestKey, kind: &str, name: &Value| {
        let word = if kind == "card" { "question" } else { kind };
        let claims = guests.claims(json!({ "resource": { word: name }, "params": {} }));
        let path = format!("/t/{}/api/embed/{kind}/{}", key.slug, signed(&key.secret, &claims));
        [guests.get(&path).await, guests.get(&format!("{path}/params/x/values")).await]
    };
    for (kind, thing) in
        [("card", &card), ("dashboard", &dashboard), ("card", &unpublished), ("card", &dashboard), ("dashboard", &card)]
    {
        let nothing = ask(&guests.alder, kind, &json!(7)).await;
        for name in ["number", "entity_id", "id", "slug"] {
            for (reply, nothing) in ask(&guests.alder, kind, &thing[name]).await.iter().zip(&nothing) {
                assert_eq!((reply.status.as_u16(), reply.text().as_str()), (404, "Not found."), "{kind} {name}");
                assert!(same(reply, nothing), "{kind} {name}");
            }
        }
    }
    for (kind, thing) in [("card", &card), ("dashboard", &dashboard)] {
        for name in ["number", "entity_id"] {
            let [shown, _] = ask(&guests.birch, kind, &thing[name]).await;
            assert_eq!(shown.expect(200).json()["name"], "Theirs");
        }
    }
    // Places and cards of the dashboard that do not belong together, or to it.
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 0 }));
    let ((list, first), (sum, second)) = (guests.place(1).await, guests.place(2).await);
    let (head, _) = guests.place(0).await;
    for (place, card) in [
        (&list, &second),
        (&sum, &first),
        (&head, &first),
        (&first, &list),
        (&"1".to_owned(), &first),
        (&list, &"1".to_owned()),
        (&format!("0{list}"), &first),
        (&format!("+{list}"), &first),
        (&list, &card["number"].to_string()),
    ] {
        let path = format!("/t/alder/api/embed/dashboard/{token}/dashcard/{place}/card/{card}");
        for path in [path.clone(), format!("{path}/csv")] {
            assert_eq!(guests.get(&path).await.expect(404).text(), "Not found.", "{path}");
        }
    }
    world.never_said("CANARY-BIRCH");
}

/// The numbers are random, the instance's own, and no owner's thing shares one with another's.
#[tokio::test]
async fn numbers_and_entity_ids_are_said_by_our_own_surface() {
    let guests = Guests::new().await;
    let world = &guests.world;
    let shown = world.get(&world.alder.key, "/v1/dashboards/guests").await.expect(200).json();
    let listed = world.get(&world.alder.key, "/v1/dashboards").await.expect(200).text();
    let card = world.get(&world.alder.key, "/v1/cards/guest-question").await.expect(200).json();
    let mut numbers = BTreeSet::new();
    for (thing, made) in [(&shown, &guests.dashboard), (&card, &guests.question)] {
        let (number, entity_id) = (made["number"].as_i64().unwrap(), made["entity_id"].as_str().unwrap());
        assert_eq!((&thing["number"], &thing["entity_id"]), (&made["number"], &made["entity_id"]));
        assert!((1..=i64::from(i32::MAX)).contains(&number) && entity_id.len() == 21);
        numbers.insert(number);
    }
    assert!(listed.contains(guests.dashboard["entity_id"].as_str().unwrap()));
    assert_eq!(numbers.len(), 2);
}

/// Which keys are tried, and by which form a token is read.
#[tokio::test]
async fn a_key_is_for_one_form_of_tokens() {
    let guests = Guests::new().await;
    let world: &World = &guests.world;
    let claims = guests.claims(json!({}));
    let path = |base: &str, token: &str| format!("{base}/api/embed/dashboard/{token}");
    let named = crate::world::sign(&guests.alder.id, &guests.alder.secret, &claims);
    // With a kid the token's key is known: at the root too, and at its own address only.
    guests.get(&path("", &named)).await.expect(200);
    guests.get(&path("/t/alder", &named)).await.expect(200);
    for slug in ["birch", "nobody", "cedar"] {
        assert_eq!(guests.get(&path(&format!("/t/{slug}"), &named)).await.expect(404).text(), "Not found.");
        assert_eq!(world.get(&named, &format!("/t/{slug}/v1/embed")).await.expect(401).code(), "token-invalid");
    }
    // A secret of ours is not tried for a token without a kid, and its tokens are not for this surface.
    let ours = signed(&world.alder.embed_secret, &claims);
    let refused = guests.get(&path("/t/alder", &ours)).await.expect(400);
    assert!(refused.text().contains("no embed key for such tokens has signed it"), "{}", refused.text());
    assert_eq!(world.get(&ours, "/t/alder/v1/embed").await.expect(401).code(), "token-unacceptable");
    let native = world.token(&world.alder, json!({}));
    world.get(&native, "/v1/embed").await.expect(200);
    let refused = guests.get(&path("", &native)).await.expect(400);
    assert!(refused.text().contains("/v1/embed"), "{}", refused.text());
    // A token in the other form is none, under either kind of key.
    let strict = crate::world::sign(&world.alder.embed_key, &world.alder.embed_secret, &claims);
    assert_eq!(world.get(&strict, "/v1/embed").await.expect(401).code(), "token-unacceptable");
    let by_slug = guests.claims(json!({ "resource": { "card": "orders" } }));
    let lax = crate::world::sign(&guests.alder.id, &guests.alder.secret, &by_slug);
    assert_eq!(world.get(&lax, "/v1/embed").await.expect(401).code(), "token-unacceptable");
    let sign = json!({ "key": guests.alder.id, "claims": { "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 60 } });
    assert_eq!(world.post(&world.alder.key, "/v1/embed-tokens", &sign).await.expect(400).json()["field"], "key");
    // Two keys work at once, until one is revoked; more than eight are too many.
    let second = guest_key(world, "alder", json!({})).await;
    for key in [&guests.alder, &second] {
        guests.get(&path("/t/alder", &signed(&key.secret, &claims))).await.expect(200);
    }
    world.delete(&world.operator, &format!("/v1/tenants/alder/embed-keys/{}", second.id)).await.expect(204);
    guests.get(&path("/t/alder", &signed(&second.secret, &claims))).await.expect(400);
    guests.get(&path("/t/alder", &signed(&guests.alder.secret, &claims))).await.expect(200);
    for _ in 1..8 {
        guest_key(world, "alder", json!({})).await;
    }
    let draft = json!({ "name": "ninth", "dialect": "metabase" });
    world.post(&world.operator, "/v1/tenants/alder/embed-keys", &draft).await.expect(409);
    for (wrong, field) in [
        (json!({ "name": "k", "dialect": "metabase", "algorithm": "EdDSA", "public_key": "x" }), "dialect"),
        (json!({ "name": "k", "allow_missing_exp": true }), "allow_missing_exp"),
    ] {
        let refused = world.post(&world.operator, "/v1/tenants/birch/embed-keys", &wrong).await.expect(400);
        assert_eq!(refused.json()["field"], field);
    }
}

/// The pages that may ask are the key's to name, here as on our own surface.
#[tokio::test]
async fn pages_that_the_key_does_not_name_are_not_answered() {
    let guests = Guests::new().await;
    let key = guest_key(&guests.world, "alder", json!({ "origins": ["https://portal.example"] })).await;
    let token = guests.of_dashboard(&key, json!({ "least": 0 }));
    for (origin, status) in [("https://portal.example", 200), ("https://evil.example", 403), ("null", 403)] {
        let request = http::Request::builder()
            .uri(format!("/t/alder/api/embed/dashboard/{token}"))
            .header("host", "bi.example")
            .header("origin", origin)
            .body(axum::body::Body::empty());
        let reply = guests.world.send(request.unwrap()).await.expect(status);
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
    }
    if server::has_pages() {
        let page = guests.get(&format!("/t/alder/embed/question/{token}")).await.expect(200);
        let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.ends_with("frame-ancestors https://portal.example"), "{policy}");
    }
}
