//! A connection of the driver's that closes its socket when it is dropped.

use futures_util::FutureExt as _;
use mysql_async::Conn;

use crate::error::RunError;

/// Left alone, the driver reads a result to its end before it lets go of the connection, in a task
/// that nobody stops: of a server without an end that is for ever.
pub(super) struct Line(Option<Conn>);

impl Line {
    pub(super) fn new(conn: Conn) -> Self {
        Self(Some(conn))
    }

    /// The connection, until it is ended.
    pub(super) fn conn(&mut self) -> Result<&mut Conn, RunError> {
        self.0.as_mut().ok_or(RunError::ConnectionLost)
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.as_ref().is_some_and(|conn| !conn.is_disconnected())
    }

    /// Says goodbye, which takes as long as the server likes.
    pub(super) async fn end(mut self) {
        if let Some(conn) = self.0.take() {
            let _ = conn.disconnect().await;
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // The driver takes the connection for closed as soon as this was begun, and then only drops the socket.
        if let Some(conn) = self.0.take() {
            let _ = conn.disconnect().now_or_never();
        }
    }
}
