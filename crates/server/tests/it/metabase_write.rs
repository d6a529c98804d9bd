//! Writing by key as Metabase's clients do: what is made here is read back here and on our own surface, runs, and is in the audit log.

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::world::{Reply, World};

async fn call(world: &World, method: &str, path: &str, body: Value) -> Reply {
    ask(world, method, path, &key(&world.alder), Sent::Json(body)).await
}

async fn get(world: &World, path: &str) -> Value {
    ask(world, "GET", path, &key(&world.alder), Sent::Nothing).await.expect(200).json()
}

/// A question with a tag, as clients write it.
pub(crate) fn question(database: &str, sql: &str) -> Value {
    let tag = json!({ "id": "9a", "name": "least", "display-name": "At least", "type": "number", "default": 0 });
    let database: i64 = database.parse().unwrap();
    json!({ "database": database, "type": "native", "native": { "query": sql, "template-tags": { "least": tag } } })
}

const SQL: &str = "SELECT city, sum(amount) AS total FROM orders WHERE amount >= {{least}} GROUP BY city ORDER BY city";

async fn made(world: &World, things: &Things) -> Value {
    let body = json!({ "name": "Totals", "description": null, "display": "bar", "collection_id": null, "type": "question",
        "dataset_query": question(&things.database, SQL), "parameters": [],
        "visualization_settings": { "graph.dimensions": ["city"], "graph.metrics": ["total"], "graph.x_axis.title_text": "x" } });
    call(world, "POST", "/api/card", body).await.expect(200).json()
}

#[tokio::test]
async fn a_card_is_made_changed_copied_and_removed() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let card = made(world, own).await;
    let path = format!("/api/card/{}", card["id"]);
    assert_eq!(get(world, &path).await, card);
    assert_eq!(
        (&card["can_write"], &card["display"], &card["query_type"]),
        (&json!(true), &json!("bar"), &json!("native"))
    );
    assert_eq!(card["visualization_settings"], json!({ "graph.dimensions": ["city"], "graph.metrics": ["total"] }));
    let tag = &card["dataset_query"]["native"]["template-tags"]["least"];
    assert_eq!(
        (&tag["type"], &tag["display-name"], &tag["default"]),
        (&json!("number"), &json!("At least"), &json!(0))
    );
    // It runs, and is a card of our own surface.
    let all = call(world, "POST", &format!("{path}/query"), json!({})).await.expect(202).json();
    let given = json!({ "parameters": [{ "type": "number/=", "target": ["variable", ["template-tag", "least"]], "value": 1_000_000 }] });
    let few = call(world, "POST", &format!("{path}/query"), given).await.expect(202).json();
    assert!(all["row_count"].as_i64().unwrap() > 0 && few["row_count"] == 0, "{all}");
    let plain = json!({ "name": "Plain", "dataset_query": question(&own.database, SQL) });
    assert_eq!(call(world, "POST", "/api/card", plain).await.expect(200).json()["display"], "table");
    let listed = world.get(&world.alder.key, "/v1/content/cards").await.expect(200).json();
    let native = listed["data"].as_array().unwrap().iter().find(|one| one["number"] == card["id"]).unwrap().clone();
    assert_eq!((&native["query"]["sql"], &native["visualization"]["type"]), (&json!(SQL), &json!("bar")));
    // Only what is named changes: and a whole card that is sent back as it was read changes nothing.
    let same = call(world, "PUT", &path, card.clone()).await.expect(200).json();
    let without = |mut card: Value| {
        card.as_object_mut().unwrap().remove("updated_at");
        card
    };
    assert_eq!(without(same), without(card.clone()));
    let body = json!({ "name": "Sums", "cache_ttl": 2, "display": "line", "collection_id": own.collection.parse::<i64>().unwrap(),
        "enable_embedding": true, "embedding_params": { "least": "locked" } });
    let changed = call(world, "PUT", &path, body).await.expect(200).json();
    assert_eq!(changed["dataset_query"], card["dataset_query"]);
    assert_eq!(
        (&changed["name"], &changed["display"], &changed["cache_ttl"]),
        (&json!("Sums"), &json!("line"), &json!(2))
    );
    assert_eq!(
        (&changed["enable_embedding"], &changed["embedding_params"]),
        (&json!(true), &json!({ "least": "locked" }))
    );
    assert_eq!(changed["collection_id"].to_string(), own.collection);
    let copy = call(world, "POST", &format!("{path}/copy"), json!({})).await.expect(200).json();
    assert_eq!((&copy["name"], &copy["dataset_query"]), (&json!("Copy of Sums"), &card["dataset_query"]));
    assert_ne!(copy["id"], card["id"]);
    // What is gone is gone, and what was done is in the log.
    assert_eq!(call(world, "DELETE", &path, json!({})).await.expect(204).text(), "");
    call(world, "GET", &path, json!({})).await.expect(404);
    let log = world.get(&world.alder.key, "/v1/audit?limit=5").await.expect(200).json();
    let actions: Vec<_> = log["data"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
    assert_eq!(json!(actions), json!(["card.delete", "card.create", "card.replace", "card.replace", "card.create"]));
    assert_eq!(log["data"][0]["actor"], log["data"][4]["actor"]);
}

