//! The guardian: a small shell process that runs one server and stops it when its owner is gone.
//!
//! A `Drop` does not run when the test process is killed, so the duty to stop lies outside it. The guardian reads
//! commands from a pipe that only the owner holds: the kernel closes it however the owner ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, bail};

const SCRIPT: &str = include_str!("guardian.sh");

/// The owner's end of a guardian. Dropping it stops the server, removes its folder and waits for both.
pub(crate) struct Guardian {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

/// Which signals end a server: an orderly stop that keeps its data, and the fastest end when the data may go too.
#[derive(Clone, Copy)]
pub(crate) struct Signals {
    pub(crate) stop: &'static str,
    pub(crate) end: &'static str,
}

impl Guardian {
    /// Starts the guardian of the server in `folder`, which it will remove at the end.
    pub(crate) fn start(folder: &Path, signals: Signals) -> anyhow::Result<Self> {
        let mut child = Command::new("sh")
            .args(["-c", SCRIPT, "guardian", signals.stop, signals.end])
            .current_dir(folder)
            // Its own group: Ctrl-C and a test runner's kill of the test's group must not reach it before it has cleaned up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Never the test's own stderr: a runner would wait for it to be closed.
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start `sh` as the server's guardian")?;
        let to = child.stdin.take();
        let from = child.stdout.take().context("the guardian has no output")?;
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    /// Runs the folder's `prepare` script to its end.
    pub(crate) fn prepare(&mut self) -> anyhow::Result<()> {
        match self.ask("prepare")?.as_str() {
            "ok" => Ok(()),
            _ => bail!("the server's data folder could not be made"),
        }
    }

    /// Starts the server on `port` and returns its process id; it may not answer yet.
    pub(crate) fn serve(&mut self, port: u16) -> anyhow::Result<u32> {
        self.ask(&format!("start {port}"))?.parse().context("the guardian did not name the server's process")
    }

    /// Stops the server in good order; returns when the process is gone.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        self.ask("stop").map(drop)
    }

    /// Kills the server and its children with SIGKILL; returns when the process is gone.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.ask("kill").map(drop)
    }

    /// Lets go of the server: from now on it lives as long as somebody holds a lock in `locks`.
    pub(crate) fn share(mut self, locks: &Path) -> anyhow::Result<()> {
        let locks = locks.to_str().context("the path of the shared server's locks is not UTF-8")?;
        self.ask(&format!("share {locks}"))?;
        self.to = None;
        Ok(())
    }

    fn ask(&mut self, line: &str) -> anyhow::Result<String> {
        let to = self.to.as_mut().context("the guardian was let go")?;
        writeln!(to, "{line}").and_then(|()| to.flush()).context("the server's guardian is gone")?;
        let mut answer = String::new();
        self.from.read_line(&mut answer).context("the server's guardian is gone")?;
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        // `None` means shared: that guardian stays on purpose.
        if let Some(to) = self.to.take() {
            drop(to);
            // Nothing can be done about a failure while dropping, and the guardian needs nobody to wait for it.
            let _ = self.child.wait();
        }
    }
}
