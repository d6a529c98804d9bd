//! Embed tokens: every way to bend one is refused with the right answer, and honest ones of all four algorithms pass.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tenancy::{Act as _, AdmitError, Caller, Embedded, MAX_TOKEN_BYTES, Run, View};

use crate::world::{NOW, World, draft, field, hs256, part, signed};

/// What a refusal is.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Refused {
    Invalid,
    Expired,
    Token,
}

async fn judge(world: &World, token: &str) -> Option<Refused> {
    match world.tenancy.admit_embed(token, None).await {
        Ok(_) => None,
        Err(AdmitError::Invalid) => Some(Refused::Invalid),
        Err(AdmitError::Expired) => Some(Refused::Expired),
        Err(AdmitError::Token(_)) => Some(Refused::Token),
        Err(other) => panic!("{other:?}"),
    }
}

/// Claims that differ in one thing, by the name of what is wrong.
fn wrong_claims() -> Vec<(&'static str, Value, Refused)> {
    use Refused::{Expired, Invalid, Token};
    let far = NOW + 3601;
    let long = "a".repeat(1001);
    let many: serde_json::Map<String, Value> = (0..101).map(|n| (format!("a{n}"), json!(1))).collect();
    vec![
        ("no exp", json!({ "exp": null }), Token),
        ("exp past", json!({ "exp": NOW - 1 }), Expired),
        ("exp now", json!({ "exp": NOW }), Expired),
        ("exp past with a fraction", json!({ "exp": 1_772_445_599.9 }), Expired),
        ("exp text", json!({ "exp": (NOW + 600).to_string() }), Token),
        ("exp negative", json!({ "exp": -1 }), Token),
        ("exp huge", json!({ "exp": 1e300 }), Token),
        ("exp huge whole", json!({ "exp": u64::MAX }), Token),
        ("exp in milliseconds", json!({ "exp": (NOW + 600) * 1000 }), Token),
        ("exp just beyond the range of times", json!({ "exp": 999_999_999_999_i64 }), Token),
        ("exp a list", json!({ "exp": [NOW + 600] }), Invalid),
        ("exp true", json!({ "exp": true }), Token),
        ("exp too far", json!({ "exp": far }), Token),
        ("nbf future", json!({ "nbf": NOW + 61 }), Token),
        ("nbf text", json!({ "nbf": "soon" }), Token),
        ("nbf negative", json!({ "nbf": -5 }), Token),
        ("iat future", json!({ "iat": NOW + 61 }), Token),
        ("iat huge", json!({ "iat": 1e20 }), Token),
        ("aud of somebody else", json!({ "aud": "https://evil.example" }), Token),
        ("aud of several others", json!({ "aud": ["a", "b"] }), Token),
        ("aud of nobody", json!({ "aud": [] }), Token),
        ("aud a number", json!({ "aud": 7 }), Token),
        ("an unknown claim", json!({ "tenant": "birch" }), Token),
        ("a misspelt params", json!({ "params": null, "param": { "org": 7 } }), Token),
        ("no params", json!({ "params": null }), Token),
        ("params a list", json!({ "params": ["org"] }), Token),
        ("params a text", json!({ "params": "org=7" }), Token),
        ("a locked text without a value", json!({ "params": { "org": "" } }), Token),
        ("a locked list without a value", json!({ "params": { "org": [] } }), Token),
        ("no resource", json!({ "resource": null }), Token),
        ("an unknown kind of resource", json!({ "resource": { "tenant": "birch" } }), Token),
        ("two resources", json!({ "resource": { "dashboard": "overview", "card": "orders" } }), Token),
        ("a resource by number", json!({ "resource": { "dashboard": 1 } }), Token),
        ("a resource as text", json!({ "resource": "overview" }), Token),
        ("a resource list", json!({ "resource": { "dashboard": ["overview", "hidden"] } }), Token),
        ("sub a number", json!({ "sub": 3 }), Token),
        ("attributes a list", json!({ "attributes": [1] }), Token),
        ("attributes nested", json!({ "attributes": { "a": { "b": 1 } } }), Token),
        ("attribute without a value", json!({ "attributes": { "a": [null] } }), Token),
        ("attribute with an odd name", json!({ "attributes": { "a b": 1 } }), Token),
        ("attribute too long", json!({ "attributes": { "a": long } }), Token),
        ("too many attributes", json!({ "attributes": many }), Token),
        ("locale with a path", json!({ "locale": "../en" }), Token),
        ("locale a number", json!({ "locale": 1 }), Token),
        ("timezone unknown", json!({ "timezone": "Mars/Olympus" }), Token),
        ("timezone a path", json!({ "timezone": "../../etc/passwd" }), Token),
        ("theme with a script", json!({ "theme": { "font": "x;}</style>" } }), Token),
        ("theme with an unknown field", json!({ "theme": { "css": "x" } }), Token),
        ("theme with a colour by name", json!({ "theme": { "primary": "url(x)" } }), Token),
    ]
}

