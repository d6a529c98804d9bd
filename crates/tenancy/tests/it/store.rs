//! The store itself: migrations, the audit log, secrets at rest, repeated requests, deletion.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use serde_json::json;
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, SnippetDraft};
use tenancy::{StoreError, WriteError};

use crate::world::{
    Engine, KEY_FILE, NOW, Store, World, admit, console, draft, everything, field, on_both_engines, open, refusal,
};

on_both_engines!(
    a_store_is_opened_again_and_a_newer_one_is_refused,
    every_change_has_its_entry,
    a_tenant_goes_with_everything_it_has,
    tenants_lie_below_each_other_without_cycles,
    secrets_are_bound_to_their_place_and_rotate,
    a_creation_that_is_repeated_gets_the_first_answer,
    two_equal_creations_at_once_make_one,
    names_are_taken_once,
    what_was_there_before_numbers_were_the_instances_gets_its_own,
);

async fn a_store_is_opened_again_and_a_newer_one_is_refused(world: World) {
    let again = world.another(2).await;
    assert_eq!(console(&again).tenant("alder").await.unwrap().id.to_string(), world.alder.id);
    let pool = world.store.raw().await;
    sqlx::query("INSERT INTO schema_version (version) VALUES (1000)").execute(&pool).await.unwrap();
    pool.close().await;
    let refused = open(&world.store, &world.folder, &Arc::new(AtomicI64::new(NOW)), 3, KEY_FILE).await.err().unwrap();
    assert!(matches!(refused, StoreError::Newer { found: 1000, known } if known >= 2));
    assert!(refused.to_string().contains("newer program"));
}

