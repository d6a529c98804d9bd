//! Bodies that say more than they should, or are not what they seem: on every operation that takes one.

use serde_json::{Value, json};

use crate::matrix::things::{Stage, Whose};
use crate::world::{Operation, World, operations};

/// Fields that a stored thing has, or that somebody would like it to have.
const WISHES: [&str; 20] = [
    "tenant",
    "tenant_id",
    "owner",
    "owner_id",
    "id",
    "version",
    "number",
    "created_at",
    "revoked_at",
    "is_admin",
    "is_operator",
    "is_superuser",
    "role",
    "policy",
    "route_id",
    "digest",
    "sealed",
    "__proto__",
    "constructor",
    "$set",
];

/// Maps whose names the caller chooses.
const FREE: [&str; 2] = ["audience.labels", "claims.params"];

fn credential(stage: &Stage, operation: &Operation) -> String {
    match operation.takes.as_str() {
        "operator_key" => stage.world.operator.clone(),
        "api_key" => stage.world.alder.key.clone(),
        _ => stage.world.token(&stage.world.alder, json!({})),
    }
}

async fn changes(world: &World) -> i64 {
    let log = world.get(&world.operator, "/v1/instance/audit?limit=1").await.expect(200).json();
    log["data"][0]["seq"].as_i64().unwrap()
}

/// The paths of all objects in a value.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(path.to_owned());
            for (name, inner) in fields {
                objects(inner, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, inner) in items.iter().enumerate() {
                objects(inner, &format!("{path}/{place}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_body_says_more_than_its_type_has() {
    let mut stage = Stage::new().await;
    let before = changes(&stage.world).await;
    let (mut tried, mut nested) = (0, 0);
    for operation in operations().into_iter().filter(|operation| operation.has_body) {
        let credential = credential(&stage, &operation);
        let path = stage.path(&operation, Whose::Own, "orders");
        let honest = stage.body(&operation, Whose::Own).unwrap();
        for wish in WISHES {
            for value in [json!("birch"), json!(true), json!(null)] {
                let mut body = honest.clone();
                body[wish] = value;
                let reply = stage.world.call_as(&operation, &credential, &path, Some(&body.to_string())).await;
                assert_eq!(reply.status, 400, "{} {body}: {}", operation.id, reply.text());
                assert_eq!(reply.code(), "body-invalid", "{} {body}", operation.id);
                tried += 1;
            }
        }
        let mut found = Vec::new();
        objects(&honest, "", &mut found);
        for place in
            found.iter().filter(|place| !FREE.contains(&place.trim_start_matches('/').replace('/', ".").as_str()))
        {
            let mut body = honest.clone();
            body.pointer_mut(place).unwrap()["surprise"] = json!("birch");
            let reply = stage.world.call_as(&operation, &credential, &path, Some(&body.to_string())).await;
            assert!(matches!(reply.status.as_u16(), 400 | 422), "{} {body}: {}", operation.id, reply.text());
            nested += 1;
        }
    }
    assert_eq!(changes(&stage.world).await, before, "nothing was changed");
    assert!(tried > 1000 && nested > 50, "{tried} {nested}");
}

/// A body that is `{"parameters":{}}` to whoever unpacks it.
const ZIPPED: [u8; 37] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 72, 44, 74, 204, 77, 45, 73, 45, 42, 86, 178, 170, 174, 173, 5, 0,
    219, 87, 2, 81, 17, 0, 0, 0,
];

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_everywhere_alike() {
    let mut stage = Stage::new().await;
    let before = changes(&stage.world).await;
    let deep = |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| operation.has_body) {
        let credential = credential(&stage, &operation);
        let path = stage.path(&operation, Whose::Own, "orders");
        let honest = stage.body(&operation, Whose::Own).unwrap().to_string();
        // The first field of the honest body, once more.
        let twice = honest.strip_prefix('{').unwrap().split(',').next().unwrap().to_owned();
        let twice = if honest == "{}" {
            r#"{"parameters":{},"parameters":{}}"#.to_owned()
        } else {
            honest.replacen('{', &format!("{{{},", twice.trim_end_matches('}')), 1)
        };
        for (name, body, status) in [
            ("lists in lists", deep("[", "]", 100_000), 400),
            ("objects in objects", deep("{\"a\":", "}", 100_000), 400),
            ("deep parameters", format!("{{\"parameters\":{{\"city\":{}}}}}", deep("[", "]", 10_000)), 400),
            ("open lists", "[".repeat(500_000), 400),
            ("nothing", String::new(), 400),
            ("a text", "\"x\"".to_owned(), 400),
            ("null", "null".to_owned(), 400),
            ("cut off", honest[..honest.len() - 1].to_owned(), 400),
            ("more behind it", format!("{honest}{honest}"), 400),
            ("a byte order mark", format!("\u{feff}{honest}"), 400),
            ("a comment", format!("{honest}//"), 400),
            ("single quotes", "{'parameters':{}}".to_owned(), 400),
            ("a field twice", twice, 400),
            ("NaN", r#"{"parameters":NaN}"#.to_owned(), 400),
            ("a number without end", r#"{"parameters":{"city":1e999}}"#.to_owned(), 400),
            ("a lone surrogate", r#"{"parameters":{"city":"\ud800"}}"#.to_owned(), 400),
            ("10 MB", format!("{{\"parameters\":{{\"city\":\"{}\"}}}}", "x".repeat(10 << 20)), 413),
        ] {
            let reply = stage.world.call_as(&operation, &credential, &path, Some(&body)).await;
            assert_eq!(reply.status.as_u16(), status, "{} {name}: {}", operation.id, reply.text());
            assert_eq!(reply.headers["content-type"], "application/problem+json");
            tried += 1;
        }
        // Packed bodies are not unpacked, so there is no bomb to set off.
        for encoding in ["gzip", "br", "deflate", "gzip, gzip"] {
            let request = http::Request::builder()
                .method(operation.method.clone())
                .uri(&path)
                .header("authorization", format!("Bearer {credential}"))
                .header("content-type", "application/json")
                .header("if-match", "\"v1\"")
                .header("content-encoding", encoding);
            let reply = stage.world.send(request.body(ZIPPED.to_vec().into()).unwrap()).await.expect(400);
            assert_eq!(reply.code(), "body-invalid", "{} {encoding}", operation.id);
        }
        // What a page of somebody else's can send without asking first.
        for media in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
            "application/jsonx",
        ] {
            let request = http::Request::builder()
                .method(operation.method.clone())
                .uri(&path)
                .header("authorization", format!("Bearer {credential}"))
                .header("if-match", "\"v1\"")
                .header("content-type", media);
            stage.world.send(request.body(honest.clone().into()).unwrap()).await.expect(415);
        }
    }
    assert_eq!(changes(&stage.world).await, before, "nothing was changed");
    assert!(tried > 400, "{tried}");
}
