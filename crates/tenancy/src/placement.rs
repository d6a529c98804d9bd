//! Where one tenant's rows of one data source are, and what keeps them apart.
//!
//! A connection is a typed record and never a URL with options: there is no
//! field in which `sslmode`, an init command or a socket path could be smuggled.
//! "No isolation" cannot be written down: [`Level`] has no such variant.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::ids::{SourceId, TenantId};
use crate::model::rules::{TableDraft, Tables, TenantRule};
use crate::secret::Secret;

/// The isolation level of a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The tenant has a database (or a file) and a login of its own.
    Database,
    /// The tenant has a schema of its own in a shared database, and a login with rights there only.
    Schema,
    /// Tenants share tables; PostgreSQL's row level security, forced, keeps rows apart by the login that each tenant has.
    NativeRows,
    /// Tenants share tables that no tenant's login may read; it reads views that are keyed on the login.
    ViewRows,
    /// Tenants share tables and perhaps a login; the SQL guard puts a fence around every table. Runs the operator's cards
    /// only: SQL written by a tenant is refused.
    GuardedRows,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 5] = [Self::Database, Self::Schema, Self::NativeRows, Self::ViewRows, Self::GuardedRows];

    /// The written form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::NativeRows => "native-rows",
            Self::ViewRows => "view-rows",
            Self::GuardedRows => "guarded-rows",
        }
    }

    /// Whether tenants share tables, so that each row must say whose it is.
    #[must_use]
    pub const fn shares_tables(self) -> bool {
        match self {
            Self::Database | Self::Schema => false,
            Self::NativeRows | Self::ViewRows | Self::GuardedRows => true,
        }
    }

    /// Whether the tenant needs a login that no other tenant has.
    #[must_use]
    pub const fn needs_own_login(self) -> bool {
        match self {
            Self::Database | Self::Schema | Self::NativeRows | Self::ViewRows => true,
            Self::GuardedRows => false,
        }
    }
}

/// How a database knows whose rows a session reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// By the login, which is one tenant's.
    #[default]
    Login,
    /// By a name that each transaction is given under a signature, so that tenants may share a login. Level `native-rows`
    /// only, where an administrator cannot or will not make logins.
    Signed,
}

/// Transport security towards a database server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// TLS with a certificate that the system's authorities vouch for and that names the host.
    #[default]
    Verify,
    /// TLS without checking the certificate: hides from a listener, not from an impostor.
    Encrypt,
    /// No TLS. For loopback and private links.
    Off,
}

/// One tenant's place, resolved and complete. Only this crate makes one.
pub struct Placement {
    pub(crate) tenant: TenantId,
    pub(crate) source: SourceId,
    pub(crate) level: Level,
    pub(crate) connection: Connection,
    pub(crate) rows: Rows,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) connection_limit: u32,
}

/// What is known about the rows there.
#[derive(Default)]
pub struct Rows {
    /// What the tenant's rows hold in the tenant column of shared tables. Empty where tenants do not share tables.
    pub key: String,
    /// Level `view-rows`: the schema or database with the shared tables, which the tenant's login may not read.
    pub base: Option<String>,
    /// The data source's declared tables.
    pub tables: Arc<Tables>,
    /// Secret text of this tenant, for masks that show a digest.
    pub salt: Secret,
    /// What signs for whom a transaction is, 64 hexadecimal digits; none where the login says it.
    pub signing: Option<Secret>,
}

/// What to dial or open.
pub enum Connection {
    /// A PostgreSQL server.
    Postgres(Server),
    /// A MariaDB or MySQL server.
    Mysql(Server),
    /// A SQLite file.
    Sqlite(SqliteFile),
}

/// A login on a database server.
pub struct Server {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Database name.
    pub database: String,
    /// Schema, for level [`Level::Schema`] on PostgreSQL.
    pub schema: Option<String>,
    /// Login name.
    pub user: String,
    /// Login password.
    pub password: Secret,
    /// Transport security.
    pub tls: Tls,
}

/// A SQLite file below the operator's directory of tenant files.
pub struct SqliteFile {
    /// Absolute path, made by this crate from a checked relative name.
    pub path: PathBuf,
    /// The directory that `path` must still be in when its symbolic links are resolved.
    pub root: Arc<std::path::Path>,
}

impl Placement {
    /// The tenant whose rows are there.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The data source.
    #[must_use]
    pub fn source(&self) -> &SourceId {
        &self.source
    }

    /// The isolation level.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// What to dial.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The engine.
    #[must_use]
    pub const fn engine(&self) -> query::Engine {
        match self.connection {
            Connection::Postgres(_) => query::Engine::Postgres,
            Connection::Mysql(_) => query::Engine::Mysql,
            Connection::Sqlite(_) => query::Engine::Sqlite,
        }
    }

