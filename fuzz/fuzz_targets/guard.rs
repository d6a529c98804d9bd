//! Any text as a statement: a refusal, or a statement that the guard lets through once more and that reads no relation
//! without its fence.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sqlguard::{Catalogue, Column, ColumnKind, Dialect, Fence, Operand, Predicate, Relation, guard};

/// A name that no honest text holds: where it stands, a relation is read.
const TABLE: &str = "zqx_orders";

fn catalogue(dialect: Dialect) -> Catalogue {
    let column = |name: &str, kind| Column { name: name.to_owned(), kind, mask: None };
    let relation = |name: &str, fence| Relation {
        schema: "app".to_owned(),
        name: name.to_owned(),
        columns: vec![column("id", ColumnKind::Integer), column("t", ColumnKind::Text), column("secret", ColumnKind::Text)],
        fence,
    };
    let rule = Predicate::Equals { column: "t".to_owned(), value: Operand(0) };
    let relations = vec![relation(TABLE, Fence::Rows(rule)), relation("r", Fence::Open)];
    Catalogue { dialect, schema: "app".to_owned(), relations }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // Short words of the corpus stand for the table, so that mutations find it often.
    let text = text.replace("orders", TABLE);
    for (dialect, fence) in [
        (Dialect::Postgres, "OFFSET 0)"),
        (Dialect::Mysql, "LIMIT 18446744073709551615)"),
        (Dialect::Sqlite, "LIMIT (- 1))"),
    ] {
        let Ok(guarded) = guard(&text, &catalogue(dialect)) else { continue };
        let quote = if dialect == Dialect::Postgres { '"' } else { '`' };
        let relation = format!("{quote}app{quote}.{quote}{TABLE}{quote}");
        let read = guarded.sql.matches(&relation).count();
        assert!(guarded.sql.matches(fence).count() >= read, "a relation without its fence: {}", guarded.sql);
        assert!(!guarded.sql.contains(';') || text.contains(';'), "a semicolon that nobody wrote");
        assert!(!guarded.sql.contains("--") || text.contains("--") || text.contains('-'), "a comment that nobody wrote");
        assert!(!guarded.sql.contains("/*") || text.contains("/*") || text.contains('/'), "a comment that nobody wrote");
    }
});
