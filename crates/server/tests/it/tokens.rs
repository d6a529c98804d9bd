//! Embed tokens over HTTP: every bent one is refused on every route that it was bent for, and says nothing.
//!
//! One table: a name, the token, what the answer must be. `tenancy` has the same question one layer below; here it
//! is asked as an attacker asks it, through headers, paths and the wrong places.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use http::Request;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::world::{Client, Reply, World, operations, suspend};

/// A token that must not be admitted, and the code of its refusal.
struct Bent {
    name: String,
    token: String,
    code: &'static str,
}

const INVALID: &str = "token-invalid";
const EXPIRED: &str = "token-expired";
const UNACCEPTABLE: &str = "token-unacceptable";

fn bent(name: impl Into<String>, token: impl Into<String>, code: &'static str) -> Bent {
    Bent { name: name.into(), token: token.into(), code }
}

fn part(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A signature over any two texts, whatever the header says about it.
fn signed_with(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn signed(header: &str, claims: &str, secret: &str) -> String {
    signed_with(header, claims, &EncodingKey::from_secret(secret.as_bytes()), Algorithm::HS256)
}

fn claims(world: &World, more: Value) -> Value {
    let mut claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 600 });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// A right token but for some fields of its header.
fn with_header(world: &World, client: &Client, more: Value) -> String {
    let mut header = json!({ "alg": "HS256", "typ": "JWT", "kid": client.embed_key });
    for (name, value) in more.as_object().unwrap() {
        header[name] = value.clone();
    }
    signed(&header.to_string(), &claims(world, json!({})).to_string(), &client.embed_secret)
}

fn bent_headers(world: &World) -> Vec<Bent> {
    let (alder, birch) = (&world.alder, &world.birch);
    let jwk = json!({ "kty": "oct", "k": part("own secret"), "alg": "HS256" });
    let mut cases: Vec<Bent> = [
        json!({ "alg": "none" }),
        json!({ "alg": "None" }),
        json!({ "alg": "nOnE" }),
        json!({ "alg": "NONE" }),
        json!({ "alg": "" }),
        json!({ "alg": null }),
        json!({ "alg": "hs256" }),
        json!({ "alg": " HS256" }),
        json!({ "alg": ["HS256"] }),
        json!({ "alg": 256 }),
        json!({ "alg": "HS384" }),
        json!({ "alg": "HS512" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "PS256" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "EdDSA" }),
        json!({ "kid": "" }),
        json!({ "kid": 1 }),
        json!({ "kid": [alder.embed_key] }),
        json!({ "kid": { "$ne": "" } }),
        json!({ "kid": "../../../../etc/passwd" }),
        json!({ "kid": "/dev/null" }),
        json!({ "kid": "x' OR 1=1 --" }),
        json!({ "kid": format!("{}' OR '1'='1", alder.embed_key) }),
        json!({ "kid": format!("x' UNION SELECT '{}", alder.embed_secret) }),
        json!({ "kid": format!("{}\u{0}", alder.embed_key) }),
        json!({ "kid": format!("{} ", alder.embed_key) }),
        json!({ "kid": alder.embed_key.to_uppercase() }),
        json!({ "kid": alder.key_id }),
        json!({ "kid": alder.id }),
        json!({ "kid": "emk_00000000000000000000000000" }),
        json!({ "kid": "k".repeat(10_000) }),
        json!({ "kid": birch.embed_key }),
        json!({ "jku": "https://evil.example/keys" }),
        json!({ "x5u": "https://evil.example/certificate" }),
        json!({ "x5c": ["MIIB"] }),
        json!({ "jwk": jwk }),
        json!({ "jwk": null, "crit": ["exp"] }),
        json!({ "crit": [] }),
        json!({ "crit": ["b64"], "b64": false }),
        json!({ "typ": "at+jwt" }),
        json!({ "typ": "dpop+jwt" }),
        json!({ "typ": "secevent+jwt" }),
        json!({ "typ": "JWT " }),
        json!({ "typ": "" }),
        json!({ "typ": 1 }),
    ]
    .into_iter()
    .map(|more| {
        let name: String = format!("header {more}").chars().take(90).collect();
        bent(name, with_header(world, alder, more), INVALID)
    })
    .collect();
    let (kid, body) = (&alder.embed_key, claims(world, json!({})).to_string());
    let deep = format!("{}{}", "[".repeat(3000), "]".repeat(3000));
    for (name, header) in [
        ("header: two algorithms", format!(r#"{{"alg":"none","alg":"HS256","kid":"{kid}"}}"#)),
        (
            "header: two kids, the foreign first",
            format!(r#"{{"alg":"HS256","kid":"{}","kid":"{kid}"}}"#, birch.embed_key),
        ),
        (
            "header: two kids, the foreign last",
            format!(r#"{{"alg":"HS256","kid":"{kid}","kid":"{}"}}"#, birch.embed_key),
        ),
        ("header: no algorithm", format!(r#"{{"kid":"{kid}"}}"#)),
        ("header: a list", format!(r#"["HS256","{kid}"]"#)),
        ("header: nothing", String::new()),
        ("header: null", "null".to_owned()),
        ("header: nesting", deep),
        ("header: more behind it", format!(r#"{{"alg":"HS256","kid":"{kid}"}}{{}}"#)),
        ("header: a byte order mark", format!("\u{feff}{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}")),
    ] {
        cases.push(bent(name, signed(&header, &body, &alder.embed_secret), INVALID));
    }
    // What a header must not have beside: its maker is told, whoever that is, for the words say nothing about keys.
    for more in [
        json!({ "b64": false }),
        json!({ "b64": null }),
        json!({ "zip": "GZ" }),
        json!({ "zip": "DEF" }),
        json!({ "cty": "JWT" }),
        json!({ "enc": "A256GCM" }),
        json!({ "x5t": "dGh1bWI" }),
        json!({ "x5t#S256": "dGh1bWI" }),
        json!({ "url": "https://evil.example" }),
        json!({ "nonce": "n" }),
        json!({ "iss": "alder" }),
        json!({ "tenant": "birch" }),
        json!({ "Kid": birch.embed_key }),
    ] {
        cases.push(bent(format!("header {more}"), with_header(world, alder, more), UNACCEPTABLE));
    }
    // A template of a token without a kid is easily made, and its maker holds the secret: it is told.
    cases.push(bent("header: no kid", signed(r#"{"alg":"HS256"}"#, &body, &alder.embed_secret), UNACCEPTABLE));
    cases.push(bent("header: kid null", with_header(world, alder, json!({ "kid": null })), UNACCEPTABLE));
    cases
}

fn bent_claims(world: &World) -> Vec<Bent> {
    let now = world.now();
    let client = &world.alder;
    let mut cases: Vec<Bent> = [
        (json!({ "exp": now }), EXPIRED),
        (json!({ "exp": now - 1 }), EXPIRED),
        (json!({ "exp": 0 }), EXPIRED),
        (json!({ "exp": 1_772_445_599.999 }), EXPIRED),
        (json!({ "exp": (now + 600).to_string() }), UNACCEPTABLE),
        (json!({ "exp": "never" }), UNACCEPTABLE),
        (json!({ "exp": 1e300 }), UNACCEPTABLE),
        (json!({ "exp": u64::MAX }), UNACCEPTABLE),
        (json!({ "exp": i64::MAX }), UNACCEPTABLE),
        (json!({ "exp": i64::MIN }), UNACCEPTABLE),
        (json!({ "exp": -1 }), UNACCEPTABLE),
        (json!({ "exp": -0.5 }), UNACCEPTABLE),
        (json!({ "exp": [now + 600] }), INVALID),
        (json!({ "exp": { "at": now + 600 } }), INVALID),
        (json!({ "exp": null }), UNACCEPTABLE),
        (json!({ "exp": true }), UNACCEPTABLE),
        (json!({ "exp": now + 3601 }), UNACCEPTABLE),
        (json!({ "exp": (now + 600) * 1000 }), UNACCEPTABLE),
        (json!({ "nbf": now + 61 }), UNACCEPTABLE),
        (json!({ "nbf": "soon" }), UNACCEPTABLE),
        (json!({ "nbf": -1 }), UNACCEPTABLE),
        (json!({ "iat": now + 61 }), UNACCEPTABLE),
        (json!({ "iat": [now] }), UNACCEPTABLE),
        (json!({ "iat": 1e20 }), UNACCEPTABLE),
        (json!({ "aud": "https://evil.example" }), UNACCEPTABLE),
        (json!({ "aud": "" }), UNACCEPTABLE),
        (json!({ "aud": "CLOISON" }), UNACCEPTABLE),
        (json!({ "aud": ["somebody", "else"] }), UNACCEPTABLE),
        (json!({ "aud": [] }), UNACCEPTABLE),
        (json!({ "aud": 7 }), UNACCEPTABLE),
        (json!({ "aud": { "cloison": true } }), UNACCEPTABLE),
        (json!({ "iss": 7 }), UNACCEPTABLE),
        (json!({ "jti": [1] }), UNACCEPTABLE),
        (json!({ "sub": 3 }), UNACCEPTABLE),
        (json!({ "sub": ["u1"] }), INVALID),
        (json!({ "sub": { "id": "u1" } }), INVALID),
        (json!({ "resource": null }), UNACCEPTABLE),
        (json!({ "resource": "overview" }), UNACCEPTABLE),
        (json!({ "resource": {} }), UNACCEPTABLE),
        (json!({ "resource": { "tenant": "birch" } }), UNACCEPTABLE),
        (json!({ "resource": { "dashboard": 1 } }), UNACCEPTABLE),
        (json!({ "resource": { "dashboard": ["overview", "private"] } }), UNACCEPTABLE),
        (json!({ "resource": { "dashboard": "overview", "card": "orders" } }), UNACCEPTABLE),
        (json!({ "params": null }), UNACCEPTABLE),
        (json!({ "params": "city=Lyon" }), UNACCEPTABLE),
        (json!({ "params": ["city"] }), UNACCEPTABLE),
        (json!({ "params": { "city": null } }), UNACCEPTABLE),
        (json!({ "params": { "city": "" } }), UNACCEPTABLE),
        (json!({ "params": { "city": [] } }), UNACCEPTABLE),
        (json!({ "attributes": { "a": { "b": 1 } } }), UNACCEPTABLE),
        (json!({ "locale": "../en" }), UNACCEPTABLE),
        (json!({ "timezone": "../../etc/passwd" }), UNACCEPTABLE),
        (json!({ "theme": { "font": "x;}</style>" } }), UNACCEPTABLE),
        (json!({ "tenant": "birch" }), UNACCEPTABLE),
        (json!({ "tenant": "alder" }), UNACCEPTABLE),
        (json!({ "scope": "admin" }), UNACCEPTABLE),
    ]
    .into_iter()
    .map(|(more, code)| {
        let body = claims(world, more.clone()).to_string();
        let header = json!({ "alg": "HS256", "kid": client.embed_key }).to_string();
        bent(format!("claims {more}"), signed(&header, &body, &client.embed_secret), code)
    })
    .collect();
    let exp = now + 600;
    let shown = r#""resource":{"dashboard":"overview"}"#;
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    for (name, body, code) in [
        ("claims: no exp", format!(r#"{{{shown},"params":{{}}}}"#), UNACCEPTABLE),
        ("claims: no params", format!(r#"{{{shown},"exp":{exp}}}"#), UNACCEPTABLE),
        ("claims: no resource", format!(r#"{{"params":{{}},"exp":{exp}}}"#), UNACCEPTABLE),
        ("claims: exp 1e999", format!(r#"{{{shown},"params":{{}},"exp":1e999}}"#), UNACCEPTABLE),
        ("claims: exp NaN", format!(r#"{{{shown},"params":{{}},"exp":NaN}}"#), INVALID),
        ("claims: exp twice", format!(r#"{{{shown},"params":{{}},"exp":1,"exp":{exp}}}"#), INVALID),
        (
            "claims: params twice",
            format!(r#"{{{shown},"params":{{"city":"Lyon"}},"params":{{}},"exp":{exp}}}"#),
            UNACCEPTABLE,
        ),
        (
            "claims: a locked value twice",
            format!(r#"{{{shown},"params":{{"city":"Lyon","city":"Nice"}},"exp":{exp}}}"#),
            UNACCEPTABLE,
        ),
        ("claims: resource twice", format!(r#"{{{shown},{shown},"params":{{}},"exp":{exp}}}"#), UNACCEPTABLE),
        ("claims: nesting", format!(r#"{{{shown},"params":{{"city":{deep}}},"exp":{exp}}}"#), UNACCEPTABLE),
        ("claims: nothing", String::new(), INVALID),
        ("claims: null", "null".to_owned(), INVALID),
        ("claims: a list", "[]".to_owned(), INVALID),
        ("claims: cut off", format!("{{{shown}"), INVALID),
        ("claims: a lone surrogate", format!(r#"{{{shown},"params":{{"city":"\ud800"}},"exp":{exp}}}"#), UNACCEPTABLE),
        ("claims: 1 MB", format!(r#"{{{shown},"params":{{}},"exp":{exp},"jti":"{}"}}"#, "j".repeat(1 << 20)), INVALID),
    ] {
        let header = json!({ "alg": "HS256", "kid": client.embed_key }).to_string();
        cases.push(bent(name, signed(&header, &body, &client.embed_secret), code));
    }
    cases
}

fn bent_shapes(world: &World) -> Vec<Bent> {
    let (alder, birch) = (&world.alder, &world.birch);
    let honest = with_header(world, alder, json!({}));
    let (message, signature) = honest.rsplit_once('.').unwrap();
    let (header, body) = message.split_once('.').unwrap();
    let flipped = {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[0] ^= 1;
        part(bytes)
    };
    let all = claims(world, json!({}));
    let unsigned = format!("{}.{body}", part(json!({ "alg": "none", "kid": alder.embed_key }).to_string()));
    let swapped = part(claims(world, json!({ "params": { "city": "Nice" } })).to_string());
    let plain = json!({ "alg": "HS256", "kid": alder.embed_key }).to_string();
    // 62 and 63 are `+/` here and `-_` in a token: claims whose bytes have both.
    let odd = claims(world, json!({ "jti": "ÿþ~~~???>>>" })).to_string();
    let with_slashes =
        format!("{}.{}", STANDARD.encode(&plain).replace('=', ""), STANDARD.encode(&odd).replace('=', ""));
    let key = EncodingKey::from_secret(alder.embed_secret.as_bytes());
    let sign = |message: &str| jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    let padded = format!("{}.{}", URL_SAFE.encode(format!("{plain} ")), URL_SAFE.encode(format!("{odd} ")));
    assert!(with_slashes.contains(['+', '/']) && padded.contains('='), "these must be what they are named");
    let hs384 = |alg: &str, algorithm| {
        let header = json!({ "alg": alg, "kid": alder.embed_key }).to_string();
        signed_with(&header, &all.to_string(), &key, algorithm)
    };
    vec![
        bent("unsigned, with a dot", format!("{unsigned}."), INVALID),
        bent("unsigned, without a dot", unsigned.clone(), INVALID),
        bent("unsigned, with an old signature", format!("{unsigned}.{signature}"), INVALID),
        bent("HS384 as HS384", hs384("HS384", Algorithm::HS384), INVALID),
        bent("HS384 as HS256", hs384("HS256", Algorithm::HS384), INVALID),
        bent("HS512 as HS512", hs384("HS512", Algorithm::HS512), INVALID),
        bent("no signature", format!("{message}."), INVALID),
        bent("two parts", message, INVALID),
        bent("one part", header, INVALID),
        bent("four parts", format!("{honest}.{signature}"), INVALID),
        bent("five parts, as an encrypted one", format!("{header}.{body}.{body}.{body}.{signature}"), INVALID),
        bent("dots", "..", INVALID),
        bent("a dot before", format!(".{honest}"), INVALID),
        bent("a dot behind", format!("{honest}."), INVALID),
        bent("a blank inside", format!("{header}. {body}.{signature}"), INVALID),
        bent("a tab inside", format!("{header}.\t{body}.{signature}"), INVALID),
        bent("two of them", format!("{honest} {honest}"), INVALID),
        bent("two of them, with a comma", format!("{honest},{honest}"), INVALID),
        bent("bearer twice", format!("Bearer {honest}"), INVALID),
        bent("quoted", format!("\"{honest}\""), INVALID),
        bent("a byte behind", format!("{honest}A"), INVALID),
        bent("four bytes behind", format!("{honest}AAAA"), INVALID),
        bent("padding behind", format!("{honest}="), INVALID),
        bent("padding in every part, signed so", format!("{padded}.{}", sign(&padded)), INVALID),
        bent("the other alphabet, signed so", format!("{with_slashes}.{}", sign(&with_slashes)), INVALID),
        bent("not base 64", format!("{header}.%%%.{signature}"), INVALID),
        bent("percent-encoded", honest.replace('.', "%2E"), INVALID),
        bent("signature cut by a character", &honest[..honest.len() - 1], INVALID),
        bent("signature cut to half", format!("{message}.{}", &signature[..signature.len() / 2]), INVALID),
        bent("signature with one bit changed", format!("{message}.{flipped}"), INVALID),
        bent("signature of other claims", format!("{header}.{swapped}.{signature}"), INVALID),
        bent("signature of another header", format!("{}.{body}.{signature}", part(&plain)), INVALID),
        bent("signature of 1 MB", format!("{message}.{}", "A".repeat(1 << 20)), INVALID),
        bent("signed by another tenant's secret", signed(&plain, &all.to_string(), &birch.embed_secret), INVALID),
        bent("signed by an empty secret", signed(&plain, &all.to_string(), ""), INVALID),
        bent("signed by the key's name", signed(&plain, &all.to_string(), &alder.embed_key), INVALID),
        bent("signed by the API key", signed(&plain, &all.to_string(), &alder.key), INVALID),
        bent("an API key", &alder.key, INVALID),
        bent("an operator's key", &world.operator, INVALID),
        bent("an embed key's secret", &alder.embed_secret, INVALID),
        bent("an embed key's name", &alder.embed_key, INVALID),
    ]
}

/// A fresh pair of keys in PEM: private and public.
fn pair(folder: &Path, options: &[&str]) -> (Vec<u8>, String) {
    let (private, public) = (folder.join("private.pem"), folder.join("public.pem"));
    let run = |command: &mut Command| assert!(command.output().unwrap().status.success());
    run(Command::new("openssl").arg("genpkey").args(options).arg("-out").arg(&private));
    run(Command::new("openssl").args(["pkey", "-pubout", "-in"]).arg(&private).arg("-out").arg(&public));
    (std::fs::read(private).unwrap(), std::fs::read_to_string(public).unwrap())
}

async fn embed_key(world: &World, tenant: &str, draft: Value) -> (String, String) {
    let path = format!("/v1/tenants/{tenant}/embed-keys");
    let made = world.post(&world.operator, &path, &draft).await.expect(201).json();
    (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap_or_default().to_owned())
}

/// Keys of the other algorithms: the honest token of each, and what is made of their public halves.
async fn bent_keys(world: &World) -> (Vec<String>, Vec<Bent>) {
    let (mut honest, mut cases) = (Vec::new(), Vec::new());
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let ec = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    for (name, options) in [("RS256", &rsa[..]), ("ES256", &ec), ("EdDSA", &["-algorithm", "ED25519"])] {
        let (private, public) = pair(world.folder.path(), options);
        let draft = json!({ "name": name, "algorithm": name, "public_key": public });
        let (kid, _) = embed_key(world, "alder", draft).await;
        let (key, algorithm) = match name {
            "RS256" => (EncodingKey::from_rsa_pem(&private), Algorithm::RS256),
            "ES256" => (EncodingKey::from_ec_pem(&private), Algorithm::ES256),
            _ => (EncodingKey::from_ed_pem(&private), Algorithm::EdDSA),
        };
        let (key, body) = (key.unwrap(), claims(world, json!({})).to_string());
        let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid }).to_string();
        honest.push(signed_with(&header(name, &kid), &body, &key, algorithm));
        for (kind, secret) in
            [("", public.as_str()), (" without its last line end", public.trim()), (" of nothing", "")]
        {
            let token = signed(&header("HS256", &kid), &body, secret);
            cases.push(bent(format!("{name}: the public key{kind} as a secret"), token, INVALID));
            let token = signed(&header(name, &kid), &body, secret);
            cases.push(bent(format!("{name}: the public key{kind} as a secret, named {name}"), token, INVALID));
        }
        let under_hs256 = signed_with(&header("HS256", &kid), &body, &key, algorithm);
        cases.push(bent(format!("{name}: named HS256"), under_hs256, INVALID));
        let other_kid = signed_with(&header(name, &world.alder.embed_key), &body, &key, algorithm);
        cases.push(bent(format!("{name}: by the kid of an HS256 key"), other_kid, INVALID));
        let unsigned = format!("{}.{}.", part(header("none", &kid)), part(&body));
        cases.push(bent(format!("{name}: unsigned"), unsigned, INVALID));
    }
    (honest, cases)
}

/// Tokens that were right and are so no more.
async fn ended(world: &World) -> Vec<Bent> {
    let (kid, secret) = embed_key(world, "alder", json!({ "name": "revoked" })).await;
    let header = json!({ "alg": "HS256", "kid": kid }).to_string();
    let revoked = signed(&header, &claims(world, json!({})).to_string(), &secret);
    world.get(&revoked, "/v1/embed").await.expect(200);
    world.delete(&world.operator, &format!("/v1/tenants/alder/embed-keys/{kid}")).await.expect(204);
    world.post(&world.operator, "/v1/tenants", &json!({ "slug": "cedar", "name": "Cedar" })).await.expect(201);
    let (kid, secret) = embed_key(world, "cedar", json!({ "name": "site" })).await;
    let header = json!({ "alg": "HS256", "kid": kid }).to_string();
    let of_cedar = signed(&header, &claims(world, json!({})).to_string(), &secret);
    world.get(&of_cedar, "/v1/embed").await.expect(200);
    suspend(world, "cedar", true).await;
    // An embed key that a tenant's own key made ends with that key.
    let maker =
        json!({ "name": "maker", "scopes": [{ "actions": crate::world::ALL_ACTIONS, "resources": { "all": true } }] });
    let maker = world.post(&world.operator, "/v1/tenants/alder/api-keys", &maker).await.expect(201).json();
    let (maker_id, maker) = (maker["id"].as_str().unwrap(), maker["secret"].as_str().unwrap());
    let child = world.post(maker, "/v1/embed-keys", &json!({ "name": "child" })).await.expect(201).json();
    let header = json!({ "alg": "HS256", "kid": child["id"] }).to_string();
    let orphan = signed(&header, &claims(world, json!({})).to_string(), child["secret"].as_str().unwrap());
    world.get(&orphan, "/v1/embed").await.expect(200);
    world.delete(&world.operator, &format!("/v1/tenants/alder/api-keys/{maker_id}")).await.expect(204);
    vec![
        bent("of a revoked key", revoked, INVALID),
        bent("of a suspended tenant", of_cedar, INVALID),
        bent("of a key whose maker was revoked", orphan, INVALID),
    ]
}

async fn rows_with(world: &World, token: &str) -> Reply {
    world.post(token, "/v1/embed/items/orders/rows", &json!({})).await
}

#[tokio::test]
async fn no_bent_token_is_accepted() {
    let world = World::new().await;
    let (mut honest, mut cases) = bent_keys(&world).await;
    cases.extend(bent_headers(&world));
    cases.extend(bent_claims(&world));
    cases.extend(bent_shapes(&world));
    cases.extend(ended(&world).await);
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "each case has a name of its own");
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let mut bodies: std::collections::BTreeMap<&str, BTreeSet<String>> = std::collections::BTreeMap::new();
    let mut accepted = Vec::new();
    for case in &cases {
        let replies = [
            world.get(&case.token, "/v1/embed").await,
            rows_with(&world, &case.token).await,
            world.get(&case.token, "/t/alder/v1/embed").await,
            world.post(&case.token, "/v1/embed/run", &json!({})).await,
        ];
        for reply in replies {
            if reply.status != 401 || reply.code() != case.code {
                accepted.push(format!("{}: {} {}", case.name, reply.status, reply.text()));
                continue;
            }
            assert_eq!(reply.headers["www-authenticate"], "Bearer", "{}", case.name);
            bodies.entry(case.code).or_default().insert(reply.text());
        }
    }
    assert!(accepted.is_empty(), "{} of {}:\n{}", accepted.len(), cases.len(), accepted.join("\n"));
    // What is not signed learns nothing: one body. Only who holds the secret is told a cure, in constant words.
    assert_eq!(bodies[INVALID].len(), 1, "{bodies:#?}");
    assert_eq!(bodies[EXPIRED].len(), 1, "{bodies:#?}");
    assert!(bodies[UNACCEPTABLE].len() <= 13, "{bodies:#?}");
    world.never_said("CANARY-BIRCH");
    // The honest ones pass on the very same routes, so it is the bending that is refused.
    honest.push(with_header(&world, &world.alder, json!({})));
    for typ in ["JWT", "jwt", "embed+jwt"] {
        honest.push(with_header(&world, &world.alder, json!({ "typ": typ })));
    }
    for more in [json!({ "exp": 1_772_446_000.5 }), json!({ "aud": "cloison" }), json!({ "aud": ["x", "cloison"] })] {
        honest.push(world.token(&world.alder, more));
    }
    for token in &honest {
        world.get(token, "/v1/embed").await.expect(200);
        rows_with(&world, token).await.expect(200);
    }
    world.was_said("CANARY-ALDER");
    world.never_said("CANARY-BIRCH");
    println!("{} bent tokens on 4 routes, 0 accepted; {} honest ones pass", cases.len(), honest.len());
}

/// What a token names and its tenant does not have: foreign, missing, of another kind, not published.
#[tokio::test]
async fn a_token_for_a_foreign_thing_is_a_token_for_nothing() {
    let world = World::new().await;
    let own = json!({ "slug": "private", "name": "d", "items": [] });
    let dashboard = world.post(&world.birch.key, "/v1/content/dashboards", &own).await.expect(201).json();
    let card = json!({ "slug": "ours", "name": "c", "source": "lms", "query": { "sql": "SELECT note FROM orders" } });
    let card = world.post(&world.operator, "/v1/library/cards", &card).await.expect(201).json();
    let publication = json!({ "publish": { "card": "ours" }, "audience": { "tenants": ["birch"] } });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    let shown = world.get(&world.operator, "/v1/library/dashboards/overview").await.expect(200).json();
    let missing = world.token(&world.alder, json!({ "resource": { "dashboard": "dsh_00000000000000000000000000" } }));
    for (path, body) in [
        ("/v1/embed", None),
        ("/v1/embed/parameters/city/values", None),
        ("/v1/embed/items/orders/rows", Some(json!({}))),
        ("/v1/embed/items/card/rows", Some(json!({}))),
        ("/v1/embed/items/orders/export/csv", Some(json!({}))),
        ("/v1/embed/run", Some(json!({}))),
    ] {
        let ask = async |token: &str| match &body {
            None => world.get(token, path).await,
            Some(body) => world.post(token, path, body).await,
        };
        let nothing = ask(&missing).await.expect(404);
        for resource in [
            json!({ "dashboard": dashboard["id"] }),
            json!({ "dashboard": "private" }),
            json!({ "card": card["id"] }),
            json!({ "card": "ours" }),
            json!({ "card": "secret" }),
            json!({ "card": shown["id"] }),
            json!({ "dashboard": card["id"] }),
            json!({ "card": "overview" }),
            json!({ "dashboard": "orders" }),
            json!({ "dashboard": "1" }),
            json!({ "dashboard": "00000000-0000-0000-0000-000000000001" }),
            json!({ "dashboard": "" }),
            json!({ "dashboard": "../overview" }),
            json!({ "dashboard": "overview' --" }),
            json!({ "dashboard": world.birch.id }),
        ] {
            let reply = ask(&world.token(&world.alder, json!({ "resource": resource }))).await;
            assert_eq!(reply.visible(), nothing.visible(), "{path} {resource}");
        }
    }
    // A locked filter that nothing has is refused where it would have been ignored.
    for params in [json!({ "nothing": 1 }), json!({ "City": "Lyon" }), json!({ "city ": "Lyon" })] {
        let token = world.token(&world.alder, json!({ "params": params }));
        let refused = rows_with(&world, &token).await.expect(400);
        assert_eq!(refused.json()["field"], "params", "{params}");
    }
    // And a value of a type that the filter has not.
    for params in
        [json!({ "city": { "a": 1 } }), json!({ "city": [["Lyon"]] }), json!({ "period": 7 }), json!({ "city": true })]
    {
        let token = world.token(&world.alder, json!({ "params": params }));
        let status = rows_with(&world, &token).await.status;
        assert!(status == 400, "{params}: {status}");
    }
    world.never_said("CANARY-BIRCH");
}

#[tokio::test]
async fn a_credential_in_the_wrong_place_is_none() {
    let world = World::new().await;
    let token = world.token(&world.alder, json!({}));
    let send = async |method: &str, path: &str, name: &str, value: &str| {
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        if !name.is_empty() {
            request = request.header(name, value);
        }
        world.send(request.body(Body::from("{}")).unwrap()).await
    };
    let nobody = send("GET", "/v1/embed", "", "").await.expect(401);
    assert_eq!(nobody.code(), "token-missing");
    let in_query = format!("/v1/embed?token={token}&access_token={token}&jwt={token}");
    let cookies = format!("token={token}; session={token}; jwt={token}");
    let basic = format!("Basic {}", STANDARD.encode(format!("token:{token}")));
    for (path, name, value) in [
        (in_query.as_str(), "", ""),
        ("/v1/embed", "cookie", &cookies),
        ("/v1/embed", "x-api-key", &token),
        ("/v1/embed", "x-access-token", &token),
        ("/v1/embed", "x-authorization", &format!("Bearer {token}")),
        ("/v1/embed", "proxy-authorization", &format!("Bearer {token}")),
        ("/v1/embed", "authorization", &token),
        ("/v1/embed", "authorization", &basic),
        ("/v1/embed", "authorization", &format!("Token {token}")),
        ("/v1/embed", "authorization", &format!("Bearer:{token}")),
        ("/v1/embed", "sec-websocket-protocol", &token),
    ] {
        let reply = send("GET", path, name, value).await;
        assert_eq!(reply.visible(), nobody.visible(), "{name}");
    }
    // In a body it is a field that nobody knows, after the credential is asked for.
    let body = json!({ "token": token, "parameters": {} });
    assert_eq!(world.post("", "/v1/embed/items/orders/rows", &body).await.expect(401).visible(), nobody.visible());
    // A token is no key: on no route that takes one, in neither header; nor is a key a token.
    let mut tried = 0;
    for operation in operations() {
        let path = operation.path.replace(['{', '}'], "");
        let method = operation.method.as_str();
        if operation.takes == "embed_token" {
            for key in [&world.alder.key, &world.operator] {
                let reply = send(method, &path, "authorization", &format!("Bearer {key}")).await.expect(401);
                assert_eq!(reply.code(), "token-invalid", "{method} {path}");
                let reply = send(method, &path, "x-api-key", key).await.expect(401);
                assert_eq!(reply.visible(), nobody.visible(), "{method} {path}");
                tried += 2;
            }
        } else {
            for (name, value) in [("authorization", format!("Bearer {token}")), ("x-api-key", token.clone())] {
                let reply = send(method, &path, name, &value).await.expect(401);
                assert_eq!(reply.code(), "credential-invalid", "{method} {path} {name}");
                tried += 1;
            }
            let in_query = format!("{path}?api_key={}&token={token}", world.operator);
            let reply =
                send(method, &in_query, "cookie", &format!("key={}; session={}", world.alder.key, world.operator))
                    .await;
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "credential-missing"), "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried > 250, "{tried}");
    // Two answers to who is asking are not merged: the Authorization header is the one that is read.
    let both = Request::builder()
        .uri("/v1/tenant")
        .header("authorization", format!("Bearer {token}"))
        .header("x-api-key", &world.alder.key)
        .body(Body::empty());
    assert_eq!(world.send(both.unwrap()).await.expect(401).code(), "credential-invalid");
}

/// A token that was used a moment ago, on the node that hears of the revocation and on one that has to find out.
#[tokio::test]
async fn a_revoked_token_is_refused_within_a_second_on_every_node() {
    let world = World::new().await;
    let there = world.another_node().await;
    let token = world.token(&world.alder, json!({}));
    let theirs = world.token(&world.birch, json!({}));
    for node in [&world.router, &there] {
        world.at(node, &token, "/v1/embed").await.expect(200);
        world.at(node, &theirs, "/v1/embed").await.expect(200);
    }
    let path = format!("/v1/tenants/alder/embed-keys/{}", world.alder.embed_key);
    world.delete(&world.operator, &path).await.expect(204);
    let since = std::time::Instant::now();
    assert_eq!(world.at(&world.router, &token, "/v1/embed").await.expect(401).code(), INVALID);
    let mut asked = 0;
    let refused = loop {
        asked += 1;
        let reply = world.at(&there, &token, "/v1/embed").await;
        if reply.status == 401 {
            break reply;
        }
        reply.expect(200);
        // Promise P9 is a second; a machine that is busy with other tests gets three before this counts as failed.
        assert!(since.elapsed().as_secs() < 3, "still admitted after {:?}", since.elapsed());
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    println!("refused elsewhere after {:?}, {asked} requests", since.elapsed());
    assert_eq!(refused.code(), INVALID);
    for _ in 0..20 {
        world.at(&there, &token, "/v1/embed").await.expect(401);
    }
    world.at(&there, &theirs, "/v1/embed").await.expect(200);
}
