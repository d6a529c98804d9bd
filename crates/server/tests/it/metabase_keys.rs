//! Keys, users, groups and memberships as Metabase's clients administer them: what is made here is a key of our own surface, never wider
//! than the key that makes it, and nobody hears of keys that are not theirs to see.

use serde_json::{Value, json};

use crate::metabase_api::{api_key, group, misfits};
use crate::metabase_api_stage::{Keyed, Sent, Things, ask};
use crate::world::{ALL_ACTIONS, Reply, World};

async fn call(world: &World, secret: &str, method: &str, path: &str, body: Value) -> Reply {
    ask(world, method, path, &[("x-api-key", secret.to_owned())], Sent::Json(body)).await
}

async fn get(world: &World, secret: &str, path: &str) -> Value {
    ask(world, "GET", path, &[("x-api-key", secret.to_owned())], Sent::Nothing).await.expect(200).json()
}

/// A key of alder's, made by the operator: its text, and its number as a client's user.
async fn make(world: &World, name: &str, actions: &[&str], resources: Value) -> (String, i64) {
    let draft = json!({ "name": name, "scopes": [{ "actions": actions, "resources": resources }] });
    let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let number = get(world, &secret, "/api/user/current").await["id"].as_i64().unwrap();
    (secret, number)
}

fn all() -> Value {
    json!({ "all": true })
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name}: {value}")).to_owned()
}

#[tokio::test]
async fn a_key_is_made_read_replaced_and_ended() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let admin = &world.alder.key;
    let before = get(world, admin, "/api/api-key/count").await.as_i64().unwrap();
    let made = call(world, admin, "POST", "/api/api-key/", json!({ "name": "script", "group_id": 1 })).await;
    assert_eq!(made.headers["cache-control"], "private, no-store");
    let made = made.expect(200).json();
    assert_eq!(misfits(&made, &api_key(), "made"), Vec::<String>::new());
    assert_eq!((&made["group"], &made["name"]), (&json!({ "id": 1, "name": "All Users" }), &json!("script")));
    assert_eq!(made["updated_by"]["common_name"], "all");
    let secret = text(&made, "unmasked_key");
    // It is a key of our own surface with those scopes and no more.
    let me = world.get(&secret, "/v1/tenant").await.expect(200).json();
    assert_eq!(me["actions"], json!(["dashboards:read", "cards:run", "results:export"]));
    let user = get(world, &secret, "/api/user/current").await;
    assert_eq!((&user["id"], &user["group_ids"], &user["common_name"]), (&made["id"], &json!([1]), &json!("script")));
    let path = format!("/api/card/{}/query/csv", keyed.alder.card);
    call(world, &secret, "POST", &path, json!({})).await.expect(200);
    for (path, body) in [("/api/dataset", keyed.alder.question()), ("/api/card", json!({ "name": "x" }))] {
        call(world, &secret, "POST", path, body).await.expect(403);
    }
    // It is listed without its text, by whichever slash.
    let mut bare = made.clone();
    bare.as_object_mut().unwrap().remove("unmasked_key");
    for path in ["/api/api-key", "/api/api-key/"] {
        let listed = get(world, admin, path).await;
        assert!(listed.as_array().unwrap().contains(&bare) && !listed.to_string().contains(&secret), "{listed}");
    }
    assert_eq!(get(world, admin, "/api/api-key/count").await, json!(before + 1));
    // What is sent back as it was is what it is, and nothing of it changes.
    let path = format!("/api/api-key/{}", made["id"]);
    for body in [json!({}), json!({ "name": "script" }), json!({ "name": "script", "group_id": 1 })] {
        assert_eq!(call(world, admin, "PUT", &path, body).await.expect(200).json(), bare);
    }
    for (field, value) in [("name", json!("other")), ("group_id", json!(2))] {
        let refused = call(world, admin, "PUT", &path, json!({ field: value })).await.expect(400).json();
        assert!(text(&refused["errors"], field).contains("POST /api/api-key"), "{refused}");
    }
    // Another text: another key, and the old one ends with what was made with it.
    let fresh = call(world, admin, "PUT", &format!("{path}/regenerate"), json!({})).await.expect(200).json();
    let other = text(&fresh, "unmasked_key");
    assert!(fresh["id"] != made["id"] && other != secret);
    assert_eq!((&fresh["name"], &fresh["group"]), (&made["name"], &made["group"]));
    assert_eq!(ask(world, "GET", "/api/user/current", &[("x-api-key", secret)], Sent::Nothing).await.status, 401);
    get(world, &other, "/api/user/current").await;
    assert_eq!(get(world, admin, "/api/api-key/count").await, json!(before + 1));
    for (method, path) in [("PUT", path.clone()), ("PUT", format!("{path}/regenerate")), ("DELETE", path)] {
        assert_eq!(call(world, admin, method, &path, json!({})).await.expect(404).text(), "Not found.");
    }
    // A key does not take its own place.
    let own = get(world, admin, "/api/user/current").await;
    let path = format!("/api/api-key/{}/regenerate", own["id"]);
    let refused = call(world, admin, "PUT", &path, json!({})).await.expect(409).text();
    assert!(refused.contains("does not replace itself"), "{refused}");
    let path = format!("/api/api-key/{}", fresh["id"]);
    assert_eq!(call(world, admin, "DELETE", &path, json!({})).await.expect(204).text(), "");
    assert_eq!(ask(world, "GET", "/api/user/current", &[("x-api-key", other)], Sent::Nothing).await.status, 401);
    let log = world.get(admin, "/v1/audit?limit=3").await.expect(200).json();
    let actions: Vec<_> = log["data"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
    assert_eq!(json!(actions), json!(["api_key.revoke", "api_key.replace", "api_key.create"]));
}

