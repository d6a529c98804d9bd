//! The API by key as Metabase's clients meet it: the documented fields of every endpoint, and its envelopes.
//!
//! The lists of fields are written from what clients read, not from what we answer: a `?` behind a type is "or null", and what
//! is there beside them does no harm.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::world::World;

/// Says where a value has not the fields and types that are wanted.
pub(crate) fn misfits(value: &Value, wanted: &Value, at: &str) -> Vec<String> {
    match wanted {
        Value::String(kind) => {
            let (kind, or_null) = kind.strip_suffix('?').map_or((kind.as_str(), false), |kind| (kind, true));
            let fits = match kind {
                "integer" => value.is_i64(),
                "text" => value.is_string(),
                "bool" => value.is_boolean(),
                "null" => value.is_null(),
                "list" => value.is_array(),
                "object" => value.is_object(),
                "any" => true,
                kind => panic!("no such type: {kind}"),
            };
            if fits || (or_null && value.is_null()) { Vec::new() } else { vec![format!("{at} is {value}, not {kind}")] }
        }
        Value::Array(items) => {
            let Some(list) = value.as_array() else { return vec![format!("{at} is no list: {value}")] };
            if list.is_empty() {
                return vec![format!("{at} is empty, and proves nothing")];
            }
            list.iter()
                .enumerate()
                .flat_map(|(place, one)| misfits(one, &items[0], &format!("{at}[{place}]")))
                .collect()
        }
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, wanted)| match value.get(name) {
                None => vec![format!("{at}.{name} is not there")],
                Some(value) => misfits(value, wanted, &format!("{at}.{name}")),
            })
            .collect(),
        other => panic!("no type: {other}"),
    }
}

fn merged(mut base: Value, more: Value) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

fn card() -> Value {
    json!({ "id": "integer", "entity_id": "text", "name": "text", "type": "text", "display": "text", "description": "text?",
        "archived": "bool", "query_type": "text", "database_id": "integer", "table_id": "integer?", "collection_id": "integer?",
        "dashboard_id": "integer?", "creator_id": "integer", "visualization_settings": "object", "result_metadata": "list",
        "enable_embedding": "bool", "embedding_params": "object?", "public_uuid": "text?", "can_write": "bool",
        "cache_ttl": "integer?", "created_at": "text", "updated_at": "text",
        "dataset_query": { "type": "text", "database": "integer", "native": { "query": "text", "template-tags": "object" } } })
}

fn parameter() -> Value {
    json!({ "id": "text", "name": "text", "slug": "text", "type": "text", "sectionId": "text", "default": "any",
        "required": "bool", "filteringParameters": "list", "values_query_type": "text", "values_source_type": "text?",
        "values_source_config": "object" })
}

fn listed_dashboard() -> Value {
    json!({ "id": "integer", "entity_id": "text", "name": "text", "description": "text?", "archived": "bool",
        "collection_id": "integer?", "creator_id": "integer", "width": "text", "auto_apply_filters": "bool",
        "enable_embedding": "bool", "embedding_params": "object?", "public_uuid": "text?", "cache_ttl": "integer?",
        "parameters": [parameter()] })
}

fn dashcard() -> Value {
    json!({ "id": "integer", "entity_id": "text", "dashboard_id": "integer", "card_id": "integer?",
        "dashboard_tab_id": "integer?", "row": "integer", "col": "integer", "size_x": "integer", "size_y": "integer",
        "series": "list", "parameter_mappings": "list", "visualization_settings": "object", "inline_parameters": "list",
        "card": "object?" })
}

fn collection() -> Value {
    json!({ "id": "integer", "entity_id": "text", "name": "text", "description": "text?", "slug": "text", "archived": "bool",
        "location": "text", "can_write": "bool", "is_personal": "bool", "personal_owner_id": "integer?",
        "authority_level": "text?", "namespace": "text?", "type": "text?", "parent_id": "integer?" })
}

fn table() -> Value {
    json!({ "id": "integer", "name": "text", "display_name": "text", "schema": "text?", "db_id": "integer",
        "description": "text?", "active": "bool", "entity_type": "text", "visibility_type": "text?" })
}

fn field() -> Value {
    json!({ "id": "integer", "name": "text", "display_name": "text", "base_type": "text", "effective_type": "text",
        "database_type": "text", "semantic_type": "text?", "table_id": "integer", "fk_target_field_id": "integer?",
        "position": "integer", "active": "bool", "visibility_type": "text", "has_field_values": "text" })
}

