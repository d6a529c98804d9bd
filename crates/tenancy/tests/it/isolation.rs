//! What belongs to somebody else is what does not exist: one answer for both, for every look-up and every write.

use std::fmt::Debug;

use serde_json::json;
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, SnippetDraft};
use tenancy::{Claims, Export, LookupError, Resource, Run, TenantScope, View, WriteError};

use crate::world::{World, draft, everything, on_both_engines, refusal};

on_both_engines!(
    look_ups_do_not_tell_foreign_from_missing,
    writes_do_not_tell_foreign_from_missing,
    grants_do_not_tell_foreign_from_missing,
    the_log_of_a_tenant_is_its_own,
    operators_read_no_rows_unless_they_act_as_a_tenant,
    a_host_name_is_one_tenants,
);

/// A name that exists nowhere, in the shape of the foreign one.
fn absent(foreign: &str) -> String {
    format!("{}{}", &foreign[..4], "0".repeat(26))
}

fn looks(scope: &TenantScope, name: &str) -> Vec<String> {
    fn said<T>(result: Result<T, LookupError>) -> String {
        result.map(|_| ()).map_or_else(|error| format!("{error:?}"), |()| "found".into())
    }
    vec![
        said(scope.card::<View>(name)),
        said(scope.card::<Run>(name)),
        said(scope.card::<Export>(name)),
        said(scope.dashboard::<View>(name)),
        said(scope.dashboard::<Run>(name)),
        said(scope.dashboard::<Export>(name)),
    ]
}

async fn look_ups_do_not_tell_foreign_from_missing(world: World) {
    let (alder, birch) = (world.alder().await, world.birch().await);
    for name in [&world.birch.card, &world.birch.dashboard] {
        assert!(looks(&birch, name).contains(&"found".to_owned()));
        assert_eq!(looks(&alder, name), looks(&alder, &absent(name)));
        assert_eq!(looks(&alder, name), vec!["Missing"; 6]);
    }
    // Unpublished things of the library are nobody's.
    assert_eq!(looks(&alder, "hidden"), looks(&alder, "no-such-thing"));
    let desk = alder.desk().unwrap();
    for name in [&world.birch.card, &world.birch.dashboard] {
        assert_eq!(refusal(desk.get::<CardDraft>(name).await), refusal(desk.get::<CardDraft>(&absent(name)).await));
        assert_eq!(refusal(desk.get::<DashboardDraft>(name).await), "Missing");
    }
    // The library is read through publications, and not written by tenants.
    assert_eq!(refusal(desk.get::<CardDraft>("orders").await), "Missing");
    assert_eq!(refusal(desk.delete::<CardDraft>("orders").await), "Missing");
    let office = alder.keys().await.unwrap();
    let foreign = &world.birch.key_id;
    assert_eq!(refusal(office.api_key(foreign).await), refusal(office.api_key(&absent(foreign)).await));
    assert_eq!(office.api_keys().await.unwrap().len(), 1);
    assert_eq!(office.embed_keys().await.unwrap().len(), 1);
    // Keys of one tenant sign nothing for another.
    let claims = Claims::new(Resource::Dashboard("overview".into()), world.now() + 60);
    let sign = async |key: &str| refusal(alder.sign_embed_token(key, &claims).await);
    assert_eq!(sign(&world.birch.embed_key).await, sign(&absent(&world.birch.embed_key)).await);
    assert_eq!(sign(&world.birch.embed_key).await, sign("no key at all").await);
    let foreign = Claims::new(Resource::Dashboard(world.birch.dashboard.clone()), world.now() + 60);
    let missing = Claims::new(Resource::Dashboard(absent(&world.birch.dashboard)), world.now() + 60);
    let key = &world.alder.embed_key;
    assert_eq!(
        refusal(alder.sign_embed_token(key, &foreign).await),
        refusal(alder.sign_embed_token(key, &missing).await)
    );
    // A token for a foreign thing is admitted as one for a missing thing is, and shows the same: nothing.
    for resource in [
        json!({ "dashboard": world.birch.dashboard }),
        json!({ "dashboard": absent(&world.birch.dashboard) }),
        json!({ "card": world.birch.card }),
        json!({ "card": "hidden" }),
    ] {
        let scope = world.embed(&world.token(&world.alder, json!({ "resource": resource }))).await;
        assert!(matches!(scope.embedded(), Some(Err(LookupError::Missing))));
        assert_eq!(looks(&scope, &world.birch.card), vec!["Missing"; 6]);
        assert_eq!(looks(&scope, "overview"), vec!["Missing"; 6]);
    }
}