/// What has no words there stays through edits that do not name it.
#[tokio::test]
async fn an_edit_keeps_what_clients_have_no_words_for() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let native = async || world.get(&world.alder.key, "/v1/content/cards/own").await.expect(200).json();
    let before = native().await;
    let path = format!("/api/card/{}", own.card);
    let read = get(world, &path).await;
    call(world, "PUT", &path, read).await.expect(200);
    call(world, "PUT", &path, json!({ "name": "Other" })).await.expect(200);
    let after = native().await;
    assert_eq!(after["query"], before["query"], "the column and the list of values stay");
    assert_eq!(after["visualization"], before["visualization"]);
    assert_eq!((&after["name"], &after["collection"]), (&json!("Other"), &before["collection"]));
    let dashboards = async || world.get(&world.alder.key, "/v1/content/dashboards/own").await.expect(200).json();
    let before = dashboards().await;
    let path = format!("/api/dashboard/{}", own.dashboard);
    let read = get(world, &path).await;
    let again = call(world, "PUT", &path, read.clone()).await.expect(200).json();
    assert_eq!(again["dashcards"][0]["id"], read["dashcards"][0]["id"]);
    let after = dashboards().await;
    for field in ["items", "parameters", "tabs", "name", "collection", "embedding_params"] {
        assert_eq!(after[field], before[field], "{field}");
    }
}

