//! Configuration: defaults, then a file, then `CLOISON_…` variables, then flags.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use tenancy::{Keyring, StoreLocation, Tenancy};

use crate::host::host;

/// Every setting, with its default in `cloison.toml` of this crate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Metadata, secrets and SQLite tenants, unless other settings say otherwise.
    pub data_dir: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address that others reach it by; made from `listen` when empty.
    pub public_url: String,
    /// A PostgreSQL URL for metadata; a SQLite file in the data directory when empty.
    pub metadata_url: String,
    /// The key file that seals secrets at rest; `secret.key` in the data directory when empty.
    pub secret_key_file: PathBuf,
    /// The directory of SQLite tenants; `tenants` in the data directory when empty.
    pub sqlite_dir: PathBuf,
    /// What an embed token's `aud` must contain, when it has one.
    pub embed_audience: String,
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
    /// Requests a minute for keys that have no rate of their own.
    pub requests_per_minute: NonZeroU32,
    /// Limits of queries, for tenants that have none of their own.
    pub queries: Queries,
    /// Where data sources may be.
    pub network: Network,
    /// How isolation is looked after.
    pub isolation: Isolation,
    /// What the server writes down.
    pub log: Log,
}

/// Limits of queries.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queries {
    /// Queries of one tenant at once.
    pub concurrent: u32,
    /// Seconds after which a query is stopped.
    pub seconds: u32,
    /// Rows of one result.
    pub rows: u64,
    /// Mebibytes of one result.
    pub result_mib: u64,
    /// Mebibytes of the result cache.
    pub cache_mib: u64,
}

/// Where data sources may be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The only networks with data sources; loopback, private and public ones when empty.
    pub allow: Vec<IpNet>,
    /// Networks without any, whatever `allow` says.
    pub deny: Vec<IpNet>,
}

/// How isolation is looked after.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Isolation {
    /// Seconds after which a placement that is in use is looked at again.
    #[serde(deserialize_with = "at_least_one")]
    pub preflight_seconds: u32,
}

fn at_least_one<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        seconds @ 1.. => Ok(seconds),
        _ => Err(serde::de::Error::custom("isolation.preflight_seconds is at least 1")),
    }
}

/// What the server writes down.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `json` or `text`.
    pub format: LogFormat,
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For reading.
    Text,
}

/// The defaults, as a file that can be copied and changed.
pub const DEFAULTS: &str = include_str!("../cloison.toml");

impl Config {
    /// Reads the settings. `file` must be there when it is given; `cloison.toml` is read when it is there.
    pub fn load(file: Option<&Path>, data_dir: Option<PathBuf>) -> Result<Self> {
        if let Some(file) = file
            && !file.is_file()
        {
            bail!("there is no configuration file {}", file.display());
        }
        let found = file.unwrap_or(Path::new("cloison.toml"));
        let mut settings = Figment::from(Toml::string(DEFAULTS)).merge(Toml::file(found));
        settings = settings.merge(Env::prefixed("CLOISON_").split("__"));
        if let Some(data_dir) = data_dir {
            settings = settings.merge(Serialized::default("data_dir", data_dir));
        }
        settings.extract().context("the configuration cannot be used")
    }

    /// The defaults alone, with another data directory: for the demo, which must not meet somebody's settings.
    pub fn defaults(data_dir: PathBuf) -> Result<Self> {
        let settings = Figment::from(Toml::string(DEFAULTS)).merge(Serialized::default("data_dir", data_dir));
        settings.extract().context("the defaults cannot be used")
    }

    /// The address that others reach the server by, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://{}", self.listen);
        }
        self.public_url.trim_end_matches('/').to_owned()
    }

    /// The directory of SQLite tenants.
    #[must_use]
    pub fn sqlite_dir(&self) -> PathBuf {
        self.below(&self.sqlite_dir, "tenants")
    }

    /// The key file that seals secrets at rest.
    #[must_use]
    pub fn secret_key_file(&self) -> PathBuf {
        self.below(&self.secret_key_file, "secret.key")
    }

    fn below(&self, set: &Path, usual: &str) -> PathBuf {
        if set.as_os_str().is_empty() { self.data_dir.join(usual) } else { set.to_owned() }
    }

    /// Opens the metadata; makes the data directory and its secret key when they are not there.
    pub async fn open(&self) -> Result<Tenancy> {
        let make = |path: &Path| fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()));
        make(&self.data_dir)?;
        make(&self.sqlite_dir())?;
        let root = self.sqlite_dir().canonicalize().context("cannot find the directory of SQLite tenants")?;
        let settings = tenancy::Settings { sqlite_root: Some(root.into()), audience: self.embed_audience.clone() };
        let file = self.data_dir.join("metadata.db");
        let location = match self.metadata_url.as_str() {
            "" => StoreLocation::Sqlite(&file),
            url => StoreLocation::Postgres(url),
        };
        let opened = Tenancy::open(location, host(), self.keyring()?, settings).await;
        opened.context("cannot open the metadata")
    }

    /// The keys of the key file. A new one is made, readable by this user alone, and never a default one.
    pub fn keyring(&self) -> Result<Keyring> {
        let path = self.secret_key_file();
        if !path.exists() {
            write_private(&path, Keyring::fresh(&host()).expose())?;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Keyring::parse(&text).with_context(|| format!("{} cannot be used", path.display()))
    }

    /// The data plane's settings.
    #[must_use]
    pub fn gateway(&self) -> gateway::Settings {
        let limits = gateway::Limits {
            timeout: Duration::from_secs(self.queries.seconds.into()),
            max_rows: self.queries.rows,
            max_bytes: self.queries.result_mib << 20,
            tenant_concurrency: self.queries.concurrent,
        };
        let networks = gateway::Networks::new(&self.network.allow, &self.network.deny);
        let cache_bytes = self.queries.cache_mib << 20;
        let preflight_every = Duration::from_secs(self.isolation.preflight_seconds.into());
        gateway::Settings { limits, cache_bytes, networks, preflight_every, ..gateway::Settings::default() }
    }

    /// The HTTP edge's settings.
    pub fn server(&self) -> Result<server::Settings> {
        let proxies = self.trusted_proxies.iter().map(|net| net.parse());
        let trusted_proxies =
            proxies.collect::<Result<_, _>>().context("trusted_proxies are networks such as 10.0.0.0/8")?;
        let requests_per_minute = self.requests_per_minute;
        Ok(server::Settings { requests_per_minute, trusted_proxies, ..server::Settings::default() })
    }
}

/// Writes a file that only this user can read; refuses to replace one.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use figment::Figment;
    use figment::providers::{Format as _, Toml};

    use super::{Config, DEFAULTS};

    fn network(text: &str) -> Result<Config, figment::Error> {
        Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text)).extract()
    }

    #[test]
    fn networks_are_networks_or_the_server_does_not_start() {
        let config = network("[network]\nallow = [\"10.0.0.0/8\", \"fd00::/8\"]\ndeny = [\"10.9.0.0/16\"]").unwrap();
        assert_eq!((config.network.allow.len(), config.network.deny.len()), (2, 1));
        assert!(Config::defaults(PathBuf::from("data")).unwrap().network.allow.is_empty());
        assert!(network("[isolation]\npreflight_seconds = 0").is_err());
        for wrong in ["allow = [\"10.0.0.0\"]", "allow = [\"example.com\"]", "deny = \"10.0.0.0/8\"", "allows = []"] {
            assert!(network(&format!("[network]\n{wrong}")).is_err(), "{wrong}");
        }
    }
}
