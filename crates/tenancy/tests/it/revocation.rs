//! What was admitted ends at once here, and after catching up in every other process.

use serde_json::json;
use tenancy::model::content::CollectionDraft;
use tenancy::model::tenant::Status;
use tenancy::{AdmitError, Run, Tenancy, View};

use crate::world::{World, admit, draft, everything, hs256, on_both_engines};

on_both_engines!(
    a_revoked_key_ends_here_at_once_and_elsewhere_after_catching_up,
    a_suspended_tenant_ends_everywhere,
    what_a_key_made_ends_with_it,
    changes_of_others_are_not_missed_behind_ones_own,
    many_changes_are_caught_up_with_in_one_go,
    what_is_read_where_the_rows_no_longer_are_ends,
    what_cannot_be_followed_is_not_believed,
    a_warm_request_asks_the_store_nothing,
);

async fn suspend(tenancy: &Tenancy, slug: &str) {
    let operator = crate::world::console(tenancy);
    let tenant = operator.tenant(slug).await.unwrap();
    let mut draft = tenant.draft.clone();
    draft.status = Status::Suspended;
    operator.replace_tenant(slug, tenant.version, draft).await.unwrap();
}

async fn a_revoked_key_ends_here_at_once_and_elsewhere_after_catching_up(world: World) {
    let elsewhere = world.another(2).await;
    let (here, there) = (world.alder().await, admit(&elsewhere, &world.alder.key).await.unwrap());
    let others = world.birch().await;
    let embedded = world.embed(&world.token(&world.alder, json!({}))).await;
    world.keys(&world.alder).await.revoke_api_key(&world.alder.key_id).await.unwrap();
    assert!(!here.is_still_admitted().await);
    assert!(matches!(admit(&world.tenancy, &world.alder.key).await, Err(AdmitError::Invalid)));
    assert!(others.is_still_admitted().await);
    assert!(embedded.is_still_admitted().await, "an operator's embed key has nothing to do with it");
    elsewhere.catch_up().await.unwrap();
    assert!(!there.is_still_admitted().await);
    assert!(matches!(admit(&elsewhere, &world.alder.key).await, Err(AdmitError::Invalid)));
    world.keys(&world.alder).await.revoke_embed_key(&world.alder.embed_key).await.unwrap();
    assert!(!embedded.is_still_admitted().await);
}

async fn a_suspended_tenant_ends_everywhere(world: World) {
    let elsewhere = world.another(2).await;
    let token = world.token(&world.alder, json!({}));
    let scopes = [world.alder().await, world.embed(&token).await];
    let there =
        [admit(&elsewhere, &world.alder.key).await.unwrap(), elsewhere.admit_embed(&token, None).await.unwrap()];
    suspend(&world.tenancy, "alder").await;
    elsewhere.catch_up().await.unwrap();
    for scope in scopes.iter().chain(&there) {
        assert!(!scope.is_still_admitted().await);
    }
    for tenancy in [&world.tenancy, &elsewhere] {
        assert!(matches!(admit(tenancy, &world.alder.key).await, Err(AdmitError::Invalid)));
        assert!(matches!(tenancy.admit_embed(&token, None).await, Err(AdmitError::Invalid)));
        admit(tenancy, &world.birch.key).await.unwrap();
    }
}

async fn what_a_key_made_ends_with_it(world: World) {
    let (maker, maker_id) = world.key(&world.alder, everything()).await;
    let office = world.scope(&maker).await.keys().await.unwrap();
    let child = office.create_api_key(draft(json!({ "name": "c", "scopes": everything() }))).await.unwrap();
    let grandchild = world.scope(child.secret.expose()).await.keys().await.unwrap();
    let grandchild = grandchild.create_api_key(draft(json!({ "name": "g", "scopes": everything() }))).await.unwrap();
    let embed = world.scope(grandchild.secret.expose()).await.keys().await.unwrap();
    let embed = embed.create_embed_key(draft(json!({ "name": "e" }))).await.unwrap();
    let header = json!({ "alg": "HS256", "kid": embed.key.id.as_str() });
    let token = hs256(&header, &world.claims(json!({})), embed.secret.unwrap().expose());
    let shown = world.embed(&token).await;
    let elsewhere = world.another(2).await;
    elsewhere.admit_embed(&token, None).await.map_err(|error| error.to_string()).unwrap();
    world.keys(&world.alder).await.revoke_api_key(&maker_id).await.unwrap();
    elsewhere.catch_up().await.unwrap();
    assert!(!shown.is_still_admitted().await);
    for tenancy in [&world.tenancy, &elsewhere] {
        assert!(matches!(tenancy.admit_embed(&token, None).await, Err(AdmitError::Invalid)));
        for key in [&child.secret, &grandchild.secret] {
            assert!(matches!(admit(tenancy, key.expose()).await, Err(AdmitError::Invalid)));
        }
    }
    // Who was admitted before can make nothing that outlives it.
    let late = office.create_api_key(draft(json!({ "name": "l", "scopes": everything() }))).await;
    assert!(matches!(late.map(|_| ()), Err(tenancy::WriteError::Forbidden(_))));
    let late = office.create_embed_key(draft(json!({ "name": "l" }))).await;
    assert!(matches!(late.map(|_| ()), Err(tenancy::WriteError::Forbidden(_))));
}

