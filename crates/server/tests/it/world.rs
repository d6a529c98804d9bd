//! Two tenants with the same dashboard on two databases, each with a canary that the other must never see.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tenancy::{Host, Keyring, Settings, StoreLocation, Tenancy};
use tower::ServiceExt as _;

/// The beginning of every test's time.
pub(crate) const NOW: &str = "2026-03-02T10:00:00Z";

/// What one request got.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The transfer broke off before its end.
    pub(crate) broken: bool,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Everything that a caller sees, without the request's id.
    pub(crate) fn visible(&self) -> (StatusCode, Vec<(String, String)>, Vec<u8>) {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "x-request-id")
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        headers.sort();
        (self.status, headers, self.body.clone())
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// One tenant of the world and its credentials.
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) canary: String,
    pub(crate) key: String,
    pub(crate) key_id: String,
    pub(crate) embed_key: String,
    pub(crate) embed_secret: String,
}

/// An instance with two tenants.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) router: Router,
    pub(crate) tenancy: Tenancy,
    pub(crate) operator: String,
    pub(crate) alder: Client,
    pub(crate) birch: Client,
    clock: Arc<AtomicI64>,
    keyring: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

/// What differs between worlds: birch's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Birch {
    Full,
    Empty,
}

fn host(clock: &Arc<AtomicI64>, seed: u64) -> Host {
    let (clock, generator) = (clock.clone(), Mutex::new(StdRng::seed_from_u64(seed)));
    Host::new(
        move || Timestamp::from_microsecond(clock.load(Ordering::SeqCst)).unwrap(),
        move |bytes| generator.lock().unwrap().fill_bytes(bytes),
    )
}

/// A SQLite file with a few orders, one of which holds the canary.
pub(crate) fn fill(path: &std::path::Path, canary: &str, rows: i64) {
    let file = rusqlite::Connection::open(path).unwrap();
    file.execute_batch("CREATE TABLE orders (id INTEGER PRIMARY KEY, city TEXT NOT NULL, amount DECIMAL(10,2) NOT NULL, paid_at INTEGER NOT NULL, note TEXT)")
        .unwrap();
    for id in 1..=rows {
        let city = ["Lyon", "Nice", "Brest"][usize::try_from(id).unwrap() % 3];
        let statement = "INSERT INTO orders VALUES (?1, ?2, ?3, ?4, ?5)";
        file.execute(statement, (id, city, id * 10, 1_767_225_600 + id * 86_400, format!("{canary}-{id}"))).unwrap();
    }
}

async fn open(folder: &std::path::Path, host: Host, keyring: &str) -> Tenancy {
    let keyring = Keyring::parse(keyring).unwrap();
    let settings = Settings { sqlite_root: Some(folder.join("tenants").into()), audience: "cloison".into() };
    let path = folder.join("metadata.db");
    Tenancy::open(StoreLocation::Sqlite(&path), host, keyring, settings).await.unwrap()
}

/// A server that is in no test's way with its rates: those have tests of their own.
fn app(tenancy: Tenancy, settings: server::Settings) -> server::App {
    let settings = server::Settings { requests_per_minute: NonZeroU32::new(1_000_000).unwrap(), ..settings };
    server::App::new(tenancy, gateway::Gateway::new(gateway::Settings::default()), settings, None)
}

