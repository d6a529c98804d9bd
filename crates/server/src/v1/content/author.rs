//! Writing content: the same five endpoints for each kind, of the library and of a tenant.

/// The endpoints of one kind of content for one kind of author.
macro_rules! content_endpoints {
    ($module:ident, $extractor:ident, $desk:ident, $security:literal, $tag:literal, $base:literal, $one:literal,
     $draft:ty, $record:ty, $prefix:literal, $list:literal, $create:literal, $show:literal, $replace:literal, $delete:literal) => {
        pub(crate) mod $module {
            use axum::extract::State;
            use axum::response::Response;
            use tenancy::model::Page;

            use crate::app::App;
            use crate::extract::{$extractor, Body, Creation, Paging, Path, Version, once};
            use crate::problem::Problem;
            use crate::reply;
            use crate::v1::content::saving;

            pub(crate) fn routes() -> utoipa_axum::router::OpenApiRouter<App> {
                utoipa_axum::router::OpenApiRouter::new()
                    .routes(utoipa_axum::routes!(list, create))
                    .routes(utoipa_axum::routes!(show, replace, delete))
            }

                        #[utoipa::path(get, path = $base, tag = $tag, operation_id = $list, summary = concat!("List ", $prefix, "s by id."), params(Paging),
                responses((status = 200, body = Page<$record>),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn list($extractor(scope): $extractor, paging: Paging) -> Result<Response, Problem> {
                let page = scope.$desk()?.list::<$draft>(paging.cursor.as_deref(), paging.limit).await?;
                Ok(reply::json(&page))
            }

                        #[utoipa::path(post, path = $base, tag = $tag, operation_id = $create, summary = concat!("Make a ", $prefix, "."), request_body = $draft,
                responses((status = 201, body = $record),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn create(
                $extractor(scope): $extractor,
                State(app): State<App>,
                creation: Creation<$draft>,
            ) -> Result<Response, Problem> {
                let desk = scope.$desk()?;
                saving::rehearse(&app, &scope, &creation.draft).await?;
                once(desk, creation, async |desk, draft| desk.create(draft).await).await
            }

                        #[utoipa::path(get, path = $one, tag = $tag, operation_id = $show, summary = concat!("Read a ", $prefix, " as its author, by id or slug."),
                params(("name" = String, Path, description = "Id or slug")),
                responses((status = 200, body = $record),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn show($extractor(scope): $extractor, Path(name): Path<String>) -> Result<Response, Problem> {
                let record = scope.$desk()?.get::<$draft>(&name).await?;
                Ok(reply::versioned(record.version, &record))
            }

                        #[utoipa::path(put, path = $one, tag = $tag, operation_id = $replace, summary = concat!("Replace a ", $prefix, ". If-Match says which version is replaced."),
                params(("name" = String, Path, description = "Id or slug"), ("If-Match" = String, Header, description = "The ETag that was read")),
                request_body = $draft,
                responses((status = 200, body = $record),
                    (status = "default", body = Problem, content_type = "application/problem+json")),
                security(($security = [])))]
            async fn replace(
                $extractor(scope): $extractor,
                Path(name): Path<String>,
                Version(version): Version,
                State(app): State<App>,
                Body(draft): Body<$draft>,
            ) -> Result<Response, Problem> {
                let desk = scope.$desk()?;
                saving::rehearse(&app, &scope, &draft).await?;
                let record = desk.replace(&name, version, draft).await?;
                Ok(reply::versioned(record.version, &record))
            }

                        #[utoipa::path(delete, path = $one, tag = $tag, operation_id = $delete, summary = concat!("Remove a ", $prefix, " that nothing uses."),
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
