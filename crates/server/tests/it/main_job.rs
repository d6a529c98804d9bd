//! A dashboard written once; two clients see it, each on its own rows.

use serde_json::json;

use crate::world::{World, rows};

#[tokio::test]
async fn each_client_sees_the_dashboard_on_its_own_rows() {
    let world = World::new().await;
    for (client, count) in [(&world.alder, 3), (&world.birch, 7)] {
        let token = world.token(client, json!({}));
        let shown = world.get(&token, "/v1/embed").await.expect(200).json();
        assert_eq!(shown["name"], "Overview");
        assert_eq!(shown["items"].as_array().unwrap().len(), 3);
        assert_eq!(shown["parameters"][0]["has_values"], true);
        let answer = world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(200).json();
        assert_eq!(answer["row_count"], count);
        let notes: Vec<_> = rows(&answer).iter().map(|row| row["note"].as_str().unwrap().to_owned()).collect();
        assert!(notes.iter().all(|note| note.starts_with(&client.canary)), "{notes:?}");
        let run = world.post(&token, "/v1/embed/run", &json!({ "parameters": { "city": ["Lyon"] } })).await.expect(200);
        let events: Vec<serde_json::Value> =
            run.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(events.last().unwrap()["event"], "end");
        assert_eq!(events.iter().filter(|event| event["event"] == "done").count(), 2);
        let values = world.get(&token, "/v1/embed/parameters/city/values").await.expect(200).json();
        assert_eq!(values["values"].as_array().unwrap().len(), 3);
    }
}
