//! The library's cards on the sample sites: one SQL text, three engines, the same numbers.

use std::collections::{BTreeMap, BTreeSet};

use cloison::sample::{Cell, Site, Spec, Table, write_sql, write_sqlite};
use mysql_async::prelude::Queryable as _;
use query::Engine;
use serde_json::{Value, json};
use testkit::servers::{Mariadb, Postgres};

use crate::stores::{NOW, Row, Seen, Store, cards};

/// What viewers choose: nothing, a period, some courses, all that there is, a cohort.
fn choices() -> Vec<Vec<(&'static str, Value)>> {
    let period = || ("period", json!("2026-04-01~2026-05-31"));
    vec![
        vec![],
        vec![period()],
        vec![("course", json!([3]))],
        vec![("period", json!("past30days~")), ("course", json!([2, 4, 5])), ("cohort", json!([2]))],
        // A Saturday.
        vec![("period", json!("2026-06-13~2026-06-13"))],
        vec![("period", json!("~2026-03-31"))],
        // One that is not there: nobody.
        vec![("cohort", json!([99]))],
    ]
}

struct World {
    site: Site,
    stores: [Store; 3],
    // They keep the servers and the file.
    _servers: (Postgres, Mariadb, tempfile::TempDir),
}

async fn world(spec: Spec) -> World {
    let site = Site::generate(&spec, NOW);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.sqlite");
    write_sqlite(&site, &file, |_, _| ()).unwrap();
    let (postgres, mariadb) = tokio::try_join!(Postgres::shared(), Mariadb::shared()).unwrap();

    let script = |engine| {
        let mut statements = Vec::new();
        write_sql(&site, engine, |statement| statements.push(statement.to_owned()));
        statements
    };
    let database = postgres.create_database(site.spec.key).await.unwrap();
    let client = postgres.admin(&database).await.unwrap();
    client.batch_execute(&script(Engine::Postgres).join(";")).await.unwrap();
    let database = mariadb.create_database(site.spec.key).await.unwrap();
    let mut connection = mariadb.admin(&database).await.unwrap();
    for statement in script(Engine::Mysql) {
        connection.query_drop(statement).await.unwrap();
    }

    let sqlite = rusqlite::Connection::open(&file).unwrap();
    let stores = [Store::Sqlite(sqlite), Store::Postgres(client), Store::Mariadb(connection)];
    World { site, stores, _servers: (postgres, mariadb, folder) }
}

/// Runs every card with every choice on the three engines; returns the answers without a choice.
async fn agree(world: &mut World) -> BTreeMap<String, Vec<Row>> {
    let mut plain = BTreeMap::new();
    for card in cards() {
        let mut answers = Vec::new();
        for given in choices() {
            let mut first: Option<Vec<Row>> = None;
            for store in &mut world.stores {
                let statement = card.compile(store.engine(), &given, NOW);
                let place = format!("{} on {:?} for {}", card.key, store.engine(), world.site.spec.key);
                let rows = store.run(&statement).await.unwrap_or_else(|error| panic!("{place}: {error}"));
                match &first {
                    None => first = Some(rows),
                    Some(expected) => assert_same(expected, &rows, &format!("{place} with {given:?}")),
                }
            }
            answers.push(first.unwrap());
        }
        assert!(!answers[0].is_empty(), "{} says nothing about {}", card.key, world.site.spec.key);
        assert_shown(&card.visualization, &answers[0][0], &card.key);
        for (parameter, with) in [("period", [1, 4]), ("course", [2, 3]), ("cohort", [6, 6])] {
            let makes_a_difference = with.iter().any(|choice| answers[*choice] != answers[0]);
            assert!(makes_a_difference || !card.has(parameter), "{parameter} makes no difference to {}", card.key);
        }
        plain.insert(card.key, answers.swap_remove(0));
    }
    plain
}

fn assert_same(expected: &[Row], rows: &[Row], place: &str) {
    assert_eq!(expected.len(), rows.len(), "{place}: number of rows");
    for (number, (left, right)) in expected.iter().zip(rows).enumerate() {
        assert_eq!(left, right, "{place}: row {number}");
    }
}