fn database() -> Value {
    json!({ "id": "integer", "name": "text", "engine": "text", "description": "text?", "details": "object", "features": ["text"],
        "native_permissions": "text", "initial_sync_status": "text", "is_sample": "bool", "is_full_sync": "bool",
        "auto_run_queries": "bool", "timezone": "text?", "router_user_attribute": "text?", "created_at": "text" })
}

fn result() -> Value {
    let column = json!({ "name": "text", "display_name": "text", "base_type": "text", "effective_type": "text",
        "semantic_type": "text?", "source": "text", "field_ref": "list" });
    json!({ "data": { "rows": ["list"], "cols": [column], "native_form": "object?", "results_timezone": "text",
            "requested_timezone": "text", "results_metadata": { "columns": [column] }, "insights": "list?" },
        "database_id": "integer", "row_count": "integer", "status": "text", "running_time": "integer", "started_at": "text",
        "average_execution_time": "integer?", "context": "text", "json_query": { "type": "text", "database": "integer" } })
}

fn user() -> Value {
    json!({ "id": "integer", "email": "text", "common_name": "text", "first_name": "text?", "last_name": "text?",
        "is_superuser": "bool", "is_active": "bool", "is_qbnewb": "bool", "group_ids": ["integer"], "locale": "text?",
        "user_group_memberships": [{ "id": "integer", "is_group_manager": "bool" }], "date_joined": "text",
        "last_login": "text?", "updated_at": "text", "tenant_id": "integer?", "login_attributes": "object?", "sso_source": "text?" })
}

pub(crate) fn api_key() -> Value {
    json!({ "id": "integer", "name": "text", "group": { "id": "integer", "name": "text" }, "masked_key": "text",
        "created_at": "text", "updated_at": "text", "updated_by": { "id": "integer", "common_name": "text" } })
}

pub(crate) fn group() -> Value {
    json!({ "id": "integer", "name": "text", "member_count": "integer", "magic_group_type": "text?", "is_tenant_group": "bool" })
}

fn values() -> Value {
    json!({ "values": ["list"], "has_more_values": "bool" })
}

fn metadata() -> Value {
    json!({ "databases": [database()], "tables": "list", "fields": "list", "cards": "list", "dashboards": "list",
        "snippets": "list" })
}

