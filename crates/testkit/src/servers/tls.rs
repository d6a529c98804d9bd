//! Certificates for a server under test, made by `openssl`: an authority of its own and one leaf for loopback.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// Writes `server.key`, `server.crt` and `ca.crt` into `folder` and returns the authority's certificate in PEM.
pub(crate) fn make(folder: &Path) -> anyhow::Result<String> {
    let leaf =
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n";
    std::fs::write(folder.join("leaf.cnf"), leaf)?;
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(
        folder,
        ["req", "-x509", "-days", "3650", "-subj", "/CN=Throw-away authority", "-keyout", "ca.key", "-out", "ca.crt"],
        &key,
    )?;
    openssl(folder, ["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"], &key)?;
    openssl(
        folder,
        ["x509", "-req", "-days", "3650", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
        &["-extfile", "leaf.cnf", "-out", "server.crt"],
    )?;
    std::fs::read_to_string(folder.join("ca.crt")).context("openssl made no certificate")
}

fn openssl<const N: usize>(folder: &Path, command: [&str; N], rest: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("openssl")
        .args(command)
        .args(rest)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .context("`openssl` is not on this machine: a server with TLS needs it to make a certificate")?;
    ensure!(output.status.success(), "openssl failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
