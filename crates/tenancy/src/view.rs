//! The read model: what the data plane needs, in memory, by owner.
//!
//! A lookup starts from one tenant's view, so a thing of another tenant is not "forbidden": it is not there.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;

use crate::grant::Lineage;
use crate::ids::{EntityId, PublicationId, SourceId};
use crate::model::Record;
use crate::model::content::{CardDraft, CollectionDraft, Content, DashboardDraft, SnippetDraft};
use crate::model::placing::{PlacementDraft, Source};
use crate::model::publication::{Audience, Publication, Published};
use crate::model::tenant::Tenant;
use crate::placement::Placement;

/// Things of one kind and one owner.
pub(crate) struct Shelf<D: Content> {
    by_id: HashMap<String, Arc<Record<D::Id, D>>>,
    ids: HashMap<String, String>,
    numbers: HashMap<i32, String>,
    entity_ids: HashMap<String, String>,
}

/// How clients of other products name a thing.
#[derive(Clone, Copy)]
pub(crate) enum Reference<'t> {
    Number(i32),
    Entity(&'t str),
}

impl<'t> Reference<'t> {
    /// A number has one spelling: what is written otherwise names nothing.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        match text.parse::<i32>() {
            Ok(number) if number.to_string() == text => Some(Self::Number(number)),
            _ => EntityId::parse(text).is_ok().then_some(Self::Entity(text)),
        }
    }
}

impl<D: Content> Shelf<D> {
    pub(crate) fn new(records: Vec<Record<D::Id, D>>) -> Self {
        let (mut ids, mut numbers, mut entity_ids) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut by_id = HashMap::with_capacity(records.len());
        for record in records {
            let id = D::id_text(&record.id).to_owned();
            if let Some(slug) = record.draft.slug() {
                ids.insert(slug.to_string(), id.clone());
            }
            numbers.insert(record.number, id.clone());
            if let Some(entity_id) = &record.entity_id {
                entity_ids.insert(entity_id.as_str().to_owned(), id.clone());
            }
            by_id.insert(id, Arc::new(record));
        }
        Self { by_id, ids, numbers, entity_ids }
    }

    /// By id or slug.
    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Record<D::Id, D>>> {
        self.by_id.get(self.ids.get(name).map_or(name, String::as_str))
    }

