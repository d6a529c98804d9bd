//! Reading the read model from the store.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::admit::{EmbedKeyRow, KeyRow, OperatorKeyRow, PublicLinkRow, Verifier};
use crate::credential::Digest;
use crate::error::StoreError;
use crate::ids::{ApiKeyId, EmbedKeyId, OperatorKeyId, PublicLinkId, PublicationId, SourceId, TenantId};
use crate::kernel::Tenancy;
use crate::model::Record;
use crate::model::content::Content;
use crate::model::keys::{Algorithm, ApiKey, Dialect, EmbedKey, OperatorKey};
use crate::model::link::PublicLink;
use crate::model::placing::{PlacementDraft, Source, SourceDraft};
use crate::model::publication::Publication;
use crate::model::tenant::Tenant;
use crate::slug::Slug;
use crate::store::Store;
use crate::store::rows::{self, blob_or_none, body, id, integer, record, text, text_or_none, time, time_or_none};
use crate::view::{Library, Shelves, TenantView};

/// The owner of the library's content.
pub(crate) const LIBRARY: &str = "library";

pub(crate) async fn library(kernel: &Tenancy) -> Result<Arc<Library>, StoreError> {
    let stamp = kernel.epoch();
    let store = kernel.store();
    let rows = store.all(sqlx::query("SELECT * FROM source")).await?;
    let sources = rows.iter().map(|row| source(kernel, row)).collect::<Result<Vec<_>, _>>()?;
    let rows = store.all(sqlx::query("SELECT * FROM publication")).await?;
    let publications = rows.iter().map(publication).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Library::new(stamp, sources, shelves(store, LIBRARY).await?, publications)))
}

pub(crate) async fn tenant(kernel: &Tenancy, id: &str) -> Result<Option<Arc<TenantView>>, StoreError> {
    let store = kernel.store();
    let Some(row) = store.one(sqlx::query("SELECT * FROM tenant WHERE id = $1").bind(id)).await? else {
        return Ok(None);
    };
    let tenant: Tenant = record(&row, "tenant", TenantId::parse)?;
    let rows = store.all(sqlx::query("SELECT * FROM placement WHERE tenant = $1").bind(id)).await?;
    let mut placements = HashMap::new();
    for row in &rows {
        let source = text(row, "source")?;
        let draft = placement_draft(kernel, row, &placement_place(id, &source))?;
        placements.insert(source, draft);
    }
    let content = shelves(store, id).await?;
    Ok(Some(Arc::new(TenantView::new(tenant, placements, content))))
}

async fn shelves(store: &Store, owner: &str) -> Result<Shelves, StoreError> {
    Ok(Shelves::new(
        content(store, owner).await?,
        content(store, owner).await?,
        content(store, owner).await?,
        content(store, owner).await?,
    ))
}

async fn content<D: Content>(store: &Store, owner: &str) -> Result<Vec<Record<D::Id, D>>, StoreError> {
    let statement = format!("SELECT * FROM {} WHERE owner = $1", D::TABLE);
    let found = store.all(sqlx::query(AssertSqlSafe(statement)).bind(owner)).await?;
    found.iter().map(rows::content::<D>).collect()
}

/// A source with the password of its template.
pub(crate) fn source(kernel: &Tenancy, row: &AnyRow) -> Result<Source, StoreError> {
    let mut source: Record<SourceId, SourceDraft> = record(row, "source", SourceId::parse)?;
    if let (Some(template), Some(sealed)) = (&mut source.draft.template, blob_or_none(row, "sealed")?) {
        template.password = Some(kernel.keyring().open_text(&source_place(source.id.as_str()), &sealed)?);
    }
    Ok(source)
}

pub(crate) fn placement_draft(kernel: &Tenancy, row: &AnyRow, place: &str) -> Result<PlacementDraft, StoreError> {
    let mut draft: PlacementDraft = body(row, "placement")?;
    if let Some(sealed) = blob_or_none(row, "sealed")? {
        draft.password = Some(kernel.keyring().open_text(place, &sealed)?);
    }
    Ok(draft)
}

pub(crate) fn publication(row: &AnyRow) -> Result<Publication, StoreError> {
    Ok(Publication {
        id: id(row, "id", PublicationId::parse)?,
        version: integer(row, "version")?,
        created_at: time(row, "created_at")?,
        draft: body(row, "publication")?,
    })
}

