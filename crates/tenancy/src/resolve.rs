//! From a data source and a tenant to a placement.

use std::sync::Arc;

use crate::kernel::Tenancy;
use crate::model::Invalid;
use crate::model::placing::{PlacementDraft, Source};
use crate::model::tenant::{Tenant, TenantDraft};
use crate::placement::{self, Connection, Level, Placement, Rows, Server};
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
    let (key, base) = draft.rows(level, &tenant.draft.slug, &source.draft.tables)?;
    let salt = kernel.keyring().salt_of(tenant.id.as_str());
    let signing = match &connection {
        Connection::Postgres(server) if draft.is_signed() => Some(kernel.keyring().signing_key_of(&server.database)),
        _ => None,
    };
    let rows = Rows { key, base, tables: source.draft.tables.clone(), salt, signing };
    let fingerprint = placement::fingerprint(&tenant.id, &source.id, level, &connection, &rows);
    Ok(Placement {
        tenant: tenant.id.clone(),
        source: source.id.clone(),
        level,
        connection,
        rows,
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

/// Something that one tenant has to itself.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    /// A digest that names it.
    pub(crate) name: String,
    /// The field that says so.
    pub(crate) field: &'static str,
    /// The database that it lies in, by digest, and whether it is the whole of it.
    pub(crate) area: Option<(String, bool)>,
}

/// What a placement claims for its tenant alone: the place of the rows, and the login. None when the tenant has no
/// complete placement there.
///
/// Two tenants with the same database or the same login are not kept apart by either, so the store
/// lets only one have it. Names of one server that differ are told apart by preflight, not here.
pub(crate) fn claims(tenant: &Tenant, source: &Source, own: Option<PlacementDraft>) -> Vec<Claim> {
    match located(tenant, source, own) {
        Err(_) => Vec::new(),
        Ok((level, Connection::Sqlite(file), key, ..)) => {
            vec![place(&Area { at: "file", name: &file.path.to_string_lossy(), field: "file" }, level, None, &key)]
        }
        Ok((level, Connection::Postgres(server), key, _, signed)) => {
            let own = level.needs_own_login() && !signed;
            on_server("postgresql", &server, (level, own), &server.database, &key)
        }
        // Where names are files of a system that does not tell capitals apart, neither does the server.
        Ok((level, Connection::Mysql(server), key, base, _)) => {
            let own = level.needs_own_login();
            let mut claims = on_server("mysql", &server, (level, own), &server.database.to_lowercase(), &key);
            if let Some(base) = base {
                // Nobody has the tables to itself.
                claims.extend(on_server("mysql", &server, (level, own), &base.to_lowercase(), &key));
            }
            claims
        }
    }
}

/// The isolation level of a tenant's place for a data source; none when it has no complete place there.
pub(crate) fn level(tenant: &Tenant, source: &Source, own: Option<PlacementDraft>) -> Option<Level> {
    located(tenant, source, own).ok().map(|(level, ..)| level)
}

/// Where and how, what the rows hold and where the tables are, and whether the login says whose a session is.
type Located = (Level, Connection, String, Option<String>, bool);

fn located(tenant: &Tenant, source: &Source, own: Option<PlacementDraft>) -> Result<Located, Invalid> {
    // Claims outlive this process and are compared with those of others, which may see the same files elsewhere.
    let anywhere: Arc<std::path::Path> = Arc::from(std::path::Path::new(""));
    let draft = effective(source, &tenant.draft, own)?;
    let (level, connection) = draft.connection(source.draft.engine, Some(&anywhere))?;
    let (key, base) = draft.rows(level, &tenant.draft.slug, &source.draft.tables)?;
    Ok((level, connection, key, base, draft.is_signed()))
}

/// What one tenant has the whole of, or a part.
struct Area<'a> {
    at: &'a str,
    name: &'a str,
    field: &'static str,
}

/// `own` is whether the tenant needs a login that no other tenant has.
fn on_server(engine: &str, server: &Server, (level, own): (Level, bool), database: &str, key: &str) -> Vec<Claim> {
    let at = format!("{engine}://{}:{}", host_name(&server.host), server.port);
    let area = Area { at: &at, name: database, field: "database" };
    let logins = digest(&["logins", &at, &server.user]);
    // A login of one's own is the whole of it. Others may share one, but not one that is somebody's own.
    let login = if own {
        Claim { name: digest(&["login", &at, &server.user]), field: "user", area: Some((logins, true)) }
    } else {
        let name = digest(&["shared login", &at, &server.user, database, key]);
        Claim { name, field: "user", area: Some((logins, false)) }
    };
    vec![place(&area, level, server.schema.as_deref(), key), login]
}

/// The place of the rows: all of a database, a schema of it, or the rows with one key.
fn place(area: &Area<'_>, level: Level, schema: Option<&str>, key: &str) -> Claim {
    let digest_of = |kind: &str, rest: &[&str]| digest(&[&[kind, area.at, area.name], rest].concat());
    let whole = digest_of("area", &[]);
    match level {
        Level::Database => Claim { name: digest_of("place", &[""]), field: area.field, area: Some((whole, true)) },
        Level::Schema => {
            let name = digest_of("place", &[schema.unwrap_or_default()]);
            Claim { name, field: "schema", area: Some((whole, false)) }
        }
        // Whatever the schema: the views of one may show the tables of another. Capitals do not make another key: not
        // every column tells them apart.
        Level::NativeRows | Level::ViewRows | Level::GuardedRows => {
            let name = digest_of("rows", &[&key.to_lowercase()]);
            Claim { name, field: "row_key", area: Some((whole, false)) }
        }
    }
}

/// One spelling of a host: an address in its usual form, a name in small letters without the final dot.
fn host_name(host: &str) -> String {
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => host.trim_end_matches('.').to_ascii_lowercase(),
    }
}

fn digest(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
