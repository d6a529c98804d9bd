//! Several changes at once, and the instance at a glance: what an operator administers in one step.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use tenancy::model::publication::{Audience, Publication, PublicationDraft, Published};
use tenancy::placement::Level;
use tenancy::{Host, Keyring, Overview, Republication, Settings, StoreLocation, Tenancy, TenantId, View, WriteError};

use crate::world::{KEY_FILE, World, admit, console, draft, field, on_both_engines, refusal};

on_both_engines!(
    each_of_several_changes_is_told_and_followed,
    places_are_given_to_all_or_to_none,
    publications_change_together_or_not_at_all,
    an_overview_says_that_there_are_secrets_and_opens_none,
    digits_are_numbers,
);

fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

/// The newest entries of the audit log: what was done, for whom.
async fn audit(world: &World, count: u32) -> Vec<(String, Option<String>)> {
    let page = world.operator().audit(None, count).await.unwrap();
    page.data.into_iter().map(|entry| (entry.action, entry.tenant)).collect()
}

async fn newest(world: &World) -> i64 {
    world.operator().audit(None, 1).await.unwrap().data[0].seq
}

fn to(collection: &str, audience: Audience) -> Republication {
    let publish = Published::Collection(collection.to_owned());
    Republication::Make(PublicationDraft { publish, audience })
}

fn tenants<const N: usize>(ids: [&str; N]) -> Audience {
    Audience::Tenants(ids.map(str::to_owned).into())
}

async fn each_of_several_changes_is_told_and_followed(world: World) {
    let operator = world.operator();
    let source = json!({ "slug": "own", "name": "Own", "engine": "sqlite" });
    operator.create_source(draft(source)).await.unwrap();
    let other = world.another(7).await;
    other.catch_up().await.unwrap();
    let seen = async || {
        let scope = admit(&other, &world.alder.key).await.unwrap();
        let hidden = scope.dashboard::<View>("hidden").is_ok();
        (hidden, scope.sources().len())
    };
    assert_eq!(seen().await, (false, 1));
    let mut changes = world.tenancy.changes();
    let before = newest(&world).await;
    let place = |file: &str| draft(json!({ "file": file }));
    let drafts = vec![(tenant(&world.alder.id), place("a.db")), (tenant(&world.birch.id), place("b.db"))];
    let made = operator.place_all("own", drafts).await.map_err(|(_, error)| error).unwrap();
    assert_eq!(
        made.iter().map(|record| (record.tenant.as_str(), record.version)).collect::<Vec<_>>(),
        [(world.alder.id.as_str(), 1), (world.birch.id.as_str(), 1)]
    );
    let hidden = Republication::Make(PublicationDraft {
        publish: Published::Dashboard("hidden".into()),
        audience: tenants([world.alder.id.as_str()]),
    });
    let steps = vec![hidden, to("shop", tenants([world.birch.id.as_str()]))];
    operator.republish::<WriteError>(|_| Ok(steps)).await.unwrap();
    // An entry each, one after another, for whom it concerns; and each is told to who listens here.
    let put = |id: &String| ("placement.put".to_owned(), Some(id.clone()));
    let publish = || ("publication.create".to_owned(), None);
    let wanted = vec![publish(), publish(), put(&world.birch.id), put(&world.alder.id)];
    assert_eq!(audit(&world, 4).await, wanted);
    assert_eq!(newest(&world).await, before + 4);
    for (place, (action, tenant)) in wanted.into_iter().rev().enumerate() {
        let change = changes.recv().await.unwrap();
        let seq = before + 1 + i64::try_from(place).unwrap();
        assert_eq!((change.seq, change.action, change.tenant), (seq, action, tenant));
    }
    // Nothing else is left to read here, and another process follows.
    world.tenancy.catch_up().await.unwrap();
    assert!(changes.try_recv().is_err());
    other.catch_up().await.unwrap();
    assert_eq!(seen().await, (true, 2));
    // Nothing to do is no change.
    operator.republish::<WriteError>(|_| Ok(Vec::new())).await.unwrap();
    assert_eq!(newest(&world).await, before + 4);
    operator.create_tenant(draft(json!({ "slug": "cedar", "name": "Cedar" }))).await.unwrap();
    assert_eq!(newest(&world).await, before + 5);
}