#[tokio::test]
async fn a_dashboard_is_laid_out_by_its_whole_list() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let card = made(world, own).await;
    let dashboard =
        call(world, "POST", "/api/dashboard", json!({ "name": "Board", "description": "d" })).await.expect(200).json();
    let path = format!("/api/dashboard/{}", dashboard["id"]);
    let mapping =
        json!({ "parameter_id": "f00dfeed", "card_id": card["id"], "target": ["variable", ["template-tag", "least"]] });
    let text = json!({ "text": "**Hello**", "virtual_card": { "display": "text", "name": null } });
    let body = json!({
        "tabs": [{ "id": -1, "name": "One" }, { "id": -2, "name": "Two" }],
        "parameters": [{ "id": "f00dfeed", "name": "Least", "slug": "least", "type": "number/=", "sectionId": "number", "default": [5] }],
        "dashcards": [
            { "id": -1, "card_id": card["id"], "row": 0, "col": 0, "size_x": 12, "size_y": 6, "dashboard_tab_id": -1,
              "parameter_mappings": [mapping], "visualization_settings": { "card.title": "Mine" }, "series": [] },
            { "id": -2, "card_id": null, "row": 0, "col": 12, "size_x": 12, "size_y": 2, "dashboard_tab_id": -2,
              "parameter_mappings": [], "visualization_settings": text },
        ],
        "enable_embedding": true, "embedding_params": { "least": "enabled" },
    });
    let laid = call(world, "PUT", &path, body).await.expect(200).json();
    assert_eq!(get(world, &path).await, laid);
    let places = laid["dashcards"].as_array().unwrap();
    assert_eq!((places.len(), laid["tabs"].as_array().unwrap().len()), (2, 2));
    assert_eq!(
        (&places[0]["dashboard_tab_id"], &places[1]["dashboard_tab_id"]),
        (&laid["tabs"][0]["id"], &laid["tabs"][1]["id"])
    );
    assert_eq!(places[0]["visualization_settings"]["card.title"], "Mine");
    assert_eq!(places[0]["parameter_mappings"][0]["parameter_id"], "least");
    assert_eq!(places[1]["visualization_settings"]["text"], "**Hello**");
    assert_eq!((&laid["parameters"][0]["id"], &laid["parameters"][0]["type"]), (&json!("least"), &json!("number/=")));
    let run = async |value: Value| {
        let path = format!("{path}/dashcard/{}/card/{}/query", places[0]["id"], card["id"]);
        let given = json!({ "parameters": [{ "id": "least", "value": value }] });
        call(world, "POST", &path, given).await.expect(202).json()["row_count"].as_i64().unwrap()
    };
    assert!(run(json!([0])).await > 0 && run(json!([1_000_000])).await == 0);
    // What is not in the list is taken off; what is keeps its number, wherever it goes; what is gone never comes back as another.
    let mut kept = places[0].clone();
    kept["row"] = json!(3);
    let body = json!({ "dashcards": [kept, { "id": -5, "card_id": card["id"], "row": 20, "col": 0, "size_x": 4, "size_y": 4,
        "dashboard_tab_id": laid["tabs"][0]["id"] }] });
    let moved = call(world, "PUT", &path, body).await.expect(200).json();
    assert_eq!((moved["dashcards"].as_array().unwrap().len(), &moved["dashcards"][0]["row"]), (2, &json!(3)));
    assert_eq!(moved["dashcards"][0]["id"], places[0]["id"]);
    assert_eq!(moved["dashcards"][0]["parameter_mappings"], places[0]["parameter_mappings"]);
    assert!(places.iter().all(|place| place["id"] != moved["dashcards"][1]["id"]));
    assert_eq!(moved["parameters"], laid["parameters"]);
    let gone = json!({ "dashcards": [{ "id": places[1]["id"], "card_id": null, "visualization_settings": text }] });
    let refused = call(world, "PUT", &path, gone).await.expect(400).json();
    assert!(refused["errors"]["dashcards[0].id"].is_string(), "{refused}");
    // A filter that goes takes its wirings and what guests may set with it.
    let bare = call(world, "PUT", &path, json!({ "parameters": [] })).await.expect(200).json();
    assert_eq!((&bare["embedding_params"], &bare["dashcards"][0]["parameter_mappings"]), (&json!({}), &json!([])));
    // A card that is shown is not removed; a copy shows the same cards; and then all goes.
    let conflict = call(world, "DELETE", &format!("/api/card/{}", card["id"]), json!({})).await.expect(409).text();
    assert!(conflict.contains("ashboards show it"), "{conflict}");
    let copy = call(world, "POST", &format!("{path}/copy"), json!({ "name": "Second" })).await.expect(200).json();
    assert_eq!((&copy["name"], &copy["dashcards"][0]["card_id"]), (&json!("Second"), &card["id"]));
    call(world, "DELETE", &path, json!({})).await.expect(204);
    call(world, "DELETE", &format!("/api/dashboard/{}", copy["id"]), json!({})).await.expect(204);
    call(world, "GET", &path, json!({})).await.expect(404);
    call(world, "DELETE", &format!("/api/card/{}", card["id"]), json!({})).await.expect(204);
}

