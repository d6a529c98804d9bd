//! Level `view-rows`: views over tables that no tenant reads.
//!
//! A view reads with the rights of its owner, a role that cannot log in and may read the shared tables and nothing else.
//! A barrier keeps what a statement brings along from seeing rows that the view leaves out.

use tenancy::placement::{Placement, Server};

use super::kinds_of;
use super::names::{Place, acting_for, block, home, ident, literal, place};
use super::policies::{MAPPING, digest};
use super::rule::{KEY, Rule, mark};
use crate::setup::Step;

/// The owner of the views.
pub(crate) const OWNER: &str = "cloison_views";

/// The mark of a view of reference data.
pub(crate) fn shared_mark(place: &Place) -> String {
    mark(&format!("shared {}", blake3::hash(place.quoted().as_bytes()).to_hex()))
}

pub(super) fn steps(placement: &Placement, server: &Server) -> Vec<Step> {
    let rows = placement.rows();
    let (base, schema) = (rows.base.as_deref().unwrap_or_default(), home(server));
    let mut steps = vec![
        owner(),
        Step::new("A schema for the views", format!("CREATE SCHEMA IF NOT EXISTS {}", ident(schema))),
        Step::new(
            "The owner of the views sees the shared tables, and the line of whoever reads",
            format!("GRANT USAGE ON SCHEMA {}, cloison TO {OWNER}", ident(base)),
        ),
        Step::new("The same", format!("GRANT SELECT ON {MAPPING} TO {OWNER}")),
    ];
    for (name, draft) in rows.tables.iter().filter(|(_, draft)| draft.shared || draft.tenant.is_some()) {
        let table = place(placement, server, name);
        let view = Place { schema: schema.to_owned(), name: table.name.clone() };
        let rule = Rule::of(placement, server, name);
        // A rule that leads nowhere: no view is better than one with all rows.
        if rule.is_none() && !draft.shared {
            continue;
        }
        let reads = format!("GRANT SELECT ON {} TO {OWNER}", table.quoted());
        steps.push(Step::new("The owner of the views reads the shared table", reads).about(name));
        steps.push(
            Step::new(
                "The view: the table's columns, and the rows of the tenant that the login is",
                view_of(&table, &view, rule.as_ref()),
            )
            .about(name),
        );
    }
    steps
}

fn owner() -> Step {
    let body = format!(
        "  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN
    BEGIN
      CREATE ROLE {OWNER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = '{OWNER}' AND (r.rolcanlogin OR r.rolsuper OR r.rolbypassrls
    OR r.rolcreaterole OR r.rolcreatedb OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)))
  THEN RAISE EXCEPTION 'the role for views is more than that' USING ERRCODE = 'CL005'; END IF;
{}",
        acting_for(OWNER)
    );
    Step::new(
        "The owner of the views: it cannot log in, and has no rights but to read the shared tables",
        block("", &body),
    )
}

fn view_of(table: &Place, view: &Place, rule: Option<&Rule>) -> String {
    let text = digest("pg_get_viewdef(to_regclass(view_name))");
    let (kind, condition, mark) = match rule {
        Some(rule) => (kinds_of(rule), format!("' WHERE ' || {}", rule.condition("r0.", KEY)), rule.mark(false)),
        None => (String::new(), "''".to_owned(), shared_mark(table)),
    };
    let body = format!(
        "{kind}  SELECT string_agg('r0.' || quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
    WHERE attrelid = to_regclass({base}) AND attnum > 0 AND NOT attisdropped;
  IF columns IS NULL THEN RAISE EXCEPTION 'a declared table is not there' USING ERRCODE = 'CL001'; END IF;
  BEGIN
    EXECUTE {create} || columns || {from} || {condition};
  EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the view has other columns' USING ERRCODE = 'CL004';
  END;
  EXECUTE {comment} || quote_literal({mark} || {text});
  IF (SELECT relowner FROM pg_class WHERE oid = to_regclass(view_name)) <> '{OWNER}'::regrole THEN
    -- Whoever is given something must be allowed to have it there; a superuser need not ask.
    may := has_schema_privilege('{OWNER}', {schema_name}, 'CREATE');
    IF NOT may THEN GRANT CREATE ON SCHEMA {schema} TO {OWNER}; END IF;
    ALTER VIEW {view} OWNER TO {OWNER};
    IF NOT may THEN REVOKE CREATE ON SCHEMA {schema} FROM {OWNER}; END IF;
  END IF;",
        base = literal(&table.quoted()),
        create =
            literal(&format!("CREATE OR REPLACE VIEW {} WITH (security_barrier = true) AS SELECT ", view.quoted())),
        from = literal(&format!(" FROM {} AS r0", table.quoted())),
        comment = literal(&format!("COMMENT ON VIEW {} IS ", view.quoted())),
        mark = literal(&mark),
        schema = ident(&view.schema),
        schema_name = literal(&view.schema),
        view = view.quoted(),
    );
    block(
        &format!("kind text; kinds text[]; columns text; may boolean; view_name text := {};", literal(&view.quoted())),
        &body,
    )
}
