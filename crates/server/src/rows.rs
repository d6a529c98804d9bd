//! Running cards and sending their rows. Every format is an encoder of the gateway's one stream.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use gateway::{RowStream, RunError, encode};
use http::{HeaderValue, header};
use serde::Deserialize;
use tenancy::model::content::{Show, Values};
use tenancy::{AdmitError, Card, Dashboard, Export, Granted, LookupError, Run, Standing, TenantScope, View};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::app::App;
use crate::problem::{Credential, Problem, Reader};

/// How often a running answer asks whether what it rests on still holds. Well below the second of promise P9.
const RECHECK: Duration = Duration::from_millis(250);

/// Values for the parameters of a card, or the filters of a dashboard.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    /// By name; `null` means no value, an absent name takes the default.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(crate) parameters: Values,
}

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileFormat {
    /// RFC 4180, UTF-8. Texts that a spreadsheet would take for a formula get an apostrophe.
    Csv,
    /// Office Open XML with typed cells; texts are never formulas.
    Xlsx,
    /// The same document as the rows route.
    Json,
}

/// Why an answer broke off. The transfer is aborted, so that nobody takes a part for the whole.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("the credential was revoked, or what it was granted was withdrawn")]
    Revoked,
}

/// What a running answer rests on: its credential, and what that was granted.
struct Watch {
    scope: Arc<TenantScope>,
    standings: Vec<Standing>,
}

impl Watch {
    fn over(scope: &Arc<TenantScope>, card: &Granted<'_, Run, Card>) -> Self {
        Self { scope: scope.clone(), standings: vec![card.standing()] }
    }

    async fn holds(&self) -> bool {
        self.scope.still_holds(&self.standings).await
    }

    /// The same, for an answer that has not begun.
    async fn check(&self) -> Result<(), Problem> {
        check(&self.scope, &self.standings).await
    }
}

/// Says why an answer that has not begun is not given any more.
async fn check(scope: &TenantScope, standings: &[Standing]) -> Result<(), Problem> {
    if scope.still_holds(standings).await {
        return Ok(());
    }
    // Whatever is wrong with a link is one answer, its end too.
    if scope.is_link() || scope.is_still_admitted().await {
        return Err(Problem::missing());
    }
    let credential = if scope.viewer().is_some() { Credential::Token } else { Credential::Key };
    Err(Problem::refused(&AdmitError::Invalid, credential))
}

/// Starts a card. Who wrote its SQL hears what the guard or the database says about it; everybody else a constant.
async fn run(app: &App, card: &Granted<'_, Run, Card>, given: Values) -> Result<RowStream, Problem> {
    let to = Reader::of(card);
    let query = app.gateway().prepare(card, given).await.map_err(|error| Problem::preparing(error, to))?;
    app.gateway().run(query).await.map_err(|error| Problem::running(error, to))
}

/// One card's rows as one document.
pub(crate) async fn document(
    app: &App,
    scope: &Arc<TenantScope>,
    card: &Granted<'_, Run, Card>,
    given: Given,
) -> Result<Response, Problem> {
    let rows = run(app, card, given.parameters).await?;
    let watch = Watch::over(scope, card);
    // An answer that is in memory needs no stream and no watch over it, only one more look: it may have been waited for.
    if let Some(whole) = encode::json::ready(&rows) {
        watch.check().await?;
        return Ok((headers("application/json"), whole).into_response());
    }
    begin(watch, encode::json::document(rows), 1, "application/json", Reader::of(card)).await
}

fn headers(media: &'static str) -> [(header::HeaderName, HeaderValue); 2] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ]
}

/// One card's rows by another surface's encoder. Its first part must hold the first rows, so that what fails before them is
/// a problem.
pub(crate) async fn encoded<S>(
    app: &App,
    scope: &Arc<TenantScope>,
    card: &Granted<'_, Run, Card>,
    given: Values,
    encode: impl FnOnce(RowStream) -> S,
) -> Result<Response, Problem>
where
    S: Stream<Item = Result<Bytes, RunError>> + Send + 'static,
{
    let rows = run(app, card, given).await?;
    begin(Watch::over(scope, card), encode(rows), 1, "application/json", Reader::of(card)).await
}

