//! `cloison embed-key`

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Subcommand, ValueEnum};
use tenancy::model::keys::{Algorithm, Dialect, EmbedKeyDraft};

use super::Session;
use super::key::Reach;

/// A tenant's embed keys.
#[derive(Subcommand)]
pub(crate) enum EmbedKey {
    /// Make an embed key. An HS256 secret is printed this once; for the others you give your public key.
    Create {
        /// Tenant, by id or slug.
        tenant: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// Signature algorithm.
        #[arg(long, default_value = "HS256")]
        algorithm: AlgorithmName,
        /// A file with your public key in PEM, for every algorithm but HS256.
        #[arg(long, value_name = "FILE")]
        public_key: Option<PathBuf>,
        #[command(flatten)]
        reach: Reach,
        /// Viewers may not download rows.
        #[arg(long)]
        no_export: bool,
        /// The longest life of a token in seconds.
        #[arg(long, default_value_t = 3600)]
        longest_life: u32,
        /// Its tokens are in Metabase's form: no kid below the tenant's own address, things by number. See docs/metabase.md.
        #[arg(long)]
        metabase: bool,
        /// With --metabase: tokens may leave out exp, and then work for as long as the key does.
        #[arg(long, requires = "metabase")]
        allow_missing_exp: bool,
        /// An origin whose pages may frame the embedded pages, such as https://moodle.example; may be repeated.
        #[arg(long)]
        origin: Vec<String>,
    },
    /// List a tenant's embed keys.
    List {
        /// Tenant, by id or slug.
        tenant: String,
    },
    /// End an embed key and every token that it signed.
    Revoke {
        /// Tenant, by id or slug.
        tenant: String,
        /// The key's id.
        key: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "verbatim")]
pub(crate) enum AlgorithmName {
    HS256,
    EdDSA,
    ES256,
    RS256,
}

impl From<AlgorithmName> for Algorithm {
    fn from(name: AlgorithmName) -> Self {
        match name {
            AlgorithmName::HS256 => Self::HS256,
            AlgorithmName::EdDSA => Self::EdDSA,
            AlgorithmName::ES256 => Self::ES256,
            AlgorithmName::RS256 => Self::RS256,
        }
    }
}

impl EmbedKey {
    pub(super) async fn run(self, session: &Session) -> Result<()> {
        let console = session.console();
        match self {
            Self::Create {
                tenant,
                name,
                algorithm,
                public_key,
                reach,
                no_export,
                longest_life,
                metabase,
                allow_missing_exp,
                origin,
            } => {
                let read = |file: PathBuf| {
                    std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
                };
                let draft = EmbedKeyDraft {
                    name,
                    algorithm: algorithm.into(),
                    public_key: public_key.map(read).transpose()?,
                    resources: reach.resources(),
                    export: !no_export,
                    longest_life_seconds: longest_life,
                    dialect: if metabase { Dialect::Metabase } else { Dialect::Native },
                    allow_missing_exp,
                    origins: origin.into_iter().collect(),
                };
                let made = console.tenant_keys(&tenant).await?.create_embed_key(draft).await?;
                session.out.one(&made)?;
                let keep = "\nKeep the secret now: it is not shown again.";
                let slug = console.tenant(&tenant).await?.draft.slug;
                let address = format!("{}/t/{slug}", session.config.base_url());
                session.out.say(&if metabase {
                    format!("{keep} It is the embedding secret key, and {address} is the site URL.")
                } else {
                    format!("{keep} The id is the \"kid\" of its tokens.")
                });
                Ok(())
            }
            Self::List { tenant } => {
                let keys = console.tenant_keys(&tenant).await?.embed_keys().await?;
                session.out.many(&keys, &["id", "name", "algorithm", "created_at", "revoked_at"])
            }
            Self::Revoke { tenant, key } => Ok(console.tenant_keys(&tenant).await?.revoke_embed_key(&key).await?),
        }
    }
}
