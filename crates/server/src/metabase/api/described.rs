//! The fields that clients read of databases, tables and columns. Never a host, a login or a secret.

use query::Engine;
use serde::Serialize;
use tenancy::EntityId;

use super::catalogue::{Database, Field, Table, Tables};

/// A database.
#[derive(Serialize)]
pub(super) struct DatabaseShape<'s> {
    id: i32,
    name: &'s str,
    description: Option<&'s str>,
    engine: &'static str,
    details: Nothing,
    features: [&'static str; 1],
    native_permissions: &'static str,
    initial_sync_status: &'static str,
    timezone: Option<&'s str>,
    auto_run_queries: bool,
    is_sample: bool,
    is_full_sync: bool,
    is_on_demand: bool,
    is_audit: bool,
    can_upload: bool,
    uploads_enabled: bool,
    cache_ttl: Option<()>,
    caveats: Option<()>,
    points_of_interest: Option<()>,
    settings: Option<()>,
    router_database_id: Option<()>,
    router_user_attribute: Option<()>,
    created_at: jiff::Timestamp,
    updated_at: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    tables: Option<Vec<TableShape>>,
}

/// `{}`: where a database is and who logs in is the operator's.
#[derive(Serialize)]
struct Nothing {}

/// A table.
#[derive(Serialize)]
pub(super) struct TableShape {
    id: i32,
    entity_id: EntityId,
    db_id: i32,
    schema: Option<String>,
    name: String,
    display_name: String,
    description: Option<()>,
    active: bool,
    is_upload: bool,
    entity_type: &'static str,
    field_order: &'static str,
    visibility_type: Option<()>,
    caveats: Option<()>,
    points_of_interest: Option<()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<FieldShape>>,
}

/// A column.
#[derive(Serialize)]
pub(super) struct FieldShape {
    id: i32,
    entity_id: EntityId,
    table_id: i32,
    name: String,
    display_name: String,
    description: Option<()>,
    base_type: &'static str,
    effective_type: &'static str,
    database_type: &'static str,
    semantic_type: Option<()>,
    fk_target_field_id: Option<()>,
    parent_id: Option<()>,
    nfc_path: Option<()>,
    fingerprint: Option<()>,
    settings: Option<()>,
    dimensions: [(); 0],
    position: usize,
    database_position: usize,
    active: bool,
    preview_display: bool,
    visibility_type: &'static str,
    has_field_values: &'static str,
}

/// How much of a database's tables is shown with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Include {
    Nothing,
    Tables,
    Fields,
}

impl Include {
    /// `?include=tables` or `tables.fields`.
    pub(super) fn read(text: Option<&str>) -> Self {
        match text {
            Some("tables") => Self::Tables,
            Some("tables.fields") => Self::Fields,
            _ => Self::Nothing,
        }
    }
}

/// A database, and what is known of its tables.
pub(super) fn database<'s>(own: &Database<'s>, tables: Tables, include: Include) -> DatabaseShape<'s> {
    let draft = &own.source.draft;
    let (native_permissions, initial_sync_status) = match tables {
        Tables::Known(..) => ("write", "complete"),
        Tables::None => ("none", "complete"),
        Tables::Away(_) => ("none", "incomplete"),
    };
    let shown = |with: bool| tables.known().into_iter().map(|own| table(own, with)).collect();
    DatabaseShape {
        id: own.number(),
        name: &draft.name,
        // The operator's own note about a source that others may have too.
        description: None,
        engine: engine_name(own.placement.engine()),
        details: Nothing {},
        features: ["native-parameters"],
        native_permissions,
        initial_sync_status,
        timezone: None,
        auto_run_queries: true,
        is_sample: false,
        is_full_sync: false,
        is_on_demand: false,
        is_audit: false,
        can_upload: false,
        uploads_enabled: false,
        cache_ttl: None,
        caveats: None,
        points_of_interest: None,
        settings: None,
        router_database_id: None,
        router_user_attribute: None,
        created_at: own.source.created_at,
        updated_at: own.source.updated_at,
        tables: match include {
            Include::Nothing => None,
            Include::Tables => Some(shown(false)),
            Include::Fields => Some(shown(true)),
        },
    }
}

/// An engine by clients' name.
pub(in crate::metabase) const fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "postgres",
        Engine::Mysql => "mysql",
        Engine::Sqlite => "sqlite",
    }
}

/// A table, with its columns or without.
pub(super) fn table(own: Table, with_fields: bool) -> TableShape {
    let fields = own.fields.into_iter().enumerate().map(|(place, one)| field(own.id.number, place, one));
    TableShape {
        fields: with_fields.then(|| fields.collect()),
        id: own.id.number,
        entity_id: own.id.entity_id,
        db_id: own.database,
        schema: own.schema,
        display_name: own.name.clone(),
        name: own.name,
        description: None,
        active: true,
        is_upload: false,
        entity_type: "entity/GenericTable",
        field_order: "database",
        visibility_type: None,
        caveats: None,
        points_of_interest: None,
    }
}

/// A column at its place in a table.
pub(super) fn field(table_id: i32, place: usize, own: Field) -> FieldShape {
    FieldShape {
        id: own.id.number,
        entity_id: own.id.entity_id,
        table_id,
        display_name: own.name.clone(),
        name: own.name,
        description: None,
        base_type: own.base_type,
        effective_type: own.base_type,
        database_type: own.base_type.trim_start_matches("type/"),
        semantic_type: None,
        fk_target_field_id: None,
        parent_id: None,
        nfc_path: None,
        fingerprint: None,
        settings: None,
        dimensions: [],
        position: place,
        database_position: place,
        active: true,
        preview_display: true,
        visibility_type: "normal",
        has_field_values: "none",
    }
}
