//! Dialling, and a socket that stops reading when nobody takes what it read.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// Counts what arrived since a row was last taken out, so that a single message
/// of any announced size cannot fill the memory.
#[derive(Clone)]
pub(crate) struct Meter(Arc<Counters>);

struct Counters {
    pending: AtomicU64,
    limit: AtomicU64,
}

impl Meter {
    pub(crate) fn new(limit: u64) -> Self {
        Self(Arc::new(Counters { pending: AtomicU64::new(0), limit: AtomicU64::new(limit) }))
    }

    /// Sets how many bytes may arrive between two rows.
    pub(crate) fn set_limit(&self, limit: u64) {
        self.0.limit.store(limit, Ordering::Relaxed);
        self.0.pending.store(0, Ordering::Relaxed);
    }

    /// A row was taken out.
    pub(crate) fn reset(&self) {
        self.0.pending.store(0, Ordering::Relaxed);
    }

    /// True when more arrived than allowed.
    pub(crate) fn tripped(&self) -> bool {
        self.0.pending.load(Ordering::Relaxed) > self.0.limit.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.0.pending.fetch_add(bytes, Ordering::Relaxed);
    }
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
        if self.meter.tripped() {
            return Poll::Ready(Err(io::Error::other("message too large")));
        }
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.meter.add(buffer.filled().len() - before);
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
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
