//! Public links in the kernel: off unless switched on, one thing of one tenant, and how each of them ends.

use serde_json::{Value, json};
use tenancy::model::content::{CardDraft, DashboardDraft, Values};
use tenancy::model::link::{MOST_PUBLIC_LINKS, PublicLinkDraft};
use tenancy::model::tenant::{Status, TenantDraft};
use tenancy::{AdmitError, Caller, Embedded, KeyOffice, NewPublicLink, Run, Tenancy, TenantScope, View, WriteError};

use crate::world::{Client, World, console, draft, everything, field, on_both_engines, refusal};

on_both_engines!(
    a_link_opens_one_thing_of_one_tenant,
    a_tenant_has_so_many_links_and_no_more,
    whatever_is_wrong_is_one_answer,
    a_link_ends_everywhere_at_once,
    a_link_sleeps_with_its_tenant_and_ends_with_the_switch,
    a_link_ends_with_who_made_it,
    what_has_ended_is_not_in_force,
    what_is_withdrawn_ends_running_answers,
    a_locked_filter_is_never_a_links,
);

async fn change(tenancy: &Tenancy, slug: &str, change: impl FnOnce(&mut TenantDraft)) {
    let operator = console(tenancy);
    let tenant = operator.tenant(slug).await.unwrap();
    let mut wanted = tenant.draft.clone();
    change(&mut wanted);
    operator.replace_tenant(slug, tenant.version, wanted).await.unwrap();
}

async fn switch(world: &World, slug: &str, on: bool) {
    let was_on = world.operator().tenant(slug).await.unwrap().draft.public_links;
    change(&world.tenancy, slug, |tenant| tenant.public_links = on).await;
    let said = world.operator().audit(None, 1).await.unwrap().data[0].detail.clone();
    assert_eq!(said.contains("public links"), was_on != on, "{said}");
}

async fn wanted(office: &KeyOffice, resource: Value, more: Value) -> Result<NewPublicLink, WriteError> {
    let mut wanted = json!({ "name": "everybody", "resource": resource });
    for (name, value) in more.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    office.create_public_link(draft::<PublicLinkDraft>(wanted)).await
}

async fn own(world: &World, client: &Client) -> NewPublicLink {
    wanted(&world.keys(client).await, json!({ "dashboard": "own-dashboard" }), json!({})).await.unwrap()
}

async fn on(world: &World) {
    switch(world, "alder", true).await;
    switch(world, "birch", true).await;
}

fn dashboard_of(scope: &TenantScope) -> String {
    match scope.embedded() {
        Some(Ok(Embedded::Dashboard(dashboard))) => dashboard.get().id.to_string(),
        _ => panic!("the link shows a dashboard"),
    }
}

async fn a_link_opens_one_thing_of_one_tenant(world: World) {
    let office = world.keys(&world.alder).await;
    assert_eq!(field(wanted(&office, json!({ "dashboard": "own-dashboard" }), json!({})).await), "public_links");
    on(&world).await;
    for (client, other) in [(&world.alder, &world.birch), (&world.birch, &world.alder)] {
        let link = own(&world, client).await;
        let uuid = link.uuid.expose();
        assert!(tenancy::looks_like_link(uuid) && &uuid[14..15] == "4" && "89ab".contains(&uuid[19..20]), "{uuid}");
        for slug in [None, Some(client.slug)] {
            let scope = world.tenancy.admit_link(uuid, slug).await.unwrap();
            assert_eq!(scope.tenant().as_str(), client.id);
            assert!(matches!(scope.caller(), Caller::Link(id) if *id == link.link.id));
            assert_eq!(dashboard_of(&scope), client.dashboard);
            assert!(scope.is_link() && scope.is_guest() && scope.viewer().unwrap().attributes.is_empty());
            // That one thing, and nothing beside it.
            assert!(scope.dashboard::<View>("overview").is_err() && scope.card::<Run>(&client.card).is_err());
            assert!(scope.dashboard::<View>(&other.dashboard).is_err() && scope.desk().is_err());
            assert!(scope.keys().await.is_err() && scope.question("lms", draft(json!({ "sql": "SELECT 1" }))).is_err());
        }
        // What is kept opens nothing.
        let pool = world.store.raw().await;
        let kept: Vec<(String,)> = sqlx::query_as("SELECT body FROM public_link UNION ALL SELECT detail FROM audit")
            .fetch_all(&pool)
            .await
            .unwrap();
        assert!(!kept.iter().any(|(text,)| text.contains(uuid)));
        pool.close().await;
        assert!(world.tenancy.admit_embed(uuid, None).await.is_err(), "a link is no token");
    }
    // One's own alone, and by id: who takes the slug later takes nothing.
    for resource in
        [json!({ "dashboard": world.birch.dashboard }), json!({ "card": "hidden" }), json!({ "card": "no" })]
    {
        assert_eq!(field(wanted(&office, resource, json!({})).await), "resource");
    }
    let listed = office.public_links().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].draft.resource, tenancy::Resource::Dashboard(world.alder.dashboard.clone()));
}

