//! What the columns of a query are called.
//!
//! To PostgreSQL `d.f` is a column, or else the call of a function `f` with the whole row, one of anybody's making
//! included: `f` behind an alias must be known to be a column. A name that is missing here is refused there. The other
//! dialects know no such call, and nothing is recorded for them.

use super::Lowerer;
use crate::Dialect;
use crate::scope::Columns;
use crate::tree::{Alias, Body, Call, Expr, Item};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Lowerer<'_> {
    fn recorded(&self, names: impl FnOnce() -> BTreeSet<String>) -> Columns {
        (self.dialect == Dialect::Postgres && self.guarding().is_some()).then(|| Rc::new(names()))
    }

    /// None at all.
    pub(super) fn no_columns(&self) -> Columns {
        self.recorded(BTreeSet::new)
    }

    /// Those of a list in brackets, if there is one: a column that it does not name is called by another name.
    pub(super) fn listed(&self, names: &[String]) -> Columns {
        if names.is_empty() { None } else { self.recorded(|| names.iter().cloned().collect()) }
    }

    /// Those behind an alias.
    pub(super) fn behind(&self, alias: &Alias, own: Columns) -> Columns {
        self.listed(&alias.columns).or(own)
    }

    /// Those of VALUES.
    pub(super) fn numbered(&self, rows: &[Vec<Expr>]) -> Columns {
        let count = rows.first().map_or(0, Vec::len);
        self.recorded(|| (1..=count).map(|number| format!("column{number}")).collect())
    }

    /// Those of a SELECT whose FROM is open.
    pub(super) fn selected(&self, items: &[Item]) -> Columns {
        self.recorded(|| {
            let mut names = BTreeSet::new();
            for item in items {
                match item {
                    Item::Star => {
                        let all = self.scopes.innermost().iter().filter_map(|visible| visible.columns.as_deref());
                        names.extend(all.flatten().cloned());
                    }
                    Item::StarOf(alias) => {
                        let columns = self.scopes.alias(alias).and_then(|visible| visible.columns.as_deref());
                        names.extend(columns.into_iter().flatten().cloned());
                    }
                    Item::Expr { alias: Some(alias), .. } => {
                        names.insert(alias.clone());
                    }
                    Item::Expr { expr, alias: None } => names.extend(name_of(expr).map(str::to_owned)),
                }
            }
            names
        })
    }

    /// Those of a function in FROM.
    pub(super) fn of_call(&self, call: &Call, ordinality: bool, alias: Option<&Alias>) -> Columns {
        if let Some(alias) = alias
            && !alias.columns.is_empty()
        {
            return self.listed(&alias.columns);
        }
        let called = alias.map_or(call.name.as_str(), |alias| alias.name.as_str());
        let mut names = match call.name.as_str() {
            "json_each" | "json_each_text" | "jsonb_each" | "jsonb_each_text" => vec!["key", "value"],
            "json_array_elements"
            | "json_array_elements_text"
            | "jsonb_array_elements"
            | "jsonb_array_elements_text" => vec!["value"],
            // What it makes of an array of rows has the columns of the rows.
            "unnest" => Vec::new(),
            _ => vec![called],
        };
        names.extend(ordinality.then_some("ordinality"));
        self.recorded(|| names.into_iter().map(str::to_owned).collect())
    }
}

/// What PostgreSQL calls a column without an alias, where somebody would count on it.
fn name_of(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Case { .. } => name_within(expr).or(Some("case")),
        Expr::Collate(inner, _) | Expr::Subscript(inner, _) => name_of(inner),
        _ => name_within(expr),
    }
}

/// The name that a cast around an expression keeps.
fn name_within(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Column(path) => path.last().map(String::as_str),
        Expr::Call(call) => Some(&call.name),
        Expr::Cast(inner, _) | Expr::Collate(inner, _) | Expr::Subscript(inner, _) => name_within(inner),
        Expr::Case { otherwise, .. } => otherwise.as_deref().and_then(name_within),
        Expr::Subquery(query) => name_of_only(&query.body),
        Expr::Exists(_) => Some("exists"),
        Expr::Array(_) | Expr::ArrayQuery(_) => Some("array"),
        Expr::Extract(..) => Some("extract"),
        Expr::Position(..) => Some("position"),
        Expr::Overlay { .. } => Some("overlay"),
        Expr::AtTimeZone(..) => Some("timezone"),
        _ => None,
    }
}

fn name_of_only(body: &Body) -> Option<&str> {
    match body {
        Body::Select(select) => match select.items.first()? {
            Item::Expr { alias: Some(alias), .. } => Some(alias),
            Item::Expr { expr, alias: None } => name_of(expr),
            Item::Star | Item::StarOf(_) => None,
        },
        Body::Query(query) => name_of_only(&query.body),
        Body::Set { left, .. } => name_of_only(left),
        Body::Values(_) => None,
    }
}
