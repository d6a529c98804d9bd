//! Cards and dashboards with the fields that holders of keys read beside those that guests do.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tenancy::model::Record;
use tenancy::model::content::GuestFilter;
use tenancy::{Act, Card, Dashboard, Granted, LookupError, TenantScope, View};

use super::super::numbers::Named;
use super::super::shape::{self, Places};
use super::folders::Folders;
use super::tags;
use crate::reply;
use crate::v1::content::parameters;

/// What cards and dashboards have in common.
#[derive(Serialize)]
struct Kept<'r> {
    collection_id: Option<i32>,
    creator_id: i32,
    archived: bool,
    can_write: bool,
    enable_embedding: bool,
    embedding_params: &'r BTreeMap<String, GuestFilter>,
    public_uuid: Option<()>,
    collection_position: Option<()>,
    created_at: jiff::Timestamp,
    updated_at: jiff::Timestamp,
}

#[derive(Serialize)]
struct OfCard {
    database_id: Option<i32>,
    table_id: Option<()>,
    dashboard_id: Option<()>,
    cache_ttl: Option<u32>,
    result_metadata: [(); 0],
    parameter_mappings: [(); 0],
    dataset_query: DatasetQuery,
}

#[derive(Serialize)]
struct DatasetQuery {
    database: Option<i32>,
    r#type: &'static str,
    native: Native,
}

#[derive(Serialize)]
struct Native {
    query: String,
    #[serde(rename = "template-tags")]
    tags: Map<String, Value>,
}

#[derive(Serialize)]
struct OfDashboard {
    cache_ttl: Option<()>,
    points_of_interest: Option<()>,
    caveats: Option<()>,
    show_in_getting_started: bool,
}

impl<'r> Kept<'r> {
    fn of<A: Act, I, D>(
        folders: &Folders,
        thing: &Granted<'_, A, Record<I, D>>,
        collection: Option<&str>,
        opened: (bool, &'r BTreeMap<String, GuestFilter>),
    ) -> Self {
        let (enable_embedding, embedding_params) = opened;
        Self {
            collection_id: folders.number(collection),
            creator_id: author(thing),
            archived: false,
            can_write: is_authors(thing),
            enable_embedding,
            embedding_params,
            public_uuid: None,
            collection_position: None,
            created_at: thing.get().created_at,
            updated_at: thing.get().updated_at,
        }
    }
}

/// `GET /api/card/{id}`.
pub(super) fn card(scope: &TenantScope, folders: &Folders, card: &Granted<'_, View, Card>) -> Value {
    joined(shape::question(scope, card), fields(folders, card))
}

/// A dashboard with what each place shows, which is told in pieces.
pub(super) struct Whole {
    scope: Arc<TenantScope>,
    id: String,
    version: i64,
    folders: Arc<Folders>,
    places: Arc<Places>,
    /// All but its places.
    pub(super) frame: Value,
}

impl Whole {
    /// By id or slug.
    pub(super) fn of(scope: Arc<TenantScope>, name: &str) -> Result<Self, LookupError> {
        let found = scope.dashboard::<View>(name)?;
        let (version, id) = (found.get().version, found.get().id.to_string());
        let (folders, places) = (Folders::of(&scope), Places::of(&scope, &found));
        let frame = joined(shape::frame(&found, &places), dashboard_fields(&folders, &found));
        let (folders, places) = (Arc::new(folders), Arc::new(places));
        Ok(Self { scope: Arc::clone(&scope), id, version, folders, places, frame })
    }

    /// Its places with their cards, each made when it is asked for.
    pub(super) fn told(&self) -> impl DoubleEndedIterator<Item = Result<Value, LookupError>> + Send + 'static {
        let (scope, folders, places) = (Arc::clone(&self.scope), Arc::clone(&self.folders), Arc::clone(&self.places));
        let id = self.id.clone();
        places.all().map(move |place| {
            let of_card = |card: &Granted<'_, View, Card>| joined(shape::card(card), fields(&folders, card));
            places.tell(&scope.dashboard::<View>(&id)?, place, of_card)
        })
    }

    /// `GET /api/dashboard/{id}`
    pub(super) fn reply(&self) -> Response {
        let fields = [shape::PLACES, shape::OLD_PLACES].map(|name| (name, Box::new(reply::listed(self.told())) as _));
        reply::tagged(self.version, reply::pieces(reply::framed(&self.frame, fields.into())))
    }
}

/// A dashboard in a list.
pub(super) fn listed_dashboard(folders: &Folders, dashboard: &Granted<'_, View, Dashboard>) -> Value {
    let record = dashboard.get();
    let shown = parameters::of_dashboard(dashboard.scope(), dashboard);
    let base = json!({
        "id": record.number, "entity_id": record.entity_id, "name": record.draft.name,
        "description": record.draft.description, "width": "full", "auto_apply_filters": true,
        "parameters": shown.iter().map(shape::parameter).collect::<Vec<_>>(),
    });
    joined(base, dashboard_fields(folders, dashboard))
}

fn dashboard_fields(folders: &Folders, dashboard: &Granted<'_, View, Dashboard>) -> Value {
    let draft = &dashboard.get().draft;
    let opened = (draft.enable_embedding, &draft.embedding_params);
    let kept = Kept::of(folders, dashboard, draft.collection.as_deref(), opened);
    let own = OfDashboard { cache_ttl: None, points_of_interest: None, caveats: None, show_in_getting_started: false };
    joined(value(&kept), value(&own))
}

fn fields(folders: &Folders, card: &Granted<'_, View, Card>) -> Value {
    let draft = &card.get().draft;
    let database = card.source_number();
    let opened = (draft.enable_embedding, &draft.embedding_params);
    let kept = Kept::of(folders, card, draft.collection.as_deref(), opened);
    // Who may read a tenant's SQL is who has its author's desk; the library's is the operator's.
    let query = if kept.can_write { draft.query.sql.clone() } else { String::new() };
    let native = Native { query, tags: tags::written(&draft.query.parameters) };
    let own = OfCard {
        database_id: database,
        table_id: None,
        dashboard_id: None,
        // Hours there, seconds here.
        cache_ttl: (draft.cache_seconds > 0).then_some(draft.cache_seconds.div_ceil(3600)),
        result_metadata: [],
        parameter_mappings: [],
        dataset_query: DatasetQuery { database, r#type: "native", native },
    };
    joined(value(&kept), value(&own))
}

fn is_authors<A: Act, R>(thing: &Granted<'_, A, R>) -> bool {
    !thing.is_from_library() && thing.scope().desk().is_ok()
}

/// Clients want a user. It is who owns the thing: the operator, or the tenant.
fn author<A: Act, R>(thing: &Granted<'_, A, R>) -> i32 {
    let owner = if thing.is_from_library() { "library" } else { thing.scope().tenant().as_str() };
    Named::of(&["author", owner]).number
}

fn value(shape: &impl Serialize) -> Value {
    // Structs of texts and numbers always have a JSON form.
    serde_json::to_value(shape).unwrap_or_default()
}

fn joined(mut base: Value, mut more: Value) -> Value {
    if let (Some(fields), Some(more)) = (base.as_object_mut(), more.as_object_mut()) {
        fields.append(more);
    }
    base
}