    /// What is known about the rows there.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// A digest of tenant, source, level, every field of the connection, secrets included, and the
    /// rules of its tables:
    /// equal fingerprints may share connections and cached rows, different ones never.
    #[must_use]
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// How many connections may be open to this placement's server at once, over all tenants.
    #[must_use]
    pub fn connection_limit(&self) -> u32 {
        self.connection_limit
    }
}

/// The table that [`Placement::probe`] reads, and its tenant column.
pub const PROBE_TABLE: &str = "cloison_probe";
/// See [`PROBE_TABLE`].
pub const PROBE_COLUMN: &str = "tenant_id";

impl Placement {
    /// The same place for a tenant that does not exist, with the table [`PROBE_TABLE`]: to try on a user's own server,
    /// with rows that are nobody's, whether a level holds. Where it has a login of its own, that is its only table; a
    /// login that tenants share reads the declared ones too. None at levels where tenants share no tables.
    #[must_use]
    pub fn probe(&self, host: &Host, key: &str, user: &str, password: &Secret) -> Option<Self> {
        if !self.level.shares_tables() {
            return None;
        }
        let own = self.level.needs_own_login() && self.rows.signing.is_none();
        let of = |server: &Server| Server {
            host: server.host.clone(),
            port: server.port,
            database: server.database.clone(),
            schema: server.schema.clone(),
            user: if own { user.to_owned() } else { server.user.clone() },
            password: if own { password.clone() } else { server.password.clone() },
            tls: server.tls,
        };
        let connection = match &self.connection {
            Connection::Postgres(server) => Connection::Postgres(of(server)),
            Connection::Mysql(server) => Connection::Mysql(of(server)),
            Connection::Sqlite(_) => return None,
        };
        let rule = TenantRule::of_key(PROBE_COLUMN.to_owned());
        let table = TableDraft { tenant: Some(rule), ..TableDraft::default() };
        let mut tables = if own { Tables::new() } else { Tables::clone(&self.rows.tables) };
        tables.insert(PROBE_TABLE.to_owned(), table);
        let tables = Arc::new(tables);
        let (base, salt, signing) = (self.rows.base.clone(), self.rows.salt.clone(), self.rows.signing.clone());
        let rows = Rows { key: key.to_owned(), base, tables, salt, signing };
        let tenant = TenantId::random(host);
        let fingerprint = fingerprint(&tenant, &self.source, self.level, &connection, &rows);
        let (source, level) = (self.source.clone(), self.level);
        Some(Self { tenant, source, level, connection, rows, fingerprint, connection_limit: self.connection_limit })
    }
}

/// The digest behind [`Placement::fingerprint`]: every field, each with its length, so that no two differ only in where one ends.
pub(crate) fn fingerprint(
    tenant: &TenantId,
    source: &SourceId,
    level: Level,
    connection: &Connection,
    rows: &Rows,
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &[u8]| {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    };
    add(tenant.as_str().as_bytes());
    add(source.as_str().as_bytes());
    add(level.name().as_bytes());
    add(rows.key.as_bytes());
    add(&[u8::from(rows.base.is_some())]);
    add(rows.base.as_deref().unwrap_or_default().as_bytes());
    add(rows.salt.expose().as_bytes());
    add(&[u8::from(rows.signing.is_some())]);
    add(rows.signing.as_ref().map(Secret::expose).unwrap_or_default().as_bytes());
    // Maps in the order of their names: equal rules are equal text.
    add(&serde_json::to_vec(&rows.tables).unwrap_or_default());
    let (engine, server): (&[u8], _) = match connection {
        Connection::Sqlite(file) => {
            add(b"sqlite");
            add(file.path.as_os_str().as_encoded_bytes());
            add(file.root.as_os_str().as_encoded_bytes());
            return *hasher.finalize().as_bytes();
        }
        Connection::Postgres(server) => (b"postgres", server),
        Connection::Mysql(server) => (b"mysql", server),
    };
    add(engine);
    add(server.host.as_bytes());
    add(&server.port.to_le_bytes());
    add(server.database.as_bytes());
    add(&[u8::from(server.schema.is_some())]);
    add(server.schema.as_deref().unwrap_or_default().as_bytes());
    add(server.user.as_bytes());
    add(server.password.expose().as_bytes());
    add(match server.tls {
        Tls::Verify => b"verify",
        Tls::Encrypt => b"encrypt",
        Tls::Off => b"off",
    });
    *hasher.finalize().as_bytes()
}

#[cfg(feature = "testing")]
impl Placement {
    /// A placement without a catalog, for tests of the data plane.
    #[must_use]
    pub fn for_tests(
        tenant: TenantId,
        source: SourceId,
        level: Level,
        connection: Connection,
        rows: Rows,
        connection_limit: u32,
    ) -> Self {
        let fingerprint = fingerprint(&tenant, &source, level, &connection, &rows);
        Self { tenant, source, level, connection, rows, fingerprint, connection_limit }
    }
}
