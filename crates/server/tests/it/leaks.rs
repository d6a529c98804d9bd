//! What is written down and what is said beside the rows: logs, metrics, the metadata store, headers, error texts.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{World, operations, rows, sign};

/// Where the log goes.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

const OURS: &str = "server=trace,gateway=trace,tenancy=trace,query=trace,sqlguard=trace,cloison=trace,it=trace,warn";

/// Texts that callers hand over in every place that takes one, and that nobody may write down.
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, name: &'static str, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() > 3, "{name} would be found anywhere");
        self.0.push((name, secret.clone()));
        secret
    }
}

/// The main flows, right and wrong, with a secret wherever one fits.
async fn live(world: &World, secrets: &mut Secrets) {
    let op = world.operator.clone();
    let token = secrets
        .add("a token", world.token(&world.alder, json!({ "params": { "city": ["LOCKED-77"] }, "sub": "SUBJECT-77" })));
    secrets.add("a locked value", "LOCKED-77");
    secrets.add("a viewer", "SUBJECT-77");
    let open = secrets.add("another token", world.token(&world.alder, json!({})));
    let value = secrets.add("a value", "VALUE-77");
    secrets.add("rows", "CANARY-");
    secrets.add("a column's values", "Lyon");
    for (client, names) in [
        (&world.alder, ["alder's key", "alder's embed secret"]),
        (&world.birch, ["birch's key", "birch's embed secret"]),
    ] {
        secrets.add(names[0], client.key.clone());
        secrets.add(names[1], client.embed_secret.clone());
    }
    secrets.add("the operator's key", op.clone());
    // Rows in every format, cold and warm, filtered and not.
    for (token, given) in [
        (&open, json!({})),
        (&open, json!({ "parameters": { "city": [value, "Lyon"] } })),
        (&token, json!({})),
        (&open, json!({})),
    ] {
        for path in [
            "items/orders/rows",
            "items/total/rows",
            "items/orders/export/csv",
            "items/orders/export/json",
            "items/orders/export/xlsx",
            "run",
        ] {
            world.post(token, &format!("/v1/embed/{path}"), &given).await.expect(200);
        }
    }
    world.get(&open, "/v1/embed").await.expect(200);
    world.get(&open, "/v1/embed/parameters/city/values?search=SEARCHED-77").await.expect(200);
    secrets.add("a search", "SEARCHED-77");
    // Values that are refused, and bodies that are none.
    for body in [
        json!({ "parameters": { "period": "REFUSED-77" } }),
        json!({ "parameters": { "NAME-77": 1 } }),
        json!({ "parameters": { "city": { "OBJECT-77": 1 } } }),
        json!({ "FIELD-77": 1 }),
    ] {
        world.post(&open, "/v1/embed/items/orders/rows", &body).await.expect(400);
    }
    for name in ["REFUSED-77", "NAME-77", "OBJECT-77", "FIELD-77"] {
        secrets.add("what was refused", name);
    }
    // SQL that fails, with a literal, on a database that is there and on one that is not.
    let sql = "SELECT 'LITERAL-77', note FROM orders_77 WHERE {{city}}";
    let city = json!({ "name": "city", "type": "text", "column": { "sql": "city" } });
    let card =
        json!({ "slug": "broken", "name": "Broken", "source": "lms", "query": { "sql": sql, "parameters": [city] } });
    world.post(&op, "/v1/library/cards", &card).await.expect(201);
    world
        .post(&op, "/v1/publications", &json!({ "publish": { "card": "broken" }, "audience": "all" }))
        .await
        .expect(201);
    for name in ["LITERAL-77", "orders_77", "SELECT"] {
        secrets.add("SQL", name);
    }
    let given = json!({ "parameters": { "city": "VALUE-77" } });
    world.post(&world.alder.key, "/v1/cards/broken/rows", &given).await.expect(422);
    let password = secrets.add("a database's password", "PASSWORD-77");
    let placement = json!({ "engine": "postgres", "host": "127.0.0.1", "port": 1, "database": "d", "user": "u", "password": password, "tls": "off" });
    world.put_first(&op, "/v1/tenants/birch/placements/lms", &placement).await;
    world.post(&op, "/v1/tenants/birch/placements/lms/check", &json!({})).await;
    world.post(&world.birch.key, "/v1/cards/orders/rows", &json!({})).await;
    // A tenant's own SQL, whether it may run or not.
    let question = json!({ "source": "lms", "sql": "SELECT 'LITERAL-77', note FROM orders_77" });
    world.post(&world.alder.key, "/v1/sql/rows", &question).await;
    let own =
        json!({ "name": "Own", "source": "lms", "query": { "sql": "SELECT 'LITERAL-77' FROM orders_77 WHERE (" } });
    world.post(&world.alder.key, "/v1/content/cards", &own).await;
    // Credentials that are made, used, mistyped, put into addresses, and revoked.
    let draft = json!({ "name": "k", "scopes": [{ "actions": ["cards:run"], "resources": { "all": true } }] });
    let made = world.post(&world.alder.key, "/v1/api-keys", &draft).await.expect(201).json();
    let key = secrets.add("a key that was made", made["secret"].as_str().unwrap());
    let idempotent = Request::builder().method("POST").uri("/v1/api-keys").header("content-type", "application/json");
    let idempotent =
        idempotent.header("authorization", format!("Bearer {}", world.alder.key)).header("idempotency-key", "once-77");
    let made = world.send(idempotent.body(draft.to_string().into()).unwrap()).await.expect(201).json();
    secrets.add("a key that was made once", made["secret"].as_str().unwrap());
    let embed = world.post(&world.alder.key, "/v1/embed-keys", &json!({ "name": "e" })).await.expect(201).json();
    secrets.add("an embed secret that was made", embed["secret"].as_str().unwrap());
    let operator =
        world.post(&op, "/v1/operator-keys", &json!({ "name": "o", "actions": ["read"] })).await.expect(201).json();
    secrets.add("an operator's key that was made", operator["secret"].as_str().unwrap());
    let claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": world.now() + 60 });
    let signed = world
        .post(&world.alder.key, "/v1/embed-tokens", &json!({ "key": world.alder.embed_key, "claims": claims }))
        .await
        .expect(200)
        .json();
    let signed = secrets.add("a token that was signed", signed["token"].as_str().unwrap());
    for path in ["/embed/dashboard", "/embed/card", "/t/alder/embed/dashboard", "/v1/nothing", "/docs"] {
        world.get("", &format!("{path}/{signed}")).await;
        world.get("", &format!("{path}?token={signed}&key={key}")).await;
    }
    for wrong in [
        format!("{key}x"),
        signed[..signed.len() - 2].to_owned(),
        sign("emk_0", "FORGED-77", &claims),
        world.birch.embed_secret.clone(),
    ] {
        world.get(&wrong, "/v1/tenant").await.expect(401);
        world.get(&wrong, "/v1/embed").await.expect(401);
    }
    world.get(&world.alder.key, "/v1/dashboards/MISSING-77").await.expect(404);
    secrets.add("a name that is not there", "MISSING-77");
    world.delete(&world.alder.key, &format!("/v1/api-keys/{}", made["id"].as_str().unwrap())).await.expect(204);
    world.get(&key, "/v1/cards/orders").await;
    let until = jiff::Timestamp::from_second(world.now() + 600).unwrap().to_string();
    let mut act = draft.clone();
    act["expires_at"] = json!(until);
    let acting = world
        .post(&op, "/v1/tenants/alder/act-as", &json!({ "reason": "because", "key": act }))
        .await
        .expect(200)
        .json();
    let acting = secrets.add("a key to act as a tenant", acting["secret"].as_str().unwrap());
    world.post(&acting, "/v1/cards/orders/rows", &json!({})).await.expect(200);
}

