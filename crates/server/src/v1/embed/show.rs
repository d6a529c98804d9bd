//! `GET /v1/embed`

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tenancy::model::clicks::Click;
use tenancy::model::content::CardDraft;
use tenancy::model::content::{Item, Show, Tab, Visualization};
use tenancy::model::tenant::Theme;
use tenancy::model::translations::{Translations, for_locale};
use tenancy::{Action, Card, Dashboard, Embedded, Granted, TenantScope, View};

use super::{CARD_ITEM, embedded};
use crate::extract::Embed;
use crate::problem::Problem;
use crate::reply;
use crate::v1::content::parameters::{self, ShownParameter};
use crate::v1::content::texts::{Texts, Told};

/// What a token shows, without rows.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Shown {
    /// `dashboard` or `card`.
    kind: &'static str,
    /// Its name.
    name: String,
    /// What it tells.
    description: Option<String>,
    /// Tabs.
    tabs: Vec<Tab>,
    /// Filters that the viewer may set.
    parameters: Vec<ShownParameter>,
    /// What is on the grid.
    items: Vec<ShownItem>,
    /// For whom.
    tenant: ShownTenant,
    /// When the token ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<jiff::Timestamp>,
    /// Whether rows may be downloaded.
    can_export: bool,
    /// Origins whose pages may show it; any when there are none.
    origins: Vec<String>,
    /// Seconds after which a page asks for the answers again.
    refresh_seconds: Option<u32>,
    /// Texts in the language that was asked for, by language tag and then by place: `name`, `description`, `tabs.<id>`,
    /// `parameters.<name>.label`, `items.<id>.name`, `items.<id>.description`, `items.<id>.text`,
    /// `items.<id>.labels.<column>`.
    translations: Translations,
}

/// In which language.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Language {
    /// BCP 47 tag of the language that the page speaks; the token's or the tenant's when absent.
    locale: Option<String>,
}

/// Something on the grid of 24 columns.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ShownItem {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tab: Option<String>,
    x: u8,
    y: u16,
    w: u8,
    h: u8,
    #[serde(flatten)]
    what: ShownWhat,
}

/// What an item shows.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum ShownWhat {
    /// A card.
    Card {
        /// Its id.
        card: String,
        /// Its title.
        name: String,
        /// What it tells.
        description: Option<String>,
        /// How it is drawn.
        visualization: Box<Visualization>,
        /// Filters that it takes.
        parameters: Vec<String>,
        /// What clicks on it do.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        clicks: Vec<Click>,
    },
    /// A heading.
    Heading(ShownText),
    /// A paragraph.
    Text(ShownText),
}

/// Words, in which `{{name}}` stands for the value of a filter, and `[[ .. ]]` is left out where such a filter has none.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ShownText {
    /// The text.
    text: String,
    /// Of the filters that the text names, those that the viewer may not set.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, Told>,
}

/// What a page needs to know of the tenant.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ShownTenant {
    name: String,
    locale: String,
    timezone: String,
    theme: Theme,
}

