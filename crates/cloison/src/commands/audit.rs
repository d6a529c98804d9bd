//! `cloison audit`

use anyhow::Result;
use clap::Args;

use super::Session;

/// How much.
#[derive(Args)]
pub(crate) struct Audit {
    /// How many entries.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

impl Audit {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let page = session.console().audit(None, self.limit).await?;
        session.out.many(&page.data, &["seq", "at", "actor", "action", "tenant", "object", "detail"])
    }
}
