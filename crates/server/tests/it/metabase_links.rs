//! Public links over HTTP: every kind of address by everybody's link, two worlds, and one answer for whatever is wrong.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::metabase_stage::Guests;
use crate::world::{Birch, Reply, let_have_links, suspend};

/// A dashboard's link and a question's.
struct Links {
    dashboard: String,
    question: String,
    ids: [String; 2],
}

/// The stage of guests, where `least` has a default: it is locked for tokens, and for links it holds.
struct Stage {
    guests: Guests,
    place: String,
    card: String,
}

impl Stage {
    async fn with(birch: Birch) -> Self {
        let guests = Guests::with(birch).await;
        let (place, card) = guests.place(1).await;
        let stage = Self { guests, place, card };
        stage.set("dashboards", "guests", |draft| draft["parameters"][1]["default"] = json!(0)).await;
        let default = |draft: &mut Value| draft["query"]["parameters"][1]["default"] = json!(0);
        stage.set("cards", "guest-question", default).await;
        for slug in ["alder", "birch", "cedar"] {
            let_have_links(&stage.guests.world, slug, true).await;
        }
        stage
    }

    async fn set(&self, kind: &str, slug: &str, change: impl FnOnce(&mut Value)) {
        let (world, path) = (&self.guests.world, format!("/v1/library/{kind}/{slug}"));
        let mut draft = world.get(&world.operator, &path).await.expect(200).json();
        for kept in ["id", "number", "entity_id", "version", "created_at", "updated_at"] {
            draft.as_object_mut().unwrap().remove(kept);
        }
        change(&mut draft);
        world.put(&world.operator, &path, &draft).await.expect(200);
    }

    async fn make(&self, slug: &str, resource: Value, more: Value) -> Reply {
        let mut draft = json!({ "name": "everybody", "resource": resource });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let world = &self.guests.world;
        world.post(&world.operator, &format!("/v1/tenants/{slug}/public-links"), &draft).await
    }

    async fn links(&self, slug: &str) -> Links {
        let dashboard = self.make(slug, json!({ "dashboard": "guests" }), json!({})).await.expect(201).json();
        let question = self.make(slug, json!({ "card": "guest-question" }), json!({})).await.expect(201).json();
        let text = |made: &Value, name: &str| made[name].as_str().unwrap().to_owned();
        let ids = [text(&dashboard, "id"), text(&question, "id")];
        Links { dashboard: text(&dashboard, "uuid"), question: text(&question, "uuid"), ids }
    }

    async fn revoke(&self, slug: &str, links: &Links) {
        let world = &self.guests.world;
        for id in &links.ids {
            world.delete(&world.operator, &format!("/v1/tenants/{slug}/public-links/{id}")).await.expect(204);
        }
    }

