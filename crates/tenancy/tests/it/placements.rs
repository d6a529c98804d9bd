//! Where a tenant's rows are: by template, by its own row, and never where somebody else's are.

use serde_json::{Value, json};
use tenancy::model::placing::SourceDraft;
use tenancy::placement::{Connection, Level, Server};
use tenancy::{Placement, WriteError};

use crate::world::{World, console, draft, field, on_both_engines, refusal};

on_both_engines!(
    templates_place_tenants_and_own_rows_override_them,
    two_tenants_never_share_a_place_or_a_login,
    whole_databases_and_schemas_in_them_collide,
    tenants_share_a_login_only_where_it_does_not_say_whose_rows_are,
    a_template_that_would_collide_changes_nothing,
    attributes_move_tenants_and_never_into_each_other,
    a_process_without_files_forgets_no_claims,
    passwords_are_kept_when_absent_and_never_shown,
    reading_a_placement_does_not_wait_for_writers,
);

fn template(over: Value) -> Value {
    let mut template =
        json!({ "host": "{attributes.host}", "database": "lms_{slug}", "user": "u_{slug}", "password": "p-{slug}" });
    for (name, value) in over.as_object().unwrap() {
        template[name] = value.clone();
    }
    template
}

fn source(slug: &str, template: Value) -> SourceDraft {
    draft(json!({ "slug": slug, "name": slug, "engine": "postgres", "template": template }))
}

/// A world with a PostgreSQL source by template, and tenants on one host.
async fn placed(world: &World) {
    world.operator().create_source(source("pg", template(json!({ "host": "db.example" })))).await.unwrap();
}

fn server(placement: &Placement) -> &Server {
    match placement.connection() {
        Connection::Postgres(server) | Connection::Mysql(server) => server,
        Connection::Sqlite(_) => panic!("a file"),
    }
}

async fn attribute(world: &World, slug: &str, name: &str, value: Value) -> Result<(), WriteError> {
    let tenant = world.operator().tenant(slug).await.unwrap();
    let mut changed = tenant.draft.clone();
    changed.attributes.insert(name.into(), value);
    world.operator().replace_tenant(slug, tenant.version, changed).await.map(|_| ())
}

async fn templates_place_tenants_and_own_rows_override_them(world: World) {
    let operator = world.operator();
    operator.create_source(source("pg", template(json!({})))).await.unwrap();
    // Alder lacks the attribute that the template needs: that is said, and nothing is guessed.
    let refused = operator.resolved_placement("alder", "pg").await.err().unwrap();
    assert!(
        matches!(&refused, WriteError::Invalid(invalid) if invalid.field == "host" && invalid.message.contains("host"))
    );
    assert_eq!(refusal(operator.placement("alder", "pg").await.map(|_| ())), "Missing");
    attribute(&world, "alder", "host", json!("db1.example")).await.unwrap();
    let placement = operator.resolved_placement("alder", "pg").await.unwrap();
    let at = server(&placement);
    assert_eq!(
        (at.host.as_str(), at.port, at.database.as_str(), at.user.as_str()),
        ("db1.example", 5432, "lms_alder", "u_alder")
    );
    assert_eq!(at.password.expose(), "p-alder");
    assert_eq!((placement.level(), placement.tenant().as_str()), (Level::Database, world.alder.id.as_str()));
    let by_template = *placement.fingerprint();
    let put =
        operator.put_placement("alder", "pg", 0, draft(json!({ "port": 5433, "password": "own" }))).await.unwrap();
    assert!(!put.from_template && put.version == 1);
    let placement = operator.resolved_placement("alder", "pg").await.unwrap();
    let at = server(&placement);
    assert_eq!((at.port, at.database.as_str(), at.password.expose()), (5433, "lms_alder", "own"));
    assert_ne!(*placement.fingerprint(), by_template);
    assert_eq!(refusal(operator.put_placement("alder", "pg", 0, draft(json!({}))).await.map(|_| ())), "Stale");
    operator.delete_placement("alder", "pg").await.unwrap();
    assert_eq!(*operator.resolved_placement("alder", "pg").await.unwrap().fingerprint(), by_template);
    assert_eq!(refusal(operator.delete_placement("alder", "pg").await), "Missing");
    // What a running tenant uses changes with it.
    let print =
        async || *world.alder().await.card::<tenancy::Run>("totals").unwrap().placement().unwrap().fingerprint();
    let before = print().await;
    operator.put_placement("alder", "lms", 0, draft(json!({ "file": "moved/alder.db" }))).await.unwrap();
    let moved = print().await;
    assert_ne!(moved, before);
    let source = operator.source("lms").await.unwrap();
    let mut changed = source.draft.clone();
    changed.template = Some(draft(json!({ "file": "new/{slug}.db" })));
    operator.delete_placement("alder", "lms").await.unwrap();
    assert_eq!(print().await, before);
    operator.replace_source("lms", source.version, changed).await.unwrap();
    assert!(print().await != before && print().await != moved);
}

