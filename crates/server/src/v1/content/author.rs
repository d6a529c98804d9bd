//! Writing content: the same five endpoints for each kind, of the library and of a tenant.

use tenancy::Desk;
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, SnippetDraft};

use crate::problem::Problem;

/// What is checked before a draft is saved, beyond what the kernel checks.
pub(crate) trait Checked {
    async fn check(&self, _desk: &Desk) -> Result<(), Problem> {
        Ok(())
    }
}

impl Checked for CollectionDraft {}
impl Checked for DashboardDraft {}
impl Checked for SnippetDraft {}

impl Checked for CardDraft {
    /// A template that cannot be compiled is refused when it is written, not when a viewer runs it.
    async fn check(&self, desk: &Desk) -> Result<(), Problem> {
        let snippets = desk.snippets().await?;
        // A data source that is not there is the kernel's to refuse.
        let Some(engine) = desk.engine_of(&self.source).await? else { return Ok(()) };
        query::check_for(&self.query, &snippets, &[engine]).map_err(|error| gateway::PrepareError::from(error).into())
    }
}

/// The endpoints of one kind of content for one kind of author.
macro_rules! content_endpoints {
    ($module:ident, $extractor:ident, $desk:ident, $security:literal, $tag:literal, $base:literal, $one:literal,
     $draft:ty, $record:ty, $prefix:literal, $list:literal, $create:literal, $show:literal, $replace:literal, $delete:literal) => {
        pub(crate) mod $module {
            use axum::response::Response;
            use tenancy::model::Page;

            use crate::app::App;
            use crate::extract::{$extractor, Body, Creation, Paging, Path, Version, once};
            use crate::problem::Problem;
            use crate::reply;
            use crate::v1::content::author::Checked;

            pub(crate) fn routes() -> utoipa_axum::router::OpenApiRouter<App> {
                utoipa_axum::router::OpenApiRouter::new()
                    .routes(utoipa_axum::routes!(list, create))
                    .routes(utoipa_axum::routes!(show, replace, delete))
            }

            #[doc = concat!("List ", $prefix, "s by id.")]
            #[utoipa::path(get, path = $base, tag = $tag, operation_id = $list, params(Paging),
                responses((status = 200, body = Page<$record>),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn list($extractor(scope): $extractor, paging: Paging) -> Result<Response, Problem> {
                let page = scope.$desk()?.list::<$draft>(paging.cursor.as_deref(), paging.limit).await?;
                Ok(reply::json(&page))
            }

            #[doc = concat!("Make a ", $prefix, ".")]
            #[utoipa::path(post, path = $base, tag = $tag, operation_id = $create, request_body = $draft,
                responses((status = 201, body = $record),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn create($extractor(scope): $extractor, creation: Creation<$draft>) -> Result<Response, Problem> {
                let desk = scope.$desk()?;
                creation.draft.check(&desk).await?;
                once(desk, creation, async |desk, draft| desk.create(draft).await).await
            }

            #[doc = concat!("Read a ", $prefix, " as its author, by id or slug.")]
            #[utoipa::path(get, path = $one, tag = $tag, operation_id = $show,
                params(("name" = String, Path, description = "Id or slug")),
                responses((status = 200, body = $record),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn show($extractor(scope): $extractor, Path(name): Path<String>) -> Result<Response, Problem> {
                let record = scope.$desk()?.get::<$draft>(&name).await?;
                Ok(reply::versioned(record.version, &record))
            }

            #[doc = concat!("Replace a ", $prefix, ". If-Match says which version is replaced.")]
            #[utoipa::path(put, path = $one, tag = $tag, operation_id = $replace,
                params(("name" = String, Path, description = "Id or slug"), ("If-Match" = String, Header, description = "The ETag that was read")),
                request_body = $draft,
                responses((status = 200, body = $record),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn replace(
                $extractor(scope): $extractor,
                Path(name): Path<String>,
                Version(version): Version,
                Body(draft): Body<$draft>,
            ) -> Result<Response, Problem> {
                let desk = scope.$desk()?;
                draft.check(&desk).await?;
                let record = desk.replace(&name, version, draft).await?;
                Ok(reply::versioned(record.version, &record))
            }

            #[doc = concat!("Remove a ", $prefix, " that nothing uses.")]
            #[utoipa::path(delete, path = $one, tag = $tag, operation_id = $delete,
                params(("name" = String, Path, description = "Id or slug")),
                responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn delete($extractor(scope): $extractor, Path(name): Path<String>) -> Result<Response, Problem> {
                scope.$desk()?.delete::<$draft>(&name).await?;
                Ok(reply::done())
            }
        }
    };
}

pub(crate) use content_endpoints;
