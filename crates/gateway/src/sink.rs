//! Where a driver puts rows: counts them against the budget, groups them into
//! batches, hands them on, and keeps a copy while the result is small.

use std::sync::Arc;

use tokio::sync::watch;

use crate::cell::{Batch, Cell, Column};
use crate::error::RunError;
use crate::flight::Landing;
use crate::settings::Limits;
use crate::stream::{Outlet, Step, Summary};

/// A batch is handed on when it has this many rows or bytes, or when no further row is there yet.
const BATCH_ROWS: usize = 512;
const BATCH_BYTES: usize = 64 << 10;

/// Widest result: what a hostile server may make us hold per row.
pub(crate) const MAX_COLUMNS: usize = 4096;

/// Whether the driver should go on fetching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Flow {
    More,
    /// A limit is reached: the rest is not wanted.
    Enough,
}

/// The copy for the cache and for identical queries that wait.
pub(crate) struct Recording {
    pub(crate) batches: Vec<Arc<Batch>>,
    pub(crate) bytes: usize,
    limit: usize,
    landing: watch::Sender<Landing>,
}

pub(crate) struct Sink {
    outlet: Outlet,
    columns: Option<Arc<[Column]>>,
    cells: Vec<Cell>,
    rows_in_batch: usize,
    bytes_in_batch: usize,
    row_start: usize,
    rows: u64,
    bytes: u64,
    limits: Limits,
    truncated: bool,
    recording: Option<Recording>,
}

impl Sink {
    /// `landing` is where a result of at most `entry_bytes` is kept for others.
    pub(crate) fn new(
        outlet: Outlet,
        limits: Limits,
        entry_bytes: usize,
        landing: Option<watch::Sender<Landing>>,
    ) -> Self {
        let recording = landing.map(|landing| Recording { batches: Vec::new(), bytes: 0, limit: entry_bytes, landing });
        Self {
            outlet,
            columns: None,
            cells: Vec::new(),
            rows_in_batch: 0,
            bytes_in_batch: 0,
            row_start: 0,
            rows: 0,
            bytes: 0,
            limits,
            truncated: false,
            recording,
        }
    }

    /// Announces the columns. Once, before the first row.
    pub(crate) fn begin(&mut self, columns: Vec<Column>) -> Result<(), RunError> {
        if columns.len() > MAX_COLUMNS || self.columns.is_some() {
            return Err(RunError::Malformed);
        }
        let columns: Arc<[Column]> = columns.into();
        self.columns = Some(Arc::clone(&columns));
        self.outlet.tell(Step::Columns(columns));
        Ok(())
    }

    /// True when something was announced: from then on the query must not be started again.
    pub(crate) fn has_begun(&self) -> bool {
        self.columns.is_some()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Puts one cell of the current row.
    pub(crate) fn cell(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    /// Ends the current row.
    pub(crate) fn end_row(&mut self) -> Result<Flow, RunError> {
        let row = self.cells.get(self.row_start..).unwrap_or_default();
        if self.columns.as_ref().is_none_or(|columns| columns.len() != row.len()) {
            return Err(RunError::Malformed);
        }
        let bytes: usize = row.iter().map(Cell::bytes).sum();
        let wide = u64::try_from(bytes).unwrap_or(u64::MAX);
        if wide > self.limits.max_bytes {
            return Err(RunError::RowTooLarge);
        }
        if self.rows >= self.limits.max_rows || self.bytes.saturating_add(wide) > self.limits.max_bytes {
            self.cells.truncate(self.row_start);
            self.truncated = true;
            return Ok(Flow::Enough);
        }
        self.rows += 1;
        self.bytes += wide;
        self.rows_in_batch += 1;
        self.bytes_in_batch += bytes;
        self.row_start = self.cells.len();
        Ok(Flow::More)
    }

    /// True when the batch is worth handing on.
    pub(crate) fn is_full(&self) -> bool {
        self.rows_in_batch >= BATCH_ROWS || self.bytes_in_batch >= BATCH_BYTES
    }

    /// Hands on what is there. `Enough` when nobody needs more.
    pub(crate) async fn flush(&mut self) -> Flow {
        if self.rows_in_batch == 0 {
            return Flow::More;
        }
        let width = self.columns.as_ref().map_or(0, |columns| columns.len());
        let bytes = size_of::<Batch>() + self.bytes_in_batch;
        let batch = Arc::new(Batch::new(std::mem::take(&mut self.cells), width, self.rows_in_batch, bytes));
        self.row_start = 0;
        self.rows_in_batch = 0;
        self.bytes_in_batch = 0;
        self.record(&batch);
        let listened = self.outlet.send(batch).await;
        if listened || self.is_awaited() { Flow::More } else { Flow::Enough }
    }

    fn record(&mut self, batch: &Arc<Batch>) {
        let Some(recording) = &mut self.recording else { return };
        recording.bytes += batch.bytes();
        if recording.bytes > recording.limit {
            // Those who wait run it themselves.
            recording.landing.send_replace(Landing::Alone);
            self.recording = None;
        } else {
            recording.batches.push(Arc::clone(batch));
        }
    }

    /// True while others wait for the copy.
    fn is_awaited(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.landing.receiver_count() > 0)
    }

    /// Ends when nobody wants the rows: the one who asked has gone, and no identical query waits for the copy.
    pub(crate) fn unwanted(&self) -> impl Future<Output = ()> + Send + 'static {
        let gone = self.outlet.gone();
        let landing = self.recording.as_ref().map(|recording| recording.landing.clone());
        async move {
            gone.await;
            if let Some(landing) = landing {
                landing.closed().await;
            }
        }
    }

    /// Ends the result. Gives the copy when the result is whole and small enough.
    pub(crate) async fn finish(mut self) -> (Summary, Option<(Arc<[Column]>, Recording)>) {
        let _ = self.flush().await;
        let summary = Summary { row_count: self.rows, truncated: self.truncated, cached: false };
        self.outlet.tell(Step::End(summary));
        (summary, self.columns.zip(self.recording))
    }

    /// Ends a result that nobody wants. Whoever joined in the last moment runs it alone.
    pub(crate) fn abandon(self) {
        if let Some(recording) = self.recording {
            recording.landing.send_replace(Landing::Alone);
        }
    }

    /// Ends the result with an error, for the one who asked and for those who wait.
    pub(crate) fn fail(self, error: RunError) {
        self.outlet.tell(Step::Failed(error));
        if let Some(recording) = self.recording {
            recording.landing.send_replace(Landing::Failed(error));
        }
    }
}

impl Recording {
    /// Hands the copy to those who wait.
    pub(crate) fn land(&self, landing: Landing) {
        self.landing.send_replace(landing);
    }
}
