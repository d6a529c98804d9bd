//! Pivot queries and map tiles, which this surface does not offer. Said to whoever may see the thing, and to nobody else.

use tenancy::Run;

use crate::metabase::guest::Guest;
use crate::metabase::refusal::Refusal;

const TEXT: &str = "Pivot queries and map tiles are not offered here. The rows are at /api/embed/card/…/query and \
     /api/embed/dashboard/…/dashcard/…/card/…; the page /embed draws pivot tables and maps from them.";

/// Of a question.
pub(crate) async fn card(guest: Guest) -> Refusal {
    guest.question::<Run>().map_or_else(|refusal| refusal, |_| Refusal::not_offered(TEXT))
}

/// Of a card on a dashboard.
pub(crate) async fn dashcard(guest: Guest) -> Refusal {
    guest.dashcard::<Run>().map_or_else(|refusal| refusal, |_| Refusal::not_offered(TEXT))
}
