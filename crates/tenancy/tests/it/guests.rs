//! Guest embeds in the kernel: whose keys are tried, what holds for the scope, and when it ends.

use serde_json::{Value, json};
use tenancy::model::content::{CardDraft, DashboardDraft, Values};
use tenancy::model::keys::EmbedKeyDraft;
use tenancy::{AdmitError, Caller, Embedded, GuestError, LookupError, NewEmbedKey, Run, TenantScope, View};

use crate::world::{Client, World, draft, hs256, on_both_engines, refusal};

on_both_engines!(
    keys_are_tried_below_their_own_tenant_only,
    a_key_ends_for_nameless_tokens_too,
    an_author_who_closes_a_thing_ends_running_answers,
);

async fn guest_key(world: &World, client: &Client, more: Value) -> NewEmbedKey {
    let mut wanted = json!({ "name": "guests", "dialect": "metabase" });
    for (name, value) in more.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    world.keys(client).await.create_embed_key(draft::<EmbedKeyDraft>(wanted)).await.unwrap()
}

/// The library's dashboard for guests, and its number.
async fn open_to_guests(world: &World, enabled: bool) -> (DashboardDraft, i32, i64) {
    let desk = world.operator().library().unwrap();
    let overview = desk.get::<DashboardDraft>("overview").await.unwrap();
    let mut draft = overview.draft;
    draft.enable_embedding = enabled;
    draft.embedding_params = crate::world::draft(json!({ "city": "enabled", "org": "locked" }));
    let changed = desk.replace("overview", overview.version, draft).await.unwrap();
    (changed.draft, changed.number, changed.version)
}

fn token(world: &World, key: &NewEmbedKey, number: i32, params: Value) -> String {
    let claims = json!({ "resource": { "dashboard": number }, "params": params, "exp": world.now() + 600 });
    hs256(&json!({ "typ": "JWT", "alg": "HS256" }), &claims, key.secret.as_ref().unwrap().expose())
}

async fn admit(world: &World, token: &str, slug: &str) -> Result<TenantScope, AdmitError> {
    world.tenancy.admit_embed(token, Some(slug)).await
}

fn is_named(scope: &TenantScope, key: &NewEmbedKey) -> bool {
    matches!(scope.caller(), Caller::Embed(id) if *id == key.key.id)
}

async fn keys_are_tried_below_their_own_tenant_only(world: World) {
    let (_, number, _) = open_to_guests(&world, true).await;
    let (alder, birch) =
        (guest_key(&world, &world.alder, json!({})).await, guest_key(&world, &world.birch, json!({})).await);
    let older = guest_key(&world, &world.alder, json!({})).await;
    let native = world.keys(&world.alder).await.create_embed_key(draft(json!({ "name": "ours" }))).await.unwrap();
    let params = || json!({ "org": 7 });
    for (key, slug) in [(&alder, "alder"), (&older, "alder"), (&birch, "birch")] {
        let scope = admit(&world, &token(&world, key, number, params()), slug).await.unwrap();
        assert_eq!(scope.profile().draft.slug.as_str(), slug);
        assert!(is_named(&scope, key) && scope.is_guest());
    }
    let nothing = refusal(admit(&world, &token(&world, &alder, number, params()), "nobody").await);
    for (key, slug) in [
        (&alder, "birch"),
        (&birch, "alder"),
        (&native, "alder"),
        (&native, "birch"),
        (&alder, ""),
        (&alder, "alder' --"),
    ] {
        let refused = refusal(admit(&world, &token(&world, key, number, params()), slug).await);
        assert_eq!(refused, nothing, "{slug}");
    }
    // At the root there is nobody whose keys could be tried, whoever signed.
    let root = refusal(world.tenancy.admit_embed(&token(&world, &alder, number, params()), None).await);
    assert_eq!(root, refusal(world.tenancy.admit_embed(&token(&world, &native, number, params()), None).await));
    assert!(root.contains("/t/{slug}"), "{root}");
    // The token's header says its key; the address is compared with it.
    let header = json!({ "alg": "HS256", "kid": alder.key.id });
    let claims = json!({ "resource": { "dashboard": number }, "params": params(), "exp": world.now() + 600 });
    let named = hs256(&header, &claims, alder.secret.as_ref().unwrap().expose());
    assert!(is_named(&world.tenancy.admit_embed(&named, None).await.unwrap(), &alder));
    assert!(matches!(admit(&world, &named, "birch").await, Err(AdmitError::Elsewhere)));
    assert!(world.tenancy.frame_origins(&named, None).await.is_some());
    assert!(world.tenancy.frame_origins(&token(&world, &native, number, params()), Some("alder")).await.is_none());
}

