//! Writing content: the library's by an operator, a tenant's own by its keys. One code for both owners.

use sqlx::AssertSqlSafe;

use crate::error::WriteError;
use crate::grant::Action;
use crate::ids::EntityId;
use crate::kernel::Tenancy;
use crate::load::LIBRARY;
use crate::model::content::{CardDraft, Content, DashboardDraft, Show, SnippetDraft};
use crate::model::placing::SourceDraft;
use crate::model::{Invalid, Page, Record};
use crate::operator::{bad_cursor, free_number, page};
use crate::resolve;
use crate::scope::TenantScope;
use crate::store::rows::{body, content, text, to_body};
use crate::store::{Actor, Change, Event, Idempotency, Reads};

/// The right to read one owner's content as its author, and perhaps to write it.
pub struct Desk {
    kernel: Tenancy,
    owner: String,
    actor: Actor,
    may_write: bool,
    lacks: &'static str,
    may_write_sql: bool,
}

/// What is being written, in the owner's own terms.
pub enum Placed<'d> {
    /// A card.
    Card(&'d mut CardDraft),
    /// A dashboard.
    Dashboard(&'d mut DashboardDraft),
    /// A collection or a snippet.
    Other,
}

impl TenantScope {
    /// The tenant's own content, to read and to write as far as the key allows.
    pub fn desk(&self) -> Result<Desk, WriteError> {
        if self.embed.is_some() || !self.grant.allows_everywhere(Action::ContentWrite) {
            return Err(WriteError::Forbidden(Action::ContentWrite.name()));
        }
        let may_write_sql = self.grant.allows_everywhere(Action::SqlRun);
        let lacks = Action::ContentWrite.name();
        let actor = Actor { name: self.actor_name(), idempotency: None };
        Ok(Desk::new(self.kernel.clone(), self.tenant().as_str(), actor, true, lacks, may_write_sql))
    }
}

impl Desk {
    pub(crate) fn new(
        kernel: Tenancy,
        owner: &str,
        actor: Actor,
        may_write: bool,
        lacks: &'static str,
        may_write_sql: bool,
    ) -> Self {
        Self { kernel, owner: owner.to_owned(), actor, may_write, lacks, may_write_sql }
    }

    /// Marks the request that the next creation belongs to: a repetition gets the first one's answer.
    pub fn with_idempotency(&mut self, key: String, digest: [u8; 32]) {
        self.actor.idempotency = Some(Idempotency { key, digest });
    }

    /// The answer to an earlier creation with the same Idempotency-Key.
    pub async fn replay(&self) -> Result<Option<Vec<u8>>, WriteError> {
        self.kernel.replay(&self.actor).await
    }

    /// A thing by id or slug.
    pub async fn get<D: Content>(&self, name: &str) -> Result<Record<D::Id, D>, WriteError> {
        self.find(&mut self.kernel.store(), name).await
    }

    /// Things of one kind, by id.
    pub async fn list<D: Content>(
        &self,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Record<D::Id, D>>, WriteError> {
        if cursor.is_some_and(|cursor| D::parse_id(cursor).is_err()) {
            return Err(bad_cursor());
        }
        let statement = format!("SELECT * FROM {} WHERE owner = $1 AND id > $2 ORDER BY id LIMIT $3", D::TABLE);
        let query = sqlx::query(AssertSqlSafe(statement))
            .bind(self.owner.as_str())
            .bind(cursor.unwrap_or_default())
            .bind(i64::from(limit) + 1);
        let rows = self.kernel.store().all(query).await?;
        let records = rows.iter().map(content::<D>).collect::<Result<Vec<_>, _>>()?;
        Ok(page(records, limit, |record: &Record<D::Id, D>| D::id_text(&record.id).to_owned()))
    }

    /// Makes a thing.
    pub async fn create<D: Content + Authored>(&self, mut draft: D) -> Result<Record<D::Id, D>, WriteError> {
        self.require()?;
        draft.validate()?;
        self.know_source(&mut draft).await?;
        let mut change = self.kernel.store().change().await?;
        let id = D::fresh_id(self.kernel.host());
        if let Some(slug) = draft.slug() {
            let statement = format!("SELECT id FROM {} WHERE owner = $1 AND slug = $2", D::TABLE);
            let taken = sqlx::query(AssertSqlSafe(statement)).bind(self.owner.as_str()).bind(slug.as_str());
            if change.exists(taken).await? {
                return Err(WriteError::Taken { field: "slug" });
            }
        }
        // Over all owners and kinds: a number must never mean two things, whoever asks.
        let taken = |number| sqlx::query(NUMBERED).bind(number);
        let number = free_number(&self.kernel, &mut change, taken).await?;
        self.settle(&mut change, &mut draft, D::id_text(&id)).await?;
        let now = self.kernel.host().now();
        let entity_id = EntityId::random(self.kernel.host());
        let mut record = Record {
            id,
            number,
            entity_id: Some(entity_id.clone()),
            version: 1,
            created_at: now,
            updated_at: now,
            draft,
        };
        let collection = record.draft.collection().clone();
        let statement = format!(
            "INSERT INTO {} (owner, id, number, slug, collection, body, version, created_at, updated_at, entity_id{}) \
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8{})",
            D::TABLE,
            D::EXTRA.map(|column| format!(", {column}")).unwrap_or_default(),
            D::EXTRA.map(|_| ", $9").unwrap_or_default(),
        );
        let mut insert = sqlx::query(AssertSqlSafe(statement))
            .bind(self.owner.as_str())
            .bind(D::id_text(&record.id))
            .bind(i64::from(number))
            .bind(record.draft.slug().map(crate::slug::Slug::as_str))
            .bind(collection)
            .bind(to_body(&record.draft)?)
            .bind(now.as_microsecond())
            .bind(entity_id.as_str());
        if let Some(extra) = record.draft.extra() {
            insert = insert.bind(extra.to_owned());
        }
        change.execute(insert).await?;
        self.relate(&mut change, D::id_text(&record.id), &mut record.draft).await?;
        let event = self.event(D::CREATE, D::id_text(&record.id), record.draft.name());
        self.kernel.commit_creation(change, &self.actor, event, &record).await?;
        Ok(record)
    }

    /// Replaces a thing, if it still is at `version`.
    pub async fn replace<D: Content + Authored>(
        &self,
        name: &str,
        version: i64,
        mut draft: D,
    ) -> Result<Record<D::Id, D>, WriteError> {
        self.require()?;
        draft.validate()?;
        self.know_source(&mut draft).await?;
        let mut change = self.kernel.store().change().await?;
        let before = self.find::<D>(&mut change, name).await?;
        if before.version != version {
            return Err(WriteError::Stale);
        }
        if before.draft.slug() != draft.slug() {
            return Err(Invalid::new("slug", "a slug never changes: embedding pages use it").into());
        }
        self.settle(&mut change, &mut draft, D::id_text(&before.id)).await?;
        let now = self.kernel.host().now();
        let mut record = Record { version: version + 1, updated_at: now, draft, ..before };
        let collection = record.draft.collection().clone();
        let statement = format!(
            "UPDATE {} SET collection = $1, body = $2, version = $3, updated_at = $4{} WHERE owner = $5 AND id = $6",
            D::TABLE,
            D::EXTRA.map(|column| format!(", {column} = $7")).unwrap_or_default(),
        );
        let mut update = sqlx::query(AssertSqlSafe(statement))
            .bind(collection)
            .bind(to_body(&record.draft)?)
            .bind(record.version)
            .bind(now.as_microsecond())
            .bind(self.owner.as_str())
            .bind(D::id_text(&record.id));
        if let Some(extra) = record.draft.extra() {
            update = update.bind(extra.to_owned());
        }
        change.execute(update).await?;
        self.relate(&mut change, D::id_text(&record.id), &mut record.draft).await?;
        let event = self.event(D::REPLACE, D::id_text(&record.id), record.draft.name());
        self.kernel.commit(change, &self.actor, event).await?;
        Ok(record)
    }

    /// Removes a thing that nothing uses.
    pub async fn delete<D: Content + Authored>(&self, name: &str) -> Result<(), WriteError> {
        self.require()?;
        let mut change = self.kernel.store().change().await?;
        let found = self.find::<D>(&mut change, name).await?;
        let id = D::id_text(&found.id);
        for (statement, message) in D::USERS {
            if change.exists(sqlx::query(*statement).bind(self.owner.as_str()).bind(id)).await? {
                return Err(WriteError::InUse(message));
            }
        }
        let statement = format!("DELETE FROM {} WHERE owner = $1 AND id = $2", D::TABLE);
        change.execute(sqlx::query(AssertSqlSafe(statement)).bind(self.owner.as_str()).bind(id)).await?;
        let event = self.event(D::DELETE, id, found.draft.name());
        self.kernel.commit(change, &self.actor, event).await
    }

    /// Whether a name, by id or slug, is that of the data source with this id.
    pub async fn is_source(&self, name: &str, id: &str) -> Result<bool, WriteError> {
        let library = self.kernel.library().await?;
        Ok(library.source(name).is_some_and(|source| source.id.as_str() == id))
    }

    fn event<'e>(&'e self, action: &'static str, object: &'e str, detail: &'e str) -> Event<'e> {
        let tenant = (self.owner != LIBRARY).then_some(self.owner.as_str());
        Event { action, tenant, object, detail }
    }

    fn require(&self) -> Result<(), WriteError> {
        if self.may_write { Ok(()) } else { Err(WriteError::Forbidden(self.lacks)) }
    }

    /// A tenant hears of the data sources that are set up for it, and of no other: those may have other tenants' names.
    async fn know_source<D: Authored>(&self, draft: &mut D) -> Result<(), WriteError> {
        let Placed::Card(card) = draft.placed() else { return Ok(()) };
        // Who may not write SQL hears that, and nothing of data sources.
        if self.owner == LIBRARY || !self.may_write_sql {
            return Ok(());
        }
        let view = self.kernel.tenant_view(&self.owner).await?.ok_or(WriteError::Missing)?;
        let library = self.kernel.library().await?;
        match resolve::placement(&self.kernel, &view, &library, &card.source) {
            Ok(_) => Ok(()),
            Err(_) => Err(Invalid::new("source", NO_SOURCE).into()),
        }
    }

    async fn find<D: Content>(&self, from: &mut impl Reads, name: &str) -> Result<Record<D::Id, D>, WriteError> {
        let statement = format!("SELECT * FROM {} WHERE owner = $1 AND (id = $2 OR slug = $2)", D::TABLE);
        let query = sqlx::query(AssertSqlSafe(statement)).bind(self.owner.as_str()).bind(name);
        let row = from.one(query).await?.ok_or(WriteError::Missing)?;
        Ok(content::<D>(&row)?)
    }

    /// Turns names into ids, and refuses what does not fit the catalog.
    async fn settle<D: Content + Authored>(
        &self,
        change: &mut Change,
        draft: &mut D,
        own: &str,
    ) -> Result<(), WriteError> {
        if D::HOLDS_SQL && !self.may_write_sql {
            return Err(WriteError::Forbidden(Action::SqlRun.name()));
        }
        if let Some(name) = draft.collection().take() {
            let id = self.id_of(change, "collection", &name, "collection").await?;
            if D::TABLE == "collection" {
                self.refuse_cycle(change, &id, own).await?;
            }
            *draft.collection() = Some(id);
        }
        match draft.placed() {
            Placed::Card(card) => {
                let query = sqlx::query("SELECT * FROM source WHERE id = $1 OR slug = $1").bind(card.source.clone());
                let row = change.one(query).await?;
                let row = row.ok_or_else(|| Invalid::new("source", NO_SOURCE))?;
                card.source = text(&row, "id")?;
                // A template that cannot be compiled is refused when it is written, not when a viewer runs it.
                let engine = body::<SourceDraft>(&row, "source")?.engine;
                let rows = change.all(sqlx::query(SNIPPETS).bind(self.owner.as_str())).await?;
                let checked = query::check_for(&card.query, &snippets_of(&rows)?, &[engine]);
                Ok(checked.map_err(|error| Invalid::new(error.field().unwrap_or_default(), error.to_string()))?)
            }
            Placed::Dashboard(dashboard) => self.settle_dashboard(change, dashboard).await,
            Placed::Other => Ok(()),
        }
    }

    async fn settle_dashboard(&self, change: &mut Change, dashboard: &mut DashboardDraft) -> Result<(), WriteError> {
        for card in dashboard.cards_mut() {
            *card = self.id_of(change, "card", card, "items").await?;
        }
        for item in &dashboard.items {
            let Show::Card { card, parameters, .. } = &item.show else { continue };
            let card = self.find::<CardDraft>(change, card).await?;
            for (own, filter) in parameters {
                let field = || format!("items.{}.parameters", item.id);
                let wanted = card.draft.query.parameters.iter().find(|parameter| parameter.name == *own);
                let wanted = wanted.ok_or_else(|| Invalid::new(field(), "name parameters that the card has"))?;
                let filter = dashboard.filter(filter).map(|filter| &filter.parameter);
                if filter.is_none_or(|filter| filter.kind != wanted.kind || filter.multiple && !wanted.multiple) {
                    let message = "a filter and the card's parameter must have the same type, and both take several values or not";
                    return Err(Invalid::new(field(), message).into());
                }
            }
        }
        Ok(())
    }

    async fn id_of(&self, change: &mut Change, table: &str, name: &str, field: &str) -> Result<String, WriteError> {
        let statement = format!("SELECT id FROM {table} WHERE owner = $1 AND (id = $2 OR slug = $2)");
        let query = sqlx::query(AssertSqlSafe(statement)).bind(self.owner.as_str()).bind(name);
        let row = change.one(query).await?;
        let row = row.ok_or_else(|| Invalid::new(field, format!("there is no such {table} here")))?;
        Ok(text(&row, "id")?)
    }

    async fn refuse_cycle(&self, change: &mut Change, above: &str, own: &str) -> Result<(), WriteError> {
        let mut next = Some(above.to_owned());
        for _ in 0..32 {
            let Some(id) = next else { return Ok(()) };
            if id == own {
                return Err(Invalid::new("collection", "a collection cannot lie in itself").into());
            }
            let statement = "SELECT collection FROM collection WHERE owner = $1 AND id = $2";
            let query = sqlx::query(statement).bind(self.owner.as_str()).bind(id);
            let row = change.one(query).await?.ok_or(WriteError::Missing)?;
            next = crate::store::rows::text_or_none(&row, "collection")?;
        }
        Err(Invalid::new("collection", "collections may be at most 32 levels deep").into())
    }

    /// Which cards a dashboard shows, for the foreign keys.
    async fn relate<D: Content + Authored>(
        &self,
        change: &mut Change,
        id: &str,
        draft: &mut D,
    ) -> Result<(), WriteError> {
        let Placed::Dashboard(dashboard) = draft.placed() else { return Ok(()) };
        let statement = "DELETE FROM dashboard_card WHERE owner = $1 AND dashboard = $2";
        change.execute(sqlx::query(statement).bind(self.owner.as_str()).bind(id)).await?;
        for card in dashboard.cards() {
            let statement =
                "INSERT INTO dashboard_card (owner, dashboard, card) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            change.execute(sqlx::query(statement).bind(self.owner.as_str()).bind(id).bind(card)).await?;
        }
        Ok(())
    }
}

const NUMBERED: &str = "SELECT number FROM collection WHERE number = $1 UNION ALL SELECT number FROM card WHERE number = $1 \
     UNION ALL SELECT number FROM dashboard WHERE number = $1 UNION ALL SELECT number FROM snippet WHERE number = $1";

const NO_SOURCE: &str = "there is no such data source";

const SNIPPETS: &str = "SELECT slug, body FROM snippet WHERE owner = $1";

fn snippets_of(rows: &[sqlx::any::AnyRow]) -> Result<query::Snippets, WriteError> {
    let read = |row: &sqlx::any::AnyRow| Ok((text(row, "slug")?, body::<SnippetDraft>(row, "snippet")?.sql));
    rows.iter().map(read).collect()
}

/// What differs between the kinds of content when they are written.
pub trait Authored {
    /// Words of the audit log.
    const CREATE: &'static str;
    /// Words of the audit log.
    const REPLACE: &'static str;
    /// Words of the audit log.
    const DELETE: &'static str;
    /// Whether writing it is writing SQL.
    const HOLDS_SQL: bool = false;
    /// A column beside the common ones.
    const EXTRA: Option<&'static str> = None;
    /// Statements that find who needs a thing, and what to say then.
    const USERS: &'static [(&'static str, &'static str)] = &[];
    /// Value of the column beside the common ones.
    fn extra(&self) -> Option<&str> {
        None
    }
    /// The draft by kind.
    fn placed(&mut self) -> Placed<'_>;
}

impl Authored for crate::model::content::CollectionDraft {
    const CREATE: &'static str = "collection.create";
    const REPLACE: &'static str = "collection.replace";
    const DELETE: &'static str = "collection.delete";
    const USERS: &'static [(&'static str, &'static str)] = &[
        (
            "SELECT id FROM collection WHERE owner = $1 AND collection = $2 LIMIT 1",
            "collections lie in it; move or remove them first",
        ),
        (
            "SELECT id FROM card WHERE owner = $1 AND collection = $2 LIMIT 1",
            "cards lie in it; move or remove them first",
        ),
        (
            "SELECT id FROM dashboard WHERE owner = $1 AND collection = $2 LIMIT 1",
            "dashboards lie in it; move or remove them first",
        ),
        (
            "SELECT id FROM snippet WHERE owner = $1 AND collection = $2 LIMIT 1",
            "snippets lie in it; move or remove them first",
        ),
    ];
    fn placed(&mut self) -> Placed<'_> {
        Placed::Other
    }
}

