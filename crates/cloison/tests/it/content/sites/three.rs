//! Three sites as three tenants: two on MariaDB, one with another prefix on PostgreSQL. Each dashboard of the library, for a
//! manager, a teacher and a student of each, against plain SQL on that site's database.

use std::collections::{BTreeMap, BTreeSet};

use cloison::sample::{Site, Spec};
use serde_json::{Value, json};
use tenancy::model::content::{Item, Show};

use super::base::{Base, dump};
use super::rows::Who;
use super::server::{Given, Key, Sites, token};
use crate::content::library::dashboards;
use crate::stores::{Card, NOW, Row, Store, cards};

/// When the dumps were made.
const DUMPED: i64 = 1_795_478_400;

/// The courses of somebody with a leading role in the course, a category above it or the site: what the plugin finds.
const TAUGHT: &str = "SELECT DISTINCT c.id FROM {}role_assignments ra
    JOIN {}role r ON r.id = ra.roleid AND r.archetype IN ('editingteacher', 'teacher', 'manager')
    JOIN {}context rc ON rc.id = ra.contextid AND rc.contextlevel <> 10
    JOIN {}context cx ON cx.contextlevel = 50 AND (cx.path = rc.path OR cx.path LIKE CONCAT(rc.path, '/%'))
    JOIN {}course c ON c.id = cx.instanceid WHERE ra.userid = USER ORDER BY 1";
const ENROLLED: &str =
    "SELECT DISTINCT e.courseid FROM {}user_enrolments ue JOIN {}enrol e ON e.id = ue.enrolid AND e.status = 0
    WHERE ue.status = 0 AND ue.userid = USER ORDER BY 1";
/// Whoever has this archetype in courses with the most that was finished.
const BUSIEST: &str = "SELECT ra.userid FROM {}role_assignments ra JOIN {}role r ON r.id = ra.roleid
    JOIN {}context x ON x.id = ra.contextid AND x.contextlevel = 50 JOIN {}user u ON u.id = ra.userid AND u.deleted = 0
    AND u.suspended = 0 LEFT JOIN {}course_completions cc ON cc.course = x.instanceid AND cc.timecompleted > 0
    WHERE r.archetype = 'ARCHETYPE' GROUP BY ra.userid ORDER BY COUNT(cc.id) DESC, ra.userid LIMIT 1";

pub(super) async fn busiest(base: &Base, archetype: &str) -> i64 {
    base.numbers(&BUSIEST.replace("ARCHETYPE", archetype)).await[0]
}

/// The manager, a teacher, a student.
pub(super) async fn people(base: &Base) -> [(&'static str, Who); 3] {
    let (teacher, student) = (busiest(base, "editingteacher").await, busiest(base, "student").await);
    let of = async |sql: &str, user: i64| base.numbers(&sql.replace("USER", &user.to_string())).await;
    let (taught, enrolled) = (of(TAUGHT, teacher).await, of(ENROLLED, student).await);
    assert!(!taught.is_empty() && !enrolled.is_empty());
    [("manager", Who::Manager), ("teacher", Who::Teacher(taught)), ("student", Who::Student(student, enrolled))]
}

/// Every card of every dashboard as somebody sees it, against plain SQL on that person's rows: in each dashboard that has it
/// when `thorough`, else in one. Gives how many rows each card had.
pub(super) async fn compare(
    sites: &Sites,
    key: &Key,
    who: &Who,
    store: &mut Store,
    place: &str,
    now: i64,
    thorough: bool,
) -> BTreeMap<String, usize> {
    let library: BTreeMap<String, Card> = cards().into_iter().map(|card| (card.key.clone(), card)).collect();
    // The tenants' time zone is UTC, and these days are in all of the samples.
    let period = format!("{}~{}", day(now - 250 * 86_400), day(now));
    let mut plain: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (slug, dashboard) in dashboards() {
        let wanted = |item: &Item| match &item.show {
            Show::Card { card, .. } => {
                (thorough || !plain.contains_key(card)).then(|| (item.id.to_string(), card.clone()))
            }
            _ => None,
        };
        let items: BTreeMap<String, String> = dashboard.items.iter().filter_map(wanted).collect();
        if items.is_empty() {
            continue;
        }
        let signed = token(key, "dashboard", &slug, who, &json!({}));
        let has_period = dashboard.parameters.iter().any(|filter| filter.parameter.name == "period");
        let parameters = if has_period { json!({ "period": period }) } else { json!({}) };
        let answers = sites.run_items(&signed, &parameters, items.keys());
        for (item, card) in items {
            if !plain.contains_key(&card) {
                let statement = library[&card].compile(store.engine(), &[("period", json!(period))], now);
                let rows = store.run(&statement).await.unwrap_or_else(|error| panic!("{place} {card}: {error}"));
                plain.insert(card.clone(), rows);
            }
            let found = answers[&item].as_ref().unwrap_or_else(|code| panic!("{place} {slug} {card}: {code}"));
            assert_eq!(&plain[&card], found, "{place}: {card} in {slug}");
        }
    }
    assert!(plain.len() + 2 >= library.len(), "two cards are lists of values, the others are shown");
    plain.into_iter().map(|(card, rows)| (card, rows.len())).collect()
}

pub(super) fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().strftime("%Y-%m-%d").to_string()
}