#[tokio::test]
async fn no_log_and_no_metric_holds_a_secret_a_value_or_sql() {
    let captured = Captured::default();
    let filter = tracing_subscriber::EnvFilter::new(OURS);
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(captured.clone()).finish();
    // Threads of the gateway write too, so it must be the whole process's.
    tracing::subscriber::set_global_default(subscriber).expect("one such test in this process");
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    metrics::set_global_recorder(recorder).expect("one such test in this process");
    let world = World::new().await;
    let mut secrets = Secrets(Vec::new());
    live(&world, &mut secrets).await;
    tracing::debug!(marker = "it-was-here", "the end");
    let (log, metrics) = (captured.text(), metrics.render());
    assert!(secrets.0.len() > 25);
    for (name, secret) in &secrets.0 {
        for (place, text) in [("log", &log), ("metrics", &metrics)] {
            let line = text.lines().find(|line| line.contains(secret.as_str()));
            assert!(line.is_none(), "{name} is in the {place}: {}", line.unwrap());
        }
    }
    // Metrics are by route and outcome, never by tenant.
    for tenant in [&world.alder.id, &world.birch.id] {
        assert!(!metrics.contains(tenant.as_str()));
    }
    assert!(!metrics.contains("alder") && !metrics.contains("birch"), "{metrics}");
    // The log was there to be looked at: every request by its route, the failed queries by their class.
    assert!(log.contains("it-was-here"));
    assert!(log.contains("/v1/embed/items/{item}/rows") && log.contains("/embed/dashboard/{token}"));
    assert!(log.contains("a query has no result"), "failed queries are written down");
    assert!(log.lines().count() > 60 && log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert!(metrics.contains("cloison_http_requests_total"));
    println!(
        "{} lines of log and {} of metrics hold none of {} secrets",
        log.lines().count(),
        metrics.lines().count(),
        secrets.0.len()
    );
}

#[tokio::test]
async fn the_metadata_store_holds_no_usable_credential() {
    let world = World::new().await;
    let mut secrets = Secrets(Vec::new());
    live(&world, &mut secrets).await;
    let (mut stored, mut files) = (Vec::new(), 0);
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            stored.extend(std::fs::read(path).unwrap());
            files += 1;
        }
    }
    let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(files > 0 && holds("overview") && holds(&world.alder.key_id), "this is the store");
    let credentials = secrets
        .0
        .iter()
        .filter(|(name, _)| ["key", "secret", "token", "password"].iter().any(|word| name.contains(word)));
    let mut looked = BTreeSet::new();
    for (name, secret) in credentials {
        assert!(!holds(secret), "{name} can be read in the store");
        // Nor the random part of a key, or a signature, by itself.
        let part = secret.rsplit(['_', '.']).next().unwrap();
        assert!(!holds(part), "a part of {name} can be read in the store");
        looked.insert(*name);
    }
    assert!(looked.len() >= 12, "{looked:?}");
    assert!(!holds("VALUE-77") && !holds("CANARY-"), "values and rows are not kept there");
}