/// GLPI and old Python write places one by one.
#[tokio::test]
async fn places_are_written_one_by_one_too() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let path = format!("/api/dashboard/{}/cards", own.dashboard);
    let card: i64 = own.card.parse().unwrap();
    let added = call(world, "POST", &path, json!({ "cardId": card, "sizeX": 6, "sizeY": 3 })).await.expect(200).json();
    assert_eq!((&added["card_id"], &added["row"], &added["size_x"]), (&json!(card), &json!(4), &json!(6)));
    let changed =
        json!({ "cards": [{ "id": added["id"], "card_id": card, "row": 9, "col": 1, "size_x": 5, "size_y": 5 }] });
    let all = call(world, "PUT", &path, changed).await.expect(200).json();
    assert_eq!((all["cards"].as_array().unwrap().len(), &all["cards"][1]["row"]), (2, &json!(9)));
    assert_eq!(all["cards"][0]["parameter_mappings"][0]["parameter_id"], "city", "what is not named stays");
    call(world, "DELETE", &format!("{path}?dashcardId={}", added["id"]), json!({})).await.expect(204);
    call(world, "DELETE", &format!("{path}?dashcardId={}", added["id"]), json!({})).await.expect(400);
    let left = get(world, &format!("/api/dashboard/{}", own.dashboard)).await;
    assert_eq!(left["dashcards"].as_array().unwrap().len(), 1);
    // Who names tabs too writes all that there is afterwards, as since version 47.
    let first = json!({ "id": left["dashcards"][0]["id"], "dashboard_tab_id": -1 });
    let second = json!({ "id": -1, "card_id": card, "dashboard_tab_id": -2 });
    let tabs = json!([{ "id": -1, "name": "One" }, { "id": -2, "name": "Two" }]);
    let whole = call(world, "PUT", &path, json!({ "cards": [first, second], "tabs": tabs })).await.expect(200).json();
    assert_eq!((whole["tabs"].as_array().unwrap().len(), &whole["tabs"][1]["name"]), (2, &json!("Two")));
    assert_eq!(whole["cards"][1]["dashboard_tab_id"], whole["tabs"][1]["id"]);
    // A place that names no tab lies in the first.
    let untold = json!({ "cards": [{ "id": whole["cards"][1]["id"], "dashboard_tab_id": null }],
        "tabs": [{ "id": whole["tabs"][1]["id"], "name": "Two" }, { "id": -1, "name": "Three" }] });
    let whole = call(world, "PUT", &path, untold).await.expect(200).json();
    assert_eq!(whole["cards"][0]["dashboard_tab_id"], whole["tabs"][0]["id"]);
    let gone = json!({ "cards": [{ "id": whole["cards"][0]["id"] }], "tabs": [] });
    let whole = call(world, "PUT", &path, gone).await.expect(200).json();
    assert_eq!((whole["cards"].as_array().unwrap().len(), &whole["tabs"]), (1, &json!([])));
}

/// Agents make a filter and wire it to a tag that takes one value, and say of neither which it is.
#[tokio::test]
async fn a_filter_is_what_its_wirings_are() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let sql = "SELECT id FROM orders WHERE city = {{city}} ORDER BY id";
    let tags = json!({ "city": { "name": "city", "type": "text", "default": "Lyon" } });
    let mut query = question(&own.database, sql);
    query["native"]["template-tags"] = tags;
    let card = json!({ "name": "One city", "display": "table", "dataset_query": query, "visualization_settings": {} });
    let card = call(world, "POST", "/api/card", card).await.expect(200).json();
    let filter = json!([{ "id": "f1", "name": "City", "slug": "city", "type": "string/=", "sectionId": "string" }]);
    let wiring =
        json!([{ "parameter_id": "city", "card_id": card["id"], "target": ["variable", ["template-tag", "city"]] }]);
    let made = call(world, "POST", "/api/dashboard", json!({ "name": "Board", "parameters": filter }))
        .await
        .expect(200)
        .json();
    assert_eq!(made["parameters"][0]["isMultiSelect"], json!(true));
    let path = format!("/api/dashboard/{}", made["id"]);
    let place = json!({ "cardId": card["id"], "parameter_mappings": wiring });
    call(world, "POST", &format!("{path}/cards"), place).await.expect(200);
    assert_eq!(get(world, &path).await["parameters"][0]["isMultiSelect"], json!(false));
    // Both at once, too.
    let places = json!([{ "id": -1, "card_id": card["id"], "row": 0, "col": 0, "size_x": 4, "size_y": 4,
        "parameter_mappings": [{ "parameter_id": "f1", "card_id": card["id"], "target": ["variable", ["template-tag", "city"]] }] }]);
    let whole = json!({ "name": "Other", "parameters": filter, "dashcards": places });
    let made = call(world, "POST", "/api/dashboard", whole).await.expect(200).json();
    assert_eq!(made["parameters"][0]["isMultiSelect"], json!(false));
}