/// The guide's way for each: views, a login, a placement, keys.
pub(super) async fn set_up(sites: &Sites, bases: &[Base]) -> Vec<Key> {
    sites.publish(&[]);
    let mut keys = Vec::new();
    for base in bases {
        base.views(false).await;
        keys.push(sites.tenant(base.slug, &[]));
        let login = format!("{}_reader", base.database);
        let mut options = sites.place(base, &login);
        if base.place == "reports" {
            options.extend(["--level", "schema", "--schema", "reports"].map(str::to_owned));
        }
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        sites.cloison.json(&[&["placement", "set", base.slug, "lms"], options.as_slice()].concat());
        sites.set_up(base.slug, base);
    }
    keys
}

async fn everybody(sites: &Sites, bases: &[Base], keys: &[Key], now: i64, thorough: bool) {
    for (base, key) in bases.iter().zip(keys) {
        for (name, who) in people(base).await {
            // A year of a large college's log: its cards are compared for the whole site in `dumps` already.
            if !thorough && base.slug == "alder" && matches!(who, Who::Manager) {
                continue;
            }
            let mut store = base.rows_of(name, &who).await;
            let place = format!("{} as {name}", base.slug);
            let rows =
                compare(sites, key, &who, &mut store, &place, now, thorough && matches!(who, Who::Manager)).await;
            // What says nothing proves nothing.
            let blank: BTreeSet<&str> =
                rows.iter().filter(|(_, rows)| **rows == 0).map(|(card, _)| card.as_str()).collect();
            let may_be_blank: BTreeSet<&str> = match who {
                Who::Student(..) => [
                    "at-risk",
                    "certificate-expiry",
                    "certificates-by-learner",
                    "completions-over-time",
                    "forum-activity",
                    "quiz-difficulty",
                    "quiz-results",
                    "teacher-activity",
                ]
                .into(),
                Who::Teacher(_) => ["certificate-expiry", "certificates-by-learner", "at-risk"].into(),
                _ => BTreeSet::new(),
            };
            assert!(blank.is_subset(&may_be_blank), "{place}: {blank:?}");
        }
    }
}

/// Sites of the same size and different rows.
pub(super) fn samples() -> [Site; 3] {
    [3, 5, 7].map(|seed| {
        let mut spec = Spec::cedar();
        spec.seed = seed;
        Site::generate(&spec, NOW)
    })
}

pub(super) async fn bases() -> [Base; 3] {
    let (alder, birch) = tokio::join!(Base::mariadb("alder"), Base::mariadb("birch"));
    [alder, birch, Base::postgres("cedar").await]
}

#[tokio::test]
async fn three_sites_each_see_their_own_numbers() {
    let [alder, birch, cedar] = bases().await;
    for (base, site) in [&alder, &birch, &cedar].into_iter().zip(samples()) {
        base.fill(&site).await;
    }
    let bases = [alder, birch, cedar.prefixed("lms4_").await];
    let sites = Sites::new();
    let keys = set_up(&sites, &bases).await;
    let _running = sites.serve();
    everybody(&sites, &bases, &keys, NOW, true).await;
    strangers(&sites, &bases, &keys).await;
}

/// A real site by itself: each takes a while, so they run side by side.
async fn real(base: Base) {
    let Some(dump) = dump(base.slug) else { return };
    base.load(&dump).await;
    let sites = Sites::new();
    let bases = [base];
    let keys = set_up(&sites, &bases).await;
    let _running = sites.serve();
    everybody(&sites, &bases, &keys, DUMPED, false).await;
}

