//! `POST /api/dashboard/pivot/{id}/dashcard/{dashcard}/card/{card}/query`: not offered, said to whoever may run the card.

use tenancy::{Run, View};

use super::super::card::PIVOT;
use super::super::denied::Denied;
use super::super::key::Key;
use crate::metabase::numbers;

/// Says so.
pub(in super::super) async fn refuse(key: Key) -> Result<Denied, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    let _ = numbers::card_at::<Run>(&dashboard, key.segment("dashcard")?, key.segment("card")?)?;
    Ok(Denied::not_offered(PIVOT))
}
