//! From a placement's rules and one caller to what the SQL guard lets through.
//!
//! The rules are written per table (`tenancy::model::rules`); the guard takes a catalogue of fences whose values are
//! binds. This is where they meet, and where a viewer's facts become values of a column's type.

use query::{Bind, Statement};
use serde_json::Value;
use sqlguard::{Catalogue, ColumnKind, Dialect, Fence, Mask, Operand, Place, Predicate, Relation};
use tenancy::Viewer;
use tenancy::model::rules::{Conditions, MaskKind, TableDraft, Tables, ViewerRule};
use tenancy::placement::{Connection, Level, Placement};

use crate::preflight::{Report, Table};
use crate::prepare::PrepareError;

/// The most values of one attribute that a rule compares with.
const MOST_VALUES: usize = 5000;

const UNDECLARED: &str = "is not declared in the data source: only declared tables are read";
const NO_TENANT_RULE: &str =
    "has no tenant rule and is not marked as shared, so nobody reads it where tenants share tables";
const MASK_UNFIT: &str = "has a mask for a column that is not there";
const NO_VIEWER_RULE: &str = "has no rule for viewers and is not marked as shared";

/// What the guard lets through for one caller at one placement.
pub(crate) struct Rules {
    catalogue: Catalogue,
    values: Vec<Bind>,
}

/// Whether statements for this placement go through the guard.
pub(crate) fn applies(placement: &Placement, written_by_tenant: bool) -> bool {
    written_by_tenant || placement.level().shares_tables() || !placement.rows().tables.is_empty()
}

impl Rules {
    /// The rules for a caller; `viewer` is none for an API key, which reads all rows of its tenant.
    pub(crate) fn new(placement: &Placement, report: &Report, viewer: Option<&Viewer>) -> Result<Self, PrepareError> {
        let mut making = Making {
            placement,
            tables: &placement.rows().tables,
            found: &report.tables,
            schema: schema(placement),
            viewer,
            values: Vec::new(),
        };
        let relations = report.tables.iter().map(|table| making.relation(table)).collect::<Result<_, _>>()?;
        let dialect = match placement.connection() {
            Connection::Postgres(_) => Dialect::Postgres,
            Connection::Mysql(_) => Dialect::Mysql,
            Connection::Sqlite(_) => Dialect::Sqlite,
        };
        let catalogue = Catalogue { dialect, schema: making.schema, relations };
        Ok(Self { catalogue, values: making.values })
    }

    /// The statement that may run instead, and the relations that it reads.
    pub(crate) fn guard(&self, statement: &Statement) -> Result<(Statement, Vec<String>), PrepareError> {
        let guarded = sqlguard::guard(statement.sql(), &self.catalogue).map_err(PrepareError::Refused)?;
        let bind = |place: &Place| match place {
            Place::Given(number) => statement.binds().get(*number).cloned(),
            Place::Rule(number) => self.values.get(*number).cloned(),
        };
        // The guard gives back only numbers that it was given.
        let binds = guarded.binds.iter().map(bind).collect::<Option<_>>().ok_or(PrepareError::Rules(UNFIT))?;
        Ok((Statement::new(guarded.sql, binds), guarded.relations))
    }
}

const UNFIT: &str = "the rules of this data source's tables do not fit its database";

/// Where a name without a schema lies.
pub(crate) fn schema(placement: &Placement) -> String {
    match placement.connection() {
        Connection::Postgres(server) => server.schema.clone().unwrap_or_else(|| "public".to_owned()),
        Connection::Mysql(server) => server.database.clone(),
        Connection::Sqlite(_) => "main".to_owned(),
    }
}

struct Making<'a> {
    placement: &'a Placement,
    tables: &'a Tables,
    found: &'a [Table],
    schema: String,
    viewer: Option<&'a Viewer>,
    values: Vec<Bind>,
}