pub(crate) fn api_key_row(row: &AnyRow) -> Result<ApiKey, StoreError> {
    let parent = text_or_none(row, "parent")?;
    Ok(ApiKey {
        id: id(row, "id", ApiKeyId::parse)?,
        tenant: id(row, "tenant", TenantId::parse)?,
        parent: parent.map(|parent| ApiKeyId::parse(&parent).map_err(|_| StoreError::Unreadable("id"))).transpose()?,
        created_at: time(row, "created_at")?,
        revoked_at: time_or_none(row, "revoked_at")?,
        last_used_at: time_or_none(row, "last_used_at")?,
        draft: body(row, "api key")?,
    })
}

pub(crate) fn operator_key_row(row: &AnyRow) -> Result<OperatorKey, StoreError> {
    Ok(OperatorKey {
        id: id(row, "id", OperatorKeyId::parse)?,
        created_at: time(row, "created_at")?,
        revoked_at: time_or_none(row, "revoked_at")?,
        last_used_at: time_or_none(row, "last_used_at")?,
        draft: body(row, "operator key")?,
    })
}

pub(crate) fn embed_key_row(row: &AnyRow) -> Result<EmbedKey, StoreError> {
    let parent = text_or_none(row, "parent")?;
    Ok(EmbedKey {
        id: id(row, "id", EmbedKeyId::parse)?,
        tenant: id(row, "tenant", TenantId::parse)?,
        parent: parent.map(|parent| ApiKeyId::parse(&parent).map_err(|_| StoreError::Unreadable("id"))).transpose()?,
        created_at: time(row, "created_at")?,
        revoked_at: time_or_none(row, "revoked_at")?,
        draft: body(row, "embed key")?,
    })
}

/// A key that is not revoked, by digest.
pub(crate) async fn api_key(kernel: &Tenancy, digest: &Digest) -> Result<Option<Arc<KeyRow>>, StoreError> {
    let statement = "SELECT * FROM api_key WHERE digest = $1 AND revoked_at IS NULL";
    let row = kernel.store().one(sqlx::query(statement).bind(digest.as_bytes().to_vec())).await?;
    let Some(row) = row else { return Ok(None) };
    let key = api_key_row(&row)?;
    let above = rates_above(kernel, &key).await?;
    Ok(Some(Arc::new(KeyRow::new(*digest, key, above))))
}

/// The rates of the keys that made a key.
async fn rates_above(kernel: &Tenancy, key: &ApiKey) -> Result<Vec<(String, u32)>, StoreError> {
    let mut rates = Vec::new();
    let mut parent = key.parent.clone();
    while let Some(id) = parent {
        let statement = "SELECT * FROM api_key WHERE tenant = $1 AND id = $2";
        let query = sqlx::query(statement).bind(key.tenant.as_str()).bind(id.as_str());
        let row = kernel.store().one(query).await?.ok_or(StoreError::Unreadable("api key"))?;
        let maker = api_key_row(&row)?;
        rates.extend(maker.draft.requests_per_minute.map(|rate| (maker.id.to_string(), rate)));
        parent = maker.parent;
    }
    Ok(rates)
}

/// Whether a key still is there and not revoked.
pub(crate) async fn api_key_holds(kernel: &Tenancy, tenant: &TenantId, key: &ApiKeyId) -> Result<bool, StoreError> {
    let statement = "SELECT id FROM api_key WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL";
    let query = sqlx::query(statement).bind(tenant.as_str()).bind(key.as_str());
    Ok(kernel.store().one(query).await?.is_some())
}

pub(crate) async fn operator_key(kernel: &Tenancy, digest: &Digest) -> Result<Option<Arc<OperatorKeyRow>>, StoreError> {
    let statement = "SELECT * FROM operator_key WHERE digest = $1 AND revoked_at IS NULL";
    let row = kernel.store().one(sqlx::query(statement).bind(digest.as_bytes().to_vec())).await?;
    row.map(|row| Ok(Arc::new(OperatorKeyRow::new(*digest, operator_key_row(&row)?)))).transpose()
}

/// An embed key that is not revoked, ready to verify.
pub(crate) async fn embed_key(kernel: &Tenancy, kid: &str) -> Result<Option<Arc<EmbedKeyRow>>, StoreError> {
    let statement = "SELECT embed_key.*, api_key.expires_at AS ends_at FROM embed_key \
                     LEFT JOIN api_key ON api_key.tenant = embed_key.tenant AND api_key.id = embed_key.parent \
                     WHERE embed_key.id = $1 AND embed_key.revoked_at IS NULL";
    let Some(row) = kernel.store().one(sqlx::query(statement).bind(kid)).await? else { return Ok(None) };
    Ok(Some(verifying(kernel, &row, embed_key_row(&row)?)?))
}

