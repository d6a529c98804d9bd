//! Values of rules in the types of columns, and names of columns as the engine has them.

use query::Bind;
use serde_json::Value;
use sqlguard::ColumnKind;
use tenancy::placement::{Connection, Placement};

/// The value in the column's type; nothing when the type has no such value.
pub(super) fn in_kind(value: &Value, kind: ColumnKind) -> Option<Bind> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    match kind {
        ColumnKind::Integer => plain_integer(&text).map(Bind::Int),
        ColumnKind::Uuid if !is_uuid(&text) => None,
        // No text of PostgreSQL holds it, and the others would end there.
        ColumnKind::Text if text.contains('\0') => None,
        ColumnKind::Text | ColumnKind::Uuid | ColumnKind::Other => Some(Bind::Text(text)),
    }
}

/// `12` and `-3`, but not `012`, `+3` or ` 12`: one value has one spelling.
fn plain_integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether two names mean one column: PostgreSQL tells capitals apart, the others do not.
pub(crate) fn same_name(placement: &Placement, one: &str, other: &str) -> bool {
    match placement.connection() {
        Connection::Postgres(_) => one == other,
        Connection::Mysql(_) | Connection::Sqlite(_) => one.eq_ignore_ascii_case(other),
    }
}

#[cfg(test)]
mod tests {
    use super::in_kind;
    use query::Bind;
    use serde_json::json;
    use sqlguard::ColumnKind::{Integer, Text, Uuid};

    #[test]
    fn one_value_has_one_spelling() {
        let is = |value: serde_json::Value, kind, bind: Bind| in_kind(&value, kind).is_some_and(|found| found == bind);
        assert!(is(json!("12"), Integer, Bind::Int(12)) && is(json!(-3), Integer, Bind::Int(-3)));
        for odd in
            [json!("012"), json!("+3"), json!(" 12"), json!("12 "), json!(1.5), json!("1e3"), json!(true), json!(null)]
        {
            assert!(in_kind(&odd, Integer).is_none(), "{odd}");
        }
        assert!(is(json!(7), Text, Bind::Text("7".to_owned())));
        for none in [json!("a\0b"), json!([1]), json!({ "a": 1 }), json!(false)] {
            assert!(in_kind(&none, Text).is_none(), "{none}");
        }
        assert!(in_kind(&json!("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), Uuid).is_some());
        assert!(in_kind(&json!("a0eebc999c0b4ef8bb6d6bb9bd380a11"), Uuid).is_none());
    }
}
