//! The proof of isolation at length, on real servers.

use anyhow::Result;

use crate::shell::cargo;
use crate::tools;

/// Runs it with the options that it takes itself.
pub(crate) fn run(options: &[String]) -> Result<()> {
    tools::for_tests()?;
    let mut command = vec!["run", "--release", "--package", "proof", "--bin", "prove", "--"];
    command.extend(options.iter().map(String::as_str));
    cargo(&command).run()
}
