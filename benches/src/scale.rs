//! 10,000 tenants by template: start, memory, adding one.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tenancy::model::placing::SourceDraft;
use tenancy::model::tenant::TenantDraft;

use crate::instance::open;
use crate::load::median;

const TENANTS: usize = 10_000;

#[expect(clippy::disallowed_methods, reason = "the benchmark is the host here")]
pub(crate) async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("secret.key"), "17".repeat(32))?;
    let tenancy = open(folder.path()).await?;
    let template =
        json!({ "host": "db.example", "database": "lms_{slug}", "user": "lms_{slug}", "password": "x{slug}" });
    let source = json!({ "slug": "pg", "name": "PG", "engine": "postgres", "template": template });
    let console = tenancy.console();
    console.create_source(serde_json::from_value::<SourceDraft>(source)?).await?;
    let mut times = Vec::new();
    let start = Instant::now();
    for number in 0..TENANTS {
        let draft = json!({ "slug": format!("tenant-{number:05}"), "name": format!("Tenant {number}"), "attributes": { "region": "eu" } });
        let sent = Instant::now();
        console.create_tenant(serde_json::from_value::<TenantDraft>(draft)?).await?;
        if number >= TENANTS - 500 {
            times.push(sent.elapsed().as_secs_f64() * 1000.0);
        }
    }
    println!(
        "{TENANTS} tenants made in {:.0} s; adding one of the last 500: {:.2} ms (budget 10)",
        start.elapsed().as_secs_f64(),
        median(times)
    );
    tenancy.close().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    drop(listener);
    let binary = std::env::current_exe()?.with_file_name("cloison");
    let start = Instant::now();
    let mut child = Command::new(binary)
        .args(["--data-dir", &folder.path().display().to_string(), "serve", "--listen", &format!("127.0.0.1:{port}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start cloison: build it with --release first")?;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() && start.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let started = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default().trim().to_owned();
    println!(
        "{TENANTS} tenants: accepts connections {started:.2} s after its start (budget 2), {memory} resident (budget 150 MiB)"
    );
    child.kill()?;
    child.wait()?;
    Ok(())
}
