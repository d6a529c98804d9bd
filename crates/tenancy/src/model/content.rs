//! Content: collections, cards, dashboards and snippets, of the library or of one tenant.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clicks::{self, Click};
use super::translations::{self, Translations};
pub use super::visualization::{Format, FormatStyle, Visualization, VisualizationKind};
use super::{Invalid, Record, check_name, check_text};
use crate::host::Host;
use crate::ids::{CardId, CollectionId, DashboardId, NotAnId, SnippetId};
use crate::slug::Slug;
use query::{NativeQuery, Parameter};

/// A kind of content: its table, its id, and how its draft is checked.
pub trait Content: Serialize + DeserializeOwned + Send + Sync + Unpin + Clone + 'static {
    /// Public id.
    type Id: Serialize + Clone + Send + Sync + Unpin + 'static;
    /// The table, which is also the word in the audit log.
    const TABLE: &'static str;
    /// A fresh id.
    fn fresh_id(host: &Host) -> Self::Id;
    /// Reads an id.
    fn parse_id(text: &str) -> Result<Self::Id, NotAnId>;
    /// Writes an id.
    fn id_text(id: &Self::Id) -> &str;
    /// The name for people.
    fn name(&self) -> &str;
    /// The immutable name for programs, if it has one.
    fn slug(&self) -> Option<&Slug>;
    /// The collection it lies in, by id or slug when written, by id when stored.
    fn collection(&mut self) -> &mut Option<String>;
    /// Checks every field that can be checked without the catalog.
    fn validate(&self) -> Result<(), Invalid>;
}

macro_rules! content {
    ($draft:ty, $id:ident, $table:literal) => {
        impl Content for $draft {
            type Id = $id;
            const TABLE: &'static str = $table;
            fn fresh_id(host: &Host) -> $id {
                $id::random(host)
            }
            fn parse_id(text: &str) -> Result<$id, NotAnId> {
                $id::parse(text)
            }
            fn id_text(id: &$id) -> &str {
                id.as_str()
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn slug(&self) -> Option<&Slug> {
                self.slug.as_ref()
            }
            fn collection(&mut self) -> &mut Option<String> {
                &mut self.collection
            }
            fn validate(&self) -> Result<(), Invalid> {
                check_name("name", &self.name)?;
                check_text("description", self.description.as_deref().unwrap_or_default(), 2000)?;
                self.check()
            }
        }
    };
}

/// A folder of content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionDraft {
    /// Immutable name for programs, unique among the owner's collections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Name for people.
    pub name: String,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The collection above, by id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
}

/// One question: SQL with typed parameters, and how its answer is drawn.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardDraft {
    /// Immutable name for programs, unique among the owner's cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Name for people.
    pub name: String,
    /// What it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The collection it lies in, by id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// The data source it reads, by id or slug.
    pub source: String,
    /// The SQL and its parameters.
    pub query: NativeQuery,
    /// How it is drawn.
    #[serde(default)]
    pub visualization: Visualization,
    /// Seconds for which an answer may be reused; 0 asks the database each time.
    #[serde(default)]
    #[schema(maximum = 86_400)]
    pub cache_seconds: u32,
    /// Whether guest embeds show it: tokens in Metabase's form, signed with an embed key of that dialect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub enable_embedding: bool,
    /// Who gives its filters' values in guest embeds, by name. Nobody gives the value of a filter that is not named here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub embedding_params: BTreeMap<String, GuestFilter>,
    /// Texts in other languages, by language tag and then by place: `name`, `description`, `labels.<column>`,
    /// `parameters.<name>.label`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// Cards on a grid of 24 columns, with filters, tabs and text.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardDraft {
    /// Immutable name for programs, unique among the owner's dashboards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Name for people.
    pub name: String,
    /// What it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The collection it lies in, by id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Tabs; without any the dashboard is one page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tabs: Vec<Tab>,
    /// Filters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Filter>,
    /// Cards, headings and texts.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Seconds after which pages ask for the answers again; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 10, maximum = 86_400)]
    pub refresh_seconds: Option<u32>,
    /// Whether guest embeds show it: tokens in Metabase's form, signed with an embed key of that dialect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub enable_embedding: bool,
    /// Who gives its filters' values in guest embeds, by name. Nobody gives the value of a filter that is not named here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub embedding_params: BTreeMap<String, GuestFilter>,
    /// Texts in other languages, by language tag and then by place: `name`, `description`, `tabs.<id>`,
    /// `parameters.<name>.label`, `items.<id>.name` for a title and `items.<id>.text` for a heading or text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// Who gives a filter's value in a guest embed. The words are Metabase's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GuestFilter {
    /// Nobody: the default holds.
    Disabled,
    /// The token, or else the viewer.
    Enabled,
    /// The token, which must.
    Locked,
}