    /// The id of what a number or an entity id names.
    fn at(&self, reference: Reference<'_>) -> Option<&String> {
        match reference {
            Reference::Number(number) => self.numbers.get(&number),
            Reference::Entity(text) => self.entity_ids.get(text),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Record<D::Id, D>>> {
        self.by_id.values()
    }
}

/// Everything that one owner wrote.
pub(crate) struct Shelves {
    pub(crate) collections: Shelf<CollectionDraft>,
    pub(crate) cards: Shelf<CardDraft>,
    pub(crate) dashboards: Shelf<DashboardDraft>,
    pub(crate) snippets: query::Snippets,
}

impl Shelves {
    pub(crate) fn new(
        collections: Vec<Record<<CollectionDraft as Content>::Id, CollectionDraft>>,
        cards: Vec<Record<<CardDraft as Content>::Id, CardDraft>>,
        dashboards: Vec<Record<<DashboardDraft as Content>::Id, DashboardDraft>>,
        snippets: Vec<Record<<SnippetDraft as Content>::Id, SnippetDraft>>,
    ) -> Self {
        let named =
            |record: Record<_, SnippetDraft>| record.draft.slug.map(|slug| (slug.to_string(), record.draft.sql));
        Self {
            collections: Shelf::new(collections),
            cards: Shelf::new(cards),
            dashboards: Shelf::new(dashboards),
            snippets: snippets.into_iter().filter_map(named).collect(),
        }
    }

    /// The ids of the collection and of those above it. A cycle, which writes refuse, would end at 64.
    pub(crate) fn ancestry(&self, collection: Option<&str>) -> Vec<String> {
        let mut chain = Vec::new();
        let mut next = collection.map(str::to_owned);
        while let Some(id) = next.take().filter(|_| chain.len() < 64) {
            next = self.collections.get(&id).and_then(|above| above.draft.collection.clone());
            chain.push(id);
        }
        chain
    }
}

/// What the operator wrote: sources, the library, and who sees what of it.
pub(crate) struct Library {
    /// Distinguishes this reading from every other one.
    pub(crate) stamp: u64,
    pub(crate) sources: HashMap<String, Arc<Source>>,
    pub(crate) source_ids: HashMap<String, String>,
    pub(crate) content: Shelves,
    audiences: HashMap<String, Vec<(PublicationId, Audience)>>,
}

impl Library {
    pub(crate) fn new(stamp: u64, sources: Vec<Source>, content: Shelves, publications: Vec<Publication>) -> Self {
        let mut audiences: HashMap<String, Vec<(PublicationId, Audience)>> = HashMap::new();
        for publication in publications {
            let (Published::Collection(id) | Published::Dashboard(id) | Published::Card(id)) =
                publication.draft.publish;
            audiences.entry(id).or_default().push((publication.id, publication.draft.audience));
        }
        let source_ids = sources.iter().map(|s| (s.draft.slug.to_string(), s.id.to_string())).collect();
        let sources = sources.into_iter().map(|s| (s.id.to_string(), Arc::new(s))).collect();
        Self { stamp, sources, source_ids, content, audiences }
    }

    /// A data source by id or slug.
    pub(crate) fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources.get(self.source_ids.get(name).map_or(name, String::as_str))
    }

    /// Whether the thing itself or a collection around it is published to the tenant.
    fn is_published(&self, id: &str, around: &[String], tenant: &Tenant) -> bool {
        self.publication(id, around, tenant).is_some()
    }

    /// The publication by which a tenant sees a thing, or a collection around it.
    pub(crate) fn publication(&self, id: &str, around: &[String], tenant: &Tenant) -> Option<&PublicationId> {
        let names = std::iter::once(id).chain(around.iter().map(String::as_str));
        names.filter_map(|name| self.audiences.get(name)).flatten().find_map(|(publication, audience)| {
            audience.includes(tenant.id.as_str(), &tenant.draft.labels).then_some(publication)
        })
    }
}

/// One tenant.
pub(crate) struct TenantView {
    pub(crate) tenant: Tenant,
    pub(crate) timezone: TimeZone,
    pub(crate) placements: HashMap<String, PlacementDraft>,
    pub(crate) content: Shelves,
    resolved: RwLock<HashMap<String, (u64, Arc<Placement>)>>,
}

/// A thing that a tenant sees, and where it lies.
pub(crate) struct Seen<D: Content> {
    pub(crate) record: Arc<Record<D::Id, D>>,
    pub(crate) lineage: Lineage,
    pub(crate) from_library: bool,
}

impl TenantView {
    pub(crate) fn new(tenant: Tenant, placements: HashMap<String, PlacementDraft>, content: Shelves) -> Self {
        let timezone = tenant.draft.time_zone();
        Self { tenant, timezone, placements, content, resolved: RwLock::default() }
    }

    /// A dashboard by id or slug: the tenant's own, or one of the library that is published to it.
    pub(crate) fn dashboard(&self, library: &Library, name: &str) -> Option<Seen<DashboardDraft>> {
        let own = self.content.dashboards.get(name).map(|record| (record, false));
        let (record, from_library) =
            own.or_else(|| library.content.dashboards.get(name).map(|record| (record, true)))?;
        self.see_dashboard(library, record, from_library)
    }

    /// The id of a dashboard that the tenant sees, by number or entity id.
    pub(crate) fn dashboard_at(&self, library: &Library, reference: Reference<'_>) -> Option<String> {
        let own = self.content.dashboards.at(reference);
        let id = own.or_else(|| library.content.dashboards.at(reference))?;
        self.dashboard(library, id).map(|seen| seen.record.id.to_string())
    }

    /// The id of a card that the tenant sees by itself, by number or entity id.
    pub(crate) fn card_at(&self, library: &Library, reference: Reference<'_>) -> Option<String> {
        let own = self.content.cards.at(reference);
        let id = own.or_else(|| library.content.cards.at(reference))?;
        self.card(library, id).map(|seen| seen.record.id.to_string())
    }

    fn see_dashboard(
        &self,
        library: &Library,
        record: &Arc<Record<<DashboardDraft as Content>::Id, DashboardDraft>>,
        from_library: bool,
    ) -> Option<Seen<DashboardDraft>> {
        let shelves = self.shelves(library, from_library);
        let collections = shelves.ancestry(record.draft.collection.as_deref());
        if from_library && !library.is_published(record.id.as_str(), &collections, &self.tenant) {
            return None;
        }
        let lineage = Lineage { collections, dashboards: vec![record.id.to_string()], ..Lineage::default() };
        Some(Seen { record: record.clone(), lineage, from_library })
    }

