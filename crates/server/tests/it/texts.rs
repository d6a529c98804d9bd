//! Headings and texts that name filters: what is told of a value, to whom, and that a hostile one stays text.

use serde_json::{Value, json};

use crate::metabase_stage::{GuestKey, Guests, dashboard};
use crate::world::Reply;

const EVIL: &str = "<img src=x onerror=1> **b** [x](javascript:1) {{city}} ]]\n`c`";

/// The guests' dashboard with these texts, one after the other; `note` is the viewer's, `city` too, `least` the token's.
async fn with_texts(texts: &[(&str, &str)], more: Value) -> Guests {
    let guests = Guests::new().await;
    let mut draft = dashboard();
    draft["embedding_params"]["note"] = json!("enabled");
    draft["parameters"][2]["default"] = json!("past30days");
    let items = draft["items"].as_array_mut().unwrap();
    for (place, (kind, text)) in texts.iter().enumerate() {
        let show = json!({ "kind": kind, "text": text });
        items.push(json!({ "id": format!("said-{place}"), "tab": "first", "x": 0, "y": 20 + place, "w": 24, "h": 1, "show": show }));
    }
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    let (op, path) = (guests.world.operator.clone(), "/v1/library/dashboards/guests");
    guests.world.put(&op, path, &draft).await.expect(200);
    guests
}

async fn native(guests: &Guests, key: &GuestKey, params: Value, query: &str) -> Reply {
    let token = guests.of_dashboard(key, params);
    guests.world.get(&token, &format!("/t/{}/v1/embed{query}", key.slug)).await.expect(200)
}

fn said(shown: &Value, place: usize) -> Value {
    let id = format!("said-{place}");
    shown["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone()
}

#[tokio::test]
async fn a_text_is_told_what_it_names_and_nobody_else_is() {
    let texts = [
        ("text", "From {{ least }}, {{city}}, {{nobody}}[[, {{period}}]]"),
        ("heading", "{{note}}"),
        ("text", "Nothing is named: {{ least, {least}} and least."),
    ];
    let guests = with_texts(&texts, json!({})).await;
    let params = json!({ "least": 7654, "note": EVIL });
    let shown = native(&guests, &guests.alder, params, "").await;
    let document = shown.json();
    let first = said(&document, 0);
    assert_eq!(first["text"], texts[0].1, "the author's words stay as they are");
    let period = json!({ "type": "date_range", "values": ["past30days"] });
    assert_eq!(first["values"], json!({ "least": { "type": "number", "values": [7654] }, "period": period }));
    assert_eq!(said(&document, 1)["values"], json!({ "note": { "type": "text", "values": [EVIL] } }));
    assert!(said(&document, 2).get("values").is_none(), "{document}");
    // Once each: nothing else in the answer holds what is locked.
    assert_eq!(shown.text().matches("7654").count(), 1);
    assert_eq!(shown.text().matches("onerror").count(), 1);

    // A text that names none gets none, whoever asks.
    let guests = with_texts(&texts[2..], json!({})).await;
    let shown = native(&guests, &guests.alder, json!({ "least": 7654, "note": EVIL }), "").await.text();
    assert!(!shown.contains("7654") && !shown.contains("onerror"), "{shown}");
}

#[tokio::test]
async fn a_translation_is_told_what_it_names_in_its_language_only() {
    let translations = json!({ "fr": { "items.said-0.text": "Dès {{least}}" } });
    let guests = with_texts(&[("text", "Orders")], json!({ "translations": translations })).await;
    let french = native(&guests, &guests.alder, json!({ "least": 7654 }), "?locale=fr").await.json();
    assert_eq!(said(&french, 0)["values"], json!({ "least": { "type": "number", "values": [7654] } }));
    let english = native(&guests, &guests.alder, json!({ "least": 7654 }), "?locale=en").await;
    assert!(!english.text().contains("7654"), "{}", english.text());
}

#[tokio::test]
async fn a_filter_that_is_off_has_no_value_and_a_default_does_not_stand_for_it() {
    let guests = with_texts(&[("text", "{{city}}[[ {{least}}]]")], json!({})).await;
    let shown = native(&guests, &guests.alder, json!({ "least": [], "city": [] }), "").await.json();
    let off = |kind: &str| json!({ "type": kind, "values": [] });
    assert_eq!(said(&shown, 0)["values"], json!({ "city": off("text"), "least": off("number") }));
}

#[tokio::test]
async fn clients_of_metabase_get_the_tokens_values_as_text_and_put_in_the_viewers() {
    let texts = [
        ("text", "**{{note}}** from {{least}} in {{city}}[[ ({{period}})]] [go](https://crm.example/{{note}})"),
        ("heading", "{{note}}, {{city}}"),
    ];
    let guests = with_texts(&texts, json!({})).await;
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 7654, "note": EVIL }));
    let shown = guests.get(&format!("/t/alder/api/embed/dashboard/{token}")).await.expect(200).json();
    let places = shown["dashcards"].as_array().unwrap();
    let text = |back: usize| places[places.len() - back]["visualization_settings"]["text"].as_str().unwrap().to_owned();
    let escaped = r"\<img src\=x onerror\=1\> \*\*b\*\* \[x\]\(javascript\:1\) \{\{city\}\} \]\] \`c\`";
    let encoded = "%3Cimg%20src%3Dx%20onerror%3D1%3E%20%2A%2Ab%2A%2A%20%5Bx%5D%28javascript%3A1%29%20%7B%7Bcity%7D%7D%20%5D%5D%20%60c%60";
    let wanted = format!("**{escaped}** from 7654 in {{{{city}}}} (past30days) [go](https://crm.example/{encoded})");
    assert_eq!(text(2), wanted);
    assert_eq!(text(1), format!("{}, {{{{city}}}}", EVIL.replace('\n', " ")));
    // The viewer's own are named, so that a client knows which they are, and no other is.
    let mapping = json!([{ "parameter_id": "city", "card_id": null, "target": ["text-tag", "city"] }]);
    assert_eq!(places[places.len() - 2]["parameter_mappings"], mapping);
    assert_eq!(shown["parameters"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_embed_of_our_own_form_is_told_in_the_same_way() {
    let guests = with_texts(&[("text", "{{least}} {{city}} {{note}}")], json!({})).await;
    let world = &guests.world;
    let token =
        world.token(&world.alder, json!({ "resource": { "dashboard": "guests" }, "params": { "least": 7654 } }));
    let shown = world.get(&token, "/v1/embed").await.expect(200).json();
    // `embedding_params` are for guests: here the viewer sets the others.
    assert_eq!(said(&shown, 0)["values"], json!({ "least": { "type": "number", "values": [7654] } }));
    let plain = world.token(&world.alder, json!({ "resource": { "dashboard": "guests" } }));
    let shown = world.get(&plain, "/v1/embed").await.expect(200).json();
    assert!(said(&shown, 0).get("values").is_none(), "{shown}");
}