/// A tab of a dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tab {
    /// Name for programs, unique in the dashboard.
    pub id: Slug,
    /// Name for people.
    pub name: String,
}

/// A dashboard's filter: a parameter that is wired to parameters of its cards.
#[derive(Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Filter {
    /// The parameter. It has no `column` and no `choices`: those belong to the card's own parameter.
    #[serde(flatten)]
    #[schema(inline)]
    pub parameter: Parameter,
    /// Only an embed token gives its value; a viewer neither sees nor sets it.
    #[serde(default)]
    pub locked: bool,
    /// Filters whose values narrow this one's list: the card that lists the values takes them as parameters of the same
    /// names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub linked: BTreeSet<String>,
}

// By hand, because serde's `flatten` cannot refuse unknown fields.
impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = serde_json::Map::deserialize(deserializer)?;
        let locked = own(&mut fields, "locked").map_err(serde::de::Error::custom)?;
        let linked = own(&mut fields, "linked").map_err(serde::de::Error::custom)?;
        let parameter = serde_json::from_value(Value::Object(fields)).map_err(serde::de::Error::custom)?;
        Ok(Self { parameter, locked, linked })
    }
}

/// A field of the filter itself, taken out of what is left for the parameter.
fn own<T: DeserializeOwned + Default>(
    fields: &mut serde_json::Map<String, Value>,
    name: &str,
) -> serde_json::Result<T> {
    fields.remove(name).map_or_else(|| Ok(T::default()), serde_json::from_value)
}

/// Something on the grid.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Name for programs, unique in the dashboard.
    pub id: Slug,
    /// The tab it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tab: Option<Slug>,
    /// First column, 0 to 23.
    #[schema(maximum = 23)]
    pub x: u8,
    /// First row.
    #[schema(maximum = 10_000)]
    pub y: u16,
    /// Width in columns.
    #[schema(minimum = 1, maximum = 24)]
    pub w: u8,
    /// Height in rows.
    #[schema(minimum = 1, maximum = 100)]
    pub h: u8,
    /// What it is.
    pub show: Show,
}

/// What an item shows.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Show {
    /// A card.
    Card {
        /// The card, by id or slug when written, by id when stored.
        card: String,
        /// Another title than the card's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Which of the card's parameters takes its value from which filter.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        parameters: BTreeMap<String, String>,
        /// Locked filters that this card does not need. A card that neither takes a locked filter nor
        /// names it here is refused: forgetting one must not show everybody's rows.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        unfiltered: BTreeSet<String>,
        /// What clicks on its marks and cells do. Without any a drawing sets the filter of the same name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clicks: Vec<Click>,
    },
    /// A heading.
    Heading {
        /// The text. `{{name}}` stands for the value of the dashboard's filter of that name, and `[[ .. ]]` is left out
        /// where such a filter has none.
        text: String,
    },
    /// A paragraph with `**bold**`, `*italic*`, links and lists.
    Text {
        /// The text, with filters' values as in a heading.
        text: String,
    },
}

/// SQL text that cards share, as `{{snippet: name}}`. Its slug is that name.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnippetDraft {
    /// The name that templates use.
    pub slug: Option<Slug>,
    /// Name for people.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The collection it lies in, by id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// The SQL.
    pub sql: String,
}

