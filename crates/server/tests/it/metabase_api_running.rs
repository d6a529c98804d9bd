//! Queries by key: every way in which clients give values, files, questions that are not saved, and what a failure looks like.

use serde_json::{Value, json};

use crate::metabase_api_stage::{Keyed, Sent, Things, ask, key, library};
use crate::world::World;

/// Both routes to a card's rows, as they are below `/api`.
fn ways(things: &Things) -> [String; 2] {
    let Things { dashboard, dashcard, card, .. } = things;
    [format!("/api/card/{card}/query"), format!("/api/dashboard/{dashboard}/dashcard/{dashcard}/card/{card}/query")]
}

async fn count(world: &World, path: &str, sent: Value) -> Value {
    ask(world, "POST", path, &key(&world.alder), Sent::Json(sent)).await.expect(202).json()["row_count"].clone()
}

#[tokio::test]
async fn values_come_as_clients_send_them() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let target = |kind: &str| json!([kind, ["template-tag", "city"]]);
    for path in ways(&keyed.alder) {
        for (parameter, rows) in [
            (json!({ "id": "city", "value": "Lyon" }), 1),
            (json!({ "id": "city", "value": ["Lyon", "Nice"] }), 2),
            (json!({ "id": "city", "type": "string/=", "value": ["Lyon"], "target": target("dimension") }), 1),
            (json!({ "slug": "city", "value": ["Nice"] }), 1),
            (json!({ "id": "city", "value": null }), 3),
            (json!({ "id": "city", "value": "" }), 3),
            (json!({ "id": "city", "value": [] }), 3),
            (json!({ "id": "city", "value": "' OR 1=1 --" }), 0),
            (json!({ "id": "city", "value": 5 }), 0),
        ] {
            let what = format!("{path} {parameter}");
            let sent = json!({ "parameters": [parameter], "ignore_cache": false, "dashboard_load_id": "x" });
            assert_eq!(count(world, &path, sent).await, rows, "{what}");
        }
        assert_eq!(count(world, &path, json!({ "parameters": null })).await, 3);
        let bare = ask(world, "POST", &path, &key(&world.alder), Sent::Nothing).await.expect(202).json();
        assert_eq!((&bare["row_count"], &bare["status"]), (&json!(3), &json!("completed")));
        assert_eq!(bare["data"]["rows"][0], json!([1, "Nice", 10, "CANARY-ALDER-1"]));
        assert_eq!(bare["data"]["results_metadata"]["columns"], bare["data"]["cols"]);
        assert_eq!(bare["database_id"].to_string(), keyed.alder.database);
        assert_eq!((&bare["started_at"], &bare["running_time"]), (&json!("2026-03-02T10:00:00Z"), &json!(0)));
    }
    // A card's parameter is named by its tag where clients make up ids of their own.
    let [card, _] = ways(&keyed.alder);
    for kind in ["variable", "dimension"] {
        let sent =
            json!({ "parameters": [{ "id": "d8a1", "type": "category", "target": target(kind), "value": "Lyon" }] });
        assert_eq!(count(world, &card, sent).await, 1);
    }
    // The library's dashboard has the tenant's rows, through the filters that it is wired to.
    let shared = library(world).await;
    let [_, dashcard] = ways(&shared);
    for (parameters, rows) in [
        (json!([{ "id": "period", "value": "2026-01-02~2026-01-03" }]), 2),
        (json!([{ "id": "period", "value": "2026-01-02~2026-01-03" }, { "id": "city", "value": "Nice" }]), 1),
    ] {
        assert_eq!(count(world, &dashcard, json!({ "parameters": parameters })).await, rows);
    }
    world.never_said("CANARY-BIRCH");
}

