//! What was made from lists: through the guard alone, by the database alone, and without either.

use std::collections::BTreeSet;

use proof::engine::Engine;
use proof::generate::{self, Made, run};
use proof::report::{self, Figures, Layer, Wrong};
use proof::trial::Trial;
use proof::worlds::Level;

async fn figures(what: &'static str, engine: Engine, level: Level, layer: Layer, made: Vec<Made>) -> Figures {
    let mut trial = Trial::new(engine, level, layer).await.unwrap();
    let figures = run::run(&mut trial, what, made).await.unwrap();
    println!("{}", report::table(std::slice::from_ref(&figures)));
    if layer != Layer::Undefended {
        println!("{}", report::findings(&figures));
    }
    figures
}

/// Of a hundred so many are let through: a guard that refuses everything proves nothing.
async fn guard_alone(what: &'static str, engine: Engine, made: Vec<Made>, percent: usize) {
    let figures = figures(what, engine, Level::GuardedRows, Layer::Guard, made).await;
    assert!(figures.findings.is_empty());
    assert!(figures.accepted * 100 > figures.items * percent, "{} accepted", figures.accepted);
}

async fn database_alone(what: &'static str, engine: Engine, made: fn(Engine) -> Vec<Made>) {
    for level in Level::of_database(engine) {
        let figures = figures(what, engine, *level, Layer::Database, made(engine)).await;
        assert!(figures.findings.is_empty());
    }
}

/// What was made has teeth: without a defence, so many of a hundred see others' rows.
async fn undefended(what: &'static str, engine: Engine, made: Vec<Made>, percent: usize) {
    let figures = figures(what, engine, Level::GuardedRows, Layer::Undefended, made).await;
    let bite = figures.findings.iter().map(|finding| &finding.id).collect::<BTreeSet<_>>().len();
    assert!(bite * 100 > figures.items * percent, "{bite} of {} bite", figures.items);
}

macro_rules! on_every_engine {
    ($($what:ident $made:path, $accepted:literal accepted, $bites:literal bite;)*) => {
        $(mod $what {
            use super::*;
            on_every_engine!(@ $what $made, $accepted, $bites, postgres Postgres);
            on_every_engine!(@ $what $made, $accepted, $bites, mariadb Mariadb);
            on_every_engine!(@ $what $made, $accepted, $bites, sqlite Sqlite);
        })*
    };
    (@ $what:ident $made:path, $accepted:literal, $bites:literal, $module:ident $engine:ident) => {
        mod $module {
            use super::*;

            #[tokio::test]
            async fn the_guard_alone_holds() {
                guard_alone(stringify!($what), Engine::$engine, $made(Engine::$engine), $accepted).await;
            }

            #[tokio::test]
            async fn the_database_alone_holds() {
                database_alone(stringify!($what), Engine::$engine, $made).await;
            }

            #[tokio::test]
            async fn without_either_they_bite() {
                undefended(stringify!($what), Engine::$engine, $made(Engine::$engine), $bites).await;
            }
        }
    };
}

on_every_engine! {
    slots generate::slots::single, 80 accepted, 50 bite;
    spelling generate::spelling::all, 20 accepted, 20 bite;
    leaky generate::leaky::some, 80 accepted, 40 bite;
}

/// A test with the guard and one without it, on every engine.
macro_rules! with_and_without {
    ($with:ident $without:ident) => {
        with_and_without!(@ $with $without, postgres Postgres);
        with_and_without!(@ $with $without, mariadb Mariadb);
        with_and_without!(@ $with $without, sqlite Sqlite);
    };
    (@ $with:ident $without:ident, $module:ident $engine:ident) => {
        mod $module {
            use super::*;

            #[tokio::test]
            async fn the_guard_alone_holds() {
                $with(Engine::$engine).await;
            }

            #[tokio::test]
            async fn without_it_they_bite() {
                $without(Engine::$engine).await;
            }
        }
    };
}

/// What is behind masks of A's own rows, by the guard alone.
mod masks {
    use super::*;
    use proof::generate::random::{self, Chance};

