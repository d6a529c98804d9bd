//! Sends what was made, and judges it.

use std::time::Instant;

use super::Made;
use crate::answer::Answer;
use crate::judge::{Sent, judge};
use crate::plans;
use crate::report::{Figures, Layer};
use crate::trial::{Answers, Trial};

/// After so many statements sessions are made as new, even where nothing was amiss.
const SPELL: usize = 200;

/// After so many findings that nobody has explained something is wrong on the whole, and none is looked at more closely.
pub(super) const WORTH: usize = 8;

/// Runs statements.
///
/// # Errors
/// A server is away.
pub async fn run(
    trial: &mut Trial,
    what: &'static str,
    made: impl IntoIterator<Item = Made>,
) -> anyhow::Result<Figures> {
    let started = Instant::now();
    let mut figures = Figures::new(what, trial.engine, trial.level.name(), trial.layer);
    for (number, made) in made.into_iter().enumerate() {
        let Some(answers) = asked(&mut figures, trial, &made.id, &made.sql).await? else { continue };
        let sent = Sent { id: &made.id, sql: &made.sql, expect: made.expect };
        if judge(&mut figures, sent, &answers) && figures.layer != Layer::Undefended && figures.doubts().count() < WORTH
        {
            plans::explain(&mut figures, trial, sent, &answers).await?;
        }
        if number % SPELL == SPELL - 1 || shaken(&answers) {
            trial.reset().await?;
        }
    }
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}

/// Sends it; none when the engine itself ends: nothing can be compared then, and whoever asks can end it for all. It is noted.
///
/// # Errors
/// The server does not start again.
pub(super) async fn asked(
    figures: &mut Figures,
    trial: &mut Trial,
    id: &str,
    sql: &str,
) -> anyhow::Result<Option<Answers>> {
    // A connection that was lost may have been lost for a reason of somebody else's: it is asked again.
    for _ in 0..2 {
        let answers = trial.ask(sql).await;
        if !lost(&answers) {
            return Ok(Some(answers));
        }
        trial.revive().await?;
    }
    figures.items += 1;
    figures.accepted += 1;
    figures.errors += 1;
    figures.died.push((id.to_owned(), sql.to_owned()));
    Ok(None)
}

/// Whether a connection broke.
pub(super) fn lost(answers: &Answers) -> bool {
    let mut all = answers.shared.iter().chain([&answers.silo]);
    all.any(|answer| matches!(answer, Answer::Failed { code, .. } if code.is_empty()))
}

/// Whether a session may have been left in the middle of something.
pub(super) fn shaken(answers: &Answers) -> bool {
    let mut all = answers.shared.iter().chain([&answers.silo]);
    let accepted = answers.accepted();
    all.any(|answer| match answer {
        Answer::Late => accepted,
        Answer::Failed { code, .. } => code.is_empty(),
        Answer::Refused(_) | Answer::Rows { .. } => false,
    })
}
