//! Expressions.

use super::Writer;
use crate::Dialect;
use crate::functions;
use crate::tree::{Arg, Args, Call, Expr, Subscript, Type};

impl Writer {
    /// An expression where commas, brackets or words of the grammar stand around it.
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column(path) => self.path(path),
            Expr::Number(number) => self.word(number),
            Expr::Text(text) => self.text(text),
            Expr::Bool(value) => self.word(if *value { "TRUE" } else { "FALSE" }),
            Expr::Null => self.word("NULL"),
            Expr::Place(place) => self.place(*place),
            Expr::Prefix(word, operand) => {
                self.word(word);
                self.operand(operand);
            }
            Expr::Suffix(operand, words) => {
                self.operand(operand);
                self.word(words);
            }
            Expr::Binary(left, operator, right) => {
                self.left(left, operator);
                self.word(operator);
                self.operand(right);
            }
            Expr::Like { .. } | Expr::Between { .. } | Expr::InList { .. } | Expr::InQuery { .. } => self.test(expr),
            Expr::Quantified { left, operator, all, right } => {
                self.operand(left);
                self.word(operator);
                self.word(if *all { "ALL" } else { "ANY" });
                self.in_brackets(right);
            }
            Expr::Exists(query) => {
                self.word("EXISTS");
                self.bracketed(query);
            }
            Expr::Subquery(query) => self.bracketed(query),
            Expr::Row(list) => {
                self.word("(");
                self.list(list, Self::expr);
                self.glue(")");
            }
            Expr::Array(list) => {
                self.word("ARRAY[");
                self.list(list, Self::expr);
                self.glue("]");
            }
            Expr::ArrayQuery(query) => {
                self.word("ARRAY");
                self.bracketed(query);
            }
            Expr::Subscript(value, subscripts) => {
                // Only a name, a place and brackets may have a subscript.
                match **value {
                    Expr::Column(_) | Expr::Place(_) => self.expr(value),
                    _ => self.in_brackets(value),
                }
                subscripts.iter().for_each(|subscript| self.subscript(subscript));
            }
            Expr::Case { operand, whens, otherwise } => {
                self.word("CASE");
                if let Some(operand) = operand {
                    self.operand(operand);
                }
                for (condition, result) in whens {
                    self.word("WHEN");
                    self.operand(condition);
                    self.word("THEN");
                    self.operand(result);
                }
                if let Some(otherwise) = otherwise {
                    self.word("ELSE");
                    self.operand(otherwise);
                }
                self.word("END");
            }
            Expr::AtTimeZone(value, zone) => {
                self.operand(value);
                self.word("AT TIME ZONE");
                self.operand(zone);
            }
            Expr::Collate(value, collation) => {
                self.operand(value);
                self.word("COLLATE");
                match self.dialect {
                    Dialect::Mysql => self.word(collation),
                    Dialect::Postgres | Dialect::Sqlite => self.name(collation),
                }
            }
            Expr::Interval(value, unit) => {
                self.word("INTERVAL");
                self.operand(value);
                if let Some(unit) = unit {
                    self.word(unit);
                }
            }
            Expr::Typed(kind, text) => {
                self.kind(kind);
                self.text(text);
            }
            Expr::Call(call) => self.call(call),
            Expr::Cast(..)
            | Expr::Using(..)
            | Expr::Extract(..)
            | Expr::Position(..)
            | Expr::Trim { .. }
            | Expr::Overlay { .. } => self.special(expr),
        }
    }

    /// Functions with words of the grammar between their arguments.
    fn special(&mut self, expr: &Expr) {
        match expr {
            Expr::Cast(value, kind) => {
                self.word("CAST(");
                self.expr(value);
                self.word("AS");
                self.kind(kind);
            }
            Expr::Using(value, set) => {
                self.word("CONVERT(");
                self.expr(value);
                self.word("USING");
                self.word(set);
            }
            Expr::Extract(field, value) => {
                self.word("EXTRACT(");
                self.word(field);
                self.word("FROM");
                self.operand(value);
            }
            Expr::Position(part, whole) => {
                self.word("POSITION(");
                self.operand(part);
                self.word("IN");
                self.operand(whole);
            }
            Expr::Trim { side, what, expr } => {
                self.word("TRIM(");
                side.iter().for_each(|side| self.word(side));
                what.iter().for_each(|what| self.operand(what));
                if side.is_some() || what.is_some() {
                    self.word("FROM");
                }
                self.operand(expr);
            }
            Expr::Overlay { expr, with, from, length } => {
                self.word("OVERLAY(");
                self.operand(expr);
                self.word("PLACING");
                self.operand(with);
                self.word("FROM");
                self.operand(from);
                if let Some(length) = length {
                    self.word("FOR");
                    self.operand(length);
                }
            }
            other => return self.expr(other),
        }
        self.glue(")");
    }

    /// Tests with words.
    fn test(&mut self, expr: &Expr) {
        match expr {
            Expr::Like { expr, words, pattern, escape } => {
                self.operand(expr);
                self.word(words);
                self.operand(pattern);
                if let Some(escape) = escape {
                    self.word("ESCAPE");
                    self.text(escape);
                }
            }
            Expr::Between { expr, negated, low, high } => {
                self.operand(expr);
                self.word(if *negated { "NOT BETWEEN" } else { "BETWEEN" });
                self.operand(low);
                self.word("AND");
                self.operand(high);
            }
            Expr::InList { expr, negated, list } => {
                self.operand(expr);
                self.word(if *negated { "NOT IN (" } else { "IN (" });
                self.list(list, Self::expr);
                self.glue(")");
            }
            Expr::InQuery { expr, negated, query } => {
                self.operand(expr);
                self.word(if *negated { "NOT IN" } else { "IN" });
                self.bracketed(query);
            }
            other => self.expr(other),
        }
    }

    /// An expression as a part of another: in brackets, unless it is one token or stands in brackets already.
    pub(super) fn operand(&mut self, expr: &Expr) {
        match expr {
            Expr::Column(_)
            | Expr::Number(_)
            | Expr::Text(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Place(_)
            | Expr::Subquery(_)
            | Expr::Row(_) => self.expr(expr),
            // MariaDB and MySQL know no brackets around it.
            Expr::Interval(..) if self.dialect == Dialect::Mysql => self.expr(expr),
            Expr::Call(call) if call.over.is_none() && call.filter.is_none() && call.within_group.is_empty() => {
                self.expr(expr);
            }
            _ => self.in_brackets(expr),
        }
    }

    fn in_brackets(&mut self, expr: &Expr) {
        if matches!(expr, Expr::Subquery(_)) {
            return self.expr(expr);
        }
        self.word("(");
        self.expr(expr);
        self.glue(")");
    }

    /// The left operand. A chain of one operator is written without brackets: that is how it is read.
    fn left(&mut self, left: &Expr, parent: &str) {
        match left {
            Expr::Binary(_, operator, _) if *operator == parent && matches!(parent, "AND" | "OR" | "+") => {
                self.expr(left)
            }
            _ => self.operand(left),
        }
    }

    fn subscript(&mut self, subscript: &Subscript) {
        self.glue("[");
        match subscript {
            Subscript::Index(index) => self.operand(index),
            Subscript::Slice(low, high) => {
                low.iter().for_each(|low| self.operand(low));
                self.word(":");
                high.iter().for_each(|high| self.operand(high));
            }
        }
        self.glue("]");
    }

    pub(super) fn kind(&mut self, kind: &Type) {
        self.word(&kind.name);
        for _ in 0..kind.dimensions {
            self.glue("[]");
        }
    }

    pub(super) fn call(&mut self, call: &Call) {
        let Call { name, args, within_group, filter, over } = call;
        if self.dialect == Dialect::Postgres && *args != Args::Bare && !functions::is_grammar(self.dialect, name) {
            // No function of another schema can stand in for it.
            self.word("pg_catalog.");
            self.glue_name(name);
        } else {
            self.word(name);
        }
        self.args(args);
        if !within_group.is_empty() {
            self.word("WITHIN GROUP (");
            self.order_by(within_group);
            self.glue(")");
        }
        if let Some(filter) = filter {
            self.word("FILTER (WHERE");
            self.expr(filter);
            self.glue(")");
        }
        if let Some(over) = over {
            self.over(over);
        }
    }

    /// A call in FROM. Of several arrays at once PostgreSQL knows `unnest` by its bare name only, and then as its own.
    pub(super) fn table_call(&mut self, call: &Call) {
        let several = matches!(&call.args, Args::List { list, .. } if list.len() > 1);
        if call.name == "unnest" && several {
            self.word(&call.name);
            return self.args(&call.args);
        }
        self.call(call);
    }

    fn args(&mut self, args: &Args) {
        match args {
            Args::Bare => {}
            Args::Star => self.glue("(*)"),
            Args::List { distinct, unit, list, order_by, separator } => {
                self.glue("(");
                if *distinct {
                    self.word("DISTINCT");
                }
                if let Some(unit) = unit {
                    self.word(unit);
                    self.glue(",");
                }
                self.list(list, |writer, Arg { name, expr }| {
                    if let Some(name) = name {
                        writer.name(name);
                        writer.word("=>");
                    }
                    writer.expr(expr);
                });
                self.order_by(order_by);
                if let Some(separator) = separator {
                    self.word("SEPARATOR");
                    self.text(separator);
                }
                self.glue(")");
            }
        }
    }
}
