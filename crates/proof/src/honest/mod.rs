//! Honest SQL: the guard lets it through, and its answer is the one that it had without the guard in a database which
//! holds the tenant's rows only. A guard that refuses everything keeps everything apart, and is of no use.

mod cards;
mod catalogue;
mod moodle;
mod queries;
mod rules;
mod shop;
mod world;

use std::path::Path;
use std::time::Instant;

use crate::answer::{Answer, Likeness};
use crate::engine::Engine;
use crate::fixture::Value;
use crate::report::{Figures, Layer, Wrong};
use crate::worlds::Level;
use world::World;

/// What the guard lets through and the engine then does not answer, though it answers the statement as it is. The list
/// may only shrink.
const REMAINING: [(Engine, &str, &str); 4] = [
    (
        Engine::Postgres,
        "aggregates_21",
        "groups by a key and shows another column of the table: a derived table has no key",
    ),
    (
        Engine::Sqlite,
        "moodle_04",
        "the last step of each answer, by a sub-query of the fenced steps, is looked for too long",
    ),
    (Engine::Sqlite, "card:quiz-difficulty", "the same"),
    (Engine::Sqlite, "card:quiz-difficulty+values", "the same"),
];

/// One honest statement.
#[derive(Debug, Clone)]
pub struct Query {
    /// Its name: a file's and a number, `card:` or `extra:` and a file's name.
    pub name: String,
    /// Whether the order of its rows is total.
    pub ordered: bool,
    /// The statement, with the engine's places.
    pub sql: String,
    /// What stands in the places.
    pub binds: Vec<Value>,
}

/// The names of all honest statements that the project has, each once.
///
/// # Errors
/// A file is not what it should be.
pub fn names() -> anyhow::Result<std::collections::BTreeSet<String>> {
    let mut names = std::collections::BTreeSet::new();
    for engine in Engine::ALL {
        let all = queries::of(engine)?.into_iter().chain(queries::of_platform(engine)?).chain(cards::of(engine)?);
        names.extend(all.map(|query| query.name));
    }
    Ok(names)
}

/// Runs all honest statements on an engine, and those of a folder beside them.
///
/// # Errors
/// A server is away, or a file is not what it should be.
pub async fn run(engine: Engine, extra: Option<&Path>) -> anyhow::Result<Figures> {
    let started = Instant::now();
    let mut figures = Figures::new("honest", engine, Level::GuardedRows.name(), Layer::Guard);
    let mut world = shop::world(engine).await?;
    for query in queries::of(engine)? {
        try_one(&mut figures, &mut world, &query).await?;
    }
    let mut world = moodle::world(engine).await?;
    let beside = extra.map(queries::in_folder).transpose()?.unwrap_or_default();
    for query in queries::of_platform(engine)?.into_iter().chain(cards::of(engine)?).chain(beside) {
        try_one(&mut figures, &mut world, &query).await?;
    }
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}

async fn try_one(figures: &mut Figures, world: &mut World, query: &Query) -> anyhow::Result<()> {
    figures.items += 1;
    let plain = world.alone.run(&query.sql, &query.binds).await;
    if !plain.is_rows() {
        // Not honest, or not for this engine: nothing can be compared with it.
        figures.found(&query.name, Wrong::Unexpected, format!("does not run as it is: {}", plain.shown()));
        return world.reset().await;
    }
    match world.guard.guard_with(&query.sql, &query.binds) {
        Err(refusal) => {
            figures.refused += 1;
            figures.refusals.push((query.name.clone(), refusal));
        }
        Ok((sql, values)) => {
            let guarded = world.both.run(&sql, &values).await;
            figures.accepted += 1;
            if let Answer::Failed { .. } | Answer::Late = guarded {
                // It ran without the guard, and the guard said that it may: whoever sent it is left without a word.
                figures.errors += 1;
                let says = format!("let through, and then {}", guarded.shown());
                figures.found(&query.name, Wrong::Unexpected, says);
                if let Some(finding) = figures.findings.last_mut() {
                    finding.known = REMAINING
                        .iter()
                        .find(|(engine, name, _)| *engine == figures.engine && *name == query.name)
                        .map(|(.., why)| *why);
                }
                return world.reset().await;
            }
            let likeness = plain.like(&guarded);
            if likeness == Likeness::Different || (query.ordered && likeness == Likeness::SameRows) {
                let says = format!("{} => plain {} / guarded {}", query.sql, plain.shown(), guarded.shown());
                figures.found(&query.name, Wrong::NotSilo, says);
            }
        }
    }
    world.reset().await
}
