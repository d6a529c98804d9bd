//! The corpus of attacks: the guard alone, the database alone, and neither.

use proof::attack;
use proof::corpus;
use proof::engine::Engine;
use proof::report::{self, Figures, Wrong};
use proof::worlds::Level;

fn show(figures: &Figures) {
    println!("{}{}", report::table(std::slice::from_ref(figures)), report::findings(figures));
}

/// Answers that differ from a silo's, or between worlds, in something else than rows. The list may only shrink.
const KNOWN: [(&str, Wrong, &str); 7] = [
    (
        "B-MY-087",
        Wrong::Differs,
        "the column's name is the engine's text of the query, with the world's database in it",
    ),
    ("B-MY-087", Wrong::NotSilo, "the same"),
    ("B-MY-103", Wrong::NotSilo, "the guard does not tell capitals of aliases apart"),
    ("B-MY-106", Wrong::NotSilo, "nor of tables, when there is only one of the name"),
    ("B-MY-107", Wrong::NotSilo, "the same"),
    ("B-PG-048", Wrong::NotSilo, "two equal sub-queries have other places each, so the engine refuses DISTINCT ON"),
    ("B-PG-066", Wrong::NotSilo, "a row of a derived table has another type's number than a row of the table"),
];

async fn guard_alone(engine: Engine) {
    let figures = attack::through_guard(engine, &corpus::items(engine).unwrap()).await.unwrap();
    show(&figures);
    let doubts: Vec<_> = figures
        .findings
        .iter()
        .filter(|finding| !KNOWN.iter().any(|(id, wrong, _)| finding.id == *id && finding.wrong == *wrong))
        .collect();
    assert!(doubts.is_empty(), "{doubts:?}");
    assert!(figures.accepted * 4 > figures.items, "a guard that refuses everything proves nothing");
}

async fn database_alone(engine: Engine) {
    let items = corpus::items(engine).unwrap();
    for level in Level::of_database(engine) {
        let figures = attack::at_level(engine, *level, &items).await.unwrap();
        show(&figures);
        assert_eq!(figures.count(Wrong::Leak), 0, "{level:?}");
    }
}

/// The attacks have teeth: without a defence most of them see others' rows.
async fn undefended(engine: Engine) {
    let figures = attack::undefended(engine, &corpus::items(engine).unwrap()).await.unwrap();
    show(&figures);
    let bite = figures.findings.iter().map(|finding| &finding.id).collect::<std::collections::BTreeSet<_>>().len();
    assert!(bite * 2 > figures.items, "{bite} of {} attacks bite", figures.items);
}

#[tokio::test]
async fn the_guard_alone_holds_on_postgres() {
    guard_alone(Engine::Postgres).await;
}

#[tokio::test]
async fn the_guard_alone_holds_on_mariadb() {
    guard_alone(Engine::Mariadb).await;
}

#[tokio::test]
async fn the_guard_alone_holds_on_sqlite() {
    guard_alone(Engine::Sqlite).await;
}

#[tokio::test]
async fn postgres_alone_holds() {
    database_alone(Engine::Postgres).await;
}

#[tokio::test]
async fn mariadb_alone_holds() {
    database_alone(Engine::Mariadb).await;
}

#[tokio::test]
async fn sqlite_alone_holds() {
    database_alone(Engine::Sqlite).await;
}

#[tokio::test]
async fn attacks_bite_an_undefended_postgres() {
    undefended(Engine::Postgres).await;
}

#[tokio::test]
async fn attacks_bite_an_undefended_mariadb() {
    undefended(Engine::Mariadb).await;
}

#[tokio::test]
async fn attacks_bite_an_undefended_sqlite() {
    undefended(Engine::Sqlite).await;
}
