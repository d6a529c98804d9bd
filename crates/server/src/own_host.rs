//! A tenant's own host name is an address of it, as `/t/{slug}` is: a request there is answered as if it had come below that.
//!
//! The name chooses no tenant. It is the slug that the credential is compared with, so that a key, a token or a link of another
//! tenant's opens nothing there, and for a token that names no key it says whose keys may have signed it.

use axum::Router;
use axum::extract::{OriginalUri, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{Uri, header};

use crate::app::App;
use crate::problem::Problem;

/// What there is below a tenant's address.
const BELOW: [&str; 5] = ["/api/", "/app/", "/embed/", "/public/", "/v1/embed/"];

fn is_below(path: &str) -> bool {
    path == "/v1/embed" || BELOW.iter().any(|start| path.starts_with(start))
}

/// The same routes, for tenants' own host names too. Around them and no layer of theirs: those are called when a route is found.
pub(crate) fn around(app: App, routes: Router) -> Router {
    Router::new().fallback_service(routes).layer(from_fn_with_state(app, rewrite))
}

async fn rewrite(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if is_below(request.uri().path())
        && let Some(host) = host(&request)
    {
        match app.tenancy().slug_of_host(&host).await {
            Ok(None) => {}
            Ok(Some(slug)) => {
                let uri = below(slug.as_str(), request.uri());
                // Who looks for the slug in the address as it came looks here.
                request.extensions_mut().insert(OriginalUri(uri.clone()));
                *request.uri_mut() = uri;
            }
            // Whose address this is cannot be said, so it is nobody's.
            Err(error) => return Problem::from(&error).into_response(),
        }
    }
    next.run(request).await
}

/// The name that was asked for, without its port: of the address where it is whole, as in HTTP/2, before that of the header
/// (RFC 9112, section 3.2.2). What a proxy says that it was asked for is not read: it passes the header on.
fn host(request: &Request) -> Option<String> {
    let of_header = || request.headers().get(header::HOST)?.to_str().ok();
    let authority = request.uri().authority().map(http::uri::Authority::as_str).or_else(of_header)?;
    let name = authority.rsplit_once(':').map_or(authority, |(name, _)| name);
    Some(name.trim_end_matches('.').to_ascii_lowercase())
}

/// The same address below a tenant's.
fn below(slug: &str, uri: &Uri) -> Uri {
    let rest = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    // A slug and an address that was one are one together; what is not leads nowhere.
    format!("/t/{slug}{rest}").parse().unwrap_or_else(|_| Uri::from_static("/t/"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn a_host_is_read_from_the_address_or_the_header() {
        let asked = |uri: &str, header: &str| {
            host(&Request::builder().uri(uri).header(header::HOST, header).body(Body::empty()).unwrap())
        };
        assert_eq!(asked("/api/health", "BI.Alder.example:8443").as_deref(), Some("bi.alder.example"));
        assert_eq!(asked("/api/health", "bi.alder.example.").as_deref(), Some("bi.alder.example"));
        assert_eq!(
            asked("http://bi.birch.example/api/health", "bi.alder.example").as_deref(),
            Some("bi.birch.example")
        );
        assert_eq!(host(&Request::builder().uri("/api/health").body(Body::empty()).unwrap()), None);
    }

    #[test]
    fn an_address_keeps_what_is_behind_it() {
        let uri = "http://bi.alder.example/api/embed/card/a.b.c/query?city=a%2Fb".parse().unwrap();
        assert_eq!(below("alder", &uri).to_string(), "/t/alder/api/embed/card/a.b.c/query?city=a%2Fb");
    }
}