/// What each route answers a client with; a text stands for an answer that is no JSON.
fn documented(method: &str, route: &str) -> (u16, Value) {
    let item = json!({ "id": "integer", "model": "text", "name": "text", "description": "text?", "archived": "bool",
        "collection_id": "integer?", "entity_id": "text", "collection_position": "integer?" });
    let branch = merged(collection(), json!({ "children": "list", "here": "list", "below": "list" }));
    match (method, route) {
        ("GET", "/api/health") => (200, json!({ "status": "text" })),
        ("POST", "/api/session") => (200, json!({ "id": "text" })),
        ("DELETE", "/api/session") => (204, json!("")),
        ("GET", "/api/session/properties") => (
            200,
            json!({ "version": { "tag": "text", "date": "text" }, "token-features": "object", "setup-token": "null",
                "has-user-setup": "bool", "site-name": "text", "engines": "object" }),
        ),
        ("GET", "/api/setting") => (
            200,
            json!([{ "key": "text", "value": "any", "is_env_setting": "bool", "env_name": "text", "description": "text" }]),
        ),
        ("GET", "/api/setting/{key}") => (200, json!({ "tag": "text" })),
        ("GET", "/api/user/current" | "/api/user/{id}") => (200, user()),
        ("GET", "/api/user") => {
            (200, json!({ "data": [user()], "total": "integer", "limit": "integer?", "offset": "integer" }))
        }
        ("GET", "/api/api-key") => (200, json!([api_key()])),
        ("GET", "/api/api-key/count") => (200, json!("2")),
        ("GET", "/api/permissions/group") => (200, json!([group()])),
        ("GET", "/api/permissions/group/{id}") => {
            let member = json!({ "user_id": "integer", "membership_id": "integer", "email": "text", "first_name": "text?",
                "last_name": "text?", "is_group_manager": "bool" });
            (200, merged(group(), json!({ "members": [member] })))
        }
        // Their keys are numbers, which have tests of their own.
        ("GET", "/api/permissions/membership") => (200, json!({})),
        ("GET", route) if route.starts_with("/api/permissions/graph") || route == "/api/collection/graph" => {
            (200, json!({ "revision": "integer", "groups": "object" }))
        }
        (
            "GET",
            "/api/dashboard/public" | "/api/card/public" | "/api/dashboard/embeddable" | "/api/card/embeddable",
        ) => (200, json!("[]")),
        ("GET", "/api/card/{id}/dashboards") => (200, json!([{ "id": "integer", "name": "text" }])),
        ("GET", "/api/card/{id}/series") => (200, json!("[]")),
        ("GET", "/api/database/{id}/healthcheck") => (200, json!({ "status": "text" })),
        ("POST", "/api/setup") => (403, json!("command line")),
        ("POST", "/api/eid-translation/translate") => (200, json!({ "entity_ids": "object" })),
        ("GET", "/api/search") => {
            let place = json!({ "id": "integer?", "name": "text?", "authority_level": "text?", "type": "text?" });
            let hit = merged(item, json!({ "collection": place }));
            (
                200,
                json!({ "data": [hit], "total": "integer", "models": ["text"], "limit": "integer", "offset": "integer" }),
            )
        }
        ("GET", "/api/dashboard") => (200, json!([listed_dashboard()])),
        ("GET", "/api/dashboard/{id}") => {
            let whole = json!({ "parameters": [parameter()], "dashcards": [dashcard()], "ordered_cards": [dashcard()], "tabs": "list" });
            (200, merged(listed_dashboard(), whole))
        }
        ("GET", "/api/card") => (200, json!([card()])),
        ("GET", "/api/card/{id}") => (200, merged(card(), json!({ "parameters": [parameter()] }))),
        ("GET", route) if route.ends_with("/query_metadata") && !route.starts_with("/api/table") => (200, metadata()),
        ("POST", "/api/dataset/query_metadata") => (200, metadata()),
        ("POST", route) if route.contains("/pivot") => (501, json!("not offered")),
        ("POST", route) if route.ends_with("/query") || route == "/api/dataset" => (202, result()),
        ("POST", "/api/dataset/native") => (200, json!({ "query": "text", "params": "list?" })),
        ("POST", route) if route.ends_with("/{format}") => (200, json!("CANARY-ALDER-1")),
        ("GET", route) if route.ends_with("/params/{key}/values") || route.contains("/search/") => (200, values()),
        ("GET", route) if route.ends_with("/remapping") => (200, json!(["text"])),
        ("GET", "/api/collection") => (
            200,
            json!([{ "id": "any", "name": "text", "can_write": "bool", "is_personal": "bool", "archived": "bool" }]),
        ),
        ("GET", "/api/collection/tree") => (200, json!([branch])),
        ("GET", "/api/collection/{id}") => (200, collection()),
        ("GET", "/api/collection/{id}/items") => (
            200,
            json!({ "data": [item], "total": "integer", "models": ["text"], "limit": "integer?", "offset": "integer" }),
        ),
        ("GET", "/api/database") => (200, json!({ "data": [database()], "total": "integer" })),
        ("GET", "/api/database/{id}") => (200, database()),
        ("GET", "/api/database/{id}/metadata") => {
            (200, merged(database(), json!({ "tables": [merged(table(), json!({ "fields": [field()] }))] })))
        }
        ("GET", "/api/database/{id}/fields") => (
            200,
            json!([{ "id": "integer", "name": "text", "display_name": "text", "base_type": "text", "semantic_type": "text?",
                "table_name": "text", "schema": "text?" }]),
        ),
        ("GET", "/api/database/{id}/schemas") => (200, json!(["text"])),
        ("GET", "/api/database/{id}/schema/{schema}") => (200, json!([table()])),
        ("GET", "/api/table") => (200, json!([merged(table(), json!({ "db": database() }))])),
        ("GET", "/api/table/{id}") => (200, merged(table(), json!({ "db": database() }))),
        ("GET", "/api/table/{id}/query_metadata") => {
            (200, merged(table(), json!({ "db": database(), "fields": [field()] })))
        }
        ("GET", "/api/table/{id}/fks" | "/api/database/{id}/schema/") => (200, json!("[]")),
        ("GET", "/api/field/{id}") => (200, field()),
        ("GET", "/api/field/{id}/values") => {
            (200, json!({ "field_id": "integer", "values": "list", "has_more_values": "bool" }))
        }
        other => panic!("no documented fields for {other:?}: write them down"),
    }
}

