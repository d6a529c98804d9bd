//! An operator's work on publications.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;

use super::{OperatorScope, Overview, bad_cursor, page};
use crate::error::WriteError;
use crate::ids::PublicationId;
use crate::load::{LIBRARY, publication};
use crate::model::keys::OperatorAction;
use crate::model::publication::{Audience, Publication, PublicationDraft, Published};
use crate::model::{Invalid, Page};
use crate::store::rows::{text, to_body};
use crate::store::{Change, Entry};

impl OperatorScope {
    /// Publications by id.
    pub async fn publications(&self, cursor: Option<&str>, limit: u32) -> Result<Page<Publication>, WriteError> {
        self.require_read()?;
        if cursor.is_some_and(|cursor| PublicationId::parse(cursor).is_err()) {
            return Err(bad_cursor());
        }
        let statement = "SELECT * FROM publication WHERE id > $1 ORDER BY id LIMIT $2";
        let query = sqlx::query(statement).bind(cursor.unwrap_or_default()).bind(i64::from(limit) + 1);
        let rows = self.kernel.store().all(query).await?;
        let publications = rows.iter().map(publication).collect::<Result<Vec<_>, _>>()?;
        Ok(page(publications, limit, |publication: &Publication| publication.id.to_string()))
    }

    /// Publishes a thing of the library.
    pub async fn create_publication(&self, draft: PublicationDraft) -> Result<Publication, WriteError> {
        self.require(OperatorAction::LibraryWrite)?;
        draft.audience.validate()?;
        let mut change = self.kernel.store().change().await?;
        let (publication, entry) = self.publish(&mut change, draft).await?;
        self.kernel.commit_creation(change, &self.actor, entry.event(), &publication).await?;
        Ok(publication)
    }

    async fn publish(&self, change: &mut Change, draft: PublicationDraft) -> Result<(Publication, Entry), WriteError> {
        let draft = PublicationDraft {
            publish: target(change, draft.publish).await?,
            audience: audience(change, draft.audience).await?,
        };
        let now = self.kernel.host().now();
        let publication =
            Publication { id: PublicationId::random(self.kernel.host()), version: 1, created_at: now, draft };
        let (collection, dashboard, card) = match &publication.draft.publish {
            Published::Collection(id) => (Some(id.as_str()), None, None),
            Published::Dashboard(id) => (None, Some(id.as_str()), None),
            Published::Card(id) => (None, None, Some(id.as_str())),
        };
        let statement = "INSERT INTO publication (id, collection, dashboard, card, body, version, created_at, updated_at) \
                         VALUES ($1, $2, $3, $4, $5, 1, $6, $6)";
        let insert = sqlx::query(statement)
            .bind(publication.id.as_str())
            .bind(collection)
            .bind(dashboard)
            .bind(card)
            .bind(to_body(&publication.draft)?)
            .bind(now.as_microsecond());
        change.execute(insert).await?;
        let detail = collection.or(dashboard).or(card).unwrap_or_default().to_owned();
        let entry = Entry { action: "publication.create", tenant: None, object: publication.id.to_string(), detail };
        Ok((publication, entry))
    }

    /// Withdraws a publication: tenants stop seeing the thing within a second.
    pub async fn delete_publication(&self, id: &str) -> Result<(), WriteError> {
        self.require(OperatorAction::LibraryWrite)?;
        let mut change = self.kernel.store().change().await?;
        let entry = withdraw(&mut change, id).await?;
        self.kernel.commit(change, &self.actor, entry.event()).await
    }