#[tokio::test]
async fn a_real_college_on_mariadb_sees_its_own_numbers() {
    real(Base::mariadb("alder").await).await;
}

#[tokio::test]
async fn a_real_training_company_on_mariadb_sees_its_own_numbers() {
    real(Base::mariadb("birch").await).await;
}

#[tokio::test]
async fn a_real_academy_on_postgresql_sees_its_own_numbers() {
    real(Base::postgres("cedar").await).await;
}

/// Changed tokens, other sites' keys, other numbers: one answer each, which tells nothing.
async fn strangers(sites: &Sites, bases: &[Base; 3], keys: &[Key]) {
    let [_, teacher, student] = people(&bases[0]).await;
    let show = |signed: &str| sites.ask("GET", "/v1/embed", signed, "");
    let good = token(&keys[0], "dashboard", "learning", &student.1, &json!({}));
    assert_eq!(show(&good).status, 200);

    // The signature of one token under the words of another.
    let swapped = |other: &str| {
        let parts: Vec<&str> = other.split('.').collect();
        format!("{}.{}.{}", parts[0], parts[1], good.rsplit('.').next().unwrap())
    };
    let elsewhere = |who: &Who, name: &str| swapped(&token(&keys[0], "dashboard", name, who, &json!({})));
    let Who::Student(id, courses) = &student.1 else { panic!("a student") };
    let forged = [
        ("another site's secret", {
            let mixed = Key { id: keys[0].id.clone(), secret: keys[1].secret.clone() };
            token(&mixed, "dashboard", "learning", &student.1, &json!({}))
        }),
        ("a changed user", elsewhere(&Who::Student(id + 1, courses.clone()), "learning")),
        ("a changed course", elsewhere(&Who::Student(*id, vec![courses[0] + 1]), "learning")),
        ("a changed reach", elsewhere(&Who::Manager, "learning")),
        ("a teacher's words", elsewhere(&teacher.1, "learning")),
        ("a changed dashboard", elsewhere(&student.1, "overview")),
        ("a dashboard that is not there", elsewhere(&student.1, "nothere")),
    ];
    let refusals: BTreeMap<&str, _> = forged.iter().map(|(what, signed)| (*what, plain(&show(signed).body))).collect();
    let kinds: BTreeSet<String> = refusals.values().map(Value::to_string).collect();
    assert_eq!(kinds.len(), 1, "{refusals:#?}");
    assert!(forged.iter().all(|(_, signed)| show(signed).status == 401));

    // Rightly signed by a site's own key: another tenant's dashboard is one that is not there.
    let made = json!({ "slug": "own", "name": "Own", "items": [] });
    sites.cloison.write("own.json", &made.to_string());
    sites.cloison.json(&["dashboard", "create", "own.json"]);
    sites.cloison.json(&["publish", "create", "--dashboard", "own", "--tenant", "birch"]);
    let foreign = sites.cloison.json(&["dashboard", "show", "own"])["id"].as_str().unwrap().to_owned();
    let missing = |key: &Key, name: &str| show(&token(key, "dashboard", name, &student.1, &json!({})));
    let absent = "dsh_00000000000000000000000000";
    // A running server knows what another process made, within a second.
    let start = std::time::Instant::now();
    while missing(&keys[1], &foreign).status != 200 {
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "birch sees what is published to it");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (theirs, nowhere) = (missing(&keys[0], &foreign), missing(&keys[0], absent));
    assert_eq!((theirs.status, plain(&theirs.body)), (404, plain(&nowhere.body)));

    // A filter that the viewer sets: a course that is not the viewer's is one that is not there.
    let other = (2..).find(|course| !courses.contains(course)).unwrap();
    let rows = |course: i64| sites.run(&good, &json!({ "course": [course] }));
    assert_eq!(rows(other), rows(999_999));
    assert_ne!(rows(courses[0]), rows(999_999));
    // A locked one is nobody's to set.
    let locked = token(&keys[0], "dashboard", "learning", &student.1, &json!({ "course": [courses[0]] }));
    let answers = sites.run(&locked, &json!({ "course": [other] }));
    assert!(!answers.is_empty());
    let refused = |answer: &Given| *answer == Err("parameter-invalid".to_owned());
    assert!(answers.values().all(refused), "{answers:?}");
}

/// A problem without what differs from request to request.
fn plain(body: &str) -> Value {
    let mut problem: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    let fields = problem.as_object_mut().unwrap();
    fields.retain(|name, _| !name.contains("request_id") && name != "instance");
    problem
}