async fn places_are_given_to_all_or_to_none(world: World) {
    let operator = world.operator();
    let source = json!({ "slug": "own", "name": "Own", "engine": "sqlite" });
    operator.create_source(draft(source)).await.unwrap();
    let before = newest(&world).await;
    let place = |client: &crate::world::Client, file: &str| (tenant(&client.id), draft(json!({ "file": file })));
    let refused = async |drafts| operator.place_all("own", drafts).await.map(|_| ()).unwrap_err();
    let (at, error) = refused(vec![place(&world.alder, "a.db"), place(&world.birch, "a.db")]).await;
    assert_eq!((at, field::<()>(Err(error))), (1, "file".to_owned()));
    let (at, error) = refused(vec![place(&world.alder, "a.db"), place(&world.alder, "b.db")]).await;
    assert_eq!((at, refusal::<(), _>(Err(error))), (1, "Stale".to_owned()));
    let nobody = (TenantId::parse(&format!("ten_{}", "a".repeat(26))).unwrap(), draft(json!({ "file": "c.db" })));
    let (at, error) = refused(vec![place(&world.alder, "a.db"), nobody]).await;
    assert_eq!((at, refusal::<(), _>(Err(error))), (1, "Missing".to_owned()));
    assert_eq!(newest(&world).await, before);
    assert_eq!(refusal(operator.placement("alder", "own").await.map(|_| ())), "Missing");
    // The claims that were tried are nobody's.
    operator.put_placement("birch", "own", 0, draft(json!({ "file": "a.db" }))).await.unwrap();
}

async fn publications_change_together_or_not_at_all(world: World) {
    let operator = world.operator();
    let (alder, birch) = (world.alder.id.as_str(), world.birch.id.as_str());
    operator.republish::<WriteError>(|_| Ok(vec![to("shop", tenants([alder, birch]))])).await.unwrap();
    let all = async || operator.publications(None, 200).await.unwrap().data;
    let named = |list: &[Publication]| {
        let found = list.iter().find(|own| matches!(own.draft.audience, Audience::Tenants(_)));
        found.map(|own| (own.id.clone(), own.version, own.draft.audience.clone())).unwrap()
    };
    let (before, at) = (all().await, newest(&world).await);
    let (id, ..) = named(&before);
    let for_all = before.iter().find(|own| own.draft.audience == Audience::All).unwrap().id.clone();
    let gone = tenancy::PublicationId::parse(&format!("pub_{}", "a".repeat(26))).unwrap();
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    let bad = || WriteError::Stale;
    for (steps, says) in [
        (vec![to("shop", tenants([alder])), to("nothing", Audience::All)], "publish"),
        (vec![to("shop", tenants([alder])), to("shop", tenants(["nobody"]))], "audience.tenants"),
        (vec![to("shop", tenants([alder])), to("shop", tenants([]))], "audience"),
        (vec![Republication::Withdraw(id.clone()), Republication::Withdraw(gone)], "Missing"),
        // Narrowing never widens.
        (vec![Republication::Narrow(id.clone(), set(&[alder, "ten_other"]))], "audience.tenants"),
        (vec![Republication::Narrow(id.clone(), set(&[]))], "audience.tenants"),
        (vec![Republication::Narrow(for_all, set(&[alder]))], "audience.tenants"),
    ] {
        let refused = refusal(operator.republish::<WriteError>(|_| Ok(steps)).await);
        assert!(refused.contains(says), "{says}: {refused}");
    }
    assert_eq!(refusal(operator.republish(|_: &Overview| Err(bad())).await), "Stale");
    assert_eq!((all().await.len(), newest(&world).await), (before.len(), at));
    operator.republish::<WriteError>(|_| Ok(vec![Republication::Narrow(id.clone(), set(&[birch]))])).await.unwrap();
    assert_eq!(named(&all().await), (id, 2, tenants([birch])));
    assert_eq!(audit(&world, 1).await, [("publication.narrow".to_owned(), None)]);
}

