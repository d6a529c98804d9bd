//! An operator's work on publications.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;

use super::{OperatorScope, bad_cursor, page};
use crate::error::WriteError;
use crate::ids::PublicationId;
use crate::load::{LIBRARY, publication};
use crate::model::keys::OperatorAction;
use crate::model::publication::{Audience, Publication, PublicationDraft, Published};
use crate::model::{Invalid, Page};
use crate::store::rows::{text, to_body};
use crate::store::{Change, Event};

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
        let draft = PublicationDraft {
            publish: target(&mut change, draft.publish).await?,
            audience: audience(&mut change, draft.audience).await?,
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
        let event = Event {
            action: "publication.create",
            tenant: None,
            object: publication.id.as_str(),
            detail: collection.or(dashboard).or(card).unwrap_or_default(),
        };
        self.kernel.commit_creation(change, &self.actor, event, &publication).await?;
        Ok(publication)
    }

    /// Withdraws a publication: tenants stop seeing the thing within a second.
    pub async fn delete_publication(&self, id: &str) -> Result<(), WriteError> {
        self.require(OperatorAction::LibraryWrite)?;
        let mut change = self.kernel.store().change().await?;
        if change.execute(sqlx::query("DELETE FROM publication WHERE id = $1").bind(id)).await? == 0 {
            return Err(WriteError::Missing);
        }
        let event = Event { action: "publication.delete", tenant: None, object: id, detail: "" };
        self.kernel.commit(change, &self.actor, event).await
    }
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
