//! SQLite: one file per tenant, opened read-only, on threads of its own.

mod authorizer;
mod functions;
mod open;
mod run;
mod threads;
mod value;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use query::Statement;
use tenancy::placement::SqliteFile;
use tokio::sync::{mpsc, oneshot};

use crate::cell::{Cell, Column};
use crate::error::RunError;
use crate::sink::{Flow, Sink};
use open::Opened;
pub(crate) use threads::Threads;

/// Rows from a thread, in the order of the columns.
enum Packet {
    Columns(Vec<Column>),
    Rows(Vec<Cell>),
}

/// What a job gives back: the connection, when it may be used again, and how the statement ended.
type Finished = (Option<Opened>, Result<(), RunError>);

/// A connection to one tenant's file. It lives on a thread while it works.
pub(crate) struct SqliteConnection {
    threads: Arc<Threads>,
    opened: Option<Opened>,
    /// A job under way. Kept here, so that a dropped run does not lose the connection from sight.
    job: Option<oneshot::Receiver<Finished>>,
    stop: Arc<AtomicBool>,
    file: Arc<open::Place>,
}

/// Stops a statement from outside.
pub(crate) struct SqliteCanceller(Arc<AtomicBool>);

impl SqliteCanceller {
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl SqliteConnection {
    pub(crate) async fn open(file: &SqliteFile, threads: &Arc<Threads>, timeout: Duration) -> Result<Self, RunError> {
        let place = Arc::new(open::Place { path: file.path.clone(), root: Arc::clone(&file.root) });
        let stop = Arc::new(AtomicBool::new(false));
        let (tell, told) = oneshot::channel();
        let (job_place, job_stop) = (Arc::clone(&place), Arc::clone(&stop));
        threads.run(Box::new(move || {
            let _ = tell.send(open::open(&job_place, &job_stop));
        }))?;
        let opened = tokio::time::timeout(timeout, told)
            .await
            .map_err(|_| RunError::Unreachable)?
            .map_err(|_| RunError::Unreachable)??;
        Ok(Self { threads: Arc::clone(threads), opened: Some(opened), job: None, stop, file: place })
    }

    pub(crate) fn is_open(&self) -> bool {
        self.opened.is_some()
    }

    pub(crate) fn canceller(&self) -> SqliteCanceller {
        SqliteCanceller(Arc::clone(&self.stop))
    }

    pub(crate) async fn run(&mut self, statement: &Statement, sink: &mut Sink) -> Result<(), RunError> {
        let opened = self.opened.take().ok_or(RunError::ConnectionLost)?;
        self.stop.store(false, Ordering::Relaxed);
        let (packets, mut arriving) = mpsc::channel(2);
        let (tell, told) = oneshot::channel();
        let job = run::Job {
            opened,
            file: Arc::clone(&self.file),
            stop: Arc::clone(&self.stop),
            sql: statement.sql().to_owned(),
            binds: statement.binds().iter().map(value::bind).collect(),
            packets,
        };
        self.threads.run(Box::new(move || {
            let _ = tell.send(job.run());
        }))?;
        self.job = Some(told);
        let mut wanted = Ok(());
        let mut width = 0;
        while let Some(packet) = arriving.recv().await {
            let flow = match packet {
                Packet::Columns(columns) => {
                    width = columns.len();
                    sink.begin(columns).map(|()| Flow::More)
                }
                Packet::Rows(cells) => feed(sink, cells, width, arriving.is_empty()).await,
            };
            match flow {
                Ok(Flow::More) => {}
                stop => {
                    wanted = stop.map(|_| ());
                    self.stop.store(true, Ordering::Relaxed);
                    break;
                }
            }
        }
        let stopped = self.stop.load(Ordering::Relaxed);
        drop(arriving);
        let (opened, result) = match self.job.as_mut() {
            Some(job) => job.await.map_err(|_| RunError::ConnectionLost)?,
            None => return Err(RunError::ConnectionLost),
        };
        self.job = None;
        self.opened = opened;
        wanted?;
        if stopped { Ok(()) } else { result }
    }

    /// Ends the connection, waiting for a statement that still runs.
    pub(crate) async fn close(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(job) = self.job.take() {
            let _ = job.await;
        }
    }
}

async fn feed(sink: &mut Sink, cells: Vec<Cell>, width: usize, flush: bool) -> Result<Flow, RunError> {
    let mut in_row = 0;
    for cell in cells {
        sink.cell(cell);
        in_row += 1;
        if in_row == width {
            in_row = 0;
            if sink.end_row()? == Flow::Enough {
                return Ok(Flow::Enough);
            }
            if sink.is_full() && sink.flush().await == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
    }
    Ok(if flush { sink.flush().await } else { Flow::More })
}
