//! Every operation of the API, asked by everybody, about everybody's things.
//!
//! The operations come from the OpenAPI document that the server makes of itself. What each principal is answered is in
//! `matrix.txt`: a change of it is a change of somebody's rights and is read as one. `CLOISON_MATRIX=write` writes it.
//!
//! Beside the table, for every cell: never a 5xx; what is not one's own and what does not exist are the same bytes; who
//! is nobody gets 401 with the same body everywhere; no answer holds another tenant's rows or names.

mod principals;
pub(crate) mod things;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use http::StatusCode;
use principals::{Principal, everybody};
use serde_json::json;
use things::{KINDS, Stage, Subject, Whose, mark};

use crate::world::{Operation, Reply, operations};

/// Operations that a rule does not hold for, each with its reason. The list may only become shorter.
const EXEMPT: usize = 0;

type Visible = (StatusCode, Vec<(String, String)>, Vec<u8>);

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name)
}

async fn ask(stage: &mut Stage, operation: &Operation, principal: &Principal, whose: Whose) -> Reply {
    let path = stage.path(operation, whose, principal.item());
    let body = stage.body(operation, whose);
    let credential = principal.credential(stage, whose);
    stage.world.call_as(operation, &credential, &path, body.map(|body| body.to_string()).as_deref()).await
}

/// Whether `whose` thing is, to this principal, one that is not there.
fn is_nothing_to(principal: &Principal, subject: Subject, whose: Whose) -> bool {
    match (subject, whose) {
        (Subject::Nothing, _) | (_, Whose::Absent) => false,
        _ if principal.is_nobody => true,
        // An operator has every tenant, with its keys under the tenant's own path; and of tenants' content nothing.
        (Subject::Tenant, _) if principal.is_operator => false,
        _ if principal.is_operator => whose != Whose::Own,
        // A tenant has nothing of the instance, and is told so before anything is looked for.
        (Subject::Ours(_) | Subject::Tenant, _) => true,
        _ => principal.home != Some(whose),
    }
}

/// What must not be in an answer to this principal.
fn secrets_from(principal: &Principal) -> Vec<String> {
    let tenants = [Whose::Own, Whose::Foreign, Whose::Suspended];
    let others = tenants.into_iter().filter(|whose| principal.home != Some(*whose));
    let rows = others.clone().map(|whose| format!("CANARY-{}", whose.tenant().unwrap().to_uppercase()));
    // Operators read names: in lists of keys, and in the audit log.
    let names = others.filter(|_| !principal.is_operator).map(mark);
    rows.chain(names).collect()
}

/// What one operation answered, by principal and owner.
type Row = BTreeMap<(usize, Whose), StatusCode>;

#[derive(Default)]
struct Findings {
    /// Broken rules, in words.
    broken: Vec<String>,
    /// Answers to nobodies: by principal and by whether a token is wanted.
    refusals: BTreeMap<(String, bool), BTreeSet<Vec<u8>>>,
    exempt_used: BTreeSet<String>,
    cells: usize,
    compared: usize,
    said: BTreeMap<&'static str, usize>,
}

impl Findings {
    fn look(&mut self, operation: &Operation, principal: &Principal, whose: Whose, reply: &Reply) {
        self.cells += 1;
        let cell = || format!("{} by {} about {whose:?}", operation.id, principal.name);
        if reply.status.is_server_error() || reply.broken {
            self.broken.push(format!("{}: {} {}", cell(), reply.status, reply.text()));
        }
        if principal.is_nobody {
            if reply.status != 401 {
                self.broken.push(format!("{}: {} instead of 401", cell(), reply.status));
            }
            let key = (principal.name.clone(), operation.takes == "embed_token");
            self.refusals.entry(key).or_default().insert(reply.body.clone());
        }
        let text = reply.text();
        let headers = format!("{:?}", reply.headers);
        for secret in secrets_from(principal) {
            if text.contains(&secret) || headers.contains(&secret) {
                self.broken.push(format!("{}: says {secret}", cell()));
            }
        }
        for canary in ["CANARY-ALDER", "CANARY-BIRCH", "NAMED-ALDER", "NAMED-BIRCH"] {
            if text.contains(canary) {
                *self.said.entry(canary).or_default() += 1;
            }
        }
    }

    fn compare(&mut self, exempt: &BTreeSet<String>, what: &str, operation: &str, theirs: &Visible, nothing: &Visible) {
        self.compared += 1;
        if theirs == nothing {
            return;
        }
        let rule = format!("foreign-is-absent {operation}");
        if exempt.contains(&rule) {
            self.exempt_used.insert(rule);
            return;
        }
        let text = |visible: &Visible| format!("{} {}", visible.0, String::from_utf8_lossy(&visible.2));
        self.broken.push(format!("{what}:\n    {}\n    absent: {}", text(theirs), text(nothing)));
    }
}

