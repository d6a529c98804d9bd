//! The sites in a browser: three Moodles, each with the plugin's own pages over its own database; what Chromium shows to a manager, a
//! teacher and a student, against plain SQL on that person's rows; and what it shows to somebody who edits pages, requests and tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Map, Value, json};
use tenancy::model::content::Show;

use super::base::Base;
use super::pages::Pages;
use super::rows::Who;
use super::server::Sites;
use super::three::{bases, busiest, day, people, samples, set_up};
use crate::content::library::dashboards;
use crate::stores::{Card, NOW, Seen, Store, cards, project};

/// Moodle's first administrator.
const ADMINISTRATOR: i64 = 2;

/// The rows of each card of a dashboard, by plain SQL on somebody's rows; of one course where the filter is locked.
async fn rows(store: &mut Store, dashboard: &str, period: &str, course: Option<i64>, now: i64) -> Value {
    let library: BTreeMap<String, Card> = cards().into_iter().map(|card| (card.key.clone(), card)).collect();
    let mut found = Map::new();
    for item in &dashboards()[dashboard].items {
        let Show::Card { card, .. } = &item.show else { continue };
        let mut given = vec![("period", json!(period))];
        given.extend(course.map(|course| ("course", json!([course]))));
        let statement = library[card].compile(store.engine(), &given, now);
        let rows = store.run(&statement).await.unwrap_or_else(|error| panic!("{card}: {error}"));
        let value = |seen: Seen| match seen {
            Seen::Null => Value::Null,
            Seen::Number(number) => json!(number),
            Seen::Text(text) => json!(text),
        };
        let row = |row: BTreeMap<String, Seen>| -> Value {
            row.into_iter().map(|(name, seen)| (name, value(seen))).collect::<Map<_, _>>().into()
        };
        found.insert(card.clone(), rows.into_iter().map(row).collect());
    }
    found.into()
}

/// One site: its Moodle, its people, and what each of them has to see.
async fn site(sites: &Sites, base: &Base, pages: &mut Pages, now: i64) -> Value {
    let server = format!("http://127.0.0.1:{}", sites.cloison.port());
    let made = |arguments: &[&str]| {
        let made = sites.cloison.json(arguments);
        (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    };
    let origin = pages.origin();
    let (id, secret) =
        made(&["embed-key", "create", base.slug, "--name", "Browser", "--longest-life", "600", "--origin", &origin]);
    let (_, api_key) = made(&["key", "create", base.slug, "--name", "Browser", "--allow", "dashboards:read"]);

    let everybody = people(base).await;
    let users = [ADMINISTRATOR, busiest(base, "editingteacher").await, busiest(base, "student").await];
    let (Who::Teacher(taught), Who::Student(_, enrolled)) = (&everybody[1].1, &everybody[2].1) else {
        panic!("a teacher and a student")
    };
    // A course that is not the student's.
    let all = base.numbers("SELECT id FROM {}course WHERE id > 1 ORDER BY id").await;
    let other = *all.iter().find(|course| !enrolled.contains(course)).unwrap();
    let course_of = |who: &Who| if let Who::Student(..) = who { enrolled[0] } else { taught[0] };

    let mut blocks = json!({ "my": { "shows": "learning" }, "leaders": { "shows": "overview" } });
    for course in BTreeSet::from([taught[0], enrolled[0], other]) {
        // One in a frame, the others as they are when nothing is chosen.
        let way = if course == taught[0] { "iframe" } else { "" };
        blocks[format!("course{course}")] =
            json!({ "course": course, "shows": "course", "way": way, "locks": { "lock_course": "course_id" } });
    }
    blocks["foreign"] = json!({ "course": other, "shows": "learning" });
    let offered = json!({ "learning": "everybody", "course": "everybody", "overview": "leaders" });
    let known = pages.set_up(
        base,
        json!({ "base": server, "keyid": id, "secret": secret, "apikey": api_key, "offered": offered, "blocks": blocks,
            "people": users }),
    );
    pages.serve();

    let period = format!("{}~{}", day(now - 800 * 86_400), day(now + 2 * 86_400));
    let mut seen = Vec::new();
    for ((name, who), user) in everybody.iter().zip(users) {
        let mut store = base.rows_of(&format!("seen_{name}"), who).await;
        let course = course_of(who);
        let way = if course == taught[0] { "iframe" } else { "component" };
        let mut places = vec![
            ("/my".to_owned(), "my".to_owned(), "learning", "component", None),
            (format!("/course?id={course}"), format!("course{course}"), "course", way, Some(course)),
        ];
        if matches!(who, Who::Manager) {
            places.push(("/my".to_owned(), "leaders".to_owned(), "overview", "component", None));
        }
        let mut visits = Vec::new();
        for (path, block, dashboard, way, course) in places {
            let rows = rows(&mut store, dashboard, &period, course, now).await;
            visits.push(json!({ "path": path, "block": block, "dashboard": dashboard, "way": way, "rows": rows }));
        }
        seen.push(json!({ "who": name, "user": user, "pages": visits }));
    }
    json!({ "slug": base.slug, "moodle": origin, "server": server, "key": { "id": id, "secret": secret }, "period": period,
        "blocks": known["blocks"], "teacherpage": known["pages"][1], "othercourse": other, "owncourse": enrolled[0],
        "people": seen })
}

/// Everything in one browser. The script says what it compares, and what is wrong.
fn look(sites: &Sites, plan: &Value) {
    sites.cloison.write("plan.json", &plan.to_string());
    let script = project().join("integrations/moodle/tests/browser/sites.mjs");
    let status = Command::new("node").arg(script).arg(sites.cloison.path("plan.json")).status();
    let status =
        status.expect("Node 20 is needed, and Chromium, and the packages of `web`: `cargo xtask test` installs them");
    assert!(status.success(), "what the script says above");
}

#[tokio::test]
async fn three_sites_in_a_browser_each_show_their_own_numbers() {
    let [alder, birch, cedar] = bases().await;
    for (base, site) in [&alder, &birch, &cedar].into_iter().zip(samples()) {
        base.fill(&site).await;
    }
    let bases = [alder, birch, cedar.prefixed("lms4_").await];
    let sites = Sites::new();
    drop(set_up(&sites, &bases).await);
    // What another site has: it is published to that site alone.
    sites.cloison.write("own.json", &json!({ "slug": "own", "name": "Own", "items": [] }).to_string());
    let foreign = sites.cloison.json(&["dashboard", "create", "own.json"])["id"].clone();
    sites.cloison.json(&["publish", "create", "--dashboard", "own", "--tenant", bases[1].slug]);

    let _running = sites.serve();
    let mut pages = [Pages::new(), Pages::new(), Pages::new()];
    let mut all = Vec::new();
    for (base, pages) in bases.iter().zip(&mut pages) {
        all.push(site(&sites, base, pages, NOW).await);
    }
    look(&sites, &json!({ "sites": all, "foreign": foreign }));
}
