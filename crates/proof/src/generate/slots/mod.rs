//! A sub-query that reads others' secrets, at every place of the grammar where an expression or a query may stand; and
//! in each of these places a statement that has one in another.

mod common;
mod mariadb;
mod postgres;
mod sqlite;

use super::{HELD, Held, Made};
use crate::corpus::Expect;
use crate::engine::Engine;

/// A statement with a hole. It gives one column, `x`.
///
/// `{n}` is a hole for a number, `{t}` for a text, `{b}` for a condition, `{q}` for a query in brackets that gives one
/// column `x` of texts.
#[derive(Clone, Copy)]
struct Slot {
    name: &'static str,
    sql: &'static str,
}

const fn slot(name: &'static str, sql: &'static str) -> Slot {
    Slot { name, sql }
}

/// All slots of an engine.
fn slots(engine: Engine) -> Vec<Slot> {
    let own: &[Slot] = match engine {
        Engine::Postgres => postgres::SLOTS,
        Engine::Mariadb => mariadb::SLOTS,
        Engine::Sqlite => sqlite::SLOTS,
    };
    common::SLOTS.iter().chain(own).copied().collect()
}

/// Each slot with each table in it.
pub fn single(engine: Engine) -> Vec<Made> {
    let mut all = Vec::new();
    for slot in slots(engine) {
        for table in HELD {
            let id = format!("slot:{}:{}", slot.name, table.name);
            all.push(Made { id, sql: fill(slot, &reading(table)), expect: expected(&[slot]) });
        }
    }
    all
}

/// Each slot with each slot in it; the tables take turns.
pub fn pairs(engine: Engine) -> Vec<Made> {
    let mut all = Vec::new();
    let slots = slots(engine);
    for outer in &slots {
        for (inner, table) in slots.iter().zip(HELD.iter().cycle().skip(all.len() % HELD.len())) {
            let inside = fill(*inner, &reading(*table));
            let holes = Holes {
                // Texts become numbers by their length, numbers texts by a cast: what a slot gives is not said.
                number: format!("(SELECT max(length({})) FROM ({inside}) z)", text(engine)),
                text: format!("(SELECT max({}) FROM ({inside}) z)", text(engine)),
                condition: format!("(SELECT max(length({})) FROM ({inside}) z) > 2", text(engine)),
                query: format!("(SELECT {} AS x FROM ({inside}) z)", text(engine)),
            };
            let id = format!("slots:{}:{}:{}", outer.name, inner.name, table.name);
            all.push(Made { id, sql: fill(*outer, &holes), expect: expected(&[*outer, *inner]) });
        }
    }
    all
}

/// Two equal sub-queries have places of their own each, so PostgreSQL does not see that they are the same expression.
fn expected(slots: &[Slot]) -> Expect {
    if slots.iter().any(|slot| slot.name == "distinct-on") { Expect::NoLeak } else { Expect::EqOrReject }
}

const fn text(engine: Engine) -> &'static str {
    match engine {
        Engine::Mariadb => "CAST(z.x AS char)",
        Engine::Postgres | Engine::Sqlite => "CAST(z.x AS text)",
    }
}

/// What stands in the holes.
struct Holes {
    number: String,
    text: String,
    condition: String,
    query: String,
}

fn reading(Held { name, number, .. }: Held) -> Holes {
    Holes {
        number: format!("(SELECT count(*) FROM {name})"),
        text: format!("(SELECT max(secret) FROM {name})"),
        condition: format!("EXISTS (SELECT 1 FROM {name} WHERE {number} > 700)"),
        query: format!("(SELECT secret AS x FROM {name})"),
    }
}

fn fill(slot: Slot, holes: &Holes) -> String {
    // One at a time, and never in what was filled in.
    let (mut sql, mut rest) = (String::new(), slot.sql);
    while let Some(at) = rest.find('{') {
        let (before, hole) = rest.split_at(at);
        sql.push_str(before);
        let value = match hole.get(..3) {
            Some("{n}") => &holes.number,
            Some("{t}") => &holes.text,
            Some("{b}") => &holes.condition,
            Some("{q}") => &holes.query,
            _ => {
                sql.push('{');
                rest = hole.get(1..).unwrap_or_default();
                continue;
            }
        };
        sql.push_str(value);
        rest = hole.get(3..).unwrap_or_default();
    }
    sql.push_str(rest);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_a_hole_and_a_name_of_its_own() {
        for engine in Engine::ALL {
            let mut names = std::collections::BTreeSet::new();
            for slot in slots(engine) {
                assert!(["{n}", "{t}", "{b}", "{q}"].iter().any(|hole| slot.sql.contains(hole)), "{}", slot.name);
                assert!(names.insert(slot.name), "{}", slot.name);
                let holes = reading(HELD[0]);
                assert!(!fill(slot, &holes).contains("{n}"));
            }
        }
    }
}
