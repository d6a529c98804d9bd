//! The API's description, made from the code. `openapi.json` in the repository is this, and CI compares them.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cloison",
        description = "One instance, many client organisations: a dashboard written once, seen by each client on its own data.\n\n\
            Three kinds of caller have a route group each: operators (`clo_op_…`), a tenant's systems (`clo_…`) and viewers (embed tokens). \
            A credential names its tenant; nothing else in a request chooses one. What belongs to somebody else and what does not exist \
            are the same answer. Errors are `application/problem+json` (RFC 9457)."
    ),
    tags(
        (name = "operator", description = "Tenants, data sources, placements, keys, publications; by operator key"),
        (name = "library", description = "The operator's content, to be published; by operator key"),
        (name = "tenant", description = "What a tenant's key sees, and its rows; by API key"),
        (name = "content", description = "A tenant's own content; by API key"),
        (name = "embed", description = "One dashboard or card and its rows; by embed token"),
    ),
    // Types of path segments are not found by themselves.
    components(schemas(crate::rows::FileFormat))
)]
struct Document;

/// The description of every route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.merge(crate::v1::routes().into_openapi());
    let components = document.components.get_or_insert_default();
    let bearer = |description: &str| {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build();
        SecurityScheme::Http(scheme)
    };
    components.add_security_scheme("operator_key", bearer("An operator's key, `clo_op_…`"));
    components.add_security_scheme("api_key", bearer("A tenant's key, `clo_…`; also as `x-api-key`"));
    components.add_security_scheme("embed_token", bearer("A signed embed token (JWT)"));
    document
}
