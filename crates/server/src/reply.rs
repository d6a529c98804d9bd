//! Answers that are not rows.

use std::iter::once;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use tenancy::LookupError;

/// JSON that nobody else may keep.
pub(crate) fn json<T: Serialize>(body: &T) -> Response {
    ([(header::CACHE_CONTROL, "private, no-store")], axum::Json(body)).into_response()
}

/// The same with the `ETag` that an edit needs.
pub(crate) fn versioned<T: Serialize>(version: i64, body: &T) -> Response {
    tagged(version, json(body))
}

/// An answer with the `ETag` that an edit needs.
pub(crate) fn tagged(version: i64, mut response: Response) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A part of a JSON text, or why there is none.
pub(crate) type Piece = Result<Vec<u8>, LookupError>;

/// How much is sent at once, in bytes, where there is more.
const PIECE: usize = 32 * 1024;

/// JSON that nobody else may keep, in pieces that are made as they are sent: what may be large, such as the SQL of many cards, is
/// never whole in memory, however slowly it is read. A piece that cannot be made breaks the answer off, and does not end it.
pub(crate) fn pieces(pieces: impl Iterator<Item = Piece> + Send + 'static) -> Response {
    let mut rest = Some(pieces);
    let together = std::iter::from_fn(move || {
        let mut sent = Vec::new();
        while sent.len() < PIECE {
            match rest.as_mut().and_then(Iterator::next) {
                Some(Ok(more)) => sent.extend(more),
                Some(Err(error)) => {
                    rest = None;
                    return Some(Err(error));
                }
                None => break,
            }
        }
        (!sent.is_empty()).then_some(Ok(sent))
    });
    let headers = [(header::CACHE_CONTROL, "private, no-store"), (header::CONTENT_TYPE, "application/json")];
    (headers, Body::from_stream(stream::iter(together))).into_response()
}

/// The members of a JSON list with its brackets.
pub(crate) fn listed<T: Serialize>(
    members: impl Iterator<Item = Result<T, LookupError>> + Send + 'static,
) -> impl Iterator<Item = Piece> + Send + 'static {
    let member = |(place, member): (usize, Result<T, LookupError>)| {
        let mut piece = if place == 0 { Vec::new() } else { vec![b','] };
        // Writing to memory does not fail, nor do structs of texts and numbers.
        member.map(|member| serde_json::to_writer(&mut piece, &member).unwrap_or_default())?;
        Ok(piece)
    };
    let (opens, closes) = (Ok(vec![b'[']), Ok(vec![b']']));
    once(opens).chain(members.enumerate().map(member)).chain(once(closes))
}

/// The object `frame` with more fields behind its own, each a text's name and its pieces.
pub(crate) fn framed(
    frame: &impl Serialize,
    fields: Vec<(&'static str, Box<dyn Iterator<Item = Piece> + Send>)>,
) -> impl Iterator<Item = Piece> + Send + 'static {
    let mut head = serde_json::to_vec(frame).unwrap_or_default();
    let closes = head.pop();
    let field = |(name, pieces): (&'static str, Box<dyn Iterator<Item = Piece> + Send>)| {
        once(Ok(format!(",\"{name}\":").into_bytes())).chain(pieces)
    };
    once(Ok(head)).chain(fields.into_iter().flat_map(field)).chain(closes.map(|end| Ok(vec![end])))
}

/// Done, and nothing to say.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::{StreamExt, TryStreamExt};

    use super::*;

    #[tokio::test]
    async fn a_list_is_made_as_it_is_read() {
        let made = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&made);
        let members = (0..100).map(move |number| {
            counts.fetch_add(1, Ordering::Relaxed);
            Ok(format!("{number}{}", "x".repeat(PIECE / 4)))
        });
        let frame = serde_json::json!({ "a": 1 });
        let fields: Vec<(_, Box<dyn Iterator<Item = Piece> + Send>)> = vec![("list", Box::new(listed(members)))];
        let mut body = pieces(framed(&frame, fields)).into_body().into_data_stream();
        let first = body.next().await.unwrap().unwrap();
        assert!(made.load(Ordering::Relaxed) < 6 && first.len() < PIECE * 2);
        let rest: Vec<_> = body.try_collect().await.unwrap();
        let whole = [vec![first], rest].concat().concat();
        let whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
        assert_eq!((&whole["a"], whole["list"].as_array().unwrap().len()), (&frame["a"], 100));
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_made_does_not_end() {
        let members = [Ok("one"), Err(LookupError::Missing)].into_iter();
        let sent: Vec<_> = pieces(listed(members)).into_body().into_data_stream().collect().await;
        assert!(sent.last().unwrap().is_err());
        let none = pieces(listed(std::iter::empty::<Result<u8, _>>())).into_body().into_data_stream();
        assert_eq!(none.try_collect::<Vec<_>>().await.unwrap().concat(), b"[]");
    }
}
