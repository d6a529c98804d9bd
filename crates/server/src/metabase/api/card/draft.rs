//! A card as clients write it.

use serde::Deserialize;
use serde_json::Value;
use tenancy::TenantScope;
use tenancy::model::content::{CardDraft, Visualization, VisualizationKind};

use super::super::authoring::{Common, Opened, Place};
use super::super::dataset::question;
use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::sent::{maybe, shaped};
use super::look;

/// A card's own fields. Others are passed over: they are told and not set (`id`, `creator_id`, `result_metadata` …), or
/// decoration.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    dashboard_id: Option<Value>,
    #[serde(default)]
    display: Option<String>,
    #[serde(default)]
    visualization_settings: Option<Value>,
    #[serde(default)]
    dataset_query: Option<Value>,
    #[serde(default, deserialize_with = "maybe")]
    cache_ttl: Option<Option<u32>>,
}

/// A new card.
pub(super) fn fresh(scope: &TenantScope, folders: &Folders, body: &Value) -> Result<CardDraft, Denied> {
    Common::read(body)?.needs_name()?;
    if body.get("dataset_query").is_none_or(Value::is_null) {
        return Err(Denied::field("dataset_query", "is needed"));
    }
    let empty = CardDraft {
        slug: None,
        name: String::new(),
        description: None,
        collection: None,
        source: String::new(),
        query: query::NativeQuery { sql: String::new(), parameters: Vec::new() },
        // What names no drawing is a table there; here the page would choose one.
        visualization: Visualization { kind: Some(VisualizationKind::Table), ..Visualization::default() },
        cache_seconds: 0,
        enable_embedding: false,
        embedding_params: std::collections::BTreeMap::new(),
        translations: std::collections::BTreeMap::new(),
    };
    changed(scope, folders, body, empty)
}

/// A card with what the body changes.
pub(super) fn changed(
    scope: &TenantScope,
    folders: &Folders,
    body: &Value,
    mut draft: CardDraft,
) -> Result<CardDraft, Denied> {
    let (mut common, own): (_, Body) = (Common::read(body)?, shaped(body.clone())?);
    if own.r#type.is_some_and(|kind| kind != "question") {
        return Err(Denied::field(
            "type",
            "must be question: there are no models and metrics here; a snippet shares SQL",
        ));
    }
    if own.dashboard_id.is_some_and(|id| !id.is_null()) {
        return Err(Denied::field("dashboard_id", "must be null: cards lie in collections, and dashboards show them"));
    }
    if let Some(question) = own.dataset_query {
        let question: question::Sent = shaped(question).map_err(|error| error.within("dataset_query"))?;
        let read = question.saved(scope, &draft.query.parameters).map_err(|error| error.within("dataset_query"))?;
        (draft.source, draft.query) = read;
        // What guests may set of filters that are gone says nothing any more.
        let parameters = &draft.query.parameters;
        draft.embedding_params.retain(|name, _| parameters.iter().any(|own| own.name == *name));
        draft.translations.values_mut().for_each(|texts| {
            texts.retain(|place, _| {
                let name = place.strip_prefix("parameters.").and_then(|rest| rest.strip_suffix(".label"));
                name.is_none_or(|name| parameters.iter().any(|own| own.name == name))
            });
        });
    }
    look::put(own.display.as_deref(), own.visualization_settings.as_ref(), &mut draft.visualization)?;
    if let Some(hours) = own.cache_ttl {
        put_hours(hours.unwrap_or(0), &mut draft.cache_seconds)?;
    }
    place(&mut common, folders, &mut draft)?;
    common
        .open(Opened { enable_embedding: &mut draft.enable_embedding, embedding_params: &mut draft.embedding_params });
    Ok(draft)
}

/// The fields that a copy takes too.
pub(super) fn place(common: &mut Common, folders: &Folders, draft: &mut CardDraft) -> Result<(), Denied> {
    let (name, description, collection) = (&mut draft.name, &mut draft.description, &mut draft.collection);
    common.put(folders, Place { name, description, collection })
}

/// Hours are what clients count in. What is shown in whole hours and sent back stays what it is.
fn put_hours(hours: u32, seconds: &mut u32) -> Result<(), Denied> {
    if hours == seconds.div_ceil(3600) {
        return Ok(());
    }
    if hours > 24 {
        return Err(Denied::field("cache_ttl", "must be 1 to 24 hours, or null"));
    }
    *seconds = hours * 3600;
    Ok(())
}