async fn a_tenant_has_so_many_links_and_no_more(world: World) {
    on(&world).await;
    let office = world.keys(&world.alder).await;
    // As rows, since each link made by itself is a commit.
    let first = own(&world, &world.alder).await;
    let pool = world.store.raw().await;
    for number in 1..MOST_PUBLIC_LINKS {
        let copied = "INSERT INTO public_link (tenant, id, digest, parent, body, created_at) \
                      SELECT tenant, $1, $2, parent, body, created_at + $3 FROM public_link WHERE id = $4";
        let of_last: String = format!("{number:026o}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        let id = first.link.id.as_str();
        let made = sqlx::query(copied).bind(format!("{}{of_last}", &id[..4])).bind(of_last.into_bytes());
        made.bind(number).bind(id).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let most = usize::try_from(MOST_PUBLIC_LINKS).unwrap();
    let full = || refusal_of_write(&office);
    assert!(full().await.contains("revoke one"));
    let listed = office.public_links().await.unwrap();
    assert!(listed.len() == most && listed.is_sorted_by_key(|link| std::cmp::Reverse(link.created_at)));
    own(&world, &world.birch).await;
    office.revoke_public_link(listed[7].id.as_str()).await.unwrap();
    own(&world, &world.alder).await;
    assert!(full().await.contains("revoke one"));
    assert_eq!(office.public_links().await.unwrap().len(), most + 1);
}

async fn refusal_of_write(office: &KeyOffice) -> String {
    wanted(office, json!({ "dashboard": "own-dashboard" }), json!({})).await.err().unwrap().to_string()
}

async fn whatever_is_wrong_is_one_answer(world: World) {
    on(&world).await;
    let [good, revoked, ended] = [own(&world, &world.alder).await, own(&world, &world.alder).await, {
        let end = jiff::Timestamp::from_second(world.now() + 60).unwrap();
        let office = world.keys(&world.alder).await;
        wanted(&office, json!({ "dashboard": "own-dashboard" }), json!({ "expires_at": end })).await.unwrap()
    }];
    let running = world.tenancy.admit_link(ended.uuid.expose(), None).await.unwrap();
    world.keys(&world.alder).await.revoke_public_link(revoked.link.id.as_str()).await.unwrap();
    world.pass(60);
    assert!(!running.is_still_admitted().await);
    let good = good.uuid.expose();
    for (uuid, slug) in [
        ("3e3f6c1e-0000-4000-8000-000000000000", None),
        (revoked.uuid.expose(), None),
        (ended.uuid.expose(), None),
        (good, Some("birch")),
        (good, Some("nobody")),
        (good, Some("")),
        (&good.to_uppercase(), None),
        (&good.replace('-', ""), None),
        (&format!("{good} "), None),
        (revoked.link.id.as_str(), None),
        (&world.alder.key, None),
        (&world.token(&world.alder, json!({})), None),
        ("", None),
    ] {
        assert_eq!(refusal(world.tenancy.admit_link(uuid, slug).await), "Invalid", "{uuid} {slug:?}");
    }
    world.tenancy.admit_link(good, None).await.unwrap();
    // Warm, the store is not asked.
    let asked = world.tenancy.metadata_queries();
    world.tenancy.admit_link(good, None).await.unwrap();
    assert_eq!(world.tenancy.metadata_queries(), asked);
}

async fn a_link_ends_everywhere_at_once(world: World) {
    on(&world).await;
    let link = own(&world, &world.alder).await;
    let elsewhere = world.another(2).await;
    let uuid = link.uuid.expose();
    let (here, there) =
        (world.tenancy.admit_link(uuid, None).await.unwrap(), elsewhere.admit_link(uuid, None).await.unwrap());
    // Another tenant's keys cannot end it, and hear that there is none.
    let theirs = world.keys(&world.birch).await.revoke_public_link(link.link.id.as_str()).await;
    assert!(matches!(theirs, Err(WriteError::Missing)));
    assert!(here.is_still_admitted().await);
    world.keys(&world.alder).await.revoke_public_link(link.link.id.as_str()).await.unwrap();
    elsewhere.catch_up().await.unwrap();
    assert!(!here.is_still_admitted().await && !there.is_still_admitted().await);
    for tenancy in [&world.tenancy, &elsewhere] {
        assert!(matches!(tenancy.admit_link(uuid, None).await, Err(AdmitError::Invalid)));
    }
    let entries = world.operator().audit(None, 1).await.unwrap().data;
    assert_eq!(
        (entries[0].action.as_str(), entries[0].tenant.as_deref()),
        ("public_link.revoke", Some(world.alder.id.as_str()))
    );
    let again = world.keys(&world.alder).await.revoke_public_link(link.link.id.as_str()).await;
    assert!(matches!(again, Err(WriteError::Missing)));
}

async fn a_link_sleeps_with_its_tenant_and_ends_with_the_switch(world: World) {
    on(&world).await;
    let (link, theirs) = (own(&world, &world.alder).await, own(&world, &world.birch).await);
    let uuid = link.uuid.expose();
    let elsewhere = world.another(2).await;
    let running = elsewhere.admit_link(uuid, None).await.unwrap();
    change(&world.tenancy, "alder", |tenant| tenant.status = Status::Suspended).await;
    elsewhere.catch_up().await.unwrap();
    assert!(!running.is_still_admitted().await);
    assert_eq!(refusal(elsewhere.admit_link(uuid, None).await), "Invalid");
    change(&world.tenancy, "alder", |tenant| tenant.status = Status::Active).await;
    elsewhere.catch_up().await.unwrap();
    let running = elsewhere.admit_link(uuid, None).await.unwrap();
    switch(&world, "alder", false).await;
    elsewhere.catch_up().await.unwrap();
    assert!(!running.is_still_admitted().await);
    assert_eq!(refusal(elsewhere.admit_link(uuid, None).await), "Invalid");
    // On again, old links stay what they are: ended.
    switch(&world, "alder", true).await;
    elsewhere.catch_up().await.unwrap();
    for tenancy in [&world.tenancy, &elsewhere] {
        assert_eq!(refusal(tenancy.admit_link(uuid, None).await), "Invalid");
    }
    world.tenancy.admit_link(theirs.uuid.expose(), None).await.unwrap();
    world.tenancy.admit_link(own(&world, &world.alder).await.uuid.expose(), None).await.unwrap();
    // The switch holds by itself, whatever the links' rows say.
    let late = own(&world, &world.alder).await;
    let scope = world.tenancy.admit_link(late.uuid.expose(), None).await.unwrap();
    switch(&world, "alder", false).await;
    let pool = world.store.raw().await;
    sqlx::query("UPDATE public_link SET revoked_at = NULL").execute(&pool).await.unwrap();
    pool.close().await;
    assert!(!scope.is_still_admitted().await);
    assert_eq!(refusal(world.tenancy.admit_link(late.uuid.expose(), None).await), "Invalid");
}

async fn a_link_ends_with_who_made_it(world: World) {
    on(&world).await;
    let key = |more: Value| {
        let mut wanted = json!({ "name": "k", "scopes": everything() });
        for (name, value) in more.as_object().unwrap() {
            wanted[name] = value.clone();
        }
        draft(wanted)
    };
    let office = world.keys(&world.alder).await;
    let end = jiff::Timestamp::from_second(world.now() + 60).unwrap();
    let (revoked, ending) = (
        office.create_api_key(key(json!({}))).await.unwrap(),
        office.create_api_key(key(json!({ "expires_at": end }))).await.unwrap(),
    );
    let resource = || json!({ "dashboard": "own-dashboard" });
    let mut links = Vec::new();
    for maker in [&revoked, &ending] {
        let office = world.scope(maker.secret.expose()).await.keys().await.unwrap();
        links.push(wanted(&office, resource(), json!({})).await.unwrap());
    }
    let late = world.scope(revoked.secret.expose()).await.keys().await.unwrap();
    for link in &links {
        world.tenancy.admit_link(link.uuid.expose(), None).await.unwrap();
    }
    office.revoke_api_key(revoked.key.id.as_str()).await.unwrap();
    world.pass(60);
    for link in &links {
        assert_eq!(refusal(world.tenancy.admit_link(link.uuid.expose(), None).await), "Invalid");
    }
    assert!(matches!(wanted(&late, resource(), json!({})).await, Err(WriteError::Forbidden(_))));
    // Never wider than the key: reading, running and signing, and files only where it may have files.
    for missing in ["dashboards:read", "cards:run", "embed:sign", "results:export"] {
        let mut scopes = everything();
        scopes[0]["actions"].as_array_mut().unwrap().retain(|action| action != missing);
        let (key, _) = world.key(&world.alder, scopes).await;
        let office = world.scope(&key).await.keys().await.unwrap();
        assert_eq!(field(wanted(&office, resource(), json!({})).await), "scopes", "{missing}");
        if missing == "results:export" {
            let link = wanted(&office, resource(), json!({ "export": false })).await.unwrap();
            let scope = world.tenancy.admit_link(link.uuid.expose(), None).await.unwrap();
            let shown = scope.dashboard::<View>(&world.alder.dashboard).unwrap();
            assert!(shown.item::<Run>("a").is_ok() && shown.item::<tenancy::Export>("a").is_err());
        }
    }
    // A key for one thing has links to that thing alone, and knows of no others.
    let actions = ["keys:manage", "embed:sign", "dashboards:read", "cards:run"];
    let scopes = json!([{ "actions": actions, "resources": { "dashboards": ["own-dashboard"] } }]);
    let (key, _) = world.key(&world.alder, scopes).await;
    let narrow = world.scope(&key).await.keys().await.unwrap();
    let no_files = || json!({ "export": false });
    let mine = wanted(&narrow, resource(), no_files()).await.unwrap();
    let seen = narrow.public_links().await.unwrap();
    assert_eq!(seen.iter().map(|link| link.id.as_str()).collect::<Vec<_>>(), [mine.link.id.as_str()]);
    for foreign in [own(&world, &world.alder).await, own(&world, &world.birch).await] {
        let refused = narrow.revoke_public_link(foreign.link.id.as_str()).await;
        assert!(matches!(refused, Err(WriteError::Missing)));
        world.tenancy.admit_link(foreign.uuid.expose(), None).await.unwrap();
    }
    assert_eq!(field(wanted(&narrow, json!({ "card": "own-card" }), no_files()).await), "resource");
    let (key, _) = world.key(&world.alder, json!([{ "actions": ["cards:run"], "resources": { "all": true } }])).await;
    assert!(world.scope(&key).await.keys().await.is_err());
}

async fn what_has_ended_is_not_in_force(world: World) {
    on(&world).await;
    let end = |seconds: i64| json!(jiff::Timestamp::from_second(world.now() + seconds).unwrap().to_string());
    let operator = world.keys(&world.alder).await;
    let thing = || json!({ "dashboard": "own-dashboard" });
    let lasting = wanted(&operator, thing(), json!({})).await.unwrap();
    let short = wanted(&operator, thing(), json!({ "expires_at": end(60) })).await.unwrap();
    let revoked = wanted(&operator, thing(), json!({})).await.unwrap();
    operator.revoke_public_link(revoked.link.id.as_str()).await.unwrap();
    let maker = json!({ "name": "m", "scopes": everything(), "expires_at": end(120) });
    let maker = operator.create_api_key(draft(maker)).await.unwrap();
    let scopes = json!([{ "actions": ["keys:manage", "embed:sign", "dashboards:read", "cards:run"],
        "resources": { "dashboards": ["own-dashboard"] } }]);
    let (narrow, _) = world.key(&world.alder, scopes).await;
    let offices = [
        world.scope(maker.secret.expose()).await.keys().await.unwrap(),
        world.scope(&narrow).await.keys().await.unwrap(),
    ];
    let of_maker = wanted(&offices[0], thing(), json!({})).await.unwrap();
    let of_narrow = wanted(&offices[1], thing(), json!({ "export": false })).await.unwrap();
    let theirs = own(&world, &world.birch).await;
    let in_force = async |office: &KeyOffice| {
        let mut ids: Vec<_> = office.public_links_in_force().await.unwrap().into_iter().map(|link| link.id).collect();
        ids.sort();
        ids
    };
    let ids = |links: &[&NewPublicLink]| {
        let mut ids: Vec<_> = links.iter().map(|new| new.link.id.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(in_force(&operator).await, ids(&[&lasting, &short, &of_maker, &of_narrow]));
    assert_eq!(in_force(&offices[1]).await, ids(&[&of_narrow]), "an office for some keys is for their links");
    world.pass(60);
    assert_eq!(in_force(&operator).await, ids(&[&lasting, &of_maker, &of_narrow]));
    // It is in force for as long as it opens something.
    world.pass(59);
    assert!(world.tenancy.admit_link(of_maker.uuid.expose(), None).await.is_ok());
    world.pass(1);
    assert!(world.tenancy.admit_link(of_maker.uuid.expose(), None).await.is_err());
    assert_eq!(in_force(&operator).await, ids(&[&lasting, &of_narrow]));
    assert_eq!(in_force(&world.keys(&world.birch).await).await, ids(&[&theirs]));
    switch(&world, "alder", false).await;
    switch(&world, "alder", true).await;
    assert_eq!(in_force(&operator).await, []);
}

async fn what_is_withdrawn_ends_running_answers(world: World) {
    on(&world).await;
    let desk = world.alder().await.desk().unwrap();
    let link = own(&world, &world.alder).await;
    let office = world.keys(&world.alder).await;
    let published = wanted(&office, json!({ "card": "totals" }), json!({})).await.unwrap();
    let scope = world.tenancy.admit_link(link.uuid.expose(), None).await.unwrap();
    let of_library = world.tenancy.admit_link(published.uuid.expose(), None).await.unwrap();
    let standing = [scope.dashboard::<View>(&world.alder.dashboard).unwrap().item::<Run>("a").unwrap().standing()];
    let standing_of_library = [of_library.card::<Run>("totals").unwrap().standing()];
    assert!(scope.still_holds(&standing).await && of_library.still_holds(&standing_of_library).await);
    desk.delete::<DashboardDraft>("own-dashboard").await.unwrap();
    assert!(!scope.still_holds(&standing).await);
    assert!(of_library.still_holds(&standing_of_library).await, "another thing's end is not its own");
    assert_eq!(refusal(world.tenancy.admit_link(link.uuid.expose(), None).await), "Invalid");
    let operator = world.operator();
    let publication = operator.publications(None, 10).await.unwrap().data.remove(0);
    operator.delete_publication(publication.id.as_str()).await.unwrap();
    assert!(!of_library.still_holds(&standing_of_library).await);
    assert_eq!(refusal(world.tenancy.admit_link(published.uuid.expose(), None).await), "Invalid");
}

async fn a_locked_filter_is_never_a_links(world: World) {
    on(&world).await;
    let office = world.keys(&world.alder).await;
    // `org` is locked for every embed and has no default.
    let refused = wanted(&office, json!({ "dashboard": "overview" }), json!({})).await.map(|_| ());
    let said = refusal(refused);
    assert!(said.contains("resource") && said.contains("org is locked and has no default"), "{said}");
    let desk = world.operator().library().unwrap();
    let write = async |default: Value, guests: Value| {
        let overview = desk.get::<DashboardDraft>("overview").await.unwrap();
        let mut wanted = overview.draft.clone();
        wanted.parameters[0].parameter.default = (!default.is_null()).then_some(default);
        wanted.embedding_params = draft(guests);
        desk.replace("overview", overview.version, wanted).await.unwrap();
    };
    // What the author does not name for guests is the viewer's, but not what is locked for every embed.
    write(json!(7), json!({})).await;
    let link = wanted(&office, json!({ "dashboard": "overview" }), json!({})).await.unwrap();
    let scope = world.tenancy.admit_link(link.uuid.expose(), None).await.unwrap();
    let card = scope.dashboard::<View>(&dashboard_of(&scope)).unwrap().item::<Run>("orders").unwrap();
    let given = |value: Value| draft::<Values>(value);
    let inputs = card.inputs(given(json!({ "city": "x" }))).unwrap();
    assert_eq!(inputs, given(json!({ "org": 7, "city": "x" })));
    for value in [json!(8), json!([]), json!(null)] {
        let said = refusal(card.inputs(given(json!({ "org": value }))));
        assert!(said.contains("You're not allowed to specify a value for :org."), "{said}");
    }
    assert!(scope.locks("org") && !scope.locks("city"));
    let standing = [card.standing()];
    assert!(scope.still_holds(&standing).await);
    // Its default goes: nothing rather than everything, for what runs too.
    write(Value::Null, json!({ "org": "locked" })).await;
    assert!(!scope.still_holds(&standing).await);
    assert_eq!(refusal(world.tenancy.admit_link(link.uuid.expose(), None).await), "Invalid");
    // What the author leaves to the token holds for a question too.
    let question = desk.get::<CardDraft>("orders").await.unwrap();
    let mut locked = question.draft.clone();
    locked.embedding_params = draft(json!({ "org": "locked", "city": "disabled" }));
    desk.replace("orders", question.version, locked).await.unwrap();
    assert_eq!(field(wanted(&office, json!({ "card": "orders" }), json!({})).await), "resource");
    let question = desk.get::<CardDraft>("orders").await.unwrap();
    let mut given_by_default = question.draft.clone();
    given_by_default.query.parameters[0].default = Some(json!(7));
    desk.replace("orders", question.version, given_by_default).await.unwrap();
    let link = wanted(&office, json!({ "card": "orders" }), json!({})).await.unwrap();
    let scope = world.tenancy.admit_link(link.uuid.expose(), None).await.unwrap();
    let card = scope.card::<Run>("orders").unwrap();
    assert_eq!(card.inputs(Values::new()).unwrap(), given(json!({ "org": 7 })));
    for name in ["org", "city", "nothing"] {
        assert!(card.inputs(given(json!({ name: 8 }))).is_err(), "{name}");
    }
}
