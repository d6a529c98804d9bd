//! The developer's commands. `cargo xtask` lists them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its terminal")]

mod clients;
mod demo;
mod fuzz;
mod generate;
mod php;
mod prove;
mod shell;
mod tools;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use shell::{cargo, step};

/// The developer's commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and run the main job: three clients, one dashboard, links to open.
    Demo(demo::Demo),
    /// Install what the tests need, build the pages, and run every test.
    Test {
        /// Leave out the tests that drive a browser.
        #[arg(long)]
        no_browser: bool,
    },
    /// What CI runs: formatting, lints, licences, generated files, every test.
    Ci,
    /// Build the pages into web/dist.
    Web,
    /// Write the generated files anew: openapi.json, the pages' API types, the command reference.
    Generate {
        /// Change nothing; fail when a file is not what the code says.
        #[arg(long)]
        check: bool,
    },
    /// Prove isolation at length, in release mode: attacks, made and random statements, honest SQL, all of the product
    /// over HTTP, on every engine and level. `cargo xtask prove --help` lists the options.
    #[command(disable_help_flag = true)]
    Prove {
        /// Options of the proof: `--engine`, `--level`, `--only`, `--count`, `--seed`, `--report`, ….
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Fuzz what reads what others write: the guard, templates, parameters, tokens, bodies. Needs a nightly compiler.
    Fuzz(fuzz::Fuzz),
    /// Run other people's clients of Metabase against the server, as `test` does.
    Clients {
        /// Words in their names; all when absent.
        names: Vec<String>,
    },
    /// Measure the budgets, as ratios in one run.
    Bench {
        /// Names of the benchmarks; all when absent.
        names: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Demo(demo) => demo.run(),
        Command::Test { no_browser } => test(!no_browser),
        Command::Ci => ci(),
        Command::Web => web::build(),
        Command::Generate { check } => generate::run(check),
        Command::Prove { options } => prove::run(&options),
        Command::Fuzz(fuzz) => fuzz.run(),
        Command::Clients { names } => clients::test(&names),
        Command::Bench { names } => bench(&names),
    }
}

fn test(browser: bool) -> Result<()> {
    tools::for_tests()?;
    web::build()?;
    web::test()?;
    php::test()?;
    step("Rust tests", || {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]).run()?;
        cargo(&["test", "--workspace", "--doc", "--quiet"]).run()
    })?;
    clients::test(&[])?;
    if browser { step("browser tests", web::browser_test) } else { Ok(()) }
}

fn ci() -> Result<()> {
    step("formatting", || cargo(&["fmt", "--all", "--check"]).run())?;
    tools::for_tests()?;
    web::build()?;
    step("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run())?;
    step("licences, bans, sources", || {
        tools::cargo_deny()?;
        cargo(&["deny", "--all-features", "check", "bans", "licenses", "sources"]).run()
    })?;
    step("generated files", || generate::run(true))?;
    test(true)
}

fn bench(names: &[String]) -> Result<()> {
    tools::for_tests()?;
    let mut arguments = vec!["run", "--release", "--package", "benches", "--"];
    arguments.extend(names.iter().map(String::as_str));
    cargo(&arguments).run()
}
