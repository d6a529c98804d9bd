//! `cargo xtask demo`: builds everything and runs `cloison demo`, with throw-away database servers when asked for.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::shell::{cargo, root, step};
use crate::{tools, web};

/// Options of the demo.
#[derive(Args)]
pub(crate) struct Demo {
    /// Keep the clients' rows on a throw-away PostgreSQL instead of SQLite files.
    #[arg(long, conflicts_with_all = ["mariadb", "data"])]
    postgres: bool,
    /// Keep the clients' rows on a throw-away MariaDB instead of SQLite files.
    #[arg(long, conflicts_with = "data")]
    mariadb: bool,
    /// Load the Moodle dumps in this folder, each on its own engine.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// What else `cloison demo` takes: --port, --dir, --fresh.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

impl Demo {
    pub(crate) fn run(&self) -> Result<()> {
        web::build()?;
        let needs_servers = self.postgres || self.mariadb || self.data.is_some();
        if needs_servers {
            tools::for_tests()?;
        }
        step("building the server", || cargo(&["build", "--package", "cloison"]).run())?;
        let servers = if needs_servers { Some(self.servers()?) } else { None };
        let mut arguments = vec!["demo".to_owned()];
        if let Some(data) = &self.data {
            arguments.extend(["--data".to_owned(), data.display().to_string()]);
        }
        arguments.extend(self.rest.iter().cloned());
        let borrowed: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let binary = root().join("target/debug/cloison");
        let mut command = crate::shell::program(&binary.display().to_string(), &borrowed).into_command();
        if let Some((_, described)) = &servers {
            command.env("DEMO_SERVERS", format!("[{}]", described.join(",")));
        }
        // Ctrl-C reaches both; the demo stops by itself, and then its servers do.
        let status = command.status().context("cannot start the demo")?;
        drop(servers);
        if status.success() { Ok(()) } else { bail!("the demo ended with {status}") }
    }

    /// Throw-away servers that stop when their standard input closes, so also when this process is killed.
    fn servers(&self) -> Result<(Servers, Vec<String>)> {
        let which = match (self.postgres, self.mariadb) {
            (true, _) => "postgres",
            (_, true) => "mariadb",
            _ => "both",
        };
        let run = cargo(&["run", "--quiet", "--package", "testkit", "--bin", "throwaway", "--", which]);
        let mut child = run
            .into_command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the database servers")?;
        let lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let wanted = if which == "both" { 2 } else { 1 };
        let described = lines.take(wanted).collect::<Result<Vec<_>, _>>()?;
        if described.len() != wanted {
            bail!("the database servers did not start");
        }
        Ok((Servers(child), described))
    }
}

/// Stopped when dropped.
struct Servers(Child);

impl Drop for Servers {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Gone already is what is wanted.
        let _ = self.0.wait();
    }
}