async fn two_tenants_never_share_a_place_or_a_login(world: World) {
    placed(&world).await;
    let operator = world.operator();
    let put = async |mut over: Value| {
        over["password"] = json!("p");
        operator.put_placement("alder", "pg", 0, draft(over)).await.map(|_| ())
    };
    assert_eq!(field(put(json!({ "database": "lms_birch" })).await), "database");
    assert_eq!(field(put(json!({ "user": "u_birch" })).await), "user");
    assert_eq!(field(put(json!({ "level": "schema", "database": "lms_birch", "schema": "alder" })).await), "schema");
    assert_eq!(
        field(operator.put_placement("alder", "lms", 0, draft(json!({ "file": "birch.db" }))).await.map(|_| ())),
        "file"
    );
    // Nor through another data source.
    let other = draft(json!({ "slug": "other", "name": "Other", "engine": "postgres" }));
    operator.create_source(other).await.unwrap();
    let row = json!({ "host": "db.example", "database": "lms_birch", "user": "u_alder2", "password": "p" });
    assert_eq!(field(operator.put_placement("alder", "other", 0, draft(row)).await.map(|_| ())), "database");
    // One tenant may have two sources in one place.
    let row = json!({ "host": "db.example", "database": "lms_alder", "user": "u_alder", "password": "p" });
    operator.put_placement("alder", "other", 0, draft(row)).await.unwrap();
    // A port of one's own is another server; and what was given up is free.
    put(json!({ "database": "lms_birch", "port": 6000 })).await.unwrap();
    operator.delete_tenant("birch").await.unwrap();
    operator.put_placement("alder", "pg", 1, draft(json!({ "database": "lms_birch", "password": "p" }))).await.unwrap();
    let refused = operator.create_tenant(draft(json!({ "slug": "birch", "name": "B" }))).await.map(|_| ());
    assert_eq!(field(refused), "placement.database");
    assert_eq!(refusal(operator.tenant("birch").await), "Missing");
}

