//! The corpus of attacks, run in all worlds.

use std::time::{Duration, Instant};

use crate::answer::{Answer, Likeness};
use crate::corpus::{Expect, Item};
use crate::engine::Engine;
use crate::guard::Guard;
use crate::report::{Figures, Layer, Wrong};
use crate::session::{LIMIT, Session};
use crate::worlds::{Place, Worlds};

/// One attack's answers: in the worlds that share tables, and from the silo to the statement as it was written.
struct Answers {
    shared: Vec<Answer>,
    silo: Answer,
    /// The longest of the shared ones.
    took: Duration,
}

/// Runs every attack through the guard alone, over a login that reads all rows.
///
/// # Errors
/// A server is away.
pub async fn through_guard(engine: Engine, items: &[Item]) -> anyhow::Result<Figures> {
    let worlds = Worlds::make(engine, crate::worlds::Level::GuardedRows).await?;
    run(engine, &worlds, items, Layer::Guard).await
}

/// Runs every attack without the guard, as A's own login at a level.
///
/// # Errors
/// A server is away.
pub async fn at_level(engine: Engine, level: crate::worlds::Level, items: &[Item]) -> anyhow::Result<Figures> {
    let worlds = Worlds::make(engine, level).await?;
    run(engine, &worlds, items, Layer::Database).await
}

/// Runs every attack without any defence: how many of them bite.
///
/// # Errors
/// A server is away.
pub async fn undefended(engine: Engine, items: &[Item]) -> anyhow::Result<Figures> {
    let worlds = Worlds::make(engine, crate::worlds::Level::GuardedRows).await?;
    run(engine, &worlds, items, Layer::Undefended).await
}

async fn run(engine: Engine, worlds: &Worlds, items: &[Item], layer: Layer) -> anyhow::Result<Figures> {
    let started = Instant::now();
    let mut figures = Figures::new("attacks", engine, worlds.level.name(), layer);
    let mut sessions = worlds.sessions().await?;
    let mut silo = worlds.silo.enter().await?;
    for item in items {
        let mut shared = Vec::new();
        let mut took = Duration::ZERO;
        // What runs until it is stopped is not run for figures, nor three times for one answer.
        let bounded = item.expect == Expect::Bounded;
        if bounded && layer == Layer::Undefended {
            continue;
        }
        for (place, session) in worlds.shared.iter().zip(&mut sessions) {
            let since = Instant::now();
            shared.push(send(place, session, item, layer).await);
            took = took.max(since.elapsed());
            if session.reset().await.is_err() {
                *session = place.enter().await?;
            }
            if bounded {
                break;
            }
        }
        let accepted = shared.iter().any(|answer| !matches!(answer, Answer::Refused(_)));
        let plain = if accepted && !bounded { plain(&worlds.silo, &mut silo, item, layer).await } else { Answer::Late };
        if silo.reset().await.is_err() {
            silo = worlds.silo.enter().await?;
        }
        figures.items += 1;
        judge(&mut figures, item, &Answers { shared, silo: plain, took });
    }
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}

async fn send(place: &Place, session: &mut Session, item: &Item, layer: Layer) -> Answer {
    let sql = place.localised(&item.sql);
    let answer = match layer {
        Layer::Guard => match Guard::of_fixture(place.engine, &place.schema).guard(&sql) {
            Err(refusal) => Answer::Refused(refusal),
            Ok((sql, values)) => session.run(&sql, &values).await,
        },
        _ => session.run_text(&sql).await,
    };
    place.neutral(answer)
}

async fn plain(place: &Place, session: &mut Session, item: &Item, layer: Layer) -> Answer {
    let sql = place.localised(&item.sql);
    let answer = match layer {
        Layer::Guard => session.run(&sql, &[]).await,
        _ => session.run_text(&sql).await,
    };
    place.neutral(answer)
}

fn judge(figures: &mut Figures, item: &Item, answers: &Answers) {
    let Answers { shared, silo, took } = answers;
    let id = item.id.as_str();
    let Some(first) = shared.first() else { return };
    match first {
        Answer::Refused(_) => figures.refused += 1,
        Answer::Rows { .. } => figures.accepted += 1,
        Answer::Failed { .. } | Answer::Late => {
            figures.accepted += 1;
            figures.errors += 1;
        }
    }
    let shown = || format!("{} => {}", item.sql, shared.iter().map(Answer::shown).collect::<Vec<_>>().join(" / "));
    if shared.iter().any(Answer::has_canary) {
        // What the statement itself says is not a value that came from others' rows.
        let echo = item.sql.contains(crate::fixture::CANARY) && shared.iter().all(|answer| answer == first);
        if !echo {
            figures.found(id, Wrong::Leak, shown());
        }
    }
    match shared.iter().map(|answer| answer.like(first)).find(|likeness| *likeness != Likeness::Same) {
        Some(Likeness::Different) => figures.found(id, Wrong::Differs, shown()),
        Some(_) => figures.reordered += 1,
        None => {}
    }
    let refused = matches!(first, Answer::Refused(_));
    // Errors are compared between worlds; a silo's may have another text.
    let as_silo = match (first, silo) {
        (Answer::Failed { .. }, Answer::Failed { .. }) => true,
        // The database's own refusal.
        (Answer::Failed { .. }, _) if figures.layer == Layer::Database && item.expect == Expect::EqOrReject => true,
        _ => first.like(silo) != Likeness::Different,
    };
    if figures.layer == Layer::Undefended {
        return;
    }
    let guarded = figures.layer == Layer::Guard;
    match item.expect {
        Expect::Eq | Expect::Literal if refused => {
            figures.found(id, Wrong::Unexpected, format!("{} is refused: {}", item.sql, first.shown()));
        }
        Expect::Reject if guarded && !refused => {
            figures.found(id, Wrong::Unexpected, format!("not refused: {}", shown()))
        }
        Expect::Bounded if *took > LIMIT + Duration::from_secs(1) => {
            figures.found(id, Wrong::Unexpected, format!("took {took:?}"));
        }
        Expect::Eq | Expect::Literal | Expect::EqOrReject if !refused && !as_silo => {
            figures.found(id, Wrong::NotSilo, format!("{} / silo {}", shown(), silo.shown()));
        }
        _ => {}
    }
}