fn serve(tenancy: Tenancy) -> Router {
    server::router(app(tenancy, server::Settings::default()))
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Birch::Full).await
    }

    pub(crate) async fn with(birch: Birch) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("tenants");
        std::fs::create_dir(&files).unwrap();
        fill(&files.join("alder.db"), "CANARY-ALDER", 3);
        fill(&files.join("birch.db"), "CANARY-BIRCH", if birch == Birch::Full { 7 } else { 0 });
        let clock = Arc::new(AtomicI64::new(NOW.parse::<Timestamp>().unwrap().as_microsecond()));
        let host = host(&clock, 42);
        let keyring = Keyring::fresh(&host).expose().to_owned();
        let tenancy = open(folder.path(), host, &keyring).await;
        #[expect(clippy::disallowed_methods, reason = "the test is the host here")]
        let console = tenancy.console();
        let actions = tenancy::model::keys::OperatorAction::ALL.into();
        let draft = tenancy::model::keys::OperatorKeyDraft {
            name: "root".into(),
            actions,
            expires_at: None,
            networks: Vec::new(),
        };
        let operator = console.create_operator_key(draft).await.unwrap().secret.expose().to_owned();
        let router = serve(tenancy.clone());
        let blank = |slug: &str| Client {
            id: String::new(),
            canary: format!("CANARY-{}", slug.to_uppercase()),
            key: String::new(),
            key_id: String::new(),
            embed_key: String::new(),
            embed_secret: String::new(),
        };
        let (alder, birch) = (blank("alder"), blank("birch"));
        let mut world = Self { folder, router, tenancy, operator, alder, birch, clock, keyring, seen: Arc::default() };
        world.furnish().await;
        world
    }

    async fn furnish(&mut self) {
        let op = self.operator.clone();
        let source =
            json!({ "slug": "lms", "name": "Orders", "engine": "sqlite", "template": { "file": "{slug}.db" } });
        self.post(&op, "/v1/sources", &source).await.expect(201);
        for slug in ["alder", "birch"] {
            let tenant = json!({ "slug": slug, "name": format!("{slug} & Sons"), "timezone": "Europe/Paris", "labels": { "plan": slug } });
            let made = self.post(&op, "/v1/tenants", &tenant).await.expect(201).json();
            let id = made["id"].as_str().unwrap().to_owned();
            if slug == "alder" { self.alder.id = id } else { self.birch.id = id }
        }
        for (base, value) in content() {
            self.post(&op, &base, &value).await.expect(201);
        }
        self.alder = self.equip("alder", &self.alder.id).await;
        self.birch = self.equip("birch", &self.birch.id).await;
    }

    /// Gives a tenant a key for everything and an embed key.
    pub(crate) async fn equip(&self, slug: &str, id: &str) -> Client {
        let everything = json!({ "name": "all", "scopes": [{ "actions": ALL_ACTIONS, "resources": { "all": true } }] });
        let path = |kind: &str| format!("/v1/tenants/{slug}/{kind}");
        let key = self.post(&self.operator, &path("api-keys"), &everything).await.expect(201).json();
        let embed = self.post(&self.operator, &path("embed-keys"), &json!({ "name": "site" })).await.expect(201).json();
        let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
        Client {
            id: id.to_owned(),
            canary: format!("CANARY-{}", slug.to_uppercase()),
            key: text(&key, "secret"),
            key_id: text(&key, "id"),
            embed_key: text(&embed, "id"),
            embed_secret: text(&embed, "secret"),
        }
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst) / 1_000_000
    }

    /// A second server over the same metadata, which hears of changes only by reading them.
    pub(crate) async fn another_node(&self) -> Router {
        let tenancy = open(self.folder.path(), host(&self.clock, 43), &self.keyring).await;
        let follower = tenancy.clone();
        tokio::spawn(async move { follower.watch().await });
        serve(tenancy)
    }

    /// Serves on a socket for as long as the test runs.
    pub(crate) async fn listen(&self, header_timeout: std::time::Duration) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = server::Settings { header_timeout, ..Default::default() };
        let app = app(self.tenancy.clone(), settings);
        tokio::spawn(async move { server::serve(listener, app, std::future::pending()).await });
        address
    }

    /// A `GET` at one of several nodes.
    pub(crate) async fn at(&self, node: &Router, credential: &str, path: &str) -> Reply {
        let request = Request::builder().uri(path).header("authorization", format!("Bearer {credential}"));
        self.send_to(node, request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        self.send_to(&self.router, request).await
    }

    async fn send_to(&self, node: &Router, request: Request<Body>) -> Reply {
        let path = request.uri().path().to_owned();
        let response = node.clone().oneshot(request).await.unwrap();
        let (parts, mut body) = response.into_parts();
        let (mut bytes, mut broken) = (Vec::new(), false);
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => bytes.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
                Err(_) => broken = true,
            }
        }
        self.seen.lock().unwrap().extend_from_slice(&bytes);
        // What holds for every answer of every test.
        assert!(!parts.headers.contains_key("set-cookie"), "no cookies");
        assert!(!parts.headers.contains_key("access-control-allow-credentials"), "nothing with a visitor's cookies");
        let opens = parts.headers.contains_key("access-control-allow-origin");
        assert!(!opens || is_for_other_pages(&path), "nothing else for other origins' scripts: {path}");
        assert_eq!(parts.headers["x-content-type-options"], "nosniff");
        assert!(parts.headers.contains_key("content-security-policy") && parts.headers.contains_key("x-request-id"));
        Reply { status: parts.status, headers: parts.headers, body: bytes, broken }
    }

    pub(crate) async fn call(&self, method: Method, credential: &str, path: &str, body: Option<&Value>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !credential.is_empty() {
            request = request.header("authorization", format!("Bearer {credential}"));
        }
        let body = match body {
            None => Body::empty(),
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
        };
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, credential: &str, path: &str) -> Reply {
        self.call(Method::GET, credential, path, None).await
    }

    pub(crate) async fn post(&self, credential: &str, path: &str, body: &Value) -> Reply {
        self.call(Method::POST, credential, path, Some(body)).await
    }

    /// Replaces a thing at the version that it has now.
    pub(crate) async fn put(&self, credential: &str, path: &str, body: &Value) -> Reply {
        let tag = self.get(credential, path).await.headers.get("etag").unwrap().to_str().unwrap().to_owned();
        let request = Request::builder()
            .method(Method::PUT)
            .uri(path)
            .header("authorization", format!("Bearer {credential}"))
            .header("content-type", "application/json")
            .header("if-match", tag);
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Writes a thing that is not there yet.
    pub(crate) async fn put_first(&self, credential: &str, path: &str, body: &Value) -> Reply {
        let request = Request::builder()
            .method(Method::PUT)
            .uri(path)
            .header("authorization", format!("Bearer {credential}"))
            .header("content-type", "application/json")
            .header("if-none-match", "*");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// An operation as it is in the document, with what it needs beside a credential.
    pub(crate) async fn call_as(
        &self,
        operation: &Operation,
        credential: &str,
        path: &str,
        body: Option<&str>,
    ) -> Reply {
        let mut request = Request::builder().method(operation.method.clone()).uri(path);
        if !credential.is_empty() {
            request = request.header("authorization", format!("Bearer {credential}"));
        }
        if operation.id == "placements_put" {
            request = request.header("if-none-match", "*");
        } else if operation.method == Method::PUT {
            request = request.header("if-match", "\"v1\"");
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        self.send(request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap()).await
    }

    pub(crate) async fn delete(&self, credential: &str, path: &str) -> Reply {
        self.call(Method::DELETE, credential, path, None).await
    }

    /// A token of a client for the dashboard, with more claims over the usual ones.
    pub(crate) fn token(&self, client: &Client, more: Value) -> String {
        let mut claims = json!({ "resource": { "dashboard": "overview" }, "params": {}, "exp": self.now() + 600 });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        sign(&client.embed_key, &client.embed_secret, &claims)
    }

    /// Fails when anything that was ever answered in this world holds a text.
    pub(crate) fn never_said(&self, text: &str) {
        let seen = self.seen.lock().unwrap();
        assert!(!seen.windows(text.len()).any(|window| window == text.as_bytes()), "{text} was said");
    }

    /// Fails when nothing that was answered holds a text: a canary that is never seen proves nothing.
    pub(crate) fn was_said(&self, text: &str) {
        let seen = self.seen.lock().unwrap();
        assert!(seen.windows(text.len()).any(|window| window == text.as_bytes()), "{text} was never said");
    }
}

/// Every action of a key.
pub(crate) const ALL_ACTIONS: [&str; 8] = [
    "dashboards:read",
    "cards:run",
    "results:export",
    "sql:run",
    "content:write",
    "embed:sign",
    "keys:manage",
    "audit:read",
];

/// A route of the OpenAPI document.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Which credential it takes.
    pub(crate) takes: String,
    pub(crate) has_body: bool,
}

/// Every route that there is: from the document which the server makes of itself, so that no list can forget one.
pub(crate) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let takes = operation["security"][0].as_object().unwrap().keys().next().unwrap().clone();
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                takes,
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    assert!(found.len() > 70, "{} routes", found.len());
    found
}

