//! `POST /api/dataset/pivot`: not offered, said to whoever may write SQL.

use super::super::card::PIVOT;
use super::super::denied::Denied;
use super::super::key::Key;
use super::question;

/// Says so.
pub(in super::super) async fn refuse(key: Key) -> Result<Denied, Denied> {
    question::admit(&key.scope)?;
    Ok(Denied::not_offered(PIVOT))
}
