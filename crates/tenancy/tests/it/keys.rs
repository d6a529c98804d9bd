//! Keys that make keys: never wider, in no respect.

use serde_json::{Value, json};
use tenancy::model::content::{CardDraft, CollectionDraft, SnippetDraft};
use tenancy::{Action, Export, LookupError, Run, View, WriteError};

use crate::world::{World, draft, everything, field, on_both_engines, refusal};

on_both_engines!(
    a_key_makes_no_wider_key,
    keys_of_some_things_manage_their_own_family_only,
    writing_sql_is_a_right_of_its_own,
    a_key_that_takes_anothers_place_is_never_wider_and_ends_with_who_asked,
    an_operator_key_takes_the_keys_that_it_made,
);

async fn an_operator_key_takes_the_keys_that_it_made(world: World) {
    let wanted = || draft(json!({ "name": "o", "actions": ["operators:manage", "read"] }));
    let admit = async |secret: &str| match world.tenancy.admit_key(secret, None).await {
        Ok((tenancy::Principal::Operator(operator), _)) => Some(operator),
        _ => None,
    };
    let first = world.operator().create_operator_key(wanted()).await.unwrap();
    let maker = admit(first.secret.expose()).await.unwrap();
    let second = maker.create_operator_key(wanted()).await.unwrap();
    let third = admit(second.secret.expose()).await.unwrap().create_operator_key(wanted()).await.unwrap();
    let beside = world.operator().create_operator_key(wanted()).await.unwrap();
    world.operator().revoke_operator_key(first.key.id.as_str()).await.unwrap();
    for gone in [&first, &second, &third] {
        assert!(admit(gone.secret.expose()).await.is_none(), "whoever stole a key would keep those made with it");
    }
    assert!(admit(beside.secret.expose()).await.is_some());
    // One that was admitted a moment ago makes nothing that would outlive it.
    assert!(refusal(maker.create_operator_key(wanted()).await).starts_with("Forbidden"));
}

async fn a_key_that_takes_anothers_place_is_never_wider_and_ends_with_who_asked(world: World) {
    let scopes = |actions: &[&str]| json!([{ "actions": actions, "resources": { "all": true } }]);
    let office = async |secret: &str| world.scope(secret).await.keys().await.unwrap();
    let is_live = async |secret: &str| crate::world::admit(&world.tenancy, secret).await.is_ok();
    let make = async |by: &tenancy::KeyOffice, actions: &[&str]| {
        let new = by.create_api_key(draft(json!({ "name": "k", "scopes": scopes(actions) }))).await.unwrap();
        (new.secret.expose().to_owned(), new.key.id.to_string())
    };
    let operator = world.keys(&world.alder).await;
    let (maker, maker_id) = make(&operator, &["keys:manage", "cards:run"]).await;
    let (old, old_id) = make(&operator, &["cards:run"]).await;
    let (wide, wide_id) = make(&operator, &["keys:manage", "cards:run", "sql:run"]).await;
    let (child, child_id) = make(&office(&wide).await, &["keys:manage", "cards:run"]).await;
    // Never wider than who asks: another key's text would be a way to what it may.
    assert_eq!(field(office(&maker).await.replace_api_key(&wide_id).await), "scopes");
    // Not itself, and not what it was made with.
    for (by, id) in [(&maker, &maker_id), (&wide, &wide_id), (&child, &child_id)] {
        assert!(refusal(office(by).await.replace_api_key(id).await).starts_with("InUse"));
    }
    assert_eq!(field(office(&child).await.replace_api_key(&wide_id).await), "scopes");
    let (grandchild, _) = make(&office(&child).await, &["keys:manage", "cards:run"]).await;
    assert!(refusal(office(&grandchild).await.replace_api_key(&child_id).await).starts_with("InUse"));
    for secret in [&maker, &old, &wide, &child, &grandchild] {
        assert!(is_live(secret).await, "what is refused changes nothing");
    }
    // Somebody else's and none.
    let (_, theirs) = world.key(&world.birch, scopes(&["cards:run"])).await;
    for id in [theirs.as_str(), "key_none", ""] {
        assert!(refusal(office(&maker).await.replace_api_key(id).await).starts_with("Missing"), "{id}");
    }
    let new = office(&maker).await.replace_api_key(&old_id).await.unwrap();
    let new_secret = new.secret.expose().to_owned();
    assert!(is_live(&new_secret).await && !is_live(&old).await);
    assert_eq!(new.key.parent.as_ref().map(tenancy::ApiKeyId::as_str), Some(maker_id.as_str()));
    assert!(refusal(office(&maker).await.replace_api_key(&old_id).await).starts_with("Missing"), "it has ended");
    let log = world.operator().audit(None, 1).await.unwrap();
    let entry = &log.data[0];
    assert_eq!(
        (entry.action.as_str(), entry.object.as_str(), entry.detail.as_str()),
        ("api_key.replace", old_id.as_str(), new.key.id.as_str())
    );
    // What it had made goes with the old one.
    operator.replace_api_key(&child_id).await.unwrap();
    assert!(!is_live(&child).await && !is_live(&grandchild).await && is_live(&wide).await);
    operator.revoke_api_key(&maker_id).await.unwrap();
    assert!(!is_live(&new_secret).await, "it ends with the key that asked for it");
}

