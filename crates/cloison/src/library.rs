//! A library of content as files, and making the catalog what the files say.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, Show, SnippetDraft};
use tenancy::{Authored, Content, Desk, WriteError};

/// A collection and what lies in it.
pub struct Library {
    collection: CollectionDraft,
    snippets: Vec<SnippetDraft>,
    cards: Vec<CardDraft>,
    dashboards: Vec<DashboardDraft>,
}

/// What was done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Things that were not there.
    pub created: usize,
    /// Things that were there and differed.
    pub replaced: usize,
    /// Things that were there and equal.
    pub unchanged: usize,
}

impl Library {
    /// Reads files by their names below the folder: `collection.json`, `cards/x.json`, `cards/x.sql` and so on.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self> {
        let collection: CollectionDraft = files
            .get("collection.json")
            .context("there is no collection.json")
            .and_then(|text| serde_json::from_str(text).context("collection.json does not fit"))?;
        let slug = collection.slug.as_ref().context("collection.json needs a slug")?.to_string();
        Ok(Self {
            snippets: drafts(files, "snippets", &slug)?,
            cards: drafts(files, "cards", &slug)?,
            dashboards: drafts(files, "dashboards", &slug)?,
            collection,
        })
    }
}

fn drafts<D: Content>(files: &BTreeMap<String, String>, folder: &str, collection: &str) -> Result<Vec<D>> {
    let mut found = Vec::new();
    for (name, text) in files {
        let inside = name.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        let Some(slug) = inside.and_then(|rest| rest.strip_suffix(".json")) else { continue };
        let mut draft: Value = serde_json::from_str(text).with_context(|| format!("{name} is not JSON"))?;
        if let Some(file) = draft.pointer("/query/sql_file").and_then(Value::as_str) {
            let path = format!("{folder}/{file}");
            let sql = files.get(&path).with_context(|| format!("{name} names {path}, which is not there"))?.trim_end();
            let sql = Value::from(sql);
            if let Some(query) = draft.get_mut("query").and_then(Value::as_object_mut) {
                query.remove("sql_file");
                query.insert("sql".into(), sql);
            }
        }
        let Some(fields) = draft.as_object_mut() else { bail!("{name} is not an object") };
        fields.insert("slug".into(), json!(slug));
        fields.insert("collection".into(), json!(collection));
        found.push(serde_json::from_value(draft).with_context(|| format!("{name} does not fit"))?);
    }
    Ok(found)
}

/// Makes the catalog what the files say. Equal things stay untouched; nothing is removed.
pub async fn apply(desk: &Desk, library: Library) -> Result<Done> {
    let mut done = Done::default();
    put(desk, library.collection, &mut done).await?;
    for snippet in library.snippets {
        put(desk, snippet, &mut done).await?;
    }
    for card in library.cards {
        put(desk, card, &mut done).await?;
    }
    for dashboard in library.dashboards {
        put(desk, dashboard, &mut done).await?;
    }
    Ok(done)
}

async fn put<D: Content + Authored + Named + PartialEq>(desk: &Desk, draft: D, done: &mut Done) -> Result<()> {
    let slug = draft.slug().context("a slug is needed")?.to_string();
    let what = || format!("{} {slug}", D::TABLE);
    match desk.get::<D>(&slug).await {
        Err(WriteError::Missing) => {
            desk.create(draft).await.with_context(what)?;
            done.created += 1;
        }
        Err(error) => return Err(error.into()),
        Ok(stored) => {
            // What is stored has ids where the files have slugs.
            let mut settled = draft.clone();
            settled.settle(desk, &stored.draft).await.with_context(what)?;
            if settled == stored.draft {
                done.unchanged += 1;
            } else {
                desk.replace(&slug, stored.version, draft).await.with_context(what)?;
                done.replaced += 1;
            }
        }
    }
    Ok(())
}

/// Drafts that name other things.
trait Named: Sized {
    /// Puts ids for the names, so that the draft can be compared with what is stored.
    async fn settle(&mut self, desk: &Desk, stored: &Self) -> Result<(), WriteError>;
}

async fn collection_id(desk: &Desk, name: &mut Option<String>) -> Result<(), WriteError> {
    if let Some(slug) = name {
        *slug = desk.get::<CollectionDraft>(slug).await?.id.to_string();
    }
    Ok(())
}

impl Named for CollectionDraft {
    async fn settle(&mut self, desk: &Desk, _: &Self) -> Result<(), WriteError> {
        collection_id(desk, &mut self.collection).await
    }
}

impl Named for SnippetDraft {
    async fn settle(&mut self, desk: &Desk, _: &Self) -> Result<(), WriteError> {
        collection_id(desk, &mut self.collection).await
    }
}

impl Named for CardDraft {
    async fn settle(&mut self, desk: &Desk, stored: &Self) -> Result<(), WriteError> {
        collection_id(desk, &mut self.collection).await?;
        if desk.is_source(&self.source, &stored.source).await? {
            self.source.clone_from(&stored.source);
        }
        Ok(())
    }
}

impl Named for DashboardDraft {
    async fn settle(&mut self, desk: &Desk, _: &Self) -> Result<(), WriteError> {
        collection_id(desk, &mut self.collection).await?;
        for item in &mut self.items {
            if let Show::Card { card, .. } = &mut item.show {
                *card = desk.get::<CardDraft>(card).await?.id.to_string();
            }
        }
        Ok(())
    }
}
