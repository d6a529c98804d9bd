//! The demo's tenants, library and keys: made once, found again at the next start.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use query::Engine;
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use tenancy::model::keys::{ApiKeyDraft, EmbedKeyDraft, OperatorAction, OperatorKeyDraft};
use tenancy::model::placing::{PlacementDraft, SourceDraft};
use tenancy::model::publication::{Audience, PublicationDraft, Published};
use tenancy::model::tenant::TenantDraft;
use tenancy::{Action, Grant, Resources, Scope, Slug, WriteError};

use super::clients::{CLIENTS, Client};
use super::databases::Place;
use super::words;
use crate::commands::Session;
use crate::config::write_private;
use crate::library::{Library, apply};

#[derive(RustEmbed)]
#[folder = "../../content/moodle"]
struct Content;

/// One client with its keys.
pub(super) struct Furnished {
    pub(super) client: &'static Client,
    pub(super) place: String,
    pub(super) api_key: String,
    pub(super) embed_key: String,
    pub(super) embed_secret: String,
}

/// What must be remembered between starts: secrets are shown once.
#[derive(Serialize, Deserialize)]
struct Kept {
    operator_key: String,
    clients: BTreeMap<String, KeptClient>,
}

#[derive(Clone, Serialize, Deserialize)]
struct KeptClient {
    api_key: String,
    embed_key: String,
    embed_secret: String,
}

/// Makes what is not there yet.
pub(super) async fn furnish(session: &Session, dir: &Path, places: &[Place]) -> Result<Vec<Furnished>> {
    let path = dir.join("demo.json");
    let kept: Kept = if path.exists() {
        let text = std::fs::read_to_string(&path)?;
        serde_json::from_str(&text).context("demo.json is damaged; begin anew with --fresh")?
    } else {
        let kept = make(session, places).await?;
        write_private(&path, &serde_json::to_string_pretty(&kept)?)?;
        kept
    };
    let clients = CLIENTS.iter().zip(places).map(|(client, place)| {
        let own = kept.clients.get(client.slug).cloned().context("demo.json is damaged; begin anew with --fresh")?;
        let KeptClient { api_key, embed_key, embed_secret } = own;
        Ok(Furnished { client, place: place.words.clone(), api_key, embed_key, embed_secret })
    });
    clients.collect()
}

async fn make(session: &Session, places: &[Place]) -> Result<Kept> {
    let console = session.console();
    let template = PlacementDraft { file: Some("{slug}.db".into()), ..PlacementDraft::default() };
    let source = SourceDraft {
        slug: Slug::parse("lms")?,
        name: "Learning platform".into(),
        description: None,
        engine: Engine::Sqlite,
        template: Some(template),
        max_connections: 50,
        tables: std::sync::Arc::default(),
    };
    there(console.create_source(source).await)?;
    for (client, place) in CLIENTS.iter().zip(places) {
        there(console.create_tenant(tenant(client)?).await)?;
        if let Some(placement) = place.placement.clone() {
            console.put_placement(client.slug, "lms", 0, placement).await?;
        }
    }
    apply(&console.library()?, Library::read(&words::laid_over(files())?)?).await?;
    let publication = PublicationDraft { publish: Published::Collection("moodle".into()), audience: Audience::All };
    console.create_publication(publication).await?;
    let mut clients = BTreeMap::new();
    for client in &CLIENTS {
        clients.insert(client.slug.to_owned(), keys(session, client).await?);
    }
    let operator = OperatorKeyDraft {
        name: "demo".into(),
        actions: OperatorAction::ALL.into(),
        expires_at: None,
        networks: Vec::new(),
    };
    let operator_key = console.create_operator_key(operator).await?.secret.expose().to_owned();
    Ok(Kept { operator_key, clients })
}

/// An earlier start may have been cut short: what it made is taken as it is.
fn there<T>(made: Result<T, WriteError>) -> Result<()> {
    match made {
        Ok(_) | Err(WriteError::Taken { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn tenant(client: &Client) -> Result<TenantDraft> {
    let mut draft = TenantDraft::new(Slug::parse(client.slug)?, client.name);
    draft.locale = client.locale.into();
    draft.timezone = client.timezone.into();
    draft.theme = (client.theme)();
    Ok(draft)
}

/// A key for the client's systems, on the published dashboards only, and a key for signing tokens.
async fn keys(session: &Session, client: &Client) -> Result<KeptClient> {
    let office = session.console().tenant_keys(client.slug).await?;
    let resources = Resources { collections: ["moodle".to_owned()].into(), ..Resources::default() };
    let actions = [Action::DashboardsRead, Action::CardsRun, Action::ResultsExport].into();
    let draft = ApiKeyDraft {
        name: "portal".into(),
        scopes: Grant::new(vec![Scope { actions, resources: resources.clone() }])?,
        expires_at: None,
        networks: Vec::new(),
        requests_per_minute: None,
    };
    let api_key = office.create_api_key(draft).await?.secret.expose().to_owned();
    let draft = EmbedKeyDraft { resources, ..EmbedKeyDraft::hs256("portal") };
    let made = office.create_embed_key(draft).await?;
    let secret = made.secret.context("an HS256 key has a secret")?;
    Ok(KeptClient { api_key, embed_key: made.key.id.to_string(), embed_secret: secret.expose().to_owned() })
}

fn files() -> BTreeMap<String, String> {
    Content::iter()
        .filter_map(|name| {
            let file = Content::get(&name)?;
            Some((name.into_owned(), String::from_utf8(file.data.into_owned()).ok()?))
        })
        .collect()
}