    /// Changes several publications at once: all of them, or none. What is to change is decided by `plan`, on the
    /// instance as nobody else can change it in between.
    pub async fn republish<E: From<WriteError>>(
        &self,
        plan: impl FnOnce(&Overview) -> Result<Vec<Republication>, E>,
    ) -> Result<(), E> {
        self.require(OperatorAction::LibraryWrite)?;
        let mut change = self.kernel.store().change().await.map_err(WriteError::from)?;
        let before = super::overview::read(&mut change).await.map_err(WriteError::from)?;
        let mut entries = Vec::new();
        for step in plan(&before)? {
            entries.push(match step {
                Republication::Make(draft) => {
                    draft.audience.validate().map_err(WriteError::from)?;
                    self.publish(&mut change, draft).await?.1
                }
                Republication::Narrow(id, tenants) => narrow(&mut change, &before, &id, tenants).await?,
                Republication::Withdraw(id) => withdraw(&mut change, id.as_str()).await?,
            });
        }
        Ok(self.kernel.commit_all(change, &self.actor, entries).await?)
    }
}

/// One of the changes that are made at once.
pub enum Republication {
    /// Makes one.
    Make(PublicationDraft),
    /// Leaves one that names tenants for these of them only, by id.
    Narrow(PublicationId, BTreeSet<String>),
    /// Withdraws one.
    Withdraw(PublicationId),
}

async fn withdraw(change: &mut Change, id: &str) -> Result<Entry, WriteError> {
    if change.execute(sqlx::query("DELETE FROM publication WHERE id = $1").bind(id)).await? == 0 {
        return Err(WriteError::Missing);
    }
    Ok(Entry { action: "publication.delete", tenant: None, object: id.to_owned(), detail: String::new() })
}

/// Takes tenants out of a publication. Never adds one.
async fn narrow(
    change: &mut Change,
    before: &Overview,
    id: &PublicationId,
    tenants: BTreeSet<String>,
) -> Result<Entry, WriteError> {
    let found = before.publications.iter().find(|own| own.id == *id).ok_or(WriteError::Missing)?;
    let was: BTreeSet<&str> = match &found.draft.audience {
        Audience::Tenants(was) => was.iter().map(String::as_str).collect(),
        Audience::All | Audience::Labels(_) => BTreeSet::new(),
    };
    if tenants.is_empty() || !tenants.iter().all(|tenant| was.contains(tenant.as_str())) {
        return Err(Invalid::new("audience.tenants", "name some of those that the publication is for").into());
    }
    let detail = format!("{} of {} tenants", tenants.len(), was.len());
    let draft = PublicationDraft { publish: found.draft.publish.clone(), audience: Audience::Tenants(tenants) };
    let update = sqlx::query("UPDATE publication SET body = $1, version = version + 1 WHERE id = $2");
    change.execute(update.bind(to_body(&draft)?).bind(id.as_str())).await?;
    Ok(Entry { action: "publication.narrow", tenant: None, object: id.to_string(), detail })
}

/// The id of what is published.
async fn target(change: &mut Change, publish: Published) -> Result<Published, WriteError> {
    let (table, name) = match &publish {
        Published::Collection(name) => ("collection", name),
        Published::Dashboard(name) => ("dashboard", name),
        Published::Card(name) => ("card", name),
    };
    let statement = format!("SELECT id FROM {table} WHERE owner = $1 AND (id = $2 OR slug = $2)");
    let query = sqlx::query(AssertSqlSafe(statement)).bind(LIBRARY).bind(name.as_str());
    let row = change.one(query).await?;
    let row = row.ok_or_else(|| Invalid::new("publish", "there is no such thing in the library"))?;
    let id = text(&row, "id")?;
    Ok(match publish {
        Published::Collection(_) => Published::Collection(id),
        Published::Dashboard(_) => Published::Dashboard(id),
        Published::Card(_) => Published::Card(id),
    })
}

/// Tenants by id: a slug that is used again later must not inherit what its first holder saw.
async fn audience(change: &mut Change, audience: Audience) -> Result<Audience, WriteError> {
    let Audience::Tenants(names) = audience else { return Ok(audience) };
    let mut ids = BTreeSet::new();
    for name in names {
        let query = sqlx::query("SELECT id FROM tenant WHERE id = $1 OR slug = $1").bind(name.as_str());
        let row = change.one(query).await?;
        let row = row.ok_or_else(|| Invalid::new("audience.tenants", "one of these tenants does not exist"))?;
        ids.insert(text(&row, "id")?);
    }
    Ok(Audience::Tenants(ids))
}