/// What viewers get says nothing of how it was made.
#[tokio::test]
async fn viewers_see_no_sql_and_no_database() {
    let world = World::new().await;
    for slug in ["alder", "birch"] {
        let file = rusqlite::Connection::open(world.folder.path().join(format!("tenants/{slug}.db"))).unwrap();
        file.execute_batch("CREATE VIEW zz_hidden AS SELECT city AS zz_inner, amount FROM orders").unwrap();
    }
    let op = &world.operator;
    let city = json!({ "name": "city", "type": "text", "column": { "sql": "zz_inner" } });
    let query =
        json!({ "sql": "SELECT zz_inner AS shown, amount FROM zz_hidden WHERE {{city}}", "parameters": [city] });
    let card = json!({ "slug": "shown", "name": "Shown", "source": "lms", "query": query });
    world.post(op, "/v1/library/cards", &card).await.expect(201);
    let broken = json!({ "slug": "broken", "name": "Broken", "source": "lms", "query": { "sql": "SELECT zz_missing FROM zz_hidden" } });
    world.post(op, "/v1/library/cards", &broken).await.expect(201);
    let items = json!([
        { "id": "good", "x": 0, "y": 0, "w": 8, "h": 2, "show": { "kind": "card", "card": "shown", "parameters": { "city": "city" } } },
        { "id": "bad", "x": 0, "y": 2, "w": 8, "h": 2, "show": { "kind": "card", "card": "broken" } }]);
    let dashboard =
        json!({ "slug": "seen", "name": "Seen", "parameters": [{ "name": "city", "type": "text" }], "items": items });
    world.post(op, "/v1/library/dashboards", &dashboard).await.expect(201);
    world
        .post(op, "/v1/publications", &json!({ "publish": { "dashboard": "seen" }, "audience": "all" }))
        .await
        .expect(201);
    let token = world.token(&world.alder, json!({ "resource": { "dashboard": "seen" } }));
    let mut answers = vec![world.get(&token, "/v1/embed").await.expect(200)];
    for given in
        [json!({}), json!({ "parameters": { "city": "Lyon" } }), json!({ "parameters": { "city": { "a": 1 } } })]
    {
        for path in [
            "items/good/rows",
            "items/bad/rows",
            "items/good/export/csv",
            "items/good/export/json",
            "items/bad/export/xlsx",
            "run",
        ] {
            answers.push(world.post(&token, &format!("/v1/embed/{path}"), &given).await);
        }
    }
    let narrow = json!({ "name": "n", "scopes": [{ "actions": ["dashboards:read", "cards:run"], "resources": { "dashboards": ["seen"] } }] });
    let narrow = world.post(op, "/v1/tenants/alder/api-keys", &narrow).await.expect(201).json();
    for path in ["/v1/dashboards", "/v1/dashboards/seen", "/v1/cards", "/v1/collections"] {
        answers.push(world.get(narrow["secret"].as_str().unwrap(), path).await.expect(200));
    }
    assert!(
        answers.iter().any(|answer| answer.text().contains("query-failed"))
            && answers.iter().any(|answer| answer.text().contains("Lyon"))
    );
    for answer in answers {
        let said = format!("{:?}{}", answer.headers, answer.text());
        for hidden in [
            "zz_", "SELECT", "FROM", "WHERE", "lms", ".db", "sqlite", "SQLite", "no such", "syntax", "panicked",
            "src/", ".rs:",
        ] {
            assert!(!said.contains(hidden), "{hidden} in {said}");
        }
    }
}

