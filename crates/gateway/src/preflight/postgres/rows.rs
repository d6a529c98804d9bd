//! Level `native-rows`: every table that the login reads shows it its own rows only.

use std::collections::BTreeMap;

use tenancy::model::rules::TableDraft;
use tenancy::placement::{Placement, Server};

use super::relations::Kind;
use super::{Finding, Outcome, Relation, none_of, signature};
use crate::connection::Connection;
use crate::error::RunError;
use crate::setup::postgres::names::home;
use crate::setup::postgres::policies::{MAPPING, POLICY, digest, mapping_mark};
use crate::setup::postgres::rule::Rule;

/// What we ask of the text of policies and views depends on the search path, so it is the same as in set-up.
pub(super) const PINNED: &str =
    "WITH pinned AS MATERIALIZED (SELECT pg_catalog.set_config('search_path', 'pg_catalog', true) AS path)";

/// A policy that lets this login read rows, with what set-up noted, and a digest of it as it is.
pub(super) struct Policy {
    name: String,
    note: String,
    is_ours: bool,
    digest: String,
}

pub(super) async fn check(
    placement: &Placement,
    server: &Server,
    relations: &[Relation],
    connection: &mut Connection,
) -> Result<Vec<Finding>, RunError> {
    let policies = policies(connection).await?;
    let signed = placement.rows().signing.is_some();
    let mut wrong = Wrong::default();
    for relation in relations {
        if relation.full_name() == MAPPING {
            wrong.table(relation, &policies, &mapping_mark());
            continue;
        }
        let declared = declared(placement, server, relation);
        if declared.is_some_and(|(_, draft)| draft.shared) {
            continue;
        }
        let probe = Rule::of_probe(server);
        let is_probe = signed && (&relation.schema, &relation.name) == (&probe.place().schema, &probe.place().name);
        let rule = declared.and_then(|(name, _)| Rule::of(placement, server, name)).or(is_probe.then_some(probe));
        match (relation.kind, rule) {
            (Kind::Table, Some(rule)) => wrong.table(relation, &policies, &rule.mark(signed)),
            (Kind::Table, None) if relation.is_partition => wrong.partitions.push(relation.full_name()),
            (Kind::Table, None) => wrong.undeclared.push(relation.full_name()),
            (Kind::View, _) if relation.has("security_invoker") => {}
            (Kind::View, _) => wrong.views.push(relation.full_name()),
            (Kind::Materialised, _) => wrong.materialised.push(relation.full_name()),
            (Kind::Sequence, _) => wrong.undeclared.push(relation.full_name()),
            // A finding of every level.
            (Kind::Foreign, _) => {}
        }
    }
    let mut findings = wrong.findings();
    findings.push(if signed {
        signature::check(placement, connection).await?
    } else {
        mapping(placement, server, relations, connection).await?
    });
    Ok(findings)
}

/// The declaration that is about a relation.
fn declared<'a>(placement: &'a Placement, server: &Server, relation: &Relation) -> Option<(&'a str, &'a TableDraft)> {
    let tables = &placement.rows().tables;
    // A dot in a name would make it another table's.
    if relation.name.contains('.') {
        return None;
    }
    let plain = (relation.schema == home(server)).then(|| tables.get_key_value(&relation.name)).flatten();
    tables.get_key_value(&relation.full_name()).or(plain).map(|(name, draft)| (name.as_str(), draft))
}

/// What is wrong, kind by kind.
#[derive(Default)]
struct Wrong {
    unforced: Vec<String>,
    altered: Vec<String>,
    others: Vec<String>,
    partitions: Vec<String>,
    undeclared: Vec<String>,
    views: Vec<String>,
    materialised: Vec<String>,
}

impl Wrong {
    /// A table that must have row security, and one policy for this login: set-up's, unchanged.
    fn table(&mut self, relation: &Relation, policies: &BTreeMap<String, Vec<Policy>>, mark: &str) {
        let name = relation.full_name();
        if relation.rows != (true, true) {
            self.unforced.push(name.clone());
        }
        let policies = policies.get(&name).map(Vec::as_slice).unwrap_or_default();
        let ours = policies.iter().find(|policy| policy.name == POLICY);
        if !ours.is_some_and(|policy| policy.is_ours && policy.note == format!("{mark}{}", policy.digest)) {
            self.altered.push(name.clone());
        }
        let others = policies.iter().filter(|policy| policy.name != POLICY);
        self.others.extend(others.map(|policy| format!("{} on {name}", policy.name)));
    }

