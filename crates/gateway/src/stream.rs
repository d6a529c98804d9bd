//! Rows on their way from a running query to whoever asked.

use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::cache::Entry;
use crate::cell::{Batch, Column};
use crate::error::RunError;
use crate::running::Ticket;

/// What is known when the last row was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Number of rows.
    pub row_count: u64,
    /// True when a limit cut the result off.
    pub truncated: bool,
    /// True when the rows come from the result cache.
    pub cached: bool,
}

/// One step of a running query. The permits give the window's bytes back when the step is taken.
pub(crate) enum Step {
    Columns(Arc<[Column]>),
    Batch(Arc<Batch>, OwnedSemaphorePermit),
    End(Summary),
    Failed(RunError),
}

/// The receiving end of a running query.
pub(crate) type Steps = mpsc::UnboundedReceiver<Step>;

/// The sending end. What may be under way is bounded by a window of bytes.
pub(crate) struct Outlet {
    steps: mpsc::UnboundedSender<Step>,
    window: Arc<Semaphore>,
    window_bytes: usize,
}

/// Makes both ends; at most about `window_bytes` are under way between them.
pub(crate) fn pipe(window_bytes: usize) -> (Outlet, Steps) {
    let window_bytes = window_bytes.clamp(1, Semaphore::MAX_PERMITS.min(1 << 30));
    let (sender, receiver) = mpsc::unbounded_channel();
    (Outlet { steps: sender, window: Arc::new(Semaphore::new(window_bytes)), window_bytes }, receiver)
}

impl Outlet {
    /// Sends a step that has no weight. False when nobody listens.
    pub(crate) fn tell(&self, step: Step) -> bool {
        self.steps.send(step).is_ok()
    }

    /// Sends rows, waiting for room. False when nobody listens.
    pub(crate) async fn send(&self, batch: Arc<Batch>) -> bool {
        let weight = u32::try_from(batch.bytes().clamp(1, self.window_bytes)).unwrap_or(u32::MAX);
        let permits = tokio::select! {
            permits = Arc::clone(&self.window).acquire_many_owned(weight) => permits,
            () = self.steps.closed() => return false,
        };
        let Ok(permits) = permits else { return false };
        self.steps.send(Step::Batch(batch, permits)).is_ok()
    }

    /// Ends when nobody listens any more.
    pub(crate) fn gone(&self) -> impl Future<Output = ()> + Send + 'static {
        let steps = self.steps.clone();
        async move { steps.closed().await }
    }
}

enum Source {
    Running(Steps),
    /// A whole result that is in memory, and the number of the next batch.
    Whole(Arc<Entry>, usize),
}

/// A result as it arrives. Dropping it stops the query.
pub struct RowStream {
    source: Source,
    columns: Arc<[Column]>,
    timezone: TimeZone,
    summary: Option<Summary>,
    cached: bool,
    ticket: Ticket,
}

impl RowStream {
    pub(crate) fn running(steps: Steps, columns: Arc<[Column]>, timezone: TimeZone, ticket: Ticket) -> Self {
        Self { source: Source::Running(steps), columns, timezone, summary: None, cached: false, ticket }
    }

    pub(crate) fn whole(entry: Arc<Entry>, timezone: TimeZone, cached: bool, ticket: Ticket) -> Self {
        let columns = Arc::clone(&entry.columns);
        Self { source: Source::Whole(entry, 0), columns, timezone, summary: None, cached, ticket }
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The time zone in which moments are to be shown.
    #[must_use]
    pub fn timezone(&self) -> &TimeZone {
        &self.timezone
    }

    /// The next rows, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Arc<Batch>, RunError>> {
        if self.summary.is_some() {
            return None;
        }
        if self.ticket.is_stopped() {
            // What is still under way is not handed out any more.
            return self.fail(RunError::Cancelled);
        }
        match &mut self.source {
            Source::Whole(entry, place) => {
                let batch = entry.batches.get(*place).cloned();
                *place += 1;
                if batch.is_none() {
                    self.summary = Some(Summary { cached: self.cached, ..entry.summary });
                }
                batch.map(Ok)
            }
            Source::Running(steps) => match steps.recv().await {
                Some(Step::Batch(batch, _room)) => Some(Ok(batch)),
                Some(Step::End(summary)) => {
                    self.summary = Some(summary);
                    None
                }
                Some(Step::Failed(error)) => self.fail(error),
                Some(Step::Columns(_)) => self.fail(RunError::Malformed),
                // The task that ran the query is gone without a word.
                None => self.fail(RunError::ConnectionLost),
            },
        }
    }

    fn fail(&mut self, error: RunError) -> Option<Result<Arc<Batch>, RunError>> {
        self.summary = Some(Summary { row_count: 0, truncated: true, cached: false });
        Some(Err(error))
    }

    /// What is known after the end; `None` before it.
    #[must_use]
    pub fn summary(&self) -> Option<Summary> {
        self.summary
    }

    /// The whole result, when it is in memory and nothing was taken from it yet.
    pub(crate) fn entry(&self) -> Option<(&Arc<Entry>, bool)> {
        match &self.source {
            Source::Whole(entry, 0) if !self.ticket.is_stopped() => Some((entry, self.cached)),
            _ => None,
        }
    }
}
