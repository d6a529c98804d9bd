//! IOMAD: companies in one site's database, each a tenant by a row rule. People and courses may be in several of them.

use cloison::sample::{Site, Spec};

use super::base::{Base, dump};
use super::rows::Who;
use super::server::{Key, Sites};
use super::three::compare;
use crate::stores::NOW;

const COMPANIES: [(&str, i64); 3] = [("care", 1), ("steel", 2), ("finance", 3)];

/// Every third person in each; some in two, one suspended; courses 2 and 3 are shared, the others are one company's.
fn companies() -> String {
    let mut script = String::from(
        "CREATE TABLE mdl_company (id bigint PRIMARY KEY, name varchar(50));
         CREATE TABLE mdl_company_users (id bigint PRIMARY KEY, companyid bigint, userid bigint, managertype bigint, suspended bigint);
         CREATE TABLE mdl_company_course (id bigint PRIMARY KEY, companyid bigint, courseid bigint);\n",
    );
    let mut id = 0;
    let mut add = |table: &str, values: String| {
        id += 1;
        script.push_str(&format!("INSERT INTO mdl_{table} VALUES ({id}, {values});\n"));
    };
    for (name, _) in COMPANIES {
        add("company", format!("'{name}'"));
    }
    for user in 3..110 {
        let company = user % 3 + 1;
        // One left: the company keeps the row.
        add("company_users", format!("{company}, {user}, 0, {}", i64::from(user == 30)));
        if user % 10 == 0 {
            add("company_users", format!("{}, {user}, 0, 0", company % 3 + 1));
        }
    }
    for course in 2..10 {
        let shared = course <= 3;
        for (_, company) in COMPANIES {
            if shared || course % 3 + 1 == company {
                add("company_course", format!("{company}, {course}"));
            }
        }
    }
    script
}

/// One login, one placement template; a company is told by an attribute of its tenant.
async fn set_up(sites: &Sites, base: &Base, names: &[(&str, i64)]) -> Vec<Key> {
    base.views(true).await;
    let login = format!("{}_reader", base.database);
    let mut options = sites.place(base, &login);
    options.extend(["--level", "guarded-rows", "--row-key", "{attributes.company_id}"].map(str::to_owned));
    if base.place == "reports" {
        options.extend(["--schema", "reports"].map(str::to_owned));
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    sites.cloison.json(&[&["source", "create", "lms"], options.as_slice()].concat());
    sites.publish(&["--iomad"]);
    let tenant = |(name, id): &(&str, i64)| sites.tenant(name, &["--attribute", &format!("company_id={id}")]);
    let keys = names.iter().map(tenant).collect();
    sites.set_up(names[0].0, base);
    keys
}

async fn everybody(sites: &Sites, base: &Base, names: &[(&str, i64)], keys: &[Key], now: i64) {
    for ((name, company), key) in names.iter().zip(keys) {
        let courses = "SELECT k.courseid FROM mdl_company_course k WHERE k.companyid = ";
        let taught = base.numbers(&format!("{courses}{company} ORDER BY 1 LIMIT 2")).await;
        for (kind, who) in [("all", Who::Company(*company)), ("teacher", Who::CompanyTeacher(*company, taught))] {
            let mut store = base.rows_of(&format!("{name}_{kind}"), &who).await;
            let rows = compare(sites, key, &who, &mut store, &format!("{name} {kind}"), now, false).await;
            // What says nothing proves nothing; a teacher's courses may have nobody in them.
            for card in ["completion-by-course", "active-users-by-day", "enrolments-over-time", "quiz-difficulty"] {
                assert!(kind == "teacher" || rows[card] > 0, "{name} {kind}: {card} says nothing");
            }
            assert!(rows.values().sum::<usize>() > 30, "{name} {kind}: {rows:?}");
        }
    }
}

async fn sample(base: Base) {
    base.fill(&Site::generate(&Spec::cedar(), NOW)).await;
    base.execute(&companies()).await;
    let sites = Sites::new();
    let names = &COMPANIES[..2];
    let keys = set_up(&sites, &base, names).await;
    let _running = sites.serve();
    everybody(&sites, &base, names, &keys, NOW).await;
}

#[tokio::test]
async fn companies_on_mariadb_see_their_own_people_in_their_own_courses() {
    sample(Base::mariadb("iomad").await).await;
}

#[tokio::test]
async fn companies_on_postgresql_see_their_own_people_in_their_own_courses() {
    sample(Base::postgres("iomad").await).await;
}

#[tokio::test]
async fn companies_of_a_real_site_see_their_own_people_in_their_own_courses() {
    let Some(dump) = dump("birch") else { return };
    let base = Base::mariadb("iomad").await;
    base.load(&dump).await;
    let names = [("care", 1), ("engineering", 2)];
    let sites = Sites::new();
    let keys = set_up(&sites, &base, &names).await;
    let _running = sites.serve();
    everybody(&sites, &base, &names, &keys, 1_795_478_400).await;
}