/// The same refusals as on our own surface: never wider, in no respect.
#[tokio::test]
async fn a_key_makes_no_wider_key_here_either() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let end = jiff::Timestamp::from_second(world.now() + 600).unwrap().to_string();
    let draft = json!({ "name": "maker", "expires_at": end, "requests_per_minute": 600,
        "scopes": [{ "actions": ["keys:manage", "dashboards:read", "cards:run", "results:export"], "resources": all() }] });
    let maker = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let maker = text(&maker, "secret");
    let create = async |group: Value| {
        call(world, &maker, "POST", "/api/api-key", json!({ "name": "made", "group_id": group })).await
    };
    // The limits of the key that asks are the new one's, as nothing here can say others.
    let made = create(json!(1)).await.expect(200).json();
    let listed = world.get(&maker, "/v1/api-keys").await.expect(200).json();
    let native = listed["data"].as_array().unwrap().iter().find(|key| key["name"] == "made").unwrap().clone();
    assert_eq!((&native["expires_at"], &native["requests_per_minute"]), (&json!(end), &json!(600)));
    for group in [2, 1008, 1015, 1128] {
        let refused = create(json!(group)).await.expect(400).json();
        assert!(text(&refused["errors"], "group_id").contains("wider than those of the key that asks"), "{refused}");
    }
    // A key that is wider is not taken over by giving it another text.
    let (_, wide) = make(world, "wide", &ALL_ACTIONS, all()).await;
    let path = format!("/api/api-key/{wide}/regenerate");
    let refused = call(world, &maker, "PUT", &path, json!({})).await.expect(400).json();
    assert!(refused["errors"]["group_id"].is_string(), "{refused}");
    // What is no group, somebody else's, one's own that is narrowed, and what has two spellings: one answer.
    let missing = create(json!(7)).await.expect(400);
    assert!(missing.text().contains("POST /api/permissions/group") && missing.text().contains("POST /v1/api-keys"));
    let numbers = [&keyed.alder.group, &keyed.birch.group].map(|group| group.parse::<i64>().unwrap());
    for group in [numbers[0], numbers[1], 0, -1, 1000, 1007, 1255, 1256, 2000] {
        assert_eq!(create(json!(group)).await.visible(), missing.visible(), "{group}");
    }
    for (body, field) in [
        (json!({ "group_id": 1 }), "name"),
        (json!({ "name": "", "group_id": 1 }), "name"),
        (json!({ "name": "x" }), "group_id"),
        (json!({ "name": "x", "group_id": null }), "group_id"),
        (json!({ "name": "x", "group_id": "1" }), "group_id"),
        (json!({ "name": "x", "group_id": 1_i64 << 40 }), "group_id"),
        (json!({ "name": 7, "group_id": 1 }), "name"),
    ] {
        let refused = call(world, &maker, "POST", "/api/api-key", body).await.expect(400).json();
        assert!(refused["errors"][field].is_string(), "{refused}");
    }
    // It ends with its maker, and what has ended is no key and no user.
    let user = format!("/api/user/{}", made["id"]);
    get(world, &world.alder.key, &user).await;
    world.advance(601);
    for path in [user, format!("/api/api-key/{}", made["id"])] {
        let method = if path.starts_with("/api/user") { "GET" } else { "PUT" };
        call(world, &world.alder.key, method, &path, json!({})).await.expect(404);
    }
    call(world, &text(&made, "unmasked_key"), "GET", "/api/user/current", json!({})).await.expect(401);
}

