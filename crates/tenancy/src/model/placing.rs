//! Data sources, and what an operator writes about where each tenant's rows are.

use serde::{Deserialize, Serialize};

use super::pattern::{self, PatternError};
use super::rules::{self, Tables};
use super::{Invalid, Record, check_name, check_text};
use crate::ids::{SourceId, TenantId};
use crate::placement::{Connection, Identity, Level, Server, SqliteFile, Tls};
use crate::secret::Secret;
use crate::slug::Slug;
use query::Engine;

/// What an operator writes about a data source.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceDraft {
    /// Immutable name that cards and placements use.
    pub slug: Slug,
    /// Name for people.
    pub name: String,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The engine that its databases run on, unless the template or a placement names another one.
    pub engine: Engine,
    /// How a tenant's placement is derived when it has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<PlacementDraft>,
    /// Connections that may be open to one of its database servers at once, over all tenants.
    #[serde(default = "default_connections")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub max_connections: u32,
    /// Its tables: whose a row is, which viewer reads it, which columns are masked. Where there are some, cards read
    /// these tables and no others.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[schema(value_type = std::collections::BTreeMap<String, rules::TableDraft>)]
    pub tables: std::sync::Arc<Tables>,
}

fn is_empty(tables: &std::sync::Arc<Tables>) -> bool {
    tables.is_empty()
}

fn default_connections() -> u32 {
    50
}

/// A data source as stored.
pub type Source = Record<SourceId, SourceDraft>;

/// Where rows are. In a template every text may hold `{slug}` and `{attributes.name}`; in a tenant's own
/// placement absent fields are the template's.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementDraft {
    /// Isolation level; `database` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Another engine than the data source's, for tenants that differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// Host name or address of the database server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// TCP port; the engine's usual one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Database name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Schema, for level `schema` on PostgreSQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Login name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Login password. Written, never read back.
    #[serde(default, skip_serializing)]
    #[schema(value_type = Option<String>, write_only)]
    pub password: Option<Secret>,
    /// Transport security; `verify` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// SQLite: file name below the operator's directory of tenant files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where tenants share tables: what the tenant's rows hold in the tenant column; `{slug}` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_key: Option<String>,
    /// Level `view-rows`: the schema (PostgreSQL) or database (MariaDB, MySQL) with the shared tables. `schema` or
    /// `database` is where the tenant's login finds the views.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Level `native-rows`: how the database knows whose rows to show; by the login when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// A tenant's own placement as stored.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PlacementRecord {
    /// The tenant.
    pub tenant: TenantId,
    /// The data source.
    pub source: SourceId,
    /// Grows with each edit.
    pub version: i64,
    /// Whether the fields come from the data source's template alone.
    pub from_template: bool,
    /// The fields in force for this tenant, patterns expanded, without the password.
    #[serde(flatten)]
    #[schema(inline)]
    pub draft: PlacementDraft,
}

impl SourceDraft {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_name("name", &self.name)?;
        check_text("description", self.description.as_deref().unwrap_or_default(), 2000)?;
        if !(1..=10_000).contains(&self.max_connections) {
            return Err(Invalid::new("max_connections", "write 1 to 10000"));
        }
        rules::validate(&self.tables)?;
        match &self.template {
            Some(template) => template.validate_template(self.engine),
            None => Ok(()),
        }
    }
}

const SIGNED_ELSEWHERE: &str = "\"signed\" is for level \"native-rows\"";

/// Why an engine has no such level, if it has not.
fn unknown_to(engine: Engine, level: Level) -> Option<&'static str> {
    match (engine, level) {
        (Engine::Sqlite, Level::Schema) => Some("SQLite has no schemas: use level \"database\", a file per tenant"),
        (Engine::Sqlite, Level::NativeRows | Level::ViewRows) => {
            Some("SQLite has no logins: use level \"database\", a file per tenant, or \"guarded-rows\"")
        }
        (Engine::Mysql, Level::Schema) => Some("in MariaDB and MySQL a schema is a database: use level \"database\""),
        (Engine::Mysql, Level::NativeRows) => {
            Some("MariaDB and MySQL have no row level security: use level \"view-rows\"")
        }
        (Engine::Sqlite, Level::Database | Level::GuardedRows)
        | (Engine::Mysql, Level::Database | Level::ViewRows | Level::GuardedRows)
        | (Engine::Postgres, _) => None,
    }
}

/// Why a stored password is not kept: who may write a placement cannot read its password, and must not have it sent to a
/// server of their own either.
pub(crate) const LOGIN_CHANGED: &str =
    "is needed again where the engine, the host, the port, the login or the transport security is another";

