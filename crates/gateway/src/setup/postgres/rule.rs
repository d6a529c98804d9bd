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
    /// The table.
    place: Place,
    /// Its columns that decide; all of them must say the same.
    ways: Vec<Way>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    column: String,
    /// The other table's rule, and its column; nothing when the column holds the tenant's key.
    leads_to: Option<(Rule, String)>,
}

impl Rule {
    /// The rule of a declared table; nothing when it has none, or when it leads to a table that has none.
    pub(crate) fn of(placement: &Placement, server: &Server, declared: &str) -> Option<Self> {
        Self::within(placement, server, declared, placement.rows().tables.len())
    }

    /// The catalog refuses rules that lead back; `room` is for rules that it has never seen.
    fn within(placement: &Placement, server: &Server, declared: &str, room: usize) -> Option<Self> {
        let rule = placement.rows().tables.get(declared)?.tenant.as_ref()?;
        let room = room.checked_sub(1)?;
        let mut ways = Vec::new();
        for way in rule.ways() {
            let leads_to = match way.leads_to {
                Some((table, key)) => Some((Self::within(placement, server, table, room)?, key.to_owned())),
                None => None,
            };
            ways.push(Way { column: way.column.to_owned(), leads_to });
        }
        Some(Self { place: place(placement, server, declared), ways })
    }

    /// The rule of the table in which `verify` plants rows, which a login that tenants share reads for that while.
    pub(crate) fn of_probe(server: &Server) -> Self {
        let place = Place { schema: home(server).to_owned(), name: PROBE_TABLE.to_owned() };
        Self { place, ways: vec![Way { column: PROBE_COLUMN.to_owned(), leads_to: None }] }
    }

    /// The table itself.
    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// The tables with a column that holds the key, and that column, in the order of the condition.
    pub(crate) fn ends(&self) -> Vec<(&Place, &str)> {
        let mut ends = Vec::new();
        for way in &self.ways {
            match &way.leads_to {
                Some((rule, _)) => ends.extend(rule.ends()),
                None => ends.push((&self.place, way.column.as_str())),
            }
        }
        ends
    }

    /// The condition, as a PL/pgSQL expression of type text over the variable `kinds`, the names of the types of the key
    /// columns. `own` stands before a column of the table itself; `whose` is what gives the tenant's key, usually [`KEY`].
    ///
    /// The whole way is written out, although other tables' own policies apply within a policy too: each table holds by
    /// itself, whatever becomes of another one's.
    pub(super) fn condition(&self, own: &str, whose: &str) -> String {
        let mut written = Written { done: String::new(), text: String::new(), kinds: 0, whose };
        written.rule(self, own, 1);
        written.done + &literal(&written.text)
    }

    /// What set-up notes beside a policy or a view, so that preflight sees when the rule has changed since. `signed` is
    /// whether the policy asks for a signature instead of the login.
    pub(crate) fn mark(&self, signed: bool) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &str| {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        };
        self.parts(&mut add);
        let asks = if signed { "signed " } else { "" };
        mark(&format!("{asks}{}", hasher.finalize().to_hex().get(..32).unwrap_or_default()))
    }

    /// What a digest of the rule is made of.
    fn parts(&self, add: &mut impl FnMut(&str)) {
        [self.place.schema.as_str(), &self.place.name, &self.ways.len().to_string()].into_iter().for_each(&mut *add);
        for way in &self.ways {
            add(&way.column);
            match &way.leads_to {
                Some((rule, key)) => {
                    add(key);
                    rule.parts(add);
                }
                None => add(""),
            }
        }
    }
}

/// A condition while it is written.
struct Written<'a> {
    /// Expressions, each with `||` behind it.
    done: String,
    /// The text that comes next.
    text: String,
    kinds: usize,
    whose: &'a str,
}

impl Written<'_> {
    /// A rule over the row that `alias` stands for; `depth` makes names for those further in.
    fn rule(&mut self, rule: &Rule, alias: &str, depth: usize) {
        for (number, way) in rule.ways.iter().enumerate() {
            let and = if number > 0 { " AND " } else { "" };
            self.text += &format!("{and}{alias}{} OPERATOR(pg_catalog.=) ", ident(&way.column));
            let Some((other, key)) = &way.leads_to else {
                self.kinds += 1;
                self.text += &format!("{}::", self.whose);
                let text = std::mem::take(&mut self.text);
                self.done += &format!("{} || kinds[{}] || ", literal(&text), self.kinds);
                continue;
            };
            let table = other.place.quoted();
            self.text += &format!("ANY (SELECT r{depth}.{} FROM {table} AS r{depth} WHERE ", ident(key));
            self.rule(other, &format!("r{depth}."), depth + 1);
            self.text.push(')');
        }
    }
}

/// The mark of what has no rule of the data source's.
pub(crate) fn mark(rule: &str) -> String {
    format!("cloison 1 {rule} ")
}
