//! `cloison secrets`

use std::fs;

use anyhow::{Context as _, Result};
use clap::Subcommand;
use tenancy::Keyring;

use super::Session;
use crate::config::write_private;

/// The secret key.
#[derive(Subcommand)]
pub(crate) enum Secrets {
    /// Make a new secret key and seal everything with it. Stop the servers first: they read the key when they start.
    Rotate,
}

impl Secrets {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let Self::Rotate = self;
        let path = session.config.secret_key_file();
        let old = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let fresh = Keyring::fresh(session.tenancy.host());
        // Both keys while it is under way: whatever a crash leaves sealed with either can be opened.
        replace(&path, &format!("{}\n{old}", fresh.expose()))?;
        let reopened = session.config.open().await?;
        #[expect(clippy::disallowed_methods, reason = "whoever runs this command can read the data directory")]
        let count = reopened.console().reseal().await?;
        reopened.close().await;
        replace(&path, fresh.expose())?;
        session.out.one(&serde_json::json!({ "resealed": count, "key_file": path }))
    }
}

/// Writes beside the file and moves it over, so that there is a whole one at every moment.
fn replace(path: &std::path::Path, text: &str) -> Result<()> {
    let beside = path.with_extension("new");
    if beside.exists() {
        fs::remove_file(&beside)?;
    }
    write_private(&beside, text)?;
    fs::rename(&beside, path).with_context(|| format!("cannot replace {}", path.display()))
}