impl Making<'_> {
    fn relation(&mut self, table: &Table) -> Result<Relation, PrepareError> {
        let draft = self.draft_of(table);
        let fence = match &draft {
            // Nothing is declared: the database keeps rows apart, and there are no viewers' rules.
            None if self.tables.is_empty() && !self.placement.level().shares_tables() => Fence::Open,
            None => Fence::Withheld(UNDECLARED),
            Some((_, draft)) if !self.has_masked(table, draft) => Fence::Withheld(MASK_UNFIT),
            Some((_, draft)) if draft.shared => Fence::Open,
            Some((name, draft)) => self.fence(name, draft)?,
        };
        let columns = table.columns.iter().map(|(name, kind)| sqlguard::Column {
            name: name.clone(),
            kind: *kind,
            mask: draft.as_ref().and_then(|(_, draft)| self.mask(draft, name)),
        });
        let columns = columns.collect();
        Ok(Relation { schema: table.schema.clone(), name: table.name.clone(), columns, fence })
    }

    /// Whether every masked column is there: a mask with a misspelt name would mask nothing.
    fn has_masked(&self, table: &Table, draft: &TableDraft) -> bool {
        let there = |name: &String| table.columns.iter().any(|(own, _)| same_name(self.placement, own, name));
        draft.masks.keys().all(there)
    }

    /// The declaration of a table that was found. A name without a schema is one in the placement's own.
    fn draft_of(&self, table: &Table) -> Option<(String, TableDraft)> {
        let qualified = format!("{}.{}", table.schema, table.name);
        let plain = (table.schema == self.schema).then(|| self.tables.get_key_value(&table.name)).flatten();
        let (name, draft) = self.tables.get_key_value(&qualified).or(plain)?;
        Some((name.clone(), draft.clone()))
    }

    fn fence(&mut self, name: &str, draft: &TableDraft) -> Result<Fence, PrepareError> {
        let shares = self.placement.level().shares_tables();
        if shares && draft.tenant.is_none() {
            return Ok(Fence::Withheld(NO_TENANT_RULE));
        }
        let mut all = Vec::new();
        // At the levels above, the database itself keeps tenants apart.
        if self.placement.level() == Level::GuardedRows {
            all.push(self.tenant(name)?);
        }
        if self.viewer.is_some() && self.tables.values().any(|table| table.viewers.is_some()) {
            match &draft.viewers {
                None => return Ok(Fence::Withheld(NO_VIEWER_RULE)),
                Some(_) => all.push(self.viewers(name)?),
            }
        }
        Ok(if all.is_empty() { Fence::Open } else { Fence::Rows(Predicate::All(all)) })
    }

    /// Rows of this tenant.
    fn tenant(&mut self, name: &str) -> Result<Predicate, PrepareError> {
        let rule = self.tables.get(name).and_then(|table| table.tenant.clone()).ok_or(PrepareError::Rules(UNFIT))?;
        if let (Some(table), Some(key)) = (rule.table, rule.key) {
            let holds = Box::new(self.tenant(&table)?);
            let (schema, relation) = self.place_of(&table);
            return Ok(Predicate::Through { column: rule.column, schema, relation, key, holds });
        }
        let key = Value::from(self.placement.rows().key.as_str());
        let kind = self.kind_of(name, &rule.column)?;
        let value = self.bind(&key, kind).ok_or(PrepareError::Rules(UNFIT))?;
        Ok(Predicate::Equals { column: rule.column, value })
    }

    /// Rows that this viewer reads.
    fn viewers(&mut self, name: &str) -> Result<Predicate, PrepareError> {
        let draft = self.tables.get(name).ok_or(PrepareError::Rules(UNFIT))?;
        let applying: Vec<ViewerRule> =
            draft.viewers.iter().flatten().filter(|rule| self.meets(&rule.when)).cloned().collect();
        let mut any = Vec::new();
        let mut missing = None;
        for rule in applying {
            match (rule.column, rule.attribute, rule.table, rule.key) {
                (Some(column), Some(attribute), _, _) => {
                    let Some(fact) = self.viewer.and_then(|viewer| viewer.fact(&attribute)) else {
                        missing = Some(attribute);
                        continue;
                    };
                    let facts = match fact.as_ref() {
                        Value::Array(list) => list.clone(),
                        one => vec![one.clone()],
                    };
                    if facts.len() > MOST_VALUES {
                        return Err(PrepareError::AttributeTooLong(attribute));
                    }
                    let kind = self.kind_of(name, &column)?;
                    // A value that the column's type does not have is in no row.
                    let values = facts.iter().filter_map(|fact| self.bind(fact, kind)).collect();
                    any.push(Predicate::In { column, values });
                }
                (Some(column), None, Some(table), Some(key)) => {
                    let holds = Box::new(self.viewers(&table)?);
                    let (schema, relation) = self.place_of(&table);
                    any.push(Predicate::Through { column, schema, relation, key, holds });
                }
                _ => any.push(Predicate::Always),
            }
        }
        match missing {
            // Nothing else lets this viewer in: whoever makes the token hears what it lacks.
            Some(attribute) if any.is_empty() => Err(PrepareError::AttributeMissing(attribute)),
            _ => Ok(Predicate::Any(any)),
        }
    }

    fn mask(&mut self, draft: &TableDraft, column: &str) -> Option<Mask> {
        let (_, mask) = draft.masks.iter().find(|(name, _)| same_name(self.placement, name, column))?;
        if !mask.unless.is_empty() && self.meets(&mask.unless) {
            return None;
        }
        Some(match mask.mask {
            MaskKind::Hidden => Mask::Hidden,
            MaskKind::Null => Mask::Null,
            MaskKind::LastFour => Mask::LastFour,
            MaskKind::Hash => {
                let salt = Bind::Text(self.placement.rows().salt.expose().to_owned());
                Mask::Hash { salt: self.operand(salt) }
            }
        })
    }

    /// Whether the viewer has, for each attribute, one of the values. An API key meets no condition.
    fn meets(&self, conditions: &Conditions) -> bool {
        conditions.iter().all(|(name, wanted)| {
            let fact = self.viewer.and_then(|viewer| viewer.fact(name));
            fact.is_some_and(|fact| match fact.as_ref() {
                Value::Array(list) => list.iter().any(|one| wanted.contains(one)),
                one => wanted.contains(one),
            })
        })
    }

    /// Schema and name of a declared table.
    fn place_of(&self, name: &str) -> (String, String) {
        match name.split_once('.') {
            Some((schema, table)) => (schema.to_owned(), table.to_owned()),
            None => (self.schema.clone(), name.to_owned()),
        }
    }

    fn kind_of(&self, table: &str, column: &str) -> Result<ColumnKind, PrepareError> {
        let (schema, name) = self.place_of(table);
        let table = self.found.iter().find(|found| found.schema == schema && found.name == name);
        let found = table.and_then(|table| {
            table.columns.iter().find(|(own, _)| same_name(self.placement, own, column)).map(|(_, kind)| *kind)
        });
        found.ok_or(PrepareError::Rules(UNFIT))
    }

    /// The value in the column's type; nothing when the type has no such value.
    fn bind(&mut self, value: &Value, kind: ColumnKind) -> Option<Operand> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        let bind = match kind {
            ColumnKind::Integer => Bind::Int(plain_integer(&text)?),
            ColumnKind::Uuid if !is_uuid(&text) => return None,
            ColumnKind::Text | ColumnKind::Uuid | ColumnKind::Other => Bind::Text(text),
        };
        Some(self.operand(bind))
    }

    fn operand(&mut self, bind: Bind) -> Operand {
        self.values.push(bind);
        Operand(self.values.len() - 1)
    }
}

/// `12` and `-3`, but not `012`, `+3` or ` 12`: one value has one spelling.
fn plain_integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether two names mean one column: PostgreSQL tells capitals apart, the others do not.
fn same_name(placement: &Placement, one: &str, other: &str) -> bool {
    match placement.connection() {
        Connection::Postgres(_) => one == other,
        Connection::Mysql(_) | Connection::Sqlite(_) => one.eq_ignore_ascii_case(other),
    }
}
