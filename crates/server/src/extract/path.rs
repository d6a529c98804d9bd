//! Path segments. What cannot be one is not there.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::de::value::{Error, SeqDeserializer, StrDeserializer};

use crate::problem::Problem;

/// Like axum's, with our answer for segments that cannot be what the route wants. Routes are served below `/t/{slug}` too:
/// that segment is not the route's own, and is read where a credential is compared with it.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let segments = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::missing())?;
        let own: Vec<&str> = segments.iter().filter(|(name, _)| *name != "slug").map(|(_, text)| text).collect();
        read(&own).map(Self).map_err(|_| Problem::missing())
    }
}

fn read<T: DeserializeOwned>(segments: &[&str]) -> Result<T, Error> {
    match segments {
        [one] => T::deserialize(StrDeserializer::new(one)),
        several => T::deserialize(SeqDeserializer::new(several.iter().copied())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::FileFormat;

    #[test]
    fn segments_are_read_by_their_number_and_their_kind() {
        assert_eq!(read::<String>(&["a"]).ok().as_deref(), Some("a"));
        assert_eq!(read::<FileFormat>(&["csv"]).ok(), Some(FileFormat::Csv));
        let pair: (String, FileFormat) = read(&["a", "xlsx"]).unwrap();
        assert_eq!(pair, ("a".to_owned(), FileFormat::Xlsx));
        assert!(read::<(String, FileFormat)>(&["a", "exe"]).is_err());
        assert!(read::<(String, String)>(&["a", "b", "c"]).is_err() && read::<(String, String)>(&["a"]).is_err());
        assert!(read::<String>(&[]).is_err());
    }
}
