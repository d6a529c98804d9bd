//! An instance with two tenants, alder and birch, on either kind of store, with a clock that tests move and seeded
//! randomness. What belongs to a tenant has that tenant's canary in it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, SnippetDraft};
use tenancy::{
    AdmitError, Desk, Host, KeyOffice, Keyring, OperatorScope, Principal, Settings, StoreLocation, Tenancy,
    TenantScope, WriteError,
};
use testkit::servers::Postgres;

/// The beginning of every test's time: 2026-03-02T10:00:00Z.
pub(crate) const NOW: i64 = 1_772_445_600;

/// The key file of every world.
pub(crate) const KEY_FILE: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

/// Which engine keeps the metadata.
#[derive(Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// The same tests on both engines. Those on PostgreSQL share a process, because starting the server and finding it
/// costs more than they do.
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::world::World::on($crate::world::Engine::Sqlite).await).await;
            })*
        }
        #[tokio::test]
        async fn all_on_postgres() {
            let _running = testkit::servers::Postgres::shared().await.unwrap();
            $($test($crate::world::World::on($crate::world::Engine::Postgres).await).await;)*
        }
    };
}
pub(crate) use on_both_engines;

/// A place for metadata that nobody else uses.
pub(crate) enum Store {
    Sqlite(PathBuf),
    Postgres { url: String, _server: Postgres },
}

impl Store {
    pub(crate) async fn fresh(engine: Engine, folder: &TempDir) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(folder.path().join("meta.db")),
            Engine::Postgres => {
                let server = Postgres::shared().await.unwrap();
                let database = server.create_database("meta").await.unwrap();
                let (user, password) = (server.admin_user(), server.admin_password());
                let url = format!("postgres://{user}:{password}@{}:{}/{database}", server.host(), server.port());
                Self::Postgres { url, _server: server }
            }
        }
    }

    pub(crate) fn location(&self) -> StoreLocation<'_> {
        match self {
            Self::Sqlite(path) => StoreLocation::Sqlite(path),
            Self::Postgres { url, .. } => StoreLocation::Postgres(url),
        }
    }

    /// A look behind the kernel's back.
    pub(crate) async fn raw(&self) -> sqlx::AnyPool {
        sqlx::any::install_default_drivers();
        let url = match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres { url, .. } => url.clone(),
        };
        sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap()
    }
}

/// One tenant and its credentials.
pub(crate) struct Client {
    pub(crate) slug: &'static str,
    pub(crate) id: String,
    pub(crate) canary: &'static str,
    pub(crate) key: String,
    pub(crate) key_id: String,
    pub(crate) embed_key: String,
    pub(crate) embed_secret: String,
    pub(crate) card: String,
    pub(crate) dashboard: String,
}

pub(crate) struct World {
    pub(crate) tenancy: Tenancy,
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    pub(crate) alder: Client,
    pub(crate) birch: Client,
    clock: Arc<AtomicI64>,
}

/// A host with this clock and randomness from a seed.
pub(crate) fn host(seed: u64, clock: &Arc<AtomicI64>) -> Host {
    let (clock, generator) = (clock.clone(), Mutex::new(StdRng::seed_from_u64(seed)));
    Host::new(
        move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap(),
        move |bytes| generator.lock().unwrap().fill_bytes(bytes),
    )
}

/// A draft, as a request would write it.
pub(crate) fn draft<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Scopes of everything.
pub(crate) fn everything() -> Value {
    json!([{ "actions": ["dashboards:read", "cards:run", "results:export", "sql:run", "content:write", "embed:sign",
        "keys:manage", "audit:read"], "resources": { "all": true } }])
}

/// What was said when something was refused. Equal texts are equal answers.
#[track_caller]
pub(crate) fn refusal<T, E: std::fmt::Debug>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => format!("{error:?}"),
    }
}

/// The field that a refusal names.
#[track_caller]
pub(crate) fn field<T>(result: Result<T, WriteError>) -> String {
    match result {
        Err(WriteError::Invalid(invalid)) => invalid.field,
        Err(other) => panic!("refused, but for another reason: {other:?}"),
        Ok(_) => panic!("this should have been refused"),
    }
}

