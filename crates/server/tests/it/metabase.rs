//! Guest embeds as Metabase's clients meet them: shapes, texts, files, lists, and ten lines of PHP.

use std::process::Command;

use serde_json::{Value, json};

use crate::metabase_stage::{Guests, dashboard, guest_key, signed};
use crate::world::Reply;

#[track_caller]
fn text_of(reply: Reply, status: u16, text: &str) {
    let reply = reply.expect(status);
    assert_eq!(reply.text(), text);
    assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(reply.headers["cache-control"], "no-store");
}

/// Fields and types, not values: what a client's schema would say.
fn types(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(number) => json!(if number.is_i64() { "integer" } else { "number" }),
        Value::String(_) => json!("text"),
        Value::Array(items) => json!(items.first().map(types).into_iter().collect::<Vec<_>>()),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), types(value))).collect(),
    }
}

#[tokio::test]
async fn a_dashboard_has_the_fields_that_clients_read() {
    let guests = Guests::new().await;
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 0 }));
    let shown = guests.get(&format!("/t/alder/api/embed/dashboard/{token}")).await.expect(200);
    assert_eq!(shown.headers["x-robots-tag"], "noindex, nofollow");
    let shown = shown.json();
    let wanted = json!({
        "id": "integer", "entity_id": "text", "name": "text", "description": "text", "archived": "bool", "width": "text",
        "auto_apply_filters": "bool", "param_fields": {}, "param_values": "null",
        "tabs": [{ "id": "integer", "entity_id": "text", "dashboard_id": "integer", "name": "text", "position": "integer" }],
        "parameters": [{ "id": "text", "slug": "text", "name": "text", "type": "text", "sectionId": "text", "default": "null",
            "required": "bool", "isMultiSelect": "bool", "filteringParameters": ["text"], "values_query_type": "text",
            "values_source_type": "text", "values_source_config": {} }],
    });
    for (field, kind) in wanted.as_object().unwrap() {
        assert_eq!(types(&shown[field]), *kind, "{field}");
    }
    assert_eq!(shown["dashcards"], shown["ordered_cards"]);
    assert_eq!(
        types(&shown["dashcards"][1]),
        json!({
            "id": "integer", "entity_id": "text", "dashboard_id": "integer", "dashboard_tab_id": "integer", "card_id": "integer",
            "row": "integer", "col": "integer", "size_x": "integer", "size_y": "integer", "series": [], "inline_parameters": [],
            "parameter_mappings": [{ "parameter_id": "text", "card_id": "integer", "target": ["text"] }],
            "visualization_settings": { "card.title": "text" },
            "card": { "id": "integer", "entity_id": "text", "name": "text", "description": "null", "display": "text", "type": "text",
                "query_type": "text", "archived": "bool", "dataset_query": { "type": "text" },
                "visualization_settings": { "graph.dimensions": ["text"], "graph.metrics": ["text"] } },
        })
    );
    assert_eq!(shown["id"], guests.dashboard["number"]);
    assert_eq!(shown["entity_id"], guests.dashboard["entity_id"]);
    assert_eq!(shown["dashcards"][0]["visualization_settings"]["virtual_card"]["display"], "heading");
    assert_eq!(shown["dashcards"][1]["dashboard_tab_id"], shown["tabs"][0]["id"]);
    assert_eq!(
        (&shown["dashcards"][1]["card"]["display"], &shown["dashcards"][2]["card"]["display"]),
        (&json!("bar"), &json!("table"))
    );
    // Only what the viewer may set is shown, and nothing says what the others are.
    let slugs: Vec<_> = shown["parameters"].as_array().unwrap().iter().map(|one| one["slug"].clone()).collect();
    assert_eq!(slugs, ["city"]);
    assert_eq!(shown["dashcards"][1]["parameter_mappings"].as_array().unwrap().len(), 1);
    assert_eq!(
        shown["dashcards"][1]["parameter_mappings"][0]["target"],
        json!(["dimension", ["template-tag", "city"]])
    );
    assert!(!shown.to_string().contains("SELECT"), "no SQL for guests");
    // A value in the token takes its filter away from the viewer.
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 0, "city": "Lyon" }));
    let shown = guests.get(&format!("/t/alder/api/embed/dashboard/{token}")).await.expect(200).json();
    assert_eq!(shown["parameters"], json!([]));
}

