//! The surface for code that was written for Metabase: guest embeds, by tokens of embed keys of that dialect, public links, and
//! reading, running and writing, by API keys; and administering, by operator keys.
//!
//! A translation and nothing else. A token, a link or a key becomes the same scope as on our own surface, cards run through the same
//! gateway, and what a guest may set is decided in `tenancy`. What is not offered says so.

mod api;
mod embed;
mod given;
mod guest;
mod numbers;
mod objects;
mod operator;
mod refusal;
mod result;
mod revision;
mod shape;

pub use api::{key_routes, key_writes};
use axum::Router;
use axum::routing::{MethodRouter, get};
pub use operator::operator_routes;
pub(crate) use operator::{Administration, dispatch};

use crate::app::App;
use crate::assets;

/// Every route, for the root and for below a tenant's address.
fn table() -> Vec<(&'static str, MethodRouter<App>)> {
    use embed::{card, dashboard, listing, missing, resizer};
    vec![
        ("/api/embed/dashboard/{token}", get(dashboard::show)),
        ("/api/embed/dashboard/{token}/dashcard/{dashcard}/card/{card}", get(dashboard::query)),
        ("/api/embed/dashboard/{token}/dashcard/{dashcard}/card/{card}/{format}", get(dashboard::export)),
        ("/api/embed/dashboard/{token}/params/{key}/values", get(listing::of_dashboard)),
        ("/api/embed/dashboard/{token}/params/{key}/search/{prefix}", get(listing::of_dashboard)),
        ("/api/embed/dashboard/{token}/params/{key}/remapping", get(listing::remap_of_dashboard)),
        ("/api/embed/card/{token}", get(card::show)),
        ("/api/embed/card/{token}/query", get(card::query)),
        ("/api/embed/card/{token}/query/{format}", get(card::export)),
        ("/api/embed/card/{token}/params/{key}/values", get(listing::of_card)),
        ("/api/embed/card/{token}/params/{key}/search/{prefix}", get(listing::of_card)),
        ("/api/embed/card/{token}/params/{key}/remapping", get(listing::remap_of_card)),
        ("/api/embed/pivot/card/{token}/query", get(missing::card)),
        ("/api/embed/pivot/dashboard/{token}/dashcard/{dashcard}/card/{card}", get(missing::dashcard)),
        ("/api/embed/tiles/card/{token}/{zoom}/{x}/{y}", get(missing::card)),
        ("/api/embed/tiles/dashboard/{token}/dashcard/{dashcard}/card/{card}/{zoom}/{x}/{y}", get(missing::dashcard)),
        ("/api/public/dashboard/{uuid}", get(dashboard::show)),
        ("/api/public/dashboard/{uuid}/dashcard/{dashcard}/card/{card}", get(dashboard::query)),
        ("/api/public/dashboard/{uuid}/dashcard/{dashcard}/card/{card}/{format}", get(dashboard::export)),
        ("/api/public/dashboard/{uuid}/params/{key}/values", get(listing::of_dashboard)),
        ("/api/public/dashboard/{uuid}/params/{key}/search/{prefix}", get(listing::of_dashboard)),
        ("/api/public/dashboard/{uuid}/params/{key}/remapping", get(listing::remap_of_dashboard)),
        ("/api/public/card/{uuid}", get(card::show)),
        ("/api/public/card/{uuid}/query", get(card::query)),
        ("/api/public/card/{uuid}/query/{format}", get(card::export)),
        ("/api/public/card/{uuid}/params/{key}/values", get(listing::of_card)),
        ("/api/public/card/{uuid}/params/{key}/search/{prefix}", get(listing::of_card)),
        ("/api/public/card/{uuid}/params/{key}/remapping", get(listing::remap_of_card)),
        ("/api/public/pivot/card/{uuid}/query", get(missing::card)),
        ("/api/public/pivot/dashboard/{uuid}/dashcard/{dashcard}/card/{card}", get(missing::dashcard)),
        ("/api/public/tiles/card/{uuid}/{zoom}/{x}/{y}", get(missing::card)),
        ("/api/public/tiles/dashboard/{uuid}/dashcard/{dashcard}/card/{card}/{zoom}/{x}/{y}", get(missing::dashcard)),
        ("/api/preview_embed/{*rest}", get(missing::preview)),
        ("/api/public/{*rest}", get(missing::public)),
        ("/public/{*rest}", get(missing::public)),
        ("/app/iframeResizer.js", get(resizer::script)),
        ("/app/embed.js", get(assets::metabase_script)),
    ]
}

/// The routes.
pub(crate) fn routes() -> Router<App> {
    table().into_iter().fold(api::routes(), |router, (path, method)| router.route(path, method))
}

/// The paths of this surface, so that no test forgets one.
#[must_use]
pub fn paths() -> Vec<&'static str> {
    table().into_iter().map(|(path, _)| path).collect()
}