    fn findings(self) -> Vec<Finding> {
        let stops = Outcome::StopsEverything;
        vec![
            none_of("row-security", stops, &self.unforced, "row security is enabled and forced", |what| {
                format!(
                    "{what}: row security is not both enabled and forced. ALTER TABLE … ENABLE and FORCE ROW LEVEL SECURITY"
                )
            }),
            none_of("policies", stops, &self.altered, "each table has the policy of its rule", |what| {
                format!(
                    "{what}: the policy {POLICY} is missing, was altered, or is of another rule. Run the script of set-up again"
                )
            }),
            none_of("other-policies", stops, &self.others, "no other policy lets the login read rows", |what| {
                format!(
                    "{what}: this policy lets the login read more rows. DROP it, or create it TO the roles that need it"
                )
            }),
            none_of("partitions", stops, &self.partitions, "no partition is read past its table", |what| {
                format!(
                    "the login reads the partitions {what} themselves, past the policy of their table: REVOKE SELECT from it and from PUBLIC"
                )
            }),
            none_of("undeclared-tables", stops, &self.undeclared, "the login reads declared tables only", |what| {
                format!(
                    "the login reads {what}: without a tenant rule or \"shared\" in the data source, nothing says whose the \
                     rows are. Declare them, or REVOKE SELECT from it and from PUBLIC"
                )
            }),
            none_of("views", stops, &self.views, "no view reads with somebody else's rights", |what| {
                format!(
                    "the login reads the views {what}, which read with their owners' rights: WITH (security_invoker) \
                     (PostgreSQL 15), \"shared\" in the data source when all of it is for everybody, or REVOKE SELECT"
                )
            }),
            none_of("materialised-views", stops, &self.materialised, "no materialised view", |what| {
                format!(
                    "the login reads the materialised views {what}, which know no policies: REVOKE SELECT, or declare them \"shared\""
                )
            }),
        ]
    }
}

/// Policies by relation that apply when this login reads.
async fn policies(connection: &mut Connection) -> Result<BTreeMap<String, Vec<Policy>>, RunError> {
    let text = digest("pg_catalog.pg_get_expr(p.polqual, p.polrelid)");
    let sql = format!(
        "{PINNED} SELECT n.nspname || '.' || c.relname, p.polname::text, \
         coalesce(pg_catalog.obj_description(p.oid, 'pg_policy'), ''), \
         (p.polcmd = 'r' AND p.polroles = ARRAY[0::oid])::text, \
         CASE WHEN (SELECT path FROM pinned) IS NOT NULL THEN coalesce({text}, '') END \
         FROM pg_catalog.pg_policy AS p JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE p.polpermissive AND p.polcmd IN ('r', '*') AND EXISTS (SELECT FROM pg_catalog.unnest(p.polroles) AS role (oid) \
           WHERE role.oid = 0 OR pg_catalog.pg_has_role(session_user, role.oid, 'MEMBER')) ORDER BY 1, 2"
    );
    let answer = connection.ask(&sql, Vec::new()).await?;
    let mut policies: BTreeMap<String, Vec<Policy>> = BTreeMap::new();
    for row in 0..answer.rows.len() {
        let text = |column| answer.text(row, column).map(str::to_owned).ok_or(RunError::Malformed);
        let policy = Policy { name: text(1)?, note: text(2)?, is_ours: text(3)? == "true", digest: text(4)? };
        policies.entry(text(0)?).or_default().push(policy);
    }
    Ok(policies)
}

/// Whether the login is noted as this tenant.
pub(super) async fn mapping(
    placement: &Placement,
    server: &Server,
    relations: &[Relation],
    connection: &mut Connection,
) -> Result<Finding, RunError> {
    let stops = |message: String| Finding::fails("mapping", Outcome::StopsEverything, message);
    if !relations.iter().any(|relation| relation.full_name() == MAPPING) {
        return Ok(stops(format!("{MAPPING} is not there, or the login may not read it. Run the script of set-up")));
    }
    // All of it: a login that sees other lines than its own stands before an open wall.
    let answer = connection.ask("SELECT login::text, row_key FROM cloison.tenant LIMIT 2", Vec::new()).await?;
    let (user, key) = (server.user.as_str(), placement.rows().key.as_str());
    Ok(match (answer.rows.len(), answer.text(0, 0), answer.text(0, 1)) {
        (1, Some(login), Some(found)) if login == user && found == key => {
            Finding::holds("mapping", format!("{user} is noted as the tenant with key {key:?}"))
        }
        (1, Some(login), Some(found)) if login == user => stops(format!(
            "{MAPPING} says that {user} is the tenant with key {found:?}, and the placement says {key:?}: correct one of them"
        )),
        (0, ..) => stops(format!("{MAPPING} has no line for {user}. Run the script of set-up for this tenant")),
        _ => stops(format!("{user} sees other lines of {MAPPING} than its own. Run the script of set-up again")),
    })
}