async fn writes_do_not_tell_foreign_from_missing(world: World) {
    let alder = world.alder().await;
    let desk = alder.desk().unwrap();
    let (card, dashboard) = (&world.birch.card, &world.birch.dashboard);
    let before = world.operator().audit(None, 1).await.unwrap().data[0].seq;

    async fn same<T>(foreign: Result<T, WriteError>, missing: Result<T, WriteError>) {
        let foreign = refusal(foreign);
        assert_eq!(foreign, refusal(missing));
        assert!(!foreign.contains("Store"), "{foreign}");
    }
    let text = json!({ "slug": "own-card", "name": "n", "source": "lms", "query": { "sql": "SELECT 2" } });
    let write = async |name: &str| desk.replace::<CardDraft>(name, 1, draft(text.clone())).await;
    same(write(card).await, write(&absent(card)).await).await;
    let write = async |name: &str| {
        desk.replace::<DashboardDraft>(name, 1, draft(json!({ "slug": "own-dashboard", "name": "n" }))).await
    };
    same(write(dashboard).await, write(&absent(dashboard)).await).await;
    same(desk.delete::<CardDraft>(card).await, desk.delete::<CardDraft>(&absent(card)).await).await;
    same(desk.delete::<DashboardDraft>(dashboard).await, desk.delete::<DashboardDraft>(&absent(dashboard)).await).await;
    // Nothing of one's own leads to what is somebody else's.
    let show = async |card: &str| {
        let item = json!([{ "id": "a", "x": 0, "y": 0, "w": 1, "h": 1, "show": { "kind": "card", "card": card } }]);
        desk.create::<DashboardDraft>(draft(json!({ "name": "n", "items": item }))).await
    };
    same(show(card).await, show(&absent(card)).await).await;
    same(show("orders").await, show("no-such-card").await).await;
    let birch = world.birch().await.desk().unwrap();
    let foreign = birch.get::<CollectionDraft>("mine").await.unwrap().id.to_string();
    let place = async |collection: &str| {
        desk.create::<CollectionDraft>(draft(json!({ "name": "n", "collection": collection }))).await
    };
    same(place(&foreign).await, place(&absent(&foreign)).await).await;
    same(place("shop").await, place("no-such").await).await;
    same(desk.delete::<CollectionDraft>(&foreign).await, desk.delete::<CollectionDraft>(&absent(&foreign)).await).await;
    let foreign = birch.get::<SnippetDraft>("one").await.unwrap().id.to_string();
    same(desk.delete::<SnippetDraft>(&foreign).await, desk.delete::<SnippetDraft>(&absent(&foreign)).await).await;
    let office = alder.keys().await.unwrap();
    let (key, embed_key) = (&world.birch.key_id, &world.birch.embed_key);
    same(office.revoke_api_key(key).await, office.revoke_api_key(&absent(key)).await).await;
    same(office.revoke_embed_key(embed_key).await, office.revoke_embed_key(&absent(embed_key)).await).await;
    // An operator's office for one tenant is for that one too.
    let office = world.keys(&world.alder).await;
    same(office.revoke_api_key(key).await, office.revoke_api_key(&absent(key)).await).await;
    same(office.revoke_embed_key(embed_key).await, office.revoke_embed_key(&absent(embed_key)).await).await;
    let operator = world.operator();
    same(operator.tenant_keys(&world.birch.card).await.map(|_| ()), operator.tenant_keys("nobody").await.map(|_| ()))
        .await;
    assert_eq!(operator.audit(None, 1).await.unwrap().data[0].seq, before, "a refused write left an entry");
    assert!(world.birch().await.is_still_admitted().await);
    assert_eq!(birch.get::<CardDraft>(card).await.unwrap().version, 1);
}