    /// A card by id or slug, not counting cards that are seen through a dashboard only.
    pub(crate) fn card(&self, library: &Library, name: &str) -> Option<Seen<CardDraft>> {
        let own = self.content.cards.get(name).map(|record| (record, false));
        let (record, from_library) = own.or_else(|| library.content.cards.get(name).map(|record| (record, true)))?;
        self.see_card(library, record, from_library)
    }

    fn see_card(
        &self,
        library: &Library,
        record: &Arc<Record<<CardDraft as Content>::Id, CardDraft>>,
        from_library: bool,
    ) -> Option<Seen<CardDraft>> {
        let lineage = self.card_lineage(library, record, from_library);
        if from_library && !library.is_published(record.id.as_str(), &lineage.collections, &self.tenant) {
            return None;
        }
        Some(Seen { record: record.clone(), lineage, from_library })
    }

    /// The card of a dashboard that is seen already.
    pub(crate) fn card_of(
        &self,
        library: &Library,
        dashboard: &Seen<DashboardDraft>,
        card: &str,
    ) -> Option<Seen<CardDraft>> {
        let record = self.shelves(library, dashboard.from_library).cards.get(card)?;
        let mut lineage = self.card_lineage(library, record, dashboard.from_library);
        lineage.collections.extend(dashboard.lineage.collections.iter().cloned());
        lineage.dashboards.clone_from(&dashboard.lineage.dashboards);
        Some(Seen { record: record.clone(), lineage, from_library: dashboard.from_library })
    }

    /// A card of the same owner as one that is seen already, which needs it: to list a parameter's values.
    pub(crate) fn card_of_owner(
        &self,
        library: &Library,
        record: &Arc<Record<<CardDraft as Content>::Id, CardDraft>>,
        from_library: bool,
    ) -> Seen<CardDraft> {
        Seen { record: record.clone(), lineage: self.card_lineage(library, record, from_library), from_library }
    }

    fn card_lineage(
        &self,
        library: &Library,
        record: &Record<<CardDraft as Content>::Id, CardDraft>,
        from_library: bool,
    ) -> Lineage {
        Lineage {
            collections: self.shelves(library, from_library).ancestry(record.draft.collection.as_deref()),
            dashboards: Vec::new(),
            cards: vec![record.id.to_string()],
            sources: vec![record.draft.source.clone()],
        }
    }

    /// A collection by id or slug: the tenant's own, or a published one.
    pub(crate) fn collection(&self, library: &Library, name: &str) -> Option<Seen<CollectionDraft>> {
        let own = self.content.collections.get(name).map(|record| (record, false));
        let (record, from_library) =
            own.or_else(|| library.content.collections.get(name).map(|record| (record, true)))?;
        let collections = self.shelves(library, from_library).ancestry(Some(record.id.as_str()));
        if from_library && !library.is_published(record.id.as_str(), &collections, &self.tenant) {
            return None;
        }
        Some(Seen { record: record.clone(), lineage: Lineage { collections, ..Lineage::default() }, from_library })
    }

    /// Every dashboard that the tenant sees.
    pub(crate) fn dashboards(&self, library: &Library) -> Vec<Seen<DashboardDraft>> {
        let own = self.content.dashboards.iter().filter_map(|record| self.see_dashboard(library, record, false));
        let shared = library.content.dashboards.iter().filter_map(|record| self.see_dashboard(library, record, true));
        own.chain(shared).collect()
    }

    /// Every card that the tenant sees by itself.
    pub(crate) fn cards(&self, library: &Library) -> Vec<Seen<CardDraft>> {
        let own = self.content.cards.iter().filter_map(|record| self.see_card(library, record, false));
        let shared = library.content.cards.iter().filter_map(|record| self.see_card(library, record, true));
        own.chain(shared).collect()
    }

    pub(crate) fn shelves<'v>(&'v self, library: &'v Library, from_library: bool) -> &'v Shelves {
        if from_library { &library.content } else { &self.content }
    }

    /// The placement that was resolved against this reading of the library.
    pub(crate) fn resolved(&self, library: &Library, source: &SourceId) -> Option<Arc<Placement>> {
        let resolved = self.resolved.read().unwrap_or_else(PoisonError::into_inner);
        resolved
            .get(source.as_str())
            .filter(|(stamp, _)| *stamp == library.stamp)
            .map(|(_, placement)| placement.clone())
    }

    pub(crate) fn remember(&self, library: &Library, source: &SourceId, placement: Arc<Placement>) {
        let mut resolved = self.resolved.write().unwrap_or_else(PoisonError::into_inner);
        resolved.insert(source.to_string(), (library.stamp, placement));
    }
}
