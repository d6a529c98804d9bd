//! `cloison operator`

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use tenancy::model::keys::{OperatorAction, OperatorKeyDraft};

use super::Session;

/// Operators.
#[derive(Subcommand)]
pub(crate) enum Operator {
    /// Make an operator key. Its text is printed this once.
    Create {
        /// Whose it is.
        #[arg(long)]
        name: String,
        /// What it may do; everything when absent.
        #[arg(long, value_delimiter = ',', value_name = "ACTIONS")]
        allow: Vec<Allowed>,
    },
    /// List operator keys.
    List,
    /// End an operator key.
    Revoke {
        /// Its id.
        key: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Allowed {
    #[value(name = "read")]
    Read,
    #[value(name = "tenants:manage")]
    TenantsManage,
    #[value(name = "library:write")]
    LibraryWrite,
    #[value(name = "operators:manage")]
    OperatorsManage,
    #[value(name = "act-as")]
    ActAs,
}

impl From<Allowed> for OperatorAction {
    fn from(allowed: Allowed) -> Self {
        match allowed {
            Allowed::Read => Self::Read,
            Allowed::TenantsManage => Self::TenantsManage,
            Allowed::LibraryWrite => Self::LibraryWrite,
            Allowed::OperatorsManage => Self::OperatorsManage,
            Allowed::ActAs => Self::ActAs,
        }
    }
}

impl Operator {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Create { name, allow } => {
                let everything = OperatorAction::ALL.into();
                let actions =
                    if allow.is_empty() { everything } else { allow.into_iter().map(OperatorAction::from).collect() };
                let draft = OperatorKeyDraft { name, actions, expires_at: None, networks: Vec::new() };
                let made = console.create_operator_key(draft).await?;
                session.out.one(&made)?;
                session.out.say("\nKeep the secret now: it is not stored and not shown again.");
                Ok(())
            }
            Self::List => session
                .out
                .many(&console.operator_keys().await?, &["id", "name", "actions", "last_used_at", "revoked_at"]),
            Self::Revoke { key } => Ok(console.revoke_operator_key(&key).await?),
        }
    }
}
