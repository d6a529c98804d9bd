//! Previews: one answer for everybody, whatever is asked for and with whichever credential.

use http::{Method, StatusCode};

use crate::metabase_stage::Guests;

#[tokio::test]
async fn previews_are_one_answer_for_everybody() {
    let guests = Guests::new().await;
    let token = guests.of_dashboard(&guests.alder, serde_json::json!({ "least": 0 }));
    let number = guests.dashboard["number"].to_string();
    let id = guests.dashboard["id"].as_str().unwrap().to_owned();
    let world = &guests.world;
    for kind in ["/api/preview_embed/dashboard", "/api/preview_embed/card"] {
        let mut seen = Vec::new();
        for base in ["", "/t/alder", "/t/birch", "/t/cedar", "/t/nobody"] {
            for name in ["3e3f6c1e-0000-4000-8000-000000000000", &number, &id, &token] {
                for credential in ["", &world.alder.key, &world.birch.key, &world.operator] {
                    let reply = world.call(Method::GET, credential, &format!("{base}{kind}/{name}"), None).await;
                    assert_eq!(reply.status, StatusCode::NOT_IMPLEMENTED, "{base}{kind}");
                    seen.push(reply.visible());
                }
            }
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "{kind}");
    }
}