#[tokio::test]
async fn files_come_for_forms_and_for_json() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let parameters = json!([{ "id": "city", "value": ["Nice"] }]);
    let form =
        [("parameters", parameters.to_string()), ("format_rows", "false".into()), ("pivot_results", "false".into())];
    for path in ways(&keyed.alder) {
        for sent in [|_: &Value| None, |json: &Value| Some(json.clone())] {
            let get = async |format: &str| {
                let json = sent(&json!({ "parameters": parameters, "format_rows": false }));
                let sent = json.map_or(Sent::Form(&form), Sent::Json);
                ask(world, "POST", &format!("{path}/{format}"), &key(&world.alder), sent).await
            };
            let csv = get("csv").await.expect(200);
            assert_eq!(csv.text(), "id,city,amount,note\r\n1,Nice,10,CANARY-ALDER-1\r\n");
            let json = get("json").await.expect(200).json();
            assert_eq!(json, json!([{ "id": 1, "city": "Nice", "amount": 10, "note": "CANARY-ALDER-1" }]));
            let xlsx = get("xlsx").await.expect(200);
            assert!(
                xlsx.body.starts_with(b"PK")
                    && xlsx.headers["content-disposition"].to_str().unwrap().ends_with(".xlsx")
            );
            assert_eq!(get("pdf").await.expect(404).text(), "Not found.");
        }
    }
}

#[tokio::test]
async fn questions_that_are_not_saved_run_where_this_tenants_sql_runs() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let things = &keyed.alder;
    let database: i64 = things.database.parse().unwrap();
    let ask = async |path: &str, sent: Value| ask(world, "POST", path, &key(&world.alder), Sent::Json(sent)).await;
    let tags = json!({ "least": { "id": "x", "name": "least", "type": "number", "display-name": "Least" },
        "cities": { "name": "cities", "type": "text", "default": ["Lyon", "Brest"] },
        "unused": { "name": "unused", "type": "dimension" } });
    let sql = "SELECT id FROM orders WHERE city IN ({{cities}}) [[AND amount >= {{least}}]] ORDER BY id";
    let old = json!({ "database": database, "type": "native", "native": { "query": sql, "template-tags": tags } });
    let new = json!({ "lib/type": "mbql/query", "database": database,
        "stages": [{ "lib/type": "mbql.stage/native", "native": sql, "template-tags": tags }] });
    let with = |mut question: Value, name: &str, value: Value| {
        let target = json!(["variable", ["template-tag", name]]);
        question["parameters"] = json!([{ "type": "category", "target": target, "value": value }]);
        question
    };
    for question in [&old, &new] {
        for (sent, rows) in [
            (question.clone(), json!([[2], [3]])),
            (with(question.clone(), "least", json!(25)), json!([[3]])),
            (with(question.clone(), "cities", json!(["Nice"])), json!([[1]])),
            (with(question.clone(), "cities", json!("') OR 1=1 --")), json!([])),
        ] {
            let answer = ask("/api/dataset", sent).await.expect(202).json();
            assert_eq!((&answer["data"]["rows"], &answer["context"]), (&rows, &json!("ad-hoc")));
        }
        let native = ask("/api/dataset/native", with(question.clone(), "least", json!(25))).await.expect(200).json();
        assert_eq!(native["query"], "SELECT id FROM orders WHERE city IN (?1, ?2) AND amount >= ?3 ORDER BY id");
        assert_eq!(native["params"], json!(["Lyon", "Brest", 25]));
        let csv = ask("/api/dataset/csv", question.clone()).await.expect(200).text();
        assert_eq!(csv, "id\r\n2\r\n3\r\n");
    }
    // Exports of the old kind send the question as a field.
    let form = [("query", old.to_string()), ("visualization_settings", "{}".into())];
    let json =
        crate::metabase_api_stage::ask(world, "POST", "/api/dataset/json", &key(&world.alder), Sent::Form(&form)).await;
    assert_eq!(json.expect(200).json(), json!([{ "id": 2 }, { "id": 3 }]));
    // What the database or the guard says is its author's, and the answer is 202.
    for (sql, says) in [
        ("SELECT nothing FROM orders", "The database says"),
        ("SELECT * FROM sqlite_schema", "sqlite_schema"),
        ("DELETE FROM orders", ""),
    ] {
        let sent = json!({ "database": database, "type": "native", "native": { "query": sql } });
        let failed = ask("/api/dataset", sent).await.expect(202).json();
        assert_eq!(
            (&failed["status"], &failed["row_count"], &failed["data"]["rows"]),
            (&json!("failed"), &json!(0), &json!([]))
        );
        assert!(failed["error"].as_str().unwrap().contains(says), "{failed}");
        assert_eq!(failed["database_id"], database);
    }
    let kept = json!({ "slug": "kept", "name": "Kept", "sql": "amount" });
    world.post(&world.alder.key, "/v1/content/snippets", &kept).await.expect(201);
    let with_all = async |sent: Value| ask("/api/dataset/native", sent).await;
    // As on our own surface, a question needs the right to SQL, and its file the right to files.
    for (actions, run, file) in [
        (json!(["dashboards:read", "cards:run", "results:export"]), 403, 403),
        (json!(["sql:run"]), 202, 403),
        (json!(["sql:run", "results:export"]), 202, 200),
    ] {
        let draft = json!({ "name": "k", "scopes": [{ "actions": actions, "resources": { "all": true } }] });
        let made = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
        let header = [("x-api-key", made["secret"].as_str().unwrap().to_owned())];
        let ask = async |path: &str| {
            crate::metabase_api_stage::ask(world, "POST", path, &header, Sent::Json(old.clone())).await
        };
        ask("/api/dataset").await.expect(run);
        ask("/api/dataset/csv").await.expect(file);
        ask("/api/dataset/native").await.expect(if run == 202 { 200 } else { 403 });
        // A snippet's text is for who may write it.
        let named = json!({ "database": database, "type": "native", "native": { "query": "SELECT {{snippet: kept}} FROM orders" } });
        let native = "/api/dataset/native";
        let told = crate::metabase_api_stage::ask(world, "POST", native, &header, Sent::Json(named.clone())).await;
        assert!(!told.expect(if run == 202 { 400 } else { 403 }).text().contains("amount"));
        assert!(with_all(named).await.expect(200).text().contains("SELECT amount FROM orders"));
    }
}

