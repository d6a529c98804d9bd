//! One tenant's keys: made by an operator, or by the tenant's own keys and then never wider than those.

use std::collections::BTreeSet;

use crate::admit::sign;
use crate::admit::{Claims, Verifier};
use crate::credential::{FreshKey, KeyKind};
use crate::error::WriteError;
use crate::grant::{Action, Grant, Lineage, Resources, Scope};
use crate::ids::{ApiKeyId, EmbedKeyId, TenantId};
use crate::kernel::Tenancy;
use crate::load::{api_key_row, embed_key_place, embed_key_row};
use crate::model::audit::AuditEntry;
use crate::model::keys::{Algorithm, ApiKey, ApiKeyDraft, Dialect, EmbedKey, EmbedKeyDraft, MOST_GUEST_KEYS};
use crate::model::{Invalid, Page};
use crate::resolve;
use crate::scope::{Caller, TenantScope};
use crate::secret::Secret;
use crate::store::rows::to_body;
use crate::store::{Actor, Change, Event, Idempotency};

/// The right to see and perhaps to change one tenant's keys.
pub struct KeyOffice {
    pub(crate) kernel: Tenancy,
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
    may_write: bool,
    /// The key that asks; nothing that it makes is wider. `None` for an operator.
    pub(crate) maker: Option<(ApiKeyId, ApiKeyDraft)>,
}

/// A key that was just made, with its text.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct NewApiKey {
    /// The key's text. It is shown this once.
    #[schema(value_type = String)]
    pub secret: FreshKey,
    /// What is kept of it.
    #[serde(flatten)]
    #[schema(inline)]
    pub key: ApiKey,
}

/// An embed key that was just made, with its secret.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct NewEmbedKey {
    /// The HS256 secret. It is shown this once; absent for public keys.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose")]
    #[schema(value_type = Option<String>)]
    pub secret: Option<Secret>,
    /// What is kept of it.
    #[serde(flatten)]
    #[schema(inline)]
    pub key: EmbedKey,
}

fn expose<S: serde::Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => serializer.serialize_str(secret.expose()),
        None => serializer.serialize_none(),
    }
}

impl TenantScope {
    /// The tenant's keys, for a key that may manage them.
    pub async fn keys(&self) -> Result<KeyOffice, WriteError> {
        let Caller::ApiKey(id) = &self.caller else { return Err(WriteError::Forbidden(Action::KeysManage.name())) };
        if !self.grant.allows_somewhere(Action::KeysManage) {
            return Err(WriteError::Forbidden(Action::KeysManage.name()));
        }
        let office = KeyOffice {
            kernel: self.kernel.clone(),
            tenant: self.tenant().clone(),
            actor: Actor { name: self.actor_name(), idempotency: None },
            may_write: true,
            maker: None,
        };
        let own = office.api_key(id.as_str()).await?;
        Ok(KeyOffice { maker: Some((own.id, own.draft)), ..office })
    }

    /// Signs an embed token with one of the tenant's HS256 keys: for systems that hold an API key and no signing key.
    pub async fn sign_embed_token(&self, key: &str, claims: &Claims) -> Result<String, WriteError> {
        let forbidden = || WriteError::Forbidden(Action::EmbedSign.name());
        if self.embed.is_some() {
            return Err(forbidden());
        }
        let seen = match &claims.resource {
            crate::admit::Resource::Dashboard(name) => {
                self.view.dashboard(&self.library, name).map(|seen| seen.lineage)
            }
            crate::admit::Resource::Card(name) => self.view.card(&self.library, name).map(|seen| seen.lineage),
        };
        let lineage = seen.ok_or_else(|| Invalid::new("resource", "there is no such dashboard or card"))?;
        // A token shows rows: whoever has one signed must be allowed to see them, or it would be wider than the key.
        for action in [Action::EmbedSign, Action::DashboardsRead, Action::CardsRun] {
            if !self.grant.allows(action, &lineage) {
                return Err(WriteError::Forbidden(action.name()));
            }
        }
        if self.expires_at.is_some_and(|end| claims.exp.as_f64().is_none_or(|exp| exp > end.as_second() as f64)) {
            return Err(Invalid::new("claims.exp", "must not be later than the end of the key that asks").into());
        }
        EmbedKeyId::parse(key).map_err(|_| WriteError::Missing)?;
        let row = self.kernel.embed_key(key).await?.filter(|row| row.key.tenant == *self.tenant());
        let row = row.ok_or(WriteError::Missing)?;
        if row.key.draft.export && !self.grant.allows(Action::ResultsExport, &lineage) {
            return Err(WriteError::Forbidden(Action::ResultsExport.name()));
        }
        if row.key.draft.dialect != Dialect::Native {
            return Err(
                Invalid::new("key", "is for tokens in Metabase's form, which are signed where they are used").into()
            );
        }
        let public = || Invalid::new("key", "its private part is not here: sign where it is");
        let secret = row.secret.as_ref().ok_or_else(public)?;
        sign(&row.key.id, secret, claims).ok_or_else(|| public().into())
    }