#[tokio::test]
async fn a_question_and_its_rows_have_the_fields_that_clients_read() {
    let guests = Guests::new().await;
    let token = guests.of_question(&guests.alder, json!({ "least": 20 }));
    let base = format!("/t/alder/api/embed/card/{token}");
    let shown = guests.get(&base).await.expect(200).json();
    assert_eq!(
        (&shown["id"], &shown["display"], &shown["type"]),
        (&guests.question["number"], &json!("table"), &json!("question"))
    );
    assert_eq!(shown["parameters"][0]["slug"], "city");
    assert_eq!(shown["parameters"].as_array().unwrap().len(), 1);
    let reply = guests.get(&format!("{base}/query")).await.expect(202);
    assert_eq!(reply.headers["content-type"], "application/json");
    let rows = reply.json();
    assert_eq!(
        types(&rows),
        json!({ "status": "text", "row_count": "integer", "data": {
        "insights": "null", "results_timezone": "text", "rows_truncated": "null", "rows": [["integer"]],
        "cols": [{ "name": "text", "display_name": "text", "base_type": "text", "effective_type": "text", "semantic_type": "null",
            "source": "text", "field_ref": ["text"] }] } })
    );
    assert_eq!((&rows["status"], &rows["row_count"]), (&json!("completed"), &json!(2)));
    assert_eq!(rows["data"]["rows"][0], json!([2, "Brest", 20, "CANARY-ALDER-2"]));
    assert_eq!(rows["data"]["cols"][0]["base_type"], "type/Integer");
    assert_eq!(rows["data"]["results_timezone"], "Europe/Paris");
    // Both ways of giving values, and the same by entity id.
    let by_entity = signed(
        &guests.alder.secret,
        &guests.claims(json!({
        "resource": { "question": guests.question["entity_id"] }, "params": { "least": [20] } })),
    );
    for (path, count) in [
        (format!("{base}/query?city=Brest"), 1),
        (format!("{base}/query?city=Brest&city=Lyon"), 2),
        (format!("{base}/query?city="), 2),
        (format!("{base}/query?parameters=%7B%22city%22%3A%5B%22Brest%22%5D%7D"), 1),
        (format!("{base}/query?parameters=%7B%22city%22%3Anull%7D&city=Nowhere"), 2),
        (format!("{base}/query?city=%27%20OR%201%3D1%20--"), 0),
        (format!("/t/alder/api/embed/card/{by_entity}/query?city=Brest"), 1),
    ] {
        assert_eq!(guests.get(&path).await.expect(202).json()["row_count"], count, "{path}");
    }
}