#[tokio::test]
async fn every_route_has_its_documented_fields() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let shared = library(world).await;
    for (method, route) in server::metabase_key_routes() {
        let (status, wanted) = documented(method, route);
        // The library's card has no list of values, which is a test of its own.
        let has_list = !route.starts_with("/api/card/{id}/params/");
        for things in [&keyed.alder, &shared].into_iter().take(if has_list { 2 } else { 1 }) {
            for path in things.paths(route) {
                let mut sent = things.body(method, route);
                if (method, route) == ("POST", "/api/session") {
                    sent = Sent::Json(json!({ "username": "anybody", "password": world.alder.key }));
                }
                let reply = ask(world, method, &path, &key(&world.alder), sent).await;
                assert_eq!(reply.status.as_u16(), status, "{method} {path}: {}", reply.text());
                match &wanted {
                    Value::String(text) if path.ends_with("xlsx") => assert!(reply.body.starts_with(b"PK"), "{text}"),
                    Value::String(text) => assert!(reply.text().contains(text.as_str()), "{path}: {}", reply.text()),
                    wanted => {
                        let found = misfits(&reply.json(), wanted, path.as_str());
                        assert!(found.is_empty(), "{found:#?}");
                        assert_eq!(reply.headers["content-type"], "application/json", "{path}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_dashboard_is_what_its_own_surface_says() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let things = library(world).await;
    let get = async |path: &str| ask(world, "GET", path, &key(&world.alder), Sent::Nothing).await.expect(200).json();
    let shown = get(&format!("/api/dashboard/{}", things.dashboard)).await;
    let native = world.get(&world.alder.key, "/v1/dashboards/overview").await.expect(200).json();
    assert_eq!((&shown["id"], &shown["entity_id"]), (&native["number"], &native["entity_id"]));
    assert_eq!(shown["dashcards"], shown["ordered_cards"]);
    assert_eq!(shown["dashcards"].as_array().unwrap().len(), 3);
    let place = &shown["dashcards"][1];
    assert_eq!(place["card_id"], place["card"]["id"]);
    assert_eq!(place["parameter_mappings"].as_array().unwrap().len(), 2);
    assert_eq!(place["parameter_mappings"][0]["target"], json!(["dimension", ["template-tag", "city"]]));
    assert_eq!(place["card"]["database_id"].to_string(), things.database);
    // The library's SQL is the operator's, as on our own surface; the tenant's own is its author's.
    assert!(!shown.to_string().contains("SELECT"));
    let by_entity = get(&format!("/api/dashboard/{}", shown["entity_id"].as_str().unwrap())).await;
    assert_eq!(by_entity, shown);
    let own = get(&format!("/api/card/{}", keyed.alder.card)).await;
    assert!(own["dataset_query"]["native"]["query"].as_str().unwrap().starts_with("SELECT id, city"));
    assert_eq!(own["dataset_query"]["native"]["template-tags"]["city"]["type"], "dimension");
    assert_eq!(own["collection_id"].to_string(), keyed.alder.collection);
    let reader =
        json!({ "name": "reader", "scopes": [{ "actions": ["dashboards:read"], "resources": { "all": true } }] });
    let reader = world.post(&world.operator, "/v1/tenants/alder/api-keys", &reader).await.expect(201).json();
    let header = [("x-api-key", reader["secret"].as_str().unwrap().to_owned())];
    let read =
        ask(world, "GET", &format!("/api/card/{}", keyed.alder.card), &header, Sent::Nothing).await.expect(200).json();
    assert_eq!(read["dataset_query"]["native"]["query"], "");
}

#[tokio::test]
async fn lists_are_filtered_as_clients_ask() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let shared = library(world).await;
    let own = &keyed.alder;
    let get = async |path: &str| ask(world, "GET", path, &key(&world.alder), Sent::Nothing).await.expect(200).json();
    let ids = |list: &Value| -> BTreeSet<String> {
        let list = list.get("data").unwrap_or(list).as_array().unwrap();
        list.iter().map(|one| one["id"].to_string()).collect()
    };
    let set = |ids: &[&String]| ids.iter().map(|id| (*id).clone()).collect::<BTreeSet<_>>();
    let (root, none) = (&"\"root\"".to_owned(), set(&[]));
    for (path, wanted) in [
        ("/api/card", set(&[&own.card, &shared.card])),
        ("/api/card/", set(&[&own.card, &shared.card])),
        ("/api/card?f=all", set(&[&own.card, &shared.card])),
        ("/api/card?f=mine", set(&[&own.card])),
        ("/api/card?f=archived", none.clone()),
        ("/api/card?f=using_model&model_id=1", none.clone()),
        (&format!("/api/card?f=database&model_id={}", own.database), set(&[&own.card])),
        ("/api/dashboard?f=mine", set(&[&own.dashboard])),
        ("/api/dashboard?f=archived", none.clone()),
        ("/api/dashboard/", set(&[&own.dashboard, &shared.dashboard])),
        ("/api/collection", set(&[root, &own.collection, &shared.collection])),
        ("/api/collection?archived=true", none.clone()),
        ("/api/collection/tree", set(&[&own.collection, &shared.collection])),
        ("/api/collection/root/items", set(&[&own.collection, &shared.collection, &shared.dashboard])),
        ("/api/collection/root/items?models=dashboard", set(&[&shared.dashboard])),
        ("/api/collection/root/items?models=dataset&models=collection", set(&[&own.collection, &shared.collection])),
        ("/api/collection/root/items?pinned_state=is_pinned", none.clone()),
        ("/api/collection/root/items?pinned_state=is_not_pinned&models=dashboard", set(&[&shared.dashboard])),
        (&format!("/api/collection/{}/items", own.collection), set(&[&own.card, &own.dashboard])),
        (&format!("/api/collection/{}/items?models=card", own.collection), set(&[&own.card])),
        ("/api/search?q=named-ALDER-c", set(&[&own.card, &own.collection])),
        ("/api/search?q=Named-&models=card&models=metric", set(&[&own.card])),
        (&format!("/api/search?ids={}", shared.card), set(&[&shared.card])),
        (&format!("/api/search?table_db_id={}", own.database), set(&[&own.card])),
        ("/api/search?archived=true", none.clone()),
        ("/api/search?q=select", none.clone()),
        ("/api/search?q=nothing%25", none),
        ("/api/database", set(&[&own.database, &shared.database])),
        ("/api/database/?saved=true", set(&[&own.database, &shared.database])),
        ("/api/table/", set(&[&own.table, &shared.table])),
    ] {
        assert_eq!(ids(&get(path).await), wanted, "{path}");
    }
    // Parts of lists.
    let all = get("/api/search?limit=200").await;
    assert_eq!(all["total"], 6);
    let second = get("/api/search?limit=1&offset=1").await;
    assert_eq!(
        (&second["data"][0], &second["total"], &second["limit"], &second["offset"]),
        (&all["data"][1], &json!(6), &json!(1), &json!(1))
    );
    let items = get(&format!("/api/collection/{}/items?limit=1&offset=1", own.collection)).await;
    assert_eq!((items["data"].as_array().unwrap().len(), &items["total"]), (1, &json!(2)));
    // Collections in one another.
    let inner = json!({ "name": "Inner", "collection": "own" });
    let inner = world.post(&world.alder.key, "/v1/content/collections", &inner).await.expect(201).json();
    let tree = get("/api/collection/tree").await;
    let number: i64 = own.collection.parse().unwrap();
    let branch = tree.as_array().unwrap().iter().find(|one| one["id"] == number).unwrap();
    assert_eq!((&branch["children"][0]["id"], &branch["here"]), (&inner["number"], &json!(["card", "dashboard"])));
    let shown = get(&format!("/api/collection/{}", inner["entity_id"].as_str().unwrap())).await;
    assert_eq!(
        (shown["location"].as_str().unwrap(), shown["parent_id"].to_string()),
        (format!("/{}/", own.collection).as_str(), own.collection.clone())
    );
    assert_eq!(get("/api/collection/root").await["id"], "root");
}

#[tokio::test]
async fn what_is_wrong_is_said_by_its_field() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let wrong = async |method: &str, path: &str, sent: Sent<'_>| {
        let reply = ask(world, method, path, &key(&world.alder), sent).await;
        assert_eq!(reply.headers["cache-control"], "no-store");
        reply.expect(400).json()["errors"].as_object().unwrap().keys().next().unwrap().clone()
    };
    let card = format!("/api/card/{}/query", keyed.alder.card);
    for (path, field) in [
        ("/api/card?f=everything", "f"),
        ("/api/dashboard?f=x", "f"),
        ("/api/search?limit=-1", "limit"),
        ("/api/search?offset=x", "offset"),
        ("/api/search?table_db_id=x", "table_db_id"),
        ("/api/collection/root/items?limit=1.5", "limit"),
    ] {
        assert_eq!(wrong("GET", path, Sent::Nothing).await, field, "{path}");
    }
    for (sent, field) in [
        (json!([]), "body"),
        (json!({ "parameters": {} }), "parameters"),
        (json!({ "parameters": [{ "id": 1 }] }), "parameters[0].id"),
        (json!({ "parameters": [{ "value": 1 }] }), "parameters[0]"),
        (json!({ "parameters": [{ "id": "nothing", "value": 1 }] }), "parameters.nothing"),
        (json!({ "parameters": [{ "id": "city", "value": { "a": "SECRET-VALUE" } }] }), "parameters.city"),
    ] {
        let what = sent.to_string();
        assert_eq!(wrong("POST", &card, Sent::Json(sent)).await, field, "{what}");
    }
    world.never_said("SECRET-VALUE");
    let database: i64 = keyed.alder.database.parse().unwrap();
    let tagged = |kind: &str| {
        json!({ "database": database, "type": "native",
            "native": { "query": "SELECT {{x}}", "template-tags": { "x": { "type": kind } } } })
    };
    for (sent, field) in [
        (json!({}), "type"),
        (json!({ "database": database, "type": "query", "query": { "source-table": 2 } }), "type"),
        (json!({ "database": database, "stages": [{ "lib/type": "mbql.stage/mbql", "source-table": 2 }] }), "stages"),
        (json!({ "database": database, "stages": [{ "native": "SELECT 1" }, { "limit": 1 }] }), "stages"),
        (json!({ "type": "native", "native": { "query": "SELECT 1" } }), "database"),
        (tagged("dimension"), "template-tags.x.type"),
        (tagged("card"), "template-tags.x.type"),
        (tagged("table"), "template-tags.x.type"),
    ] {
        let what = sent.to_string();
        assert_eq!(wrong("POST", "/api/dataset", Sent::Json(sent)).await, field, "{what}");
    }
    assert_eq!(wrong("POST", "/api/session", Sent::Json(json!({ "username": "x" }))).await, "password");
    // Nobody is admitted yet: what a stranger sends is not kept in memory.
    assert_eq!(wrong("POST", "/api/session", Sent::Json(json!({ "password": "x".repeat(5000) }))).await, "body");
    let oversized = "x".repeat(2 << 20);
    let reply =
        ask(world, "POST", &card, &key(&world.alder), Sent::Json(json!({ "parameters": [], "x": oversized }))).await;
    reply.expect(413);
    // What is not here says so, and where our own API is, to everybody alike.
    for (method, path) in
        [("GET", "/api/pulse"), ("POST", "/api/card/1/copy/2/3"), ("PUT", "/t/nobody/api/notification/1")]
    {
        let reply = ask(world, method, path, &key(&world.alder), Sent::Nothing).await;
        assert!(reply.expect(404).text().contains("/docs"), "{path}");
    }
}

#[tokio::test]
async fn a_session_is_the_key() {
    let world = World::new().await;
    let login = async |path: &str, password: &str| {
        ask(&world, "POST", path, &[], Sent::Json(json!({ "username": "a@b.example", "password": password }))).await
    };
    let id = login("/api/session", &world.alder.key).await.expect(200).json()["id"].as_str().unwrap().to_owned();
    let header = vec![("x-metabase-session", id)];
    let user = ask(&world, "GET", "/api/user/current", &header, Sent::Nothing).await.expect(200).json();
    assert_eq!((&user["common_name"], &user["is_superuser"]), (&json!("all"), &json!(false)));
    assert_eq!(user["email"], format!("{}@alder.invalid", world.alder.key_id));
    assert!(!user.to_string().contains(&world.alder.key));
    // Logging out ends nothing, and says nothing else.
    ask(&world, "DELETE", "/api/session", &header, Sent::Nothing).await.expect(204);
    ask(&world, "GET", "/t/alder/api/user/current", &header, Sent::Nothing).await.expect(200);
    // Revoking does, at once.
    world.delete(&world.operator, &format!("/v1/tenants/alder/api-keys/{}", world.alder.key_id)).await.expect(204);
    let refused = ask(&world, "GET", "/api/user/current", &header, Sent::Nothing).await.expect(401);
    assert_eq!(
        (refused.text().as_str(), &refused.headers["content-type"]),
        ("Unauthenticated", &"text/plain; charset=utf-8".parse().unwrap())
    );
    // A password that is no key, another tenant's key, an operator's below a tenant's address: one answer. At the root an operator
    // logs in to administer, which has tests of its own.
    let nobody = login("/api/session", "secret").await.expect(401);
    assert_eq!(nobody.json()["errors"], json!({ "password": "did not match stored password" }));
    for (path, password) in [
        ("/api/session", world.alder.key.as_str()),
        ("/t/alder/api/session", world.operator.as_str()),
        ("/t/nobody/api/session", world.operator.as_str()),
        ("/t/alder/api/session", world.birch.key.as_str()),
        ("/t/nobody/api/session", world.birch.key.as_str()),
        ("/api/session", ""),
    ] {
        assert_eq!(login(path, password).await.visible(), nobody.visible(), "{path}");
    }
    login("/t/birch/api/session", &world.birch.key).await.expect(200);
}

/// Too many requests with a key are told as everywhere, with the time after which to try again.
#[tokio::test]
async fn a_keys_rate_holds() {
    let world = World::new().await;
    let draft = json!({ "name": "slow", "requests_per_minute": 2,
        "scopes": [{ "actions": ["dashboards:read"], "resources": { "all": true } }] });
    let slow = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let secret = slow["secret"].as_str().unwrap().to_owned();
    let header = [("x-api-key", secret.clone())];
    ask(&world, "GET", "/api/card", &header, Sent::Nothing).await.expect(200);
    let login = || Sent::Json(json!({ "username": "x", "password": secret }));
    ask(&world, "POST", "/api/session", &[], login()).await.expect(200);
    for (method, path, sent) in [("GET", "/api/card", Sent::Nothing), ("POST", "/api/session", login())] {
        let refused = ask(&world, method, path, &header, sent).await.expect(429);
        assert!(refused.headers.contains_key("retry-after"));
    }
    // Elsewhere it is no key, however often it is used.
    ask(&world, "GET", "/t/birch/api/card", &header, Sent::Nothing).await.expect(401);
}

#[tokio::test]
async fn settings_are_the_tenants_own() {
    let world = World::new().await;
    let get =
        async |name: &str| ask(&world, "GET", &format!("/api/setting/{name}"), &key(&world.alder), Sent::Nothing).await;
    for (name, text) in
        [("site-name", "alder & Sons"), ("report-timezone", "Europe/Paris"), ("humanization-strategy", "none")]
    {
        let reply = get(name).await.expect(200);
        assert_eq!(
            (reply.text().as_str(), &reply.headers["content-type"]),
            (text, &"text/plain; charset=utf-8".parse().unwrap())
        );
    }
    assert_eq!(get("enable-public-sharing").await.expect(200).json(), json!(false));
    assert_eq!(get("embedding-secret-key").await.expect(404).text(), "Not found.");
    let listed = ask(&world, "GET", "/api/setting", &key(&world.alder), Sent::Nothing).await.expect(200);
    assert!(listed.json().as_array().unwrap().len() == 7 && !listed.text().contains("birch"));
}

#[tokio::test]
async fn numbers_have_one_spelling() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let Things { dashboard, card, collection, database, table, field, .. } = keyed.alder.clone();
    for (path, number) in [
        ("/api/dashboard/", dashboard),
        ("/api/card/", card),
        ("/api/collection/", collection),
        ("/api/database/", database),
        ("/api/table/", table),
        ("/api/field/", field),
    ] {
        ask(world, "GET", &format!("{path}{number}"), &key(&world.alder), Sent::Nothing).await.expect(200);
        for wrong in [
            format!("0{number}"),
            format!("%2B{number}"),
            format!("{number}.0"),
            format!("-{number}"),
            "own".to_owned(),
            "%20".to_owned(),
        ] {
            let reply = ask(world, "GET", &format!("{path}{wrong}"), &key(&world.alder), Sent::Nothing).await;
            assert_eq!(reply.expect(404).text(), "Not found.", "{path}{wrong}");
        }
    }
}
