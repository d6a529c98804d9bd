//! Loads real learning-platform dumps, when somebody has them beside the project: gzipped scripts for the servers' own
//! command line clients. The project itself ships none.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use tokio::process::Command;

/// A dump and what it is for.
#[derive(Clone)]
pub struct Dump {
    /// The client's short name, from the file's name: `alder`, `birch`, `cedar`.
    pub key: String,
    /// Which server's script it is.
    pub engine: DumpEngine,
    /// The file.
    pub file: PathBuf,
}

/// Which server a dump is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DumpEngine {
    /// `NAME.mariadb.sql.gz`.
    Mariadb,
    /// `NAME.postgresql.sql.gz`.
    Postgres,
}

/// An empty database and a login that may make tables in it.
pub struct Target<'a> {
    /// Where the server listens.
    pub host: &'a str,
    /// On which port.
    pub port: u16,
    /// The login.
    pub user: &'a str,
    /// Its password; given to the client by its environment, which only the same account can read.
    pub password: &'a str,
    /// The database.
    pub database: &'a str,
}

/// The dumps in `folder`, by name; none when the folder is not there.
#[must_use]
pub fn find(folder: &Path) -> Vec<Dump> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut dumps: Vec<Dump> = files.filter_map(dump).collect();
    dumps.sort_by(|a, b| a.key.cmp(&b.key));
    dumps
}

fn dump(file: PathBuf) -> Option<Dump> {
    let name = file.file_name()?.to_str()?.strip_suffix(".sql.gz")?;
    let (key, engine) = match name.rsplit_once('.')? {
        (key, "mariadb") => (key, DumpEngine::Mariadb),
        (key, "postgresql") => (key, DumpEngine::Postgres),
        _ => return None,
    };
    Some(Dump { key: key.to_owned(), engine, file })
}

/// Loads `dump` into an empty database of its engine.
///
/// # Errors
/// When `zcat` or the server's client (`mariadb`, `psql`) is missing or fails; the error has the client's own words.
pub async fn load(dump: &Dump, target: &Target<'_>) -> anyhow::Result<()> {
    let mut unpack = Command::new("zcat");
    let mut unpack = unpack
        .arg(&dump.file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start `zcat`")?;
    let script: Stdio = unpack.stdout.take().context("`zcat` has no output")?.try_into()?;
    let client = client(dump.engine, target)
        .stdin(script)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let client =
        client.with_context(|| format!("the database's client for {:?} is not on this machine", dump.engine))?;
    let output = client.wait_with_output().await?;
    ensure!(output.status.success(), "loading {} failed: {}", dump.key, String::from_utf8_lossy(&output.stderr).trim());
    ensure!(unpack.wait().await?.success(), "{} is not a whole gzip file", dump.file.display());
    Ok(())
}

fn client(engine: DumpEngine, target: &Target<'_>) -> Command {
    let port = target.port.to_string();
    match engine {
        DumpEngine::Mariadb => {
            let mut command = Command::new("mariadb");
            command.args([
                "--no-defaults",
                "--protocol=tcp",
                "--batch",
                "--host",
                target.host,
                "--port",
                &port,
                "--user",
                target.user,
            ]);
            command.env("MYSQL_PWD", target.password).arg(target.database);
            command
        }
        DumpEngine::Postgres => {
            let mut command = Command::new("psql");
            command.args([
                "--no-psqlrc",
                "--quiet",
                "--set",
                "ON_ERROR_STOP=1",
                "--host",
                target.host,
                "--port",
                &port,
            ]);
            command.args(["--username", target.user, "--dbname", target.database]).env("PGPASSWORD", target.password);
            command
        }
    }
}