/// A store as it was before migration 4, with one number in two hands: what is older keeps it.
async fn what_was_there_before_numbers_were_the_instances_gets_its_own(world: World) {
    world.tenancy.close().await;
    let pool = world.store.raw().await;
    let tables = ["collection", "card", "dashboard", "snippet"];
    for table in tables {
        for statement in [
            format!("DROP INDEX {table}_by_number"),
            format!("DROP INDEX {table}_by_entity_id"),
            format!("ALTER TABLE {table} DROP COLUMN entity_id"),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
        }
    }
    // What later migrations make.
    for table in ["public_link", "tenant_host"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&pool).await.unwrap();
    }
    sqlx::query("DELETE FROM schema_version WHERE version >= 4").execute(&pool).await.unwrap();
    for (table, age) in [("card", 1), ("dashboard", 2)] {
        let statement = format!("UPDATE {table} SET number = 77, created_at = $1 WHERE slug = 'own-{table}'");
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(i64::from(age)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let again = world.another(2).await;
    let (alder, birch) =
        (admit(&again, &world.alder.key).await.unwrap(), admit(&again, &world.birch.key).await.unwrap());
    let mut numbers = std::collections::BTreeSet::new();
    let mut entity_ids = std::collections::BTreeSet::new();
    let mut kept = 0;
    for scope in [&alder, &birch] {
        let card = scope.card::<tenancy::View>("own-card").unwrap();
        let dashboard = scope.dashboard::<tenancy::View>("own-dashboard").unwrap();
        kept += usize::from(card.get().number == 77);
        for (number, entity_id) in [
            (card.get().number, card.get().entity_id.clone()),
            (dashboard.get().number, dashboard.get().entity_id.clone()),
        ] {
            assert!(number > 0 && numbers.insert(number), "{number}");
            assert!(entity_ids.insert(entity_id.unwrap().as_str().to_owned()));
        }
    }
    assert_eq!((kept, numbers.len(), entity_ids.len()), (1, 4, 4));
    // The store keeps it so.
    let pool = world.store.raw().await;
    let doubled = sqlx::query("UPDATE card SET number = 77").execute(&pool).await;
    assert!(doubled.is_err());
}

async fn openers_at_once(engine: Engine) {
    for round in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::fresh(engine, &folder).await;
        let clock = Arc::new(AtomicI64::new(NOW));
        let open = |seed| open(&store, &folder, &clock, seed, KEY_FILE);
        let (a, b, c, d) = tokio::join!(open(1), open(2), open(3), open(4));
        for (number, tenancy) in [a, b, c, d].into_iter().enumerate() {
            let tenancy = tenancy.unwrap_or_else(|error| panic!("round {round}, opener {number}: {error:?}"));
            let tenant = draft(json!({ "slug": format!("t{number}"), "name": "T" }));
            console(&tenancy).create_tenant(tenant).await.unwrap();
            tenancy.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn openers_at_once_agree_on_sqlite() {
    openers_at_once(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn openers_at_once_agree_on_postgres() {
    openers_at_once(Engine::Postgres).await;
}

/// Every row of every table, as a number for each.
async fn count(world: &World, table: &str) -> i64 {
    let pool = world.store.raw().await;
    let statement = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let count = sqlx::query_scalar(statement).fetch_one(&pool).await.unwrap();
    pool.close().await;
    count
}

async fn every_change_has_its_entry(world: World) {
    let operator = world.operator();
    let desk = operator.library().unwrap();
    let own = world.alder().await.desk().unwrap();
    let office = world.keys(&world.alder).await;
    let newest = async || operator.audit(None, 1).await.unwrap().data.remove(0);
    let mut seq = newest().await.seq;
    let mut expect = async |action: &str, object: &str, of_alder: bool| {
        let entry = newest().await;
        assert_eq!((entry.action.as_str(), entry.object.as_str(), entry.seq), (action, object, seq + 1));
        assert_eq!(entry.tenant.as_deref(), of_alder.then_some(world.alder.id.as_str()), "{action}");
        assert_eq!(entry.at.as_second(), NOW);
        seq = entry.seq;
    };
    let collection = json!({ "slug": "c", "name": "C" });
    for (desk, own) in [(&desk, false), (&own, true)] {
        let made = desk.create::<CollectionDraft>(draft(collection.clone())).await.unwrap();
        expect("collection.create", made.id.as_str(), own).await;
        desk.replace::<CollectionDraft>("c", 1, draft(collection.clone())).await.unwrap();
        expect("collection.replace", made.id.as_str(), own).await;
        desk.delete::<CollectionDraft>("c").await.unwrap();
        expect("collection.delete", made.id.as_str(), own).await;
    }
    let card = json!({ "slug": "c", "name": "C", "source": "lms", "query": { "sql": "SELECT 1" } });
    let made = own.create::<CardDraft>(draft(card.clone())).await.unwrap();
    expect("card.create", made.id.as_str(), true).await;
    own.replace::<CardDraft>("c", 1, draft(card)).await.unwrap();
    expect("card.replace", made.id.as_str(), true).await;
    own.delete::<CardDraft>("c").await.unwrap();
    expect("card.delete", made.id.as_str(), true).await;
    let made = own.create::<DashboardDraft>(draft(json!({ "name": "D" }))).await.unwrap();
    expect("dashboard.create", made.id.as_str(), true).await;
    own.delete::<DashboardDraft>(made.id.as_str()).await.unwrap();
    expect("dashboard.delete", made.id.as_str(), true).await;
    let made = own.create::<SnippetDraft>(draft(json!({ "slug": "s", "name": "S", "sql": "1" }))).await.unwrap();
    expect("snippet.create", made.id.as_str(), true).await;
    let made = office.create_api_key(draft(json!({ "name": "k", "scopes": everything() }))).await.unwrap();
    expect("api_key.create", made.key.id.as_str(), true).await;
    office.revoke_api_key(made.key.id.as_str()).await.unwrap();
    expect("api_key.revoke", made.key.id.as_str(), true).await;
    let made = office.create_embed_key(draft(json!({ "name": "k" }))).await.unwrap();
    expect("embed_key.create", made.key.id.as_str(), true).await;
    office.revoke_embed_key(made.key.id.as_str()).await.unwrap();
    expect("embed_key.revoke", made.key.id.as_str(), true).await;
    let mut tenant = operator.tenant("alder").await.unwrap();
    tenant.draft.public_links = true;
    operator.replace_tenant("alder", tenant.version, tenant.draft).await.unwrap();
    expect("tenant.replace", &world.alder.id, true).await;
    let link = json!({ "name": "l", "resource": { "dashboard": "own-dashboard" } });
    let made = office.create_public_link(draft(link)).await.unwrap();
    expect("public_link.create", made.link.id.as_str(), true).await;
    office.revoke_public_link(made.link.id.as_str()).await.unwrap();
    expect("public_link.revoke", made.link.id.as_str(), true).await;
    let source = draft(json!({ "slug": "s", "name": "S", "engine": "postgres" }));
    let made = operator.create_source(source).await.unwrap();
    expect("source.create", made.id.as_str(), false).await;
    operator.replace_source("s", 1, made.draft.clone()).await.unwrap();
    expect("source.replace", made.id.as_str(), false).await;
    let row = json!({ "host": "h", "database": "d", "user": "u", "password": "p" });
    operator.put_placement("alder", "s", 0, draft(row)).await.unwrap();
    expect("placement.put", made.id.as_str(), true).await;
    assert!(matches!(operator.delete_source("s").await, Err(WriteError::InUse(_))));
    operator.delete_placement("alder", "s").await.unwrap();
    expect("placement.delete", made.id.as_str(), true).await;
    operator.delete_source("s").await.unwrap();
    expect("source.delete", made.id.as_str(), false).await;
    let made = operator
        .create_publication(draft(json!({ "publish": { "card": "hidden" }, "audience": "all" })))
        .await
        .unwrap();
    expect("publication.create", made.id.as_str(), false).await;
    operator.delete_publication(made.id.as_str()).await.unwrap();
    expect("publication.delete", made.id.as_str(), false).await;
    let made = operator.create_operator_key(draft(json!({ "name": "o", "actions": ["read"] }))).await.unwrap();
    expect("operator_key.create", made.key.id.as_str(), false).await;
    operator.revoke_operator_key(made.key.id.as_str()).await.unwrap();
    expect("operator_key.revoke", made.key.id.as_str(), false).await;
    operator.reseal().await.unwrap();
    expect("secrets.reseal", "instance", false).await;
    let mut tenant = operator.tenant("alder").await.unwrap();
    tenant = operator.replace_tenant("alder", tenant.version, tenant.draft).await.unwrap();
    expect("tenant.replace", &world.alder.id, true).await;
    tenant.draft.status = tenancy::model::tenant::Status::Suspended;
    operator.replace_tenant("alder", tenant.version, tenant.draft).await.unwrap();
    expect("tenant.suspend", &world.alder.id, true).await;
    operator.delete_tenant("alder").await.unwrap();
    expect("tenant.delete", &world.alder.id, true).await;
    assert_eq!(count(&world, "audit").await, seq, "numbers have no gaps");
}

async fn a_tenant_goes_with_everything_it_has(world: World) {
    // Content in each other, keys of keys, a placement of its own.
    let scope = world.birch().await;
    let desk = scope.desk().unwrap();
    desk.create::<CollectionDraft>(draft(json!({ "slug": "below", "name": "B", "collection": "mine" }))).await.unwrap();
    desk.create::<SnippetDraft>(draft(json!({ "slug": "s", "name": "S", "sql": "1", "collection": "below" })))
        .await
        .unwrap();
    let office = scope.keys().await.unwrap();
    let child = office.create_api_key(draft(json!({ "name": "c", "scopes": everything() }))).await.unwrap();
    let child = world.scope(child.secret.expose()).await.keys().await.unwrap();
    child.create_api_key(draft(json!({ "name": "g", "scopes": everything() }))).await.unwrap();
    child.create_embed_key(draft(json!({ "name": "e" }))).await.unwrap();
    let operator = world.operator();
    let mut tenant = operator.tenant("birch").await.unwrap();
    tenant.draft.public_links = true;
    operator.replace_tenant("birch", tenant.version, tenant.draft).await.unwrap();
    let link = json!({ "name": "l", "resource": { "dashboard": "own-dashboard" } });
    child.create_public_link(draft(link)).await.unwrap();
    operator.put_placement("birch", "lms", 0, draft(json!({ "file": "own.db" }))).await.unwrap();
    operator
        .create_publication(draft(json!({ "publish": { "card": "hidden" }, "audience": { "tenants": ["birch"] } })))
        .await
        .unwrap();
    operator.delete_tenant("birch").await.unwrap();
    assert!(!scope.is_still_admitted().await);
    assert!(crate::world::admit(&world.tenancy, &world.birch.key).await.is_err());
    let pool = world.store.raw().await;
    for (table, column) in [
        ("tenant", "id"),
        ("space", "id"),
        ("placement", "tenant"),
        ("placement_claim", "tenant"),
        ("collection", "owner"),
        ("card", "owner"),
        ("dashboard", "owner"),
        ("dashboard_card", "owner"),
        ("snippet", "owner"),
        ("api_key", "tenant"),
        ("embed_key", "tenant"),
        ("public_link", "tenant"),
    ] {
        let statement = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1"));
        let left: i64 = sqlx::query_scalar(statement).bind(&world.birch.id).fetch_one(&pool).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
    // Its file is free, its log stays, the other tenant is whole.
    operator.put_placement("alder", "lms", 0, draft(json!({ "file": "own.db" }))).await.unwrap();
    assert!(
        operator
            .audit(None, 100)
            .await
            .unwrap()
            .data
            .iter()
            .any(|entry| entry.tenant.as_deref() == Some(world.birch.id.as_str()))
    );
    let _ = world.alder().await.dashboard::<tenancy::View>("own-dashboard").unwrap().item::<tenancy::Run>("a").unwrap();
    assert_eq!(refusal(operator.delete_tenant("birch").await), "Missing");
    // A desk that was opened before writes nothing any more.
    assert!(desk.create::<CollectionDraft>(draft(json!({ "name": "late" }))).await.is_err());
}

async fn tenants_lie_below_each_other_without_cycles(world: World) {
    let operator = world.operator();
    let place = async |slug: &str, parent: Option<&str>| {
        let tenant = operator.tenant(slug).await.unwrap();
        let mut moved = tenant.draft.clone();
        moved.parent = parent.map(str::to_owned);
        operator.replace_tenant(slug, tenant.version, moved).await
    };
    assert_eq!(place("birch", Some("alder")).await.unwrap().draft.parent, Some(world.alder.id.clone()));
    assert_eq!(field(place("alder", Some("birch")).await), "parent");
    assert_eq!(field(place("alder", Some(&world.alder.id)).await), "parent");
    assert_eq!(field(place("alder", Some("nobody")).await), "parent");
    assert!(matches!(operator.delete_tenant("alder").await, Err(WriteError::InUse(_))));
    // Above is a word of the operator's and no right: each is suspended by itself, and neither sees the other.
    let alder = operator.tenant("alder").await.unwrap();
    let mut suspended = alder.draft.clone();
    suspended.status = tenancy::model::tenant::Status::Suspended;
    operator.replace_tenant("alder", alder.version, suspended).await.unwrap();
    let below = world.birch().await;
    assert!(below.card::<tenancy::View>(&world.alder.card).is_err());
    assert!(crate::world::admit(&world.tenancy, &world.alder.key).await.is_err());
    assert_eq!(place("birch", None).await.unwrap().draft.parent, None);
    operator.delete_tenant("alder").await.unwrap();
}

async fn secrets_are_bound_to_their_place_and_rotate(world: World) {
    let operator = world.operator();
    let pg = json!({ "slug": "pg", "name": "P", "engine": "postgres", "template": { "host": "h", "database": "{slug}", "user": "{slug}", "password": "shared-{slug}" } });
    operator.create_source(draft(pg)).await.unwrap();
    for slug in ["alder", "birch"] {
        operator.put_placement(slug, "pg", 0, draft(json!({ "password": format!("own-{slug}") }))).await.unwrap();
    }
    let token = world.token(&world.alder, json!({}));
    // With another key file nothing opens, and that is said.
    let other = "b".repeat(64);
    let stranger = world.with_key_file(5, &other).await;
    let said = console(&stranger).resolved_placement("alder", "pg").await.map(|_| ()).unwrap_err();
    assert!(matches!(said, WriteError::Store(StoreError::Seal(_))));
    assert!(said.to_string().contains("secret key file"), "{said}");
    assert!(matches!(stranger.admit_embed(&token, None).await, Err(tenancy::AdmitError::Store(_))));
    assert!(console(&stranger).reseal().await.is_err());
    // Rotation: the new key first, then the old one can go.
    let both = world.with_key_file(6, &format!("# new\n{other}\n\n{KEY_FILE}\n")).await;
    both.admit_embed(&token, None).await.map_err(|error| error.to_string()).unwrap();
    assert_eq!(console(&both).reseal().await.unwrap(), 5);
    assert_eq!(console(&both).reseal().await.unwrap(), 0);
    let only_new = world.with_key_file(7, &other).await;
    only_new.admit_embed(&token, None).await.map_err(|error| error.to_string()).unwrap();
    let placement = console(&only_new).resolved_placement("alder", "pg").await.unwrap();
    let tenancy::placement::Connection::Postgres(server) = placement.connection() else { panic!() };
    assert_eq!(server.password.expose(), "own-alder");
    let only_old = world.with_key_file(8, KEY_FILE).await;
    assert!(only_old.admit_embed(&token, None).await.is_err());
    let source = json!({ "slug": "other", "name": "O", "engine": "postgres", "template": { "host": "h", "database": "o-{slug}", "user": "o-{slug}", "password": "other-{slug}" } });
    console(&only_new).create_source(draft(source)).await.unwrap();
    // A sealed secret that is moved to another tenant's row does not open there.
    let pool = world.store.raw().await;
    let swap =
        "UPDATE placement SET sealed = (SELECT sealed FROM placement other WHERE other.tenant = $1) WHERE tenant = $2";
    sqlx::query(swap).bind(&world.birch.id).bind(&world.alder.id).execute(&pool).await.unwrap();
    // Nor one of an embed key: whoever knows birch's would sign for alder.
    let swap = swap.replace("placement", "embed_key");
    let swap = sqlx::query(sqlx::AssertSqlSafe(swap)).bind(&world.birch.id).bind(&world.alder.id);
    swap.execute(&pool).await.unwrap();
    // Nor one of a data source.
    let swap =
        "UPDATE source SET sealed = (SELECT sealed FROM source other WHERE other.slug = 'pg') WHERE slug = 'other'";
    sqlx::query(swap).execute(&pool).await.unwrap();
    pool.close().await;
    let fresh = world.with_key_file(9, &other).await;
    for source in ["pg", "other"] {
        let moved = console(&fresh).resolved_placement("alder", source).await.map(|_| ());
        assert!(matches!(moved, Err(WriteError::Store(StoreError::Seal(_)))), "{source}");
    }
    assert!(matches!(fresh.admit_embed(&token, None).await, Err(tenancy::AdmitError::Store(_))));
}

async fn a_creation_that_is_repeated_gets_the_first_answer(world: World) {
    let new = || draft(json!({ "name": "k", "scopes": everything() }));
    let mut office = world.keys(&world.alder).await;
    assert_eq!(office.replay().await.unwrap(), None);
    office.with_idempotency("once".into(), [1; 32]);
    assert_eq!(office.replay().await.unwrap(), None);
    let first = serde_json::to_vec(&office.create_api_key(new()).await.unwrap()).unwrap();
    assert_eq!(office.replay().await.unwrap().unwrap(), first);
    // Another request with the same key, and another caller with the same key.
    office.with_idempotency("once".into(), [2; 32]);
    assert!(matches!(office.replay().await, Err(WriteError::IdempotencyMismatch)));
    let mut theirs = world.alder().await.keys().await.unwrap();
    theirs.with_idempotency("once".into(), [1; 32]);
    assert_eq!(theirs.replay().await.unwrap(), None);
    let mut birch = world.birch().await.desk().unwrap();
    birch.with_idempotency("once".into(), [1; 32]);
    assert_eq!(birch.replay().await.unwrap(), None);
    // The secret in the kept answer is sealed.
    let pool = world.store.raw().await;
    let kept: Vec<u8> = sqlx::query_scalar("SELECT sealed FROM idempotency").fetch_one(&pool).await.unwrap();
    pool.close().await;
    assert!(!String::from_utf8_lossy(&kept).contains("clo_"));
    // A day later it is a new request.
    world.pass(86_401);
    office.with_idempotency("other".into(), [1; 32]);
    office.create_api_key(new()).await.unwrap();
    office.with_idempotency("once".into(), [1; 32]);
    assert_eq!(office.replay().await.unwrap(), None);
}

async fn two_equal_creations_at_once_make_one(world: World) {
    let count = async || world.keys(&world.alder).await.api_keys().await.unwrap().len();
    let before = count().await;
    let create = async || {
        let mut office = world.keys(&world.alder).await;
        office.with_idempotency("twice".into(), [1; 32]);
        office.create_api_key(draft(json!({ "name": "k", "scopes": everything() }))).await
    };
    let answers = [create().await, create().await];
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().any(|answer| matches!(answer, Err(WriteError::InUse(_)))));
    assert_eq!(count().await, before + 1);
}

async fn names_are_taken_once(world: World) {
    let operator = world.operator();
    let taken = |answer: String| assert_eq!(answer, "Taken { field: \"slug\" }");
    taken(refusal(operator.create_tenant(draft(json!({ "slug": "alder", "name": "A" }))).await));
    taken(refusal(
        operator.create_source(draft(json!({ "slug": "lms", "name": "L", "engine": "sqlite" }))).await.map(|_| ()),
    ));
    let desk = world.alder().await.desk().unwrap();
    taken(refusal(desk.create::<CollectionDraft>(draft(json!({ "slug": "mine", "name": "M" }))).await));
    // At once, too: one of them is told, and nothing fails.
    let elsewhere = world.another(4).await;
    let (one, two) = (world.operator(), console(&elsewhere));
    let tenant = || draft(json!({ "slug": "cedar", "name": "C" }));
    let (one, two) = tokio::join!(one.create_tenant(tenant()), two.create_tenant(tenant()));
    let answers = [one.map(|_| ()), two.map(|_| ())];
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().any(|answer| matches!(answer, Err(WriteError::Taken { field: "slug" }))));
    // A name that could be meant as an id is none.
    assert!(serde_json::from_value::<tenancy::Slug>(json!(world.alder.id)).is_err());
    for slug in
        ["", "Alder", "-a", "_a", "a b", "a/b", "a.b", "\u{e4}", &"a".repeat(64), "ten_00000000000000000000000000"]
    {
        assert!(tenancy::Slug::parse(slug).is_err(), "{slug}");
    }
}

#[tokio::test]
async fn a_key_file_is_read_strictly() {
    for text in [
        "",
        "# only words",
        "zz",
        &"5".repeat(63),
        &"5".repeat(65),
        &"+5".repeat(32),
        &format!("{KEY_FILE} x"),
        &format!("{KEY_FILE}\nnot a key"),
    ] {
        assert!(matches!(tenancy::Keyring::parse(text).err(), Some(tenancy::SealError::Keyring)), "{text}");
    }
    tenancy::Keyring::parse(&format!(" {KEY_FILE} \n# old\n{}\n", "0".repeat(64))).map(|_| ()).unwrap();
}
