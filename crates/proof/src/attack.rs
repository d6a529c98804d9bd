//! The corpus of attacks, run in all worlds.

use std::time::Instant;

use crate::corpus::{Expect, Item};
use crate::engine::Engine;
use crate::judge::{Sent, judge};
use crate::report::{Figures, Layer, Wrong};
use crate::trial::Trial;
use crate::worlds::Level;

/// What a database tells everybody about a row of A's, without the guard, and what is another in each database: none of it
/// is of others' rows.
const TOLD: [(&str, &str); 5] = [
    ("A-PG-037", "where A's own rows lie, who wrote them, and the number of their table"),
    ("B-PG-394", "who wrote A's own rows"),
    ("B-PG-400", "the number of the table"),
    ("B-MY-082", "a view has no partitions, and the engine does not mind"),
    ("B-MY-114", "the login's own name in a refusal"),
];

/// Runs every attack through the guard alone, over a login that reads all rows.
///
/// # Errors
/// A server is away.
pub async fn through_guard(engine: Engine, items: &[Item]) -> anyhow::Result<Figures> {
    run(engine, Level::GuardedRows, items, Layer::Guard).await
}

/// Runs every attack without the guard, as A's own login at a level.
///
/// # Errors
/// A server is away.
pub async fn at_level(engine: Engine, level: Level, items: &[Item]) -> anyhow::Result<Figures> {
    run(engine, level, items, Layer::Database).await
}

/// Runs every attack without any defence: how many of them bite.
///
/// # Errors
/// A server is away.
pub async fn undefended(engine: Engine, items: &[Item]) -> anyhow::Result<Figures> {
    run(engine, Level::GuardedRows, items, Layer::Undefended).await
}

async fn run(engine: Engine, level: Level, items: &[Item], layer: Layer) -> anyhow::Result<Figures> {
    let started = Instant::now();
    let mut figures = Figures::new("attacks", engine, level.name(), layer);
    let mut trial = Trial::new(engine, level, layer).await?;
    for item in items {
        let bounded = item.expect == Expect::Bounded;
        if bounded && layer == Layer::Undefended {
            // What runs until it is stopped is not run for figures.
            continue;
        }
        let answers = if bounded { trial.ask_one(&item.sql).await } else { trial.ask(&item.sql).await };
        trial.reset().await?;
        judge(&mut figures, Sent { id: &item.id, sql: &item.sql, expect: item.expect }, &answers);
    }
    for finding in
        figures.findings.iter_mut().filter(|finding| layer == Layer::Database && finding.wrong != Wrong::Leak)
    {
        finding.known = TOLD.iter().find(|(id, _)| *id == finding.id).map(|(_, why)| *why);
    }
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}
