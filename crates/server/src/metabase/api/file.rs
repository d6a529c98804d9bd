//! Rows as a file, in the format that the path names.

use std::sync::Arc;

use axum::response::Response;
use gateway::encode::csv;
use tenancy::model::content::Values;
use tenancy::{Card, Export, Granted, TenantScope};

use super::super::objects;
use super::denied::Denied;
use crate::app::App;
use crate::problem::Problem;
use crate::rows::{self, FileFormat, Given};

/// A file's rows.
pub(super) async fn send(
    app: &App,
    scope: &Arc<TenantScope>,
    card: Granted<'_, Export, Card>,
    parameters: Values,
    format: &str,
) -> Result<Response, Denied> {
    let format = match format {
        "csv" => FileFormat::Csv,
        "xlsx" => FileFormat::Xlsx,
        // A list of objects, not the document of our own surface.
        "json" => return Ok(rows::encoded(app, scope, &card.into_run(), parameters, objects::encode).await?),
        _ => return Err(Problem::missing().into()),
    };
    // Programs read these, and most of them take a byte order mark for a part of the first name.
    let options = csv::Options { byte_order_mark: false };
    Ok(rows::file_with(app, scope, card, Given { parameters }, format, options).await?)
}
