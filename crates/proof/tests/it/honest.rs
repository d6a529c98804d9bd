//! Honest SQL: let through, and answered as without the guard.

use proof::engine::Engine;
use proof::honest;
use proof::report;

async fn honest_on(engine: Engine) {
    let figures = honest::run(engine, None).await.unwrap();
    let table = report::table(std::slice::from_ref(&figures));
    println!("{table}{}{}", report::refusals(&figures), report::findings(&figures));
    let doubts: Vec<_> = figures.doubts().map(|finding| &finding.id).collect();
    assert!(doubts.is_empty(), "{doubts:?}");
    assert!(figures.accepted * 100 >= figures.items * 95, "{} of {} accepted", figures.accepted, figures.items);
}

#[tokio::test]
async fn honest_sql_is_answered_as_ever_on_postgres() {
    honest_on(Engine::Postgres).await;
}

#[tokio::test]
async fn honest_sql_is_answered_as_ever_on_mariadb() {
    honest_on(Engine::Mariadb).await;
}

#[tokio::test]
async fn honest_sql_is_answered_as_ever_on_sqlite() {
    honest_on(Engine::Sqlite).await;
}

#[test]
fn there_are_at_least_500_honest_statements() {
    let names = honest::names().unwrap();
    assert!(names.len() >= 500, "{}", names.len());
}
