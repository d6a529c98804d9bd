//! What viewers give: values that would like to be SQL, values of the wrong kind, and locked filters by other names.

use serde_json::{Value, json};

use crate::world::{Reply, World, rows};

/// A card with a parameter of each type, published to everybody.
async fn typed(world: &World) {
    let column =
        |name: &str, kind: &str, column: &str| json!({ "name": name, "type": kind, "column": { "sql": column } });
    let day = json!({ "name": "day", "type": "date", "column": { "sql": "paid_at", "holds": "epoch_seconds" } });
    let span =
        json!({ "name": "span", "type": "date_range", "column": { "sql": "paid_at", "holds": "epoch_seconds" } });
    let choices = json!([{ "value": "place", "sql": "city" }]);
    let draft = json!({ "slug": "typed", "name": "Typed", "source": "lms", "query": {
        "sql": "SELECT id, note, {{by}} AS chosen FROM orders WHERE {{word}} AND {{amount}} AND {{row}} AND {{day}} AND {{span}} [[AND 1 = {{flag}}]]",
        "parameters": [column("word", "text", "city"), column("amount", "number", "amount"), column("row", "id", "id"), day, span,
            { "name": "flag", "type": "boolean" }, { "name": "by", "type": "identifier", "default": "place", "choices": choices }] } });
    world.post(&world.operator, "/v1/library/cards", &draft).await.expect(201);
    let publication = json!({ "publish": { "card": "typed" }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
}

const PARAMETERS: [&str; 7] = ["word", "amount", "row", "day", "span", "flag", "by"];

async fn give(world: &World, name: &str, raw: &str) -> Reply {
    let request = http::Request::builder()
        .method("POST")
        .uri("/v1/cards/typed/rows")
        .header("authorization", format!("Bearer {}", world.alder.key))
        .header("content-type", "application/json");
    let body = format!("{{\"parameters\":{{\"{name}\":{raw}}}}}");
    world.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn a_value_is_a_value_or_is_refused() {
    let world = World::new().await;
    typed(&world).await;
    assert_eq!(give(&world, "word", "\"Lyon\"").await.expect(200).json()["row_count"], 1);
    let texts = [
        "2020-01-01' OR '1'='1",
        "1 OR 1=1",
        "x'); DROP TABLE orders;--",
        "' UNION SELECT note FROM orders --",
        "\\' OR 1=1 --",
        "{{by}}",
        "{{snippet: x}}",
        "[[ AND 1=1 ]]",
        "$1",
        "?",
        "?1",
        ":x",
        "@x",
        "%s",
        "%",
        "_",
        "%' --",
        "*",
        "\\",
        "\"",
        "`city`",
        "city",
        "NULL",
        "null",
        "true",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "1e400",
        "1e-400",
        "--1",
        "1,5",
        "1 000",
        " 1",
        "+1",
        "٣",
        "１",
        "ﬀ",
        "\u{202e}Lyon",
        "Lyon\u{0}",
        "Lyon\u{200b}",
        "lyon",
        "LYON",
        "2026-02-30",
        "99999-01-01",
        "-0001-01-01",
        "2026-01-01~",
        "~",
        "2026-01-02~2026-01-01",
        "past99999999999days",
        "past-1days",
        "today'",
        "2026-01-01T00:00:00Z~2026-01-02",
        "raw",
        "not_null",
        "is-null",
        "<script>",
        "../../etc/passwd",
        "${7*7}",
        "\r\nSet-Cookie: a=b",
    ];
    let long = "ZXQ".repeat(30_000);
    let mut raws: Vec<String> = texts.iter().map(|text| Value::from(*text).to_string()).collect();
    raws.push(Value::from(long).to_string());
    raws.extend(
        [
            "{}",
            "{\"$gt\":0}",
            "{\"value\":\"Lyon\"}",
            "[[\"Lyon\"]]",
            "[{}]",
            "[null]",
            "[\"Lyon\",1]",
            "[\"Lyon\",\"Nice\"]",
            "1e400",
            "-1e400",
            "NaN",
            "Infinity",
            "-0",
            "-1",
            "1.5",
            "99999999999999999999999999999999",
            "1e30",
            "0.1e-300",
            "true",
            "false",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "01",
            "0x10",
            "'Lyon'",
            "undefined",
            "[1,2,3,4,5,6,7,8,9",
            "-",
        ]
        .map(str::to_owned),
    );
    raws.push(format!("[{}]", vec!["\"q\""; 20_000].join(",")));
    raws.push(format!("\"{}\"", "x".repeat(2 << 20)));
    let all = give(&world, "nothing", "null").await;
    assert_eq!(all.status, 400, "an unknown name is refused even without a value");
    let (mut refused, mut literal, mut found) = (0, 0, Vec::new());
    for name in PARAMETERS {
        for raw in &raws {
            let shown: String = raw.chars().take(60).collect();
            let reply = give(&world, name, raw).await;
            let text = reply.text();
            match reply.status.as_u16() {
                400 | 413 => {
                    assert_eq!(reply.headers["content-type"], "application/problem+json", "{name} {shown}");
                    assert!(
                        !text.contains("ZXQ") && !text.contains("SELECT") && !text.contains("UNION"),
                        "{name} {shown}: {text}"
                    );
                    refused += 1;
                }
                200 if name == "flag" && (raw == "true" || raw == "\"true\"") => {}
                200 => {
                    if reply.json()["row_count"] != 0 {
                        found.push((name, shown));
                    }
                    literal += 1;
                }
                other => panic!("{name} {shown}: {other} {text}"),
            }
        }
    }
    // An open span is one, and a text that is compared with a whole number is read as one by SQLite itself.
    let honest = [("row", "\" 1\""), ("row", "\"+1\""), ("span", "\"2026-01-01~\"")];
    assert_eq!(found, honest.map(|(name, raw)| (name, raw.to_owned())));
    assert!(refused > 200 && literal > 50, "{refused} refused, {literal} literal");
    // A value that is none leaves the condition out: it is the caller's own tenant either way. An empty text is a text.
    assert_eq!(give(&world, "word", "\"\"").await.expect(200).json()["row_count"], 0);
    for raw in ["null", "[]"] {
        let reply = give(&world, "word", raw).await;
        assert!(reply.status == 400 || reply.json()["row_count"] == 3, "{raw}: {}", reply.text());
    }
    assert_eq!(
        give(&world, "word", "null").await.expect(200).json()["row_count"],
        3,
        "the table is still there, and whole"
    );
    world.never_said("CANARY-BIRCH");
}

/// Texts that mean something to some layer are found as exactly what they are.
#[tokio::test]
async fn odd_texts_are_found_as_themselves() {
    let world = World::new().await;
    typed(&world).await;
    let odd = [
        "{{other}}",
        "{{word}}",
        "[[ AND 1=1 ]]",
        "$1",
        "?",
        ":x",
        "%s",
        "%",
        "_",
        "\\",
        "\\'",
        "'",
        "''",
        "\"",
        "--",
        "/*",
        "*/",
        ";",
        "x' OR '1'='1",
        "NULL",
        "null",
        "true",
        "é",
        "e\u{301}",
        "😀",
        "\u{202e}x",
        "a\tb",
        "a\nb",
        "~",
        "today",
        "1",
        "1.0",
        "01",
    ];
    let file = rusqlite::Connection::open(world.folder.path().join("tenants/alder.db")).unwrap();
    for (place, text) in odd.iter().enumerate() {
        let id = i64::try_from(place).unwrap() + 100;
        file.execute("INSERT INTO orders VALUES (?1, ?2, 1, 1, 'odd')", (id, text)).unwrap();
    }
    for (place, text) in odd.iter().enumerate() {
        let found = rows(&give(&world, "word", &Value::from(*text).to_string()).await.expect(200).json());
        let ids: Vec<_> = found.iter().map(|row| row["id"].clone()).collect();
        assert_eq!(ids, [json!(place + 100)], "{text:?}");
        assert_eq!(found[0]["chosen"], *text, "as it was written");
    }
}

#[tokio::test]
async fn a_locked_filter_has_no_other_name() {
    let world = World::new().await;
    let token = world.token(&world.alder, json!({ "params": { "city": ["Lyon"] } }));
    let honest = world.post(&token, "/v1/embed/items/orders/rows", &json!({})).await.expect(200);
    assert_eq!(honest.json()["row_count"], 1);
    let send = async |path: &str, body: &str| {
        let request = http::Request::builder()
            .method("POST")
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("x-parameters", "{\"city\":[\"Nice\"]}")
            .header("cookie", "city=Nice");
        world.send(request.body(body.to_owned().into()).unwrap()).await
    };
    for path in ["/v1/embed/items/orders/rows", "/v1/embed/items/total/rows", "/v1/embed/items/orders/export/csv"] {
        for parameters in [
            r#"{"city":["Nice"]}"#,
            r#"{"city":["Lyon"]}"#,
            r#"{"city":null}"#,
            r#"{"city":[]}"#,
            r#"{"city":""}"#,
            r#"{"c\u0069ty":["Nice"]}"#,
            r#"{"City":["Nice"]}"#,
            r#"{"CITY":["Nice"]}"#,
            r#"{"city ":["Nice"]}"#,
            r#"{" city":["Nice"]}"#,
            r#"{"city[]":["Nice"]}"#,
            r#"{"city[0]":"Nice"}"#,
            r#"{"cıty":["Nice"]}"#,
            r#"{"city\u0000":["Nice"]}"#,
            r#"{"ｃity":["Nice"]}"#,
            r#"{"city":["Lyon"],"city":["Nice"]}"#,
            r#"{"orders.city":["Nice"]}"#,
            r#"{"parameters.city":["Nice"]}"#,
            r#"{"params":{"city":["Nice"]}}"#,
            r#"{"locked":{"city":["Nice"]}}"#,
            r#"{"":["Nice"]}"#,
            r#"{"$city":["Nice"]}"#,
            r#"{"city":{"value":["Nice"]}}"#,
        ] {
            let reply = send(path, &format!("{{\"parameters\":{parameters}}}")).await;
            assert_eq!(reply.status, 400, "{path} {parameters}: {}", reply.text());
        }
        for body in [
            r#"{"params":{"city":["Nice"]}}"#,
            r#"{"city":["Nice"]}"#,
            r#"{"parameters":{},"parameters":{"city":["Nice"]}}"#,
            r#"{"parameters":[["city",["Nice"]]]}"#,
            r#"{"Parameters":{"city":["Nice"]}}"#,
            r#"{"parameters":"city=Nice"}"#,
        ] {
            send(path, body).await.expect(400);
        }
    }
    // In the address nobody looks for filters, whatever they are called.
    for query in [
        "city=Nice",
        "city[]=Nice",
        "City=Nice",
        "parameters[city]=Nice",
        "parameters=%7B%22city%22%3A%22Nice%22%7D",
        "city=Lyon&city=Nice",
    ] {
        let reply = send(&format!("/v1/embed/items/orders/rows?{query}"), "{}").await.expect(200);
        assert_eq!(reply.body, honest.body, "{query}");
    }
    let listed = world.get(&token, "/v1/embed/parameters/city/values").await.expect(404);
    for name in ["City", "city%20", "c%69ty", "city%00", "%63ity"] {
        let reply = world.get(&token, &format!("/v1/embed/parameters/{name}/values")).await;
        assert_eq!(reply.visible(), listed.visible(), "{name}");
    }
    world.never_said("CANARY-ALDER-1");
    world.never_said("CANARY-ALDER-2");
}

#[tokio::test]
async fn a_dashboard_with_a_card_that_ignores_a_locked_filter_is_not_saved() {
    let world = World::new().await;
    let draft = |item: Value| {
        json!({ "name": "d", "parameters": [{ "name": "city", "type": "text", "multiple": true, "locked": true }],
            "items": [{ "id": "a", "x": 0, "y": 0, "w": 8, "h": 2, "show": item }] })
    };
    let bare = draft(json!({ "kind": "card", "card": "orders" }));
    let refused = world.post(&world.operator, "/v1/library/dashboards", &bare).await.expect(400);
    assert_eq!(refused.json()["field"], "items.a.parameters");
    let wired = draft(json!({ "kind": "card", "card": "orders", "parameters": { "city": "city" } }));
    world.post(&world.operator, "/v1/library/dashboards", &wired).await.expect(201);
    let said = draft(json!({ "kind": "card", "card": "orders", "unfiltered": ["city"] }));
    world.post(&world.operator, "/v1/library/dashboards", &said).await.expect(201);
}

#[tokio::test]
async fn a_dashboard_of_five_hundred_cards_is_refused() {
    let world = World::new().await;
    let item = |number: u16| json!({ "id": format!("i{number}"), "x": 0, "y": number, "w": 24, "h": 1, "show": { "kind": "card", "card": "orders" } });
    let of = |count: u16| json!({ "name": "d", "items": (0..count).map(item).collect::<Vec<_>>() });
    world.post(&world.operator, "/v1/library/dashboards", &of(500)).await.expect(400);
    world.post(&world.operator, "/v1/library/dashboards", &of(201)).await.expect(400);
    world.post(&world.operator, "/v1/library/dashboards", &of(200)).await.expect(201);
    // Nor does one request run more than there are.
    let token = world.token(&world.alder, json!({}));
    let wanted: Vec<&str> = vec!["orders"; 5000];
    let run = world.post(&token, "/v1/embed/run", &json!({ "items": wanted })).await.expect(200).text();
    assert_eq!(run.lines().filter(|line| line.contains(r#""event":"done""#)).count(), 1, "each item once");
}