async fn tenants_share_a_login_only_where_it_does_not_say_whose_rows_are(world: World) {
    let operator = world.operator();
    let tables = json!({ "orders": { "tenant": { "column": "tenant_id" } } });
    let shop = |template: Value| -> SourceDraft {
        draft(json!({ "slug": "shop", "name": "Shop", "engine": "postgres", "tables": tables, "template": template }))
    };
    let by = |level: &str, user: &str, identity: Option<&str>| {
        let mut template =
            json!({ "host": "db.example", "database": "shop", "user": user, "password": "p", "level": level });
        if let Some(identity) = identity {
            template["identity"] = json!(identity);
        }
        template
    };
    for (template, wrong) in [
        (by("native-rows", "readers", None), "template.user"),
        (by("native-rows", "readers", Some("login")), "template.user"),
        (by("guarded-rows", "readers", Some("signed")), "template.identity"),
        (by("database", "u_{slug}", Some("signed")), "template.identity"),
    ] {
        assert_eq!(field(operator.create_source(shop(template)).await.map(|_| ())), wrong);
    }
    for template in [by("guarded-rows", "readers", None), by("native-rows", "readers", Some("signed"))] {
        let signed = template.get("identity").is_some();
        operator.create_source(shop(template)).await.unwrap();
        let (alder, birch) = (
            operator.resolved_placement("alder", "shop").await.unwrap(),
            operator.resolved_placement("birch", "shop").await.unwrap(),
        );
        assert_ne!(alder.fingerprint(), birch.fingerprint());
        assert_eq!((alder.rows().key.as_str(), birch.rows().key.as_str()), ("alder", "birch"));
        let keys = [&alder, &birch].map(|place| place.rows().signing.as_ref().map(|key| key.expose().to_owned()));
        assert_eq!(keys[0], keys[1], "one key for one database");
        assert_eq!(keys[0].as_ref().map(String::len), signed.then_some(64));
        let put = async |over: Value| operator.put_placement("alder", "shop", 0, draft(over)).await.map(|_| ());
        // Capitals do not make another key; and a login that others share is nobody's own.
        assert_eq!(field(put(json!({ "row_key": "BIRCH" })).await), "row_key");
        assert_eq!(field(put(json!({ "level": "view-rows", "base": "app", "identity": "login" })).await), "user");
        if signed {
            assert_eq!(field(put(json!({ "identity": "login" })).await), "user");
            assert_eq!(field(put(json!({ "level": "guarded-rows" })).await), "identity");
            put(json!({ "database": "other" })).await.unwrap();
            let elsewhere = operator.resolved_placement("alder", "shop").await.unwrap();
            assert_ne!(elsewhere.rows().signing.as_ref().map(|key| key.expose().to_owned()), keys[0]);
            operator.delete_placement("alder", "shop").await.unwrap();
        }
        operator.delete_source("shop").await.unwrap();
    }
}

async fn whole_databases_and_schemas_in_them_collide(world: World) {
    let operator = world.operator();
    let by_schema = json!({ "host": "db.example", "database": "shared", "level": "schema", "schema": "s_{slug}", "user": "u_{slug}", "password": "p" });
    operator.create_source(source("pg", by_schema)).await.unwrap();
    operator.create_source(draft(json!({ "slug": "other", "name": "Other", "engine": "postgres" }))).await.unwrap();
    let whole = json!({ "host": "db.example", "database": "shared", "user": "boss", "password": "p" });
    // The login of a whole database reads every schema in it.
    assert_eq!(field(operator.put_placement("alder", "other", 0, draft(whole.clone())).await.map(|_| ())), "database");
    let mut elsewhere = whole.clone();
    elsewhere["database"] = json!("own");
    operator.put_placement("alder", "other", 0, draft(elsewhere)).await.unwrap();
    let into = json!({ "database": "own", "schema": "s_birch" });
    assert_eq!(field(operator.put_placement("birch", "pg", 0, draft(into)).await.map(|_| ())), "schema");
    assert_eq!(
        field(operator.put_placement("birch", "pg", 0, draft(json!({ "schema": "s_alder" }))).await.map(|_| ())),
        "schema"
    );
    // Alone in it, a tenant may have the whole and a schema.
    operator.delete_tenant("birch").await.unwrap();
    operator.put_placement("alder", "other", 1, draft(whole)).await.unwrap();
    let refused = operator.create_tenant(draft(json!({ "slug": "cedar", "name": "C" }))).await.map(|_| ());
    assert_eq!(field(refused), "placement.schema");
}