async fn a_key_makes_no_wider_key(world: World) {
    let end = |seconds: i64| json!(jiff::Timestamp::from_second(world.now() + seconds).unwrap().to_string());
    let scopes = json!([
        { "actions": ["keys:manage"], "resources": { "all": true } },
        { "actions": ["dashboards:read", "cards:run", "embed:sign"], "resources": { "dashboards": ["overview"] } },
        { "actions": ["dashboards:read"], "resources": { "cards": ["totals"], "sources": ["lms"] } },
    ]);
    let maker = json!({ "name": "m", "scopes": scopes, "expires_at": end(600), "networks": ["10.0.0.0/8"], "requests_per_minute": 60 });
    let maker = world.keys(&world.alder).await.create_api_key(draft(maker)).await.unwrap();
    let peer = Some("10.0.0.1".parse().unwrap());
    let Ok((tenancy::Principal::Tenant(scope), _)) = world.tenancy.admit_key(maker.secret.expose(), peer).await else {
        panic!()
    };
    let office = scope.keys().await.unwrap();
    let fine = json!({ "name": "c", "scopes": [{ "actions": ["dashboards:read", "cards:run"], "resources": { "dashboards": ["overview"] } }],
        "expires_at": end(600), "networks": ["10.1.0.0/16"], "requests_per_minute": 60 });
    let with = |name: &str, value: Value| {
        let mut wanted = fine.clone();
        wanted[name] = value;
        wanted
    };
    office.create_api_key(draft(fine.clone())).await.unwrap();
    let one = |action: &str, resources: Value| json!([{ "actions": [action], "resources": resources }]);
    for (name, value) in [
        ("scopes", everything()),
        ("scopes", one("results:export", json!({ "dashboards": ["overview"] }))),
        ("scopes", one("cards:run", json!({ "all": true }))),
        ("scopes", one("cards:run", json!({ "cards": ["totals"] }))),
        ("scopes", one("cards:run", json!({ "collections": ["shop"] }))),
        ("scopes", one("cards:run", json!({ "dashboards": ["overview", "own-dashboard"] }))),
        ("scopes", one("cards:run", json!({ "dashboards": ["overview"], "sources": ["lms"] }))),
        ("scopes", one("sql:run", json!({ "sources": ["lms"] }))),
        ("scopes", json!([])),
        ("scopes", one("cards:run", json!({}))),
        ("scopes", json!([{ "actions": [], "resources": { "dashboards": ["overview"] } }])),
        ("expires_at", Value::Null),
        ("expires_at", end(601)),
        ("networks", json!([])),
        ("networks", json!(["0.0.0.0/0"])),
        ("networks", json!(["10.0.0.0/7"])),
        ("networks", json!(["10.1.0.0/16", "11.0.0.0/16"])),
        ("requests_per_minute", Value::Null),
        ("requests_per_minute", json!(61)),
    ] {
        let refused = field(office.create_api_key(draft(with(name, value.clone()))).await);
        assert_eq!(refused, name, "{value}");
    }
    // Embed keys show rows: only where the maker may do all of that.
    let embed = |resources: Value, export: bool| json!({ "name": "e", "resources": resources, "export": export });
    office.create_embed_key(draft(embed(json!({ "dashboards": ["overview"] }), false))).await.unwrap();
    for (resources, export) in [
        (json!({ "dashboards": ["overview"] }), true),
        (json!({ "all": true }), false),
        (json!({ "cards": ["totals"] }), false),
        (json!({ "sources": ["lms"] }), false),
        (json!({ "collections": ["shop"] }), false),
    ] {
        assert_eq!(
            field(office.create_embed_key(draft(embed(resources.clone(), export))).await),
            "scopes",
            "{resources}"
        );
    }
}

