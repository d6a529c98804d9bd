//! What a planner chooses is told apart from what depends on others' rows.

use std::collections::BTreeSet;

use proof::answer::Answer;
use proof::corpus::Expect;
use proof::engine::Engine;
use proof::judge::{Sent, judge};
use proof::plans;
use proof::report::{Figures, Layer, Wrong};
use proof::trial::Trial;
use proof::worlds::Level;

/// Sends it, and gives what was found.
async fn asked(trial: &mut Trial, sql: &str) -> Figures {
    let mut figures = Figures::new("attacks", trial.engine, trial.level.name(), trial.layer);
    let answers = trial.ask(sql).await;
    let sent = Sent { id: "x", sql, expect: Expect::EqOrReject };
    judge(&mut figures, sent, &answers);
    plans::explain(&mut figures, trial, sent, &answers).await.unwrap();
    figures
}

async fn every_setting_is_known(engine: Engine) {
    let trial = Trial::new(engine, Level::GuardedRows, Layer::Guard).await.unwrap();
    let sql = "SELECT count(*) AS x FROM orders";
    let answer = trial.ask_alone(sql, &[]).await.unwrap();
    assert!(answer.is_rows(), "{}", answer.shown());
    assert_eq!(trial.ask_told(sql).await.unwrap().len(), 2);
    for settings in plans::settings(engine).iter().filter(|settings| settings.len() == 1) {
        let another = trial.ask_alone(sql, settings).await.unwrap();
        // A machine that is busy elsewhere may be late.
        assert!(another == answer || another == Answer::Late, "{settings:?}: {}", another.shown());
    }
}

#[tokio::test]
async fn every_setting_of_postgres_is_known() {
    every_setting_is_known(Engine::Postgres).await;
}

#[tokio::test]
async fn sqlite_can_be_told() {
    every_setting_is_known(Engine::Sqlite).await;
}

#[tokio::test]
async fn every_setting_of_mariadb_is_known() {
    every_setting_is_known(Engine::Mariadb).await;
}

/// A row of A's own makes it fail, but not by the plan that finds nothing to join it with.
const BY_PLAN: &str = "SELECT nth_value(a1.order_id, 2) OVER (PARTITION BY a4.id ORDER BY a1.id, a1.order_id, a1.qty, d3.c1, a4.id, \
    a4.order_id, a4.qty, a1.product, a1.secret, a4.product, a4.secret) AS c1, a4.id AS c2, a4.secret AS c3, a1.id AS c4 FROM items a1 \
    LEFT JOIN (SELECT a2.ticket_id AS c1 FROM notes a2 WHERE jsonb_build_object(gcd(a2.ticket_id, a2.id), 1) ? '1' GROUP BY 1) d3 \
    ON a1.order_id = d3.c1 INNER JOIN app.items a4 ON a4.product IN (SELECT DISTINCT ON (1) a10.secret AS c1 FROM tickets AS a10 \
    ORDER BY 1) WHERE a4.secret <> a1.product";

#[tokio::test]
async fn a_difference_of_plans_is_explained() {
    let mut trial = Trial::new(Engine::Postgres, Level::NativeRows, Layer::Database).await.unwrap();
    let figures = asked(&mut trial, BY_PLAN).await;
    assert_eq!(figures.doubts().count(), 0, "{:?}", figures.findings);
    // Both are answers over rows that are A's alone.
    let mut seen = BTreeSet::new();
    for settings in plans::settings(Engine::Postgres) {
        seen.insert(trial.ask_alone(BY_PLAN, settings).await.unwrap().is_rows());
        if seen.len() == 2 {
            return;
        }
    }
    panic!("an example that does not depend on plans shows nothing");
}

async fn what_depends_on_others_rows_is_not(engine: Engine) {
    let mut trial = Trial::new(engine, Level::GuardedRows, Layer::Undefended).await.unwrap();
    let figures = asked(&mut trial, "SELECT count(*) AS x FROM orders").await;
    assert!(figures.count(Wrong::Differs) > 0);
    assert_eq!(figures.doubts().count(), figures.findings.len(), "{:?}", figures.findings);
    // A leak is not even tried.
    let figures = asked(&mut trial, "SELECT max(secret) AS x FROM orders").await;
    assert!(figures.doubts().any(|doubt| doubt.wrong == Wrong::Leak), "{:?}", figures.findings);
    assert!(figures.doubts().any(|doubt| doubt.wrong == Wrong::Differs), "{:?}", figures.findings);
}

#[tokio::test]
async fn what_depends_on_others_rows_is_not_of_postgres() {
    what_depends_on_others_rows_is_not(Engine::Postgres).await;
}

#[tokio::test]
async fn what_depends_on_others_rows_is_not_of_mariadb() {
    what_depends_on_others_rows_is_not(Engine::Mariadb).await;
}

#[tokio::test]
async fn what_depends_on_others_rows_is_not_of_sqlite() {
    what_depends_on_others_rows_is_not(Engine::Sqlite).await;
}
