//! A database's fields, as clients read them of an administrator's list. Never a secret.

use serde::Serialize;
use serde_json::{Map, Value};
use tenancy::Destination;
use tenancy::model::placing::Source;

use super::super::super::api::described::engine_name;
use super::details::told;

/// A data source, or a tenant's own place for one.
#[derive(Serialize)]
pub(in super::super) struct Shape<'o> {
    id: i32,
    name: &'o str,
    slug: Option<&'o str>,
    description: Option<&'o str>,
    engine: &'static str,
    details: Map<String, Value>,
    features: [&'static str; 2],
    native_permissions: &'static str,
    initial_sync_status: &'static str,
    timezone: Option<()>,
    auto_run_queries: bool,
    is_sample: bool,
    is_full_sync: bool,
    is_on_demand: bool,
    is_audit: bool,
    can_upload: bool,
    uploads_enabled: bool,
    cache_ttl: Option<()>,
    caveats: Option<&'static str>,
    points_of_interest: Option<()>,
    settings: Option<()>,
    router_database_id: Option<i32>,
    router_user_attribute: Option<&'static str>,
    created_at: jiff::Timestamp,
    updated_at: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    tables: Option<[(); 0]>,
}

const NO_TEMPLATE: &str = "No place is derived for tenants: each reads this database once it has a destination of its own \
    (POST /api/ee/database-routing/destination-database).";

impl<'o> Shape<'o> {
    /// A data source.
    pub(in super::super) fn of_source(source: &'o Source) -> Self {
        let draft = &source.draft;
        let caveats = if draft.template.is_none() { Some(NO_TEMPLATE) } else { None };
        Self {
            id: source.number,
            name: &draft.name,
            slug: Some(draft.slug.as_str()),
            description: draft.description.as_deref(),
            engine: engine_name(draft.engine),
            details: draft.template.as_ref().map(|template| told(draft.engine, template)).unwrap_or_default(),
            features: ["native-parameters", "database-routing"],
            // An operator's key runs nothing.
            native_permissions: "none",
            initial_sync_status: "complete",
            timezone: None,
            auto_run_queries: true,
            is_sample: false,
            is_full_sync: false,
            is_on_demand: false,
            is_audit: false,
            can_upload: false,
            uploads_enabled: false,
            cache_ttl: None,
            caveats,
            points_of_interest: None,
            settings: None,
            router_database_id: None,
            router_user_attribute: Some("slug"),
            created_at: source.created_at,
            updated_at: source.updated_at,
            tables: None,
        }
    }

    /// A tenant's own place.
    pub(in super::super) fn of_destination(number: i32, destination: &Destination<'o>) -> Self {
        let Destination { tenant, source, draft, created_at, updated_at, .. } = destination;
        let engine = draft.engine.unwrap_or(source.draft.engine);
        Self {
            id: number,
            name: tenant.draft.slug.as_str(),
            slug: None,
            description: None,
            engine: engine_name(engine),
            details: told(engine, draft),
            caveats: None,
            router_database_id: Some(source.number),
            router_user_attribute: None,
            created_at: *created_at,
            updated_at: *updated_at,
            ..Self::of_source(source)
        }
    }

    /// With `include=tables`: whose tables they would be is not said, and an operator reads no tenant's.
    pub(super) fn including(self, include: Option<&str>) -> Self {
        Self { tables: include.map(|_| []), ..self }
    }
}
