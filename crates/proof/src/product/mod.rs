//! All of the product, over HTTP: every attack as SQL of the tenant's own, as a saved card, as a file, on a dashboard.
//!
//! Three instances are alike but for other tenants' rows in their databases, which the product's own scripts have set
//! up; a fourth has A's rows alone and nothing between the statement and the rows. What A is answered must be the same in
//! the three, to the last byte of body and headers, and hold the rows that the fourth gives, or be a refusal.

mod instance;
mod judging;
mod places;
mod reply;
mod shops;
mod ways;

use std::time::Instant;

use crate::corpus::{self, Expect, Item};
use crate::engine::Engine;
use crate::report::{Figures, Layer};
use crate::worlds::Level;
use judging::Judging;
use ways::Stage;

/// How much is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// What CI can bear: each attack at guarded-rows, each second one at the other levels where tenants share tables, and
    /// each fourth where a database or a schema is one tenant's. Each of them as a question and on a dashboard; of what
    /// is let through each third one as a file of one format in turn; each fourth as a card that the tenant saves.
    Brief,
    /// Each attack at each level in every way.
    Full,
}

/// The first attack at a level, and from one to the next.
const fn part(level: Level) -> (usize, usize) {
    match level {
        Level::GuardedRows | Level::Masks => (0, 1),
        Level::NativeRows => (0, 2),
        Level::ViewRows => (1, 2),
        Level::Schema => (0, 4),
        Level::Database => (2, 4),
    }
}

/// Runs every attack through the product, in every way.
///
/// # Errors
/// A server is away, or the product does not set a level up.
pub async fn run(engine: Engine, level: Level) -> anyhow::Result<Figures> {
    sized(engine, level, Size::Full).await
}

/// The levels of an engine.
pub const fn levels(engine: Engine) -> &'static [Level] {
    match engine {
        Engine::Postgres => &[Level::GuardedRows, Level::NativeRows, Level::ViewRows, Level::Schema, Level::Database],
        Engine::Mariadb => &[Level::GuardedRows, Level::ViewRows, Level::Database],
        Engine::Sqlite => &[Level::GuardedRows, Level::Database],
    }
}

/// The same at a size.
///
/// # Errors
/// A server is away, or the product does not set a level up.
pub async fn sized(engine: Engine, level: Level, size: Size) -> anyhow::Result<Figures> {
    let started = Instant::now();
    let (first, step) = if size == Size::Full { (0, 1) } else { part(level) };
    let items = corpus::items(engine)?.into_iter().skip(first).step_by(step);
    let (endless, items): (Vec<Item>, Vec<Item>) = items.partition(|item| item.expect == Expect::Bounded);
    let mut figures = Figures::new("attacks", engine, level.name(), Layer::Product);
    let mut stage = Stage::set(engine, level).await?;
    let silo = stage.silo(&items).await?;
    let mut judging = Judging::new(&mut figures, &silo);
    stage.questions(&items, &mut judging).await?;
    stage.saved(&items, size, &mut judging).await?;
    stage.dashboards(&items, size, &mut judging).await?;
    stage.endless(&endless, &mut judging).await?;
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}