/// `rule operation: reason` a line.
fn exempt() -> BTreeSet<String> {
    let text = std::fs::read_to_string(file("matrix-exempt.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rules: BTreeSet<String> = lines
        .map(|line| {
            let (rule, reason) = line.split_once(": ").unwrap_or_else(|| panic!("no reason in: {line}"));
            assert!(reason.len() > 20, "a reason, in: {line}");
            rule.to_owned()
        })
        .collect();
    assert_eq!(rules.len(), EXEMPT, "the list of exemptions may only become shorter, and EXEMPT with it");
    rules
}

/// One operation's line: who gets what, about one's own things, absent ones, and others where that differs.
fn line(operation: &Operation, people: &[Principal], row: &Row) -> String {
    let columns: Vec<Whose> = Whose::ALL.into_iter().filter(|whose| row.contains_key(&(0, *whose))).collect();
    let mut text = format!("{} {}", operation.method, operation.path);
    for (name, whose) in
        [("own", Whose::Own), ("absent", Whose::Absent), ("foreign", Whose::Foreign), ("suspended", Whose::Suspended)]
    {
        if !columns.contains(&whose) {
            continue;
        }
        let is_extra = matches!(whose, Whose::Foreign | Whose::Suspended);
        let mut groups: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        for (place, principal) in people.iter().enumerate() {
            let status = row[&(place, whose)];
            if !is_extra || status != row[&(place, Whose::Absent)] {
                groups.entry(status.as_u16()).or_default().push(&principal.name);
            }
        }
        let rest = groups.iter().max_by_key(|(_, names)| names.len()).map(|(status, _)| *status);
        let mut parts = Vec::new();
        for (status, names) in &groups {
            let names = if !is_extra && Some(*status) == rest { "*".to_owned() } else { names.join(" ") };
            parts.push(format!("{status} {names}"));
        }
        if !parts.is_empty() {
            let _ = write!(text, " | {name}: {}", parts.join("; "));
        }
    }
    text
}

const HEAD: &str =
    "# Who may what: one line for each operation. Written by the test beside it (CLOISON_MATRIX=write), read by people.
# own: about alder's thing; absent: about none; foreign and suspended: only who gets another answer than about none.
# * is everybody else. token:* are alder's embed tokens, key:* alder's API keys with one action, op:* operators' keys.
";

#[tokio::test]
async fn every_operation_answers_everybody_as_the_table_says() {
    let mut stage = Stage::new().await;
    let people = everybody(&stage).await;
    let exempt = exempt();
    let (mut findings, mut table) = (Findings::default(), HEAD.to_owned());
    for operation in operations() {
        let subject = Stage::subject(&operation);
        let columns = if subject == Subject::Nothing { vec![Whose::Own] } else { Whose::ALL.to_vec() };
        let mut row = Row::new();
        for (place, principal) in people.iter().enumerate() {
            let mut nothing: Option<Visible> = None;
            for whose in &columns {
                if principal.is_operator {
                    stage.prepare(&operation, *whose).await;
                }
                let reply = ask(&mut stage, &operation, principal, *whose).await;
                findings.look(&operation, principal, *whose, &reply);
                row.insert((place, *whose), reply.status);
                if reply.status.is_success() {
                    stage.restore(&operation, *whose).await;
                }
                if *whose == Whose::Absent {
                    nothing = Some(reply.visible());
                } else if is_nothing_to(principal, subject, *whose) {
                    let what = format!("{} by {} about {whose:?}", operation.id, principal.name);
                    findings.compare(&exempt, &what, &operation.id, &reply.visible(), nothing.as_ref().unwrap());
                }
            }
        }
        table.push_str(&line(&operation, &people, &row));
        table.push('\n');
    }
    one_body_for_nobodies(&mut findings);
    println!(
        "{} operations, {} principals, {} cells, {} comparisons with absent things",
        operations().len(),
        people.len(),
        findings.cells,
        findings.compared
    );
    assert!(findings.broken.is_empty(), "{} broken rules:\n{}", findings.broken.len(), findings.broken.join("\n"));
    assert_eq!(findings.exempt_used, exempt, "what needs no exemption leaves the list");
    // A canary that nobody can see proves nothing.
    for canary in ["CANARY-ALDER", "CANARY-BIRCH", "NAMED-ALDER", "NAMED-BIRCH"] {
        assert!(findings.said.get(canary).is_some_and(|times| *times > 5), "{canary}: {:?}", findings.said);
    }
    assert!(findings.cells > 5000 && findings.compared > 2000);
    agree(&table);
}

/// Who is nobody is told the same everywhere; and all whose credential could be somebody's guess are told the same.
fn one_body_for_nobodies(findings: &mut Findings) {
    let guesses =
        ["garbage", "garbage:key", "key:revoked", "key:suspended", "op:revoked", "token:revoked", "token:suspended"];
    for is_token in [false, true] {
        let mut known = BTreeSet::new();
        for ((name, wants_token), bodies) in &findings.refusals {
            if *wants_token != is_token {
                continue;
            }
            if bodies.len() != 1 {
                let texts: Vec<_> = bodies.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect();
                findings.broken.push(format!("{name} is refused in {} ways: {texts:?}", bodies.len()));
            }
            if guesses.contains(&name.as_str()) {
                known.extend(bodies.iter().cloned());
            }
        }
        if known.len() != 1 {
            findings.broken.push(format!("refusals of guesses differ: {} bodies", known.len()));
        }
    }
}

fn agree(table: &str) {
    let path = file("matrix.txt");
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    #[expect(clippy::disallowed_methods, reason = "the test is the host here")]
    let is_asked = std::env::var_os("CLOISON_MATRIX").is_some_and(|wish| wish == "write");
    if stored.is_empty() || is_asked {
        std::fs::write(&path, table).unwrap();
        assert!(!stored.is_empty(), "matrix.txt was written anew: read it, and run this again");
        return;
    }
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (stored.lines().collect(), table.lines().collect());
    let gone: Vec<_> = before.difference(&after).map(|line| format!("- {line}")).collect();
    let come: Vec<_> = after.difference(&before).map(|line| format!("+ {line}")).collect();
    assert!(
        stored == table,
        "somebody's rights changed, or a route is new. If it is meant, run with CLOISON_MATRIX=write and commit matrix.txt.\n{}\n{}",
        gone.join("\n"),
        come.join("\n")
    );
}

/// Names that are near to a thing without being one: whoever may do everything is told that there is nothing.
#[tokio::test]
async fn no_other_spelling_finds_a_thing() {
    let mut stage = Stage::new().await;
    let world = &stage.world;
    let draft =
        json!({ "name": "all", "scopes": [{ "actions": crate::world::ALL_ACTIONS, "resources": { "all": true } }] });
    let key = world.post(&world.operator, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json();
    let key = key["secret"].as_str().unwrap().to_owned();
    let unpublished = world.get(&world.operator, "/v1/library/cards/secret").await.expect(200).json()["id"].clone();
    let mut compared = 0;
    for operation in operations().into_iter().filter(|operation| operation.takes == "api_key") {
        let Subject::Thing(kind) = Stage::subject(&operation) else { continue };
        let (own, theirs) = (stage.thing(Whose::Own, kind), stage.thing(Whose::Foreign, kind));
        let absent = stage.thing(Whose::Absent, kind).id;
        let path = stage.path(&operation, Whose::Absent, "orders");
        let body = stage.body(&operation, Whose::Absent).map(|body| body.to_string());
        let other = if kind.ends_with("cards") { "dashboards" } else { "cards" };
        let like = kind.rsplit('/').next().unwrap();
        let like = KINDS.iter().filter(|kind| kind.rsplit('/').next() == Some(like));
        let of_birch = like.map(|kind| stage.thing(Whose::Foreign, kind));
        let mut spellings = vec![
            theirs.slug.clone(),
            theirs.id.to_uppercase(),
            unpublished.as_str().unwrap().to_owned(),
            "secret".to_owned(),
            stage.thing(Whose::Own, other).id,
            stage.thing(Whose::Own, other).slug,
            stage.world.birch.id.clone(),
            stage.world.birch.key_id.clone(),
            own.id.to_uppercase(),
            own.id[..own.id.len() - 1].to_owned(),
            own.id.replacen('_', "-", 1),
            format!("{}%00", own.id),
            format!("{}%20", own.id),
            format!("{}.json", own.id),
            format!("{},{}", own.id, theirs.id),
            "1".to_owned(),
            "2".to_owned(),
            "-1".to_owned(),
            "0".to_owned(),
            "00000000-0000-0000-0000-000000000001".to_owned(),
            "%2e%2e%2fbirch".to_owned(),
            "*".to_owned(),
            "%25".to_owned(),
            "null".to_owned(),
            "a".repeat(5000),
            "%F0%9F%92%A9".to_owned(),
            "'%20OR%20'1'='1".to_owned(),
        ];
        spellings.extend(of_birch.flat_map(|thing| [thing.id, thing.slug]));
        // A tenant reads what is published to it, and never edits it.
        if operation.path.starts_with("/v1/content/") {
            spellings.extend(["orders".to_owned(), "overview".to_owned(), "shop".to_owned()]);
        }
        let nothing = stage.world.call_as(&operation, &key, &path, body.as_deref()).await;
        for spelling in spellings {
            let path = path.replace(&absent, &spelling);
            let body = body.as_deref().map(|body| body.replace(&absent, &spelling));
            let reply = stage.world.call_as(&operation, &key, &path, body.as_deref()).await;
            assert!(reply.status.is_client_error(), "{} {path} {body:?}: {}", operation.id, reply.text());
            assert_eq!(reply.visible(), nothing.visible(), "{} {path} {body:?}", operation.id);
            assert!(!reply.text().contains("BIRCH"), "{} {path} {body:?}", operation.id);
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
    println!("{compared} spellings, all answered like an absent thing");
}
