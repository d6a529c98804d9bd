//! Generated files that are committed: made from the code, and compared in CI.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, program, root};
use crate::web;

/// Writes the generated files, or compares them.
pub(crate) fn run(check: bool) -> Result<()> {
    let cloison =
        |arguments: &[&str]| cargo(&[&["run", "--quiet", "--package", "cloison", "--"], arguments].concat()).output();
    settle("openapi.json", &cloison(&["openapi"])?, check)?;
    settle("docs/cli.md", &cloison(&["reference"])?, check)?;
    web::packages()?;
    let types = program("npx", &["--no-install", "openapi-typescript", "../openapi.json"]).within("web").output()?;
    settle("web/src/api.d.ts", &types, check)
}

fn settle(name: &str, text: &str, check: bool) -> Result<()> {
    let path = root().join(name);
    let text = format!("{}\n", text.trim_end());
    if fs::read_to_string(&path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if check {
        bail!("{name} is not what the code says: run \"cargo xtask generate\" and commit it");
    }
    fs::write(&path, text).with_context(|| format!("cannot write {name}"))
}