async fn keys_of_some_things_manage_their_own_family_only(world: World) {
    let scopes = json!([{ "actions": ["keys:manage", "dashboards:read", "cards:run", "embed:sign"], "resources": { "dashboards": ["overview"] } }]);
    let (some, some_id) = world.key(&world.alder, scopes.clone()).await;
    let (_, sister) = world.key(&world.alder, scopes.clone()).await;
    let office = world.scope(&some).await.keys().await.unwrap();
    let child = office.create_api_key(draft(json!({ "name": "c", "scopes": scopes }))).await.unwrap();
    let embed = json!({ "name": "e", "resources": { "dashboards": ["overview"] }, "export": false });
    let embed = office.create_embed_key(draft(embed)).await.unwrap();
    let mut seen: Vec<_> = office.api_keys().await.unwrap().iter().map(|key| key.id.to_string()).collect();
    let mut family = vec![some_id.clone(), child.key.id.to_string()];
    seen.sort();
    family.sort();
    assert_eq!(seen, family);
    assert_eq!(office.embed_keys().await.unwrap().len(), 1);
    for other in [&world.alder.key_id, &sister] {
        assert_eq!(refusal(office.api_key(other).await), "Missing");
        assert_eq!(refusal(office.revoke_api_key(other).await), "Missing");
    }
    assert_eq!(refusal(office.revoke_embed_key(&world.alder.embed_key).await), "Missing");
    office.revoke_embed_key(embed.key.id.as_str()).await.unwrap();
    office.revoke_api_key(child.key.id.as_str()).await.unwrap();
    assert_eq!(refusal(office.revoke_api_key(child.key.id.as_str()).await), "Missing");
    // Whoever manages keys of everything manages all of them.
    let all = world.alder().await.keys().await.unwrap();
    assert!(all.api_keys().await.unwrap().len() >= 4);
    all.revoke_api_key(&sister).await.unwrap();
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say() {
    let world = World::new().await;
    let (key, _) = world
        .key(
            &world.alder,
            json!([
                { "actions": ["dashboards:read", "cards:run"], "resources": { "dashboards": ["overview"] } },
                { "actions": ["dashboards:read"], "resources": { "cards": ["own-card"] } },
            ]),
        )
        .await;
    let scope = world.scope(&key).await;
    let dashboard = scope.dashboard::<View>("overview").unwrap();
    let _ = dashboard.item::<Run>("orders").unwrap();
    assert_eq!(dashboard.item::<Export>("orders").err(), Some(LookupError::Forbidden(Action::ResultsExport)));
    assert_eq!(dashboard.item::<Run>("title").err(), Some(LookupError::Missing));
    assert_eq!(dashboard.item::<Run>("nothing").err(), Some(LookupError::Missing));
    assert_eq!(scope.card::<Run>("own-card").err(), Some(LookupError::Forbidden(Action::CardsRun)));
    assert_eq!(scope.card::<View>("orders").err(), Some(LookupError::Missing));
    assert_eq!(scope.dashboard::<View>("own-dashboard").err(), Some(LookupError::Missing));
    assert_eq!((scope.dashboards().len(), scope.cards().len(), scope.collections().len()), (1, 1, 0));
    for lacks in [scope.desk().map(|_| ()), scope.keys().await.map(|_| ()), scope.audit(None, 1).await.map(|_| ())] {
        assert!(matches!(lacks, Err(WriteError::Forbidden(_))));
    }
    let claims = tenancy::Claims::new(tenancy::Resource::Dashboard("overview".into()), world.now() + 60);
    assert!(matches!(
        scope.sign_embed_token(&world.alder.embed_key, &claims).await,
        Err(WriteError::Forbidden("embed:sign"))
    ));
    // Content is written by whoever may write all of it.
    let (some, _) = world
        .key(&world.alder, json!([{ "actions": ["content:write"], "resources": { "collections": ["mine"] } }]))
        .await;
    assert!(world.scope(&some).await.desk().is_err());
    // A collection includes what lies in it; a source the cards that read it.
    let (key, _) = world
        .key(
            &world.alder,
            json!([{ "actions": ["dashboards:read", "cards:run"], "resources": { "collections": ["mine"] } }]),
        )
        .await;
    let scope = world.scope(&key).await;
    let _ = scope.dashboard::<View>("own-dashboard").unwrap().item::<Run>("a").unwrap();
    let _ = scope.card::<Run>("own-card").unwrap();
    assert_eq!(scope.collections().len(), 1);
    assert_eq!(scope.card::<Run>("totals").err(), Some(LookupError::Missing));
    let (key, _) =
        world.key(&world.alder, json!([{ "actions": ["cards:run"], "resources": { "sources": ["lms"] } }])).await;
    let scope = world.scope(&key).await;
    let _ = scope.card::<Run>("totals").unwrap();
    assert_eq!(scope.card::<View>("totals").err(), Some(LookupError::Forbidden(Action::DashboardsRead)));
    assert_eq!(scope.dashboard::<View>("overview").err(), Some(LookupError::Missing));
    assert!(scope.may(Action::CardsRun) && !scope.may(Action::DashboardsRead));
}

async fn writing_sql_is_a_right_of_its_own(world: World) {
    let (key, _) =
        world.key(&world.alder, json!([{ "actions": ["content:write"], "resources": { "all": true } }])).await;
    let desk = world.scope(&key).await.desk().unwrap();
    let card = json!({ "slug": "own-card", "name": "n", "source": "lms", "query": { "sql": "SELECT 2" } });
    let snippet = json!({ "slug": "one", "name": "n", "sql": "2" });
    let refused = [
        refusal(desk.create::<CardDraft>(draft(card.clone())).await.map(|_| ())),
        refusal(desk.replace::<CardDraft>("own-card", 1, draft(card)).await.map(|_| ())),
        refusal(
            desk.create::<SnippetDraft>(draft(json!({ "slug": "two", "name": "n", "sql": "2" }))).await.map(|_| ()),
        ),
        refusal(desk.replace::<SnippetDraft>("one", 1, draft(snippet)).await.map(|_| ())),
    ];
    for answer in refused {
        assert!(answer.contains("sql:run") || answer == "Taken { field: \"slug\" }", "{answer}");
    }
    desk.create::<CollectionDraft>(draft(json!({ "name": "plain" }))).await.unwrap();
    let held = world.alder().await.desk().unwrap();
    assert_eq!(held.get::<SnippetDraft>("one").await.unwrap().draft.sql, "1");
}
