//! Names.

use super::{Lowered, Lowerer, Purpose};
use crate::Dialect;
use crate::tree::Expr;
use sqlparser::ast;

impl Lowerer<'_> {
    /// A name as the engine understands it.
    pub(super) fn name(&mut self, ident: &ast::Ident) -> Lowered<String> {
        let ast::Ident { value, quote_style, span } = ident;
        self.see(*span);
        if value.is_empty() || value.chars().any(char::is_control) {
            return self.refuse("this name is empty or holds a control character");
        }
        match quote_style {
            None if self.dialect == Dialect::Postgres => Ok(value.to_ascii_lowercase()),
            None | Some('"' | '`') => Ok(value.clone()),
            Some(_) => self.refuse("a name stands here, not a text"),
        }
    }

    /// The name of a column in the result. MariaDB, MySQL and SQLite take a text for it too.
    pub(super) fn column_alias(&mut self, ident: &ast::Ident) -> Lowered<String> {
        match ident.quote_style {
            Some('\'') if self.dialect != Dialect::Postgres && ident.value.trim() == ident.value => {
                let plain = ast::Ident { value: ident.value.clone(), quote_style: Some('"'), span: ident.span };
                self.name(&plain)
            }
            // SQLite's tests behind a value, which the parser takes for a name.
            None if ["isnull", "notnull"].contains(&ident.value.to_ascii_lowercase().as_str()) => {
                self.see(ident.span);
                self.refuse("write IS NULL or IS NOT NULL")
            }
            _ => self.name(ident),
        }
    }

    pub(super) fn path(&mut self, name: &ast::ObjectName) -> Lowered<Vec<String>> {
        let ast::ObjectName(parts) = name;
        self.each(parts, |lowerer, part| match part {
            ast::ObjectNamePart::Identifier(ident) => lowerer.name(ident),
            ast::ObjectNamePart::Function(_) => lowerer.refuse("a call cannot be part of a name"),
        })
    }

    /// A name of one part.
    pub(super) fn simple(&mut self, name: &ast::ObjectName) -> Lowered<String> {
        match self.path(name)?.as_slice() {
            [name] => Ok(name.clone()),
            _ => self.refuse("a name of one part stands here"),
        }
    }

    /// A made-up name that is nowhere in the statement and no table's.
    pub(super) fn made_up(&mut self, letter: char) -> String {
        loop {
            self.made += 1;
            let name = format!("{letter}{}", self.made);
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }

    /// The alias in scope that `t` or `schema.t` means.
    pub(super) fn alias_of(&mut self, path: &[String]) -> Lowered<String> {
        let found = match (self.purpose, path) {
            (Purpose::ReadBack(_), [table]) => Some(table.clone()),
            (Purpose::Guard(_), [table]) => self.scopes.alias(table).map(|visible| visible.alias.clone()),
            (Purpose::Guard(_), [schema, table]) => {
                self.scopes.qualified(schema, table).map(|visible| visible.alias.clone())
            }
            _ => None,
        };
        match found {
            Some(alias) => Ok(alias),
            None => self.refuse(format!("there is no table \"{}\" in this part of the statement", path.join("."))),
        }
    }

    /// A column by its name.
    pub(super) fn column(&mut self, path: &[String]) -> Lowered<Expr> {
        let Some((column, table)) = path.split_last() else { return self.refuse("a name is missing") };
        let Some(fences) = self.guarding() else { return Ok(Expr::Column(path.to_vec())) };
        if is_system(self.dialect, column) && !fences.has_column_somewhere(column) {
            return self.refuse(format!("there is no column \"{column}\" here"));
        }
        if table.is_empty() {
            return Ok(Expr::Column(vec![column.clone()]));
        }
        let alias = self.alias_of(table)?;
        let columns = self.scopes.alias(&alias).and_then(|visible| visible.columns.as_ref());
        if columns.is_some_and(|columns| !columns.iter().any(|own| same_column(self.dialect, own, column))) {
            return self.refuse(format!("there is no column \"{column}\" in \"{alias}\""));
        }
        Ok(Expr::Column(vec![alias, column.clone()]))
    }
}

/// Whether two names are the same column.
pub(crate) fn same_column(dialect: Dialect, own: &str, column: &str) -> bool {
    match dialect {
        Dialect::Postgres => own == column,
        // Columns are compared without capitals, some letters beyond ASCII included: those are the engine's matter.
        Dialect::Mysql | Dialect::Sqlite => own.eq_ignore_ascii_case(column) || !column.is_ascii(),
    }
}

/// Columns that every table has without having them.
fn is_system(dialect: Dialect, column: &str) -> bool {
    match dialect {
        // To PostgreSQL `t.f` is also the call of a function `f` of one argument.
        Dialect::Postgres => {
            matches!(column, "ctid" | "xmin" | "xmax" | "cmin" | "cmax" | "tableoid" | "oid")
                || column.starts_with("pg_")
        }
        Dialect::Mysql => matches!(column.to_ascii_lowercase().as_str(), "_rowid" | "row_start" | "row_end"),
        Dialect::Sqlite => matches!(column.to_ascii_lowercase().as_str(), "rowid" | "oid" | "_rowid_"),
    }
}
