//! The demo's three client organisations.

use tenancy::model::tenant::{Palette, Theme, ThemeMode};

use crate::sample::Spec;

/// A client organisation.
pub(super) struct Client {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) locale: &'static str,
    pub(super) timezone: &'static str,
    pub(super) color: &'static str,
    pub(super) theme: fn() -> Theme,
    pub(super) spec: fn() -> Spec,
}

/// Three that differ in size, kind, language, place and look.
pub(super) const CLIENTS: [Client; 3] = [
    Client {
        slug: "alder",
        name: "Alder College",
        locale: "en-GB",
        timezone: "Europe/London",
        color: "#1f3d7a",
        theme: alder,
        spec: Spec::alder,
    },
    Client {
        slug: "birch",
        name: "Birch Training",
        locale: "de-DE",
        timezone: "Europe/Berlin",
        color: "#0f766e",
        theme: birch,
        spec: Spec::birch,
    },
    Client {
        slug: "cedar",
        name: "Cedar Academy",
        locale: "fr-FR",
        timezone: "Europe/Paris",
        color: "#a63d1e",
        theme: cedar,
        spec: Spec::cedar,
    },
];

/// A college: navy and gold, square corners. The ground is its page's.
fn alder() -> Theme {
    let light = Palette {
        primary: Some("#1f3d7a".into()),
        surface: Some("#ffffff".into()),
        text: Some("#1b2130".into()),
        colors: list(["#1f3d7a", "#b7861f", "#3f7d6b", "#8c2f39", "#5b8fc7", "#7b7a35", "#6b4c86", "#7d8794"]),
        ..Palette::default()
    };
    let dark = Palette {
        primary: Some("#9db7ee".into()),
        surface: Some("#171d29".into()),
        text: Some("#ece9e0".into()),
        colors: list(["#9db7ee", "#e0b75c", "#7fc4ae", "#e08a92", "#5fb3e0", "#bdbc6b", "#bd9ad9", "#aab3bf"]),
        ..Palette::default()
    };
    Theme { radius: Some(2), light: Some(light), dark: Some(dark), ..Theme::default() }
}

/// A software company at heart: always dark, round corners. The ground is the frame's own.
fn birch() -> Theme {
    let dark = Palette {
        primary: Some("#5eead4".into()),
        background: Some("#0b1012".into()),
        surface: Some("#12191c".into()),
        text: Some("#e6edec".into()),
        colors: list(["#5eead4", "#f2c14e", "#8ab4ff", "#f28b82", "#c792ea", "#a3d977", "#ff9e64", "#9fb0ae"]),
    };
    Theme { mode: Some(ThemeMode::Dark), radius: Some(14), dark: Some(dark), ..Theme::default() }
}

/// A magazine: terracotta on cream, and cards of the page's own colour.
fn cedar() -> Theme {
    let light = Palette {
        primary: Some("#a63d1e".into()),
        surface: Some("#faf4ea".into()),
        text: Some("#2b1d16".into()),
        colors: list(["#a63d1e", "#5c6b2f", "#c48a1b", "#3d5a6c", "#8a5a83", "#d07a4f", "#7f8f5f", "#6b574b"]),
        ..Palette::default()
    };
    let dark = Palette {
        primary: Some("#f0946f".into()),
        surface: Some("#1b1411".into()),
        text: Some("#f3e9dd".into()),
        colors: list(["#f0946f", "#b5c46f", "#edc15d", "#8fb3c9", "#d3a3cc", "#7fc0a8", "#e8d3b0", "#b39b8c"]),
        ..Palette::default()
    };
    Theme { radius: Some(0), light: Some(light), dark: Some(dark), ..Theme::default() }
}

fn list<const N: usize>(colors: [&str; N]) -> Vec<String> {
    colors.map(str::to_owned).to_vec()
}
