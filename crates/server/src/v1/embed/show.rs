//! `GET /v1/embed`

use axum::response::Response;
use serde::Serialize;
use tenancy::model::content::{Show, Tab, Visualization};
use tenancy::model::tenant::Theme;
use tenancy::{Action, Embedded, TenantScope};

use super::{CARD_ITEM, embedded};
use crate::extract::Embed;
use crate::problem::Problem;
use crate::reply;
use crate::v1::content::parameters::{self, ShownParameter};

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
    },
    /// A heading.
    Heading {
        /// The text.
        text: String,
    },
    /// A paragraph.
    Text {
        /// The text.
        text: String,
    },
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
    responses((status = 200, body = Shown), (status = "default", body = Problem, content_type = "application/problem+json")),
    security(("embed_token" = [])))]
pub(super) async fn show(Embed(scope): Embed) -> Result<Response, Problem> {
    let shown = match embedded(&scope)? {
        Embedded::Dashboard(dashboard) => {
            let draft = &dashboard.get().draft;
            Shown {
                kind: "dashboard",
                name: draft.name.clone(),
                description: draft.description.clone(),
                tabs: draft.tabs.clone(),
                parameters: parameters::of_dashboard(&scope, &dashboard),
                items: items(&dashboard)?,
                ..about(&scope)
            }
        }
        Embedded::Card(card) => {
            let draft = &card.get().draft;
            let parameters = parameters::of_card(&scope, &card);
            let what = ShownWhat::Card {
                card: card.get().id.to_string(),
                name: draft.name.clone(),
                description: draft.description.clone(),
                visualization: Box::new(draft.visualization.clone()),
                parameters: parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            };
            let item = ShownItem { id: CARD_ITEM.into(), tab: None, x: 0, y: 0, w: 24, h: 8, what };
            Shown {
                kind: "card",
                name: draft.name.clone(),
                description: draft.description.clone(),
                parameters,
                items: vec![item],
                ..about(&scope)
            }
        }
    };
    Ok(reply::json(&shown))
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
    }
}

fn items(dashboard: &tenancy::Granted<'_, tenancy::View, tenancy::Dashboard>) -> Result<Vec<ShownItem>, Problem> {
    let mut shown = Vec::new();
    for item in &dashboard.get().draft.items {
        let what = match &item.show {
            Show::Heading { text } => ShownWhat::Heading { text: text.clone() },
            Show::Text { text } => ShownWhat::Text { text: text.clone() },
            Show::Card { title, parameters, .. } => {
                let card = dashboard.item::<tenancy::View>(item.id.as_str())?;
                let draft = &card.get().draft;
                ShownWhat::Card {
                    card: card.get().id.to_string(),
                    name: title.clone().unwrap_or_else(|| draft.name.clone()),
                    description: draft.description.clone(),
                    visualization: Box::new(draft.visualization.clone()),
                    parameters: parameters.values().cloned().collect(),
                }
            }
        };
        let tab = item.tab.as_ref().map(ToString::to_string);
        shown.push(ShownItem { id: item.id.to_string(), tab, x: item.x, y: item.y, w: item.w, h: item.h, what });
    }
    Ok(shown)
}
