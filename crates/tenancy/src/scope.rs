//! Scopes: an admitted caller, and what it was granted.
//!
//! Only this crate makes the types here. Holding one is the right that it stands for, which is why none of them
//! can be cloned, built from parts or read from a request.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::admit::KeyRow;
use crate::error::{GuestError, LookupError};
use crate::grant::{Action, Grant, Lineage, Resources};
use crate::guest::Guest;
use crate::ids::{ApiKeyId, EmbedKeyId, PublicLinkId, TenantId};
use crate::kernel::Tenancy;
use crate::model::Invalid;
use crate::model::content::{Card, CardDraft, Collection, Dashboard, DashboardDraft, Show, Values};
use crate::model::tenant::{Limits, Tenant, Theme};
use crate::placement::Placement;
use crate::resolve;
use crate::standing::{Reached, Standing};
use crate::view::{Library, Seen, TenantView};

/// One admitted caller, bound to exactly one tenant.
pub struct TenantScope {
    pub(crate) kernel: Tenancy,
    pub(crate) view: Arc<TenantView>,
    pub(crate) library: Arc<Library>,
    pub(crate) caller: Caller,
    pub(crate) grant: Arc<Grant>,
    /// What an embed key's tokens may show, beside what the token names.
    pub(crate) ceiling: Option<Resources>,
    pub(crate) embed: Option<EmbedSession>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) epoch: u64,
    /// The API key, when it is one.
    pub(crate) key: Option<Arc<KeyRow>>,
}

/// Which credential was presented.
#[derive(Clone)]
pub enum Caller {
    /// An API key.
    ApiKey(ApiKeyId),
    /// An embed token.
    Embed(EmbedKeyId),
    /// A public link.
    Link(PublicLinkId),
}

/// What an embed token says beyond what it may show.
pub(crate) struct EmbedSession {
    pub(crate) resource: EmbedResource,
    pub(crate) locked: Values,
    pub(crate) viewer: Viewer,
    pub(crate) locale: Option<String>,
    pub(crate) timezone: Option<TimeZone>,
    pub(crate) theme: Option<Theme>,
    /// Pages that may frame and ask; any when empty.
    pub(crate) origins: BTreeSet<String>,
    /// The author's rules, when the token is in Metabase's form.
    pub(crate) guest: Option<Guest>,
}

/// The one thing that an embed token shows, by id.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum EmbedResource {
    Dashboard(String),
    Card(String),
    /// What the token names is not there for it.
    Nothing,
}

/// The person behind an embed token, as the embedding page vouches for them.
#[derive(Default)]
pub struct Viewer {
    /// The page's own name for the person.
    pub subject: Option<String>,
    /// Facts for row policies.
    pub attributes: BTreeMap<String, Value>,
}

impl EmbedResource {
    /// What a public link shows. Its row has ids, never slugs: a slug may be somebody else's later.
    pub(crate) fn of_link(resource: &crate::admit::Resource) -> Self {
        match resource {
            crate::admit::Resource::Dashboard(id) => Self::Dashboard(id.clone()),
            crate::admit::Resource::Card(id) => Self::Card(id.clone()),
        }
    }
}

mod sealed {
    pub trait Sealed {}
}

impl Viewer {
    /// A fact about the viewer; `sub` is who it is.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<std::borrow::Cow<'_, Value>> {
        match name {
            "sub" => self.subject.as_ref().map(|subject| std::borrow::Cow::Owned(Value::from(subject.as_str()))),
            _ => self.attributes.get(name).map(std::borrow::Cow::Borrowed),
        }
    }
}

/// What a [`Granted`] was checked for.
pub trait Act: sealed::Sealed {
    /// All of these must be allowed.
    const ACTIONS: &'static [Action];
}

/// Seeing a thing, without rows.
pub enum View {}
/// Running a card.
pub enum Run {}
/// Running a card into a file.
pub enum Export {}

impl sealed::Sealed for View {}
impl sealed::Sealed for Run {}
impl sealed::Sealed for Export {}
impl Act for View {
    const ACTIONS: &'static [Action] = &[Action::DashboardsRead];
}
impl Act for Run {
    const ACTIONS: &'static [Action] = &[Action::CardsRun];
}
impl Act for Export {
    const ACTIONS: &'static [Action] = &[Action::CardsRun, Action::ResultsExport];
}

/// Proof that `A` was checked on the resource for this scope.
#[must_use]
pub struct Granted<'s, A, R> {
    scope: &'s TenantScope,
    resource: Arc<R>,
    from_library: bool,
    via: Option<Via>,
    reached: Reached,
    action: PhantomData<fn() -> A>,
}