#[tokio::test]
async fn one_place_is_one_in_every_spelling() {
    let world = World::new().await;
    placed(&world).await;
    let operator = world.operator();
    for host in ["DB.example", "db.example.", "Db.Example."] {
        let row = json!({ "password": "p", "host": host, "database": "lms_birch" });
        assert_eq!(field(operator.put_placement("alder", "pg", 0, draft(row)).await.map(|_| ())), "database", "{host}");
    }
    let row = json!({ "password": "p", "host": "db.example", "port": 5432, "database": "lms_birch" });
    assert_eq!(field(operator.put_placement("alder", "pg", 0, draft(row)).await.map(|_| ())), "database");
    operator.put_placement("birch", "pg", 0, draft(json!({ "password": "p", "host": "::1" }))).await.unwrap();
    let row = json!({ "password": "p", "host": "0:0:0:0:0:0:0:1", "database": "lms_birch" });
    assert_eq!(field(operator.put_placement("alder", "pg", 0, draft(row)).await.map(|_| ())), "database");
    operator.put_placement("birch", "pg", 1, draft(json!({ "password": "p", "host": "10.0.0.1" }))).await.unwrap();
    let row = json!({ "password": "p", "host": "::ffff:10.0.0.1", "database": "lms_birch" });
    assert_eq!(field(operator.put_placement("alder", "pg", 0, draft(row)).await.map(|_| ())), "database");
    // PostgreSQL tells capitals apart; MariaDB and MySQL do so on some systems only.
    operator
        .put_placement("birch", "pg", 2, draft(json!({ "password": "p", "engine": "mysql", "host": "my.example" })))
        .await
        .unwrap();
    operator
        .put_placement("alder", "pg", 0, draft(json!({ "password": "p", "host": "10.0.0.1", "database": "LMS_alder" })))
        .await
        .unwrap();
    let row = json!({ "password": "p", "engine": "mysql", "host": "my.example", "database": "LMS_Birch" });
    assert_eq!(field(operator.put_placement("alder", "pg", 1, draft(row)).await.map(|_| ())), "database");
    // Files are relative names, each in one spelling.
    for file in [
        "./birch.db",
        "../birch.db",
        "/birch.db",
        "x//birch.db",
        "x/../birch.db",
        "birch.db/",
        ".hidden",
        "b\u{131}rch.db",
        "birch.db\u{0}",
        "file:birch.db?mode=rw",
        "",
    ] {
        assert_eq!(
            field(operator.put_placement("alder", "lms", 0, draft(json!({ "file": file }))).await.map(|_| ())),
            "file",
            "{file}"
        );
    }
    for host in ["/var/run/postgresql", "a,b", "a b", "user@host", "", "[::1]"] {
        assert_eq!(
            field(operator.put_placement("alder", "pg", 1, draft(json!({ "host": host }))).await.map(|_| ())),
            "host",
            "{host}"
        );
    }
    for (row, wrong) in [
        (json!({ "level": "schema" }), "schema"),
        (json!({ "engine": "mysql", "level": "schema", "schema": "s" }), "level"),
        (json!({ "engine": "sqlite", "level": "schema", "file": "x.db" }), "level"),
        (json!({ "engine": "sqlite" }), "file"),
        (json!({ "database": "a\nb" }), "database"),
        (json!({ "user": "" }), "user"),
    ] {
        assert_eq!(
            field(operator.put_placement("alder", "pg", 1, draft(row.clone())).await.map(|_| ())),
            wrong,
            "{row}"
        );
    }
}

async fn a_template_that_would_collide_changes_nothing(world: World) {
    placed(&world).await;
    let operator = world.operator();
    attribute(&world, "alder", "group", json!("north")).await.unwrap();
    attribute(&world, "birch", "group", json!("north")).await.unwrap();
    let before = operator.source("pg").await.unwrap();
    let (log, claims) = (operator.audit(None, 1).await.unwrap().data[0].seq, claims(&world).await);
    let print = *operator.resolved_placement("alder", "pg").await.unwrap().fingerprint();
    for (over, wrong) in [
        (json!({ "database": "lms_{attributes.group}" }), "template.database"),
        (json!({ "user": "u_{attributes.group}" }), "template.user"),
        // These would be one place for everybody, whatever the attributes are.
        (json!({ "database": "lms" }), "template.database"),
        (json!({ "user": "u" }), "template.user"),
        (json!({ "level": "schema" }), "template.schema"),
        (json!({ "level": "schema", "schema": "s" }), "template.schema"),
        (json!({ "database": "{slug" }), "template.database"),
        (json!({ "database": "{tenant}" }), "template.database"),
        (json!({ "password": "{" }), "template.password"),
    ] {
        let mut over = over;
        over["host"] = json!("db.example");
        let refused =
            operator.replace_source("pg", before.version, source("pg", template(over.clone()))).await.map(|_| ());
        assert_eq!(field(refused), wrong, "{over}");
    }
    let refused = operator
        .create_source(source("pg2", template(json!({ "host": "db.example", "database": "x_{attributes.group}" }))))
        .await;
    assert_eq!(field(refused.map(|_| ())), "template.database");
    assert_eq!(operator.source("pg").await.unwrap().version, before.version);
    assert_eq!(refusal(operator.source("pg2").await.map(|_| ())), "Missing");
    assert_eq!(operator.audit(None, 1).await.unwrap().data[0].seq, log);
    assert_eq!(self::claims(&world).await, claims);
    assert_eq!(*operator.resolved_placement("alder", "pg").await.unwrap().fingerprint(), print);
    // An own row that falls back to a template that is taken in between.
    operator.put_placement("alder", "pg", 0, draft(json!({ "database": "own" }))).await.unwrap();
    operator.put_placement("birch", "pg", 0, draft(json!({ "database": "lms_alder" }))).await.unwrap();
    assert_eq!(field(operator.delete_placement("alder", "pg").await), "template.database");
    assert!(!operator.placement("alder", "pg").await.unwrap().from_template);
}

