//! The instance at one moment, for an operator who administers all of it at once.

use std::collections::HashMap;

use super::OperatorScope;
use crate::error::{StoreError, WriteError};
use crate::ids::{SourceId, TenantId};
use crate::load::{LIBRARY, publication};
use crate::model::content::{Collection, CollectionDraft};
use crate::model::placing::{PlacementDraft, Source};
use crate::model::publication::Publication;
use crate::model::tenant::Tenant;
use crate::placement::Level;
use crate::resolve;
use crate::secret::Secret;
use crate::store::Reads;
use crate::store::rows::{blob_or_none, body, content, integer, record, text, time};

/// Tenants, data sources, who sees what of the library, and where whose rows are. No secret is opened for it: where one is
/// kept there is an empty one, so that it can be told that there is one.
pub struct Overview {
    /// Tenants, by slug.
    pub tenants: Vec<Tenant>,
    /// Data sources, by slug.
    pub sources: Vec<Source>,
    /// The library's collections, by id.
    pub collections: Vec<Collection>,
    /// Publications, by id.
    pub publications: Vec<Publication>,
    own: HashMap<(String, String), Written>,
}

struct Written {
    draft: PlacementDraft,
    version: i64,
    created_at: jiff::Timestamp,
    updated_at: jiff::Timestamp,
}

/// A tenant's own placement for a data source, as it was written.
pub struct Destination<'o> {
    /// The tenant.
    pub tenant: &'o Tenant,
    /// The data source.
    pub source: &'o Source,
    /// The tenant's own fields, over the data source's template.
    pub draft: &'o PlacementDraft,
    /// Grows with each edit.
    pub version: i64,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When it was last changed.
    pub updated_at: jiff::Timestamp,
}

impl OperatorScope {
    /// Reads it.
    pub async fn overview(&self) -> Result<Overview, WriteError> {
        self.require_read()?;
        Ok(read(&mut self.kernel.store()).await?)
    }

    /// How many API keys in force each tenant has, by the tenant's id. Those that have none are not in it.
    pub async fn keys_in_force(&self) -> Result<HashMap<String, i64>, WriteError> {
        self.require_read()?;
        let statement = "SELECT tenant, COUNT(*) AS keys FROM api_key WHERE revoked_at IS NULL \
                         AND (expires_at IS NULL OR expires_at > $1) GROUP BY tenant";
        let query = sqlx::query(statement).bind(self.kernel.host().now().as_microsecond());
        let rows = self.kernel.store().all(query).await?;
        let count = |row| Ok((text(row, "tenant")?, integer(row, "keys")?));
        Ok(rows.iter().map(count).collect::<Result<_, StoreError>>()?)
    }
}

pub(super) async fn read(from: &mut impl Reads) -> Result<Overview, StoreError> {
    let rows = from.all(sqlx::query("SELECT * FROM tenant ORDER BY slug")).await?;
    let tenants = rows.iter().map(|row| record(row, "tenant", TenantId::parse)).collect::<Result<_, _>>()?;
    let mut sources = Vec::new();
    for row in from.all(sqlx::query("SELECT * FROM source ORDER BY slug")).await? {
        let mut source: Source = record(&row, "source", SourceId::parse)?;
        if let Some(template) = &mut source.draft.template {
            template.password = blob_or_none(&row, "sealed")?.map(|_| Secret::default());
        }
        sources.push(source);
    }
    let rows = from.all(sqlx::query("SELECT * FROM collection WHERE owner = $1 ORDER BY id").bind(LIBRARY)).await?;
    let collections = rows.iter().map(content::<CollectionDraft>).collect::<Result<_, _>>()?;
    let rows = from.all(sqlx::query("SELECT * FROM publication ORDER BY id")).await?;
    let publications = rows.iter().map(publication).collect::<Result<_, _>>()?;
    let mut own = HashMap::new();
    for row in from.all(sqlx::query("SELECT * FROM placement")).await? {
        let mut draft: PlacementDraft = body(&row, "placement")?;
        draft.password = blob_or_none(&row, "sealed")?.map(|_| Secret::default());
        let written = Written {
            draft,
            version: integer(&row, "version")?,
            created_at: time(&row, "created_at")?,
            updated_at: time(&row, "updated_at")?,
        };
        own.insert((text(&row, "tenant")?, text(&row, "source")?), written);
    }
    Ok(Overview { tenants, sources, collections, publications, own })
}

impl Overview {
    /// The isolation level of a tenant's place for a data source, by the template or of its own; none when it has no complete
    /// place there. What preflight says of it is the data plane's.
    #[must_use]
    pub fn level(&self, tenant: &Tenant, source: &Source) -> Option<Level> {
        resolve::level(tenant, source, self.written(tenant, source).map(|own| own.draft.clone()))
    }

    fn written(&self, tenant: &Tenant, source: &Source) -> Option<&Written> {
        self.own.get(&(tenant.id.to_string(), source.id.to_string()))
    }

    /// Tenants' own placements, by the slugs of the data source and of the tenant.
    pub fn destinations(&self) -> impl Iterator<Item = Destination<'_>> {
        let of_source = move |source| self.tenants.iter().filter_map(move |tenant| self.destination(tenant, source));
        self.sources.iter().flat_map(of_source)
    }

    fn destination<'o>(&'o self, tenant: &'o Tenant, source: &'o Source) -> Option<Destination<'o>> {
        let Written { draft, version, created_at, updated_at } = self.written(tenant, source)?;
        let (version, created_at, updated_at) = (*version, *created_at, *updated_at);
        Some(Destination { tenant, source, draft, version, created_at, updated_at })
    }
}
