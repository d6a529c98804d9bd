//! Sends statements by chance, judges them, and makes smaller what was found.

use std::time::Instant;

use super::{Random, statement};
use crate::answer::Answer;
use crate::engine::Engine;
use crate::generate::run::{WORTH, asked, lost, shaken};
use crate::generate::shrink::shrink;
use crate::judge::{Sent, judge, wrongs};
use crate::plans;
use crate::report::{Figures, Layer, Wrong};
use crate::trial::{Answers, Trial};

/// Which statements: so many of a seed, from a number on.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    /// The seed.
    pub seed: u64,
    /// The number of the first one.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// After so many statements sessions are made as new, even where nothing was amiss.
const SPELL: u64 = 500;

/// So many refusals are kept of a lane, for those who make the grammar.
const REFUSALS: usize = 200;

/// Runs the statements in the worlds of a trial, in `lanes` side by side, each with sessions of its own; each takes its turn
/// of the numbers.
///
/// # Errors
/// A server is away.
pub async fn run(trial: &Trial, chance: Chance, lanes: u64) -> anyhow::Result<Figures> {
    let started = Instant::now();
    let mut figures = Figures::new("random", trial.engine, trial.level.name(), trial.layer);
    let mut running = Vec::new();
    for lane in 0..lanes {
        let trial = trial.twin().await?;
        // A thread each: most of the work is our own, making statements and guarding them.
        let runtime = tokio::runtime::Handle::current();
        let work = move || runtime.block_on(one_lane(trial, chance, lane, lanes));
        running.push(tokio::task::spawn_blocking(work));
    }
    for lane in running {
        figures.add(lane.await??);
    }
    figures.findings.sort_by(|one, other| one.id.cmp(&other.id));
    figures.seconds = started.elapsed().as_secs_f64();
    Ok(figures)
}

async fn one_lane(mut trial: Trial, chance: Chance, lane: u64, lanes: u64) -> anyhow::Result<Figures> {
    let mut figures = Figures::new("random", trial.engine, trial.level.name(), trial.layer);
    let numbers = (chance.first + lane..chance.first + chance.count).step_by(usize::try_from(lanes)?);
    for (turn, number) in (1..).zip(numbers) {
        let made = statement(trial.engine, chance.seed, number);
        let sql = made.tree.text();
        let id = format!("random:{}:{number}", chance.seed);
        let Some(answers) = asked(&mut figures, &mut trial, &id, &sql).await? else { continue };
        let sent = Sent { id: &id, sql: &sql, expect: made.expect(&sql) };
        if judge(&mut figures, sent, &answers) && trial.layer != Layer::Undefended {
            look_closer(&mut figures, &mut trial, &made, sent, &answers).await?;
        }
        let refused = match answers.shared.first() {
            Some(Answer::Refused(words)) if made.forbidden.is_none() => Some(words.clone()),
            Some(failed @ Answer::Failed { .. }) => Some(format!("by the engine: {}", failed.shown())),
            _ => None,
        };
        if let Some(words) = refused.filter(|_| figures.refusals.len() < REFUSALS) {
            figures.refusals.push((id, format!("{words}: {sql}")));
        }
        if turn % SPELL == 0 || shaken(&answers) {
            trial.reset().await?;
        }
    }
    Ok(figures)
}

/// Explains what was found, or makes the statement smaller while it stays.
async fn look_closer(
    figures: &mut Figures,
    trial: &mut Trial,
    made: &Random,
    sent: Sent<'_>,
    answers: &Answers,
) -> anyhow::Result<()> {
    if figures.doubts().count() > WORTH {
        return Ok(());
    }
    plans::explain(figures, trial, sent, answers).await?;
    if figures.doubts().any(|finding| finding.id == sent.id) {
        let kinds: Vec<Wrong> = wrongs(trial.layer, sent, answers).into_iter().map(|(wrong, _)| wrong).collect();
        let small = smaller(trial, made, &kinds).await?;
        for finding in figures.findings.iter_mut().filter(|finding| finding.id == sent.id) {
            finding.says += &format!("\n    made smaller: {small}");
        }
    }
    Ok(())
}

/// The smallest statement that has the same wrongs, with its answers.
async fn smaller(trial: &mut Trial, made: &Random, kinds: &[Wrong]) -> anyhow::Result<String> {
    let engine: Engine = trial.engine;
    let layer = trial.layer;
    let trial = tokio::sync::Mutex::new(trial);
    let small = shrink(&made.tree, async |tree| {
        let sql = tree.text();
        let mut trial = trial.lock().await;
        let answers = trial.ask(&sql).await;
        if lost(&answers) {
            return trial.revive().await.is_err();
        }
        if shaken(&answers) && trial.reset().await.is_err() {
            return false;
        }
        let sent = Sent { id: "", sql: &sql, expect: made.expect(&sql) };
        let found = wrongs(layer, sent, &answers);
        kinds.iter().all(|kind| found.iter().any(|(wrong, _)| wrong == kind))
    })
    .await;
    let sql = small.text();
    let answers = trial.lock().await.ask(&sql).await;
    let sent = Sent { id: "", sql: &sql, expect: made.expect(&sql) };
    let says: Vec<String> = wrongs(layer, sent, &answers).into_iter().map(|(_, says)| says).collect();
    Ok(format!("({engine}) {}", says.join(" ; ")))
}
