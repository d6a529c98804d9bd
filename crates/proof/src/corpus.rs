//! Attacks that were written by hand: what is sent, and what must come of it.

use anyhow::Context as _;
use serde::Deserialize;

use crate::engine::Engine;

/// One attack.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name.
    pub id: String,
    /// The class of attack, `C10` to `C90`.
    pub class: String,
    /// Whose SQL it is.
    pub engine: Engine,
    /// The statement. Names of MariaDB's database are written `app`.
    pub sql: String,
    /// What must come of it.
    pub expect: Expect,
    /// What it did to a server without any defence when it was tried out.
    #[serde(default)]
    pub undefended: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub note: Option<String>,
}

/// What must come of an attack. Each implies that nothing of another tenant shows, in whatever form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Let through, and answered as a database would that holds the tenant's rows only.
    Eq,
    /// That, or refused.
    EqOrReject,
    /// Refused before a database hears of it.
    Reject,
    /// Anything that does not depend on others' rows, errors included.
    NoLeak,
    /// The text is data: let through, and answered as it is by a database with the tenant's rows only.
    Literal,
    /// Ends in time, and leaves nothing running.
    Bounded,
}

/// The attacks on an engine: the shared corpus and our own.
///
/// # Errors
/// A file of the corpus is not what it should be.
pub fn items(engine: Engine) -> anyhow::Result<Vec<Item>> {
    let mut all = Vec::new();
    for (name, text) in
        [("sql.json", include_str!("../corpus/sql.json")), ("own.json", include_str!("../corpus/own.json"))]
    {
        let items: Vec<Item> = serde_json::from_str(text).with_context(|| format!("corpus/{name}"))?;
        all.extend(items.into_iter().filter(|item| item.engine == engine));
    }
    Ok(all)
}
