//! The catalogue for one caller: every relation with its fence.

use std::collections::BTreeMap;

use query::Bind;
use serde_json::Value;
use sqlguard::{ColumnKind, Fence, Mask, Operand, Predicate, Relation};
use tenancy::Viewer;
use tenancy::model::rules::{Conditions, MaskKind, TableDraft, Tables, TenantWay, ViewerRule};
use tenancy::placement::{Level, Placement};

use super::values::{in_kind, same_name};
use super::{About, Unmet, schema, words};
use crate::preflight::Table;

/// The most values of one attribute that a rule compares with.
const MOST_VALUES: usize = 5000;

const UNDECLARED: &str = "is not declared in the data source: only declared tables are read";
const NO_TENANT_RULE: &str =
    "has no tenant rule and is not marked as shared, so nobody reads it where tenants share tables";
const MASK_UNFIT: &str = "has a mask for a column that is not there";
const NO_VIEWER_RULE: &str = "has no rule for viewers and is not marked as shared";
const RULE_UNFIT: &str = "has a rule that does not fit its database";

/// Why a relation has no predicate.
pub(super) enum Unfit {
    /// Its rules and the database do not fit.
    Rules,
    /// The viewer lacks something.
    Unmet(Unmet),
}

pub(super) struct Making<'a> {
    placement: &'a Placement,
    tables: &'a Tables,
    found: &'a [Table],
    schema: String,
    viewer: Option<&'a Viewer>,
    pub(super) values: Vec<Bind>,
    pub(super) about: BTreeMap<String, About>,
}

impl<'a> Making<'a> {
    pub(super) fn new(placement: &'a Placement, found: &'a [Table], viewer: Option<&'a Viewer>) -> Self {
        Self {
            placement,
            tables: &placement.rows().tables,
            found,
            schema: schema(placement),
            viewer,
            values: Vec::new(),
            about: BTreeMap::new(),
        }
    }

    pub(super) fn relation(&mut self, table: &Table) -> Relation {
        let draft = self.draft_of(table);
        let mut unmet = None;
        let fence = match draft {
            // Nothing is declared: the database keeps rows apart, and there are no viewers' rules.
            None if self.tables.is_empty() && !self.placement.level().shares_tables() => Fence::Open,
            None => Fence::Withheld(UNDECLARED),
            Some((_, draft)) if !self.has_masked(table, draft) => Fence::Withheld(MASK_UNFIT),
            Some((_, draft)) if draft.shared => Fence::Open,
            Some((name, draft)) => match self.fence(name, draft) {
                Ok(fence) => fence,
                Err(Unfit::Rules) => Fence::Withheld(RULE_UNFIT),
                // Only a statement that reads it is refused for this; no row of it is read in any case.
                Err(Unfit::Unmet(lack)) => {
                    unmet = Some(lack);
                    Fence::Rows(Predicate::Never)
                }
            },
        };
        let columns = table.columns.iter().map(|(name, kind)| sqlguard::Column {
            name: name.clone(),
            kind: *kind,
            mask: draft.and_then(|(_, draft)| self.mask(draft, name)),
        });
        let columns = columns.collect();
        let own = table.schema == self.schema;
        let name = if own { table.name.clone() } else { format!("{}.{}", table.schema, table.name) };
        let decided = words::decided(self.placement, draft, self.viewer, |rule| self.meets(&rule.when));
        self.about.insert(name, About { decided, unmet });
        Relation { schema: table.schema.clone(), name: table.name.clone(), columns, fence }
    }

    /// Whether every masked column is there: a mask with a misspelt name would mask nothing.
    fn has_masked(&self, table: &Table, draft: &TableDraft) -> bool {
        let there = |name: &String| table.columns.iter().any(|(own, _)| same_name(self.placement, own, name));
        draft.masks.keys().all(there)
    }

    /// The declaration of a table that was found. A name without a schema is one in the placement's own.
    fn draft_of(&self, table: &Table) -> Option<(&'a str, &'a TableDraft)> {
        let qualified = format!("{}.{}", table.schema, table.name);
        // A dot in a name would make it another table's.
        let own = table.schema == self.schema && !table.name.contains('.');
        let plain = own.then(|| self.tables.get_key_value(&table.name)).flatten();
        self.tables
            .get_key_value(&qualified)
            .filter(|_| !table.name.contains('.'))
            .or(plain)
            .map(|(name, draft)| (name.as_str(), draft))
    }

