//! A table's tenant rule as a condition in SQL: written by set-up, looked for by preflight.

use tenancy::placement::{PROBE_COLUMN, PROBE_TABLE, Placement, Server};

use super::names::{Place, home, ident, literal, place};

/// The key of whoever is logged in. `session_user` is no setting: no function and no statement of a tenant changes it.
/// A sub-select without a reference outwards is evaluated once for a statement, so an index on the column serves.
pub(super) const KEY: &str =
    "(SELECT m.row_key FROM cloison.tenant AS m WHERE m.login OPERATOR(pg_catalog.=) session_user)";

/// How a row of a table says whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Over which tables: the column, the other table, the other table's column.
    steps: Vec<(String, Place, String)>,
    /// The table at the end, and its column with the tenant's key.
    end: Place,
    column: String,
}

impl Rule {
    /// The rule of a declared table; nothing when it has none.
    pub(crate) fn of(placement: &Placement, server: &Server, declared: &str) -> Option<Self> {
        let tables = &placement.rows().tables;
        let (mut steps, mut at) = (Vec::new(), declared);
        // The catalog refuses rules that lead back; this is for rules that it has never seen.
        while steps.len() <= tables.len() {
            let rule = tables.get(at)?.tenant.as_ref()?;
            let (Some(table), Some(key)) = (rule.table.as_ref(), rule.key.as_ref()) else {
                return Some(Self { steps, end: place(placement, server, at), column: rule.column.clone() });
            };
            steps.push((rule.column.clone(), place(placement, server, table), key.clone()));
            at = table;
        }
        None
    }

    /// The rule of the table in which `verify` plants rows, which a login that tenants share reads for that while.
    pub(crate) fn of_probe(server: &Server) -> Self {
        let end = Place { schema: home(server).to_owned(), name: PROBE_TABLE.to_owned() };
        Self { steps: Vec::new(), end, column: PROBE_COLUMN.to_owned() }
    }

    /// The table with the column that holds the key, and that column.
    pub(crate) fn end(&self) -> (&Place, &str) {
        (&self.end, &self.column)
    }

    /// The condition, as a PL/pgSQL expression of type text over the variable `kind`, the name of the key column's type.
    /// `own` stands before a column of the table itself; `whose` is what gives the tenant's key, usually [`KEY`].
    ///
    /// The whole way is written out, although other tables' own policies apply within a policy too: each table holds by
    /// itself, whatever becomes of another one's.
    pub(super) fn condition(&self, own: &str, whose: &str) -> String {
        let (mut before, mut after, mut alias) = (String::new(), String::new(), own.to_owned());
        for (number, (column, other, key)) in self.steps.iter().enumerate() {
            let next = format!("r{}.", number + 1);
            before += &format!(
                "{alias}{} OPERATOR(pg_catalog.=) ANY (SELECT {next}{} FROM {} AS r{} WHERE ",
                ident(column),
                ident(key),
                other.quoted(),
                number + 1
            );
            after.push(')');
            alias = next;
        }
        before += &format!("{alias}{} OPERATOR(pg_catalog.=) {whose}::", ident(&self.column));
        format!("{} || kind || {}", literal(&before), literal(&after))
    }

    /// What set-up notes beside a policy or a view, so that preflight sees when the rule has changed since. `signed` is
    /// whether the policy asks for a signature instead of the login.
    pub(crate) fn mark(&self, signed: bool) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &str| {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        };
        for (column, other, key) in &self.steps {
            [column, &other.schema, &other.name, key].into_iter().for_each(|part| add(part));
        }
        [&self.end.schema, &self.end.name, &self.column].into_iter().for_each(|part| add(part));
        let asks = if signed { "signed " } else { "" };
        mark(&format!("{asks}{}", hasher.finalize().to_hex().get(..32).unwrap_or_default()))
    }
}

/// The mark of what has no rule of the data source's.
pub(crate) fn mark(rule: &str) -> String {
    format!("cloison 1 {rule} ")
}
