//! The key of a result: everything that the rows depend on, and nothing that a caller could choose beside it.

use query::Bind;

use crate::scoped::ScopedQuery;

/// Identifies a result. Made from a [`ScopedQuery`] only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    pub(crate) fn of(query: &ScopedQuery) -> Self {
        let mut hash = blake3::Hasher::new_derive_key("cloison gateway result key 1");
        part(&mut hash, env!("CARGO_PKG_VERSION").as_bytes());
        part(&mut hash, query.placement.tenant().as_str().as_bytes());
        part(&mut hash, query.placement.fingerprint());
        part(&mut hash, query.statement.sql().as_bytes());
        part(&mut hash, zone(query).as_bytes());
        part(&mut hash, &query.limits.max_rows.to_le_bytes());
        part(&mut hash, &query.limits.max_bytes.to_le_bytes());
        let binds = query.statement.binds();
        part(&mut hash, &binds.len().to_le_bytes());
        for bind in binds {
            self::bind(&mut hash, bind);
        }
        Self(*hash.finalize().as_bytes())
    }
}

/// A zone's name; the description of one that has none (a fixed offset, a POSIX rule).
fn zone(query: &ScopedQuery) -> String {
    match query.timezone.iana_name() {
        Some(name) => name.to_owned(),
        None => format!("{:?}", query.timezone),
    }
}

fn part(hash: &mut blake3::Hasher, bytes: &[u8]) {
    hash.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
    hash.update(bytes);
}

fn bind(hash: &mut blake3::Hasher, bind: &Bind) {
    let mut typed = |kind: u8, bytes: &[u8]| {
        hash.update(&[kind]);
        part(hash, bytes);
    };
    match bind {
        Bind::Null => typed(0, &[]),
        Bind::Bool(value) => typed(1, &[u8::from(*value)]),
        Bind::Int(value) => typed(2, &value.to_le_bytes()),
        Bind::Float(value) => typed(3, &value.to_bits().to_le_bytes()),
        Bind::Decimal(text) => typed(4, text.as_bytes()),
        Bind::Text(text) => typed(5, text.as_bytes()),
        Bind::Date(day) => typed(6, day.to_string().as_bytes()),
        Bind::DateTime(moment) => typed(7, moment.to_string().as_bytes()),
        Bind::Timestamp(moment) => typed(8, &moment.as_nanosecond().to_le_bytes()),
    }
}