async fn a_key_ends_for_nameless_tokens_too(world: World) {
    let (_, number, _) = open_to_guests(&world, true).await;
    let elsewhere = world.another(2).await;
    let key = guest_key(&world, &world.alder, json!({})).await;
    let token = token(&world, &key, number, json!({ "org": 7 }));
    elsewhere.catch_up().await.unwrap();
    let (here, there) =
        (admit(&world, &token, "alder").await.unwrap(), elsewhere.admit_embed(&token, Some("alder")).await.unwrap());
    let asked = world.tenancy.metadata_queries();
    admit(&world, &token, "alder").await.unwrap();
    assert_eq!(world.tenancy.metadata_queries(), asked, "a warm request asks the store nothing");
    world.keys(&world.alder).await.revoke_embed_key(key.key.id.as_str()).await.unwrap();
    elsewhere.catch_up().await.unwrap();
    assert!(!here.is_still_admitted().await && !there.is_still_admitted().await);
    let nobody = refusal(admit(&world, &token, "nobody").await);
    assert_eq!(refusal(admit(&world, &token, "alder").await), nobody);
    assert_eq!(refusal(elsewhere.admit_embed(&token, Some("alder")).await), nobody);
}

async fn an_author_who_closes_a_thing_ends_running_answers(world: World) {
    let (_, number, _) = open_to_guests(&world, true).await;
    let key = guest_key(&world, &world.alder, json!({})).await;
    let token = token(&world, &key, number, json!({ "org": 7 }));
    let scope = admit(&world, &token, "alder").await.unwrap();
    let standing = scope.dashboard::<View>(&overview_of(&scope)).unwrap().item::<Run>("orders").unwrap().standing();
    let standings = [standing];
    assert!(scope.still_holds(&standings).await);
    // A change of something else ends nothing.
    guest_key(&world, &world.birch, json!({})).await;
    assert!(scope.still_holds(&standings).await);
    open_to_guests(&world, false).await;
    assert!(!scope.still_holds(&standings).await);
    assert!(matches!(admit(&world, &token, "alder").await, Err(AdmitError::Guest(GuestError::NotEnabled))));
}

fn overview_of(scope: &TenantScope) -> String {
    match scope.embedded() {
        Some(Ok(Embedded::Dashboard(dashboard))) => dashboard.get().id.to_string(),
        _ => panic!("the token shows a dashboard"),
    }
}

#[tokio::test]
async fn the_authors_rules_are_the_scopes_own() {
    let world = World::new().await;
    let (_, number, _) = open_to_guests(&world, true).await;
    let key = guest_key(&world, &world.alder, json!({})).await;
    let scope = admit(&world, &token(&world, &key, number, json!({ "org": [7] })), "alder").await.unwrap();
    assert!(scope.locks("org") && !scope.locks("city") && scope.locks("nothing"));
    let card = scope.dashboard::<View>(&overview_of(&scope)).unwrap().item::<Run>("orders").unwrap();
    let given = |value: Value| draft::<Values>(value);
    assert_eq!(card.inputs(given(json!({ "city": "x" }))).unwrap(), given(json!({ "org": 7, "city": "x" })));
    for (value, text) in [
        (json!({ "org": 8 }), "You can only specify a value for :org in the JWT."),
        (json!({ "org": null }), "You can only specify a value for :org in the JWT."),
        (json!({ "nothing": 1 }), "Unknown parameter :nothing."),
    ] {
        assert_eq!(card.inputs(given(value.clone())).unwrap_err().message, text);
        assert_eq!(scope.check_guest(&given(value)).unwrap_err().to_string(), text);
    }
    // Our own tokens know nothing of these rules.
    let ours = world.embed(&world.token(&world.alder, json!({}))).await;
    assert!(!ours.is_guest() && ours.check_guest(&given(json!({ "nothing": 1 }))).is_ok());
}

/// What the token names and its tenant, or its key, does not have: a scope that can do nothing at all.
#[tokio::test]
async fn a_token_for_nothing_opens_nothing() {
    let world = World::new().await;
    let (_, number, _) = open_to_guests(&world, true).await;
    // A slug that looks like a number is no number.
    let desk = world.operator().library().unwrap();
    let like =
        json!({ "slug": "12345", "name": "n", "collection": "shop", "source": "lms", "query": { "sql": "SELECT 1" } });
    desk.create::<CardDraft>(draft(like)).await.unwrap();
    let all = guest_key(&world, &world.alder, json!({})).await;
    let narrow = guest_key(&world, &world.alder, json!({ "resources": { "cards": ["orders"] } })).await;
    let hidden = desk.get::<DashboardDraft>("hidden").await.unwrap().number;
    for (key, resource) in [
        (&all, json!({ "dashboard": hidden })),
        (&all, json!({ "question": 12345 })),
        (&all, json!({ "question": number })),
        (&all, json!({ "dashboard": "overview" })),
        (&narrow, json!({ "dashboard": number })),
    ] {
        let claims = json!({ "resource": resource, "params": { "org": 7 }, "exp": world.now() + 600 });
        let token = hs256(&json!({ "alg": "HS256" }), &claims, key.secret.as_ref().unwrap().expose());
        let scope = admit(&world, &token, "alder").await.unwrap();
        assert!(matches!(scope.embedded(), Some(Err(LookupError::Missing))), "{resource}");
        for name in ["overview", "hidden", "own-dashboard", ""] {
            assert!(matches!(scope.dashboard::<View>(name), Err(LookupError::Missing)), "{resource} {name}");
        }
        for name in ["orders", "12345", "own-card", ""] {
            assert!(matches!(scope.card::<Run>(name), Err(LookupError::Missing)), "{resource} {name}");
        }
        assert!(scope.dashboards().is_empty() && scope.cards().is_empty() && scope.collections().is_empty());
    }
}