/// The same rows on the screen and in files, for every card and both tenants; and lists of values are one's own.
#[tokio::test]
async fn files_and_lists_hold_what_the_screen_holds() {
    let world = World::new().await;
    let only = rusqlite::Connection::open(world.folder.path().join("tenants/birch.db")).unwrap();
    only.execute("INSERT INTO orders VALUES (99, 'Birchville', 1, 1767225600, 'CANARY-BIRCH-99')", ()).unwrap();
    for (client, other) in [(&world.alder, "CANARY-BIRCH"), (&world.birch, "CANARY-ALDER")] {
        for given in [
            json!({}),
            json!({ "parameters": { "city": ["Lyon"] } }),
            json!({ "parameters": { "city": ["Birchville"] } }),
        ] {
            let token = world.token(client, json!({}));
            for item in ["orders", "total"] {
                let screen =
                    world.post(&token, &format!("/v1/embed/items/{item}/rows"), &given).await.expect(200).json();
                let file =
                    world.post(&token, &format!("/v1/embed/items/{item}/export/json"), &given).await.expect(200).json();
                assert_eq!((&screen["rows"], &screen["columns"]), (&file["rows"], &file["columns"]), "{item} {given}");
                let by_key = world
                    .post(&client.key, &format!("/v1/dashboards/overview/items/{item}/rows"), &given)
                    .await
                    .expect(200)
                    .json();
                assert_eq!(screen["rows"], by_key["rows"]);
                let csv =
                    world.post(&token, &format!("/v1/embed/items/{item}/export/csv"), &given).await.expect(200).text();
                let lines = csv.trim_start_matches('\u{feff}').lines().count();
                assert_eq!(u64::try_from(lines).unwrap(), screen["row_count"].as_u64().unwrap() + 1);
                for row in rows(&screen) {
                    if let Some(note) = row.get("note").and_then(Value::as_str) {
                        assert!(csv.contains(note) && !csv.contains(other));
                    }
                }
            }
            let values = world.get(&token, "/v1/embed/parameters/city/values").await.expect(200).text();
            let searched = world.get(&token, "/v1/embed/parameters/city/values?search=birchv").await.expect(200).text();
            let is_birch = client.canary == "CANARY-BIRCH";
            assert_eq!(values.contains("Birchville"), is_birch);
            assert_eq!(searched.contains("Birchville"), is_birch);
        }
    }
}

