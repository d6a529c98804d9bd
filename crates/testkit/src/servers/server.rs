//! What both kinds of server have in common: folder, port, start, stop, kill, restart.

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::guardian::{Guardian, Signals};
use super::{Options, host, tls};

/// The administrator's name on every server.
pub(crate) const ADMIN: &str = "cloison_admin";

/// How long a server may take to answer before it counts as broken; only a machine in trouble gets near it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is particular to one kind of server.
pub(crate) trait Kind {
    const NAME: &'static str;
    const ACCOUNTS: &'static [&'static str];
    const SIGNALS: Signals;
    /// Shell text that makes the data folder. `run` is the prefix that runs a command as the right account.
    fn prepare(folder: &str, run: &str) -> anyhow::Result<String>;
    /// Shell text that execs the server; the port is `$1`.
    fn serve(folder: &str, run: &str, options: Options) -> anyhow::Result<String>;
    /// Connects once as the administrator.
    fn answers(address: &Address) -> impl Future<Output = bool> + Send;
}

/// Where a server is and how its administrator enters.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Address {
    pub(crate) port: u16,
    pub(crate) password: String,
    pub(crate) folder: PathBuf,
    pub(crate) authority: Option<String>,
    /// The server's process when this was written.
    pub(crate) pid: u32,
}

/// A running server and the claim that keeps it running.
pub(crate) struct Server {
    pub(crate) address: Address,
    pub(crate) claim: Claim,
}

pub(crate) enum Claim {
    /// Ours alone: goes when this is dropped.
    Owned(Arc<Mutex<Guardian>>),
    /// One of several users: the lock says so until it is closed.
    Shared { lock: Arc<File> },
}

impl Server {
    /// Makes a new server and waits until it answers.
    pub(crate) async fn start<K: Kind>(options: Options) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix(&format!("cloison-{}-", K::NAME)).tempdir()?.keep();
        let mut guardian = Guardian::start(&folder, K::SIGNALS)?;
        let authority = if options.tls { Some(tls::make(&folder)?) } else { None };
        let password = host::password()?;
        write_scripts::<K>(&folder, &password, options)?;
        let guardian = tokio::task::spawn_blocking(move || guardian.prepare().map(|()| guardian)).await?;
        let guardian = guardian.with_context(|| last_words(&folder))?;
        let claim = Claim::Owned(Arc::new(Mutex::new(guardian)));
        let mut server = Self { address: Address { port: 0, password, folder, authority, pid: 0 }, claim };
        // Another process may take the port between our look and the server's.
        for _ in 0..8 {
            server.address.port = host::free_port()?;
            if server.serve::<K>().await? {
                return Ok(server);
            }
        }
        bail!("{} does not start; its log ends with:\n{}", K::NAME, last_words(&server.address.folder))
    }

    /// Starts the process on the known port; `false` when it ended by itself.
    async fn serve<K: Kind>(&mut self) -> anyhow::Result<bool> {
        let port = self.address.port;
        self.address.pid = self.command(move |guardian| guardian.serve(port)).await?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if K::answers(&self.address).await {
                return Ok(true);
            }
            if !host::alive(self.address.pid) {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("{} does not answer; its log ends with:\n{}", K::NAME, last_words(&self.address.folder))
    }

    /// Stops it in good order; its data stays until the value is dropped.
    pub(crate) async fn stop(&self) -> anyhow::Result<()> {
        self.command(Guardian::stop).await
    }

    /// SIGKILL for the server and all its children.
    pub(crate) async fn kill(&self) -> anyhow::Result<()> {
        self.command(Guardian::kill).await
    }

    /// Stops it when it runs, and starts it again on the same port with the same data.
    pub(crate) async fn restart<K: Kind>(&mut self) -> anyhow::Result<()> {
        self.stop().await?;
        if self.serve::<K>().await? {
            return Ok(());
        }
        bail!("{} does not start again; its log ends with:\n{}", K::NAME, last_words(&self.address.folder))
    }

    /// A command to the guardian, off the async threads: it answers when the process has really ended.
    async fn command<T: Send + 'static>(
        &self,
        command: impl FnOnce(&mut Guardian) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let Claim::Owned(guardian) = &self.claim else {
            bail!("a shared server serves other tests too: take a throw-away one to stop or kill it");
        };
        let guardian = Arc::clone(guardian);
        tokio::task::spawn_blocking(move || command(&mut guardian.lock().unwrap_or_else(PoisonError::into_inner)))
            .await?
    }
}

fn write_scripts<K: Kind>(folder: &Path, password: &str, options: Options) -> anyhow::Result<()> {
    let account = host::account(K::ACCOUNTS)?;
    let identity = account.map_or_else(String::new, |a| format!("--reuid={} --regid={} --clear-groups ", a.uid, a.gid));
    let path = folder.to_str().context("the temporary folder's path is not UTF-8")?;
    std::fs::write(folder.join("password"), password)?;
    std::fs::write(folder.join("prepare"), K::prepare(path, &format!("setpriv {identity}--"))?)?;
    // Should somebody SIGKILL the guardian itself, the kernel ends the server.
    let run = format!("exec setpriv {identity}--pdeathsig {} --", K::SIGNALS.end);
    std::fs::write(folder.join("serve"), K::serve(path, &run, options)?)?;
    std::fs::set_permissions(folder.join("password"), std::fs::Permissions::from_mode(0o600))?;
    if let Some(account) = account {
        // The server refuses keys that belong to somebody else, and must be able to write here.
        let owned = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).chain([folder.to_owned()]);
        for path in owned {
            std::os::unix::fs::chown(path, Some(account.uid), Some(account.gid))?;
        }
    }
    let key = folder.join("server.key");
    if key.exists() {
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// The end of the server's log, for an error message.
fn last_words(folder: &Path) -> String {
    let log = std::fs::read(folder.join("log")).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = log.lines().rev().take(12).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