fn verifying(kernel: &Tenancy, row: &AnyRow, key: EmbedKey) -> Result<Arc<EmbedKeyRow>, StoreError> {
    let place = embed_key_place(key.tenant.as_str(), key.id.as_str());
    let sealed = blob_or_none(row, "sealed")?;
    let secret = sealed.map(|sealed| kernel.keyring().open_text(&place, &sealed)).transpose()?;
    let verifier = Verifier::new(&key.draft, secret.as_ref()).map_err(|_| StoreError::Unreadable("embed key"))?;
    Ok(Arc::new(EmbedKeyRow { key, verifier, secret, ends_at: time_or_none(row, "ends_at")? }))
}

/// Whose host names are whose, by slug.
pub(crate) async fn hosts(kernel: &Tenancy) -> Result<Arc<HashMap<String, Slug>>, StoreError> {
    let statement =
        "SELECT tenant_host.host, tenant.slug FROM tenant_host JOIN tenant ON tenant.id = tenant_host.tenant";
    let mut hosts = HashMap::new();
    for row in kernel.store().all(sqlx::query(statement)).await? {
        let slug = Slug::parse(&text(&row, "slug")?).map_err(|_| StoreError::Unreadable("tenant"))?;
        hosts.insert(text(&row, "host")?, slug);
    }
    Ok(Arc::new(hosts))
}

/// The keys of one tenant that are in force for tokens without `kid`, the newest first: HS256, in Metabase's form, and no others.
pub(crate) async fn guest_keys(kernel: &Tenancy, slug: &str) -> Result<Arc<[Arc<EmbedKeyRow>]>, StoreError> {
    let statement = "SELECT embed_key.*, api_key.expires_at AS ends_at FROM embed_key \
                     JOIN tenant ON tenant.id = embed_key.tenant \
                     LEFT JOIN api_key ON api_key.tenant = embed_key.tenant AND api_key.id = embed_key.parent \
                     WHERE tenant.slug = $1 AND embed_key.revoked_at IS NULL ORDER BY embed_key.created_at DESC, embed_key.id";
    let mut keys = Vec::new();
    for row in kernel.store().all(sqlx::query(statement).bind(slug)).await? {
        let key = embed_key_row(&row)?;
        if key.draft.dialect == Dialect::Metabase && key.draft.algorithm == Algorithm::HS256 {
            keys.push(verifying(kernel, &row, key)?);
        }
    }
    Ok(keys.into())
}

pub(crate) fn public_link_row(row: &AnyRow) -> Result<PublicLink, StoreError> {
    let parent = text_or_none(row, "parent")?;
    Ok(PublicLink {
        id: id(row, "id", PublicLinkId::parse)?,
        tenant: id(row, "tenant", TenantId::parse)?,
        parent: parent.map(|parent| ApiKeyId::parse(&parent).map_err(|_| StoreError::Unreadable("id"))).transpose()?,
        created_at: time(row, "created_at")?,
        revoked_at: time_or_none(row, "revoked_at")?,
        draft: body(row, "public link")?,
    })
}

/// A public link that is not revoked.
pub(crate) async fn public_link(kernel: &Tenancy, digest: &Digest) -> Result<Option<Arc<PublicLinkRow>>, StoreError> {
    let statement = "SELECT public_link.*, api_key.expires_at AS ends_at FROM public_link \
                     LEFT JOIN api_key ON api_key.tenant = public_link.tenant AND api_key.id = public_link.parent \
                     WHERE public_link.digest = $1 AND public_link.revoked_at IS NULL";
    let row = kernel.store().one(sqlx::query(statement).bind(digest.as_bytes().to_vec())).await?;
    let read = |row| Ok(Arc::new(PublicLinkRow::new(*digest, public_link_row(&row)?, time_or_none(&row, "ends_at")?)));
    row.map(read).transpose()
}

/// Whether a public link still is there and not revoked.
pub(crate) async fn public_link_holds(
    kernel: &Tenancy,
    tenant: &TenantId,
    link: &PublicLinkId,
) -> Result<bool, StoreError> {
    let statement = "SELECT id FROM public_link WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL";
    let query = sqlx::query(statement).bind(tenant.as_str()).bind(link.as_str());
    Ok(kernel.store().one(query).await?.is_some())
}

/// What the password of a source's template is bound to.
pub(crate) fn source_place(source: &str) -> String {
    format!("source/{source}")
}

/// What the password of a placement is bound to.
pub(crate) fn placement_place(tenant: &str, source: &str) -> String {
    format!("placement/{tenant}/{source}")
}

/// What the secret of an embed key is bound to.
pub(crate) fn embed_key_place(tenant: &str, key: &str) -> String {
    format!("embed_key/{tenant}/{key}")
}