async fn claims(world: &World) -> Vec<String> {
    let pool = world.store.raw().await;
    let claims = sqlx::query_scalar("SELECT claim FROM placement_claim ORDER BY claim").fetch_all(&pool).await.unwrap();
    pool.close().await;
    claims
}

async fn attributes_move_tenants_and_never_into_each_other(world: World) {
    for slug in ["alder", "birch"] {
        attribute(&world, slug, "db", json!(slug)).await.unwrap();
    }
    let by_attribute = template(json!({ "host": "db.example", "database": "lms_{attributes.db}" }));
    world.operator().create_source(source("pg", by_attribute)).await.unwrap();
    assert_eq!(field(attribute(&world, "alder", "db", json!("birch")).await), "placement.database");
    attribute(&world, "birch", "db", json!(42)).await.unwrap();
    attribute(&world, "alder", "db", json!("birch")).await.unwrap();
    let placement = world.operator().resolved_placement("alder", "pg").await.unwrap();
    assert_eq!(server(&placement).database, "lms_birch");
    // Lists and truths are no names.
    attribute(&world, "alder", "db", json!(["birch"])).await.unwrap();
    assert_eq!(field(world.operator().resolved_placement("alder", "pg").await.map(|_| ())), "database");
    // A slug and a parent never make two tenants one.
    let tenant = world.operator().tenant("alder").await.unwrap();
    let mut renamed = tenant.draft.clone();
    renamed.slug = tenancy::Slug::parse("birch").unwrap();
    assert_eq!(field(world.operator().replace_tenant("alder", tenant.version, renamed).await), "slug");
}

/// The command line may run with another directory of tenant files than the server, or with none.
async fn a_process_without_files_forgets_no_claims(world: World) {
    let settings = tenancy::Settings::default();
    let host = crate::world::host(9, &std::sync::Arc::new(std::sync::atomic::AtomicI64::new(crate::world::NOW)));
    let keyring = tenancy::Keyring::parse(crate::world::KEY_FILE).unwrap();
    let without = tenancy::Tenancy::open(world.store.location(), host, keyring, settings).await.unwrap();
    let before = claims(&world).await;
    let tenant = console(&without).tenant("alder").await.unwrap();
    console(&without).replace_tenant("alder", tenant.version, tenant.draft).await.unwrap();
    assert_eq!(claims(&world).await, before);
    let refused = world.operator().put_placement("birch", "lms", 0, draft(json!({ "file": "alder.db" }))).await;
    assert_eq!(field(refused.map(|_| ())), "file");
    assert_eq!(field(console(&without).resolved_placement("alder", "lms").await.map(|_| ())), "engine");
}

