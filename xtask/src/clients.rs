//! Clients that others wrote for Metabase, against the product: installed as their users install them, at the versions and with
//! the hashes that are written down, outside the tree. Nothing of theirs is part of what we build or ship.

use std::fs;

use anyhow::{Context, Result};

use crate::shell::{cargo, program, root, step};
use crate::tools;

/// Below the root: what says which packages, and where they go.
const HERE: &str = "integrations/clients";
const INSTALLED: &str = "target/clients";

/// Runs them, or those whose names have all of these words.
pub(crate) fn test(names: &[String]) -> Result<()> {
    step("installing clients of Metabase", || {
        fs::create_dir_all(root().join(INSTALLED)).with_context(|| format!("cannot make {INSTALLED}"))?;
        from_npm()?;
        from_pypi()
    })?;
    step("clients of Metabase", || {
        cargo(&["build", "--quiet", "--package", "cloison"]).run()?;
        let run: Vec<&str> = ["run.mjs"].into_iter().chain(names.iter().map(String::as_str)).collect();
        program("node", &run).within(HERE).run()
    })
}

/// What package-lock.json says, and no script of anybody's.
fn from_npm() -> Result<()> {
    let (manifest, lock) = ("package.json", "package-lock.json");
    let is_there = root().join(INSTALLED).join("node_modules/.package-lock.json").exists();
    if is_there && same(manifest)? && same(lock)? {
        return Ok(());
    }
    copy(manifest)?;
    copy(lock)?;
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    program("npm", &install).within(INSTALLED).run()
}

/// What requirements.txt says, each file by its hash; the list is copied last, so that half an installation is none.
fn from_pypi() -> Result<()> {
    let list = "requirements.txt";
    if same(list)? {
        return Ok(());
    }
    if !program("python3", &["-c", "import ensurepip, venv"]).works() {
        tools::install(&["python3-venv"])?;
    }
    program("python3", &["-m", "venv", "--clear", "venv"]).within(INSTALLED).run()?;
    let wanted = root().join(HERE).join(list).display().to_string();
    let install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"];
    let python = root().join(INSTALLED).join("venv/bin/python").display().to_string();
    program(&python, &[&["-m", "pip"][..], &install, &["--requirement", &wanted]].concat()).run()?;
    copy(list)
}

/// Whether the list that was installed is the list that is written down.
fn same(list: &str) -> Result<bool> {
    let wanted = root().join(HERE).join(list);
    let wanted = fs::read(&wanted).with_context(|| format!("cannot read {}", wanted.display()))?;
    Ok(fs::read(root().join(INSTALLED).join(list)).is_ok_and(|installed| installed == wanted))
}

fn copy(list: &str) -> Result<()> {
    fs::copy(root().join(HERE).join(list), root().join(INSTALLED).join(list))
        .map(|_| ())
        .with_context(|| format!("cannot copy {list} to {INSTALLED}"))
}
