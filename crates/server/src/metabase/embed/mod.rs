//! `/api/embed/*`: what a guest token opens.

pub(super) mod card;
pub(super) mod dashboard;
pub(super) mod listing;
pub(super) mod missing;
pub(super) mod resizer;

use axum::response::Response;
use gateway::encode::csv;
use tenancy::model::content::Values;
use tenancy::{Card, Export, Granted};

use super::guest::Guest;
use super::objects;
use super::refusal::Refusal;
use crate::app::App;
use crate::rows::{self, FileFormat, Given as FileGiven};

/// One card's rows as a file, in the format that the path names.
async fn file(app: &App, guest: &Guest, card: Granted<'_, Export, Card>, given: Values) -> Result<Response, Refusal> {
    guest.scope.check_guest(&given)?;
    let format = match guest.segment("format") {
        Some("csv") => FileFormat::Csv,
        Some("xlsx") => FileFormat::Xlsx,
        // A list of objects, not the document of our own surface.
        Some("json") => return Ok(rows::encoded(app, &guest.scope, &card.into_run(), given, objects::encode).await?),
        _ => return Err(Refusal::missing()),
    };
    // Programs read these, and most of them take a byte order mark for a part of the first name.
    let options = csv::Options { byte_order_mark: false };
    Ok(rows::file_with(app, &guest.scope, card, FileGiven { parameters: given }, format, options).await?)
}