/// Several cards at once: all of them, or a refusal before the first.
#[tokio::test]
async fn cards_move_together() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let number = |text: &str| text.parse::<i64>().unwrap();
    let copy = call(world, "POST", &format!("/api/card/{}/copy", own.card), json!({})).await.expect(200).json();
    let both = json!([number(&own.card), copy["id"]]);
    let inside = async || {
        let items = get(world, &format!("/api/collection/{}/items?models=card", own.collection)).await;
        items["total"].as_i64().unwrap()
    };
    let before = inside().await;
    for (path, into) in [("/api/card/collections", Value::Null), ("/api/cards/move", json!(number(&own.collection)))] {
        let body = json!({ "card_ids": both, "collection_id": into });
        assert_eq!(call(world, "POST", path, body).await.expect(200).json(), json!({ "status": "ok" }));
        let wanted = if into.is_null() { before - 2 } else { before };
        assert_eq!(inside().await, wanted, "{path}");
        // Another tenant's card is none, and nothing is moved for it.
        let foreign = |last: &str| json!({ "card_ids": [number(&own.card), number(last)], "collection_id": null });
        let theirs = call(world, "POST", path, foreign(&keyed.birch.card)).await.expect(404);
        assert_eq!(theirs.visible(), call(world, "POST", path, foreign("7")).await.visible());
        let into = json!({ "card_ids": both, "collection_id": number(&keyed.birch.collection) });
        let nowhere = json!({ "card_ids": both, "collection_id": 7 });
        let theirs = call(world, "POST", path, into).await.expect(400);
        assert_eq!(theirs.visible(), call(world, "POST", path, nowhere).await.visible());
        assert_eq!(inside().await, wanted, "{path}");
    }
    let onto = json!({ "card_ids": both, "dashboard_id": number(&own.dashboard) });
    call(world, "POST", "/api/cards/move", onto).await.expect(400);
}

#[tokio::test]
async fn collections_nest_and_hold_what_is_moved_there() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let parent: i64 = own.collection.parse().unwrap();
    let body = json!({ "name": "Inner", "description": "d", "parent_id": parent, "color": "#509EE3" });
    let made = call(world, "POST", "/api/collection", body).await.expect(200).json();
    assert_eq!((&made["parent_id"], &made["location"]), (&json!(parent), &json!(format!("/{parent}/"))));
    let path = format!("/api/collection/{}", made["id"]);
    assert_eq!(get(world, &path).await, made);
    call(world, "PUT", &format!("/api/card/{}", own.card), json!({ "collection_id": made["id"] })).await.expect(200);
    let items = get(world, &format!("{path}/items")).await;
    assert_eq!(items["data"][0]["id"].to_string(), own.card);
    let moved = call(world, "PUT", &path, json!({ "name": "Outer", "parent_id": null })).await.expect(200).json();
    assert_eq!((&moved["name"], &moved["parent_id"]), (&json!("Outer"), &Value::Null));
    call(world, "PUT", "/api/collection/root", json!({ "name": "Root" })).await.expect(404);
    call(world, "DELETE", &path, json!({})).await.expect(409);
    call(world, "PUT", &format!("/api/card/{}", own.card), json!({ "collection_id": null })).await.expect(200);
    let circle = call(world, "PUT", &path, json!({ "parent_id": made["id"] })).await.expect(400).json();
    assert!(circle["errors"]["collection_id"].is_string(), "{circle}");
    call(world, "DELETE", &path, json!({})).await.expect(204);
    call(world, "DELETE", &path, json!({})).await.expect(404);
}