/// Suspends a tenant, or serves it again.
pub(crate) async fn suspend(world: &World, slug: &str, is_suspended: bool) {
    let status = if is_suspended { "suspended" } else { "active" };
    put_in_tenant(world, slug, "status", status.into()).await.expect(200);
}

/// The operator's switch for public links.
pub(crate) async fn let_have_links(world: &World, slug: &str, is_on: bool) {
    put_in_tenant(world, slug, "public_links", is_on.into()).await.expect(200);
}

/// Writes one field of a tenant over what is there.
pub(crate) async fn put_in_tenant(world: &World, slug: &str, field: &str, value: Value) -> Reply {
    let path = format!("/v1/tenants/{slug}");
    let mut draft = world.get(&world.operator, &path).await.expect(200).json();
    for kept in ["id", "number", "version", "created_at", "updated_at"] {
        draft.as_object_mut().unwrap().remove(kept);
    }
    draft[field] = value;
    world.put(&world.operator, &path, &draft).await
}

/// HS256, as an embedding page does it.
pub(crate) fn sign(kid: &str, secret: &str, claims: &Value) -> String {
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    header.kid = Some(kid.to_owned());
    jsonwebtoken::encode(&header, claims, &jsonwebtoken::EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

/// The library: two cards, a list of cities, a dashboard, and a card that nobody published.
fn content() -> Vec<(String, Value)> {
    let library = |kind: &str| format!("/v1/library/{kind}");
    let city = json!({ "name": "city", "type": "text", "column": { "sql": "city" }, "multiple": true });
    let period =
        json!({ "name": "period", "type": "date_range", "column": { "sql": "paid_at", "holds": "epoch_seconds" } });
    vec![
        (library("collections"), json!({ "slug": "shop", "name": "Shop" })),
        (
            library("cards"),
            json!({ "slug": "orders", "name": "Orders", "collection": "shop", "source": "lms",
                "query": { "sql": "SELECT id, city, amount, note FROM orders WHERE {{city}} AND {{period}} ORDER BY id", "parameters": [city, period] } }),
        ),
        (
            library("cards"),
            json!({ "slug": "total", "name": "Total", "source": "lms", "cache_seconds": 60,
                "query": { "sql": "SELECT count(*) AS orders, sum(amount) AS total FROM orders WHERE {{city}}", "parameters": [city] } }),
        ),
        (
            library("cards"),
            json!({ "slug": "cities", "name": "Cities", "source": "lms",
                "query": { "sql": "SELECT DISTINCT city FROM orders WHERE {{city}} ORDER BY city", "parameters": [city] } }),
        ),
        (
            library("cards"),
            json!({ "slug": "secret", "name": "Unpublished", "source": "lms", "query": { "sql": "SELECT note FROM orders" } }),
        ),
        (
            library("dashboards"),
            json!({ "slug": "overview", "name": "Overview", "parameters": [
                    { "name": "city", "label": "City", "type": "text", "multiple": true, "values": { "card": { "card": "cities" } } },
                    { "name": "period", "type": "date_range" } ],
                "items": [
                    { "id": "title", "x": 0, "y": 0, "w": 24, "h": 1, "show": { "kind": "heading", "text": "How we are doing" } },
                    { "id": "orders", "x": 0, "y": 1, "w": 16, "h": 6, "show": { "kind": "card", "card": "orders", "parameters": { "city": "city", "period": "period" } } },
                    { "id": "total", "x": 16, "y": 1, "w": 8, "h": 3, "show": { "kind": "card", "card": "total", "parameters": { "city": "city" } } } ] }),
        ),
        ("/v1/publications".into(), json!({ "publish": { "dashboard": "overview" }, "audience": "all" })),
        ("/v1/publications".into(), json!({ "publish": { "collection": "shop" }, "audience": "all" })),
    ]
}

/// Rows of a document by column name.
pub(crate) fn rows(document: &Value) -> Vec<BTreeMap<String, Value>> {
    let names: Vec<String> =
        document["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect();
    let row = |row: &Value| names.iter().cloned().zip(row.as_array().unwrap().iter().cloned()).collect();
    document["rows"].as_array().unwrap().iter().map(row).collect()
}

/// What pages of other origins may load and ask: scripts that are nobody's own, and what an embed token opens.
fn is_for_other_pages(path: &str) -> bool {
    let path = path.strip_prefix("/t/").and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap_or(path);
    path == "/v1/embed"
        || ["/v1/embed/", "/assets/", "/embed.js", "/frame.js", "/embed.json", "/app/iframeResizer.js", "/app/embed.js"]
            .iter()
            .any(|start| path.starts_with(start))
}