/// See what the token shows: names, filters and grid, without rows.
#[utoipa::path(get, path = "/v1/embed", tag = "embed", operation_id = "embed_show",
    params(Language),
    responses((status = 200, body = Shown), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn show(
    Embed(scope): Embed,
    query: Result<Query<Language>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(language) = query.map_err(|_| Problem::missing())?;
    let locale = language.locale.as_deref().unwrap_or(scope.locale()).to_owned();
    let shown = match embedded(&scope)? {
        Embedded::Dashboard(dashboard) => of_dashboard(&scope, &dashboard, &locale)?,
        Embedded::Card(card) => of_card(&scope, &card, &locale),
    };
    Ok(reply::json(&shown))
}

fn of_dashboard(scope: &TenantScope, dashboard: &Granted<'_, View, Dashboard>, locale: &str) -> Result<Shown, Problem> {
    let draft = &dashboard.get().draft;
    let mut translations = Translations::new();
    let spoken = for_locale(&draft.translations, locale);
    let items = items(scope, dashboard, locale, &spoken, &mut translations)?;
    // The dashboard's own words win over those of its cards.
    for (language, texts) in spoken {
        translations.entry(language).or_default().extend(texts);
    }
    Ok(Shown {
        kind: "dashboard",
        name: draft.name.clone(),
        description: draft.description.clone(),
        tabs: draft.tabs.clone(),
        parameters: parameters::of_dashboard(scope, dashboard),
        items,
        refresh_seconds: draft.refresh_seconds,
        translations,
        ..about(scope)
    })
}

fn of_card(scope: &TenantScope, card: &Granted<'_, View, Card>, locale: &str) -> Shown {
    let draft = &card.get().draft;
    let parameters = parameters::of_card(scope, card);
    let what = ShownWhat::Card {
        card: card.get().id.to_string(),
        name: draft.name.clone(),
        description: draft.description.clone(),
        visualization: Box::new(draft.visualization.clone()),
        parameters: parameters.iter().map(|parameter| parameter.name.clone()).collect(),
        clicks: Vec::new(),
    };
    let mut translations = for_locale(&draft.translations, locale);
    add_card(&mut translations, CARD_ITEM, draft, locale, None);
    Shown {
        kind: "card",
        name: draft.name.clone(),
        description: draft.description.clone(),
        parameters,
        items: vec![ShownItem { id: CARD_ITEM.into(), tab: None, x: 0, y: 0, w: 24, h: 8, what }],
        translations,
        ..about(scope)
    }
}

fn about(scope: &TenantScope) -> Shown {
    let timezone = scope.timezone().iana_name().unwrap_or("UTC").to_owned();
    Shown {
        kind: "",
        name: String::new(),
        description: None,
        tabs: Vec::new(),
        parameters: Vec::new(),
        items: Vec::new(),
        tenant: ShownTenant {
            name: scope.profile().draft.name.clone(),
            locale: scope.locale().to_owned(),
            timezone,
            theme: scope.theme().clone(),
        },
        expires_at: scope.expires_at(),
        can_export: scope.may(Action::ResultsExport),
        origins: scope.origins().map(str::to_owned).collect(),
        refresh_seconds: None,
        translations: Translations::new(),
    }
}

fn items(
    scope: &TenantScope,
    dashboard: &Granted<'_, View, Dashboard>,
    locale: &str,
    spoken: &Translations,
    translations: &mut Translations,
) -> Result<Vec<ShownItem>, Problem> {
    let texts = Texts::of(scope, dashboard);
    let mut shown = Vec::new();
    for item in &dashboard.get().draft.items {
        let what = match &item.show {
            Show::Heading { text } => ShownWhat::Heading(words(&texts, item, text, spoken)),
            Show::Text { text } => ShownWhat::Text(words(&texts, item, text, spoken)),
            Show::Card { title, parameters, clicks, .. } => {
                let card = dashboard.item::<View>(item.id.as_str())?;
                let draft = &card.get().draft;
                add_card(translations, item.id.as_str(), draft, locale, title.as_deref());
                ShownWhat::Card {
                    card: card.get().id.to_string(),
                    name: title.clone().unwrap_or_else(|| draft.name.clone()),
                    description: draft.description.clone(),
                    visualization: Box::new(draft.visualization.clone()),
                    parameters: parameters.values().cloned().collect(),
                    clicks: clicks.clone(),
                }
            }
        };
        let tab = item.tab.as_ref().map(ToString::to_string);
        shown.push(ShownItem { id: item.id.to_string(), tab, x: item.x, y: item.y, w: item.w, h: item.h, what });
    }
    Ok(shown)
}

/// A text with what it, or one of the translations that are sent, names.
fn words(texts: &Texts, item: &Item, text: &str, spoken: &Translations) -> ShownText {
    let place = format!("items.{}.text", item.id);
    let translated = spoken.values().filter_map(|texts| texts.get(&place)).map(String::as_str);
    ShownText { text: text.to_owned(), values: texts.named_in(std::iter::once(text).chain(translated)) }
}

/// A card's own words at the places of its item. Its name's are of no use below another title.
fn add_card(translations: &mut Translations, item: &str, draft: &CardDraft, locale: &str, title: Option<&str>) {
    for (language, texts) in for_locale(&draft.translations, locale) {
        let texts = texts.into_iter().filter(|(place, _)| title.is_none() || place != "name");
        let placed = texts.map(|(place, text)| (format!("items.{item}.{place}"), text));
        translations.entry(language).or_default().extend(placed);
    }
}