/// One card's rows as a file.
pub(crate) async fn file(
    app: &App,
    scope: &Arc<TenantScope>,
    card: Granted<'_, Export, Card>,
    given: Given,
    format: FileFormat,
) -> Result<Response, Problem> {
    file_with(app, scope, card, given, format, encode::csv::Options { byte_order_mark: true }).await
}

/// The same, with choices for CSV.
pub(crate) async fn file_with(
    app: &App,
    scope: &Arc<TenantScope>,
    card: Granted<'_, Export, Card>,
    given: Given,
    format: FileFormat,
    options: encode::csv::Options,
) -> Result<Response, Problem> {
    let card = card.into_run();
    let name = file_name(&card.get().draft.name, format);
    let rows = run(app, &card, given.parameters).await?;
    let (watch, to) = (Watch::over(scope, &card), Reader::of(&card));
    let mut response = match format {
        FileFormat::Csv => {
            // The line with the names, and the first rows.
            begin(watch, encode::csv::encode(rows, options), 2, "text/csv; charset=utf-8", to).await?
        }
        FileFormat::Json => begin(watch, encode::json::document(rows), 1, "application/json", to).await?,
        FileFormat::Xlsx => {
            let sheet = encode::xlsx::encode(rows, &card.get().draft.name).await;
            let sheet = sheet.map_err(|error| Problem::running(error, to))?;
            begin(watch, sheet.into_stream(), 1, XLSX, to).await?
        }
    };
    if let Ok(value) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An attachment's header (RFC 6266): plain letters for everybody, and the real name percent-encoded.
fn file_name(name: &str, format: FileFormat) -> String {
    let ending = match format {
        FileFormat::Csv => "csv",
        FileFormat::Xlsx => "xlsx",
        FileFormat::Json => "json",
    };
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(80).collect();
    let mut encoded = String::new();
    for byte in name.bytes().take(240) {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{encoded}.{ending}")
}

/// A card of a dashboard that is to run, by the item that shows it.
pub(crate) struct Job<'s> {
    pub(crate) item: String,
    pub(crate) card: Result<Granted<'s, Run, Card>, LookupError>,
}

/// The cards of a dashboard, or those that the named items show.
pub(crate) fn jobs<'s>(
    dashboard: &Granted<'s, View, Dashboard>,
    wanted: Option<&[String]>,
) -> Result<Vec<Job<'s>>, Problem> {
    let items = dashboard.get().draft.items.iter().filter(|item| matches!(item.show, Show::Card { .. }));
    let names: Vec<String> = items.map(|item| item.id.to_string()).collect();
    if wanted.is_some_and(|wanted| !wanted.iter().all(|name| names.contains(name))) {
        return Err(Problem::missing());
    }
    let chosen = names.into_iter().filter(|name| wanted.is_none_or(|wanted| wanted.contains(name)));
    Ok(chosen.map(|item| Job { card: dashboard.item::<Run>(&item), item }).collect())
}

/// Several cards side by side: one event a line, in the order in which rows arrive.
pub(crate) async fn events(app: &App, scope: &Arc<TenantScope>, jobs: Vec<Job<'_>>, given: &Values) -> Response {
    let standings = jobs.iter().filter_map(|job| job.card.as_ref().ok()).map(Granted::standing).collect();
    let watch = Watch { scope: scope.clone(), standings };
    let prepared = jobs.into_iter().map(|job| async move {
        let query = match &job.card {
            Ok(card) => {
                let query = app.gateway().prepare(card, relevant(card, given)).await;
                query.map_err(|error| Problem::preparing(error, Reader::of(card)))
            }
            Err(error) => Err((*error).into()),
        };
        (job.item, query)
    });
    let prepared = futures_util::future::join_all(prepared).await;
    let started = prepared.into_iter().map(|(item, query)| {
        let gateway = app.gateway().clone();
        let started = async move {
            let rows = match query {
                Ok(query) => gateway.run(query).await.map_err(Problem::from),
                Err(problem) => Err(problem),
            };
            match rows {
                Ok(rows) => lines(rows, item).boxed(),
                Err(problem) => stream::once(async move { failed(&item, &problem) }).boxed(),
            }
        };
        stream::once(started).flatten().boxed()
    });
    let lines = stream::select_all(started).chain(stream::once(async { Bytes::from_static(b"{\"event\":\"end\"}\n") }));
    send(watch, lines.map(Ok), "application/x-ndjson")
}