    /// The tenant's audit log, the newest first.
    pub async fn audit(&self, cursor: Option<&str>, limit: u32) -> Result<Page<AuditEntry>, WriteError> {
        if self.embed.is_some() || !self.grant.allows_everywhere(Action::AuditRead) {
            return Err(WriteError::Forbidden(Action::AuditRead.name()));
        }
        self.kernel.audit(Some(self.tenant().as_str()), cursor, limit).await
    }

    pub(crate) fn actor_name(&self) -> String {
        match &self.caller {
            Caller::ApiKey(id) => id.to_string(),
            Caller::Embed(id) => id.to_string(),
            Caller::Link(id) => id.to_string(),
        }
    }
}

impl KeyOffice {
    pub(crate) fn of_operator(kernel: Tenancy, tenant: TenantId, actor: Actor, may_write: bool) -> Self {
        Self { kernel, tenant, actor, may_write, maker: None }
    }

    /// Marks the request that the next creation belongs to: a repetition gets the first one's answer.
    pub fn with_idempotency(&mut self, key: String, digest: [u8; 32]) {
        self.actor.idempotency = Some(Idempotency { key, digest });
    }

    /// The answer to an earlier creation with the same Idempotency-Key.
    pub async fn replay(&self) -> Result<Option<Vec<u8>>, WriteError> {
        self.kernel.replay(&self.actor).await
    }

    pub(crate) fn require(&self) -> Result<(), WriteError> {
        if self.may_write { Ok(()) } else { Err(WriteError::Forbidden("tenants:manage")) }
    }

    /// The key that asks may have ended since it was admitted, and what it makes now would outlive it.
    pub(crate) async fn check_maker(&self, change: &mut Change) -> Result<(), WriteError> {
        let Some((id, _)) = &self.maker else { return Ok(()) };
        let statement = "SELECT id FROM api_key WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL";
        let query = sqlx::query(statement).bind(self.tenant.as_str()).bind(id.as_str());
        let lacks = || WriteError::Forbidden(Action::KeysManage.name());
        if change.exists(query).await? { Ok(()) } else { Err(lacks()) }
    }

    /// The keys that the office is for when it is not for all: the one that asks, which may manage keys of some things
    /// only, and those that were made with it.
    pub(crate) async fn family(&self, known: Option<&[ApiKey]>) -> Result<Option<BTreeSet<ApiKeyId>>, WriteError> {
        let Some((id, draft)) = &self.maker else { return Ok(None) };
        if draft.scopes.allows_everywhere(Action::KeysManage) {
            return Ok(None);
        }
        let all = match known {
            Some(_) => Vec::new(),
            None => {
                let statement = "SELECT * FROM api_key WHERE tenant = $1";
                let rows = self.kernel.store().all(sqlx::query(statement).bind(self.tenant.as_str())).await?;
                rows.iter().map(api_key_row).collect::<Result<_, _>>()?
            }
        };
        let all = known.unwrap_or(&all);
        let mut family = BTreeSet::from([id.clone()]);
        loop {
            let before = family.len();
            let children = all.iter().filter(|key| key.parent.as_ref().is_some_and(|parent| family.contains(parent)));
            let children: Vec<_> = children.map(|key| key.id.clone()).collect();
            family.extend(children);
            if family.len() == before {
                return Ok(Some(family));
            }
        }
    }

    /// A key by id.
    pub async fn api_key(&self, id: &str) -> Result<ApiKey, WriteError> {
        let statement = "SELECT * FROM api_key WHERE tenant = $1 AND id = $2";
        let query = sqlx::query(statement).bind(self.tenant.as_str()).bind(id);
        let row = self.kernel.store().one(query).await?.ok_or(WriteError::Missing)?;
        let key = api_key_row(&row)?;
        if self.family(None).await?.is_some_and(|family| !family.contains(&key.id)) {
            return Err(WriteError::Missing);
        }
        Ok(key)
    }