#[tokio::test]
async fn rows_come_as_files_too() {
    let guests = Guests::new().await;
    let (place, card) = guests.place(1).await;
    let question = guests.of_question(&guests.alder, json!({ "least": 30 }));
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 30 }));
    for base in [
        format!("/t/alder/api/embed/card/{question}/query"),
        format!("/t/alder/api/embed/dashboard/{token}/dashcard/{place}/card/{card}"),
    ] {
        let csv = guests.get(&format!("{base}/csv?format_rows=false&pivot_results=false")).await.expect(200);
        assert_eq!(csv.text(), "id,city,amount,note\r\n3,Lyon,30,CANARY-ALDER-3\r\n", "no byte order mark");
        let json = guests.get(&format!("{base}/json")).await.expect(200).json();
        assert_eq!(json, json!([{ "id": 3, "city": "Lyon", "amount": 30, "note": "CANARY-ALDER-3" }]));
        let xlsx = guests.get(&format!("{base}/xlsx")).await.expect(200);
        assert!(xlsx.body.starts_with(b"PK"), "a workbook");
        assert!(xlsx.headers["content-disposition"].to_str().unwrap().ends_with(".xlsx"));
        text_of(guests.get(&format!("{base}/pdf")).await, 404, "Not found.");
        text_of(
            guests.get(&format!("{base}/csv?least=1")).await,
            400,
            "You can only specify a value for :least in the JWT.",
        );
    }
    // A key whose viewers may not download rows.
    let key = guest_key(&guests.world, "alder", json!({ "export": false })).await;
    let path = format!("/t/alder/api/embed/card/{}/query", guests.of_question(&key, json!({ "least": 0 })));
    guests.get(&path).await.expect(202);
    text_of(guests.get(&format!("{path}/csv")).await, 403, "You don't have permissions to do that.");
}

#[tokio::test]
async fn every_refusal_has_its_exact_text() {
    let guests = Guests::new().await;
    let (place, card) = guests.place(1).await;
    let ask = async |params: Value, given: &str| {
        let token = guests.of_dashboard(&guests.alder, params);
        guests.get(&format!("/t/alder/api/embed/dashboard/{token}/dashcard/{place}/card/{card}?{given}")).await
    };
    let disabled = "You're not allowed to specify a value for :period.";
    let needed = "You must specify a value for :least in the JWT.";
    let only = "You can only specify a value for :least in the JWT.";
    let twice = "You can't specify a value for :city if it's already set in the JWT.";
    for (params, given, text) in [
        (json!({ "least": 0, "period": "today" }), "", disabled),
        (json!({ "least": 0 }), "period=today", disabled),
        (json!({}), "", needed),
        (json!({ "least": null }), "", needed),
        (json!({ "least": "" }), "", needed),
        (json!({ "least": 0 }), "least=5", only),
        (json!({ "least": 0 }), "parameters=%7B%22least%22%3A5%7D", only),
        (json!({ "least": 0, "city": "Lyon" }), "city=Nice", twice),
        (json!({ "least": 0, "city": [] }), "city=Nice", twice),
        (json!({ "least": 0, "nothing": 1 }), "", "Unknown parameter :nothing."),
        (json!({ "least": 0 }), "nothing=1", "Unknown parameter :nothing."),
        // A filter of the dashboard that its author does not name is nobody's.
        (json!({ "least": 0, "note": "x" }), "", "Unknown parameter :note."),
        (json!({ "least": 0 }), "note=x", "Unknown parameter :note."),
    ] {
        text_of(ask(params, given).await, 400, text);
    }
    // What is right: the token's value, the viewer's, none, and a filter that the token turns off.
    for (params, given, count) in [
        (json!({ "least": 20 }), "", 2),
        (json!({ "least": "20" }), "", 2),
        (json!({ "least": [20] }), "", 2),
        (json!({ "least": [] }), "", 3),
        (json!({ "least": 0, "city": "" }), "city=Nice", 1),
        (json!({ "least": 0, "city": "Lyon" }), "", 1),
        (json!({ "least": 0, "city": ["Lyon", "Nice"] }), "", 2),
        (json!({ "least": 0 }), "city=Lyon", 1),
    ] {
        let what = format!("{params} {given}");
        assert_eq!(ask(params, given).await.expect(202).json()["row_count"], count, "{what}");
    }
    let token = |more: Value| signed(&guests.alder.secret, &guests.claims(more));
    let show = async |token: String| guests.get(&format!("/t/alder/api/embed/dashboard/{token}")).await;
    text_of(show(token(json!({ "params": null }))).await, 400, "Token is missing value for keypath [:params]");
    text_of(show(token(json!({ "resource": null }))).await, 400, "Token is missing value for keypath [:resource]");
    let question = guests.of_question(&guests.alder, json!({ "least": 0 }));
    text_of(show(question).await, 400, "Token is missing value for keypath [:resource :dashboard]");
    let shown = guests.of_dashboard(&guests.alder, json!({ "least": 0 }));
    let path = format!("/t/alder/api/embed/card/{shown}");
    text_of(guests.get(&path).await, 400, "Token is missing value for keypath [:resource :question]");
    // A value that does not fit is said, as on our own surface; a query that fails says nothing.
    text_of(
        ask(json!({ "least": "many" }), "").await,
        400,
        "parameters.least: Takes a number, such as 12 or \"12.50\".",
    );
    std::fs::write(guests.world.folder.path().join("tenants/alder.db"), "no database").unwrap();
    let failed = ask(json!({ "least": 7 }), "").await.expect(202).json();
    assert_eq!(
        failed,
        json!({ "status": "failed", "error": "An error occurred while running the query.", "error_type": "qp" })
    );
    let path =
        format!("/t/alder/api/embed/card/{}/query/csv", guests.of_question(&guests.alder, json!({ "least": 7 })));
    text_of(guests.get(&path).await, 400, "An error occurred while running the query.");
}