#[tokio::test]
async fn groups_are_sets_of_scopes() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let admin = &world.alder.key;
    let create = async |name: &str| {
        call(world, admin, "POST", "/api/permissions/group", json!({ "name": name })).await.expect(200).json()
    };
    let listed = async || get(world, admin, "/api/permissions/group").await;
    let ids = |groups: &Value| -> Vec<i64> {
        groups.as_array().unwrap().iter().map(|group| group["id"].as_i64().unwrap()).collect()
    };
    let narrowed: i64 = keyed.alder.group.parse().unwrap();
    assert_eq!(ids(&listed().await), [1, 2, narrowed]);
    let author = create("sql:run, dashboards:read, cards:run").await;
    assert_eq!(misfits(&author, &group(), "group"), Vec::<String>::new());
    assert_eq!((&author["id"], &author["member_count"]), (&json!(1011), &json!(0)));
    assert_eq!(author["name"], "dashboards:read, cards:run, sql:run");
    assert_eq!(create("cards:run,sql:run,dashboards:read").await, author, "nothing is made twice");
    let path = "/api/permissions/group/1011";
    assert_eq!(get(world, admin, path).await["members"], json!([]));
    assert_eq!(ids(&listed().await), [1, 2, narrowed], "nothing was made at all");
    let made = call(world, admin, "POST", "/api/api-key", json!({ "name": "author", "group_id": 1011 })).await;
    let made = made.expect(200).json();
    assert_eq!(ids(&listed().await), [1, 2, 1011, narrowed]);
    let members = get(world, admin, path).await["members"].clone();
    assert_eq!((members.as_array().unwrap().len(), &members[0]["user_id"]), (1, &made["id"]));
    assert_eq!(get(world, admin, path).await["member_count"], 1);
    let memberships = get(world, admin, "/api/permissions/membership").await;
    assert_eq!(memberships.as_object().unwrap().len(), 3);
    let own = &memberships[made["id"].to_string()][0];
    assert_eq!(own["membership_id"], members[0]["membership_id"]);
    assert_eq!(
        (&own["group_id"], &own["user_id"], &own["is_group_manager"]),
        (&json!(1011), &made["id"], &json!(false))
    );
    // Scopes in several parts are the same set; a part for named things makes the key a group of its own.
    let mixed = json!({ "name": "mixed", "scopes": [
        { "actions": ["cards:run"], "resources": all() }, { "actions": ["dashboards:read"], "resources": all() },
        { "actions": ["cards:run"], "resources": { "dashboards": ["own"] } }] });
    let mixed = world.post(&world.operator, "/v1/tenants/alder/api-keys", &mixed).await.expect(201).json();
    assert_eq!(get(world, &text(&mixed, "secret"), "/api/user/current").await["group_ids"], json!([1003]));
    let own = get(world, admin, &format!("/api/permissions/group/{narrowed}")).await;
    assert_eq!(own["name"], "NAMED-alder-key: dashboards:read, cards:run on named things");
    assert_eq!((&own["member_count"], own["members"][0]["user_id"].to_string()), (&json!(1), keyed.alder.user.clone()));
    assert!(narrowed >= 1 << 30, "no set is so high");
    // Names of other things, and what does not exist here.
    for name in ["Marketing", "Administrators", "", "dashboards:read; cards:run"] {
        let refused =
            call(world, admin, "POST", "/api/permissions/group", json!({ "name": name })).await.expect(400).json();
        let says = text(&refused["errors"], "name");
        assert!(ALL_ACTIONS.iter().all(|action| says.contains(action)), "{says}");
    }
    call(world, admin, "POST", "/api/permissions/group", json!({})).await.expect(400);
    for id in ["3", "1000", "1007", "01", "+1", "x", &keyed.birch.group] {
        call(world, admin, "GET", &format!("/api/permissions/group/{id}"), json!({})).await.expect(404);
    }
    for (method, path, cure) in [
        ("PUT", "/api/permissions/group/1011", "POST /api/permissions/group"),
        ("DELETE", "/api/permissions/group/1011", "DELETE /api/api-key/:id"),
        ("POST", "/api/permissions/membership", "POST /api/api-key"),
        ("DELETE", "/api/permissions/membership/5", "POST /api/api-key"),
        ("POST", "/api/user", "POST /api/api-key"),
        ("PUT", "/api/user/5", "POST /api/api-key"),
        ("PUT", "/api/user/5/reactivate", "POST /api/api-key"),
        ("PUT", "/api/user/5/password", "regenerate"),
        ("DELETE", "/api/user/5", "DELETE /api/api-key/:id"),
    ] {
        let refused = call(world, admin, method, path, json!({ "name": "x" })).await.expect(400).text();
        assert!(refused.contains(cure), "{method} {path}: {refused}");
    }
}

