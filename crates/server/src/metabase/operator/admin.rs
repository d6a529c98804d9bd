//! Whoever holds an operator's key, admitted as on our own surface.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use tenancy::model::placing::Source;
use tenancy::model::tenant::Tenant;
use tenancy::{OperatorScope, WriteError};

use super::super::api::denied::Denied;
use super::super::api::key::Segments;
use super::super::refusal::Refusal;
use crate::app::App;
use crate::extract::Operator;
use crate::problem::Problem;

/// An operator, and what the path says.
pub(super) struct Admin {
    pub(super) operator: OperatorScope,
    path: Segments,
}

impl FromRequestParts<App> for Admin {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        let path = Segments::from_request_parts(parts, app).await?;
        let Operator(operator) = Operator::from_request_parts(parts, app).await?;
        Ok(Self { operator, path })
    }
}

impl Admin {
    /// What the path names.
    pub(super) fn id(&self) -> Result<&str, Denied> {
        self.path.get("id").ok_or_else(|| Problem::missing().into())
    }

    /// The tenant that the path names.
    pub(super) async fn tenant(&self) -> Result<Tenant, Denied> {
        Ok(self.operator.tenant_numbered(self.id()?).await?)
    }

    /// The data source that the path names.
    pub(super) async fn source(&self) -> Result<Source, Denied> {
        Ok(self.operator.source_numbered(self.id()?).await?)
    }
}

/// What an operator's key does not do here, whether or not a tenant's key does. Whoever has no key in force hears that first.
pub(super) async fn elsewhere(admitted: Result<Operator, Problem>) -> Result<Response, Denied> {
    admitted?;
    let text = "An operator's key reads no rows and no client's content here. Use one of the client's keys, or our own API at /docs.";
    Err(Refusal::forbidden(text).into())
}

/// The same refusal under the names that clients have for our fields, where what failed is a write of the kernel's.
pub(super) fn refused(error: WriteError, names: &[(&str, &str)]) -> Denied {
    Denied::from(Problem::from(error)).renamed(names)
}