async fn grants_do_not_tell_foreign_from_missing(world: World) {
    let office = world.keys(&world.alder).await;
    let ask = async |kind: &str, name: &str| {
        let scopes = json!([{ "actions": ["dashboards:read"], "resources": { kind: [name] } }]);
        refusal(office.create_api_key(draft(json!({ "name": "k", "scopes": scopes }))).await)
    };
    assert_eq!(ask("cards", &world.birch.card).await, ask("cards", &absent(&world.birch.card)).await);
    assert_eq!(ask("dashboards", &world.birch.dashboard).await, ask("dashboards", "no-such").await);
    assert_eq!(ask("dashboards", "hidden").await, ask("dashboards", "no-such").await);
    assert!(ask("collections", "no-such").await.contains("resources.collections"));
    assert!(ask("sources", "no-such").await.contains("resources.sources"));
    let embed = async |name: &str| {
        let new = json!({ "name": "e", "resources": { "cards": [name] } });
        refusal(office.create_embed_key(draft(new)).await)
    };
    assert_eq!(embed(&world.birch.card).await, embed("no-such").await);
    // Everything and names at once means two things; nothing means none.
    for resources in [json!({}), json!({ "all": true, "cards": ["own-card"] })] {
        let new = json!({ "name": "e", "resources": resources });
        assert_eq!(crate::world::field(office.create_embed_key(draft(new)).await), "resources");
    }
}

#[tokio::test]
async fn no_answer_to_one_tenant_names_the_other() {
    let world = World::new().await;
    let scope = world.alder().await;
    let seen = |what: &dyn Debug| format!("{what:?}");
    let mut said = String::new();
    for card in scope.cards() {
        said.push_str(&serde_json::to_string(&*card).unwrap());
    }
    for dashboard in scope.dashboards() {
        said.push_str(&serde_json::to_string(&*dashboard).unwrap());
    }
    for collection in scope.collections() {
        said.push_str(&seen(&collection));
    }
    said.push_str(&seen(scope.profile()));
    said.push_str(&seen(&scope.audit(None, 1000).await.unwrap()));
    said.push_str(&seen(&scope.keys().await.unwrap().api_keys().await.unwrap()));
    let desk = scope.desk().unwrap();
    said.push_str(&serde_json::to_string(&desk.list::<CardDraft>(None, 1000).await.unwrap()).unwrap());
    said.push_str(&serde_json::to_string(&desk.list::<SnippetDraft>(None, 1000).await.unwrap()).unwrap());
    assert!(said.matches(world.alder.canary).count() > 5, "the look did not see anything");
    for foreign in [world.birch.canary, &world.birch.id, &world.birch.key_id, &world.birch.card] {
        assert!(!said.contains(foreign), "{foreign}");
    }
}

#[tokio::test]
async fn equal_slugs_are_each_tenants_own() {
    let world = World::new().await;
    let (alder, birch) = (world.alder().await, world.birch().await);
    for (scope, client) in [(&alder, &world.alder), (&birch, &world.birch)] {
        let card = scope.card::<Run>("own-card").unwrap();
        assert_eq!((card.get().id.as_str(), card.get().draft.name.as_str()), (client.card.as_str(), client.canary));
        assert!(!card.is_from_library());
        assert_eq!(card.placement().unwrap().tenant().as_str(), client.id);
        assert_eq!(card.snippets().len(), 1);
        let dashboard = scope.dashboard::<View>("own-dashboard").unwrap();
        assert_eq!(dashboard.item::<Run>("a").unwrap().get().id.as_str(), client.card);
        let shared = scope.card::<Run>("totals").unwrap();
        assert!(shared.is_from_library() && shared.snippets().is_empty());
        assert_eq!(shared.placement().unwrap().tenant().as_str(), client.id);
    }
    let print = |scope: &TenantScope| *scope.card::<Run>("totals").unwrap().placement().unwrap().fingerprint();
    assert_ne!(print(&alder), print(&birch));
}