/// Every column that the visualization names is in the answer.
fn assert_shown(visualization: &Value, row: &Row, key: &str) {
    let names = |field: &str| visualization[field].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let mut named: BTreeSet<String> = names("labels").chain(names("formats")).collect();
    named.extend(["x", "series"].iter().filter_map(|field| visualization[field].as_str()).map(str::to_owned));
    named.extend(visualization["y"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    for name in named {
        assert!(row.contains_key(&name), "{key} has no column {name}");
    }
}

#[tokio::test]
async fn alder_has_the_same_numbers_on_every_engine() {
    let mut world = world(Spec::alder()).await;
    let answers = agree(&mut world).await;
    assert_right(&world.site, &answers);
}

#[tokio::test]
async fn birch_has_the_same_numbers_on_every_engine() {
    let mut world = world(Spec::birch()).await;
    let answers = agree(&mut world).await;
    assert_right(&world.site, &answers);
}

#[tokio::test]
async fn cedar_has_the_same_numbers_on_every_engine() {
    let mut world = world(Spec::cedar()).await;
    let answers = agree(&mut world).await;
    assert_right(&world.site, &answers);
}

/// Numbers counted here, from the rows in memory, without SQL.
fn assert_right(site: &Site, answers: &BTreeMap<String, Vec<Row>>) {
    let users = Rows(site.table("mdl_user").unwrap());
    let who = |flag: &str| -> BTreeSet<i64> {
        users.all().filter(|row| row(flag) > Some(0)).filter_map(|row| row("id")).collect()
    };
    let deleted = who("deleted");
    let gone: BTreeSet<i64> = deleted.union(&who("suspended")).copied().collect();
    let completions = Rows(site.table("mdl_course_completions").unwrap());
    let counted: Vec<_> = completions.all().filter(|row| !gone.contains(&row("userid").unwrap())).collect();
    let completed = counted.iter().filter(|row| row("timecompleted").is_some()).count();
    let per_thousand = 1000.0 * float(completed) / float(counted.len());
    assert_eq!(number(answers, "completion-rate", "completion_pct"), per_thousand.round() / 10.0);

    let of_course = |course: i64| counted.iter().filter(|row| row("course") == Some(course)).count();
    let mut enrolled: Vec<f64> = answers["completion-by-course"]
        .iter()
        .map(|row| if let Seen::Number(n) = row["enrolled"] { n } else { -1.0 })
        .collect();
    let mut expected: Vec<f64> = (2..).map(of_course).take(enrolled.len()).map(float).collect();
    enrolled.sort_by(f64::total_cmp);
    expected.sort_by(f64::total_cmp);
    assert_eq!(enrolled, expected);

    let log = Rows(site.table("mdl_logstore_standard_log").unwrap());
    let mut days: BTreeMap<i64, (BTreeSet<i64>, usize)> = BTreeMap::new();
    for row in log.all() {
        let time = row("timecreated").unwrap();
        let (people, events) = days.entry(time - time % 86_400).or_default();
        people.insert(row("userid").unwrap());
        *events += 1;
    }
    let expected: Vec<Row> = days
        .into_iter()
        .map(|(day, (people, events))| {
            let day = Seen::Number(float(usize::try_from(day).unwrap()));
            let (people, events) = (Seen::Number(float(people.len())), Seen::Number(float(events)));
            Row::from([("day_utc".into(), day), ("active_users".into(), people), ("events".into(), events)])
        })
        .collect();
    assert_same(&expected, &answers["active-users-by-day"], "active users, counted by hand");

    let totals: BTreeSet<i64> = site
        .table("mdl_grade_items")
        .unwrap()
        .rows()
        .filter(|row| row.contains(&Cell::Word("course")))
        .filter_map(|row| if let Cell::Int(id) = row[0] { Some(id) } else { None })
        .collect();
    let grades = Rows(site.table("mdl_grade_grades").unwrap());
    let mut bands = [0_usize; 10];
    let counts = |user: i64, item: i64| totals.contains(&item) && !deleted.contains(&user);
    for row in grades.all().filter(|row| counts(row("userid").unwrap(), row("itemid").unwrap())) {
        if let Some(grade) = row("finalgrade") {
            bands[usize::try_from(grade / 1_000_000).unwrap().min(9)] += 1;
        }
    }
    let shown: Vec<&Seen> = answers["grade-distribution"].iter().map(|row| &row["learners"]).collect();
    assert_eq!(shown, bands.map(|count| Seen::Number(float(count))).iter().collect::<Vec<_>>());
}

/// The whole numbers of a table by column; a decimal is in its hundred thousandths.
struct Rows<'t>(&'t Table);

impl Rows<'_> {
    fn all(&self) -> impl Iterator<Item = impl Fn(&str) -> Option<i64>> {
        self.0.rows().map(move |row| {
            move |name: &str| {
                let place = self.0.columns.iter().position(|column| column.name == name).unwrap();
                match row[place] {
                    Cell::Int(value) | Cell::Decimal(value) => Some(value),
                    _ => None,
                }
            }
        })
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn number(answers: &BTreeMap<String, Vec<Row>>, card: &str, column: &str) -> f64 {
    let Seen::Number(number) = answers[card][0][column] else { panic!("{card} has no number {column}") };
    number
}