/// What would be dropped and means something is refused, by the name that the client wrote.
#[tokio::test]
async fn what_cannot_be_said_is_refused_by_its_name() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let (card, dashboard) = (format!("/api/card/{}", own.card), format!("/api/dashboard/{}", own.dashboard));
    let database: i64 = own.database.parse().unwrap();
    let place = |more: Value| {
        let mut one = json!({ "id": -1, "card_id": own.card.parse::<i64>().unwrap(), "row": 9 });
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "dashcards": [one] })
    };
    let filter = |more: Value| {
        let mut one = json!({ "id": "a", "slug": "a", "name": "A", "type": "category" });
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "parameters": [one] })
    };
    let tags = |kind: &str| {
        json!({ "dataset_query": { "database": database, "type": "native", "native": { "query": "SELECT {{x}}",
            "template-tags": { "x": { "name": "x", "type": kind } } } } })
    };
    let cases = [
        (&card, json!({ "archived": true }), "archived"),
        (&card, json!({ "type": "model" }), "type"),
        (&card, json!({ "dashboard_id": 7 }), "dashboard_id"),
        (&card, json!({ "display": "object" }), "display"),
        (&card, json!({ "display": "map" }), "display"),
        (&card, json!({ "cache_ttl": 1000 }), "cache_ttl"),
        (&card, json!({ "collection_id": 7 }), "collection_id"),
        (&card, json!({ "name": "" }), "name"),
        (&card, json!({ "embedding_params": { "nothing": "locked" } }), "embedding_params"),
        (
            &card,
            json!({ "visualization_settings": { "click_behavior": { "type": "link" } } }),
            "visualization_settings.click_behavior",
        ),
        (
            &card,
            json!({ "dataset_query": { "database": database, "type": "query", "query": { "source-table": 1 } } }),
            "dataset_query.type",
        ),
        (
            &card,
            json!({ "dataset_query": { "type": "native", "native": { "query": "SELECT 1" } } }),
            "dataset_query.database",
        ),
        (
            &card,
            json!({ "dataset_query": { "database": 7, "type": "native", "native": { "query": "SELECT 1" } } }),
            "dataset_query.database",
        ),
        (&card, tags("dimension"), "dataset_query.template-tags.x.type"),
        (&dashboard, json!({ "archived": true }), "archived"),
        (&dashboard, filter(json!({ "slug": "a b" })), "parameters[0].slug"),
        (&dashboard, filter(json!({ "type": "string/contains" })), "parameters[0].type"),
        (&dashboard, place(json!({ "series": [{ "id": 1 }] })), "dashcards[0].series"),
        (&dashboard, place(json!({ "action_id": 3 })), "dashcards[0].action_id"),
        (&dashboard, place(json!({ "card_id": null })), "dashcards[0].card_id"),
        (&dashboard, place(json!({ "dashboard_tab_id": 3 })), "dashcards[0].dashboard_tab_id"),
        (
            &dashboard,
            place(json!({ "visualization_settings": { "click_behavior": { "type": "link" } } })),
            "dashcards[0].visualization_settings.click_behavior",
        ),
        (
            &dashboard,
            place(
                json!({ "parameter_mappings": [{ "parameter_id": "zz", "target": ["variable", ["template-tag", "city"]] }] }),
            ),
            "dashcards[0].parameter_mappings[0].parameter_id",
        ),
        (
            &dashboard,
            place(
                json!({ "card_id": null, "visualization_settings": { "virtual_card": { "display": "iframe" }, "iframe": "x" } }),
            ),
            "dashcards[0].visualization_settings.virtual_card.display",
        ),
    ];
    let many =
        |list: &str, most: usize, one: Value| (&dashboard, json!({ list: vec![one; most + 1] }), list.to_owned());
    let long = [
        many("parameters", 50, json!({ "id": "a", "type": "id" })),
        many("tabs", 30, json!({ "id": -1, "name": "a" })),
        many("dashcards", 200, json!({ "id": -1 })),
        many("ordered_cards", 200, json!({ "id": -1 })),
    ];
    let names: Vec<String> = (0..101).map(|number| format!("t{number}")).collect();
    let sql = names.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(",");
    let all: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({ "name": name, "type": "text" }))).collect();
    let native = json!({ "query": format!("SELECT {sql}"), "template-tags": all });
    let tagged = json!({ "dataset_query": { "database": database, "type": "native", "native": native } });
    let tagged = (&card, tagged, "dataset_query.template-tags".to_owned());
    let before = (get(world, &card).await, get(world, &dashboard).await);
    let cases = cases.map(|(path, body, field)| (path, body, field.to_owned()));
    for (path, body, field) in cases.into_iter().chain(long).chain([tagged]) {
        let field = field.as_str();
        let refused = call(world, "PUT", path, body.clone()).await.expect(400).json();
        assert!(refused["errors"][field].is_string(), "{field}: {refused} for {body}");
    }
    assert_eq!((get(world, &card).await, get(world, &dashboard).await), before);
    let missing = call(world, "POST", "/api/card", json!({ "name": "x" })).await.expect(400).json();
    assert!(missing["errors"]["dataset_query"].is_string(), "{missing}");
    call(world, "POST", "/api/dashboard", json!({ "description": "x" })).await.expect(400);
    // SQL that would not run is refused before it is saved, with what our own surface says.
    let sql =
        json!({ "name": "x", "dataset_query": question(&own.database, "DELETE FROM orders WHERE amount > {{least}}") });
    let said = call(world, "POST", "/api/card", sql).await.expect(422).text();
    assert!(said.contains("only reading"), "{said}");
}