/// Another process revokes; before this one looks, it writes something itself.
async fn changes_of_others_are_not_missed_behind_ones_own(world: World) {
    let elsewhere = world.another(2).await;
    let scope = world.alder().await;
    let there = crate::world::console(&elsewhere);
    there.tenant_keys("alder").await.unwrap().revoke_api_key(&world.alder.key_id).await.unwrap();
    // A write that touches no key by itself.
    let desk = world.operator().library().unwrap();
    desk.create::<CollectionDraft>(draft(json!({ "name": "C" }))).await.unwrap();
    world.tenancy.catch_up().await.unwrap();
    assert!(!scope.is_still_admitted().await);
    assert!(matches!(admit(&world.tenancy, &world.alder.key).await, Err(AdmitError::Invalid)));
}

async fn many_changes_are_caught_up_with_in_one_go(world: World) {
    let elsewhere = world.another(2).await;
    let there = admit(&elsewhere, &world.alder.key).await.unwrap();
    // Far more than one reading of the log, written behind the kernel's back because only their number matters.
    let pool = world.store.raw().await;
    let mut writing = pool.begin().await.unwrap();
    let seq: i64 = sqlx::query_scalar("SELECT seq FROM change_counter").fetch_one(&mut *writing).await.unwrap();
    for more in 1..=2500 {
        let entry = "INSERT INTO audit (seq, at, actor, tenant, action, object, detail) VALUES ($1, 0, 'x', NULL, 'x.y', 'x', '')";
        sqlx::query(entry).bind(seq + more).execute(&mut *writing).await.unwrap();
    }
    sqlx::query("UPDATE change_counter SET seq = $1").bind(seq + 2500).execute(&mut *writing).await.unwrap();
    writing.commit().await.unwrap();
    pool.close().await;
    world.keys(&world.alder).await.revoke_api_key(&world.alder.key_id).await.unwrap();
    elsewhere.catch_up().await.unwrap();
    assert!(!there.is_still_admitted().await);
}

/// A running answer rests on where the rows are as well: when they are somewhere else, what is still read is not theirs.
async fn what_is_read_where_the_rows_no_longer_are_ends(world: World) {
    let scope = world.alder().await;
    let dashboard = scope.dashboard::<View>("overview").unwrap();
    let ways = [
        ("a card", scope.card::<Run>("totals").unwrap().standing()),
        ("an item", dashboard.item::<Run>("totals").unwrap().standing()),
        ("a dashboard's list", dashboard.values_card("cities").unwrap().standing()),
        ("a card's list", scope.card::<View>("orders").unwrap().values_card("cities").unwrap().standing()),
        ("a question", scope.question("lms", draft(json!({ "sql": "SELECT 1" }))).unwrap().standing()),
    ];
    let operator = world.operator();
    let moved = || draft(json!({ "file": "moved.db" }));
    // What happens to somebody else's rows ends nothing.
    operator.put_placement("birch", "lms", 0, moved()).await.unwrap();
    for (way, standing) in &ways {
        assert!(scope.still_holds(std::slice::from_ref(standing)).await, "{way}");
    }
    operator.put_placement("alder", "lms", 0, draft(json!({ "file": "elsewhere.db" }))).await.unwrap();
    for (way, standing) in &ways {
        assert!(!scope.still_holds(std::slice::from_ref(standing)).await, "{way}");
    }
    assert!(scope.is_still_admitted().await);
}

/// Where changes cannot be read a key may have been revoked: what is remembered of it is dropped, and nobody is let in.
async fn what_cannot_be_followed_is_not_believed(world: World) {
    let scope = world.alder().await;
    let pool = world.store.raw().await;
    for table in ["api_key", "change_counter"] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("ALTER TABLE {table} RENAME TO {table}_away")))
            .execute(&pool)
            .await
            .unwrap();
    }
    pool.close().await;
    world.alder().await;
    let refused = async {
        while admit(&world.tenancy, &world.alder.key).await.is_ok() || scope.is_still_admitted().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = world.tenancy.watch() => unreachable!("it never ends"),
        () = refused => {}
    }
    assert!(matches!(admit(&world.tenancy, &world.alder.key).await, Err(AdmitError::Store(_))));
}

async fn a_warm_request_asks_the_store_nothing(world: World) {
    let token = world.token(&world.alder, json!({}));
    let request = async || {
        let scope = world.alder().await;
        let _ = scope.dashboard::<tenancy::View>("overview").unwrap();
        scope.card::<tenancy::Run>("totals").unwrap().placement().unwrap();
        assert!(scope.is_still_admitted().await);
        let scope = world.embed(&token).await;
        let dashboard = scope.dashboard::<tenancy::View>("overview").unwrap();
        dashboard.item::<tenancy::Run>("orders").unwrap().inputs(Default::default()).unwrap();
        assert!(world.tenancy.admit_key("clo_typo", None).await.is_err());
    };
    request().await;
    let before = world.tenancy.metadata_queries();
    for _ in 0..10 {
        request().await;
    }
    assert_eq!(world.tenancy.metadata_queries(), before);
}