async fn an_overview_says_that_there_are_secrets_and_opens_none(world: World) {
    let operator = world.operator();
    let template =
        json!({ "host": "db.example", "database": "d_{slug}", "user": "u_{slug}", "password": "secret-{slug}" });
    let source = json!({ "slug": "pg", "name": "PG", "engine": "postgres", "template": template });
    operator.create_source(draft(source)).await.unwrap();
    let own = json!({ "database": "own", "password": "secret-too" });
    operator.put_placement("birch", "pg", 0, draft(own)).await.unwrap();
    let bare = json!({ "slug": "bare", "name": "Bare", "engine": "postgres", "template": { "host": "h", "database": "d{slug}", "user": "u{slug}" } });
    operator.create_source(draft(bare)).await.unwrap();
    // Where the key file is another one nothing could be opened, and it is told all the same.
    let blind = world.with_key_file(9, &"77".repeat(32)).await;
    for overview in [operator.overview().await.unwrap(), console(&blind).overview().await.unwrap()] {
        let slugs: Vec<&str> = overview.sources.iter().map(|own| own.draft.slug.as_str()).collect();
        assert_eq!(slugs, ["bare", "lms", "pg"]);
        let password = |place: usize| {
            let template = overview.sources[place].draft.template.as_ref().unwrap();
            template.password.as_ref().map(|secret| secret.expose().to_owned())
        };
        assert_eq!((password(0), password(1), password(2)), (None, None, Some(String::new())));
        let levels = |place: usize| {
            overview.tenants.iter().map(|own| overview.level(own, &overview.sources[place])).collect::<Vec<_>>()
        };
        // A place without a password is none.
        assert_eq!(levels(0), [None, None]);
        assert_eq!(levels(2), [Some(Level::Database), Some(Level::Database)]);
        let own: Vec<_> = overview.destinations().collect();
        assert_eq!((own.len(), own[0].tenant.draft.slug.as_str(), own[0].draft.host.as_deref()), (1, "birch", None));
        assert_eq!(own[0].draft.password.as_ref().map(tenancy::Secret::expose), Some(""));
        assert_eq!((overview.collections.len(), overview.publications.len()), (1, 1));
    }
    let keys = operator.keys_in_force().await.unwrap();
    assert_eq!((keys.get(&world.alder.id), keys.len()), (Some(&1), 2));
    world.keys(&world.birch).await.revoke_api_key(&world.birch.key_id).await.unwrap();
    let end = jiff::Timestamp::from_second(world.now() + 10).unwrap().to_string();
    let ends = json!({ "name": "k", "scopes": crate::world::everything(), "expires_at": end });
    world.keys(&world.alder).await.create_api_key(draft(ends)).await.unwrap();
    let count = async || operator.keys_in_force().await.unwrap();
    assert_eq!((count().await.get(&world.alder.id), count().await.get(&world.birch.id)), (Some(&2), None));
    world.pass(10);
    assert_eq!(count().await.get(&world.alder.id), Some(&1));
}

async fn digits_are_numbers(world: World) {
    let operator = world.operator();
    let alder = operator.tenant("alder").await.unwrap();
    let digits = alder.number.to_string();
    // Somebody's slug is another's number.
    operator.create_tenant(draft(json!({ "slug": digits, "name": "Digits" }))).await.unwrap();
    operator.create_tenant(draft(json!({ "slug": "7", "name": "Seven" }))).await.unwrap();
    let found = async |name: &str| operator.tenant_numbered(name).await.map(|own| own.draft.name);
    assert_eq!(found(&digits).await.unwrap(), alder.draft.name);
    assert_eq!(refusal(found("7").await), "Missing");
    assert_eq!(found("alder").await.unwrap(), alder.draft.name);
    assert_eq!(found(alder.id.as_str()).await.unwrap(), alder.draft.name);
    let source = operator.source("lms").await.unwrap();
    let found = async |name: &str| operator.source_numbered(name).await.map(|own| own.id.to_string());
    for name in [source.number.to_string().as_str(), "lms", source.id.as_str()] {
        assert_eq!(found(name).await.unwrap(), source.id.as_str());
    }
    assert_eq!(refusal(found("7").await), "Missing");
}

/// Clients know the numbers 1 and 2 as those of everybody and of administrators.
#[tokio::test]
async fn small_numbers_are_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(|| jiff::Timestamp::UNIX_EPOCH, |bytes| bytes.fill(0));
    let settings = Settings { sqlite_root: Some(Arc::from(folder.path())), audience: String::new() };
    let path = folder.path().join("meta.db");
    let keyring = Keyring::parse(KEY_FILE).unwrap();
    let tenancy = Tenancy::open(StoreLocation::Sqlite(&path), host, keyring, settings).await.unwrap();
    let tenant = json!({ "slug": "alder", "name": "Alder" });
    assert!(console(&tenancy).create_tenant(draft(tenant)).await.unwrap().number >= 1000);
}
