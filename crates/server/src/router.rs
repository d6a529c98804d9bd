//! The one table of routes, what wraps them, and how they are served.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::problem::Problem;
use crate::{assets, health, metabase, openapi, own_host, pages, v1};

/// How long running answers may go on after a shutdown began.
const DRAIN: Duration = Duration::from_secs(10);

/// Every route of the server.
pub fn router(app: App) -> Router {
    let (api, _) = v1::routes().split_for_parts();
    let embed = Router::new()
        .route("/embed/dashboard", get(pages::embed))
        .route("/embed/card", get(pages::embed))
        .route("/public/dashboard/{uuid}", get(pages::public))
        .route("/public/question/{uuid}", get(pages::public));
    let rest = Router::new()
        .route("/embed/dashboard/{token}", get(pages::embed_with_token))
        .route("/embed/card/{token}", get(pages::embed_with_token))
        .route("/t/{slug}/embed/dashboard/{token}", get(pages::embed_with_slug_and_token))
        .route("/t/{slug}/embed/card/{token}", get(pages::embed_with_slug_and_token))
        .route("/embed/question/{token}", get(pages::embed_with_token))
        .route("/t/{slug}/embed/question/{token}", get(pages::embed_with_slug_and_token))
        .route("/assets/{file}", get(assets::asset).layer(CompressionLayer::new().gzip(true)))
        .route("/embed.js", get(assets::embed_script).layer(CompressionLayer::new().gzip(true)))
        .route("/frame.js", get(assets::frame_script).layer(CompressionLayer::new().gzip(true)))
        .route("/embed.json", get(assets::integrity))
        .route("/docs", get(pages::docs))
        .route("/playground", get(pages::playground))
        .route("/openapi.json", get(|| async { axum::Json(openapi()) }))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics));
    let mut router = Router::new()
        .merge(api)
        .merge(embed.clone())
        .merge(rest)
        .merge(metabase::routes())
        .nest("/t/{slug}", embed.merge(slugged()).merge(metabase::routes()));
    if app.settings().demo.is_some() {
        router = router
            .route("/demo", get(pages::demo))
            .route("/demo/portals.json", get(pages::portals))
            .route("/demo/{client}", get(pages::portal))
            .route("/demo/{client}/token", get(pages::portal_token));
    }
    let routes = router
        .fallback(|| async {
            Problem::new(StatusCode::NOT_FOUND, "no-such-route", "There is no such route; see /docs.")
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "no-such-method",
                "This route does not take this method; see /docs.",
            )
        })
        .layer(from_fn_with_state(metabase::Administration::new(app.clone()), metabase::dispatch))
        .layer(from_fn(across_origins))
        .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app.clone());
    own_host::around(app, routes)
}

/// The viewer's part of the API below `/t/{slug}`, for pages that are served there.
fn slugged() -> Router<App> {
    v1::embed_routes().split_for_parts().0
}

/// Lets pages of other origins ask the viewer's part of the API, where the elements of host pages ask: the embed token in the
/// request says who asks, and no cookie does, so a page gets nothing with it that the token's owner would not get without the page.
/// No other route answers a foreign page's question whether it may ask.
async fn across_origins(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let path = path.strip_prefix("/t/{slug}").unwrap_or(path);
    let is_viewers = path == "/v1/embed" || path.starts_with("/v1/embed/");
    if !is_viewers || !request.headers().contains_key(header::ORIGIN) {
        return next.run(request).await;
    }
    let asks_first =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let mut say = |name, value| response.headers_mut().insert(name, HeaderValue::from_static(value));
    say(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if asks_first {
        say(header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type");
        say(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        say(header::ACCESS_CONTROL_MAX_AGE, "7200");
    } else {
        // The date tells how far the viewer's clock is off, which decides when a token is renewed.
        say(header::ACCESS_CONTROL_EXPOSE_HEADERS, "date, retry-after, content-disposition");
    }
    response
}

/// Gives the request an id and the answer its headers, and writes down its route, status and time: never its path, which may hold a token.
async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = format!("{:016x}", u64::from_be_bytes(app.tenancy().host().bytes::<8>()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let start = tokio::time::Instant::now();
    let mut response = {
        use tracing::Instrument;
        let span = tracing::info_span!("request", %id, %method, %route);
        next.run(request).instrument(span).await
    };
    // A table of routes behind this one names what answered more closely.
    let route = response.extensions().get::<MatchedPath>().map_or(route, |own| own.as_str().to_owned());
    let status = response.status().as_u16();
    let seconds = start.elapsed().as_secs_f64();
    tracing::info!(%id, %method, %route, status, ms = seconds * 1000.0, "request");
    metrics::counter!("cloison_http_requests_total", "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    let is_given = is_given(&route);
    metrics::histogram!("cloison_http_request_seconds", "route" => route).record(seconds);
    harden(response.headers_mut());
    if is_given {
        // Whoever finds an address in a search engine was not given it.
        let none = HeaderValue::from_static("noindex, nofollow");
        response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), none);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// Whether a route has a public link or a token in its path.
fn is_given(route: &str) -> bool {
    let route = route.strip_prefix("/t/{slug}").unwrap_or(route);
    ["/public/", "/api/public/", "/embed/", "/api/embed/"].iter().any(|start| route.starts_with(start))
}

/// What every answer says to browsers.
fn harden(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let resource_policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.entry(resource_policy).or_insert(HeaderValue::from_static("same-origin"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
}

/// Serves until `shutdown` resolves, then lets running answers finish for a while.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
    let header_timeout = app.settings().header_timeout;
    let router = router(app);
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Out of file handles, or a peer that was gone already: the next one may do better.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        // Small answers must not wait for a full packet.
        let _ = stream.set_nodelay(true);
        let service = connection_service(router.clone(), peer);
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(header_timeout);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(100);
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection");
            }
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(DRAIN) => tracing::warn!("some answers did not finish in time"),
    }
    Ok(())
}

fn connection_service(
    router: Router,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    http::Request<hyper::body::Incoming>,
    Response = Response,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone {
    hyper::service::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(axum::body::Body::new))
    })
}
