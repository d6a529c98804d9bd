//! `GET /api/search?q=&models=&ids=&table_db_id=&archived=&limit=&offset=`

use axum::response::Response;
use serde::Serialize;

use super::contents::{self, MODELS, Part, Thing};
use super::denied::Denied;
use super::folders::Folders;
use super::key::Key;
use crate::metabase::given::Given;
use crate::reply;

/// How many there are when the client does not say.
const USUAL: usize = 50;

#[derive(Serialize)]
struct Found<'f> {
    data: Vec<Hit<'f>>,
    total: usize,
    models: Vec<String>,
    available_models: [&'static str; 3],
    limit: Option<usize>,
    offset: usize,
    table_db_id: Option<i32>,
}

#[derive(Serialize)]
struct Hit<'f> {
    #[serde(flatten)]
    thing: Thing,
    collection: Place<'f>,
}

/// The collection that a thing lies in; the root has neither a number nor a name of its own.
#[derive(Serialize)]
struct Place<'f> {
    id: Option<i32>,
    name: Option<&'f str>,
    authority_level: Option<()>,
    r#type: Option<()>,
}

/// Finds things by a text in their names and descriptions, in any case. SQL is not searched: not everybody may read it.
pub(super) async fn search(key: Key, given: Given) -> Result<Response, Denied> {
    let folders = Folders::of(&key.scope);
    let text = given.first("q").unwrap_or_default().to_lowercase();
    let ids: Vec<&str> = given.all("ids").collect();
    let database = given
        .first("table_db_id")
        .map(|text| text.parse::<i32>().map_err(|_| Denied::field("table_db_id", "must be the number of a database")));
    let database = database.transpose()?;
    let part = Part::of(&given, Some(USUAL))?;
    let holds = |own: &str| own.to_lowercase().contains(&text);
    let is_found = |thing: &Thing| {
        !contents::wants_nothing(&given)
            && contents::wants(&given, thing.model)
            && (ids.is_empty() || ids.iter().any(|id| thing.id.to_string() == **id))
            && (database.is_none() || thing.database_id == database)
            && (holds(&thing.name) || thing.description.as_deref().is_some_and(holds))
    };
    let things: Vec<_> = contents::all(&key.scope, &folders)?.into_iter().filter(is_found).collect();
    let total = things.len();
    let named: Vec<String> = given.all("models").map(str::to_owned).collect();
    let models = if named.is_empty() { MODELS.map(str::to_owned).into() } else { named };
    let hit = |thing: Thing| Hit { collection: place(&folders, thing.collection_id), thing };
    let data = part.cut(things).into_iter().map(hit).collect();
    let (limit, offset) = (part.limit, part.offset);
    let found = Found { data, total, models, available_models: MODELS, limit, offset, table_db_id: database };
    Ok(reply::json(&found))
}

fn place(folders: &Folders, number: Option<i32>) -> Place<'_> {
    let name = number.and_then(|number| folders.numbered(number)).map(|own| own.draft.name.as_str());
    Place { id: number, name, authority_level: None, r#type: None }
}
