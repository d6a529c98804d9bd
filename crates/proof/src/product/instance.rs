//! The real product in this process, on loopback: metadata, gateway and server as the binary wires them, with the clock
//! and the randomness fixed, so that instances of several worlds are alike to the last id.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use gateway::setup::{self, Administrator};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use tenancy::model::keys::{OperatorAction, OperatorKeyDraft};
use tenancy::{Claims, EmbedKeyId, Host, Keyring, OperatorScope, Resource, Secret, StoreLocation, Tenancy};
use tokio::task::JoinHandle;

use super::reply::Reply;
use super::shops::Shop;
use crate::fixture::{ACME, OWNERS};
use crate::prng::Prng;

/// Seconds after which the product ends a statement.
pub(super) const LIMIT_SECONDS: u32 = 2;

/// 2 March 2026, ten o'clock.
const NOW: i64 = 1_772_445_600;

/// Of the statements of set-up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with the tenant `acme` on it.
pub(super) struct Instance {
    address: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
    serving: JoinHandle<std::io::Result<()>>,
    tenancy: Tenancy,
    folder: TempDir,
    operator: String,
    key: String,
    embed: (EmbedKeyId, Secret),
}

/// Who asks.
#[derive(Debug, Clone)]
pub(super) enum Who {
    /// The operator.
    Operator,
    /// The tenant's API key, with every right.
    Key,
    /// A viewer, by a token for one dashboard.
    Viewer(String),
}

impl Instance {
    pub(super) async fn start() -> anyhow::Result<Self> {
        // In memory where there is such a folder: what a crash would leave is not the question here.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())?;
        let files = folder.path().join("tenants");
        std::fs::create_dir(&files)?;
        let seed = Mutex::new(Prng::new(7));
        let fill = move |bytes: &mut [u8]| {
            let mut seed = seed.lock().unwrap_or_else(PoisonError::into_inner);
            bytes.fill_with(|| u8::try_from(seed.below(256)).unwrap_or_default());
        };
        let host = Host::new(|| Timestamp::from_second(NOW).unwrap_or_default(), fill);
        let keyring = Keyring::parse(Keyring::fresh(&host).expose())?;
        let settings = tenancy::Settings { sqlite_root: Some(files.into()), audience: "cloison".to_owned() };
        let path = folder.path().join("metadata.db");
        let tenancy = Tenancy::open(StoreLocation::Sqlite(&path), host, keyring, settings).await?;
        let draft = OperatorKeyDraft {
            name: "proof".to_owned(),
            actions: OperatorAction::ALL.into(),
            expires_at: None,
            networks: Vec::new(),
        };
        let operator = console(&tenancy).create_operator_key(draft).await?.secret.expose().to_owned();
        let rate = NonZeroU32::new(1_000_000).context("a rate")?;
        let settings = server::Settings { requests_per_minute: rate, ..server::Settings::default() };
        let gateway = gateway::Gateway::new(gateway::Settings::default());
        let app = server::App::new(tenancy.clone(), gateway, settings, None);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(server::serve(listener, app, std::future::pending()));
        // The server closes what is idle for longer than it waits for a request's head.
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_timer(TokioTimer::new()).pool_idle_timeout(Duration::from_secs(5));
        let client = client.build_http();
        let key = String::new();
        let embed = (EmbedKeyId::parse("emk_00000000000000000000000000")?, Secret::default());
        let mut made = Self { address, client, serving, tenancy, folder, operator, key, embed };
        made.furnish().await?;
        Ok(made)
    }

    /// The tenant and its keys.
    async fn furnish(&mut self) -> anyhow::Result<()> {
        let limits = json!({ "query_seconds": LIMIT_SECONDS, "concurrent_queries": 8 });
        self.make("/v1/tenants", &json!({ "slug": ACME.0, "name": "Acme", "limits": limits })).await?;
        let actions = tenancy::Action::ALL.map(tenancy::Action::name);
        let key = json!({ "name": "proof", "scopes": [{ "actions": actions, "resources": { "all": true } }] });
        let key = self.make("/v1/tenants/acme/api-keys", &key).await?;
        let embed = self.make("/v1/tenants/acme/embed-keys", &json!({ "name": "proof" })).await?;
        let text = |value: &Value, name| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.key = text(&key, "secret");
        self.embed = (EmbedKeyId::parse(&text(&embed, "id"))?, Secret::from(text(&embed, "secret")));
        Ok(())
    }