/// Missing before closed, closed before what is wrong with the values.
#[tokio::test]
async fn the_gates_stand_in_their_order() {
    let guests = Guests::new().await;
    let world = &guests.world;
    let show = async |token: String| guests.get(&format!("/t/alder/api/embed/dashboard/{token}")).await;
    let wrong = || guests.of_dashboard(&guests.alder, json!({ "nothing": 1 }));
    text_of(show(wrong()).await, 400, "You must specify a value for :least in the JWT.");
    let closed = |enabled: bool| {
        let mut draft = dashboard();
        draft["enable_embedding"] = enabled.into();
        draft
    };
    world.put(&world.operator, "/v1/library/dashboards/guests", &closed(false)).await.expect(200);
    text_of(show(wrong()).await, 400, "Embedding is not enabled for this object.");
    // A key that does not reach it is told that there is nothing, not that it is closed.
    let narrow = guest_key(world, "alder", json!({ "resources": { "dashboards": ["overview"] } })).await;
    text_of(show(guests.of_dashboard(&narrow, json!({ "least": 0 }))).await, 404, "Not found.");
    for resource in [
        json!({ "dashboard": 1 }),
        json!({ "dashboard": "V1StGXR8_Z5jdHi6B-myT" }),
        json!({ "dashboard": "guests" }),
        json!({ "dashboard": guests.dashboard["id"] }),
        json!({ "dashboard": guests.question["number"] }),
        json!({ "dashboard": i64::MAX }),
    ] {
        let token = signed(&guests.alder.secret, &guests.claims(json!({ "resource": resource, "params": {} })));
        text_of(show(token).await, 404, "Not found.");
    }
    // Our own page, with the same token, is held to the same.
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 0 }));
    assert!(world.get(&token, "/t/alder/v1/embed").await.expect(401).text().contains("Embedding is not enabled"));
    world.put(&world.operator, "/v1/library/dashboards/guests", &closed(true)).await.expect(200);
    let shown = world.get(&token, "/t/alder/v1/embed").await.expect(200).json();
    assert_eq!(shown["parameters"].as_array().unwrap().len(), 1, "{shown}");
    for (given, status) in [
        (json!({ "city": ["Lyon"] }), 200),
        (json!({ "least": 1 }), 400),
        (json!({ "period": "today" }), 400),
        (json!({ "note": null }), 400),
    ] {
        let body = json!({ "parameters": given });
        world.post(&token, "/t/alder/v1/embed/items/list/rows", &body).await.expect(status);
    }
    // A filter that is locked for every embed is not turned off by a guest's token either.
    let mut draft = dashboard();
    draft["parameters"][1]["locked"] = true.into();
    draft["embedding_params"].as_object_mut().unwrap().remove("least");
    world.put(&world.operator, "/v1/library/dashboards/guests", &draft).await.expect(200);
    for nothing in [json!([]), json!([""]), json!([null]), json!(""), json!(null)] {
        let token = guests.of_dashboard(&guests.alder, json!({ "least": nothing }));
        text_of(show(token).await, 400, "You must specify a value for :least in the JWT.");
    }
    draft["embedding_params"]["least"] = "enabled".into();
    let refused = world.put(&world.operator, "/v1/library/dashboards/guests", &draft).await.expect(400);
    assert_eq!(refused.json()["field"], "embedding_params.least");
    draft["embedding_params"] = json!({ "none": "enabled" });
    world.put(&world.operator, "/v1/library/dashboards/guests", &draft).await.expect(400);
}