/// An edit made on an older version, where the client says which.
#[tokio::test]
async fn an_edit_of_what_was_changed_in_between_is_a_conflict() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    for path in [format!("/api/card/{}", own.card), format!("/api/dashboard/{}", own.dashboard)] {
        let read = ask(world, "GET", &path, &key(&world.alder), Sent::Nothing).await.expect(200);
        let tag = read.headers.get("etag").unwrap().to_str().unwrap().to_owned();
        let with = |tag: &str| [("x-api-key", world.alder.key.clone()), ("if-match", tag.to_owned())];
        let body = || Sent::Json(json!({ "name": "Once" }));
        ask(world, "PUT", &path, &with(&tag), body()).await.expect(200);
        let stale = ask(world, "PUT", &path, &with(&tag), body()).await.expect(409).text();
        assert_eq!(stale, "It was changed since it was read. Read it again.");
        ask(world, "PUT", &path, &with("nonsense"), body()).await.expect(409);
    }
    // The older way to write places too.
    let path = format!("/api/dashboard/{}/cards", own.dashboard);
    let stale = [("x-api-key", world.alder.key.clone()), ("if-match", "\"v1\"".to_owned())];
    for (method, path, body) in [
        ("POST", path.clone(), json!({ "cardId": own.card.parse::<i64>().unwrap() })),
        ("PUT", path.clone(), json!({ "cards": [] })),
        ("DELETE", format!("{path}?dashcardId=1"), json!({})),
    ] {
        ask(world, method, &path, &stale, Sent::Json(body)).await.expect(409);
    }
}