/// A card that its reader did not write fails with a constant; a request that is wrong is no failed query.
#[tokio::test]
async fn a_failed_query_is_an_answer() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let broken = json!({ "slug": "broken", "name": "Broken", "source": "lms", "query": { "sql": "SELECT zz_missing FROM orders" } });
    let broken = world.post(&world.operator, "/v1/library/cards", &broken).await.expect(201).json();
    let publication = json!({ "publish": { "card": "broken" }, "audience": "all" });
    world.post(&world.operator, "/v1/publications", &publication).await.expect(201);
    let path = format!("/api/card/{}/query", broken["number"]);
    let failed = ask(world, "POST", &path, &key(&world.alder), Sent::Nothing).await.expect(202).json();
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["error"], "The database could not run this card's query.");
    for field in ["database_id", "started_at", "running_time", "json_query", "error_type", "context"] {
        assert!(failed.get(field).is_some(), "{field}");
    }
    assert!(!failed.to_string().contains("zz_missing"));
    // No file is half a file.
    let file = ask(world, "POST", &format!("{path}/csv"), &key(&world.alder), Sent::Nothing).await;
    assert_eq!(file.expect(422).text(), "The database could not run this card's query.");
}

#[tokio::test]
async fn filters_offer_their_values() {
    let keyed = Keyed::new().await;
    let world = &keyed.world;
    let (own, shared) = (&keyed.alder, library(world).await);
    let get = async |path: &str| ask(world, "GET", path, &key(&world.alder), Sent::Nothing).await.expect(200).json();
    for base in [format!("/api/card/{}", own.card), format!("/api/dashboard/{}", own.dashboard)] {
        let lyon = json!(["Lyon", "NAMED-alder-Lyon"]);
        assert_eq!(
            get(&format!("{base}/params/city/values")).await,
            json!({ "values": [lyon, ["Nice"]], "has_more_values": false })
        );
        assert_eq!(get(&format!("{base}/params/city/search/ALDER")).await["values"], json!([lyon]));
        assert_eq!(get(&format!("{base}/params/city/remapping?value=Lyon")).await, lyon);
        assert_eq!(get(&format!("{base}/params/city/remapping?value=Paris")).await, json!(["Paris"]));
    }
    let base = format!("/api/dashboard/{}", shared.dashboard);
    let values = get(&format!("{base}/params/city/values?city=Nice&period=today")).await["values"].clone();
    assert_eq!(values, json!([["Brest"], ["Lyon"], ["Nice"]]));
    assert_eq!(get(&format!("{base}/params/city/search/ly")).await["values"], json!([["Lyon"]]));
    // A filter without a list has an empty one, and so has one that is not there: clients ask for either.
    assert_eq!(get(&format!("{base}/params/period/values")).await["values"], json!([]));
    let missing = ask(world, "GET", &format!("{base}/params/city/remapping"), &key(&world.alder), Sent::Nothing).await;
    assert!(missing.expect(400).text().contains("value"));
}
