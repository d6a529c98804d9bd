//! Tenants: the client organisations.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use super::theme::{Logo, Palette, Theme, ThemeMode};
use super::{Invalid, Record, check_name};
use crate::ids::TenantId;
use crate::slug::Slug;

/// Whether a tenant is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Served.
    #[default]
    Active,
    /// Every key and token of it is refused, running queries included, within a second.
    /// Tenants below it are served on: each is suspended by itself.
    Suspended,
}

/// How much of the instance a tenant may use. Absent fields take the instance's defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Queries running at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub concurrent_queries: Option<u32>,
    /// Seconds after which a query is stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3600)]
    pub query_seconds: Option<u32>,
    /// Rows of one result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub rows: Option<u64>,
}

/// What an operator writes about a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantDraft {
    /// Immutable name in URLs and placement patterns.
    pub slug: Slug,
    /// Name for people.
    pub name: String,
    /// Facts for placement patterns and parameter defaults: texts, numbers, booleans or lists of them.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Value>,
    /// Groups for publications.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// BCP 47 language tag.
    #[serde(default = "default_locale")]
    pub locale: String,
    /// IANA time zone.
    #[serde(default = "default_timezone")]
    pub timezone: String,
    /// Look of embedded pages.
    #[serde(default)]
    pub theme: Theme,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
    /// Active or suspended.
    #[serde(default)]
    pub status: Status,
    /// Whether the tenant may have public links: everybody who has one reads its rows. Setting it to false ends every link
    /// for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public_links: bool,
    /// Host names of the tenant's own, such as `bi.alder.example`, in small letters: there, as below `/t/{slug}`, are this
    /// tenant's embeds and its API for clients of Metabase. No two tenants have the same.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub hosts: BTreeSet<String>,
    /// The tenant above this one, by id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A tenant as stored.
pub type Tenant = Record<TenantId, TenantDraft>;

fn default_locale() -> String {
    "en".into()
}

fn default_timezone() -> String {
    "UTC".into()
}

impl TenantDraft {
    /// A tenant with nothing but a slug and a name.
    #[must_use]
    pub fn new(slug: Slug, name: impl Into<String>) -> Self {
        Self {
            slug,
            name: name.into(),
            attributes: BTreeMap::new(),
            labels: BTreeMap::new(),
            locale: default_locale(),
            timezone: default_timezone(),
            theme: Theme::default(),
            limits: Limits::default(),
            status: Status::default(),
            public_links: false,
            hosts: BTreeSet::new(),
            parent: None,
        }
    }

    /// Checks every field.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_name("name", &self.name)?;
        for (key, value) in &self.attributes {
            check_attribute(key, value)?;
        }
        for (key, value) in &self.labels {
            check_key("labels", key)?;
            check_name(&format!("labels.{key}"), value)?;
        }
        if !is_language_tag(&self.locale) {
            return Err(Invalid::new("locale", "write a BCP 47 language tag, such as \"en\", \"pt-BR\" or \"ar\""));
        }
        time_zone(&self.timezone)?;
        if self.hosts.len() > MOST_HOSTS || !self.hosts.iter().all(|host| is_host_name(host)) {
            return Err(Invalid::new(
                "hosts",
                "write 20 host names at most, in small letters and without a port, such as \"bi.alder.example\"",
            ));
        }
        self.theme.validate()?;
        self.limits.validate()
    }

    /// The tenant's time zone.
    pub fn time_zone(&self) -> TimeZone {
        time_zone(&self.timezone).unwrap_or(TimeZone::UTC)
    }
}

/// Reads an IANA time zone name.
pub(crate) fn time_zone(name: &str) -> Result<TimeZone, Invalid> {
    TimeZone::get(name)
        .map_err(|_| Invalid::new("timezone", "write an IANA time zone, such as \"Europe/Paris\" or \"UTC\""))
}

/// Whether the text has the shape of a language tag: subtags of 1 to 8 letters or digits.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let first =
        subtags.next().is_some_and(|s| (2..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphabetic()));
    first
        && tag.len() <= 35
        && subtags.all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()))
}

const MOST_HOSTS: usize = 20;

/// Whether the text is a host name of two labels at least (RFC 1123, section 2.1) and no IPv4 address; international ones are
/// written as `xn--`.
fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ends_in_letters = text.rsplit('.').next().is_some_and(|last| last.bytes().any(|b| b.is_ascii_lowercase()));
    text.len() <= 253 && text.contains('.') && ends_in_letters && text.split('.').all(label)
}

fn check_key(field: &str, key: &str) -> Result<(), Invalid> {
    let good = !key.is_empty()
        && key.len() <= 64
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && key.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if good {
        Ok(())
    } else {
        Err(Invalid::new(field, "names begin with a letter and have 1 to 64 letters, digits, '_' or '-'"))
    }
}

/// One attribute: a plain name, and a text, number, boolean or list of those.
pub(crate) fn check_attribute(key: &str, value: &Value) -> Result<(), Invalid> {
    check_key("attributes", key)?;
    let scalar = |value: &Value| match value {
        Value::String(text) => text.len() <= 1000,
        Value::Number(_) | Value::Bool(_) => true,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    };
    let good = match value {
        Value::Array(items) => items.len() <= 1000 && items.iter().all(scalar),
        other => scalar(other),
    };
    if good {
        Ok(())
    } else {
        Err(Invalid::new(format!("attributes.{key}"), "write a text, a number, a boolean or a list of those"))
    }
}

impl Limits {
    fn validate(&self) -> Result<(), Invalid> {
        let inside = |value: Option<u64>, most: u64| value.is_none_or(|value| (1..=most).contains(&value));
        if !inside(self.concurrent_queries.map(u64::from), 1000) {
            return Err(Invalid::new("limits.concurrent_queries", "write 1 to 1000"));
        }
        if !inside(self.query_seconds.map(u64::from), 3600) {
            return Err(Invalid::new("limits.query_seconds", "write 1 to 3600 seconds"));
        }
        if !inside(self.rows, 10_000_000) {
            return Err(Invalid::new("limits.rows", "write 1 to 10000000"));
        }
        Ok(())
    }
}
