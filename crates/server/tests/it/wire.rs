//! The server on a real socket, and clients that do not play by the rules.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::World;

/// How long a head may take here.
const HEAD: Duration = Duration::from_secs(1);

/// Sends bytes and reads until the server closes or says nothing for two seconds.
async fn talk(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may have closed before it read all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let mut part = [0; 16 * 1024];
    while let Ok(Ok(count)) = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut part)).await {
        if count == 0 {
            break;
        }
        answer.extend_from_slice(&part[..count]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of the first answer; 0 when the connection was closed without one.
fn status(answer: &str) -> u16 {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).map_or(0, |status| status.parse().unwrap())
}

async fn is_well(address: SocketAddr) {
    let start = Instant::now();
    let answer = talk(address, b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_requests_are_refused_or_closed_and_others_are_served() {
    let world = World::new().await;
    let address = world.listen(HEAD).await;
    let key = &world.alder.key;
    is_well(address).await;
    let many: String = (0..5000).map(|number| format!("x-{number}: a\r\n")).collect();
    let get = "GET /v1/tenant HTTP/1.1\r\nhost: x\r\n";
    let post = format!(
        "POST /v1/cards/orders/rows HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n"
    );
    let chunks = format!(
        "{post}transfer-encoding: chunked\r\n\r\n{}",
        format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(40)
    );
    for (name, request, expected) in [
        ("a header of 1 MB", format!("{get}x-a: {}\r\n\r\n", "a".repeat(1 << 20)), &[0, 400, 431][..]),
        ("a credential of 1 MB", format!("{get}authorization: Bearer {}\r\n\r\n", "a".repeat(1 << 20)), &[0, 400, 431]),
        ("5000 headers", format!("{get}{many}\r\n"), &[0, 400, 431]),
        (
            "an address of 1 MB",
            format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1 << 20)),
            &[0, 400, 414, 431],
        ),
        ("no HTTP", "\u{0}\u{1}\u{2}\r\n\r\n".to_owned(), &[0, 400]),
        ("a NUL in a header", format!("{get}x-a: a\u{0}b\r\n\r\n"), &[0, 400]),
        ("a bare line feed in a header's name", format!("{get}x\na: b\r\n\r\n"), &[0, 400]),
        ("two lengths", format!("{post}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"), &[0, 400]),
        ("a negative length", format!("{post}content-length: -1\r\n\r\n{{}}"), &[0, 400]),
        ("a length that is none", format!("{post}content-length: 0x2\r\n\r\n{{}}"), &[0, 400]),
        ("a length beyond 64 bits", format!("{post}content-length: 99999999999999999999\r\n\r\n{{}}"), &[0, 400]),
        ("an unknown coding", format!("{post}transfer-encoding: gzip\r\n\r\n{{}}"), &[0, 400, 411, 415, 501]),
        ("chunks without end", chunks, &[0, 413]),
        (
            "a chunk of a size that is none",
            format!("{post}transfer-encoding: chunked\r\n\r\nZZ\r\n{{}}\r\n0\r\n\r\n"),
            &[0, 400, 413],
        ),
        ("a body of 10 MB", format!("{post}content-length: {}\r\n\r\n{}", 10 << 20, "x".repeat(10 << 20)), &[0, 413]),
        (
            "a body of 10 MB from nobody",
            format!(
                "POST /v1/cards/orders/rows HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{}",
                10 << 20,
                "x".repeat(10 << 20)
            ),
            &[0, 401],
        ),
    ] {
        let answer = talk(address, request.as_bytes()).await;
        let got = status(&answer);
        assert!(expected.contains(&got), "{name}: {}", answer.chars().take(300).collect::<String>());
        assert!(
            !answer.contains("CANARY") && !answer.contains("aaaaaaaa") && !answer.contains("xxxxxxxx"),
            "{name} is repeated"
        );
        is_well(address).await;
    }
    // What stands behind a body is not a request with this one's credential.
    let behind = "GET /v1/tenant HTTP/1.1\r\nhost: x\r\n\r\n";
    let both =
        format!("{post}content-length: 4\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n{behind}");
    let answer = talk(address, both.as_bytes()).await;
    assert!(!answer.contains("alder & Sons") && !answer.contains("200 OK"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_drip_are_cut_off_and_do_not_hold_others_up() {
    let world = World::new().await;
    let address = world.listen(HEAD).await;
    let mut dripping = tokio::task::JoinSet::new();
    for _ in 0..100 {
        dripping.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let start = Instant::now();
            stream.write_all(b"GET /v1/tenant HTTP/1.1\r\nhost: x\r\n").await.unwrap();
            let mut gone = [0; 1024];
            loop {
                // A byte at a time, which must not buy more time.
                let _ = stream.write_all(b"x").await;
                match tokio::time::timeout(Duration::from_millis(100), stream.read(&mut gone)).await {
                    Ok(Ok(0) | Err(_)) => return start.elapsed(),
                    Ok(Ok(_)) | Err(_) => assert!(start.elapsed() < Duration::from_secs(20), "never cut off"),
                }
            }
        });
    }
    for _ in 0..10 {
        is_well(address).await;
    }
    let mut longest = Duration::ZERO;
    while let Some(took) = dripping.join_next().await {
        longest = longest.max(took.unwrap());
    }
    assert!(longest >= HEAD, "they were held for the time that they have");
    println!("100 dripping clients, the last cut off after {longest:?}");
}

/// A client that is still sending hears what it is told, and asks again on the same connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_for_what_is_not_offered_is_read_first() {
    let world = World::new().await;
    let address = world.listen(HEAD).await;
    for (request, expected) in [("POST /api/upload/csv", 404), ("PUT /api/table", 405)] {
        let body = "x".repeat(2 << 20);
        let again = "GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let head = format!("{request} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
        let answer = talk(address, format!("{head}{body}{again}").as_bytes()).await;
        assert_eq!(status(&answer), expected, "{request}");
        assert!(
            answer.contains("This endpoint is not offered here.") && answer.contains("{\"status\":\"ok\"}"),
            "{answer}"
        );
    }
}