/// Who may manage no keys knows of itself; who manages those of some things knows of those it made; nobody of another tenant's.
#[tokio::test]
async fn a_key_hears_of_the_keys_that_it_may_see() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let (reader, reader_id) = make(world, "reader", &["dashboards:read"], all()).await;
    let own = json!({ "dashboards": ["own"] });
    let (narrow, narrow_id) = make(world, "narrow", &["keys:manage", "dashboards:read"], own.clone()).await;
    let child = json!({ "name": "child", "scopes": [{ "actions": ["dashboards:read"], "resources": own }] });
    world.post(&narrow, "/v1/api-keys", &child).await.expect(201);
    let users = async |secret: &str| {
        let list = get(world, secret, "/api/user").await;
        assert_eq!(list["total"].as_u64().unwrap(), list["data"].as_array().unwrap().len() as u64);
        list["data"].as_array().unwrap().iter().map(|user| text(user, "common_name")).collect::<Vec<_>>()
    };
    assert_eq!(users(&reader).await, ["reader"]);
    assert_eq!(users(&narrow).await, ["child", "narrow"]);
    assert_eq!(users(&world.alder.key).await, ["NAMED-alder-key", "all", "child", "narrow", "reader"]);
    assert_eq!(users(&world.birch.key).await, ["NAMED-birch-key", "all"]);
    let keys = async |secret: &str| {
        let keys = get(world, secret, "/api/api-key").await;
        keys.as_array().unwrap().iter().map(|key| (text(key, "name"), key["updated_by"].clone())).collect::<Vec<_>>()
    };
    let named = |id: i64, name: &str| json!({ "id": id, "common_name": name });
    let seen = keys(&narrow).await;
    assert_eq!(seen[0], ("child".to_owned(), named(narrow_id, "narrow")));
    assert_eq!((seen.len(), &seen[1].1["common_name"]), (2, &json!("Operator")));
    // A key's maker that may not be seen is not named.
    let family =
        json!({ "name": "family", "scopes": [{ "actions": ["keys:manage"], "resources": { "dashboards": ["own"] } }] });
    let family = world.post(&world.alder.key, "/v1/api-keys", &family).await.expect(201).json();
    assert_eq!(keys(&text(&family, "secret")).await, [("family".to_owned(), Value::Null)]);
    for path in ["/api/api-key", "/api/api-key/count", "/api/permissions/graph", "/api/collection/graph"] {
        let refused = call(world, &reader, "GET", path, json!({})).await.expect(403).text();
        assert_eq!(refused, "You don't have permissions to do that.", "{path}");
    }
    let groups = get(world, &reader, "/api/permissions/group").await;
    let ids: Vec<_> = groups.as_array().unwrap().iter().map(|group| group["id"].clone()).collect();
    assert_eq!(json!(ids), json!([1, 2, 1001]));
    assert_eq!(groups[1]["member_count"], 0, "of keys that it may not see it is told nothing, not their number either");
    let memberships = get(world, &reader, "/api/permissions/membership").await;
    assert_eq!(memberships.as_object().unwrap().keys().collect::<Vec<_>>(), [&reader_id.to_string()]);
    let nobody = call(world, &reader, "GET", "/api/user/7", json!({})).await.expect(404);
    for id in [&keyed.alder.user, &narrow_id.to_string(), &keyed.birch.user] {
        let path = format!("/api/user/{id}");
        assert_eq!(call(world, &reader, "GET", &path, json!({})).await.visible(), nobody.visible());
    }
    // By entity id too; and what may be seen and not managed is not ended.
    let shown = get(world, &world.alder.key, &format!("/api/user/{reader_id}")).await;
    assert_eq!(get(world, &world.alder.key, &format!("/api/user/{}", text(&shown, "entity_id"))).await, shown);
    call(world, &narrow, "DELETE", &format!("/api/api-key/{reader_id}"), json!({})).await.expect(404);
    call(world, &reader, "DELETE", &format!("/api/api-key/{reader_id}"), json!({})).await.expect(403);
    call(world, &world.birch.key, "DELETE", &format!("/api/api-key/{reader_id}"), json!({})).await.expect(404);
    get(world, &reader, "/api/user/current").await;
    // Parts of the list.
    let part = get(world, &world.alder.key, "/api/user?limit=1&offset=1").await;
    assert_eq!(
        (&part["data"][0]["common_name"], &part["total"], &part["limit"]),
        (&json!("all"), &json!(6), &json!(1))
    );
    assert_eq!(get(world, &world.alder.key, "/api/user?group_id=1001").await["data"][0]["id"], reader_id);
    assert_eq!(get(world, &world.alder.key, "/api/user?status=deactivated").await["total"], 0);
    assert!(Things::nothing().user != keyed.alder.user);
}
