//! `cloison content`: a library as files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Subcommand;

use super::Session;
use crate::library::{Library, apply};

/// Content as files.
#[derive(Subcommand)]
pub(crate) enum Files {
    /// Make the library what a folder says: collection.json, snippets/*.json, cards/*.json with *.sql, dashboards/*.json.
    /// A file's name is the slug. What is equal already stays untouched; nothing is removed.
    Apply {
        /// The folder.
        folder: PathBuf,
    },
}

impl Files {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let Self::Apply { folder } = self;
        let library = Library::read(&read_folder(&folder)?)?;
        let done = apply(&session.console().library()?, library).await?;
        session.out.one(
            &serde_json::json!({ "created": done.created, "replaced": done.replaced, "unchanged": done.unchanged }),
        )
    }
}

fn read_folder(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for part in ["", "snippets", "cards", "dashboards"] {
        let Ok(entries) = std::fs::read_dir(folder.join(part)) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "json" || ending == "sql") {
                let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                files.insert(name, text);
            }
        }
    }
    anyhow::ensure!(!files.is_empty(), "{} holds no content", folder.display());
    Ok(files)
}
