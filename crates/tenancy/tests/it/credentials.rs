//! Keys as callers present them.

use std::net::IpAddr;

use serde_json::json;
use tenancy::{AdmitError, OPERATOR_PREFIX, Principal, TENANT_PREFIX, looks_like_key};

use crate::world::{World, draft, everything, on_both_engines};

on_both_engines!(a_key_is_kept_as_a_digest_only, last_uses_are_noted);

#[tokio::test]
async fn what_cannot_be_a_key_never_reaches_the_store() {
    let world = World::new().await;
    let key = &world.alder.key;
    assert!(looks_like_key(key) && key.starts_with(TENANT_PREFIX) && !key.starts_with(OPERATOR_PREFIX));
    // The prefix, 160 bits and the checksum, five bits a character.
    assert_eq!(key.len(), TENANT_PREFIX.len() + 32 + 7);
    world.alder().await;
    let before = world.tenancy.metadata_queries();
    for (at, _) in key.char_indices() {
        let other = if &key[at..=at] == "7" { "8" } else { "7" };
        let mistyped = format!("{}{other}{}", &key[..at], &key[at + 1..]);
        assert!(matches!(world.tenancy.admit_key(&mistyped, None).await, Err(AdmitError::Invalid)), "{at}");
    }
    let swapped = key.replacen(TENANT_PREFIX, OPERATOR_PREFIX, 1);
    for text in [
        "",
        "clo_",
        "clo_op_",
        &key[..key.len() - 1],
        &format!("{key}0"),
        &key.to_uppercase(),
        &swapped,
        "\u{e9}".repeat(40).as_str(),
    ] {
        assert!(matches!(world.tenancy.admit_key(text, None).await, Err(AdmitError::Invalid)), "{text}");
    }
    assert_eq!(world.tenancy.metadata_queries(), before);
}

async fn a_key_is_kept_as_a_digest_only(world: World) {
    let new = world.operator().create_operator_key(draft(json!({ "name": "o", "actions": ["read"] }))).await.unwrap();
    let pool = world.store.raw().await;
    let mut texts = String::new();
    for table in ["api_key", "operator_key", "embed_key", "audit"] {
        for row in sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"))).fetch_all(&pool).await.unwrap() {
            use sqlx::{Column as _, Row as _};
            for column in row.columns() {
                if let Ok(Some(text)) = row.try_get::<Option<String>, _>(column.name()) {
                    texts.push_str(&text);
                } else if let Ok(Some(bytes)) = row.try_get::<Option<Vec<u8>>, _>(column.name()) {
                    texts.push_str(&String::from_utf8_lossy(&bytes));
                }
            }
        }
    }
    assert!(texts.contains(&world.alder.key_id), "the look did not see anything");
    for secret in [&world.alder.key, &world.alder.embed_secret, &new.secret.expose().to_owned()] {
        assert!(!texts.contains(secret.as_str()));
        assert!(!texts.contains(&secret[8..24]));
    }
    if let crate::world::Store::Sqlite(path) = &world.store {
        for file in [path.clone(), path.with_extension("db-wal")] {
            let bytes = std::fs::read(file).unwrap();
            assert!(!bytes.windows(16).any(|part| part == &world.alder.key.as_bytes()[8..24]));
        }
    }
}

#[tokio::test]
async fn keys_hold_until_their_end_and_within_their_networks() {
    let world = World::new().await;
    let end = jiff::Timestamp::from_second(world.now() + 60).unwrap();
    let office = world.keys(&world.alder).await;
    let new = json!({ "name": "k", "scopes": everything(), "expires_at": end.to_string(), "networks": ["10.0.0.0/8"], "requests_per_minute": 5 });
    let new = office.create_api_key(draft(new)).await.unwrap();
    let admit = async |peer: Option<&str>| {
        let peer: Option<IpAddr> = peer.map(|peer| peer.parse().unwrap());
        world.tenancy.admit_key(new.secret.expose(), peer).await
    };
    let (Principal::Tenant(scope), rate) = admit(Some("10.1.2.3")).await.ok().unwrap() else { panic!("an operator") };
    assert_eq!(rate.per_minute, Some(5));
    assert!(admit(Some("::ffff:10.1.2.3")).await.is_ok());
    for peer in [None, Some("11.1.2.3"), Some("::1"), Some("::ffff:11.0.0.1")] {
        assert!(matches!(admit(peer).await, Err(AdmitError::Network)), "{peer:?}");
    }
    world.pass(59);
    assert!(scope.is_still_admitted().await);
    world.pass(1);
    assert!(!scope.is_still_admitted().await);
    assert!(matches!(admit(Some("10.1.2.3")).await, Err(AdmitError::Expired)));
    // The same for operators.
    let end = jiff::Timestamp::from_second(world.now() + 60).unwrap();
    let new = json!({ "name": "o", "actions": ["read"], "expires_at": end.to_string(), "networks": ["10.0.0.0/8"] });
    let new = world.operator().create_operator_key(draft(new)).await.unwrap();
    let admit = async |peer: &str| world.tenancy.admit_key(new.secret.expose(), Some(peer.parse().unwrap())).await;
    assert!(matches!(admit("10.0.0.1").await, Ok((Principal::Operator(_), _))));
    assert!(matches!(admit("12.0.0.1").await, Err(AdmitError::Network)));
    world.pass(60);
    assert!(matches!(admit("10.0.0.1").await, Err(AdmitError::Expired)));
}

async fn last_uses_are_noted(world: World) {
    world.alder().await;
    let at = world.now();
    world.tenancy.close().await;
    let again = world.another(2).await;
    let keys = crate::world::console(&again).tenant_keys("alder").await.unwrap().api_keys().await.unwrap();
    assert_eq!(keys[0].last_used_at.unwrap().as_second(), at);
}