/// The dashboard through which a card was reached, and its wiring there.
struct Via {
    dashboard: Arc<Dashboard>,
    wiring: BTreeMap<String, String>,
    unfiltered: std::collections::BTreeSet<String>,
}

/// The thing that an embed token shows.
pub enum Embedded<'s> {
    /// A dashboard.
    Dashboard(Granted<'s, View, Dashboard>),
    /// A card.
    Card(Granted<'s, View, Card>),
}

impl TenantScope {
    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.view.tenant.id
    }

    /// What the operator wrote about the tenant.
    #[must_use]
    pub fn profile(&self) -> &Tenant {
        &self.view.tenant
    }

    /// Which credential this is.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// When the credential ends by itself.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// The viewer, when the credential is an embed token.
    #[must_use]
    pub fn viewer(&self) -> Option<&Viewer> {
        self.embed.as_ref().map(|embed| &embed.viewer)
    }

    /// The language for this caller: the token's, or the tenant's.
    #[must_use]
    pub fn locale(&self) -> &str {
        let own = self.embed.as_ref().and_then(|embed| embed.locale.as_deref());
        own.unwrap_or(&self.view.tenant.draft.locale)
    }

    /// The time zone for this caller: the token's, or the tenant's.
    #[must_use]
    pub fn timezone(&self) -> &TimeZone {
        self.embed.as_ref().and_then(|embed| embed.timezone.as_ref()).unwrap_or(&self.view.timezone)
    }

    /// The look for this caller: the token's, or the tenant's.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        let own = self.embed.as_ref().and_then(|embed| embed.theme.as_ref());
        own.unwrap_or(&self.view.tenant.draft.theme)
    }

    /// The origins whose pages may show what the token shows; any when there are none.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.embed.iter().flat_map(|embed| embed.origins.iter().map(String::as_str))
    }

    /// The tenant's limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.view.tenant.draft.limits
    }

    /// The tenant's attributes.
    #[must_use]
    pub fn attributes(&self) -> &BTreeMap<String, Value> {
        &self.view.tenant.draft.attributes
    }

    /// The time of this request.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.kernel.host().now()
    }

    /// Whether the embed token gives this filter's value, or the author lets no guest set it: the viewer neither sees nor
    /// sets it.
    #[must_use]
    pub fn locks(&self, filter: &str) -> bool {
        self.embed.as_ref().is_some_and(|embed| {
            embed.locked.contains_key(filter) || embed.guest.as_ref().is_some_and(|guest| !guest.lets_set(filter))
        })
    }

    /// The value that the embed token gives a filter. Of a viewer's answers only a text that its author wrote for it may hold it.
    #[must_use]
    pub fn locked_value(&self, filter: &str) -> Option<&Value> {
        self.embed.as_ref().and_then(|embed| embed.locked.get(filter))
    }

    /// Whether the embed token is a guest's, in Metabase's form.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.embed.as_ref().is_some_and(|embed| embed.guest.is_some())
    }

    /// Whether the credential is a public link, which anybody may hold.
    #[must_use]
    pub fn is_link(&self) -> bool {
        matches!(self.caller, Caller::Link(_))
    }

    /// Says in a guest's own words what a guest may not give. Running a card asks the same.
    pub fn check_guest(&self, given: &Values) -> Result<(), GuestError> {
        let Some(embed) = &self.embed else { return Ok(()) };
        embed.guest.as_ref().map_or(Ok(()), |guest| guest.check(given, &embed.locked))
    }

    /// Whether the credential may do this to anything at all.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.grant.allows_somewhere(action)
    }

    /// A dashboard by id or slug. Somebody else's and none are one answer.
    pub fn dashboard<A: Act>(&self, name: &str) -> Result<Granted<'_, A, Dashboard>, LookupError> {
        let seen = self.view.dashboard(&self.library, name).ok_or(LookupError::Missing)?;
        self.grant_seen(seen, None, Reached::Alone)
    }

    /// A card by id or slug. Somebody else's and none are one answer.
    pub fn card<A: Act>(&self, name: &str) -> Result<Granted<'_, A, Card>, LookupError> {
        let seen = self.view.card(&self.library, name).ok_or(LookupError::Missing)?;
        self.grant_seen(seen, None, Reached::Alone)
    }

    /// A question that is not saved, or not yet: the tenant's own SQL against one of its data sources. A data source that
    /// is not set up for this tenant and none are one answer.
    pub fn question(&self, source: &str, query: query::NativeQuery) -> Result<Granted<'_, Run, Card>, LookupError> {
        if self.embed.is_some() || !self.grant.allows_somewhere(Action::SqlRun) {
            return Err(LookupError::Forbidden(Action::SqlRun));
        }
        let source = self.library.source(source).ok_or(LookupError::Missing)?;
        if resolve::placement(&self.kernel, &self.view, &self.library, source.id.as_str()).is_err() {
            return Err(LookupError::Missing);
        }
        let host = self.kernel.host();
        let draft = CardDraft {
            slug: None,
            name: "question".to_owned(),
            description: None,
            collection: None,
            source: source.id.to_string(),
            query,
            visualization: crate::model::content::Visualization::default(),
            cache_seconds: 0,
            enable_embedding: false,
            embedding_params: BTreeMap::new(),
            translations: BTreeMap::new(),
        };
        let (id, now) = (crate::ids::CardId::random(host), host.now());
        let record =
            Arc::new(Card { id, number: 1, entity_id: None, version: 1, created_at: now, updated_at: now, draft });
        let lineage = Lineage { sources: vec![source.id.to_string()], ..Lineage::default() };
        self.grant_question(Seen { record, lineage, from_library: false })
    }

    /// The same into a file.
    pub fn question_to_export(
        &self,
        source: &str,
        query: query::NativeQuery,
    ) -> Result<Granted<'_, Export, Card>, LookupError> {
        let Granted { scope, resource, from_library, via, reached, .. } = self.question(source, query)?;
        let lineage = Lineage { sources: vec![resource.draft.source.clone()], ..Lineage::default() };
        if !self.grant.allows(Action::ResultsExport, &lineage) {
            return Err(LookupError::Forbidden(Action::ResultsExport));
        }
        Ok(Granted { scope, resource, from_library, via, reached, action: PhantomData })
    }

    /// What a key may do nothing with is not there, as everywhere.
    fn grant_question(&self, seen: Seen<CardDraft>) -> Result<Granted<'_, Run, Card>, LookupError> {
        if !Action::ALL.iter().any(|action| self.allows(*action, &seen)) {
            return Err(LookupError::Missing);
        }
        if !self.allows(Action::SqlRun, &seen) {
            return Err(LookupError::Forbidden(Action::SqlRun));
        }
        let (resource, reached) = (seen.record, Reached::Question);
        Ok(Granted { scope: self, resource, from_library: false, via: None, reached, action: PhantomData })
    }

    /// The data sources that are set up for this tenant and that the credential may question, by slug.
    #[must_use]
    pub fn sources(&self) -> Vec<(Arc<Placement>, &crate::model::placing::Source)> {
        let mut found: Vec<_> = self
            .library
            .sources
            .values()
            .filter(|source| {
                let lineage = Lineage { sources: vec![source.id.to_string()], ..Lineage::default() };
                self.grant.allows(Action::SqlRun, &lineage)
            })
            .filter_map(|source| {
                let placement = resolve::placement(&self.kernel, &self.view, &self.library, source.id.as_str());
                Some((placement.ok()?, source.as_ref()))
            })
            .collect();
        found.sort_by(|(_, one), (_, other)| one.draft.slug.cmp(&other.draft.slug));
        found
    }

    /// Every dashboard that the credential may see, by name.
    #[must_use]
    pub fn dashboards(&self) -> Vec<Arc<Dashboard>> {
        let mut seen: Vec<_> = self.view.dashboards(&self.library);
        seen.retain(|seen| self.allows(Action::DashboardsRead, seen));
        let mut found: Vec<_> = seen.into_iter().map(|seen| seen.record).collect();
        found.sort_by(|a, b| (&a.draft.name, a.id.as_str()).cmp(&(&b.draft.name, b.id.as_str())));
        found
    }

    /// Every card that the credential may see by itself, by name.
    #[must_use]
    pub fn cards(&self) -> Vec<Arc<Card>> {
        let mut seen: Vec<_> = self.view.cards(&self.library);
        seen.retain(|seen| self.allows(Action::DashboardsRead, seen));
        let mut found: Vec<_> = seen.into_iter().map(|seen| seen.record).collect();
        found.sort_by(|a, b| (&a.draft.name, a.id.as_str()).cmp(&(&b.draft.name, b.id.as_str())));
        found
    }

    /// Every collection that the credential may see, by name.
    #[must_use]
    pub fn collections(&self) -> Vec<Arc<Collection>> {
        let own = self.view.content.collections.iter();
        let names = own.chain(self.library.content.collections.iter()).map(|record| record.id.to_string());
        let mut found: Vec<_> = names
            .filter_map(|id| self.view.collection(&self.library, &id))
            .filter(|seen| self.allows(Action::DashboardsRead, seen))
            .map(|seen| seen.record)
            .collect();
        found.sort_by(|a, b| (&a.draft.name, a.id.as_str()).cmp(&(&b.draft.name, b.id.as_str())));
        found
    }

    /// What the embed token shows; `None` for an API key.
    pub fn embedded(&self) -> Option<Result<Embedded<'_>, LookupError>> {
        let embed = self.embed.as_ref()?;
        Some(match &embed.resource {
            EmbedResource::Dashboard(id) => self.dashboard::<View>(id).map(Embedded::Dashboard),
            EmbedResource::Card(id) => self.card::<View>(id).map(Embedded::Card),
            EmbedResource::Nothing => Err(LookupError::Missing),
        })
    }

    /// Whether the credential would still be admitted: revocation and suspension end a running answer.
    pub async fn is_still_admitted(&self) -> bool {
        if self.expires_at.is_some_and(|end| end <= self.now()) {
            return false;
        }
        self.epoch == self.kernel.epoch() || self.kernel.readmits(self).await
    }

    fn allows<D: crate::model::content::Content>(&self, action: Action, seen: &Seen<D>) -> bool {
        let within = self.ceiling.as_ref().is_none_or(|ceiling| ceiling.contains(&seen.lineage));
        within && self.grant.allows(action, &seen.lineage)
    }

    /// A caller that may do nothing with a thing is told that there is nothing.
    fn grant_seen<A: Act, D: crate::model::content::Content>(
        &self,
        seen: Seen<D>,
        via: Option<Via>,
        reached: Reached,
    ) -> Result<Granted<'_, A, crate::model::Record<D::Id, D>>, LookupError> {
        if !Action::ALL.iter().any(|action| self.allows(*action, &seen)) {
            return Err(LookupError::Missing);
        }
        if let Some(action) = A::ACTIONS.iter().find(|action| !self.allows(**action, &seen)) {
            return Err(LookupError::Forbidden(*action));
        }
        let Seen { record: resource, from_library, .. } = seen;
        Ok(Granted { scope: self, resource, from_library, via, reached, action: PhantomData })
    }
}

