//! Tenants' own host names: an address as `/t/{slug}` is one, and no more than that.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::metabase_isolation::Ways;
use crate::metabase_stage::Guests;
use crate::world::{Reply, World, put_in_tenant, suspend};

const ALDER: &str = "bi.alder.example";
const BIRCH: &str = "reports.birch.example";

async fn named(world: &World, slug: &str, hosts: Value) -> Reply {
    put_in_tenant(world, slug, "hosts", hosts).await
}

async fn at(world: &World, host: &str, credential: &str, path: &str) -> Reply {
    let mut request = Request::builder().method(Method::GET).uri(path).header("host", host);
    if !credential.is_empty() {
        request = request.header("authorization", format!("Bearer {credential}"));
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_tenants_own_host_is_its_address_and_nobody_elses() {
    let guests = Guests::new().await;
    let world = &guests.world;
    let (own, theirs) = (Ways::of(&guests, &guests.alder).await, Ways::of(&guests, &guests.birch).await);
    let keyed = ["/api/user/current", "/api/dashboard", "/api/card", "/api/database", "/v1/embed", "/v1/embed/nothing"];
    let token = world.token(&world.alder, json!({}));
    let other = world.token(&world.birch, json!({}));
    // Before it has one, the name is the root's.
    for (route, path) in own.all() {
        assert_eq!(at(world, ALDER, "", &path).await.visible(), guests.get(&path).await.visible(), "{route}");
    }
    named(world, "alder", json!([ALDER, "old.alder.example"])).await.expect(200);
    named(world, "birch", json!([BIRCH])).await.expect(200);
    let mut answers = 0;
    for ((route, path), (_, foreign)) in own.all().iter().zip(theirs.all()) {
        for host in [ALDER, "BI.alder.EXAMPLE:8443", "bi.alder.example.", "old.alder.example"] {
            let reply = at(world, host, "", path).await;
            assert_eq!(reply.visible(), guests.get(&format!("/t/alder{path}")).await.visible(), "{host} {route}");
            answers += 1;
        }
        // Somebody else's token is what it is below the tenant's address: nobody's.
        for (host, path) in [(ALDER, foreign.as_str()), (BIRCH, path.as_str())] {
            let slug = if host == ALDER { "alder" } else { "birch" };
            let reply = at(world, host, "", path).await;
            assert_eq!(reply.visible(), guests.get(&format!("/t/{slug}{path}")).await.visible(), "{host} {route}");
            assert!(reply.status.is_client_error() && !reply.text().contains("CANARY"), "{host} {route}");
            answers += 1;
        }
        // What is nobody's host is the root.
        let nobodys = at(world, "bi.cedar.example", "", path).await;
        assert_eq!(nobodys.visible(), guests.get(path).await.visible(), "{route}");
    }
    for path in keyed {
        let viewers = path.starts_with("/v1");
        let (own, foreign) = if viewers { (&token, &other) } else { (&world.alder.key, &world.birch.key) };
        let below = async |credential: &str| world.get(credential, &format!("/t/alder{path}")).await.visible();
        assert_eq!(at(world, ALDER, own, path).await.visible(), below(own).await, "{path}");
        for credential in [foreign, &world.operator, ""] {
            let reply = at(world, ALDER, credential, path).await;
            assert_eq!(reply.visible(), below(credential).await, "{path}");
            assert!(reply.status.is_client_error(), "{path}");
        }
        answers += 4;
    }
    assert!(answers > 130, "{answers}");
    world.was_said("CANARY-ALDER");
    world.never_said("CANARY-BIRCH");
    // Our own API of keys is the same everywhere, keys for embedding included: the key says whose it is.
    for path in ["/v1/tenant", "/v1/embed-keys"] {
        at(world, BIRCH, &world.alder.key, path).await.expect(200);
    }
    // Pages and scripts are there too.
    for path in ["/app/embed.js", "/app/iframeResizer.js", "/embed.js"] {
        at(world, ALDER, "", path).await.expect(200);
    }
}

#[tokio::test]
async fn a_host_ends_with_its_tenant_and_at_once() {
    let guests = Guests::new().await;
    let world = &guests.world;
    let path = format!("/api/embed/dashboard/{}", guests.of_dashboard(&guests.alder, json!({ "least": 0 })));
    let shown = async || at(world, ALDER, "", &path).await.status.as_u16();
    named(world, "alder", json!([ALDER])).await.expect(200);
    assert_eq!(shown().await, 200);
    suspend(world, "alder", true).await;
    assert_eq!(shown().await, 400);
    suspend(world, "alder", false).await;
    assert_eq!(shown().await, 200);
    let taken = named(world, "birch", json!(["ours.example", ALDER])).await.expect(409);
    assert!(taken.text().contains("hosts"), "{}", taken.text());
    assert_eq!(shown().await, 200);
    // It goes to another tenant with what is signed for that one, and with nothing of the first's.
    named(world, "alder", json!([])).await.expect(200);
    named(world, "birch", json!([ALDER])).await.expect(200);
    assert_eq!(shown().await, 400);
    let theirs = guests.of_dashboard(&guests.birch, json!({ "least": 0 }));
    at(world, ALDER, "", &format!("/api/embed/dashboard/{theirs}")).await.expect(200);
    // With the tenant the name is free.
    world.delete(&world.operator, "/v1/tenants/birch").await.expect(204);
    named(world, "alder", json!([ALDER])).await.expect(200);
    assert_eq!(shown().await, 200);
    for wrong in
        ["BI.alder.example", "alder", "10.0.0.1", "bi.alder.example:80", "https://bi.alder.example", "-a.b", "a..b", ""]
    {
        let refused = named(world, "alder", json!([wrong])).await.expect(400);
        assert!(refused.text().contains("hosts"), "{wrong}: {}", refused.text());
    }
    let many: Vec<String> = (0..21).map(|number| format!("h{number}.alder.example")).collect();
    named(world, "alder", json!(many)).await.expect(400);
}

/// A stranger's names ask nothing of the store.
#[tokio::test]
async fn names_that_are_nobodys_cost_nothing() {
    let world = World::new().await;
    named(&world, "alder", json!([ALDER])).await.expect(200);
    at(&world, "first.example", "", "/api/health").await.expect(200);
    let before = world.tenancy.metadata_queries();
    for number in 0..50 {
        at(&world, &format!("h{number}.example"), "", "/api/health").await.expect(200);
    }
    assert_eq!(world.tenancy.metadata_queries(), before);
}
