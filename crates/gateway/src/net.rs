//! Dialling, and a socket that stops reading when nobody takes what it read.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::error::RunError;

/// Opens a TCP connection to an address that [`crate::egress`] let through.
pub(crate) async fn dial(address: SocketAddr, timeout: Duration) -> Result<TcpStream, RunError> {
    let stream = tokio::time::timeout(timeout, TcpStream::connect(address))
        .await
        .map_err(|_| RunError::Unreachable)?
        .map_err(|_| RunError::Unreachable)?;
    // Small requests must not wait for more; failing to say so costs time, not correctness.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Most questions of the driver to the server during one query of ours. Above the few that a query needs, the
/// driver asks about types that it does not know, each inside of the one before: a server that answers with ever
/// new types would have it fill its stack.
const QUESTIONS: u32 = 128;

/// Most bytes beside rows that arrive over a connection's life. The driver keeps some of them, such as the names
/// of a server's settings, as long as the connection is there.
const BESIDE_ROWS: u64 = 8 << 20;

/// Counts what arrived and was not taken out as rows, so that neither a single message of any announced size nor
/// messages that nobody reads can fill the memory; and how often the driver asked.
#[derive(Clone)]
pub(crate) struct Meter(Arc<Counters>);

struct Counters {
    arrived: AtomicU64,
    taken: AtomicU64,
    /// What may have arrived beside what is taken.
    ceiling: AtomicU64,
    questions: AtomicU32,
    /// Something arrived since the last question.
    is_answered: AtomicBool,
}

impl Meter {
    pub(crate) fn new(limit: u64) -> Self {
        Self(Arc::new(Counters {
            arrived: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            ceiling: AtomicU64::new(limit),
            questions: AtomicU32::new(0),
            is_answered: AtomicBool::new(true),
        }))
    }

    /// A query begins, during which as many bytes may arrive that are not taken out as rows.
    pub(crate) fn set_limit(&self, limit: u64) {
        self.0.ceiling.store(self.beside_rows().saturating_add(limit), Ordering::Relaxed);
        self.0.questions.store(0, Ordering::Relaxed);
    }

    /// A row of this many bytes was taken out.
    pub(crate) fn take(&self, bytes: usize) {
        self.0.taken.fetch_add(number(bytes), Ordering::Relaxed);
    }

    /// What is wrong when more arrived, or was asked, than is allowed.
    pub(crate) fn excess(&self) -> Option<RunError> {
        if self.0.questions.load(Ordering::Relaxed) > QUESTIONS {
            Some(RunError::Malformed)
        } else if self.beside_rows() > self.0.ceiling.load(Ordering::Relaxed) {
            Some(RunError::RowTooLarge)
        } else {
            None
        }
    }

    /// True when the connection has had enough that was no row, and makes room for another one.
    pub(crate) fn is_worn(&self) -> bool {
        self.beside_rows() > BESIDE_ROWS
    }

    fn beside_rows(&self) -> u64 {
        self.0.arrived.load(Ordering::Relaxed).saturating_sub(self.0.taken.load(Ordering::Relaxed))
    }

    fn hear(&self, bytes: usize) {
        self.0.arrived.fetch_add(number(bytes), Ordering::Relaxed);
        self.0.is_answered.store(true, Ordering::Relaxed);
    }

    fn ask(&self) {
        if self.0.is_answered.swap(false, Ordering::Relaxed) {
            self.0.questions.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn number(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// A stream under a [`Meter`].
pub(crate) struct Metered<S> {
    stream: S,
    meter: Meter,
}

impl<S> Metered<S> {
    pub(crate) fn new(stream: S, meter: Meter) -> Self {
        Self { stream, meter }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.meter.excess().is_some() {
            return Poll::Ready(Err(io::Error::other("more than is allowed")));
        }
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.meter.hear(buffer.filled().len() - before);
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.meter.ask();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.meter.ask();
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
