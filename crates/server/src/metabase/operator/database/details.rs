//! `details`: where a database is and who logs in, in clients' words and in ours.
//!
//! A connection is a typed record here: what would change where we connect and cannot be said is refused, never passed over.

use query::Engine;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tenancy::Secret;
use tenancy::model::placing::PlacementDraft;
use tenancy::placement::{Identity, Level, Tls};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::{maybe, shaped};

/// What stands for a secret that is kept, and keeps it when it is sent back.
const KEPT: &str = "**MetabasePass**";

/// How our fields are called there, where a refusal names one.
pub(in super::super) const FIELDS: [(&str, &str); 24] = [
    ("template.level", "details.level"),
    ("template.host", "details.host"),
    ("template.port", "details.port"),
    ("template.database", "details.dbname"),
    ("template.schema", "details.schema"),
    ("template.user", "details.user"),
    ("template.password", "details.password"),
    ("template.tls", "details.ssl"),
    ("template.file", "details.db"),
    ("template.row_key", "details.row_key"),
    ("template.base", "details.base"),
    ("template.identity", "details.identity"),
    ("level", "details.level"),
    ("host", "details.host"),
    ("port", "details.port"),
    ("database", "details.dbname"),
    ("schema", "details.schema"),
    ("user", "details.user"),
    ("password", "details.password"),
    ("tls", "details.ssl"),
    ("file", "details.db"),
    ("row_key", "details.row_key"),
    ("base", "details.base"),
    ("identity", "details.identity"),
];

/// What a body says of it. What it does not say stays; null takes a field away.
#[derive(Deserialize)]
struct Said {
    #[serde(default, deserialize_with = "maybe")]
    host: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    port: Option<Option<u16>>,
    #[serde(default, deserialize_with = "maybe")]
    dbname: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    db: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    user: Option<Option<String>>,
    #[serde(default)]
    password: Option<Secret>,
    #[serde(default, deserialize_with = "maybe")]
    ssl: Option<Option<bool>>,
    #[serde(default, rename = "ssl-mode")]
    ssl_mode: Option<String>,
    // Clients have no words for these: they are ours.
    #[serde(default, deserialize_with = "maybe")]
    level: Option<Option<Level>>,
    #[serde(default, deserialize_with = "maybe")]
    schema: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    row_key: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    base: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    identity: Option<Option<Identity>>,
}

/// Details that were read.
pub(in super::super) struct Details {
    said: Said,
    /// Whether anything is said at all.
    is_empty: bool,
    tls: Option<Option<Tls>>,
}

impl Details {
    /// Reads them, and refuses what cannot be said here.
    pub(in super::super) fn read(details: &Value) -> Result<Self, Denied> {
        let fields = details.as_object().ok_or_else(|| Denied::field("details", "must be a JSON object"))?;
        for (name, value) in fields {
            if let Some(cure) = unsayable(name, value) {
                return Err(Denied::field(format!("details.{name}"), cure));
            }
        }
        let mut said: Said = shaped(details.clone()).map_err(|error| error.within("details"))?;
        said.password = said.password.take().filter(|password| password.expose() != KEPT);
        let tls = tls(said.ssl, said.ssl_mode.as_deref())?;
        Ok(Self { said, is_empty: fields.is_empty(), tls })
    }

    /// Whether they say nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether any text of them differs between tenants, or they name a level that decides for itself what must.
    pub(super) fn is_template(&self) -> bool {
        let said = &self.said;
        let texts = [&said.host, &said.dbname, &said.db, &said.user, &said.schema, &said.row_key, &said.base];
        said.level.is_some() || texts.into_iter().flatten().flatten().any(|text| text.contains('{'))
    }

    /// Puts them in. An absent password keeps the stored one, so none is left in the draft but a new one.
    pub(in super::super) fn put(self, draft: &mut PlacementDraft) {
        let said = self.said;
        put(&mut draft.host, said.host);
        put(&mut draft.port, said.port);
        put(&mut draft.database, said.dbname);
        put(&mut draft.file, said.db);
        put(&mut draft.user, said.user);
        put(&mut draft.level, said.level);
        put(&mut draft.schema, said.schema);
        put(&mut draft.row_key, said.row_key);
        put(&mut draft.base, said.base);
        put(&mut draft.identity, said.identity);
        put(&mut draft.tls, self.tls);
        draft.password = said.password;
    }
}