impl Authored for CardDraft {
    const CREATE: &'static str = "card.create";
    const REPLACE: &'static str = "card.replace";
    const DELETE: &'static str = "card.delete";
    const HOLDS_SQL: bool = true;
    const EXTRA: Option<&'static str> = Some("source");
    const USERS: &'static [(&'static str, &'static str)] = &[(
        "SELECT card FROM dashboard_card WHERE owner = $1 AND card = $2 LIMIT 1",
        "dashboards show it; take it off them first",
    )];
    fn extra(&self) -> Option<&str> {
        Some(&self.source)
    }
    fn placed(&mut self) -> Placed<'_> {
        Placed::Card(self)
    }
}

impl Authored for DashboardDraft {
    const CREATE: &'static str = "dashboard.create";
    const REPLACE: &'static str = "dashboard.replace";
    const DELETE: &'static str = "dashboard.delete";
    fn placed(&mut self) -> Placed<'_> {
        Placed::Dashboard(self)
    }
}

impl Authored for SnippetDraft {
    const CREATE: &'static str = "snippet.create";
    const REPLACE: &'static str = "snippet.replace";
    const DELETE: &'static str = "snippet.delete";
    // A card takes it in as it is.
    const HOLDS_SQL: bool = true;
    fn placed(&mut self) -> Placed<'_> {
        Placed::Other
    }
}