    /// Every route with a link in it, filled in: a route that is new has to be added to nothing.
    fn ways(&self, dashboard: &str, question: &str) -> Vec<(&'static str, String)> {
        let mut ways = Vec::new();
        for path in server::metabase_paths().into_iter().filter(|path| path.contains("{uuid}")) {
            let uuid = if path.contains("/dashboard/{uuid}") { dashboard } else { question };
            let path_with = |format: &str| {
                path.replace("{uuid}", uuid)
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

    async fn get(&self, path: &str) -> Reply {
        let reply = self.guests.get(path).await;
        let robots = reply.headers.get("x-robots-tag").map(|value| value.to_str().unwrap());
        assert_eq!(robots, Some("noindex, nofollow"), "{path}");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer", "{path}");
        reply
    }
}

fn is_missing(path: &str) -> bool {
    path.contains("/pivot/") || path.contains("/tiles/")
}

const NOBODYS: &str = "3e3f6c1e-0000-4000-8000-000000000000";

#[tokio::test]
async fn every_kind_of_address_is_its_tenants_own_and_whatever_is_wrong_is_one_answer() {
    let stage = Stage::with(Birch::Full).await;
    let world = &stage.guests.world;
    let (own, theirs, cedars) = (stage.links("alder").await, stage.links("birch").await, stage.links("cedar").await);
    let revoked = stage.links("alder").await;
    stage.revoke("alder", &revoked).await;
    let ended = json!({ "expires_at": jiff::Timestamp::from_second(world.now()).unwrap() });
    let ended = stage.make("alder", json!({ "dashboard": "guests" }), ended).await.expect(201).json();
    let ended = ended["uuid"].as_str().unwrap();
    suspend(world, "cedar", true).await;
    let token = stage.guests.of_dashboard(&stage.guests.alder, json!({ "least": 0 }));
    let (mut cells, mut answers) = (0, BTreeSet::new());
    let wrong = [
        ("", NOBODYS, NOBODYS),
        ("", &revoked.dashboard, &revoked.question),
        ("/t/alder", &revoked.dashboard, &revoked.question),
        ("", ended, ended),
        ("", &cedars.dashboard, &cedars.question),
        ("/t/cedar", &cedars.dashboard, &cedars.question),
        ("/t/birch", &own.dashboard, &own.question),
        ("/t/alder", &theirs.dashboard, &theirs.question),
        ("/t/nobody", &own.dashboard, &own.question),
        ("/t/Alder", &own.dashboard, &own.question),
        // A link of the one kind where the other is asked for, a key, a token, and names.
        ("", &own.question, &own.dashboard),
        ("", &world.alder.key, &world.alder.key),
        ("/t/alder", &token, &token),
        ("", &own.ids[0], &own.ids[1]),
        ("", "1", "1"),
    ];
    for (base, dashboard, question) in wrong {
        for (route, path) in stage.ways(dashboard, question) {
            let reply = stage.get(&format!("{base}{path}")).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{base}{route}: {}", reply.text());
            answers.insert(format!("{:?}", reply.visible()));
            cells += 1;
        }
    }
    // What is no address of a link at all, too.
    for path in ["/api/public/oembed", "/t/alder/api/public/x/y", "/public/x"] {
        answers.insert(format!("{:?}", stage.get(path).await.visible()));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    for base in ["", "/t/alder"] {
        for (route, path) in stage.ways(&own.dashboard, &own.question) {
            let reply = stage.get(&format!("{base}{path}")).await;
            let status = match route {
                route if is_missing(route) => 501,
                route if route.ends_with("/query") || route.ends_with("/card/{card}") => 202,
                _ => 200,
            };
            assert_eq!(reply.status.as_u16(), status, "{route}: {}", reply.text());
            assert!(!reply.text().contains("CANARY-BIRCH"));
            cells += 1;
        }
    }
    println!("{cells} answers to public links");
    world.was_said("CANARY-ALDER");
    for other in ["CANARY-BIRCH", "CANARY-CEDAR"] {
        world.never_said(other);
    }
    // They are there for their own, and again when their tenant is; switched off they are not, and never again.
    suspend(world, "cedar", false).await;
    let rows = async |links: &Links| stage.get(&format!("/api/public/card/{}/query", links.question)).await;
    rows(&cedars).await.expect(202);
    world.was_said("CANARY-CEDAR");
    for on in [false, true] {
        let_have_links(world, "cedar", on).await;
        for (route, path) in stage.ways(&cedars.dashboard, &cedars.question) {
            let reply = stage.get(&path).await;
            assert_eq!(BTreeSet::from([format!("{:?}", reply.visible())]), answers, "{route}");
        }
    }
    rows(&own).await.expect(202);
}

#[tokio::test]
async fn two_worlds_agree_on_every_route() {
    let (full, empty) = (Stage::with(Birch::Full).await, Stage::with(Birch::Empty).await);
    let (a, b) = (full.links("alder").await, empty.links("alder").await);
    assert_eq!(a.dashboard, b.dashboard, "the worlds are made alike");
    let mut seen = 0;
    for (route, path) in full.ways(&a.dashboard, &a.question) {
        for given in
            ["", "city=Lyon", "parameters=%5B%7B%22id%22%3A%22city%22%2C%22value%22%3A%22Nice%22%7D%5D", "least=9"]
        {
            let mark = if path.contains('?') { '&' } else { '?' };
            for base in ["", "/t/alder", "/t/birch"] {
                let path = format!("{base}{path}{mark}{given}");
                assert_eq!(full.get(&path).await.visible(), empty.get(&path).await.visible(), "{route} {base} {given}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 240);
    full.guests.world.was_said("CANARY-ALDER");
    full.guests.world.never_said("CANARY-BIRCH");
    let count = async |stage: &Stage| {
        let link = stage.links("birch").await;
        stage.get(&format!("/api/public/card/{}/query", link.question)).await.expect(202).json()["row_count"].clone()
    };
    assert_eq!((count(&full).await, count(&empty).await), (json!(7), json!(0)));
}

#[tokio::test]
async fn what_a_visitor_may_set_and_what_not() {
    let stage = Stage::with(Birch::Full).await;
    let own = stage.links("alder").await;
    let shown = stage.get(&format!("/api/public/dashboard/{}", own.dashboard)).await.expect(200).json();
    let names: BTreeSet<_> =
        shown["parameters"].as_array().unwrap().iter().map(|one| one["slug"].clone().to_string()).collect();
    // `least` is the token's and `period` nobody's, for links too; `note` is not named, and the visitor's.
    assert_eq!(names, BTreeSet::from(["\"city\"".to_owned(), "\"note\"".to_owned()]));
    let ask = async |given: &str| stage.get(&format!("/api/public/card/{}/query?{given}", own.question)).await;
    let all = ask("").await.expect(202).json()["row_count"].clone();
    let listed =
        ask("parameters=%5B%7B%22id%22%3A%22city%22%2C%22value%22%3A%5B%22Lyon%22%5D%7D%5D").await.expect(202).json();
    assert_eq!(listed["data"]["rows"], ask("city=Lyon").await.expect(202).json()["data"]["rows"]);
    assert!(listed["row_count"].as_u64() < all.as_u64() && listed["row_count"] != 0, "{listed}");
    for given in ["least=-5", "parameters=%7B%22least%22%3A%5B%5D%7D", "nothing=1"] {
        let refused = ask(given).await.expect(400).text();
        assert!(
            refused.contains("You're not allowed to specify a value for :least.") || refused.contains(":nothing"),
            "{refused}"
        );
    }
    // The default that is locked filters: nothing is as dear as this.
    let dear = |draft: &mut Value| draft["query"]["parameters"][1]["default"] = json!(1_000_000);
    stage.set("cards", "guest-question", dear).await;
    assert_eq!(ask("").await.expect(202).json()["row_count"], 0);
    // Without its default it is not shown any more, nor is another link made.
    stage.set("cards", "guest-question", |draft| draft["query"]["parameters"][1]["default"] = Value::Null).await;
    ask("").await.expect(404);
    let refused = stage.make("alder", json!({ "card": "guest-question" }), json!({})).await.expect(400).text();
    assert!(refused.contains("resource") && refused.contains("least is locked and has no default"), "{refused}");
}

#[tokio::test]
async fn the_page_and_what_it_asks() {
    let stage = Stage::with(Birch::Full).await;
    let (world, own) = (&stage.guests.world, stage.links("alder").await);
    let page = stage.get(&format!("/public/dashboard/{}", own.dashboard)).await.expect(200);
    assert!(page.text().contains("<html") && !page.text().contains(&own.dashboard));
    for path in ["/public/dashboard/", "/public/question/", "/t/alder/public/dashboard/", "/t/nobody/public/question/"]
    {
        // One page, whatever is behind it.
        assert_eq!(stage.get(&format!("{path}{NOBODYS}")).await.visible(), page.visible(), "{path}");
    }
    // The link is the page's credential, for that one thing, and is nobody's anywhere else.
    let shown = world.get(&own.dashboard, "/v1/embed").await.expect(200).json();
    assert_eq!(shown["tenant"]["name"], "alder & Sons");
    let rows = world.post(&own.dashboard, "/v1/embed/items/list/rows", &json!({})).await.expect(200);
    assert!(rows.text().contains("CANARY-ALDER"));
    world.post(&own.dashboard, "/v1/embed/items/list/export/csv", &json!({})).await.expect(200);
    world.get(&own.dashboard, "/t/alder/v1/embed").await.expect(200);
    let nobody = world.get(NOBODYS, "/v1/embed").await.expect(401);
    assert_eq!(world.get(&own.dashboard, "/t/birch/v1/embed").await.visible(), nobody.visible());
    for path in ["/v1/tenant", "/v1/dashboards", "/v1/public-links", "/v1/tenants"] {
        world.get(&own.dashboard, path).await.expect(401);
    }
    let bearer = world.call(Method::GET, &own.dashboard, "/api/user/current", None).await;
    assert_eq!(bearer.status, StatusCode::UNAUTHORIZED);
    stage.revoke("alder", &own).await;
    assert_eq!(world.get(&own.dashboard, "/v1/embed").await.visible(), nobody.visible());
    let no_files =
        stage.make("alder", json!({ "dashboard": "guests" }), json!({ "export": false })).await.expect(201).json();
    let uuid = no_files["uuid"].as_str().unwrap();
    world.post(uuid, "/v1/embed/items/list/rows", &json!({})).await.expect(200);
    world.post(uuid, "/v1/embed/items/list/export/csv", &json!({})).await.expect(403);
    let path = format!("/api/public/dashboard/{uuid}/dashcard/{}/card/{}", stage.place, stage.card);
    stage.get(&path).await.expect(202);
    stage.get(&format!("{path}/csv")).await.expect(403);
    // Off unless it is switched on.
    let_have_links(world, "alder", false).await;
    let refused = stage.make("alder", json!({ "dashboard": "guests" }), json!({})).await.expect(400).json();
    assert_eq!(refused["field"], "public_links");
}
