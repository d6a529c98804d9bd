//! From a data source and a tenant to a placement.

use std::sync::Arc;

use crate::kernel::Tenancy;
use crate::model::Invalid;
use crate::model::placing::{PlacementDraft, Source};
use crate::model::tenant::{Tenant, TenantDraft};
use crate::placement::{self, Connection, Placement, Server};
use crate::view::{Library, TenantView};

/// The placement of one tenant for one source; remembered in the tenant's view.
pub(crate) fn placement(
    kernel: &Tenancy,
    view: &TenantView,
    library: &Library,
    source: &str,
) -> Result<Arc<Placement>, Invalid> {
    let source = library.source(source).ok_or_else(|| Invalid::new("source", "there is no such data source"))?;
    if let Some(known) = view.resolved(library, &source.id) {
        return Ok(known);
    }
    let own = view.placements.get(source.id.as_str());
    let placement = Arc::new(build(kernel, &view.tenant, source, own.cloned())?);
    view.remember(library, &source.id, placement.clone());
    Ok(placement)
}

/// The placement of one tenant for one source, from its own row and the source's template.
pub(crate) fn build(
    kernel: &Tenancy,
    tenant: &Tenant,
    source: &Source,
    own: Option<PlacementDraft>,
) -> Result<Placement, Invalid> {
    let draft = effective(source, &tenant.draft, own)?;
    let (level, connection) = draft.connection(source.draft.engine, kernel.settings().sqlite_root.as_ref())?;
    let fingerprint = placement::fingerprint(&tenant.id, &source.id, level, &connection);
    Ok(Placement {
        tenant: tenant.id.clone(),
        source: source.id.clone(),
        level,
        connection,
        fingerprint,
        connection_limit: source.draft.max_connections,
    })
}

/// The fields in force: the tenant's own over the template's.
pub(crate) fn effective(
    source: &Source,
    tenant: &TenantDraft,
    own: Option<PlacementDraft>,
) -> Result<PlacementDraft, Invalid> {
    if own.is_none() && source.draft.template.is_none() {
        return Err(Invalid::new("source", "the tenant has no placement for this data source"));
    }
    own.unwrap_or_default().over(source.draft.template.as_ref(), &tenant.slug, &tenant.attributes)
}

/// What a placement claims for its tenant alone: the place of the rows, and the login.
///
/// Two tenants with the same database or the same login are not kept apart by either, so the store
/// lets only one have it. Names of one server that differ are told apart by preflight, not here.
pub(crate) fn claims(placement: &Placement) -> Vec<String> {
    let digest = |parts: &[&str]| {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    };
    let server_claims = |engine: &str, server: &Server| {
        let host = server.host.to_ascii_lowercase();
        let at = format!("{engine}://{host}:{}", server.port);
        let schema = match placement.level {
            placement::Level::Database => "",
            placement::Level::Schema => server.schema.as_deref().unwrap_or_default(),
        };
        vec![digest(&["place", &at, &server.database, schema]), digest(&["login", &at, &server.user])]
    };
    match &placement.connection {
        Connection::Sqlite(file) => vec![digest(&["file", &file.path.to_string_lossy()])],
        Connection::Postgres(server) => server_claims("postgresql", server),
        Connection::Mysql(server) => server_claims("mysql", server),
    }
}