impl<'s, A, R> Granted<'s, A, R> {
    /// The thing itself.
    #[must_use]
    pub fn get(&self) -> &Arc<R> {
        &self.resource
    }

    /// The scope that it was granted to.
    #[must_use]
    pub fn scope(&self) -> &'s TenantScope {
        self.scope
    }

    /// Whether the operator wrote it. What a tenant wrote runs with more care.
    #[must_use]
    pub fn is_from_library(&self) -> bool {
        self.from_library
    }
}

impl<'s, A: Act> Granted<'s, A, Dashboard> {
    /// A card of this dashboard by the item that shows it, reached with the dashboard's rights.
    pub fn item<B: Act>(&self, name: &str) -> Result<Granted<'s, B, Card>, LookupError> {
        let item = self.resource.draft.item(name).ok_or(LookupError::Missing)?;
        let Show::Card { card, parameters, unfiltered, .. } = &item.show else { return Err(LookupError::Missing) };
        let view = &self.scope.view;
        let dashboard: Seen<DashboardDraft> =
            view.dashboard(&self.scope.library, self.resource.id.as_str()).ok_or(LookupError::Missing)?;
        let seen: Seen<CardDraft> = view.card_of(&self.scope.library, &dashboard, card).ok_or(LookupError::Missing)?;
        let via = Via { dashboard: self.resource.clone(), wiring: parameters.clone(), unfiltered: unfiltered.clone() };
        let reached = Reached::Item { dashboard: self.resource.id.to_string(), item: name.to_owned() };
        self.scope.grant_seen(seen, Some(via), reached)
    }
}

