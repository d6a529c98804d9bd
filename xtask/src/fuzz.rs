//! Fuzzing: any bytes, for a while, at what reads what others write.

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::shell::{cargo, program, root, step};

/// Which targets, and for how long.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// Names of the targets in fuzz/fuzz_targets; all when absent.
    targets: Vec<String>,
    /// Minutes for each.
    #[arg(long, default_value_t = 20)]
    minutes: u32,
}

impl Fuzz {
    /// Runs them one after the other, from the small corpus in the repository; what is found on the way is kept beside the
    /// build, since a corpus that grows is nobody's to review.
    pub(crate) fn run(self) -> Result<()> {
        // The sanitizers are in nightly compilers only.
        let nightly = program("rustup", &["run", "nightly", "rustc", "--version"]).works();
        ensure!(nightly, "fuzzing needs a nightly compiler: rustup toolchain install nightly");
        if !cargo(&["fuzz", "--version"]).works() {
            step("installing cargo-fuzz", || cargo(&["install", "--locked", "cargo-fuzz"]).run())?;
        }
        let known = targets()?;
        for target in &self.targets {
            ensure!(known.contains(target), "no target {target}: there are {}", known.join(", "));
        }
        let wanted = if self.targets.is_empty() { known } else { self.targets };
        wanted.iter().try_for_each(|target| step(&format!("fuzzing {target}"), || one(target, self.minutes)))
    }
}

fn targets() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        names.extend(entry?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn one(target: &str, minutes: u32) -> Result<()> {
    let grown = format!("fuzz/target/corpus/{target}");
    std::fs::create_dir_all(root().join(&grown)).context("cannot make a folder for the corpus")?;
    let kept = format!("fuzz/corpus/{target}");
    let seconds = format!("-max_total_time={}", u64::from(minutes) * 60);
    let mut line = vec!["run", "nightly", "cargo", "fuzz", "run", target, &grown, &kept, "--", &seconds];
    let (dictionary, option) = (format!("fuzz/{target}.dict"), format!("-dict=fuzz/{target}.dict"));
    if root().join(dictionary).exists() {
        line.push(&option);
    }
    program("rustup", &line).run()
}
