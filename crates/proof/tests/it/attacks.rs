//! The corpus of attacks: the guard alone, the database alone, and neither.

use proof::attack;
use proof::corpus;
use proof::engine::Engine;
use proof::report::{self, Figures, Wrong};
use proof::worlds::Level;

fn show(figures: &Figures) {
    println!("{}{}", report::table(std::slice::from_ref(figures)), report::findings(figures));
}

async fn guard_alone(engine: Engine) {
    let figures = attack::through_guard(engine, &corpus::items(engine).unwrap()).await.unwrap();
    show(&figures);
    assert!(figures.findings.is_empty());
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
