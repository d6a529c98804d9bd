//! Files: the same rows, safe to open.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn files_hold_the_rows_and_no_formulas() {
    let world = World::new().await;
    let evil = rusqlite::Connection::open(world.folder.path().join("tenants/alder.db")).unwrap();
    evil.execute("UPDATE orders SET note = '=cmd|''/C calc''!A0', city = 'Ly;on, \"x\"' WHERE id = 1", ()).unwrap();
    let token = world.token(&world.alder, json!({}));
    let csv = world.post(&token, "/v1/embed/items/orders/export/csv", &json!({})).await.expect(200);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(csv.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"Orders.csv\""));
    let text = csv.text();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "id,city,amount,note");
    assert_eq!(lines[1], "1,\"Ly;on, \"\"x\"\"\",10,'=cmd|'/C calc'!A0");
    assert_eq!(lines.len(), 4);
    let xlsx = world.post(&token, "/v1/embed/items/orders/export/xlsx", &json!({})).await.expect(200);
    assert!(xlsx.body.starts_with(b"PK"), "a zip archive");
    assert!(!xlsx.broken);
    let json = world.post(&token, "/v1/embed/items/orders/export/json", &json!({})).await.expect(200);
    assert_eq!(json.json()["row_count"], 3);
    world.post(&token, "/v1/embed/items/orders/export/pdf", &json!({})).await.expect(404);
}

#[tokio::test]
async fn an_embed_key_can_forbid_files() {
    let world = World::new().await;
    let draft = json!({ "name": "no files", "export": false });
    let key = world.post(&world.operator, "/v1/tenants/alder/embed-keys", &draft).await.expect(201).json();
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 60 });
    let token = crate::world::sign(key["id"].as_str().unwrap(), key["secret"].as_str().unwrap(), &claims);
    assert_eq!(world.get(&token, "/v1/embed").await.expect(200).json()["can_export"], false);
    world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(200);
    world.post(&token, "/v1/embed/items/orders/export/csv", &json!({})).await.expect(403);
}
