//! The look of a tenant's embedded pages.

use serde::{Deserialize, Serialize};

use super::{Invalid, check_text};

/// The longest logo, in bytes of its `data:` address.
const LONGEST_LOGO: usize = 96 * 1024;

/// The look of a tenant's embedded pages. Absent fields take the product's look. Pages mend contrast: any colour is taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// `light`, `dark` or `auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ThemeMode>,
    /// Accent colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// Page colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// Card colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    /// Text colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Font family list, of fonts that the viewer's machine has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub font: Option<String>,
    /// Corner radius in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 32)]
    pub radius: Option<u8>,
    /// Colours of a chart's series, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colors: Vec<String>,
    /// Other colours in light mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub light: Option<Palette>,
    /// Other colours in dark mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark: Option<Palette>,
    /// A picture above the dashboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Whether the product's name stands below the dashboard.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub credit: bool,
}

/// Light, dark, or as the viewer's system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeMode {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the viewer's system has it.
    Auto,
}

/// Colours of one mode, instead of those for both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Palette {
    /// Accent colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// Page colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// Card colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    /// Text colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Colours of a chart's series, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colors: Vec<String>,
}

/// A picture, inside the theme: pages load nothing from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Logo {
    /// A `data:` address of a PNG, SVG, WebP or JPEG picture in base64, 96 KiB at most.
    pub src: String,
    /// Another one for dark mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark: Option<String>,
    /// What it shows, for people who do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
}

impl Theme {
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        let shared = Palette {
            primary: self.primary.clone(),
            background: self.background.clone(),
            surface: self.surface.clone(),
            text: self.text.clone(),
            colors: self.colors.clone(),
        };
        let palettes =
            [("theme", Some(&shared)), ("theme.light", self.light.as_ref()), ("theme.dark", self.dark.as_ref())];
        for (field, palette) in palettes {
            palette.map_or(Ok(()), |palette| palette.validate(field))?;
        }
        let plain =
            |font: &str| font.len() <= 200 && font.chars().all(|c| c.is_alphanumeric() || " ,-_'\"".contains(c));
        if self.font.as_deref().is_some_and(|font| !plain(font)) {
            return Err(Invalid::new("theme.font", "write a list of font names, such as \"Inter, sans-serif\""));
        }
        if self.radius.is_some_and(|radius| radius > 32) {
            return Err(Invalid::new("theme.radius", "write 0 to 32 pixels"));
        }
        self.logo.as_ref().map_or(Ok(()), Logo::validate)
    }
}

impl Palette {
    fn validate(&self, field: &str) -> Result<(), Invalid> {
        let named = [
            ("primary", &self.primary),
            ("background", &self.background),
            ("surface", &self.surface),
            ("text", &self.text),
        ];
        for (name, colour) in named {
            if colour.as_deref().is_some_and(|colour| !is_colour(colour)) {
                return Err(Invalid::new(format!("{field}.{name}"), "write a colour as #rrggbb"));
            }
        }
        if self.colors.len() > 24 || self.colors.iter().any(|colour| !is_colour(colour)) {
            return Err(Invalid::new(format!("{field}.colors"), "write at most 24 colours, each as #rrggbb"));
        }
        Ok(())
    }
}

impl Logo {
    fn validate(&self) -> Result<(), Invalid> {
        for (field, address) in [("theme.logo.src", Some(&self.src)), ("theme.logo.dark", self.dark.as_ref())] {
            if address.is_some_and(|address| !is_picture(address)) {
                return Err(Invalid::new(
                    field,
                    "write data:image/png;base64,… (or svg+xml, webp, jpeg) of at most 96 KiB",
                ));
            }
        }
        check_text("theme.logo.alt", self.alt.as_deref().unwrap_or_default(), 200)
    }
}

/// Pages show it in `<img>`, where nothing inside a picture runs.
fn is_picture(address: &str) -> bool {
    let kinds = ["png", "svg+xml", "webp", "jpeg"];
    let data = kinds.iter().find_map(|kind| address.strip_prefix(&format!("data:image/{kind};base64,")));
    let letters = |data: &str| data.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
    address.len() <= LONGEST_LOGO && data.is_some_and(|data| !data.is_empty() && letters(data))
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