#[tokio::test]
async fn wrong_claims_are_refused_although_the_signature_is_right() {
    let world = World::new().await;
    assert_eq!(judge(&world, &world.token(&world.alder, json!({}))).await, None);
    let cases = wrong_claims();
    assert!(cases.len() >= 45);
    for (name, claims, expected) in cases {
        assert_eq!(judge(&world, &world.token(&world.alder, claims)).await, Some(expected), "{name}");
    }
    let mut claims = world.claims(json!({}));
    claims["params"]["org"] = Value::Null;
    let header = json!({ "alg": "HS256", "kid": world.alder.embed_key });
    assert_eq!(judge(&world, &hs256(&header, &claims, &world.alder.embed_secret)).await, Some(Refused::Token));
}

#[tokio::test]
async fn texts_that_are_not_quite_json_are_refused() {
    let world = World::new().await;
    let alder = &world.alder;
    let header = json!({ "alg": "HS256", "kid": alder.embed_key }).to_string();
    let exp = NOW + 600;
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    let twice = format!(r#"{{"resource":{{"dashboard":"overview"}},"params":{{"org":7}},"params":{{}},"exp":{exp}}}"#);
    let twice_inside = format!(r#"{{"resource":{{"dashboard":"overview"}},"params":{{"org":7,"org":8}},"exp":{exp}}}"#);
    let two_ends = format!(r#"{{"resource":{{"dashboard":"overview"}},"params":{{}},"exp":{exp},"exp":{exp}}}"#);
    let nested = format!(r#"{{"resource":{{"dashboard":"overview"}},"params":{{"org":{deep}}},"exp":{exp}}}"#);
    for (name, claims) in [
        ("a claim twice", twice.as_str()),
        ("a locked value twice", &twice_inside),
        ("the end twice", &two_ends),
        ("nesting", &nested),
        ("only nesting", &deep),
        ("nothing", ""),
        ("a list", "[]"),
        ("null", "null"),
        ("a text", "\"overview\""),
        ("cut off", r#"{"resource":"#),
        ("not UTF-8 in spirit", "\u{0}"),
        ("more behind it", &format!("{}x", world.claims(json!({})))),
    ] {
        let refused = judge(&world, &signed(&header, claims, &alder.embed_secret)).await;
        assert!(matches!(refused, Some(Refused::Token | Refused::Invalid)), "{name}: {refused:?}");
    }
    let claims = world.claims(json!({})).to_string();
    let kid = &alder.embed_key;
    for (name, header) in [
        ("no header", String::new()),
        ("a list", "[]".to_owned()),
        ("nesting", deep.clone()),
        ("two algorithms", format!(r#"{{"alg":"none","alg":"HS256","kid":"{kid}"}}"#)),
        ("two kids", format!(r#"{{"alg":"HS256","kid":"{}","kid":"{kid}"}}"#, world.birch.embed_key)),
        ("no alg", format!(r#"{{"kid":"{kid}"}}"#)),
    ] {
        let refused = judge(&world, &signed(&header, &claims, &alder.embed_secret)).await;
        assert_eq!(refused, Some(Refused::Invalid), "{name}");
    }
}

#[tokio::test]
async fn headers_choose_nothing() {
    let world = World::new().await;
    let (alder, birch) = (&world.alder, &world.birch);
    let claims = world.claims(json!({}));
    let with = |over: Value| {
        let mut header = json!({ "alg": "HS256", "typ": "JWT", "kid": alder.embed_key });
        for (name, value) in over.as_object().unwrap() {
            header[name] = value.clone();
        }
        hs256(&header, &claims, &alder.embed_secret)
    };
    let jwk = json!({ "kty": "oct", "k": part("own secret"), "alg": "HS256" });
    let mut cases: Vec<(String, String)> = [
        json!({ "alg": "none" }),
        json!({ "alg": "None" }),
        json!({ "alg": "nOnE" }),
        json!({ "alg": "hs256" }),
        json!({ "alg": "HS384" }),
        json!({ "alg": "HS512" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "PS256" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "EdDSA" }),
        json!({ "alg": "" }),
        json!({ "alg": null }),
        json!({ "alg": ["HS256"] }),
        json!({ "jku": "https://evil.example/keys" }),
        json!({ "x5u": "https://evil.example/cert" }),
        json!({ "x5c": ["MIIB"] }),
        json!({ "jwk": jwk }),
        json!({ "crit": ["exp"] }),
        json!({ "crit": [] }),
        json!({ "typ": "at+jwt" }),
        json!({ "typ": "dpop+jwt" }),
        json!({ "kid": "../../../../dev/null" }),
        json!({ "kid": "' OR '1'='1" }),
        json!({ "kid": format!("{}' --", alder.embed_key) }),
        json!({ "kid": "" }),
        json!({ "kid": 1 }),
        json!({ "kid": [alder.embed_key] }),
        json!({ "kid": alder.embed_key.to_uppercase() }),
        json!({ "kid": format!("{} ", alder.embed_key) }),
        json!({ "kid": format!("{}\u{0}", alder.embed_key) }),
        json!({ "kid": alder.key_id }),
        json!({ "kid": "emk_00000000000000000000000000" }),
        json!({ "kid": birch.embed_key }),
    ]
    .into_iter()
    .map(|over| (over.to_string(), with(over.clone())))
    .collect();
    // Unsigned, cut, changed, and signed by others.
    let honest = with(json!({}));
    assert_eq!(judge(&world, &honest).await, None);
    let (message, signature) = honest.rsplit_once('.').unwrap();
    let none =
        format!("{}.{}.", part(json!({ "alg": "none", "kid": alder.embed_key }).to_string()), part(claims.to_string()));
    let other = hs256(&json!({ "alg": "HS256", "kid": alder.embed_key }), &claims, &birch.embed_secret);
    let empty = hs256(&json!({ "alg": "HS256", "kid": alder.embed_key }), &claims, "");
    let by_kid = hs256(&json!({ "alg": "HS256", "kid": alder.embed_key }), &claims, &alder.embed_key);
    let mut swapped = claims.clone();
    swapped["params"]["org"] = json!(8);
    let header = message.split('.').next().unwrap();
    cases.extend(
        [
            ("unsigned", none),
            ("birch's secret", other),
            ("an empty secret", empty),
            ("the key's name as secret", by_kid),
            ("no signature", format!("{message}.")),
            ("two parts", message.to_owned()),
            ("one part", header.to_owned()),
            ("four parts", format!("{honest}.{signature}")),
            ("empty", String::new()),
            ("dots", "..".to_owned()),
            ("blank before", format!(" {honest}")),
            ("blank after", format!("{honest} ")),
            ("bearer", format!("Bearer {honest}")),
            ("cut signature", honest[..honest.len() - 1].to_owned()),
            ("padded", format!("{honest}=")),
            ("other claims under the signature", format!("{header}.{}.{signature}", part(swapped.to_string()))),
            ("1 MB", format!("{message}.{}", "A".repeat(1 << 20))),
            (
                "1 MB of claims",
                hs256(
                    &json!({ "alg": "HS256", "kid": alder.embed_key }),
                    &json!({ "a": "a".repeat(1 << 20) }),
                    &alder.embed_secret,
                ),
            ),
            ("an API key", alder.key.clone()),
        ]
        .map(|(name, token)| (name.to_owned(), token)),
    );
    assert!(cases.len() >= 50);
    for (name, token) in cases {
        assert_eq!(judge(&world, &token).await, Some(Refused::Invalid), "{name}");
    }
    // What announces another kind of token, or anything at all.
    for over in [
        json!({ "b64": false }),
        json!({ "zip": "DEF" }),
        json!({ "cty": "JWT" }),
        json!({ "enc": "A256GCM" }),
        json!({ "x5t": "eA" }),
        json!({ "nonce": "n" }),
        json!({ "tenant": "birch" }),
        json!({ "KID": birch.embed_key }),
    ] {
        assert_eq!(judge(&world, &with(over.clone())).await, Some(Refused::Token), "{over}");
    }
    // Without a kid the maker is told, because a template of one is easily forgotten.
    let bare = hs256(&json!({ "alg": "HS256" }), &claims, &alder.embed_secret);
    assert_eq!(judge(&world, &bare).await, Some(Refused::Token));
}

#[tokio::test]
async fn a_token_is_measured_before_it_is_read() {
    let world = World::new().await;
    let fits = |length: usize| world.token(&world.alder, json!({ "jti": "j".repeat(length) }));
    let mut longest = 0;
    while fits(longest + 1).len() <= MAX_TOKEN_BYTES {
        longest += 1 + (MAX_TOKEN_BYTES - fits(longest + 1).len()) / 2;
    }
    assert_eq!(judge(&world, &fits(longest)).await, None);
    assert_eq!(judge(&world, &fits(longest + 4)).await, Some(Refused::Invalid));
}

#[tokio::test]
async fn revoked_keys_and_tenants_that_are_away_are_refused() {
    let world = World::new().await;
    let (alder, birch) = (&world.alder, &world.birch);
    let (ours, theirs) = (world.token(alder, json!({})), world.token(birch, json!({})));
    assert_eq!(judge(&world, &ours).await, None);
    assert_eq!(judge(&world, &theirs).await, None);
    // The tenant in the path is compared.
    assert!(world.tenancy.admit_embed(&ours, Some("alder")).await.is_ok());
    for slug in ["birch", "Alder", "", "ALDER", alder.id.as_str()] {
        let refused = world.tenancy.admit_embed(&ours, Some(slug)).await;
        assert!(matches!(refused, Err(AdmitError::Elsewhere)), "{slug}");
    }
    world.keys(alder).await.revoke_embed_key(&alder.embed_key).await.unwrap();
    assert_eq!(judge(&world, &ours).await, Some(Refused::Invalid));
    let operator = world.operator();
    let before = operator.tenant("birch").await.unwrap();
    let mut draft = before.draft.clone();
    draft.status = tenancy::model::tenant::Status::Suspended;
    let suspended = operator.replace_tenant("birch", before.version, draft.clone()).await.unwrap();
    assert_eq!(judge(&world, &theirs).await, Some(Refused::Invalid));
    draft.status = tenancy::model::tenant::Status::Active;
    operator.replace_tenant("birch", suspended.version, draft).await.unwrap();
    assert_eq!(judge(&world, &theirs).await, None);
    operator.delete_tenant("birch").await.unwrap();
    assert_eq!(judge(&world, &theirs).await, Some(Refused::Invalid));
}

#[tokio::test]
async fn times_are_those_of_the_kernels_clock() {
    let world = World::new().await;
    let token = world.token(&world.alder, json!({ "exp": NOW + 600, "nbf": NOW + 60, "iat": NOW + 60 }));
    let scope = world.embed(&token).await;
    assert!(scope.is_still_admitted().await);
    assert_eq!(scope.expires_at().unwrap().as_second(), NOW + 600);
    world.pass(599);
    assert_eq!(judge(&world, &token).await, None);
    assert!(scope.is_still_admitted().await);
    world.pass(1);
    assert_eq!(judge(&world, &token).await, Some(Refused::Expired));
    assert!(!scope.is_still_admitted().await);
}

#[tokio::test]
async fn an_honest_token_says_who_looks_and_how() {
    let world = World::new().await;
    let claims = json!({ "aud": ["other", "https://bi.example"], "sub": "u1", "attributes": { "role": ["teacher"] },
        "locale": "ar", "timezone": "Africa/Cairo", "theme": { "mode": "dark" }, "iss": "moodle", "jti": "1" });
    let scope = world.embed(&world.token(&world.alder, claims)).await;
    assert!(matches!(scope.caller(), Caller::Embed(key) if key.as_str() == world.alder.embed_key));
    assert_eq!(scope.tenant().as_str(), world.alder.id);
    assert_eq!((scope.locale(), scope.timezone().iana_name()), ("ar", Some("Africa/Cairo")));
    let viewer = scope.viewer().unwrap();
    assert_eq!(viewer.subject.as_deref(), Some("u1"));
    assert_eq!(viewer.attributes["role"], json!(["teacher"]));
    assert!(scope.theme().mode.is_some());
    let Some(Ok(Embedded::Dashboard(dashboard))) = scope.embedded() else { panic!("not the dashboard") };
    assert_eq!(dashboard.get().draft.name, "Overview");
}

/// A fresh pair of keys: private and public, in PEM.
fn pair(folder: &Path, options: &[&str]) -> (Vec<u8>, String) {
    let (private, public) = (folder.join("private.pem"), folder.join("public.pem"));
    let run = |command: &mut Command| assert!(command.output().unwrap().status.success());
    run(Command::new("openssl").arg("genpkey").args(options).arg("-out").arg(&private));
    run(Command::new("openssl").args(["pkey", "-pubout", "-in"]).arg(&private).arg("-out").arg(&public));
    (std::fs::read(private).unwrap(), std::fs::read_to_string(public).unwrap())
}

const RSA: [&str; 4] = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const EC: [&str; 4] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const ED: [&str; 2] = ["-algorithm", "ED25519"];

#[tokio::test]
async fn public_keys_verify_and_never_serve_as_secrets() {
    let world = World::new().await;
    let office = world.keys(&world.alder).await;
    let claims = world.claims(json!({}));
    let mut kids = BTreeSet::new();
    for (name, options) in [("RS256", &RSA[..]), ("ES256", &EC), ("EdDSA", &ED)] {
        let (private, public) = pair(world.folder.path(), options);
        let new = json!({ "name": name, "algorithm": name, "public_key": public });
        let new = office.create_embed_key(draft(new)).await.unwrap();
        assert!(new.secret.is_none());
        let kid = new.key.id.to_string();
        let (key, algorithm) = match name {
            "RS256" => (EncodingKey::from_rsa_pem(&private), Algorithm::RS256),
            "ES256" => (EncodingKey::from_ec_pem(&private), Algorithm::ES256),
            _ => (EncodingKey::from_ed_pem(&private), Algorithm::EdDSA),
        };
        let message =
            |alg: &str| format!("{}.{}", part(json!({ "alg": alg, "kid": kid }).to_string()), part(claims.to_string()));
        let sign = |alg: &str, kind: Algorithm, key: &EncodingKey| {
            let message = message(alg);
            let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, kind).unwrap();
            format!("{message}.{signature}")
        };
        let key = key.unwrap();
        let token = sign(name, algorithm, &key);
        assert_eq!(judge(&world, &token).await, None, "{name}");
        // The public key is public: taken as an HMAC secret it must sign nothing.
        for secret in [public.as_bytes(), public.trim().as_bytes(), b""] {
            let forged = EncodingKey::from_secret(secret);
            for alg in ["HS256", name] {
                let token = sign(alg, Algorithm::HS256, &forged);
                assert_eq!(judge(&world, &token).await, Some(Refused::Invalid), "{name} as {alg}");
            }
        }
        // Another header over the right signature, and another key of the same kind.
        assert_eq!(judge(&world, &sign("HS256", algorithm, &key)).await, Some(Refused::Invalid));
        assert_eq!(
            judge(
                &world,
                &token.replace(&part(claims.to_string()), &part(world.claims(json!({ "params": {} })).to_string()))
            )
            .await,
            Some(Refused::Invalid)
        );
        kids.insert(kid);
        // Such a key signs nothing here.
        let scope = world.alder().await;
        let asked = tenancy::Claims::new(tenancy::Resource::Dashboard("overview".into()), NOW + 60);
        assert_eq!(field(scope.sign_embed_token(new.key.id.as_str(), &asked).await), "key");
    }
    assert_eq!(kids.len(), 3);
}

#[tokio::test]
async fn keys_that_would_verify_nothing_are_refused_when_uploaded() {
    let world = World::new().await;
    let office = world.keys(&world.alder).await;
    let (private, rsa) = pair(world.folder.path(), &RSA);
    let (_, short) = pair(world.folder.path(), &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    let (_, ed) = pair(world.folder.path(), &ED);
    for (name, algorithm, key) in [
        ("a private key", "RS256", json!(String::from_utf8(private).unwrap())),
        ("1024 bits", "RS256", json!(short)),
        ("another kind", "ES256", json!(rsa)),
        ("another kind", "RS256", json!(ed)),
        ("not PEM", "EdDSA", json!("key")),
        ("an empty text", "EdDSA", json!("")),
        ("none", "ES256", Value::Null),
        ("one beside a secret", "HS256", json!(ed)),
    ] {
        let new = json!({ "name": "k", "algorithm": algorithm, "public_key": key });
        assert_eq!(field(office.create_embed_key(draft(new)).await), "public_key", "{name} for {algorithm}");
    }
}

#[tokio::test]
async fn a_token_shows_its_one_thing_and_nothing_beside_it() {
    let world = World::new().await;
    assert_eq!(Run::ACTIONS.len(), 1);
    let scope = world.embed(&world.token(&world.alder, json!({}))).await;
    let dashboard = scope.dashboard::<View>("overview").unwrap();
    let _ = dashboard.item::<Run>("orders").unwrap();
    // The dashboard's cards are reached through it, where its filters hold, and not by themselves.
    assert!(scope.card::<Run>("orders").is_err());
    assert!(scope.card::<Run>("own-card").is_err());
    assert!(scope.dashboard::<View>("own-dashboard").is_err());
    assert_eq!(scope.cards().len() + scope.collections().len(), 0);
    assert_eq!(scope.dashboards().len(), 1);
    assert!(scope.desk().is_err() && scope.keys().await.is_err() && scope.audit(None, 10).await.is_err());
    let claims = tenancy::Claims::new(tenancy::Resource::Dashboard("overview".into()), NOW + 60);
    assert!(scope.sign_embed_token(&world.alder.embed_key, &claims).await.is_err());
    // The key's own limits are over what the token asks for.
    let office = world.keys(&world.alder).await;
    let narrow =
        json!({ "name": "n", "resources": { "cards": ["totals"] }, "export": false, "longest_life_seconds": 60 });
    let narrow = office.create_embed_key(draft(narrow)).await.unwrap();
    let secret = narrow.secret.unwrap();
    let header = json!({ "alg": "HS256", "kid": narrow.key.id.as_str() });
    let token = |claims: Value| hs256(&header, &world.claims(claims), secret.expose());
    assert_eq!(judge(&world, &token(json!({ "exp": NOW + 61 }))).await, Some(Refused::Token));
    let outside = world.embed(&token(json!({ "exp": NOW + 60 }))).await;
    assert!(matches!(outside.embedded(), Some(Err(tenancy::LookupError::Missing))));
    let inside = world.embed(&token(json!({ "exp": NOW + 60, "resource": { "card": "totals" }, "params": {} }))).await;
    assert!(inside.card::<Run>("totals").is_ok());
    assert!(matches!(
        inside.card::<tenancy::Export>("totals").err(),
        Some(tenancy::LookupError::Forbidden(tenancy::Action::ResultsExport))
    ));
}

/// What is looked up is remembered, missing or not: only what has the shape of a name may be.
#[tokio::test]
async fn what_cannot_be_a_kid_never_reaches_the_store() {
    let world = World::new().await;
    let scope = world.alder().await;
    let claims = tenancy::Claims::new(tenancy::Resource::Dashboard("overview".into()), NOW + 60);
    let before = world.tenancy.metadata_queries();
    for kid in ["", "x", "' OR 1=1", "emk_", &world.alder.key_id, &"k".repeat(5000)] {
        let header = json!({ "alg": "HS256", "kid": kid });
        let token = hs256(&header, &world.claims(json!({})), &world.alder.embed_secret);
        assert_eq!(judge(&world, &token).await, Some(Refused::Invalid), "{kid}");
        assert!(world.tenancy.frame_origins(&token, None).await.is_none());
        assert!(matches!(scope.sign_embed_token(kid, &claims).await, Err(tenancy::WriteError::Missing)));
    }
    assert_eq!(world.tenancy.metadata_queries(), before);
}