async fn the_log_of_a_tenant_is_its_own(world: World) {
    let (mut cursor, mut entries) = (None, Vec::new());
    let scope = world.alder().await;
    loop {
        let page = scope.audit(cursor.as_deref(), 2).await.unwrap();
        entries.extend(page.data);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert!(entries.len() >= 7);
    assert!(entries.iter().all(|entry| entry.tenant.as_deref() == Some(world.alder.id.as_str())));
    assert!(entries.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    let (some, _) =
        world.key(&world.alder, json!([{ "actions": ["audit:read"], "resources": { "cards": ["own-card"] } }])).await;
    assert!(matches!(world.scope(&some).await.audit(None, 1).await, Err(WriteError::Forbidden(_))));
    for cursor in ["x", "", "1 OR 1=1", "99999999999999999999"] {
        assert_eq!(crate::world::field(scope.audit(Some(cursor), 1).await.map(|_| ())), "cursor");
    }
}

async fn operators_read_no_rows_unless_they_act_as_a_tenant(world: World) {
    let operator = async |actions: serde_json::Value| {
        let new =
            world.operator().create_operator_key(draft(json!({ "name": "o", "actions": actions }))).await.unwrap();
        match world.tenancy.admit_key(new.secret.expose(), None).await {
            Ok((tenancy::Principal::Operator(scope), _)) => scope,
            _ => panic!("not an operator"),
        }
    };
    let end = jiff::Timestamp::from_second(world.now() + 3600).unwrap().to_string();
    let key = json!({ "name": "look", "scopes": everything(), "expires_at": end });
    for actions in [json!(["read"]), json!(["read", "tenants:manage", "library:write", "operators:manage"])] {
        let refused = operator(actions).await.act_as("alder", "a look", draft(key.clone())).await.map(|_| ());
        assert!(matches!(refused, Err(WriteError::Forbidden("act-as"))));
    }
    let actor = operator(json!(["act-as"])).await;
    let made = actor.act_as("alder", "support case 7", draft(key.clone())).await.unwrap();
    let scope = world.scope(made.secret.expose()).await;
    assert_eq!(scope.tenant().as_str(), world.alder.id);
    let newest = &scope.audit(None, 1).await.unwrap().data[0];
    assert_eq!((newest.action.as_str(), newest.detail.as_str()), ("api_key.act_as", "support case 7"));
    // With a reason, and for an hour at most.
    assert_eq!(crate::world::field(actor.act_as("alder", " ", draft(key.clone())).await), "reason");
    for end in [serde_json::Value::Null, json!(jiff::Timestamp::from_second(world.now() + 3601).unwrap().to_string())] {
        let mut key = key.clone();
        key["expires_at"] = end;
        assert_eq!(crate::world::field(actor.act_as("alder", "why", draft(key)).await), "expires_at");
    }
    // Acting as a tenant is nothing else.
    assert!(matches!(actor.delete_tenant("alder").await, Err(WriteError::Forbidden("tenants:manage"))));
    assert!(matches!(
        actor.create_operator_key(draft(json!({ "name": "o", "actions": ["act-as"] }))).await.map(|_| ()),
        Err(WriteError::Forbidden(_))
    ));
    // What was made while acting ends with it.
    let embed = scope
        .keys()
        .await
        .unwrap()
        .create_embed_key(draft(json!({ "name": "e", "longest_life_seconds": 86400 })))
        .await
        .unwrap();
    let header = json!({ "alg": "HS256", "kid": embed.key.id.as_str() });
    let token = crate::world::hs256(
        &header,
        &world.claims(json!({ "exp": world.now() + 86000 })),
        embed.secret.unwrap().expose(),
    );
    let shown = world.embed(&token).await;
    assert_eq!(shown.expires_at().unwrap().as_second(), world.now() + 3600);
    world.pass(3600);
    assert!(!shown.is_still_admitted().await);
    assert!(matches!(world.tenancy.admit_embed(&token, None).await, Err(tenancy::AdmitError::Expired)));
}

#[tokio::test]
async fn an_operator_does_what_its_key_says() {
    let world = World::new().await;
    let new = world.operator().create_operator_key(draft(json!({ "name": "o", "actions": ["read"] }))).await.unwrap();
    let Ok((tenancy::Principal::Operator(reader), _)) = world.tenancy.admit_key(new.secret.expose(), None).await else {
        panic!()
    };
    let tenant = reader.tenant("alder").await.unwrap();
    let source = reader.source("lms").await.unwrap();
    let forbidden = [
        refusal(reader.create_tenant(tenant.draft.clone()).await),
        refusal(reader.replace_tenant("alder", 1, tenant.draft.clone()).await),
        refusal(reader.delete_tenant("alder").await),
        refusal(reader.create_source(source.draft.clone()).await.map(|_| ())),
        refusal(reader.replace_source("lms", 1, source.draft.clone()).await.map(|_| ())),
        refusal(reader.delete_source("lms").await),
        refusal(reader.put_placement("alder", "lms", 0, draft(json!({}))).await.map(|_| ())),
        refusal(reader.delete_placement("alder", "lms").await),
        refusal(reader.create_publication(draft(json!({ "publish": { "card": "hidden" }, "audience": "all" }))).await),
        refusal(reader.delete_publication("pub_0").await),
        refusal(reader.reseal().await),
        refusal(reader.operator_keys().await),
        refusal(reader.revoke_operator_key(new.key.id.as_str()).await),
        refusal(reader.library().unwrap().create::<CollectionDraft>(draft(json!({ "name": "c" }))).await),
        refusal(reader.library().unwrap().delete::<CardDraft>("hidden").await),
        refusal(
            reader
                .tenant_keys("alder")
                .await
                .unwrap()
                .create_api_key(draft(json!({ "name": "k", "scopes": everything() })))
                .await
                .map(|_| ()),
        ),
        refusal(
            reader
                .tenant_keys("alder")
                .await
                .unwrap()
                .create_embed_key(draft(json!({ "name": "k" })))
                .await
                .map(|_| ()),
        ),
        refusal(reader.tenant_keys("alder").await.unwrap().revoke_api_key(&world.alder.key_id).await),
        refusal(reader.tenant_keys("alder").await.unwrap().revoke_embed_key(&world.alder.embed_key).await),
    ];
    for answer in forbidden {
        assert!(answer.starts_with("Forbidden"), "{answer}");
    }
    // Nor does it make a wider one: here with the right to make keys, and no other.
    let new = world
        .operator()
        .create_operator_key(draft(json!({ "name": "o", "actions": ["operators:manage"] })))
        .await
        .unwrap();
    let Ok((tenancy::Principal::Operator(maker), _)) = world.tenancy.admit_key(new.secret.expose(), None).await else {
        panic!()
    };
    for action in ["read", "tenants:manage", "library:write", "act-as"] {
        let wider = json!({ "name": "w", "actions": ["operators:manage", action] });
        assert_eq!(crate::world::field(maker.create_operator_key(draft(wider)).await), "actions");
    }
    maker.revoke_operator_key(new.key.id.as_str()).await.unwrap();
    assert!(world.tenancy.admit_key(new.secret.expose(), None).await.is_err());
    assert_eq!(refusal(maker.revoke_operator_key(new.key.id.as_str()).await), "Missing");
}

async fn a_host_name_is_one_tenants(world: World) {
    let operator = world.operator();
    let name = async |slug: &str, hosts: &[&str]| {
        let tenant = operator.tenant(slug).await.unwrap();
        let mut wanted = tenant.draft.clone();
        wanted.hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        operator.replace_tenant(slug, tenant.version, wanted).await
    };
    let whose = async |host: &str| world.tenancy.slug_of_host(host).await.unwrap().map(|slug| slug.to_string());
    assert_eq!(whose("bi.alder.example").await, None);
    name("alder", &["bi.alder.example", "old.alder.example"]).await.unwrap();
    assert_eq!(whose("bi.alder.example").await.as_deref(), Some("alder"));
    // All or nothing: the free one is not kept when the other is somebody's.
    let taken = name("birch", &["a.birch.example", "old.alder.example"]).await;
    assert!(matches!(taken, Err(WriteError::Taken { field: "hosts" })));
    assert_eq!(whose("a.birch.example").await, None);
    assert_eq!(whose("old.alder.example").await.as_deref(), Some("alder"));
    let mut fresh = operator.tenant("birch").await.unwrap().draft;
    fresh.slug = tenancy::Slug::parse("elm").unwrap();
    fresh.hosts = ["bi.alder.example".to_owned()].into();
    assert!(matches!(operator.create_tenant(fresh).await, Err(WriteError::Taken { field: "hosts" })));
    assert!(operator.tenant("elm").await.is_err());
    name("alder", &["bi.alder.example"]).await.unwrap();
    name("birch", &["old.alder.example"]).await.unwrap();
    assert_eq!(whose("old.alder.example").await.as_deref(), Some("birch"));
    operator.delete_tenant("birch").await.unwrap();
    assert_eq!(whose("old.alder.example").await, None);
}