content!(CollectionDraft, CollectionId, "collection");
content!(CardDraft, CardId, "card");
content!(DashboardDraft, DashboardId, "dashboard");
content!(SnippetDraft, SnippetId, "snippet");

/// A collection as stored.
pub type Collection = Record<CollectionId, CollectionDraft>;
/// A card as stored.
pub type Card = Record<CardId, CardDraft>;
/// A dashboard as stored.
pub type Dashboard = Record<DashboardId, DashboardDraft>;
/// A snippet as stored.
pub type Snippet = Record<SnippetId, SnippetDraft>;

impl CollectionDraft {
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "every kind of content has a check of its own")]
    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

impl CardDraft {
    fn check(&self) -> Result<(), Invalid> {
        if self.cache_seconds > 86_400 {
            return Err(Invalid::new("cache_seconds", "write 0 to 86400 seconds"));
        }
        translations::check(&self.translations, |place| match place.split_once('.') {
            None if place == "name" => Some(200),
            None if place == "description" => Some(2000),
            Some(("labels", column)) if !column.is_empty() => Some(200),
            Some(("parameters", rest)) => {
                let name = rest.strip_suffix(".label")?;
                self.query.parameters.iter().any(|parameter| parameter.name == name).then_some(200)
            }
            _ => None,
        })?;
        let is_parameter = |name: &String| self.query.parameters.iter().any(|parameter| parameter.name == *name);
        if !self.embedding_params.keys().all(is_parameter) {
            return Err(Invalid::new("embedding_params", "name parameters of this card"));
        }
        self.visualization.check()
    }
}

impl SnippetDraft {
    fn check(&self) -> Result<(), Invalid> {
        if self.slug.is_none() {
            return Err(Invalid::new("slug", "a snippet needs the name that templates use"));
        }
        if self.sql.trim().is_empty() || self.sql.len() > 100_000 {
            return Err(Invalid::new("sql", "write 1 to 100000 bytes of SQL"));
        }
        Ok(())
    }
}

/// The most items of a dashboard.
pub const MOST_ITEMS: usize = 200;
/// The most tabs of a dashboard.
pub const MOST_TABS: usize = 30;
/// The most filters of a dashboard.
pub const MOST_FILTERS: usize = 50;

impl DashboardDraft {
    fn check(&self) -> Result<(), Invalid> {
        if self.items.len() > MOST_ITEMS || self.tabs.len() > MOST_TABS || self.parameters.len() > MOST_FILTERS {
            return Err(Invalid::new("items", "a dashboard has at most 200 items, 30 tabs and 50 filters"));
        }
        unique("tabs", self.tabs.iter().map(|tab| tab.id.as_str()))?;
        unique("items", self.items.iter().map(|item| item.id.as_str()))?;
        unique("parameters", self.parameters.iter().map(|filter| filter.parameter.name.as_str()))?;
        for tab in &self.tabs {
            check_name(&format!("tabs.{}", tab.id), &tab.name)?;
        }
        if self.refresh_seconds.is_some_and(|seconds| !(10..=86_400).contains(&seconds)) {
            return Err(Invalid::new("refresh_seconds", "write 10 to 86400 seconds"));
        }
        for filter in &self.parameters {
            let others = |name: &String| *name != filter.parameter.name && self.is_settable(name);
            if !filter.linked.iter().all(others) {
                let field = format!("parameters.{}.linked", filter.parameter.name);
                return Err(Invalid::new(field, "name other filters of this dashboard that are not locked"));
            }
        }
        self.check_guests()?;
        translations::check(&self.translations, |place| self.longest_at(place))?;
        self.items.iter().try_for_each(|item| self.check_item(item))
    }

    fn check_guests(&self) -> Result<(), Invalid> {
        for (name, says) in &self.embedding_params {
            let field = || format!("embedding_params.{name}");
            let filter = self.filter(name);
            let filter = filter.ok_or_else(|| Invalid::new("embedding_params", "name filters of this dashboard"))?;
            if filter.locked && *says != GuestFilter::Locked {
                return Err(Invalid::new(field(), "the filter is locked: write \"locked\", or leave it out"));
            }
        }
        Ok(())
    }