/// A page of somebody else's gets nothing done with a visitor's browser: no cookies, and no permission across origins but for what
/// an embed token opens, which the page must hold itself.
#[tokio::test]
async fn other_peoples_pages_get_nothing_done() {
    let world = World::new().await;
    let cookies = format!("session={0}; token={0}; key={0}", world.alder.key);
    for operation in operations() {
        let path = operation.path.replace(['{', '}'], "");
        let from = |method: &str| {
            Request::builder()
                .method(method)
                .uri(&path)
                .header("origin", "https://evil.example")
                .header("cookie", &cookies)
                .header("sec-fetch-site", "cross-site")
        };
        let asked = from("OPTIONS").header("access-control-request-method", operation.method.as_str());
        let asked = asked.header("access-control-request-headers", "authorization,content-type").body(Body::empty());
        let asked = world.send(asked.unwrap()).await;
        let is_viewers = path == "/v1/embed" || path.starts_with("/v1/embed/");
        assert_eq!(asked.status.is_success(), is_viewers, "{path}: {}", asked.status);
        assert!(!asked.headers.contains_key("access-control-allow-credentials"), "{path}");
        for media in
            ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json"]
        {
            let request = from(operation.method.as_str()).header("content-type", media);
            let reply = world.send(request.body(Body::from("{}")).unwrap()).await.expect(401);
            let allowed: Vec<_> =
                reply.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
            assert_eq!(!allowed.is_empty(), is_viewers, "{path}: {allowed:?}");
            assert!(!reply.headers.contains_key("access-control-allow-credentials"), "{path}");
        }
        // A method in a header or a field is not the method.
        let request = Request::builder().method("GET").uri("/v1/tenant").header("x-http-method-override", "DELETE");
        let request = request.header("authorization", format!("Bearer {}", world.alder.key)).body(Body::empty());
        world.send(request.unwrap()).await.expect(200);
    }
}

