//! The demo's three client organisations.

use crate::sample::Spec;

/// A client organisation.
pub(super) struct Client {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) locale: &'static str,
    pub(super) timezone: &'static str,
    pub(super) color: &'static str,
    pub(super) spec: fn() -> Spec,
}

/// Three that differ in size, kind, language and place.
pub(super) const CLIENTS: [Client; 3] = [
    Client {
        slug: "alder",
        name: "Alder College",
        locale: "en-GB",
        timezone: "Europe/London",
        color: "#1d4ed8",
        spec: Spec::alder,
    },
    Client {
        slug: "birch",
        name: "Birch Training",
        locale: "de-DE",
        timezone: "Europe/Berlin",
        color: "#0f766e",
        spec: Spec::birch,
    },
    Client {
        slug: "cedar",
        name: "Cedar Academy",
        locale: "fr-FR",
        timezone: "Europe/Paris",
        color: "#9a3412",
        spec: Spec::cedar,
    },
];
