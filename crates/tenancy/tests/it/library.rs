//! The library and who sees what of it.

use serde_json::{Value, json};
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft};
use tenancy::{Run, TenantScope, View, WriteError};

use crate::world::{World, draft, field, on_both_engines, refusal};

on_both_engines!(
    publications_reach_whom_they_name,
    a_slug_that_is_used_again_inherits_nothing,
    collections_carry_what_lies_below,
    lists_go_by_pages,
);

fn sees(scope: &TenantScope, name: &str) -> bool {
    scope.dashboard::<View>(name).is_ok()
}

async fn publications_reach_whom_they_name(world: World) {
    let operator = world.operator();
    for (audience, alder_sees, birch_sees) in [
        (json!("all"), true, true),
        (json!({ "labels": { "plan": "gold" } }), true, false),
        (json!({ "labels": { "plan": "gold", "region": "eu" } }), false, false),
        (json!({ "labels": { "plan": "copper" } }), false, false),
        (json!({ "tenants": ["birch"] }), false, true),
        (json!({ "tenants": [world.alder.id, "birch"] }), true, true),
    ] {
        let publish = json!({ "publish": { "dashboard": "hidden" }, "audience": audience });
        let publication = operator.create_publication(draft(publish)).await.unwrap();
        let (alder, birch) = (world.alder().await, world.birch().await);
        assert_eq!((sees(&alder, "hidden"), sees(&birch, "hidden")), (alder_sees, birch_sees), "{audience}");
        // A dashboard brings its cards, in it and not by themselves.
        if alder_sees {
            let _ = alder.dashboard::<View>("hidden").unwrap().item::<Run>("a").unwrap();
        }
        assert!(alder.card::<Run>("hidden").is_err());
        operator.delete_publication(publication.id.as_str()).await.unwrap();
        assert!(!sees(&world.alder().await, "hidden") && !sees(&world.birch().await, "hidden"));
    }
    let card = operator
        .create_publication(draft(json!({ "publish": { "card": "hidden" }, "audience": "all" })))
        .await
        .unwrap();
    assert!(world.alder().await.card::<Run>("hidden").is_ok() && !sees(&world.alder().await, "hidden"));
    operator.delete_publication(card.id.as_str()).await.unwrap();
    assert_eq!(refusal(operator.delete_publication(card.id.as_str()).await), "Missing");
    // Labels that change take effect.
    operator
        .create_publication(draft(
            json!({ "publish": { "dashboard": "hidden" }, "audience": { "labels": { "plan": "gold" } } }),
        ))
        .await
        .unwrap();
    let birch = operator.tenant("birch").await.unwrap();
    let mut richer = birch.draft.clone();
    richer.labels.insert("plan".into(), "gold".into());
    operator.replace_tenant("birch", birch.version, richer).await.unwrap();
    assert!(sees(&world.birch().await, "hidden"));
    for (publish, audience, wrong) in [
        (json!({ "card": "no-such" }), json!("all"), "publish"),
        // Nothing of a tenant can be published.
        (json!({ "card": world.alder.card }), json!("all"), "publish"),
        (json!({ "dashboard": "own-dashboard" }), json!("all"), "publish"),
        (json!({ "card": "hidden" }), json!({ "tenants": ["nobody"] }), "audience.tenants"),
        (json!({ "card": "hidden" }), json!({ "tenants": [] }), "audience"),
        (json!({ "card": "hidden" }), json!({ "labels": {} }), "audience"),
    ] {
        let publication = json!({ "publish": publish, "audience": audience });
        assert_eq!(field(operator.create_publication(draft(publication)).await), wrong);
    }
}

