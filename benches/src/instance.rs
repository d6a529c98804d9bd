//! An instance of the product, served on a real socket.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tenancy::model::content::CardDraft;
use tenancy::model::keys::ApiKeyDraft;
use tenancy::model::placing::SourceDraft;
use tenancy::model::publication::PublicationDraft;
use tenancy::model::tenant::TenantDraft;
use tenancy::{Host, Keyring, OperatorScope, Settings, StoreLocation, Tenancy};

/// The product under measurement.
pub(crate) struct Instance {
    pub(crate) tenancy: Tenancy,
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

/// The machine's clock, and randomness that is the same in each run.
#[expect(clippy::disallowed_methods, reason = "the benchmark is the host here")]
pub(crate) fn host() -> Host {
    let generator = Mutex::new(StdRng::seed_from_u64(7));
    Host::new(Timestamp::now, move |bytes| {
        if let Ok(mut generator) = generator.lock() {
            generator.fill_bytes(bytes);
        }
    })
}

/// Opens the metadata in a folder.
pub(crate) async fn open(folder: &Path) -> Result<Tenancy> {
    let host = host();
    let keyring = Keyring::parse(&"17".repeat(32))?;
    let settings = Settings { sqlite_root: Some(folder.into()), audience: "cloison".into() };
    Ok(Tenancy::open(StoreLocation::Sqlite(&folder.join("metadata.db")), host, keyring, settings).await?)
}

impl Instance {
    pub(crate) async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let tenancy = open(folder.path()).await?;
        let gateway = gateway::Gateway::new(gateway::Settings::default());
        let settings = server::Settings {
            requests_per_minute: std::num::NonZeroU32::new(100_000_000).context("not zero")?,
            ..server::Settings::default()
        };
        let app = server::App::new(tenancy.clone(), gateway, settings, None);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(server::serve(listener, app, std::future::pending()));
        Ok(Self { tenancy, address, _folder: folder })
    }

    #[expect(clippy::disallowed_methods, reason = "the benchmark is the host here")]
    pub(crate) fn console(&self) -> OperatorScope {
        self.tenancy.console()
    }

    pub(crate) async fn source(&self, draft: Value) -> Result<()> {
        self.console().create_source(serde_json::from_value::<SourceDraft>(draft)?).await?;
        Ok(())
    }

    /// A card that every tenant sees.
    pub(crate) async fn card(&self, draft: Value) -> Result<()> {
        let slug = draft.get("slug").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.console().library()?.create(serde_json::from_value::<CardDraft>(draft)?).await?;
        let publication = json!({ "publish": { "card": slug }, "audience": "all" });
        self.console().create_publication(serde_json::from_value::<PublicationDraft>(publication)?).await?;
        Ok(())
    }

    /// A tenant, and a key of it that may run everything.
    pub(crate) async fn tenant(&self, slug: &str, attributes: Value) -> Result<String> {
        let draft = json!({ "slug": slug, "name": slug, "attributes": attributes });
        self.console().create_tenant(serde_json::from_value::<TenantDraft>(draft)?).await?;
        let scopes = json!([{ "actions": ["cards:run"], "resources": { "all": true } }]);
        let draft: ApiKeyDraft = serde_json::from_value(json!({ "name": "bench", "scopes": scopes }))?;
        let key = self.console().tenant_keys(slug).await?.create_api_key(draft).await?;
        Ok(key.secret.expose().to_owned())
    }
}