/// Under another name a locked filter would be a new one that nobody locked, and no card would take it.
#[tokio::test]
async fn a_locked_filter_keeps_its_name() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let native = "/v1/content/dashboards/own";
    let read = ask(world, "GET", native, &key(&world.alder), Sent::Nothing).await.expect(200);
    let mut draft = read.json();
    let written = ["slug", "name", "description", "collection", "tabs", "parameters", "items"];
    draft.as_object_mut().unwrap().retain(|field, value| written.contains(&field.as_str()) && !value.is_null());
    draft["parameters"][0]["locked"] = json!(true);
    let name = draft["parameters"][0]["name"].as_str().unwrap().to_owned();
    let tag = read.headers.get("etag").unwrap().to_str().unwrap().to_owned();
    let with = [("x-api-key", world.alder.key.clone()), ("if-match", tag)];
    ask(world, "PUT", native, &with, Sent::Json(draft)).await.expect(200);
    let path = format!("/api/dashboard/{}", own.dashboard);
    let renamed = json!({ "parameters": [{ "id": name, "slug": "other", "name": "Other", "type": "string/=" }] });
    let refused = call(world, "PUT", &path, renamed).await.expect(400).json();
    assert!(refused["errors"]["parameters[0].slug"].is_string(), "{refused}");
    let kept = json!({ "parameters": [{ "id": name, "slug": name, "name": "Other", "type": "string/=" }] });
    call(world, "PUT", &path, kept).await.expect(200);
    let draft = ask(world, "GET", native, &key(&world.alder), Sent::Nothing).await.expect(200).json();
    assert_eq!((&draft["parameters"][0]["locked"], &draft["parameters"][0]["label"]), (&json!(true), &json!("Other")));
}

/// What the tenant's attribute says is told as the default. Sent back it is the attribute's still, and another value is the author's.
#[tokio::test]
async fn a_default_that_an_attribute_says_stays_the_attributes() {
    let keyed = Keyed::new().await;
    let (world, own) = (&keyed.world, &keyed.alder);
    let tenant = json!({ "slug": "alder", "name": "Alder", "attributes": { "city": ["Lyon"] } });
    world.put(&world.operator, "/v1/tenants/alder", &tenant).await.expect(200);
    let native = "/v1/content/dashboards/own";
    let mut draft = world.get(&world.alder.key, native).await.expect(200).json();
    let written = ["slug", "name", "description", "collection", "tabs", "parameters", "items"];
    draft.as_object_mut().unwrap().retain(|field, value| written.contains(&field.as_str()) && !value.is_null());
    draft["parameters"][0]["default_attribute"] = json!("city");
    world.put(&world.alder.key, native, &draft).await.expect(200);
    let kept = async || {
        let own = world.get(&world.alder.key, native).await.expect(200).json()["parameters"][0].clone();
        (own["default_attribute"].clone(), own["default"].clone())
    };
    let path = format!("/api/dashboard/{}", own.dashboard);
    let read = get(world, &path).await;
    assert_eq!(read["parameters"][0]["default"], json!(["Lyon"]));
    call(world, "PUT", &path, read.clone()).await.expect(200);
    assert_eq!(kept().await, (json!("city"), Value::Null));
    let mut other = read;
    other["parameters"][0]["default"] = json!(["Nice"]);
    call(world, "PUT", &path, other.clone()).await.expect(200);
    assert_eq!(kept().await, (Value::Null, json!(["Nice"])));
    other["parameters"][0]["default"] = json!([]);
    call(world, "PUT", &path, other).await.expect(200);
    assert_eq!(kept().await, (Value::Null, Value::Null));
}

/// GLPI: turns embedding on, opens a dashboard, and has its guests.
#[tokio::test]
async fn settings_stay_as_they_are() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    call(world, "PUT", "/api/setting/enable-embedding", json!({ "value": true })).await.expect(204);
    let off = call(world, "PUT", "/api/setting/enable-embedding", json!({ "value": false })).await.expect(400).text();
    assert!(off.contains("enable_embedding"), "{off}");
    let other = call(world, "PUT", "/api/setting/site-name", json!({ "value": "x" })).await.expect(400).text();
    assert!(other.contains("/v1/tenants"), "{other}");
    let things = library(world).await;
    let text =
        call(world, "PUT", &format!("/api/dashboard/{}", things.dashboard), json!({ "enable_embedding": true })).await;
    assert!(text.expect(403).text().contains("published to you"));
}