/// A dashboard's filters that the caller gave; names that are nowhere were refused before.
fn relevant(card: &Granted<'_, Run, Card>, given: &Values) -> Values {
    given.iter().filter(|(name, _)| card.takes(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn lines(rows: gateway::RowStream, item: String) -> impl Stream<Item = Bytes> + Send {
    encode::json::events(rows, &item).map(move |line| match line {
        Ok(line) => line,
        Err(error) => failed(&item, &error.into()),
    })
}

fn failed(item: &str, problem: &Problem) -> Bytes {
    let event = serde_json::json!({ "item": item, "event": "error", "problem": problem });
    Bytes::from(format!("{event}\n"))
}

/// Waits for the first parts, so that what fails before them is told as a problem and not by breaking off the transfer.
async fn begin<S>(watch: Watch, parts: S, ahead: usize, media: &'static str, to: Reader) -> Result<Response, Problem>
where
    S: Stream<Item = Result<Bytes, RunError>> + Send + 'static,
{
    let mut parts = parts.boxed().fuse();
    let mut recheck = rechecks();
    let mut first = Vec::new();
    while first.len() < ahead {
        let part = tokio::select! {
            biased;
            _ = recheck.tick() => {
                watch.check().await?;
                continue;
            }
            part = parts.next() => part.transpose().map_err(|error| Problem::running(error, to))?,
        };
        match part {
            Some(part) => first.push(Ok(part)),
            None => break,
        }
    }
    watch.check().await?;
    Ok(send(watch, stream::iter(first).chain(parts), media))
}

fn rechecks() -> Interval {
    let mut recheck = interval_at(Instant::now() + RECHECK, RECHECK);
    recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
    recheck
}

/// Sends parts as they come, for as long as what they rest on holds.
fn send<S>(watch: Watch, parts: S, media: &'static str) -> Response
where
    S: Stream<Item = Result<Bytes, RunError>> + Send + 'static,
{
    let guarded = stream::unfold(Some((parts.boxed(), watch, rechecks(), true)), |state| async move {
        let (mut parts, watch, mut recheck, first) = state?;
        // The query may have waited and run for long before its first row.
        if first && !watch.holds().await {
            return Some((Err(Broken::Revoked), None));
        }
        loop {
            tokio::select! {
                biased;
                _ = recheck.tick() => {
                    if !watch.holds().await {
                        return Some((Err(Broken::Revoked), None));
                    }
                }
                part = parts.next() => return match part? {
                    Ok(part) => Some((Ok(part), Some((parts, watch, recheck, false)))),
                    Err(error) => Some((Err(error.into()), None)),
                },
            }
        }
    });
    (headers(media), Body::from_stream(guarded)).into_response()
}

/// A card's first columns as values with labels, for a filter's list.
pub(crate) async fn values(
    app: &App,
    card: &Granted<'_, Run, Card>,
    given: Values,
    columns: (Option<&str>, Option<&str>),
    search: Option<&str>,
) -> Result<encode::values::Values, Problem> {
    let rows = run(app, card, given).await?;
    let to = Reader::of(card);
    let values = encode::values::collect(rows, columns, search).await;
    let values = values.map_err(|error| Problem::running(error, to))?;
    // The list may have been waited for.
    check(card.scope(), &[card.standing()]).await?;
    Ok(values)
}