/// Without a credential there are pages, health and the description; nothing is set up, nobody is made.
#[tokio::test]
async fn the_open_routes_are_these_and_make_nothing() {
    let world = World::new().await;
    let audit = async || {
        world.get(&world.operator, "/v1/instance/audit?limit=1").await.expect(200).json()["data"][0]["seq"].clone()
    };
    let before = audit().await;
    let open = [
        "/health/live",
        "/health/ready",
        "/api/health",
        "/api/session/properties",
        "/docs",
        "/openapi.json",
        "/embed.js",
        "/frame.js",
        "/embed.json",
        "/app/embed.js",
        "/t/alder/app/embed.js",
        "/playground",
        "/embed/dashboard",
        "/embed/card",
        "/embed/dashboard/x",
        "/embed/card/x",
        "/t/alder/embed/dashboard/x",
        "/t/alder/embed/card/x",
    ];
    let closed = [
        "/",
        "/metrics",
        "/demo",
        "/demo/portals.json",
        "/setup",
        "/v1/setup",
        "/api/setup",
        "/install",
        "/login",
        "/v1/login",
        "/v1/users",
        "/signup",
        "/register",
        "/admin",
        "/v1/session",
        "/api/session",
        "/graphql",
        "/.env",
        "/.git/config",
        "/config",
        "/cloison.toml",
        "/metadata.db",
        "/debug/pprof",
        "/actuator/env",
        "/server-status",
        "/assets/../cloison.toml",
        "/assets/%2e%2e%2fcloison.toml",
        "/assets/",
        "/v1",
        "/v1/",
        "/v2/tenants",
        "/t/alder",
        "/t/alder/",
        "/t/alder/v1/embed",
        "/t/alder/v1/tenants",
        "/t/alder/v1/cards",
        "//v1/tenants",
        "/v1/../v1/tenants",
        "/V1/tenants",
        "/v1/tenants/",
        "/v1/tenants;x=1",
    ];
    for path in open.iter().chain(&closed) {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"] {
            let request = Request::builder().method(method).uri(*path).header("content-type", "application/json");
            let reply = world.send(request.body(Body::from(r#"{"name":"x","password":"x"}"#)).unwrap()).await;
            let may = open.contains(path) && matches!(method, "GET" | "HEAD");
            // Pages are built by another command; what is not built is 503.
            assert_eq!(
                reply.status.is_success() || reply.status == 503,
                may,
                "{method} {path}: {} {}",
                reply.status,
                reply.text()
            );
            // Setting up is refused to everybody in words, for scripts that try.
            let is_set_up = (method, *path, reply.status.as_u16()) == ("POST", "/api/setup", 403);
            let is_shut = is_set_up || matches!(reply.status.as_u16(), 400 | 401 | 404 | 405);
            assert!(may || is_shut, "{method} {path}: {}", reply.status);
        }
    }
    assert_eq!(audit().await, before);
    for secret in
        [&world.operator, &world.alder.key, &world.alder.embed_secret, &world.alder.id, &world.alder.embed_key]
    {
        let seen = world.get("", "/openapi.json").await.expect(200).text();
        assert!(!seen.contains(secret.as_str()));
    }
}

/// What becomes part of a header cannot end it, and the API is in nobody's frame.
#[tokio::test]
async fn headers_are_not_written_by_tenants() {
    let world = World::new().await;
    for origin in [
        "https://a.example; script-src *",
        "https://a.example\r\nset-cookie: a=b",
        "https://a.example *",
        "*",
        "'self'",
        "https://*",
        "javascript:alert(1)",
        "data:text/html",
        "https://a.example/path",
        "https://a.example,https://b.example",
        "null",
        "",
        "https://",
        "//a.example",
        "https://a.example?x",
        "https://user@a.example",
    ] {
        let draft = json!({ "name": "framed", "origins": [origin] });
        let refused = world.post(&world.alder.key, "/v1/embed-keys", &draft).await;
        assert_eq!(refused.status, 400, "{origin:?}: {}", refused.text());
    }
    for name in [
        "a\"; filename=\"evil.exe",
        "a\r\nset-cookie: a=b",
        "../../etc/passwd",
        "a\u{0}b",
        "a/b\\c",
        "é\u{202e}exe.fdp",
        "%0d%0aset-cookie: a=b",
        "",
    ] {
        let card = json!({ "slug": "named", "name": name, "source": "lms", "query": { "sql": "SELECT 1 AS one" } });
        let made = world.post(&world.operator, "/v1/library/cards", &card).await;
        if made.status != 201 {
            made.expect(400);
            continue;
        }
        let publication = json!({ "publish": { "card": "named" }, "audience": "all" });
        let publication = world.post(&world.operator, "/v1/publications", &publication).await.expect(201).json();
        let file = world.post(&world.alder.key, "/v1/cards/named/export/csv", &json!({})).await.expect(200);
        let header = file.headers["content-disposition"].to_str().unwrap();
        let plain = header.strip_prefix("attachment; filename=\"").and_then(|rest| rest.split_once('"')).unwrap();
        assert!(
            plain.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
                && plain.0.ends_with(".csv"),
            "{header}"
        );
        assert!(
            plain.1.starts_with("; filename*=UTF-8''") && !plain.1.contains(['"', '/', '\\', ' '])
                || plain.1.matches(' ').count() == 1,
            "{header}"
        );
        world
            .delete(&world.operator, &format!("/v1/publications/{}", publication["id"].as_str().unwrap()))
            .await
            .expect(204);
        world.delete(&world.operator, "/v1/library/cards/named").await.expect(204);
    }
    let answer = world.get(&world.alder.key, "/v1/tenant").await.expect(200);
    assert_eq!(answer.headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.headers["cache-control"], "private, no-store");
}
