//! Reading rows: small, typed, and the same on both engines.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::StoreError;
use crate::ids::{EntityId, NotAnId};
use crate::model::Record;
use crate::model::content::Content;

pub(crate) fn text(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn text_or_none(row: &AnyRow, column: &str) -> Result<Option<String>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn integer(row: &AnyRow, column: &str) -> Result<i64, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn blob_or_none(row: &AnyRow, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn time(row: &AnyRow, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(integer(row, column)?).map_err(|_| StoreError::Unreadable("time"))
}

pub(crate) fn time_or_none(row: &AnyRow, column: &str) -> Result<Option<Timestamp>, StoreError> {
    row.try_get::<Option<i64>, _>(column)?
        .map(|micros| Timestamp::from_microsecond(micros).map_err(|_| StoreError::Unreadable("time")))
        .transpose()
}

pub(crate) fn body<T: DeserializeOwned>(row: &AnyRow, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(&text(row, "body")?).map_err(|_| StoreError::Unreadable(what))
}

pub(crate) fn id<I>(row: &AnyRow, column: &str, parse: fn(&str) -> Result<I, NotAnId>) -> Result<I, StoreError> {
    parse(&text(row, column)?).map_err(|_| StoreError::Unreadable("id"))
}

/// A row with the columns that every record has.
pub(crate) fn record<I, D: DeserializeOwned>(
    row: &AnyRow,
    what: &'static str,
    parse: fn(&str) -> Result<I, NotAnId>,
) -> Result<Record<I, D>, StoreError> {
    Ok(Record {
        id: id(row, "id", parse)?,
        number: i32::try_from(integer(row, "number")?).map_err(|_| StoreError::Unreadable(what))?,
        entity_id: None,
        version: integer(row, "version")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
        draft: body(row, what)?,
    })
}

/// A row of content, which has an entity id too.
pub(crate) fn content<D: Content>(row: &AnyRow) -> Result<Record<D::Id, D>, StoreError> {
    let entity_id = Some(id(row, "entity_id", EntityId::parse)?);
    Ok(Record { entity_id, ..record(row, D::TABLE, D::parse_id)? })
}

/// A body as stored.
pub(crate) fn to_body(draft: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(draft).map_err(|_| StoreError::Unreadable("draft"))
}
