//! Public links as Metabase's clients make and end them: the same rights and refusals as `/v1/public-links`, and links of this tenant's.

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::world::{Birch, Reply, World, let_have_links};

async fn call(world: &World, secret: &str, method: &str, path: &str) -> Reply {
    ask(world, method, path, &[("x-api-key", secret.to_owned())], Sent::Nothing).await
}

async fn made(world: &World, secret: &str, kind: &str, number: &str) -> String {
    let path = format!("/api/{kind}/{number}/public_link");
    let made = call(world, secret, "POST", &path).await.expect(200).json();
    assert_eq!(made.as_object().unwrap().len(), 1);
    made["uuid"].as_str().unwrap().to_owned()
}

async fn opens(world: &World, kind: &str, uuid: &str) -> bool {
    ask(world, "GET", &format!("/api/public/{kind}/{uuid}"), &[], Sent::Nothing).await.status == 200
}

/// A key of alder's, made by the operator.
async fn make(world: &World, actions: &[&str], resources: Value) -> String {
    let draft = json!({ "name": "k", "scopes": [{ "actions": actions, "resources": resources }] });
    let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    made["secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn links_are_made_listed_and_ended() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let shared = library(world).await;
    let admin = &world.alder.key;
    // Off unless the operator says otherwise.
    let path = format!("/api/dashboard/{}/public_link", own.dashboard);
    let refused = call(world, admin, "POST", &path).await.expect(400).json();
    assert!(refused["errors"]["public_links"].as_str().unwrap().contains("operator"), "{refused}");
    for slug in ["alder", "birch"] {
        let_have_links(world, slug, true).await;
    }
    // Links of other things of the same kinds, which stay.
    let board = json!({ "slug": "stays", "name": "Stays" });
    let board = world.post(admin, "/v1/content/dashboards", &board).await.expect(201).json()["number"].to_string();
    let stays = made(world, admin, "dashboard", &board).await;
    let mut uuids = Vec::new();
    for (kind, number) in
        [("dashboard", &own.dashboard), ("card", &own.card), ("dashboard", &shared.dashboard), ("card", &shared.card)]
    {
        let list = format!("/api/{kind}/public");
        let path = format!("/api/{kind}/{number}/public_link");
        assert_eq!(call(world, admin, "DELETE", &path).await.expect(404).text(), "Not found.");
        // Each call makes a link: of one that is there nobody has the address any more.
        let (one, other) = (made(world, admin, kind, number).await, made(world, admin, kind, number).await);
        assert!(one != other && opens(world, kind, &one).await && opens(world, kind, &other).await);
        let listed = call(world, admin, "GET", &list).await.expect(200).json();
        let ids: Vec<_> = listed.as_array().unwrap().iter().map(|thing| thing["id"].to_string()).collect();
        let others = if kind == "dashboard" { vec![board.clone()] } else { vec![] };
        assert_eq!(ids, [vec![number.clone()], others.clone()].concat());
        assert_eq!((&listed[0]["public_uuid"], listed[0].as_object().unwrap().len()), (&Value::Null, 3));
        // The same thing is another tenant's too, and has no link of its own there.
        let theirs = call(world, &world.birch.key, "GET", &list).await.expect(200).json();
        assert_eq!(theirs, json!([]));
        let foreign = call(world, &world.birch.key, "DELETE", &path).await.expect(404);
        assert!(foreign.text() == "Not found." && opens(world, kind, &one).await);
        call(world, admin, "DELETE", &path).await.expect(204);
        assert!(!opens(world, kind, &one).await && !opens(world, kind, &other).await);
        assert!(opens(world, "dashboard", &stays).await);
        let left = call(world, admin, "GET", &list).await.expect(200).json();
        assert_eq!(left.as_array().unwrap().len(), others.len());
        call(world, admin, "DELETE", &path).await.expect(404);
        uuids.extend([one, other]);
    }
    let log = world.get(admin, "/v1/audit?limit=4").await.expect(200).json();
    let actions: Vec<_> = log["data"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
    assert_eq!(
        json!(actions),
        json!(["public_link.revoke", "public_link.revoke", "public_link.create", "public_link.create"])
    );
    let listed = world.get(admin, "/v1/public-links").await.expect(200).text();
    assert!(uuids.iter().all(|uuid| !listed.contains(uuid)), "a UUID is shown once");
    assert!(listed.contains("\"name\":\"public_link\""));
}

/// What a link needs of the key that makes it, and which links a key may end.
#[tokio::test]
async fn rights_are_those_of_our_own_surface() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let_have_links(world, "alder", true).await;
    let kinds = [("dashboard", &own.dashboard), ("card", &own.card)];
    let enough = ["keys:manage", "embed:sign", "dashboards:read", "cards:run"];
    for lacks in enough {
        let actions: Vec<&str> = enough.into_iter().filter(|action| *action != lacks).collect();
        let secret = make(world, &actions, json!({ "all": true })).await;
        for (kind, number) in kinds {
            let reply = call(world, &secret, "POST", &format!("/api/{kind}/{number}/public_link")).await;
            let wanted = if ["keys:manage", "dashboards:read"].contains(&lacks) { 403 } else { 400 };
            assert_eq!(reply.status.as_u16(), wanted, "{kind} without {lacks}: {}", reply.text());
            let named = json!({ "name": "x", "export": false, "resource": { kind: "own" } });
            let native = world.post(&secret, "/v1/public-links", &named).await;
            assert!([400, 403].contains(&native.status.as_u16()), "{kind} without {lacks}");
        }
    }
    assert_eq!(world.get(&world.alder.key, "/v1/public-links").await.expect(200).json()["data"], json!([]));
    // Files only where the key may have them.
    for (actions, has_files) in [(enough.to_vec(), false), ([&enough[..], &["results:export"]].concat(), true)] {
        let secret = make(world, &actions, json!({ "all": true })).await;
        let uuid = made(world, &secret, "card", &own.card).await;
        let path = format!("/api/public/card/{uuid}/query/csv");
        let reply = ask(world, "GET", &path, &[], Sent::Nothing).await;
        assert_eq!(reply.status == 200, has_files, "{}", reply.text());
        assert!(reply.status != 404, "it is there: {}", reply.text());
        call(world, &secret, "DELETE", &format!("/api/card/{}/public_link", own.card)).await.expect(204);
    }
    // A key that manages those of some things ends its own links, and hears of no others.
    let narrow = make(world, &enough, json!({ "dashboards": ["own"] })).await;
    let others = made(world, &world.alder.key, "dashboard", &own.dashboard).await;
    let path = format!("/api/dashboard/{}/public_link", own.dashboard);
    assert_eq!(call(world, &narrow, "GET", "/api/dashboard/public").await.expect(200).json(), json!([]));
    call(world, &narrow, "DELETE", &path).await.expect(404);
    let uuid = made(world, &narrow, "dashboard", &own.dashboard).await;
    call(world, &narrow, "DELETE", &path).await.expect(204);
    assert!(!opens(world, "dashboard", &uuid).await && opens(world, "dashboard", &others).await);
    call(world, &narrow, "POST", &format!("/api/card/{}/public_link", own.card)).await.expect(404);
    // What has ended by itself, or with its maker, is in no list.
    let end = |seconds: i64| jiff::Timestamp::from_second(world.now() + seconds).unwrap().to_string();
    let link = json!({ "name": "x", "resource": { "card": "own" }, "expires_at": end(60) });
    world.post(&world.alder.key, "/v1/public-links", &link).await.expect(201);
    let maker =
        json!({ "name": "m", "expires_at": end(120), "scopes": [{ "actions": enough, "resources": { "all": true } }] });
    let maker = world.post(&world.operator, "/v1/tenants/alder/api-keys", &maker).await.expect(201).json();
    made(world, maker["secret"].as_str().unwrap(), "card", &own.card).await;
    let listed = async || call(world, &world.alder.key, "GET", "/api/card/public").await.expect(200).json();
    for (passed, count) in [(59, 1), (60, 1), (2, 0)] {
        world.advance(passed);
        assert_eq!(listed().await.as_array().unwrap().len(), count, "{passed}");
    }
    call(world, &world.alder.key, "DELETE", &format!("/api/card/{}/public_link", own.card)).await.expect(404);
}

/// Links by another tenant's number, and in two worlds.
#[tokio::test]
async fn foreign_is_missing_and_worlds_agree() {
    let (full, empty) = (Keyed::with(Birch::Full).await, Keyed::with(Birch::Empty).await);
    let told = async |keyed: &Keyed| {
        let world = &keyed.world;
        for slug in ["alder", "birch"] {
            let_have_links(world, slug, true).await;
        }
        made(world, &world.birch.key, "dashboard", &keyed.birch.dashboard).await;
        let mut told = Vec::new();
        for (kind, theirs) in [("dashboard", &keyed.birch.dashboard), ("card", &keyed.birch.card)] {
            for method in ["POST", "DELETE"] {
                let ask = async |number: &str| {
                    let path = format!("/api/{kind}/{number}/public_link");
                    ask(world, method, &path, &key(&world.alder), Sent::Nothing).await.visible()
                };
                let missing = ask(&Things::nothing().card).await;
                assert_eq!(ask(theirs).await, missing, "{method} {kind}");
                assert_eq!(missing.0, 404);
                told.push(missing);
            }
            let path = format!("/api/{kind}/public");
            told.push(ask(world, "GET", &path, &key(&world.alder), Sent::Nothing).await.visible());
        }
        let theirs = ask(world, "GET", "/api/dashboard/public", &key(&world.birch), Sent::Nothing).await.expect(200);
        assert!(theirs.text().contains("NAMED-birch-dashboard"));
        told
    };
    assert_eq!(told(&full).await, told(&empty).await);
}