async fn a_slug_that_is_used_again_inherits_nothing(world: World) {
    let operator = world.operator();
    operator
        .create_publication(draft(
            json!({ "publish": { "dashboard": "hidden" }, "audience": { "tenants": ["birch"] } }),
        ))
        .await
        .unwrap();
    assert!(sees(&world.birch().await, "hidden"));
    let (old_key, old_token) = (world.birch.key.clone(), world.token(&world.birch, json!({})));
    operator.delete_tenant("birch").await.unwrap();
    operator.create_tenant(draft(json!({ "slug": "birch", "name": "Another" }))).await.unwrap();
    assert!(world.tenancy.admit_key(&old_key, None).await.is_err());
    assert!(world.tenancy.admit_embed(&old_token, None).await.is_err());
    let new = json!({ "name": "k", "scopes": crate::world::everything() });
    let key = operator.tenant_keys("birch").await.unwrap().create_api_key(draft(new)).await.unwrap();
    let scope = world.scope(key.secret.expose()).await;
    assert!(!sees(&scope, "hidden") && !sees(&scope, "own-dashboard"));
    assert!(
        scope
            .audit(None, 100)
            .await
            .unwrap()
            .data
            .iter()
            .all(|entry| entry.tenant.as_deref() == Some(scope.tenant().as_str()))
    );
    // The same for content: a key of a thing does not reach the next one with its name.
    let (narrow, _) = world
        .key(
            &world.alder,
            json!([{ "actions": ["dashboards:read"], "resources": { "dashboards": ["own-dashboard"] } }]),
        )
        .await;
    let desk = world.alder().await.desk().unwrap();
    assert!(sees(&world.scope(&narrow).await, "own-dashboard"));
    desk.delete::<DashboardDraft>("own-dashboard").await.unwrap();
    desk.create::<DashboardDraft>(draft(json!({ "slug": "own-dashboard", "name": "New" }))).await.unwrap();
    assert!(!sees(&world.scope(&narrow).await, "own-dashboard"));
}

async fn collections_carry_what_lies_below(world: World) {
    let desk = world.operator().library().unwrap();
    let make = async |slug: &str, above: &str| {
        desk.create::<CollectionDraft>(draft(json!({ "slug": slug, "name": slug, "collection": above })))
            .await
            .unwrap();
    };
    make("inner", "shop").await;
    make("innermost", "inner").await;
    let card = json!({ "slug": "deep", "name": "d", "collection": "innermost", "source": "lms", "query": { "sql": "SELECT 1" } });
    desk.create::<CardDraft>(draft(card.clone())).await.unwrap();
    let _ = world.alder().await.card::<Run>("deep").unwrap();
    // Neither in itself nor below itself.
    for (slug, above) in [("shop", "innermost"), ("shop", "shop"), ("inner", "innermost")] {
        let found = desk.get::<CollectionDraft>(slug).await.unwrap();
        let moved = json!({ "slug": slug, "name": slug, "collection": above });
        assert_eq!(field(desk.replace::<CollectionDraft>(slug, found.version, draft(moved)).await), "collection");
    }
    for slug in ["shop", "inner", "innermost"] {
        assert!(matches!(desk.delete::<CollectionDraft>(slug).await, Err(WriteError::InUse(_))), "{slug}");
    }
    assert!(matches!(desk.delete::<CardDraft>("orders").await, Err(WriteError::InUse(_))));
    // Taken out of what is published, it is gone for tenants.
    let mut moved = card;
    moved["collection"] = Value::Null;
    let moved = desk.replace::<CardDraft>("deep", 1, draft(moved)).await.unwrap();
    assert!(world.alder().await.card::<Run>("deep").is_err());
    assert_eq!(refusal(desk.replace::<CardDraft>("deep", 1, moved.draft.clone()).await.map(|_| ())), "Stale");
    let mut renamed = moved.draft.clone();
    renamed.slug = None;
    assert_eq!(field(desk.replace::<CardDraft>("deep", 2, renamed).await), "slug");
    assert_eq!(refusal(desk.create::<CardDraft>(moved.draft).await.map(|_| ())), "Taken { field: \"slug\" }");
}