    /// Where files of tenants are.
    pub(super) fn files(&self) -> PathBuf {
        self.folder.path().join("tenants")
    }

    /// The viewer of the fixture's rules, for one dashboard.
    pub(super) fn viewer(&self, dashboard: &str) -> anyhow::Result<Who> {
        let mut claims = Claims::new(Resource::Dashboard(dashboard.to_owned()), NOW + 3000);
        claims.sub = OWNERS.first().map(ToString::to_string);
        claims.attributes.insert("people".to_owned(), OWNERS.into());
        let token = tenancy::sign_embed_token(&self.embed.0, &self.embed.1, &claims);
        Ok(Who::Viewer(token.context("the embed key does not sign")?))
    }

    /// One request.
    pub(super) async fn send(&self, who: &Who, method: Method, path: &str, body: &Value) -> anyhow::Result<Reply> {
        let credential = match who {
            Who::Operator => &self.operator,
            Who::Key => &self.key,
            Who::Viewer(token) => token,
        };
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("http://{}{path}", self.address))
            .header("authorization", format!("Bearer {credential}"))
            .header("content-type", "application/json");
        if method == Method::PUT {
            request = request.header("if-none-match", "*");
        }
        let request = request.body(Full::from(body.to_string()))?;
        let Ok(response) = self.client.request(request).await else { return Ok(broken_off()) };
        let status = response.status().as_u16();
        let visible = |name: &str| !matches!(name, "x-request-id" | "date");
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().filter(|(name, _)| visible(name.as_str()));
        let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
        headers.sort();
        match response.into_body().collect().await {
            Ok(body) => Ok(Reply { status, headers, body: body.to_bytes().to_vec() }),
            Err(_) => Ok(broken_off()),
        }
    }

    /// A `POST`.
    pub(super) async fn post(&self, who: &Who, path: &str, body: &Value) -> anyhow::Result<Reply> {
        self.send(who, Method::POST, path, body).await
    }

    /// Makes a thing as the operator.
    pub(super) async fn make(&self, path: &str, draft: &Value) -> anyhow::Result<Value> {
        let reply = self.post(&Who::Operator, path, draft).await?;
        let text = String::from_utf8_lossy(&reply.body);
        anyhow::ensure!(reply.status == 201, "{path}: {} {text}", reply.status);
        Ok(serde_json::from_slice(&reply.body)?)
    }

    /// Writes a placement of the tenant, has the product set it up, and has it looked at.
    pub(super) async fn place(
        &self,
        shop: Shop,
        placement: Value,
        administrator: Option<&Administrator>,
    ) -> anyhow::Result<()> {
        let slug = shop.slug();
        // Not over HTTP: there it is looked at in the background, before it is set up.
        let draft = serde_json::from_value(placement)?;
        let console = console(&self.tenancy);
        console.put_placement(ACME.0, slug, 0, draft).await?;
        if let Some(administrator) = administrator {
            let placement = console.resolved_placement(ACME.0, slug).await?;
            let script = setup::script(&placement)?;
            setup::apply(&placement, administrator, &script, &gateway::Settings::default(), PATIENCE).await?;
        }
        let path = format!("/v1/tenants/acme/placements/{slug}/check");
        let reply = self.post(&Who::Operator, &path, &json!({})).await?;
        let found: Value = serde_json::from_slice(&reply.body)?;
        let holds = found.get("preflight").and_then(Value::as_str) == Some("holds");
        anyhow::ensure!(holds, "the placement {slug} does not hold: {found}");
        Ok(())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The transfer ended before its end: nothing of it counts, and that it did is the answer.
fn broken_off() -> Reply {
    Reply { status: 599, headers: Vec::new(), body: b"{\"code\":\"broken-off\"}".to_vec() }
}

#[expect(clippy::disallowed_methods, reason = "a development tool is at its own host")]
fn console(tenancy: &Tenancy) -> OperatorScope {
    tenancy.console()
}
