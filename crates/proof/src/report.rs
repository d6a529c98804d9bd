//! What a run found: figures for a table, and each finding in a line.

use serde::Serialize;

use crate::engine::Engine;

/// What was between the statement and the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Nothing: shows that the attacks have teeth.
    Undefended,
    /// The guard alone, over a login that reads all rows of all tenants.
    Guard,
    /// The database alone.
    Database,
    /// All of the product, over HTTP.
    Product,
}

impl Layer {
    const fn name(self) -> &'static str {
        match self {
            Self::Undefended => "undefended",
            Self::Guard => "guard",
            Self::Database => "database",
            Self::Product => "product",
        }
    }
}

/// What was wrong with one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// A value of others' rows came back.
    Leak,
    /// The answer depends on others' rows.
    Differs,
    /// The answer is not that of a database with A's rows only.
    NotSilo,
    /// Refused or let through against what is expected, or too late.
    Unexpected,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Which statement.
    pub id: String,
    /// What was wrong.
    pub wrong: Wrong,
    /// How it shows.
    pub says: String,
    /// Why it stays: known, and not about whose rows are read.
    pub known: Option<&'static str>,
}

/// The figures of a run.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// What was sent: `attacks`, `generated`, `honest`.
    pub what: &'static str,
    /// The engine.
    pub engine: Engine,
    /// The isolation level.
    pub level: &'static str,
    /// What was in between.
    pub layer: Layer,
    /// Statements.
    pub items: usize,
    /// Of them, let through.
    pub accepted: usize,
    /// Of them, refused before the database heard of them.
    pub refused: usize,
    /// Let through, and ended by the database with an error or by the limit on time.
    pub errors: usize,
    /// Answers in another order in another world, with the same rows: nobody asked for an order.
    pub reordered: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What was wrong.
    pub findings: Vec<Finding>,
    /// Statements that should be let through and were not, each with the guard's words.
    pub refusals: Vec<(String, String)>,
    /// Statements at which the engine itself ended, with what they say.
    pub died: Vec<(String, String)>,
}

impl Figures {
    /// Nothing yet.
    pub const fn new(what: &'static str, engine: Engine, level: &'static str, layer: Layer) -> Self {
        Self {
            what,
            engine,
            level,
            layer,
            items: 0,
            accepted: 0,
            refused: 0,
            errors: 0,
            reordered: 0,
            seconds: 0.0,
            findings: Vec::new(),
            refusals: Vec::new(),
            died: Vec::new(),
        }
    }

    /// How many findings of a kind.
    pub fn count(&self, wrong: Wrong) -> usize {
        self.findings.iter().filter(|finding| finding.wrong == wrong).count()
    }

    /// Adds a finding.
    pub fn found(&mut self, id: &str, wrong: Wrong, says: impl Into<String>) {
        self.findings.push(Finding { id: id.to_owned(), wrong, says: says.into(), known: None });
    }

    /// Findings that nobody has explained.
    pub fn doubts(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.known.is_none())
    }

    /// Adds another part of the same run.
    pub fn add(&mut self, other: Self) {
        self.items += other.items;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.errors += other.errors;
        self.reordered += other.reordered;
        self.seconds = self.seconds.max(other.seconds);
        self.findings.extend(other.findings);
        self.refusals.extend(other.refusals);
        self.died.extend(other.died);
    }
}

/// The figures as a table for a terminal.
pub fn table(all: &[Figures]) -> String {
    let mut text = format!(
        "{:<10} {:<9} {:<13} {:<11} {:>8} {:>9} {:>8} {:>7} {:>6} {:>8} {:>9} {:>11} {:>8}\n",
        "what",
        "engine",
        "level",
        "layer",
        "items",
        "accepted",
        "refused",
        "errors",
        "leaks",
        "differs",
        "not-silo",
        "unexpected",
        "seconds"
    );
    for row in all {
        text += &format!(
            "{:<10} {:<9} {:<13} {:<11} {:>8} {:>9} {:>8} {:>7} {:>6} {:>8} {:>9} {:>11} {:>8.1}\n",
            row.what,
            row.engine.name(),
            row.level,
            row.layer.name(),
            row.items,
            row.accepted,
            row.refused,
            row.errors,
            row.count(Wrong::Leak),
            row.count(Wrong::Differs),
            row.count(Wrong::NotSilo),
            row.count(Wrong::Unexpected),
            row.seconds
        );
    }
    text
}

/// Every finding, a line each.
pub fn findings(figures: &Figures) -> String {
    let line = |finding: &Finding| {
        let known = finding.known.map(|why| format!(" (known: {why})")).unwrap_or_default();
        format!("{} {:?}: {}{known}\n", finding.id, finding.wrong, finding.says)
    };
    figures.findings.iter().map(line).collect()
}

/// Every refusal, a line each.
pub fn refusals(figures: &Figures) -> String {
    figures.refusals.iter().map(|(id, says)| format!("{id} refused: {says}\n")).collect()
}

/// Every statement at which the engine ended, a line each.
pub fn died(figures: &Figures) -> String {
    figures.died.iter().map(|(id, sql)| format!("{id} ended {} itself: {sql}\n", figures.engine)).collect()
}