#[tokio::test]
async fn dashboards_are_checked_when_written() {
    let world = World::new().await;
    let desk = world.operator().library().unwrap();
    let item = |show: Value| json!([{ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4, "show": show }]);
    let org = json!([{ "name": "org", "type": "id", "locked": true }]);
    let show = |over: Value| {
        let mut show = json!({ "kind": "card", "card": "orders" });
        for (name, value) in over.as_object().unwrap() {
            show[name] = value.clone();
        }
        show
    };
    for (name, parameters, show, wrong) in [
        ("a locked filter forgotten", org.clone(), show(json!({})), "items.a.parameters"),
        ("wired to no filter", json!([]), show(json!({ "parameters": { "org": "org" } })), "items.a.parameters"),
        ("unfiltered by no filter", json!([]), show(json!({ "unfiltered": ["org"] })), "items.a.parameters"),
        (
            "a parameter that the card lacks",
            org.clone(),
            show(json!({ "parameters": { "nothing": "org" } })),
            "items.a.parameters",
        ),
        (
            "another type",
            json!([{ "name": "org", "type": "text", "locked": true }]),
            show(json!({ "parameters": { "org": "org" } })),
            "items.a.parameters",
        ),
        (
            "many for one",
            json!([{ "name": "org", "type": "id", "multiple": true }]),
            show(json!({ "parameters": { "org": "org" } })),
            "items.a.parameters",
        ),
        ("no such card", json!([]), show(json!({ "card": "no-such" })), "items"),
        (
            "two filters of one name",
            json!([{ "name": "org", "type": "id" }, { "name": "org", "type": "id" }]),
            show(json!({})),
            "parameters",
        ),
    ] {
        let dashboard = json!({ "name": "d", "parameters": parameters, "items": item(show) });
        assert_eq!(field(desk.create::<DashboardDraft>(draft(dashboard)).await), wrong, "{name}");
    }
    let heading = json!({ "kind": "heading", "text": "h" });
    for (name, over, wrong) in [
        ("too wide", json!({ "x": 20, "w": 5 }), "items.a.x"),
        ("no height", json!({ "h": 0 }), "items.a.x"),
        ("a tab that is not there", json!({ "tab": "second" }), "items.a.tab"),
        ("no tab where there are some", json!({ "tab": null }), "items.a.tab"),
    ] {
        let mut item = json!({ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4, "tab": "first", "show": heading });
        for (key, value) in over.as_object().unwrap() {
            item[key] = value.clone();
        }
        let dashboard = json!({ "name": "d", "tabs": [{ "id": "first", "name": "First" }], "items": [item] });
        assert_eq!(field(desk.create::<DashboardDraft>(draft(dashboard)).await), wrong, "{name}");
    }
    assert!(serde_json::from_value::<DashboardDraft>(json!({ "name": "d", "owner": "library" })).is_err());
    assert!(
        serde_json::from_value::<DashboardDraft>(
            json!({ "name": "d", "parameters": [{ "name": "o", "type": "id", "lockd": true }] })
        )
        .is_err()
    );
    let tabs = desk.get::<DashboardDraft>("overview").await.unwrap().draft.tabs;
    assert_eq!(tabs.iter().map(|tab| tab.id.as_str()).collect::<Vec<_>>(), ["first", "second"]);
}

async fn lists_go_by_pages(world: World) {
    let operator = world.operator();
    for number in 0..7 {
        operator.create_tenant(draft(json!({ "slug": format!("t{number}-x"), "name": "T" }))).await.unwrap();
    }
    let (mut cursor, mut slugs) = (None, Vec::new());
    loop {
        let page = operator.tenants(cursor.as_deref(), 2).await.unwrap();
        slugs.extend(page.data.iter().map(|tenant| tenant.draft.slug.to_string()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(slugs, ["alder", "birch", "t0-x", "t1-x", "t2-x", "t3-x", "t4-x", "t5-x", "t6-x"]);
    let desk = operator.library().unwrap();
    let all = desk.list::<CardDraft>(None, 100).await.unwrap();
    let first = desk.list::<CardDraft>(None, 2).await.unwrap();
    let rest = desk.list::<CardDraft>(first.next_cursor.as_deref(), 100).await.unwrap();
    let ids = |cards: &[tenancy::Card]| cards.iter().map(|card| card.id.to_string()).collect::<Vec<_>>();
    assert_eq!([ids(&first.data), ids(&rest.data)].concat(), ids(&all.data));
    assert!(ids(&all.data).is_sorted());
    for cursor in ["x' OR '1'='1", "", "Alder"] {
        assert_eq!(field(operator.tenants(Some(cursor), 1).await.map(|_| ())), "cursor");
        assert_eq!(field(operator.sources(Some(cursor), 1).await.map(|_| ())), "cursor");
        assert_eq!(field(operator.publications(Some(cursor), 1).await.map(|_| ())), "cursor");
        assert_eq!(field(desk.list::<CardDraft>(Some(cursor), 1).await.map(|_| ())), "cursor");
    }
}