    /// Every API key, the newest first.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, WriteError> {
        let statement = "SELECT * FROM api_key WHERE tenant = $1 ORDER BY created_at DESC, id";
        let rows = self.kernel.store().all(sqlx::query(statement).bind(self.tenant.as_str())).await?;
        let mut keys = rows.iter().map(api_key_row).collect::<Result<Vec<_>, _>>()?;
        if let Some(family) = self.family(Some(&keys)).await? {
            keys.retain(|key| family.contains(&key.id));
        }
        Ok(keys)
    }

    /// Every embed key, the newest first.
    pub async fn embed_keys(&self) -> Result<Vec<EmbedKey>, WriteError> {
        let statement = "SELECT * FROM embed_key WHERE tenant = $1 ORDER BY created_at DESC, id";
        let rows = self.kernel.store().all(sqlx::query(statement).bind(self.tenant.as_str())).await?;
        let mut keys = rows.iter().map(embed_key_row).collect::<Result<Vec<_>, _>>()?;
        if let Some(family) = self.family(None).await? {
            keys.retain(|key| key.parent.as_ref().is_some_and(|parent| family.contains(parent)));
        }
        Ok(keys)
    }

    /// Makes an API key.
    pub async fn create_api_key(&self, draft: ApiKeyDraft) -> Result<NewApiKey, WriteError> {
        self.create_api_key_because(draft, None).await
    }

    pub(crate) async fn create_api_key_because(
        &self,
        mut draft: ApiKeyDraft,
        reason: Option<&str>,
    ) -> Result<NewApiKey, WriteError> {
        self.require()?;
        draft = self.settled(draft).await?;
        let mut change = self.kernel.store().change().await?;
        self.check_maker(&mut change).await?;
        let new = self.insert_api_key(&mut change, draft).await?;
        let event = Event {
            action: if reason.is_some() { "api_key.act_as" } else { "api_key.create" },
            tenant: Some(self.tenant.as_str()),
            object: new.key.id.as_str(),
            detail: reason.unwrap_or(&new.key.draft.name),
        };
        self.kernel.commit_creation(change, &self.actor, event, &new).await?;
        Ok(new)
    }

    /// What is kept of a draft: checked, with ids for names, and no wider than the key that asks.
    pub(crate) async fn settled(&self, mut draft: ApiKeyDraft) -> Result<ApiKeyDraft, WriteError> {
        draft.validate()?;
        draft.scopes = self.named(&draft.scopes).await?;
        if let Some((_, maker)) = &self.maker {
            draft.narrows(maker)?;
        }
        Ok(draft)
    }

    pub(crate) async fn insert_api_key(
        &self,
        change: &mut Change,
        draft: ApiKeyDraft,
    ) -> Result<NewApiKey, WriteError> {
        let host = self.kernel.host();
        let (secret, digest) = FreshKey::random(KeyKind::Tenant, host);
        let now = host.now();
        let key = ApiKey {
            id: ApiKeyId::random(host),
            tenant: self.tenant.clone(),
            parent: self.maker.as_ref().map(|(id, _)| id.clone()),
            created_at: now,
            revoked_at: None,
            last_used_at: None,
            draft,
        };
        let statement = "INSERT INTO api_key (tenant, id, digest, parent, body, expires_at, created_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let insert = sqlx::query(statement)
            .bind(key.tenant.as_str())
            .bind(key.id.as_str())
            .bind(digest.as_bytes().to_vec())
            .bind(key.parent.as_ref().map(ApiKeyId::as_str))
            .bind(to_body(&key.draft)?)
            .bind(key.draft.expires_at.map(jiff::Timestamp::as_microsecond))
            .bind(now.as_microsecond());
        change.execute(insert).await?;
        Ok(NewApiKey { secret, key })
    }

    /// Ends an API key, and every key that was made with it.
    pub async fn revoke_api_key(&self, id: &str) -> Result<(), WriteError> {
        self.require()?;
        self.api_key(id).await?;
        let mut change = self.kernel.store().change().await?;
        self.end_family(&mut change, id).await?;
        let event = Event { action: "api_key.revoke", tenant: Some(self.tenant.as_str()), object: id, detail: "" };
        self.kernel.commit(change, &self.actor, event).await
    }

    /// Ends a key that is in force and all that was made with it.
    pub(crate) async fn end_family(&self, change: &mut Change, id: &str) -> Result<(), WriteError> {
        let now = self.kernel.host().now().as_microsecond();
        let family = "WITH RECURSIVE family (id) AS (SELECT id FROM api_key WHERE tenant = $2 AND id = $3 \
                      UNION SELECT child.id FROM api_key child JOIN family ON child.parent = family.id WHERE child.tenant = $2) ";
        let keys = format!(
            "{family} UPDATE api_key SET revoked_at = $1 WHERE tenant = $2 AND revoked_at IS NULL AND id IN (SELECT id FROM family)"
        );
        let embed_keys = format!(
            "{family} UPDATE embed_key SET revoked_at = $1 WHERE tenant = $2 AND revoked_at IS NULL AND parent IN (SELECT id FROM family)"
        );
        let links = format!(
            "{family} UPDATE public_link SET revoked_at = $1 WHERE tenant = $2 AND revoked_at IS NULL AND parent IN (SELECT id FROM family)"
        );
        let bound = |statement: String| {
            sqlx::query(sqlx::AssertSqlSafe(statement)).bind(now).bind(self.tenant.as_str()).bind(id)
        };
        if change.execute(bound(keys)).await? == 0 {
            return Err(WriteError::Missing);
        }
        change.execute(bound(embed_keys)).await?;
        change.execute(bound(links)).await?;
        Ok(())
    }

    /// Makes an embed key: a secret of ours, or a public key of the tenant's.
    pub async fn create_embed_key(&self, mut draft: EmbedKeyDraft) -> Result<NewEmbedKey, WriteError> {
        self.require()?;
        draft.validate()?;
        let shown = Scope { actions: BTreeSet::from([Action::DashboardsRead]), resources: draft.resources.clone() };
        Grant::new(vec![shown]).map_err(|error| Invalid::new("resources", error.to_string()))?;
        draft.resources = self.ids(&draft.resources).await?;
        if let Some((_, maker)) = &self.maker {
            refuse_wider(draft.export, &draft.resources, &maker.scopes)?;
        }
        let host = self.kernel.host();
        let secret = (draft.algorithm == Algorithm::HS256).then(|| crate::seal::Keyring::fresh(host));
        Verifier::new(&draft, secret.as_ref()).map_err(|message| Invalid::new("public_key", message))?;
        let id = EmbedKeyId::random(host);
        let place = embed_key_place(self.tenant.as_str(), id.as_str());
        let seal = |secret: &Secret| self.kernel.keyring().seal(host, &place, secret.expose().as_bytes());
        let sealed = secret.as_ref().map(seal).transpose()?;
        let now = host.now();
        let parent = self.maker.as_ref().map(|(id, _)| id.clone());
        let key = EmbedKey { id, tenant: self.tenant.clone(), parent, created_at: now, revoked_at: None, draft };
        let mut change = self.kernel.store().change().await?;
        self.check_maker(&mut change).await?;
        if key.draft.dialect == Dialect::Metabase {
            self.count_guest_keys(&mut change).await?;
        }
        let statement =
            "INSERT INTO embed_key (tenant, id, body, sealed, parent, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(statement)
            .bind(key.tenant.as_str())
            .bind(key.id.as_str())
            .bind(to_body(&key.draft)?)
            .bind(sealed)
            .bind(key.parent.as_ref().map(ApiKeyId::as_str))
            .bind(now.as_microsecond());
        change.execute(insert).await?;
        let new = NewEmbedKey { secret, key };
        let event = Event {
            action: "embed_key.create",
            tenant: Some(self.tenant.as_str()),
            object: new.key.id.as_str(),
            detail: &new.key.draft.name,
        };
        self.kernel.commit_creation(change, &self.actor, event, &new).await?;
        Ok(new)
    }

    /// Each of these keys is tried for a token that names none, so they stay few.
    async fn count_guest_keys(&self, change: &mut Change) -> Result<(), WriteError> {
        let statement = "SELECT * FROM embed_key WHERE tenant = $1 AND revoked_at IS NULL";
        let rows = change.all(sqlx::query(statement).bind(self.tenant.as_str())).await?;
        let keys = rows.iter().map(embed_key_row).collect::<Result<Vec<_>, _>>()?;
        if keys.iter().filter(|key| key.draft.dialect == Dialect::Metabase).count() < MOST_GUEST_KEYS {
            return Ok(());
        }
        Err(WriteError::InUse("eight embed keys in Metabase's form are in force: revoke one before making another"))
    }

    /// Ends an embed key and every token that it signed.
    pub async fn revoke_embed_key(&self, id: &str) -> Result<(), WriteError> {
        self.require()?;
        if !self.embed_keys().await?.iter().any(|key| key.id.as_str() == id) {
            return Err(WriteError::Missing);
        }
        let mut change = self.kernel.store().change().await?;
        let now = self.kernel.host().now().as_microsecond();
        let statement = "UPDATE embed_key SET revoked_at = $1 WHERE tenant = $2 AND id = $3 AND revoked_at IS NULL";
        if change.execute(sqlx::query(statement).bind(now).bind(self.tenant.as_str()).bind(id)).await? == 0 {
            return Err(WriteError::Missing);
        }
        let event = Event { action: "embed_key.revoke", tenant: Some(self.tenant.as_str()), object: id, detail: "" };
        self.kernel.commit(change, &self.actor, event).await
    }

    /// The same scopes with ids for names.
    async fn named(&self, scopes: &Grant) -> Result<Grant, WriteError> {
        let mut settled = Vec::new();
        for scope in scopes.scopes() {
            settled.push(Scope { actions: scope.actions.clone(), resources: self.ids(&scope.resources).await? });
        }
        Ok(Grant::new(settled)?)
    }

    /// The same resources with ids for names: a slug that somebody else takes later must not be reached by an old key.
    pub(crate) async fn ids(&self, named: &Resources) -> Result<Resources, WriteError> {
        let view = self.kernel.tenant_view(self.tenant.as_str()).await?.ok_or(WriteError::Missing)?;
        let library = self.kernel.library().await?;
        // A key that may do nothing with a thing is told that there is none, as everywhere.
        let sees = |lineage: &Lineage| match &self.maker {
            None => true,
            Some((_, maker)) => Action::ALL.iter().any(|action| maker.scopes.allows(*action, lineage)),
        };
        let find = |names: &BTreeSet<String>, kind: &str, id: &dyn Fn(&str) -> Option<(String, Lineage)>| {
            let missing =
                || Invalid::new(format!("resources.{kind}"), "the tenant sees no such thing; is it published?");
            let seen = |name: &String| id(name).filter(|(_, lineage)| sees(lineage)).map(|(id, _)| id);
            names.iter().map(|name| seen(name).ok_or_else(missing)).collect::<Result<BTreeSet<_>, _>>()
        };
        Ok(Resources {
            all: named.all,
            collections: find(&named.collections, "collections", &|name| {
                view.collection(&library, name).map(|seen| (seen.record.id.to_string(), seen.lineage))
            })?,
            dashboards: find(&named.dashboards, "dashboards", &|name| {
                view.dashboard(&library, name).map(|seen| (seen.record.id.to_string(), seen.lineage))
            })?,
            cards: find(&named.cards, "cards", &|name| {
                view.card(&library, name).map(|seen| (seen.record.id.to_string(), seen.lineage))
            })?,
            sources: find(&named.sources, "sources", &|name| {
                let id = library.source(name)?.id.to_string();
                // An operator may name one before it is set up for the tenant; the tenant does not hear of it.
                let is_set_up = || resolve::placement(&self.kernel, &view, &library, &id).is_ok();
                let is_known = self.maker.is_none() || is_set_up();
                is_known.then(|| (id.clone(), Lineage { sources: vec![id.clone()], ..Lineage::default() }))
            })?,
        })
    }
}

/// An embed key or a public link lets its holder show things and read their rows: the maker must be allowed all of that.
pub(crate) fn refuse_wider(export: bool, resources: &Resources, maker: &Grant) -> Result<(), WriteError> {
    let mut actions = BTreeSet::from([Action::EmbedSign, Action::DashboardsRead, Action::CardsRun]);
    if export {
        actions.insert(Action::ResultsExport);
    }
    let wanted = Grant::new(vec![Scope { actions, resources: resources.clone() }])?;
    Ok(maker.narrow(&wanted)?)
}
