//! A server must not outlive its owner, and an owner that is SIGKILLed runs no `Drop`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use testkit::servers::{Mariadb, Options, Postgres};

const MARK: &str = "owner has ";

/// Not a test: the process that the test below starts and kills. Run by itself it ends when its stdin does.
#[tokio::test]
#[ignore = "the helper process of the test below"]
async fn helper_that_owns_two_servers() {
    let (postgres, mariadb) =
        tokio::try_join!(Postgres::throwaway(Options::default()), Mariadb::throwaway(Options::default())).unwrap();
    for (pid, folder) in [(postgres.pid(), postgres.folder()), (mariadb.pid(), mariadb.folder())] {
        use std::io::Write as _;
        writeln!(std::io::stdout(), "\n{MARK}{pid} {}", folder.display()).unwrap();
    }
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn servers_end_when_their_owner_is_killed() {
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["killed_owner::helper_that_owns_two_servers", "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stdout.take().unwrap()).lines().map(Result::unwrap);
    let servers: Vec<(u32, PathBuf)> = lines
        .filter_map(|line| {
            let (pid, folder) = line.strip_prefix(MARK)?.split_once(' ')?;
            Some((pid.parse().unwrap(), folder.into()))
        })
        .take(2)
        .collect();
    assert_eq!(servers.len(), 2, "the helper started both servers");
    assert!(servers.iter().all(|(pid, folder)| runs(*pid, folder)));

    owner.kill().unwrap();
    owner.wait().unwrap();
    let start = Instant::now();
    while servers.iter().any(|(pid, folder)| runs(*pid, folder) || folder.exists()) {
        assert!(start.elapsed() < Duration::from_secs(30), "something outlived its owner: {servers:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether process `pid` is the server of `folder` (an id may be given out again).
fn runs(pid: u32, folder: &Path) -> bool {
    let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&command).contains(folder.to_str().unwrap())
}

/// The guardian too may be killed; then the kernel ends the server.
#[tokio::test]
async fn servers_end_when_their_guardian_is_killed() {
    let (postgres, mariadb) =
        tokio::try_join!(Postgres::throwaway(Options::default()), Mariadb::throwaway(Options::default())).unwrap();
    for (pid, folder) in [(postgres.pid(), postgres.folder()), (mariadb.pid(), mariadb.folder())] {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let guardian = stat.rsplit(") ").next().unwrap().split(' ').nth(1).unwrap();
        assert!(Command::new("kill").args(["-KILL", guardian]).status().unwrap().success());
        let start = Instant::now();
        while runs(pid, folder) {
            assert!(start.elapsed() < Duration::from_secs(30), "the server outlived its guardian");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