fn put<T>(field: &mut Option<T>, said: Option<Option<T>>) {
    if let Some(value) = said {
        *field = value;
    }
}

/// Why a field that clients send cannot be followed, unless it says that it is not used.
fn unsayable(name: &str, value: &Value) -> Option<&'static str> {
    let is_off = matches!(value, Value::Null | Value::Bool(false)) || value.as_str() == Some("");
    if is_off {
        return None;
    }
    match name {
        "tunnel-enabled" => Some("there are no tunnels here: give an address that this server reaches"),
        "use-auth-provider" => Some("logins are by user and password here"),
        "use-conn-uri" | "conn-uri" => {
            Some("write host, port, dbname, user and password: addresses with options are not taken")
        }
        "additional-options" | "jdbc-flags" => {
            Some("a connection has no options here; what is needed is pinned by the server")
        }
        "ssl-use-client-auth" => Some("there are no client certificates here"),
        "schema-filters-type" if value.as_str() != Some("all") => {
            Some("which tables there are is declared in the data source: PUT /v1/sources/:source with \"tables\"")
        }
        _ => None,
    }
}

/// Clients' two fields in one. Who only switches TLS on gets the certificate checked.
fn tls(ssl: Option<Option<bool>>, mode: Option<&str>) -> Result<Option<Option<Tls>>, Denied> {
    match (ssl, mode) {
        (Some(None), _) => Ok(Some(None)),
        (None, None) => Ok(None),
        (Some(Some(false)), _) | (None, Some("disable")) => Ok(Some(Some(Tls::Off))),
        (_, None | Some("verify-ca" | "verify-full")) => Ok(Some(Some(Tls::Verify))),
        (_, Some("require")) => Ok(Some(Some(Tls::Encrypt))),
        (_, Some(_)) => Err(Denied::field("details.ssl-mode", "is require or verify-full here")),
    }
}

/// The details of a draft, without its secret.
pub(super) fn told(engine: Engine, draft: &PlacementDraft) -> Map<String, Value> {
    let mut details = Map::new();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            details.insert(name.to_owned(), value);
        }
    };
    tell("host", draft.host.as_ref().map(|text| json!(text)));
    tell("port", draft.port.map(|port| json!(port)));
    tell("dbname", draft.database.as_ref().map(|text| json!(text)));
    tell("db", draft.file.as_ref().map(|text| json!(text)));
    tell("user", draft.user.as_ref().map(|text| json!(text)));
    tell("password", draft.password.as_ref().map(|_| json!(KEPT)));
    tell("ssl", draft.tls.map(|tls| json!(tls != Tls::Off)));
    let mode = |tls| match tls {
        Tls::Verify => Some("verify-full"),
        Tls::Encrypt => Some("require"),
        Tls::Off => None,
    };
    tell("ssl-mode", draft.tls.and_then(mode).filter(|_| engine != Engine::Sqlite).map(|mode| json!(mode)));
    tell("level", draft.level.map(|level| json!(level)));
    tell("schema", draft.schema.as_ref().map(|text| json!(text)));
    tell("row_key", draft.row_key.as_ref().map(|text| json!(text)));
    tell("base", draft.base.as_ref().map(|text| json!(text)));
    tell("identity", draft.identity.map(|identity| json!(identity)));
    details
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_never_weaker_than_what_was_said() {
        let read = |details: Value| {
            let mut draft = PlacementDraft { tls: Some(Tls::Verify), ..PlacementDraft::default() };
            Details::read(&details).ok().map(|read| read.put(&mut draft)).map(|()| draft.tls)
        };
        assert_eq!(read(json!({ "host": "a" })), Some(Some(Tls::Verify)));
        assert_eq!(read(json!({ "ssl": true })), Some(Some(Tls::Verify)));
        assert_eq!(read(json!({ "ssl": true, "ssl-mode": "require" })), Some(Some(Tls::Encrypt)));
        assert_eq!(read(json!({ "ssl": false })), Some(Some(Tls::Off)));
        assert_eq!(read(json!({ "ssl": null })), Some(None));
        assert_eq!(read(json!({ "ssl": true, "ssl-mode": "prefer" })), None);
    }
}