impl<'s, A: Act> Granted<'s, A, Dashboard> {
    /// The card that lists a filter's values. It takes the filters that have the names of its own parameters, and so
    /// must take every filter that the token locks: a list must not show what the cards hide.
    pub fn values_card(&self, card: &str) -> Result<Granted<'s, Run, Card>, LookupError> {
        let scope = self.scope;
        let dashboard: Seen<DashboardDraft> =
            scope.view.dashboard(&scope.library, self.resource.id.as_str()).ok_or(LookupError::Missing)?;
        // Reached with the dashboard's rights, so it must be one that the dashboard itself asks for.
        let cards = &scope.view.shelves(&scope.library, dashboard.from_library).cards;
        let draft = &self.resource.draft;
        let filters = draft.parameters.iter().map(|filter| &filter.parameter);
        let shown = draft.cards().filter_map(|shown| cards.get(shown));
        if !lists(filters.chain(shown.flat_map(|shown| &shown.draft.query.parameters)), card) {
            return Err(LookupError::Missing);
        }
        let seen = scope.view.card_of(&scope.library, &dashboard, card).ok_or(LookupError::Missing)?;
        let own = seen.record.draft.query.parameters.iter().map(|parameter| parameter.name.clone());
        let wiring =
            own.filter(|name| self.resource.draft.filter(name).is_some()).map(|name| (name.clone(), name)).collect();
        let via = Via { dashboard: self.resource.clone(), wiring, unfiltered: std::collections::BTreeSet::new() };
        let reached = Reached::ListOfDashboard { dashboard: self.resource.id.to_string(), name: card.to_owned() };
        scope.grant_seen(seen, Some(via), reached)
    }
}

