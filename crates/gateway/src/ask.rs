//! The gateway's own questions to a placement: the same connection, session and limits as a card's, the rows in memory.

use std::sync::Arc;

use jiff::tz::TimeZone;
use query::{Bind, Statement};

use crate::cell::{Cell, Column};
use crate::connection::Connection;
use crate::error::RunError;
use crate::settings::Limits;
use crate::sink::Sink;
use crate::stream::{Step, pipe};

/// Bytes of an answer that may be under way; more than the limits let through, so that nobody has to read along.
const WINDOW: usize = 1 << 30;

/// An answer in memory. No `Debug`: rows are a tenant's.
pub(crate) struct Answer {
    pub(crate) columns: Arc<[Column]>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Answer {
    /// A cell of text; `None` for NULL, for another type and for what is not there.
    pub(crate) fn text(&self, row: usize, column: usize) -> Option<&str> {
        match self.rows.get(row)?.get(column)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Every first cell that is a text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.rows.len()).filter_map(|row| self.text(row, 0))
    }
}

impl Connection {
    /// Runs one statement of ours, and brings the session back to how it was.
    pub(crate) async fn ask(&mut self, sql: &str, binds: Vec<Bind>) -> Result<Answer, RunError> {
        self.ask_statement(&Statement::new(sql.to_owned(), binds)).await
    }

    /// The same with a statement.
    pub(crate) async fn ask_statement(&mut self, statement: &Statement) -> Result<Answer, RunError> {
        let limits = Limits { max_rows: 200_000, ..Limits::default() };
        let (outlet, mut steps) = pipe(WINDOW);
        let mut sink = Sink::new(outlet, limits, 0, None);
        let timezone = TimeZone::UTC;
        let running = self.run(statement, &timezone, &mut sink);
        tokio::time::timeout(limits.timeout, running).await.map_err(|_| RunError::Timeout)??;
        let (summary, _) = sink.finish().await;
        if summary.truncated {
            return Err(RunError::RowTooLarge);
        }
        let mut answer = Answer { columns: Arc::from([]), rows: Vec::new() };
        while let Ok(step) = steps.try_recv() {
            match step {
                Step::Columns(columns) => answer.columns = columns,
                Step::Batch(batch, _) => answer.rows.extend(batch.rows().map(<[Cell]>::to_vec)),
                Step::End(_) => {}
                Step::Failed(error) => return Err(error),
            }
        }
        if self.recycle().await { Ok(answer) } else { Err(RunError::ConnectionLost) }
    }
}
