//! `GET /api/card?f=`

use axum::response::Response;
use tenancy::View;

use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::shape;
use crate::metabase::given::Given;
use crate::reply;

/// Lists cards: all, the tenant's own as `mine`, those of a data source as `database`. Nothing is archived here, nothing is a
/// bookmark, and no card is made over a table or a model.
pub(in super::super) async fn list(key: Key, given: Given) -> Result<Response, Denied> {
    let (filter, about) = (given.first("f").unwrap_or("all"), given.first("model_id"));
    if !["all", "mine", "database", "archived", "bookmarked", "table", "using_model", "using_segment"].contains(&filter)
    {
        return Err(Denied::field(
            "f",
            "must be all, mine, database, table, using_model, using_segment, bookmarked or archived",
        ));
    }
    let mut wanted = Vec::new();
    for card in key.scope.cards() {
        let granted = key.scope.card::<View>(card.id.as_str())?;
        let is_wanted = match filter {
            "all" => true,
            "mine" => !granted.is_from_library(),
            "database" => {
                about.is_some_and(|about| granted.source_number().is_some_and(|own| own.to_string() == about))
            }
            _ => false,
        };
        if is_wanted {
            wanted.push(card);
        }
    }
    let folders = Folders::of(&key.scope);
    let told = wanted.into_iter().map(move |card| {
        let card = key.scope.card::<View>(card.id.as_str())?;
        Ok(shape::card(&key.scope, &folders, &card))
    });
    Ok(reply::pieces(reply::listed(told)))
}
