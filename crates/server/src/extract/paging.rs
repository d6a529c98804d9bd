//! `?cursor=…&limit=…` of every list.

use axum::extract::{FromRequestParts, Query};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;

use crate::problem::Problem;

/// Where to read on, and how much.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// The `next_cursor` of an earlier answer.
    pub(crate) cursor: Option<String>,
    /// 1 to 200 things; 50 when absent.
    #[serde(default = "usual")]
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: u32,
}

const fn usual() -> u32 {
    50
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let refuse = || {
            let detail = "Lists take \"cursor\", and \"limit\" from 1 to 200.";
            Problem::new(StatusCode::BAD_REQUEST, "field-invalid", detail).on_field("limit")
        };
        let Query(paging) = Query::<Self>::from_request_parts(parts, state).await.map_err(|_| refuse())?;
        if (1..=200).contains(&paging.limit) { Ok(paging) } else { Err(refuse()) }
    }
}