    fn fence(&mut self, name: &str, draft: &TableDraft) -> Result<Fence, Unfit> {
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
                Some(rules) => match self.viewers(name, rules)?.unwrap_or(Predicate::Never) {
                    // Who reads everything needs no fence, which costs time and hides indexes.
                    Predicate::Always => {}
                    rows => all.push(rows),
                },
            }
        }
        Ok(if all.is_empty() { Fence::Open } else { Fence::Rows(Predicate::All(all)) })
    }

    /// Rows of this tenant.
    fn tenant(&mut self, name: &str) -> Result<Predicate, Unfit> {
        let rule = self.tables.get(name).and_then(|table| table.tenant.as_ref()).ok_or(Unfit::Rules)?;
        let ways: Vec<_> = rule.ways().map(|way| self.tenant_way(name, way)).collect::<Result<_, _>>()?;
        Ok(Predicate::All(ways))
    }

    fn tenant_way(&mut self, name: &str, way: TenantWay<'_>) -> Result<Predicate, Unfit> {
        let (column, kind) = self.column(name, way.column)?;
        if let Some((table, key)) = way.leads_to {
            let holds = self.tenant(table)?;
            return self.through(column, table, key, holds);
        }
        let key = Value::from(self.placement.rows().key.as_str());
        let value = in_kind(&key, kind).ok_or(Unfit::Rules)?;
        Ok(Predicate::Equals { column, value: self.operand(value) })
    }

    /// Rows that this viewer reads; none when no rule opens any.
    fn viewers(&mut self, name: &str, rules: &[ViewerRule]) -> Result<Option<Predicate>, Unfit> {
        let mut any = Vec::new();
        let mut unmet = None;
        for rule in rules {
            if !self.meets(&rule.when) {
                continue;
            }
            match self.viewer_rule(name, rule) {
                Ok(predicate) => any.extend(predicate),
                Err(Unfit::Rules) => return Err(Unfit::Rules),
                Err(Unfit::Unmet(lack)) => unmet = Some(lack),
            }
        }
        match unmet {
            // Nothing else lets this viewer in: whoever makes the token hears what it lacks.
            Some(lack) if any.is_empty() => Err(Unfit::Unmet(lack)),
            _ if any.contains(&Predicate::Always) => Ok(Some(Predicate::Always)),
            _ => Ok((!any.is_empty()).then_some(Predicate::Any(any))),
        }
    }

    fn viewer_rule(&mut self, name: &str, rule: &ViewerRule) -> Result<Option<Predicate>, Unfit> {
        match (&rule.column, &rule.attribute, &rule.table, &rule.key) {
            (Some(column), Some(attribute), None, None) => {
                let fact = self.viewer.and_then(|viewer| viewer.fact(attribute));
                let Some(fact) = fact else { return Err(Unfit::Unmet(Unmet::Missing(attribute.clone()))) };
                let facts = match fact.as_ref() {
                    Value::Array(list) => list.as_slice(),
                    one => std::slice::from_ref(one),
                };
                if facts.len() > MOST_VALUES {
                    return Err(Unfit::Unmet(Unmet::TooLong(attribute.clone())));
                }
                let (column, kind) = self.column(name, column)?;
                // A value that the column's type does not have is in no row.
                let values = facts.iter().filter_map(|fact| in_kind(fact, kind)).collect::<Vec<_>>();
                let values = values.into_iter().map(|value| self.operand(value)).collect();
                Ok(Some(Predicate::In { column, values }))
            }
            (Some(column), None, Some(table), Some(key)) => {
                let rules = self.tables.get(table).and_then(|table| table.viewers.as_ref()).ok_or(Unfit::Rules)?;
                let (column, _) = self.column(name, column)?;
                let Some(mut holds) = self.viewers(table, rules)? else { return Ok(None) };
                // The other table holds all tenants' rows there: no row of another one lets a viewer in.
                if self.placement.level() == Level::GuardedRows {
                    holds = Predicate::All(vec![self.tenant(table)?, holds]);
                }
                self.through(column, table, key, holds).map(Some)
            }
            (None, None, None, None) => Ok(Some(Predicate::Always)),
            // The catalog writes no such rule; whatever it is, it opens nothing.
            _ => Err(Unfit::Rules),
        }
    }

    fn through(&self, column: String, table: &str, key: &str, holds: Predicate) -> Result<Predicate, Unfit> {
        let (key, _) = self.column(table, key)?;
        let (schema, relation) = self.place_of(table);
        Ok(Predicate::Through { column, schema, relation, key, holds: Box::new(holds) })
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

    /// A column of a declared table, spelled as the database has it.
    fn column(&self, table: &str, column: &str) -> Result<(String, ColumnKind), Unfit> {
        let (schema, name) = self.place_of(table);
        let table = self.found.iter().find(|found| found.schema == schema && found.name == name);
        let found =
            table.and_then(|table| table.columns.iter().find(|(own, _)| same_name(self.placement, own, column)));
        found.cloned().ok_or(Unfit::Rules)
    }

    fn operand(&mut self, bind: Bind) -> Operand {
        self.values.push(bind);
        Operand(self.values.len() - 1)
    }
}