    /// Whether a viewer may set the filter.
    fn is_settable(&self, name: &str) -> bool {
        self.filter(name).is_some_and(|filter| !filter.locked)
    }

    /// The most characters of a translation at a place; none where there is no such place.
    fn longest_at(&self, place: &str) -> Option<usize> {
        let Some((kind, rest)) = place.split_once('.') else {
            return match place {
                "name" => Some(200),
                "description" => Some(2000),
                _ => None,
            };
        };
        match (kind, rest.split_once('.')) {
            ("tabs", None) => self.tabs.iter().any(|tab| tab.id.as_str() == rest).then_some(200),
            ("parameters", Some((name, "label"))) => self.filter(name).map(|_| 200),
            ("items", Some((id, part))) => match (&self.item(id)?.show, part) {
                (Show::Card { .. }, "name") | (Show::Heading { .. }, "text") => Some(200),
                (Show::Text { .. }, "text") => Some(20_000),
                _ => None,
            },
            _ => None,
        }
    }

    fn check_item(&self, item: &Item) -> Result<(), Invalid> {
        let field = |name: &str| format!("items.{}.{name}", item.id);
        if item.w == 0 || item.h == 0 || item.h > 100 || u16::from(item.x) + u16::from(item.w) > 24 || item.y > 10_000 {
            return Err(Invalid::new(field("x"), "the grid has 24 columns; w and h are at least 1, h at most 100"));
        }
        match &item.tab {
            None if self.tabs.is_empty() => {}
            Some(tab) if self.tabs.iter().any(|own| own.id == *tab) => {}
            _ => return Err(Invalid::new(field("tab"), "name one of the dashboard's tabs")),
        }
        match &item.show {
            Show::Heading { text } => check_name(&field("text"), text),
            Show::Text { text } => check_text(&field("text"), text, 20_000),
            Show::Card { parameters, unfiltered, title, clicks, .. } => {
                title.as_deref().map_or(Ok(()), |title| check_name(&field("title"), title))?;
                clicks::check(&field("clicks"), clicks, |name| self.is_settable(name))?;
                for filter in parameters.values().chain(unfiltered) {
                    if self.filter(filter).is_none() {
                        return Err(Invalid::new(
                            field("parameters"),
                            "wire card parameters to filters of this dashboard",
                        ));
                    }
                }
                let covered = |filter: &&Filter| {
                    let name = &filter.parameter.name;
                    unfiltered.contains(name) || parameters.values().any(|wired| wired == name)
                };
                match self.parameters.iter().filter(|filter| filter.locked).find(|filter| !covered(filter)) {
                    None => Ok(()),
                    Some(_) => Err(Invalid::new(
                        field("parameters"),
                        "each locked filter must be wired to the card, or be named in \"unfiltered\"",
                    )),
                }
            }
        }
    }

    /// The filter with this name.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<&Filter> {
        self.parameters.iter().find(|filter| filter.parameter.name == name)
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id.as_str() == id)
    }

    /// The cards that are shown, as written.
    pub(crate) fn cards_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.items.iter_mut().filter_map(|item| match &mut item.show {
            Show::Card { card, .. } => Some(card),
            Show::Heading { .. } | Show::Text { .. } => None,
        })
    }

    /// The cards that are shown.
    pub fn cards(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| match &item.show {
            Show::Card { card, .. } => Some(card.as_str()),
            Show::Heading { .. } | Show::Text { .. } => None,
        })
    }
}

fn unique<'n>(field: &str, names: impl Iterator<Item = &'n str>) -> Result<(), Invalid> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Invalid::new(field, "two have the same name; names are unique in a dashboard"));
        }
    }
    Ok(())
}

/// Values by parameter name, as callers give them. No `Debug`: they are a tenant's.
pub type Values = BTreeMap<String, Value>;
