//! What this surface does not offer. Of pivot queries and map tiles it is said to whoever may see the thing, and to nobody else; of
//! public links and previews to everybody in the same words, and nothing is looked up.

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

const PUBLIC: &str = "Public links are not offered here: everybody who has one would read a tenant's rows. Use guest embeds \
     (/embed/dashboard/… and /api/embed/…), whose tokens end; see docs/metabase.md.";

const PREVIEW: &str = "Previews of embeds are not offered here. The page /playground signs a token with your embed key and shows what \
     it opens.";

/// Of public links.
pub(crate) async fn public() -> Refusal {
    Refusal::not_offered(PUBLIC)
}

/// Of previews.
pub(crate) async fn preview() -> Refusal {
    Refusal::not_offered(PREVIEW)
}
