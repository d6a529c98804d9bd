//! Expressions as texts with holes: `{i}` for a whole number, `{n}` for any number, `{t}` for a text, `{b}` for a
//! condition.

mod mariadb;
mod postgres;
mod sqlite;

use std::sync::LazyLock;

use crate::engine::Engine;
use crate::generate::tree::Type;

/// An expression with holes.
#[derive(Clone, Copy)]
pub(super) struct Template {
    /// What it gives.
    pub(super) gives: Type,
    pub(super) text: &'static str,
}

const fn int(text: &'static str) -> Template {
    Template { gives: Type::Int, text }
}

const fn num(text: &'static str) -> Template {
    Template { gives: Type::Num, text }
}

const fn text(text: &'static str) -> Template {
    Template { gives: Type::Text, text }
}

const fn bool(text: &'static str) -> Template {
    Template { gives: Type::Bool, text }
}

/// Those that an honest author would use.
pub(super) fn honest(engine: Engine) -> &'static [Template] {
    match engine {
        Engine::Postgres => postgres::HONEST,
        Engine::Mariadb => mariadb::HONEST,
        Engine::Sqlite => sqlite::HONEST,
    }
}

/// Numbers from the text `{s}` of a secret: they fail on others' values.
pub(super) fn careful(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Postgres => postgres::CAREFUL,
        Engine::Mariadb => mariadb::CAREFUL,
        Engine::Sqlite => sqlite::CAREFUL,
    }
}

/// Over the rows of a group. What depends on the order of rows says which.
pub(super) fn aggregates(engine: Engine) -> &'static [Template] {
    match engine {
        Engine::Postgres => postgres::AGGREGATES,
        Engine::Mariadb => mariadb::AGGREGATES,
        Engine::Sqlite => sqlite::AGGREGATES,
    }
}

/// In `FROM`: the call, what stands behind its alias, a column, and what that gives.
pub(super) type Rows = (&'static str, &'static str, &'static str, Type);

/// Functions that make rows.
pub(super) const fn tables(engine: Engine) -> &'static [Rows] {
    match engine {
        Engine::Postgres => postgres::TABLES,
        Engine::Mariadb => mariadb::TABLES,
        Engine::Sqlite => sqlite::TABLES,
    }
}

/// Calls of all functions that the guard lets in, over columns (`{ci}`, `{ct}`); each was tried on values such as the
/// fixture's and fails on none of them.
pub(super) fn calls(engine: Engine) -> &'static [&'static str] {
    static CALLS: [LazyLock<Vec<&'static str>>; 3] = [
        LazyLock::new(|| include_str!("../../../../calls/postgres.txt").lines().collect()),
        LazyLock::new(|| include_str!("../../../../calls/mariadb.txt").lines().collect()),
        LazyLock::new(|| include_str!("../../../../calls/sqlite.txt").lines().collect()),
    ];
    let [postgres, mariadb, sqlite] = &CALLS;
    match engine {
        Engine::Postgres => postgres,
        Engine::Mariadb => mariadb,
        Engine::Sqlite => sqlite,
    }
}

/// What no statement may do, as expressions: the guard refuses each of them, wherever it stands.
pub(super) fn forbidden(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Postgres => postgres::FORBIDDEN,
        Engine::Mariadb => mariadb::FORBIDDEN,
        Engine::Sqlite => sqlite::FORBIDDEN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Let in and left out here: their answers depend on the moment or on chance, or no server in use has them yet.
    const LEFT_OUT: &[&str] = &[
        "random",
        "rand",
        "gen_random_uuid",
        "now",
        "statement_timestamp",
        "transaction_timestamp",
        "curdate",
        "current_date",
        "current_time",
        "current_timestamp",
        "curtime",
        "localtime",
        "localtimestamp",
        "utc_date",
        "utc_time",
        "utc_timestamp",
        "is_normalized",
    ];

    /// The names of the guard's reviewed lists, but for those of servers that are newer than what the proof runs on.
    fn reviewed(text: &str) -> Vec<&str> {
        let mut names = Vec::new();
        for list in text.split("const ").skip(1) {
            let (head, rest) = list.split_once('=').unwrap();
            let newer = ["NEWER", "UNITS"].iter().any(|word| head.contains(word));
            if let (false, Some(list)) = (newer, rest.trim().strip_prefix("names! {")) {
                names.extend(list.split_once('}').unwrap().0.split_whitespace());
            }
        }
        names
    }

    #[test]
    fn every_function_that_the_guard_lets_in_is_called() {
        for (engine, text) in [
            (Engine::Postgres, include_str!("../../../../../sqlguard/src/functions/postgres.rs")),
            (Engine::Mariadb, include_str!("../../../../../sqlguard/src/functions/mysql.rs")),
            (Engine::Sqlite, include_str!("../../../../../sqlguard/src/functions/sqlite.rs")),
        ] {
            let mut all = calls(engine).join("\n");
            for template in honest(engine).iter().chain(aggregates(engine)) {
                all += template.text;
                all += "\n";
            }
            all += &tables(engine).iter().map(|(call, ..)| *call).collect::<Vec<_>>().join("\n");
            all += &super::super::windows::calls().join("\n");
            let words: std::collections::BTreeSet<&str> =
                all.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
            let names = reviewed(text);
            assert!(names.len() >= 100, "{engine}: {}", names.len());
            let missing: Vec<_> =
                names.iter().filter(|name| !words.contains(*name) && !LEFT_OUT.contains(name)).collect();
            assert!(missing.is_empty(), "{engine}: {missing:?}");
        }
    }
}
