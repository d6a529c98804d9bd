//! What a PostgreSQL server needs for each level.

mod apply;
mod database;
mod login;
pub(crate) mod names;
pub(crate) mod policies;
pub(crate) mod rule;
pub(crate) mod signed;
#[cfg(test)]
mod tests;
pub(crate) mod views;

use tenancy::placement::{Level, Placement, Server};

use super::{Script, SetupError, Step};
pub(super) use apply::apply;
use names::Place;

/// What our own blocks say when they cannot go on, with a code of ours.
const WORDS: [(&str, &str); 6] = [
    ("CL001", "a declared table is not there"),
    (
        "CL002",
        "the column with the tenant's key is not there, or its type compares inexactly: it must be smallint, integer, \
         bigint, text, varchar or uuid, with a deterministic collation",
    ),
    (
        "CL003",
        "this login is a superuser's, the administrator's own, or owns something here: give the tenant a login of its own",
    ),
    ("CL004", "the view has columns that the table has not, or in another order: drop the view and run this again"),
    ("CL005", "the role cloison_views may log in, or is more than a role for views: drop or rename it"),
    ("CL006", "this login writes to the tables, so it is the application's: give the tenants one that reads only"),
];

pub(super) fn script(placement: &Placement, server: &Server) -> Result<Script, SetupError> {
    names::check(placement, server)?;
    if let Some(key) = &placement.rows().signing {
        return signed::script(placement, server, key);
    }
    let mut script = Script::default();
    match placement.level() {
        Level::Database => {
            script.tenant.extend(database::closed(server, true));
            script.tenant.extend(login::steps(server));
            script.tenant.extend(database::everything(placement, server));
        }
        Level::Schema => {
            script.once.extend(database::closed(server, false));
            script.tenant.extend(login::steps(server));
            script.tenant.extend(database::everything(placement, server));
        }
        Level::NativeRows => {
            script.once.extend(database::closed(server, false));
            script.once.extend(policies::mapping());
            for (name, rule, place) in ruled(placement, server) {
                script.once.extend(policies::table(&rule, &place, name, &server.user));
            }
            script.tenant.extend(login::steps(server));
            script.tenant.extend(policies::line(server, &placement.rows().key));
            script.tenant.push(database::nothing_else(placement, server));
            script.tenant.extend(database::readable(placement, server));
        }
        Level::ViewRows => {
            script.once.extend(database::closed(server, false));
            script.once.extend(policies::mapping());
            script.once.extend(views::steps(placement, server));
            script.tenant.extend(login::steps(server));
            script.tenant.extend(policies::line(server, &placement.rows().key));
            script.tenant.push(database::nothing_else(placement, server));
            script.tenant.extend(database::readable(placement, server));
        }
        Level::GuardedRows => {
            script.once.extend(database::closed(server, false));
            script.tenant.extend(login::steps(server));
            script.tenant.extend(database::readable(placement, server));
        }
    }
    Ok(script)
}

/// Takes away logins and what was made for the placement's own tables. Policies go with their tables.
pub(super) fn removal(placement: &Placement, server: &Server, keys: &[&str], logins: &[&str]) -> Vec<Step> {
    let mut steps = Vec::new();
    if placement.level() == Level::ViewRows {
        let views = placement
            .rows()
            .tables
            .keys()
            .map(|name| Place { schema: names::home(server).to_owned(), name: name.clone() });
        steps.extend(views.map(|view| {
            Step::new("The view goes", format!("DROP VIEW IF EXISTS {}", view.quoted())).about(&view.name)
        }));
    }
    let keys: Vec<_> = keys.iter().map(|key| names::literal(key)).collect();
    let lines = format!("DELETE FROM {} WHERE row_key IN ({})", policies::MAPPING, keys.join(", "));
    steps.extend(logins.iter().map(|login| login::removal(login, policies::MAPPING, &lines)));
    steps
}

/// The declared tables with a tenant rule.
fn ruled<'a>(placement: &'a Placement, server: &'a Server) -> impl Iterator<Item = (&'a str, rule::Rule, Place)> {
    placement.rows().tables.keys().filter_map(move |name| {
        let rule = rule::Rule::of(placement, server, name)?;
        Some((name.as_str(), rule, names::place(placement, server, name)))
    })
}

/// The types of all columns with the key that a rule leads to, into the variable `kinds`; `kind` is needed too.
fn kinds_of(rule: &rule::Rule) -> String {
    rule.ends().into_iter().map(|(place, column)| kind_of(place, column) + "  kinds := kinds || kind;\n").collect()
}

/// A query for the type of the column with the key, into the variable `kind`; it stops the script when that will not do.
/// No length goes with the type: a key that is cut off would be another tenant's.
fn kind_of(place: &Place, column: &str) -> String {
    format!(
        "  IF to_regclass({table}) IS NULL THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'CL001'; END IF;
  SELECT format_type(a.atttypid, -1) INTO kind FROM pg_attribute AS a LEFT JOIN pg_collation AS c ON c.oid = a.attcollation
    WHERE a.attrelid = to_regclass({table}) AND a.attname = {column} AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'text'::regtype, 'varchar'::regtype, 'uuid'::regtype)
    AND coalesce(c.collisdeterministic, true);
  IF kind IS NULL THEN RAISE EXCEPTION 'the column with the key does not fit' USING ERRCODE = 'CL002'; END IF;\n",
        table = names::literal(&place.quoted()),
        words = "a declared table is not there",
        column = names::literal(column),
    )
}
