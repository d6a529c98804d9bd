//! One server for all tests of this checkout.
//!
//! A test runner gives each test a process of its own, so the server is found through the file system:
//! `target/testkit/<kind>/` holds `gate` (an exclusive lock: one process at a time looks, starts or stops), `users`
//! (a shared lock held by everybody who uses the server) and `state.json` (where it is). The kernel drops the locks
//! of a process however it ends, so nothing has to be counted.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};

use super::server::{Address, Claim, Kind, Server};
use super::{Options, host};

/// Enough for several test processes at work at once.
const OPTIONS: Options = Options { max_connections: 300, tls: false };

/// Finds the running server, or starts it; either way this process is one of its users until it ends.
pub(crate) async fn find_or_start<K: Kind>() -> anyhow::Result<Server> {
    hold_in::<K>(folder()?.join(K::NAME)).await
}

/// The same with locks in a folder of the caller's. Held by the process, not by the result: a test may keep what it made
/// on the server, such as a placement with a login, and let go of the value.
async fn hold_in<K: Kind>(folder: PathBuf) -> anyhow::Result<Server> {
    static HELD: Mutex<BTreeMap<PathBuf, Arc<File>>> = Mutex::new(BTreeMap::new());
    let server = find_or_start_in::<K>(folder.clone()).await?;
    if let Claim::Shared { lock } = &server.claim {
        HELD.lock().unwrap_or_else(PoisonError::into_inner).insert(folder, Arc::clone(lock));
    }
    Ok(server)
}

/// The same, until the result is dropped.
async fn find_or_start_in<K: Kind>(folder: PathBuf) -> anyhow::Result<Server> {
    std::fs::create_dir_all(&folder)?;
    let gate = open(&folder.join("gate"))?;
    let gate = tokio::task::spawn_blocking(move || gate.lock().map(|()| gate)).await??;
    let state = folder.join("state.json");
    let address = match running(&state) {
        Some(address) => address,
        None => start::<K>(&folder, &state).await?,
    };
    // Taken before the gate opens: the guardian looks for users only behind it.
    let users = open(&folder.join("users"))?;
    let users = tokio::task::spawn_blocking(move || users.lock_shared().map(|()| users)).await??;
    drop(gate);
    Ok(Server { address, claim: Claim::Shared { lock: Arc::new(users) } })
}

async fn start<K: Kind>(folder: &Path, state: &Path) -> anyhow::Result<Address> {
    // A description that is still there belongs to a server whose guardian was killed.
    if let Some(old) = read(state) {
        let _ = std::fs::remove_dir_all(old.folder);
    }
    let Server { address, claim } = Server::start::<K>(OPTIONS).await?;
    let Claim::Owned(guardian) = claim else { bail!("a new server has an owner") };
    let guardian = Arc::into_inner(guardian).context("nobody else knows the new server")?;
    let guardian = Mutex::into_inner(guardian).map_err(|_| anyhow::anyhow!("the guardian's lock is broken"))?;
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(state)?;
    serde_json::to_writer(&mut file, &address)?;
    guardian.share(folder)?;
    Ok(address)
}

/// The server of `state.json`, when its process is there and is that server.
fn running(state: &Path) -> Option<Address> {
    let address = read(state)?;
    let command = std::fs::read(format!("/proc/{}/cmdline", address.pid)).ok()?;
    let ours = String::from_utf8_lossy(&command).contains(address.folder.to_str()?);
    (ours && host::alive(address.pid)).then_some(address)
}

fn read(state: &Path) -> Option<Address> {
    serde_json::from_slice(&std::fs::read(state).ok()?).ok()
}

/// `target/testkit`, found from the test binary's own place; a folder for temporary files when it has been moved.
fn folder() -> anyhow::Result<PathBuf> {
    let binary = std::env::current_exe().context("the test binary has no path")?;
    let target = binary.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(target.map_or_else(std::env::temp_dir, Path::to_owned).join("testkit"))
}

fn open(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path);
    file.with_context(|| format!("cannot open the lock file {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::postgres::PostgresKind;
    use super::*;

    #[tokio::test]
    async fn stays_while_a_process_that_used_it_runs() {
        let locks = tempfile::tempdir().unwrap();
        drop(hold_in::<PostgresKind>(locks.path().to_owned()).await.unwrap());
        let users = open(&locks.path().join("users")).unwrap();
        assert!(users.try_lock().is_err(), "the guardian finds no user");
    }

    /// With locks of its own, because the real shared server may have other users at this moment.
    #[tokio::test]
    async fn goes_when_the_last_user_went_and_comes_back_for_the_next() {
        let locks = tempfile::tempdir().unwrap();
        let start = async || find_or_start_in::<PostgresKind>(locks.path().to_owned()).await.unwrap();
        let (first, second) = (start().await, start().await);
        assert_eq!(first.address.pid, second.address.pid);
        drop(first);
        assert!(host::alive(second.address.pid));
        let Address { pid, folder, .. } = second.address.clone();
        drop(second);

        let started = Instant::now();
        while host::alive(pid) || folder.exists() {
            assert!(started.elapsed() < Duration::from_secs(60), "the server outlived its users");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let next = start().await;
        assert_ne!(next.address.folder, folder);

        // A build folder may be cleaned away under a running server; nobody will find it again then.
        drop(locks);
        let started = Instant::now();
        while next.address.folder.exists() {
            assert!(started.elapsed() < Duration::from_secs(60), "the server outlived its locks");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
