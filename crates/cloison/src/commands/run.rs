//! `cloison run`

use std::io::Write as _;

use anyhow::Result;
use clap::{Args, ValueEnum};
use futures_util::StreamExt as _;
use gateway::encode;
use tenancy::{Action, Run as RunCard, View};

use super::token::act_as;
use super::{Session, pairs, value};
use crate::output::table;

/// Which card, as whom, and why.
#[derive(Args)]
pub(crate) struct Run {
    /// Tenant, by id or slug.
    #[arg(long)]
    tenant: String,
    #[command(flatten)]
    what: What,
    /// With --dashboard: the item that shows the card.
    #[arg(long, requires = "dashboard")]
    item: Option<String>,
    /// Why, for the tenant's audit log.
    #[arg(long)]
    reason: String,
    /// A parameter's value; may be repeated. Lists and numbers are written as JSON.
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// How the rows are printed.
    #[arg(long, default_value = "table")]
    format: Format,
}

/// A card by itself, or as a dashboard shows it.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct What {
    /// A card that is published by itself, by id or slug.
    #[arg(long)]
    card: Option<String>,
    /// A dashboard, by id or slug; --item says which of its cards.
    #[arg(long, requires = "item")]
    dashboard: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

impl Run {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let scope =
            act_as(session, &self.tenant, &self.reason, &[Action::DashboardsRead, Action::CardsRun], 60).await?;
        let card = match (&self.what.card, &self.what.dashboard, &self.item) {
            (Some(card), ..) => scope.card::<RunCard>(card)?,
            (None, Some(dashboard), Some(item)) => scope.dashboard::<View>(dashboard)?.item::<RunCard>(item)?,
            _ => anyhow::bail!("name a --card, or a --dashboard and its --item"),
        };
        let given = pairs(&self.param)?.into_iter().map(|(name, text)| (name, value(&text))).collect();
        let gateway = gateway::Gateway::new(session.config.gateway());
        let rows = gateway.run(gateway.prepare(&card, given).await?).await?;
        let format = if session.out.json { Format::Json } else { self.format };
        let mut parts = match format {
            Format::Csv => encode::csv::encode(rows, encode::csv::Options { byte_order_mark: false }).boxed(),
            Format::Json | Format::Table => encode::json::document(rows).boxed(),
        };
        let mut whole = Vec::new();
        while let Some(part) = parts.next().await {
            whole.extend_from_slice(&part?);
        }
        if format == Format::Table {
            return print(&serde_json::from_slice(&whole)?);
        }
        let mut out = std::io::stdout().lock();
        out.write_all(&whole)?;
        Ok(writeln!(out)?)
    }
}

fn print(document: &serde_json::Value) -> Result<()> {
    let list = |name: &str| document.get(name).and_then(|value| value.as_array()).cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let names: Vec<String> = list("columns").iter().filter_map(|column| column.get("name").map(text)).collect();
    let rows: Vec<Vec<String>> =
        list("rows").iter().map(|row| row.as_array().into_iter().flatten().map(text).collect()).collect();
    table(&names, &rows);
    Ok(())
}
