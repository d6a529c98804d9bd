//! What this surface does not offer. Of pivot queries and map tiles it is said to whoever may see the thing, and to nobody else; of
//! previews to everybody in the same words, and nothing is looked up.

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

const PREVIEW: &str = "Previews of embeds are not offered here. The page /playground signs a token with your embed key and shows what \
     it opens.";

/// What no public link has: the same answer as for a link that is none.
pub(crate) async fn public() -> Refusal {
    Refusal::missing()
}

/// Of previews.
pub(crate) async fn preview() -> Refusal {
    Refusal::not_offered(PREVIEW)
}