async fn passwords_are_kept_when_absent_and_never_shown(world: World) {
    placed(&world).await;
    let operator = world.operator();
    let put = operator.put_placement("alder", "pg", 0, draft(json!({ "password": "first-secret" }))).await.unwrap();
    let again = operator.put_placement("alder", "pg", 1, draft(json!({ "database": "other" }))).await.unwrap();
    assert_eq!(server(&operator.resolved_placement("alder", "pg").await.unwrap()).password.expose(), "first-secret");
    let source = operator.source("pg").await.unwrap();
    let with = |over: &Value| {
        let mut draft = template(json!({ "host": "db.example", "password": null }));
        draft.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
        self::source("pg", draft)
    };
    let renamed = with(&json!({ "database": "shop_{slug}" }));
    let kept = operator.replace_source("pg", source.version, renamed).await.unwrap();
    assert_eq!(server(&operator.resolved_placement("birch", "pg").await.unwrap()).password.expose(), "p-birch");
    // Nobody has a password that he cannot read sent to a server of his own, or to where it can be listened to.
    let mut version = 2;
    for elsewhere in [
        json!({ "host": "evil.example" }),
        json!({ "port": 5433 }),
        json!({ "tls": "off" }),
        json!({ "user": "u2_{slug}" }),
        json!({ "engine": "mysql" }),
    ] {
        let own = operator.put_placement("alder", "pg", version, draft(elsewhere.clone())).await;
        assert_eq!(field(own.map(|_| ())), "password", "{elsewhere}");
        // The template's, for a tenant that has no placement of its own.
        let first = operator.put_placement("birch", "pg", 0, draft(elsewhere.clone())).await;
        assert_eq!(field(first.map(|_| ())), "password", "{elsewhere}");
        let replaced = operator.replace_source("pg", kept.version, with(&elsewhere)).await;
        assert_eq!(field(replaced.map(|_| ())), "template.password", "{elsewhere}");
        // Who knows it says it.
        let mut known = elsewhere.clone();
        known["password"] = json!("new-secret");
        operator.put_placement("alder", "pg", version, draft(known)).await.unwrap();
        let back = draft(json!({ "password": "first-secret" }));
        operator.put_placement("alder", "pg", version + 1, back).await.unwrap();
        version += 2;
    }
    let read = operator.placement("alder", "pg").await.unwrap();
    let shown = [
        serde_json::to_string(&put),
        serde_json::to_string(&again),
        serde_json::to_string(&read),
        serde_json::to_string(&source),
        serde_json::to_string(&kept),
    ];
    for text in shown {
        let text = text.unwrap();
        assert!(!text.contains("secret") && !text.contains("password"), "{text}");
    }
}

/// With a writer in the middle of a change, here or in another process.
async fn reading_a_placement_does_not_wait_for_writers(world: World) {
    placed(&world).await;
    let pool = world.store.raw().await;
    let mut writing = pool.begin().await.unwrap();
    sqlx::query("UPDATE change_counter SET seq = seq + 1").execute(&mut *writing).await.unwrap();
    let operator = world.operator();
    let reads = async {
        operator.placement("alder", "pg").await.map(|_| ()).unwrap();
        operator.resolved_placement("alder", "pg").await.map(|_| ()).unwrap();
        operator.tenant("alder").await.unwrap();
        world.alder().await.audit(None, 1).await.unwrap();
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), reads).await.expect("a read waited for a writer");
    writing.rollback().await.unwrap();
}

#[tokio::test]
async fn a_crowd_of_waiting_writers_leaves_room_for_readers() {
    let world = World::new().await;
    let pool = world.store.raw().await;
    let mut writing = pool.begin().await.unwrap();
    sqlx::query("UPDATE change_counter SET seq = seq + 1").execute(&mut *writing).await.unwrap();
    let writers: Vec<_> = (0..12)
        .map(|number| {
            let tenancy = world.tenancy.clone();
            tokio::spawn(async move {
                let tenant = draft(json!({ "slug": format!("t{number}"), "name": "T" }));
                console(&tenancy).create_tenant(tenant).await.map(|_| ()).unwrap();
            })
        })
        .collect();
    for _ in 0..12 {
        tokio::task::yield_now().await;
    }
    // The poll for other processes' changes is such a reader.
    let poll = tokio::time::timeout(std::time::Duration::from_secs(5), world.tenancy.catch_up());
    poll.await.expect("the poll found no connection").unwrap();
    writing.rollback().await.unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
}
