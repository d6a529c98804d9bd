//! `POST /api/card/pivot/{id}/query`: not offered, said to whoever may run the card and to nobody else.

use tenancy::Run;

use super::super::denied::Denied;
use super::super::key::Key;

pub(in super::super) const TEXT: &str = "Pivot queries are not offered here. The rows are at /api/card/…/query and \
     /api/dashboard/…/dashcard/…/card/…/query; pivot what they hold, or embed the card, whose page draws the table.";

/// Says so.
pub(in super::super) async fn refuse(key: Key) -> Result<Denied, Denied> {
    let _ = key.scope.card_numbered::<Run>(key.segment("id")?)?;
    Ok(Denied::not_offered(TEXT))
}
