//! Clients over real sockets: each keeps one connection and sends its next request when it has the last answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// One request to repeat.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) body: String,
}

/// What a run of requests showed.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    pub(crate) answered: u64,
    pub(crate) failed: u64,
    /// Times of the answers in milliseconds, sorted.
    pub(crate) times: Vec<f64>,
    pub(crate) bytes: usize,
}

impl Measured {
    pub(crate) fn rate(&self) -> f64 {
        self.answered as f64 / self.seconds
    }

    pub(crate) fn percentile(&self, part: f64) -> f64 {
        let place = ((self.times.len() as f64 - 1.0) * part).round().max(0.0) as usize;
        self.times.get(place).copied().unwrap_or(f64::NAN)
    }
}

/// Sends requests with some clients for a while; `next` chooses each request.
pub(crate) async fn run(
    address: SocketAddr,
    clients: usize,
    length: Duration,
    next: Arc<dyn Fn(u64) -> Target + Send + Sync>,
) -> Result<Measured> {
    let start = Instant::now();
    let tasks: Vec<_> =
        (0..clients).map(|client| tokio::spawn(one(address, client as u64, start + length, next.clone()))).collect();
    let mut all = Measured::default();
    for task in tasks {
        let part = task.await??;
        all.answered += part.answered;
        all.failed += part.failed;
        all.bytes = all.bytes.max(part.bytes);
        all.times.extend(part.times);
    }
    all.seconds = start.elapsed().as_secs_f64();
    all.times.sort_by(f64::total_cmp);
    Ok(all)
}

async fn one(
    address: SocketAddr,
    client: u64,
    end: Instant,
    next: Arc<dyn Fn(u64) -> Target + Send + Sync>,
) -> Result<Measured> {
    let mut sender = connect(address).await?;
    let mut measured = Measured::default();
    let mut number = client << 32;
    while Instant::now() < end {
        number += 1;
        let target = next(number);
        let request = Request::post(&target.path)
            .header("host", "bench")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", target.key))
            .body(Full::new(Bytes::from(target.body)))?;
        let sent = Instant::now();
        let response = sender.send_request(request).await.context("no answer")?;
        let status = response.status();
        let body = response.into_body().collect().await.context("an answer broke off")?.to_bytes();
        measured.times.push(sent.elapsed().as_secs_f64() * 1000.0);
        measured.bytes = body.len();
        *(if status == StatusCode::OK { &mut measured.answered } else { &mut measured.failed }) += 1;
    }
    Ok(measured)
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// The middle of some numbers.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