    /// What is shown behaves as a column of texts would.
    const PLAIN: [&str; 5] = [
        "SELECT id FROM orders WHERE secret < 5 ORDER BY id",
        "SELECT id FROM notes WHERE secret = 1012 ORDER BY id",
        "SELECT id FROM items WHERE secret < 5 ORDER BY id",
        "SELECT r.id FROM regions r WHERE r.name NOT IN (SELECT customer FROM orders) ORDER BY r.id",
        "SELECT r.id FROM regions r WHERE r.name > (SELECT min(secret) FROM items) ORDER BY r.id",
    ];

    async fn hold(engine: Engine) {
        for (what, made) in [("slots", generate::slots::single(engine)), ("leaky", generate::leaky::some(engine))] {
            let figures = figures(what, engine, Level::Masks, Layer::Guard, made).await;
            assert!(figures.findings.is_empty());
            assert!(figures.accepted * 100 > figures.items * 60, "{} accepted", figures.accepted);
        }
        let mut trial = Trial::new(engine, Level::Masks, Layer::Guard).await.unwrap();
        for sql in PLAIN {
            let answers = trial.ask(sql).await;
            assert!(answers.shared.iter().all(|answer| *answer == answers.silo), "{sql}");
        }
        let trial = Trial::apart(engine, Level::Masks, Layer::Guard).await.unwrap();
        let figures = random::run(&trial, Chance { seed: 3, first: 0, count: 2000 }, 2).await.unwrap();
        println!("{}{}", report::table(std::slice::from_ref(&figures)), report::findings(&figures));
        assert_eq!(figures.doubts().count(), 0);
        assert!(figures.accepted * 100 > figures.items * 60, "a guard that refuses everything proves nothing");
    }

    /// Others' rows are the same in all worlds: what differs without the guard was behind a mask.
    async fn bite(engine: Engine) {
        for (what, made) in [("slots", generate::slots::single(engine)), ("leaky", generate::leaky::some(engine))] {
            let figures = figures(what, engine, Level::Masks, Layer::Undefended, made).await;
            let bite = figures.count(Wrong::Differs);
            assert!(bite * 100 > figures.items * 5, "{bite} of {} bite", figures.items);
        }
    }

    with_and_without! { hold bite }
}

mod random {
    use super::*;
    use proof::generate::random::{self, Chance};

    /// What CI asks of the guard. `cargo xtask prove` asks more, from other seeds.
    const STATEMENTS: Chance = Chance { seed: 1, first: 0, count: 20_000 };

    async fn sent(engine: Engine, layer: Layer, chance: Chance) -> Figures {
        let trial = Trial::apart(engine, Level::GuardedRows, layer).await.unwrap();
        let figures = random::run(&trial, chance, 2).await.unwrap();
        println!("{}", report::table(std::slice::from_ref(&figures)));
        figures
    }

    async fn guard_alone(engine: Engine) {
        let figures = sent(engine, Layer::Guard, STATEMENTS).await;
        println!("{}{}", report::findings(&figures), report::died(&figures));
        let doubts: Vec<_> = figures.doubts().map(|finding| &finding.id).collect();
        assert!(doubts.is_empty(), "{doubts:?}");
        // Known ones are MariaDB's own ways with derived tables, and few.
        assert!(figures.findings.len() * 1000 <= figures.items * 3, "{} findings", figures.findings.len());
        assert!(figures.accepted * 100 > figures.items * 60, "a guard that refuses everything proves nothing");
        assert!(figures.errors * 10 < figures.items, "and an engine that does not understand proves as little");
    }

    async fn undefended(engine: Engine) {
        let figures = sent(engine, Layer::Undefended, Chance { count: 1000, ..STATEMENTS }).await;
        let bite = figures.findings.iter().map(|finding| &finding.id).collect::<BTreeSet<_>>().len();
        assert!(bite * 100 > figures.items * 40, "{bite} of {} bite", figures.items);
    }

    with_and_without! { guard_alone undefended }
}
