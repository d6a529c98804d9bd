//! `GET /api/session/properties`: what clients ask before anything else.
//!
//! One constant for everybody, at every address: it must not tell whether there is such a tenant.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;

use crate::reply;

/// The version of the contract that this surface follows, which clients compare with what they need. Not ours.
#[derive(Serialize)]
pub(super) struct Version {
    tag: &'static str,
    date: &'static str,
    branch: &'static str,
    hash: &'static str,
}

pub(super) const VERSION: Version =
    Version { tag: "v0.58.0", date: "2026-01-01", branch: "release-x.58.x", hash: "cloison" };

/// Names of what a licence would switch on there. Clients take a feature that is not named for one that they need not ask.
const FEATURES: [&str; 34] = [
    "advanced_permissions",
    "audit_app",
    "cache_granular_controls",
    "cache_preemptive",
    "collection_cleanup",
    "config_text_file",
    "content_translation",
    "content_verification",
    "dashboard_subscription_filters",
    "database_auth_providers",
    "database_routing",
    "development_mode",
    "disable_password_login",
    "email_allow_list",
    "email_restrict_recipients",
    "embedding",
    "embedding_sdk",
    "embedding_simple",
    "hosting",
    "metabot_v3",
    "official_collections",
    "query_reference_validation",
    "sandboxes",
    "scim",
    "serialization",
    "session_timeout_config",
    "snippet_collections",
    "sso_google",
    "sso_jwt",
    "sso_ldap",
    "sso_saml",
    "tenants",
    "transforms",
    "whitelabel",
];

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Properties {
    version: Version,
    token_features: BTreeMap<&'static str, bool>,
    setup_token: Option<()>,
    has_user_setup: bool,
    site_name: &'static str,
    site_locale: &'static str,
    site_url: Option<()>,
    available_locales: [[&'static str; 2]; 1],
    engines: BTreeMap<&'static str, Engine>,
    enable_embedding: bool,
    enable_password_login: bool,
    anon_tracking_enabled: bool,
}

/// An engine, without the fields of a form that is not here.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Engine {
    driver_name: &'static str,
    superseded_by: Option<()>,
}

/// What everybody may know.
pub(in crate::metabase) async fn show() -> Response {
    let engine = |driver_name| Engine { driver_name, superseded_by: None };
    reply::json(&Properties {
        version: VERSION,
        token_features: FEATURES.into_iter().map(|name| (name, false)).collect(),
        // It was set up, by an operator at its host: nobody sets it up from here.
        setup_token: None,
        has_user_setup: true,
        site_name: "Cloison",
        site_locale: "en",
        site_url: None,
        available_locales: [["en", "English"]],
        engines: [("postgres", "PostgreSQL"), ("mysql", "MySQL"), ("sqlite", "SQLite")]
            .map(|(name, driver)| (name, engine(driver)))
            .into(),
        enable_embedding: true,
        enable_password_login: true,
        anon_tracking_enabled: false,
    })
}
