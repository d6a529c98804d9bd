//! `cloison collection`, `card`, `dashboard`, `snippet`

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use tenancy::{Authored, Content as Kind};

use super::{Session, read_json};

/// One kind of the library's content.
#[derive(Subcommand)]
pub(crate) enum Content {
    /// Make one from a JSON file; `-` is standard input.
    Create {
        /// The file.
        file: PathBuf,
    },
    /// List them.
    List,
    /// Show one as its author sees it.
    Show {
        /// Id or slug.
        name: String,
    },
    /// Replace one by what a JSON file says.
    Replace {
        /// Id or slug.
        name: String,
        /// The file.
        file: PathBuf,
    },
    /// Remove one that nothing uses.
    Delete {
        /// Id or slug.
        name: String,
    },
}

impl Content {
    pub(super) async fn run<D: Kind + Authored>(self, session: &Session) -> Result<()> {
        let desk = session.console().library()?;
        match self {
            Self::Create { file } => {
                let draft: D = read_json(&file)?;
                session.out.one(&desk.create(draft).await?)
            }
            Self::List => {
                let (mut all, mut cursor) = (Vec::new(), None);
                loop {
                    let page = desk.list::<D>(cursor.as_deref(), 200).await?;
                    all.extend(page.data);
                    cursor = page.next_cursor;
                    if cursor.is_none() {
                        return session.out.many(&all, &["slug", "name", "version", "id"]);
                    }
                }
            }
            Self::Show { name } => session.out.one(&desk.get::<D>(&name).await?),
            Self::Replace { name, file } => {
                let draft: D = read_json(&file)?;
                let version = desk.get::<D>(&name).await?.version;
                session.out.one(&desk.replace(&name, version, draft).await?)
            }
            Self::Delete { name } => Ok(desk.delete::<D>(&name).await?),
        }
    }
}
