//! `cargo xtask bench`: the budgets of the design, as ratios measured in one run on one machine.
//!
//! The server, the baseline, the database and the clients share the machine, so only the ratios mean anything.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod fleet;
mod instance;
mod load;
mod neighbour;
mod scale;
mod single;

use anyhow::Result;

/// The product's allocator, for both sides of each ratio.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name);
    if runs("single") {
        single::run().await?;
    }
    if runs("neighbour") {
        neighbour::run().await?;
    }
    if runs("fleet") {
        fleet::run().await?;
    }
    if runs("scale") {
        scale::run().await?;
    }
    Ok(())
}