impl PlacementDraft {
    /// Whether a password of this one is also for that one: the same login on the same server.
    pub(crate) fn has_login_of(&self, other: &Self) -> bool {
        let login = |draft: &Self| (draft.engine, draft.host.clone(), draft.port, draft.user.clone(), draft.tls);
        login(self) == login(other)
    }

    fn texts(&self) -> [(&'static str, Option<&str>); 8] {
        [
            ("host", self.host.as_deref()),
            ("database", self.database.as_deref()),
            ("schema", self.schema.as_deref()),
            ("user", self.user.as_deref()),
            ("password", self.password.as_ref().map(Secret::expose)),
            ("file", self.file.as_deref()),
            ("row_key", self.row_key.as_deref()),
            ("base", self.base.as_deref()),
        ]
    }

    /// A template must be readable, and what keeps tenants apart must differ between them.
    fn validate_template(&self, engine: Engine) -> Result<(), Invalid> {
        for (field, text) in self.texts() {
            pattern::varies(text.unwrap_or_default())
                .map_err(|error| Invalid::new(format!("template.{field}"), error.to_string()))?;
        }
        let level = self.level.unwrap_or(Level::Database);
        let engine = self.engine.unwrap_or(engine);
        if let Some(message) = unknown_to(engine, level) {
            return Err(Invalid::new("template.level", message));
        }
        let must_vary: &[&str] = match (engine, level) {
            (Engine::Sqlite, Level::Database) => &["file"],
            (Engine::Postgres | Engine::Mysql, Level::Database) => &["database", "user"],
            (_, Level::Schema) => &["schema", "user"],
            (_, Level::NativeRows) if self.is_signed() => &[],
            (_, Level::NativeRows | Level::ViewRows) => &["user"],
            (_, Level::GuardedRows) => &[],
        };
        if self.is_signed() && level != Level::NativeRows {
            return Err(Invalid::new("template.identity", SIGNED_ELSEWHERE));
        }
        // The tenant's slug when absent.
        if level.shares_tables() && self.row_key.as_deref().is_some_and(|key| !pattern::varies(key).unwrap_or(false)) {
            return Err(Invalid::new(
                "template.row_key",
                "must differ between tenants: use {slug} or {attributes.name} in it",
            ));
        }
        for (field, text) in self.texts() {
            if must_vary.contains(&field) && !text.is_some_and(|text| pattern::varies(text).unwrap_or(false)) {
                return Err(Invalid::new(
                    format!("template.{field}"),
                    "must differ between tenants: use {slug} or {attributes.name} in it",
                ));
            }
        }
        Ok(())
    }

    /// Whether tenants may share the login, because each statement says under a signature whom it is for.
    pub(crate) fn is_signed(&self) -> bool {
        self.identity == Some(Identity::Signed)
    }

    /// This draft with absent fields from `template`, the template's patterns expanded for the tenant.
    pub(crate) fn over(
        self,
        template: Option<&Self>,
        slug: &Slug,
        attributes: &std::collections::BTreeMap<String, serde_json::Value>,
    ) -> Result<Self, Invalid> {
        let Some(template) = template else { return Ok(self) };
        let fill = |field: &str, own: Option<String>, pattern: Option<&str>| match (own, pattern) {
            (Some(own), _) => Ok(Some(own)),
            (None, None) => Ok(None),
            (None, Some(pattern)) => pattern::expand(pattern, slug, attributes)
                .map(Some)
                .map_err(|error: PatternError| Invalid::new(field, error.to_string())),
        };
        let password = match (self.password, &template.password) {
            (Some(own), _) => Some(own),
            (None, Some(pattern)) => fill("password", None, Some(pattern.expose()))?.map(Secret::from),
            (None, None) => None,
        };
        Ok(Self {
            level: self.level.or(template.level),
            engine: self.engine.or(template.engine),
            host: fill("host", self.host, template.host.as_deref())?,
            port: self.port.or(template.port),
            database: fill("database", self.database, template.database.as_deref())?,
            schema: fill("schema", self.schema, template.schema.as_deref())?,
            user: fill("user", self.user, template.user.as_deref())?,
            password,
            tls: self.tls.or(template.tls),
            file: fill("file", self.file, template.file.as_deref())?,
            row_key: fill("row_key", self.row_key, template.row_key.as_deref())?,
            base: fill("base", self.base, template.base.as_deref())?,
            identity: self.identity.or(template.identity),
        })
    }

    /// The complete connection, or which field is missing or wrong.
    pub(crate) fn connection(
        &self,
        engine: Engine,
        sqlite_root: Option<&std::sync::Arc<std::path::Path>>,
    ) -> Result<(Level, Connection), Invalid> {
        let level = self.level.unwrap_or(Level::Database);
        let engine = self.engine.unwrap_or(engine);
        if let Some(message) = unknown_to(engine, level) {
            return Err(Invalid::new("level", message));
        }
        if self.is_signed() && level != Level::NativeRows {
            return Err(Invalid::new("identity", SIGNED_ELSEWHERE));
        }
        let connection = match engine {
            Engine::Sqlite => Connection::Sqlite(self.sqlite(sqlite_root)?),
            Engine::Postgres => Connection::Postgres(self.server(5432)?),
            Engine::Mysql => Connection::Mysql(self.server(3306)?),
        };
        match (&connection, level) {
            (Connection::Postgres(server), Level::Schema) if server.schema.is_none() => {
                Err(Invalid::new("schema", "level \"schema\" needs a schema name"))
            }
            _ => Ok((level, connection)),
        }
    }

    /// What the tenant's rows hold in the tenant column of shared tables, and where those are.
    pub(crate) fn rows(&self, level: Level, slug: &Slug, tables: &Tables) -> Result<(String, Option<String>), Invalid> {
        if !level.shares_tables() {
            return match (&self.row_key, &self.base) {
                (None, None) => Ok((String::new(), None)),
                (Some(_), _) => Err(Invalid::new("row_key", "is for levels at which tenants share tables")),
                (None, Some(_)) => Err(Invalid::new("base", "is for level \"view-rows\"")),
            };
        }
        if !tables.values().any(|table| table.tenant.is_some()) {
            let message = "tenants share tables at this level: declare the data source's \"tables\" and their tenant columns first";
            return Err(Invalid::new("level", message));
        }
        let key = self.row_key.clone().unwrap_or_else(|| slug.to_string());
        if key.is_empty() || key.len() > 255 || key.chars().any(char::is_control) {
            return Err(Invalid::new("row_key", "write 1 to 255 characters without line breaks"));
        }
        let plain = |name: &String| !name.is_empty() && name.len() <= 64 && !name.chars().any(char::is_control);
        match (&self.base, level) {
            (Some(base), Level::ViewRows) if plain(base) => Ok((key, Some(base.clone()))),
            (_, Level::ViewRows) => {
                Err(Invalid::new("base", "level \"view-rows\" needs the schema or database with the shared tables"))
            }
            (None, _) => Ok((key, None)),
            (Some(_), _) => Err(Invalid::new("base", "is for level \"view-rows\"")),
        }
    }

    fn sqlite(&self, root: Option<&std::sync::Arc<std::path::Path>>) -> Result<SqliteFile, Invalid> {
        let file = self.file.as_deref().ok_or_else(|| Invalid::new("file", "SQLite needs a file name"))?;
        let root = root.ok_or_else(|| {
            Invalid::new("engine", "SQLite files are off on this server: set its directory of tenant files first")
        })?;
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        if file.len() > 200 || !file.split('/').all(plain) {
            return Err(Invalid::new(
                "file",
                "write a relative name of letters, digits, '-', '_' and '.'; no part may begin with a dot",
            ));
        }
        Ok(SqliteFile { path: root.join(file), root: root.clone() })
    }

    fn server(&self, usual_port: u16) -> Result<Server, Invalid> {
        let need = |field: &'static str, text: &Option<String>| match text.as_deref() {
            Some(text) if !text.is_empty() && text.len() <= 255 && !text.chars().any(char::is_control) => {
                Ok(text.to_owned())
            }
            _ => Err(Invalid::new(field, "is needed: 1 to 255 characters")),
        };
        let host = need("host", &self.host)?;
        // Colons are those of IPv6: with a port behind a name, claims and the check of networks would be about no host.
        let is_name = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        if !is_name && host.parse::<std::net::IpAddr>().is_err() {
            let message = "write one host name or address, the port in \"port\"; sockets and lists are not taken";
            return Err(Invalid::new("host", message));
        }
        if self.port == Some(0) {
            return Err(Invalid::new("port", "write 1 to 65535"));
        }
        Ok(Server {
            host,
            port: self.port.unwrap_or(usual_port),
            database: need("database", &self.database)?,
            schema: self.schema.as_ref().map(|_| need("schema", &self.schema)).transpose()?,
            user: need("user", &self.user)?,
            password: self.password.clone().ok_or_else(|| Invalid::new("password", "is needed"))?,
            tls: self.tls.unwrap_or_default(),
        })
    }
}
