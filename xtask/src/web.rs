//! The pages: built by Node into web/dist, which the server takes into its binary.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;

use crate::shell::{program, root, step};

/// Builds the pages unless nothing changed since they were built.
pub(crate) fn build() -> Result<()> {
    let web = root().join("web");
    let built = modified(&web.join("dist/embed.html"));
    if built.is_some() && built >= newest(&web) {
        return Ok(());
    }
    step("building the pages", || {
        packages()?;
        program("npm", &["run", "--silent", "build"]).within("web").run()
    })
}

/// Types, units, and the size budgets.
pub(crate) fn test() -> Result<()> {
    step("checks of the pages", || {
        packages()?;
        for script in ["check", "test", "size"] {
            program("npm", &["run", "--silent", script]).within("web").run()?;
        }
        Ok(())
    })
}

/// A real browser against a real server, and the npm package as its users have it.
pub(crate) fn browser_test() -> Result<()> {
    packages()?;
    for script in ["test:browser", "test:package"] {
        program("npm", &["run", "--silent", script]).within("web").run()?;
    }
    Ok(())
}

/// What package-lock.json says, and nothing else.
pub(crate) fn packages() -> Result<()> {
    let web = root().join("web");
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&web.join("package-lock.json")) {
        return Ok(());
    }
    program("npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"]).within("web").run()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// The newest change below a folder, without what is built or installed.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let kept = entries.filter(|entry| !["dist", "node_modules", "tests"].iter().any(|name| entry.file_name() == *name));
    kept.filter_map(|entry| {
        let path = entry.path();
        if path.is_dir() { newest(&path) } else { modified(&path) }
    })
    .max()
}
