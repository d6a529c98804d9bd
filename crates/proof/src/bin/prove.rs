//! Proves at length what the tests prove briefly, and prints one table. The exit status says whether anything is wrong.
#![expect(clippy::print_stdout, reason = "the figures are the point")]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use proof::engine::Engine;
use proof::generate::random::{self, Chance};
use proof::generate::{Made, leaky, run, slots, spelling};
use proof::report::{self, Figures, Layer};
use proof::trial::Trial;
use proof::worlds::Level;
use proof::{attack, corpus, honest, product};

/// What tenant A reads depends on A's rows alone: attacks, made and random statements, honest SQL, all of the product
/// over HTTP, on throw-away servers of every engine at every isolation level.
#[derive(Parser)]
struct Prove {
    /// One engine: postgres, mariadb or sqlite. All when absent.
    #[arg(long)]
    engine: Option<Engine>,
    /// One level, such as native-rows. guarded-rows is the guard alone, `masks` the guard over masked columns of the
    /// tenant's own rows; the others are the database alone; `product` is both. All when absent.
    #[arg(long)]
    level: Option<String>,
    /// Kinds of statements, with commas between. All when absent.
    #[arg(long, value_delimiter = ',')]
    only: Vec<What>,
    /// How many random statements for each engine over the guard. Each level at which the database holds alone gets a
    /// twentieth of them, and so do masks.
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
    /// The seed of the random statements.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the first random statement: the last part of a finding's name makes it again.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// How many threads send random statements.
    #[arg(long, default_value_t = 2)]
    lanes: u64,
    /// Write all figures and findings to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// A folder of honest statements for the learning platform's tables, one in each .sql file.
    #[arg(long, value_name = "FOLDER")]
    extra: Option<PathBuf>,
    /// List every statement that was refused and should not be, too.
    #[arg(long)]
    refusals: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Written by hand.
    Attacks,
    /// A sub-query at every place of the grammar.
    Slots,
    /// The same, each place in each place.
    Pairs,
    /// Every spelling of every relation.
    Spelling,
    /// Predicates that fail on others' values.
    Leaky,
    /// Statements by chance, from a grammar.
    Random,
    /// Honest SQL: let through, and answered as ever.
    Honest,
    /// Every attack through all of the product, over HTTP, in every way.
    Product,
}

/// After so many random statements it is said how far they are.
const SPELL: u64 = 20_000;

/// A kind of made statements, its name, and how they are made.
type Set = (What, &'static str, fn(Engine) -> Vec<Made>);

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let prove = Prove::parse();
    let mut kept = Kept::default();
    for engine in Engine::ALL {
        if prove.engine.is_none_or(|wanted| wanted == engine) {
            prove.engine(engine, &mut kept).await;
        }
    }
    let Kept { all, broken } = kept;
    println!("\n{}", report::table(&all));
    for figures in &all {
        if prove.refusals || figures.what == "honest" {
            print!("{}", report::refusals(figures));
        }
        print!("{}", report::died(figures));
    }
    if let Some(file) = &prove.report {
        let text = serde_json::to_string_pretty(&all)?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let doubts: usize = all.iter().map(|figures| figures.doubts().count()).sum();
    println!("{doubts} findings that nobody has explained, {broken} parts that did not end");
    Ok(if doubts + broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Prove {
    async fn engine(&self, engine: Engine, kept: &mut Kept) {
        let layers = [(Level::GuardedRows, Layer::Guard), (Level::Masks, Layer::Guard)].into_iter();
        let layers = layers.chain(Level::of_database(engine).iter().map(|level| (*level, Layer::Database)));
        for (level, layer) in layers {
            if self.level.as_ref().is_none_or(|wanted| wanted == level.name()) {
                self.level(engine, level, layer, kept).await;
            }
        }
        if self.wants(What::Honest) && self.level.as_ref().is_none_or(|wanted| wanted == Level::GuardedRows.name()) {
            kept.push("honest", honest::run(engine, self.extra.as_deref()).await);
        }
        for level in product::levels(engine) {
            let wanted = self.level.as_ref().is_none_or(|wanted| wanted == level.name());
            if self.wants(What::Product) && wanted {
                kept.push("product", product::run(engine, *level).await);
            }
        }
    }

    async fn level(&self, engine: Engine, level: Level, layer: Layer, kept: &mut Kept) {
        if self.wants(What::Attacks) && level != Level::Masks {
            let run = async {
                let items = corpus::items(engine)?;
                match layer {
                    Layer::Guard => attack::through_guard(engine, &items).await,
                    _ => attack::at_level(engine, level, &items).await,
                }
            };
            kept.push("attacks", run.await);
        }
        let sets: [Set; 4] = [
            (What::Slots, "slots", slots::single),
            (What::Pairs, "pairs", slots::pairs),
            (What::Spelling, "spelling", spelling::all),
            (What::Leaky, "leaky", leaky::all),
        ];
        for (what, name, make) in sets {
            if self.wants(what) {
                let run = async {
                    let mut trial = Trial::apart(engine, level, layer).await?;
                    run::run(&mut trial, name, make(engine)).await
                };
                kept.push(name, run.await);
            }
        }
        if self.wants(What::Random) {
            let count = if level == Level::GuardedRows { self.count } else { self.count / 20 };
            let chance = Chance { seed: self.seed, first: self.first, count };
            kept.push("random", self.random(Trial::apart(engine, level, layer).await, chance).await);
        }
    }

    /// Says how far it is, again and again: a million takes about an hour.
    async fn random(&self, trial: anyhow::Result<Trial>, chance: Chance) -> anyhow::Result<Figures> {
        let trial = trial?;
        let mut all = Figures::new("random", trial.engine, trial.level.name(), trial.layer);
        let (mut first, end) = (chance.first, chance.first + chance.count);
        while first < end {
            let count = SPELL.min(end - first);
            let ran = random::run(&trial, Chance { first, count, ..chance }, self.lanes.max(1)).await;
            // What was found before something broke off is not lost.
            let figures = ran.inspect_err(|_| print!("{}", report::findings(&all)))?;
            first += count;
            all.seconds += figures.seconds;
            all.add(figures);
            println!("random: {} of {}, {} findings", all.items, chance.count, all.findings.len());
        }
        Ok(all)
    }

    fn wants(&self, what: What) -> bool {
        self.only.is_empty() || self.only.contains(&what)
    }
}

/// The figures of the parts, and how many parts did not come to their end.
#[derive(Default)]
struct Kept {
    all: Vec<Figures>,
    broken: usize,
}

impl Kept {
    /// Keeps the figures of a part, and says that it is done, how fast it was and what was found: the whole may take hours. What
    /// breaks one part off does not take the others with it.
    fn push(&mut self, what: &str, figures: anyhow::Result<Figures>) {
        let figures = match figures {
            Ok(figures) => figures,
            Err(error) => {
                println!("{what} did not come to its end: {error:#}");
                self.broken += 1;
                return;
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = figures.items as f64 / figures.seconds.max(0.001);
        println!(
            "{} {} {}: {} statements, {rate:.0} per second, {} findings",
            figures.engine,
            figures.level,
            figures.what,
            figures.items,
            figures.findings.len()
        );
        print!("{}", report::findings(&figures));
        self.all.push(figures);
    }
}