/// The right to see, given to the test itself: who is at the console needs no key.
#[expect(clippy::disallowed_methods, reason = "the tests stand where the command line does")]
pub(crate) fn console(tenancy: &Tenancy) -> OperatorScope {
    tenancy.console()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(Engine::Sqlite).await
    }

    pub(crate) async fn on(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::fresh(engine, &folder).await;
        let clock = Arc::new(AtomicI64::new(NOW));
        let tenancy = open(&store, &folder, &clock, 1, KEY_FILE).await.unwrap();
        let operator = console(&tenancy);
        fill_library(&operator).await;
        let alder = client(&tenancy, "alder", "CANARY-ALDER", json!({ "plan": "gold" })).await;
        let birch = client(&tenancy, "birch", "CANARY-BIRCH", json!({ "plan": "silver" })).await;
        Self { tenancy, store, folder, alder, birch, clock }
    }

    /// Another process on the same store.
    pub(crate) async fn another(&self, seed: u64) -> Tenancy {
        open(&self.store, &self.folder, &self.clock, seed, KEY_FILE).await.unwrap()
    }

    /// Another process with another key file.
    pub(crate) async fn with_key_file(&self, seed: u64, key_file: &str) -> Tenancy {
        open(&self.store, &self.folder, &self.clock, seed, key_file).await.unwrap()
    }

    pub(crate) fn operator(&self) -> OperatorScope {
        console(&self.tenancy)
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// The scope of a tenant's key.
    pub(crate) async fn scope(&self, key: &str) -> TenantScope {
        admit(&self.tenancy, key).await.unwrap()
    }

    pub(crate) async fn alder(&self) -> TenantScope {
        self.scope(&self.alder.key).await
    }

    pub(crate) async fn birch(&self) -> TenantScope {
        self.scope(&self.birch.key).await
    }

    /// A tenant's keys, as the operator sees them.
    pub(crate) async fn keys(&self, client: &Client) -> KeyOffice {
        self.operator().tenant_keys(client.slug).await.unwrap()
    }

    /// A further key of a tenant. Its text, and its id.
    pub(crate) async fn key(&self, client: &Client, scopes: Value) -> (String, String) {
        let new =
            self.keys(client).await.create_api_key(draft(json!({ "name": "k", "scopes": scopes }))).await.unwrap();
        (new.secret.expose().to_owned(), new.key.id.to_string())
    }

    /// A token of a tenant for the overview, with other claims over the usual ones; `null` takes one away.
    pub(crate) fn token(&self, client: &Client, claims: Value) -> String {
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": client.embed_key });
        hs256(&header, &self.claims(claims), &client.embed_secret)
    }

    pub(crate) fn claims(&self, over: Value) -> Value {
        let mut claims =
            json!({ "resource": { "dashboard": "overview" }, "params": { "org": 7 }, "exp": self.now() + 600 });
        for (name, value) in over.as_object().unwrap() {
            match value {
                Value::Null => claims.as_object_mut().unwrap().remove(name),
                value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        claims
    }

    pub(crate) async fn embed(&self, token: &str) -> TenantScope {
        self.tenancy.admit_embed(token, None).await.map_err(|error| error.to_string()).unwrap()
    }
}

pub(crate) async fn open(
    store: &Store,
    folder: &TempDir,
    clock: &Arc<AtomicI64>,
    seed: u64,
    key_file: &str,
) -> Result<Tenancy, tenancy::StoreError> {
    let settings = Settings { sqlite_root: Some(Arc::from(folder.path())), audience: "https://bi.example".into() };
    Tenancy::open(store.location(), host(seed, clock), Keyring::parse(key_file).unwrap(), settings).await
}

pub(crate) async fn admit(tenancy: &Tenancy, key: &str) -> Result<TenantScope, AdmitError> {
    match tenancy.admit_key(key, None).await? {
        (Principal::Tenant(scope), _) => Ok(scope),
        (Principal::Operator(_), _) => panic!("a tenant's key became an operator"),
    }
}

async fn client(tenancy: &Tenancy, slug: &'static str, canary: &'static str, labels: Value) -> Client {
    let operator = console(tenancy);
    let tenant = json!({ "slug": slug, "name": canary, "labels": labels, "attributes": { "city": canary } });
    let tenant = operator.create_tenant(draft(tenant)).await.unwrap();
    let office = operator.tenant_keys(slug).await.unwrap();
    let key = json!({ "name": "all", "scopes": everything() });
    let key = office.create_api_key(draft(key)).await.unwrap();
    let embed = office.create_embed_key(draft(json!({ "name": "embed" }))).await.unwrap();
    let scope = admit(tenancy, key.secret.expose()).await.unwrap();
    let desk = scope.desk().unwrap();
    let (card, dashboard) = own_content(&desk, canary).await;
    Client {
        slug,
        id: tenant.id.to_string(),
        canary,
        key: key.secret.expose().to_owned(),
        key_id: key.key.id.to_string(),
        embed_key: embed.key.id.to_string(),
        embed_secret: embed.secret.unwrap().expose().to_owned(),
        card,
        dashboard,
    }
}

/// A tenant's own collection, card, dashboard and snippet. They have the same slugs in each tenant.
async fn own_content(desk: &Desk, canary: &str) -> (String, String) {
    desk.create::<CollectionDraft>(draft(json!({ "slug": "mine", "name": canary }))).await.unwrap();
    desk.create::<SnippetDraft>(draft(json!({ "slug": "one", "name": canary, "sql": "1" }))).await.unwrap();
    let card = json!({ "slug": "own-card", "name": canary, "collection": "mine", "source": "lms", "query": { "sql": "SELECT 1" } });
    let card = desk.create::<CardDraft>(draft(card)).await.unwrap();
    let items = json!([{ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4, "show": { "kind": "card", "card": "own-card" } }]);
    let dashboard = json!({ "slug": "own-dashboard", "name": canary, "collection": "mine", "items": items });
    let dashboard = desk.create::<DashboardDraft>(draft(dashboard)).await.unwrap();
    (card.id.to_string(), dashboard.id.to_string())
}

/// A source, cards, and a dashboard whose filter `org` only a token sets; all in a collection that everybody sees.
/// The card and the dashboard called `hidden` are published to nobody.
async fn fill_library(operator: &OperatorScope) {
    let source = json!({ "slug": "lms", "name": "LMS", "engine": "sqlite", "template": { "file": "{slug}.db" } });
    operator.create_source(draft(source)).await.unwrap();
    let desk = operator.library().unwrap();
    desk.create::<CollectionDraft>(draft(json!({ "slug": "shop", "name": "Shop" }))).await.unwrap();
    let org = json!({ "name": "org", "type": "id", "column": { "sql": "org" } });
    let city = json!({ "name": "city", "type": "text", "column": { "sql": "city" }, "default_attribute": "city",
        "values": { "card": { "card": "cities" } } });
    let card = |slug: &str, collection: Option<&str>, sql: &str, parameters: Value| {
        json!({ "slug": slug, "name": slug, "collection": collection, "source": "lms",
            "query": { "sql": sql, "parameters": parameters } })
    };
    for card in [
        card("cities", Some("shop"), "SELECT city FROM orders WHERE {{org}}", json!([org])),
        card("all-cities", Some("shop"), "SELECT city FROM orders", json!([])),
        card("orders", Some("shop"), "SELECT * FROM orders WHERE {{org}} AND {{city}}", json!([org, city])),
        card("totals", Some("shop"), "SELECT count(*) FROM orders", json!([])),
        card("hidden", None, "SELECT 'hidden'", json!([])),
    ] {
        desk.create::<CardDraft>(draft(card)).await.unwrap();
    }
    let org = json!({ "name": "org", "type": "id", "locked": true });
    let city = json!({ "name": "city", "type": "text", "default_attribute": "city", "values": { "card": { "card": "cities" } } });
    let overview = json!({ "slug": "overview", "name": "Overview", "collection": "shop",
        "tabs": [{ "id": "first", "name": "First" }, { "id": "second", "name": "Second" }],
        "parameters": [org, city],
        "items": [
            { "id": "orders", "tab": "first", "x": 0, "y": 0, "w": 12, "h": 6,
                "show": { "kind": "card", "card": "orders", "parameters": { "org": "org", "city": "city" } } },
            { "id": "totals", "tab": "second", "x": 0, "y": 0, "w": 12, "h": 6,
                "show": { "kind": "card", "card": "totals", "unfiltered": ["org"] } },
            { "id": "title", "tab": "second", "x": 12, "y": 0, "w": 12, "h": 1, "show": { "kind": "heading", "text": "Sales" } },
        ] });
    desk.create::<DashboardDraft>(draft(overview)).await.unwrap();
    let hidden = json!({ "slug": "hidden", "name": "Hidden",
        "items": [{ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4, "show": { "kind": "card", "card": "hidden" } }] });
    desk.create::<DashboardDraft>(draft(hidden)).await.unwrap();
    let publication = json!({ "publish": { "collection": "shop" }, "audience": "all" });
    operator.create_publication(draft(publication)).await.unwrap();
}

/// A part of a token.
pub(crate) fn part(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token signed with HS256, whatever its header says.
pub(crate) fn hs256(header: &Value, claims: &Value, secret: &str) -> String {
    signed(&header.to_string(), &claims.to_string(), secret)
}

/// The same from texts, which need not be JSON.
pub(crate) fn signed(header: &str, claims: &str, secret: &str) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}
