//! What the tests need beside Rust and Node: Debian's packages and one cargo tool. Installed when missing.

use std::path::Path;

use anyhow::{Context, Result};

use crate::shell::{cargo, program, step};

/// A file that a package brings, and the package.
const PACKAGES: [(&[&str], &str); 5] = [
    (&["/usr/lib/postgresql/15/bin/postgres", "/usr/lib/postgresql/17/bin/postgres"], "postgresql"),
    (&["/usr/sbin/mariadbd"], "mariadb-server"),
    (&["/usr/bin/chromium"], "chromium"),
    (&["/usr/bin/php"], "php-cli"),
    (&["/usr/bin/openssl"], "openssl"),
];

/// Everything that `cargo xtask test` uses.
pub(crate) fn for_tests() -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(files, _)| !files.iter().any(|file| Path::new(file).exists()))
        .map(|(_, package)| *package)
        .collect();
    install(&missing)?;
    if !cargo(&["nextest", "--version"]).works() {
        step("installing cargo-nextest", || cargo(&["install", "--locked", "cargo-nextest"]).run())?;
    }
    Ok(())
}

/// The licence and source checker.
pub(crate) fn cargo_deny() -> Result<()> {
    if cargo(&["deny", "--version"]).works() {
        return Ok(());
    }
    step("installing cargo-deny", || cargo(&["install", "--locked", "cargo-deny"]).run())
}

/// Installs packages, if any are named.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    step(&format!("installing {}", packages.join(", ")), || apt(packages))
}

fn apt(packages: &[&str]) -> Result<()> {
    let is_root = program("id", &["-u"]).output()?.trim() == "0";
    let run = |arguments: &[&str]| {
        let command =
            if is_root { program("apt-get", arguments) } else { program("sudo", &[&["apt-get"], arguments].concat()) };
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
            .context("apt-get (Debian or Ubuntu) must be usable, as root or by sudo")
    };
    run(&["update", "-qq"])?;
    run(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}