#[tokio::test]
async fn lists_are_narrowed_by_what_the_token_locks() {
    let guests = Guests::new().await;
    let lists = async |least: i64, rest: &str| {
        let mut found = Vec::new();
        for (kind, token) in [
            ("dashboard", guests.of_dashboard(&guests.alder, json!({ "least": least }))),
            ("card", guests.of_question(&guests.alder, json!({ "least": least }))),
        ] {
            found.push(guests.get(&format!("/t/alder/api/embed/{kind}/{token}/params/{rest}")).await);
        }
        found
    };
    for (least, rest, wanted) in [
        (0, "city/values", json!({ "values": [["Brest"], ["Lyon"], ["Nice"]], "has_more_values": false })),
        (30, "city/values", json!({ "values": [["Lyon"]], "has_more_values": false })),
        (0, "city/search/ly", json!({ "values": [["Lyon"]], "has_more_values": false })),
        (30, "city/search/ni", json!({ "values": [], "has_more_values": false })),
        (0, "city/remapping?value=Lyon", json!(["Lyon"])),
        (30, "city/remapping?value=Nice", json!(["Nice"])),
    ] {
        for reply in lists(least, rest).await {
            assert_eq!(reply.expect(200).json(), wanted, "{least} {rest}");
        }
    }
    for (rest, text) in [
        ("least/values", "You can only specify a value for :least in the JWT."),
        ("nothing/values", "Unknown parameter :nothing."),
        ("city/remapping", "value is missing: ?value= is the one whose label is asked for."),
    ] {
        for reply in lists(0, rest).await {
            text_of(reply, 400, text);
        }
    }
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 0, "city": "Lyon" }));
    let path = format!("/t/alder/api/embed/dashboard/{token}/params/city/values");
    text_of(guests.get(&path).await, 400, "You can't specify a value for :city if it's already set in the JWT.");
    let token = guests.of_dashboard(&guests.alder, json!({ "least": 0 }));
    let path = format!("/t/alder/api/embed/dashboard/{token}/params/city/values");
    guests.get(&format!("{path}?city=Lyon")).await.expect(200);
    text_of(guests.get(&format!("{path}?least=3")).await, 400, "You can only specify a value for :least in the JWT.");
}