impl<'s, A: Act> Granted<'s, A, Card> {
    /// The card that lists a parameter's values; it must take every parameter that the token locks.
    pub fn values_card(&self, card: &str) -> Result<Granted<'s, Run, Card>, LookupError> {
        let scope = self.scope;
        if !lists(self.resource.draft.query.parameters.iter(), card) {
            return Err(LookupError::Missing);
        }
        let shelves = scope.view.shelves(&scope.library, self.from_library);
        let listed = shelves.cards.get(card).ok_or(LookupError::Missing)?;
        let mut own = scope.view.card_of_owner(&scope.library, listed, self.from_library);
        own.lineage.cards.push(self.resource.id.to_string());
        let reached = Reached::ListOfCard { card: self.resource.id.to_string(), name: card.to_owned() };
        scope.grant_seen(own, None, reached)
    }

    /// The names that a caller may give here: the dashboard's filters, or the card's own parameters.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        match &self.via {
            Some(via) => via.dashboard.draft.filter(name).is_some(),
            None => self.resource.draft.query.parameters.iter().any(|parameter| parameter.name == name),
        }
    }
}

/// Whether one of the parameters takes its list of values from this card.
fn lists<'p>(mut parameters: impl Iterator<Item = &'p query::Parameter>, name: &str) -> bool {
    parameters
        .any(|parameter| matches!(&parameter.values, Some(query::ValuesSource::Card { card, .. }) if card == name))
}

impl<'s> Granted<'s, Export, Card> {
    /// Exporting includes running.
    pub fn into_run(self) -> Granted<'s, Run, Card> {
        Granted {
            scope: self.scope,
            resource: self.resource,
            from_library: self.from_library,
            via: self.via,
            reached: self.reached,
            action: PhantomData,
        }
    }
}

impl Granted<'_, Run, Card> {
    /// What a running answer rests on, to be asked again while it runs.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let fingerprint = self.placement().ok().map(|placement| *placement.fingerprint());
        Standing::new(self.reached.clone(), self.resource.id.to_string(), &self.resource.draft.source, fingerprint)
    }

    /// Whether the caller is who may write this SQL, and so may know what a database says about it.
    #[must_use]
    pub fn is_for_its_author(&self) -> bool {
        !self.from_library && self.scope.embed.is_none() && self.scope.grant.allows_everywhere(Action::SqlRun)
    }

    /// Where the tenant's rows of this card's data source are.
    pub fn placement(&self) -> Result<Arc<Placement>, Invalid> {
        resolve::placement(&self.scope.kernel, &self.scope.view, &self.scope.library, &self.resource.draft.source)
    }

    /// The snippets of the card's owner.
    #[must_use]
    pub fn snippets(&self) -> &query::Snippets {
        &self.scope.view.shelves(&self.scope.library, self.from_library).snippets
    }

    /// The values for the card's own parameters: the caller's through the dashboard's wiring, the token's
    /// locked ones over them. A caller that names a locked parameter is refused rather than overruled.
    pub fn inputs(&self, given: Values) -> Result<Values, Invalid> {
        if let Err(error) = self.scope.check_guest(&given) {
            return Err(Invalid::new("parameters", error.to_string()));
        }
        let none = Values::new();
        let token = self.scope.embed.as_ref().map(|embed| &embed.locked);
        let locked = token.unwrap_or(&none);
        match &self.via {
            None => crate::inputs::direct(&self.resource.draft, given, locked),
            Some(via) => crate::inputs::wired(
                &via.dashboard.draft,
                &via.wiring,
                &via.unfiltered,
                given,
                locked,
                token.is_some(),
                self.scope.attributes(),
            ),
        }
    }
}
