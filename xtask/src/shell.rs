//! Running other programs, and saying what runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A program to run, from the repository's root.
pub(crate) struct Run(Command);

/// Any program.
pub(crate) fn program(name: &str, arguments: &[&str]) -> Run {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    Run(command)
}

/// Cargo, the one that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Run {
    program(option_env!("CARGO").unwrap_or("cargo"), arguments)
}

impl Run {
    /// In another folder below the root.
    pub(crate) fn within(mut self, folder: &str) -> Self {
        self.0.current_dir(root().join(folder));
        self
    }

    /// With a variable in its environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it; anything but success is an error.
    pub(crate) fn run(mut self) -> Result<()> {
        let line = format!("{:?}", self.0);
        let status = self.0.stdin(Stdio::null()).status().with_context(|| format!("cannot start {line}"))?;
        if status.success() { Ok(()) } else { bail!("{line}: {status}") }
    }

    /// Runs it and gives what it printed.
    pub(crate) fn output(mut self) -> Result<String> {
        let line = format!("{:?}", self.0);
        let output = self.0.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {line}"))?;
        if !output.status.success() {
            bail!("{line}: {}", output.status);
        }
        String::from_utf8(output.stdout).context("not UTF-8")
    }

    /// Whether it can be started and succeeds, quietly.
    pub(crate) fn works(mut self) -> bool {
        let quiet = self.0.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    }

    /// The command itself, for what must stay in the foreground.
    pub(crate) fn into_command(self) -> Command {
        self.0
    }
}

/// Says what runs, and how long it took.
pub(crate) fn step(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("==> {name}");
    let start = Instant::now();
    work().with_context(|| name.to_owned())?;
    println!("==> {name}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}