const PHP: &str = r#"<?php
[, $site, $key, $dashboard] = $argv;
$encode = fn($data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
$head = $encode(json_encode(['typ' => 'JWT', 'alg' => 'HS256']));
$body = $encode(json_encode([
    'resource' => ['dashboard' => (int) $dashboard],
    'params' => ['least' => 20],
    'exp' => time() + (10 * 60),
]));
$token = "$head.$body." . $encode(hash_hmac('sha256', "$head.$body", $key, true));
echo "$site/embed/dashboard/$token#bordered=true&titled=true";
"#;

/// What such a site has in its configuration: an address, a secret, a number. Nothing else is changed.
#[tokio::test]
async fn ten_lines_of_php_open_a_dashboard() {
    let guests = Guests::new().await;
    let php = |arguments: &[&str]| {
        let output = Command::new("php").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Its clock is the machine's.
    let now: i64 = php(&["-r", "echo time();"]).parse().unwrap();
    guests.world.advance(now - guests.world.now());
    let address = guests.world.listen(std::time::Duration::from_secs(5)).await;
    let script = guests.world.folder.path().join("embed.php");
    std::fs::write(&script, PHP).unwrap();
    let number = guests.dashboard["number"].to_string();
    let link = php(&[script.to_str().unwrap(), &format!("http://{address}/t/alder"), &guests.alder.secret, &number]);
    let (page, options) = link.split_once('#').unwrap();
    assert_eq!(options, "bordered=true&titled=true");
    // Over the socket, as a browser would.
    let fetch = |url: &str| {
        let code =
            "echo @file_get_contents($argv[1], false, stream_context_create(['http' => ['ignore_errors' => true]]));";
        let (url, code) = (url.to_owned(), code.to_owned());
        tokio::task::spawn_blocking(move || {
            let output = Command::new("php").args(["-r", &code, "--", &url]).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        })
    };
    if server::has_pages() {
        assert!(fetch(page).await.unwrap().contains("cloison-origins"));
    }
    let api = page.replace("/embed/", "/api/embed/");
    let shown: Value = serde_json::from_str(&fetch(&api).await.unwrap()).unwrap();
    assert_eq!(shown["name"], "For guests");
    let place = &shown["dashcards"][1];
    let rows = fetch(&format!("{api}/dashcard/{}/card/{}", place["id"], place["card_id"])).await.unwrap();
    let rows: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(rows["row_count"], 2);
    assert!(rows.to_string().contains("CANARY-ALDER"));
    // The same link at somebody else's address opens nothing.
    let other = fetch(&api.replace("/t/alder/", "/t/birch/")).await.unwrap();
    assert!(other.starts_with("The token is not acceptable"), "{other}");
}

/// The script of old host pages, run where a frame reports its height.
#[tokio::test]
async fn the_resizer_takes_heights_from_its_own_frame_only() {
    let guests = Guests::new().await;
    let script = guests.get("/app/iframeResizer.js").await.expect(200).text();
    assert_eq!(guests.get("/t/alder/app/iframeResizer.js").await.expect(200).text(), script);
    let stage = r"
        const heard = []; const sent = [];
        const frame = { tagName: 'IFRAME', src: 'https://bi.example/t/alder/embed/dashboard/x', style: {}, addEventListener() {},
            contentWindow: { postMessage: (message, origin) => sent.push([message.type, origin]) } };
        globalThis.window = { addEventListener: (name, hear) => heard.push(hear) };
        globalThis.document = { baseURI: 'https://portal.example/', querySelectorAll: () => [frame] };
    ";
    let acts = r"
        window.iFrameResize({ maxHeight: 900 }, frame);
        window.iFrameResize({}, frame);
        const say = (source, origin, data) => heard.forEach((hear) => hear({ source, origin, data }));
        const seen = [];
        for (const [source, origin, data] of [
            [frame.contentWindow, 'https://evil.example', { type: 'cloison:height', height: 1 }],
            [{}, 'https://bi.example', { type: 'cloison:height', height: 2 }],
            [frame.contentWindow, 'https://bi.example', { type: 'other', height: 3 }],
            [frame.contentWindow, 'https://bi.example', { type: 'cloison:height', height: '4' }],
            [frame.contentWindow, 'https://bi.example', { type: 'cloison:height', height: 640.2 }],
            [frame.contentWindow, 'https://bi.example', { type: 'cloison:height', height: 5000 }],
        ]) { say(source, origin, data); seen.push(frame.style.height ?? null); }
        console.log(JSON.stringify({ seen, sent, listeners: heard.length }));
    ";
    let output = Command::new("node").args(["-e", &format!("{stage}{script}{acts}")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["seen"], json!([null, null, null, null, "641px", "900px"]));
    assert_eq!(said["sent"], json!([["cloison:hello", "https://bi.example"]]));
    assert_eq!(said["listeners"], 1);
}
