//! Tests: LIKE, BETWEEN, IN, ANY and ALL.

use super::operator::TESTING;
use super::{Lowered, Lowerer};
use crate::Dialect;
use crate::tree::Expr;
use sqlparser::ast;

/// The words of a test and of its contrary.
struct Words(&'static str, &'static str);

impl Words {
    const fn of(&self, negated: bool) -> &'static str {
        if negated { self.1 } else { self.0 }
    }
}

const LIKE: Words = Words("LIKE", "NOT LIKE");
const ILIKE: Words = Words("ILIKE", "NOT ILIKE");
const SIMILAR: Words = Words("SIMILAR TO", "NOT SIMILAR TO");
const REGEXP: Words = Words("REGEXP", "NOT REGEXP");

impl Lowerer<'_> {
    pub(super) fn test(&mut self, expr: &ast::Expr) -> Lowered<Expr> {
        use ast::Expr as E;
        match expr {
            E::Like { negated, any, expr, pattern, escape_char } => {
                self.never(*any, "LIKE ANY")?;
                self.like(expr, LIKE.of(*negated), pattern, escape_char.as_deref())
            }
            E::ILike { negated, any, expr, pattern, escape_char } => {
                self.only(&[Dialect::Postgres], "ILIKE")?;
                self.never(*any, "ILIKE ANY")?;
                self.like(expr, ILIKE.of(*negated), pattern, escape_char.as_deref())
            }
            E::SimilarTo { negated, expr, pattern, escape_char } => {
                self.only(&[Dialect::Postgres], "SIMILAR TO")?;
                self.like(expr, SIMILAR.of(*negated), pattern, escape_char.as_deref())
            }
            E::RLike { negated, expr, pattern, regexp: _ } => {
                self.only(&[Dialect::Mysql, Dialect::Sqlite], "REGEXP")?;
                self.like(expr, REGEXP.of(*negated), pattern, None)
            }
            E::Between { expr, negated, low, high } => {
                let (level, tight) = self.needs_of_test(TESTING);
                let expr = self.operand(expr, level)?;
                let low = self.operand(low, tight)?;
                Ok(Expr::Between { expr, negated: *negated, low, high: self.operand(high, tight)? })
            }
            E::In { expr, target, negated, global } => {
                self.never(*global, "GLOBAL")?;
                let (level, _) = self.needs_of_test(TESTING);
                let expr = self.operand(expr, level)?;
                self.membership(expr, target, *negated)
            }
            E::AnyOp { left, compare_op, right, is_some: _ } => self.quantified(left, compare_op, false, right),
            E::AllOp { left, compare_op, right } => self.quantified(left, compare_op, true, right),
            other => self.expr(other),
        }
    }

    fn like(
        &mut self,
        expr: &ast::Expr,
        words: &'static str,
        pattern: &ast::Expr,
        escape: Option<&ast::Expr>,
    ) -> Lowered<Expr> {
        let (level, tight) = self.needs_of_test(TESTING);
        let expr = self.operand(expr, level)?;
        let pattern = self.operand(pattern, tight)?;
        let escape = self.maybe(escape, |lowerer, escape| match lowerer.expr(escape)? {
            Expr::Text(text) if text.chars().count() <= 1 => Ok(text),
            _ => lowerer.refuse("ESCAPE takes one character"),
        })?;
        Ok(Expr::Like { expr, words, pattern, escape })
    }

    fn membership(&mut self, expr: Box<Expr>, target: &ast::InTarget, negated: bool) -> Lowered<Expr> {
        match target {
            // PostgreSQL, MariaDB and MySQL have no empty list; SQLite has.
            ast::InTarget::List(list) if list.is_empty() => self.refuse("IN needs a value"),
            ast::InTarget::List(list) => Ok(Expr::InList { expr, negated, list: self.exprs(list)? }),
            ast::InTarget::Subquery(query) => Ok(Expr::InQuery { expr, negated, query: Box::new(self.query(query)?) }),
            ast::InTarget::Unnest(_) | ast::InTarget::Table { .. } => {
                self.refuse("IN takes a list or a query in brackets: write IN (SELECT …)")
            }
        }
    }

    fn quantified(
        &mut self,
        left: &ast::Expr,
        operator: &ast::BinaryOperator,
        all: bool,
        right: &ast::Expr,
    ) -> Lowered<Expr> {
        self.only(&[Dialect::Postgres, Dialect::Mysql], "ANY or ALL")?;
        let (operator, level) = self.operator(operator)?;
        let (of_left, _) = self.needs(level);
        let left = self.operand(left, of_left)?;
        let right = self.boxed(right)?;
        if self.dialect == Dialect::Mysql && !matches!(*right, Expr::Subquery(_)) {
            return self.refuse("ANY and ALL take a query in brackets");
        }
        Ok(Expr::Quantified { left, operator, all, right })
    }
}
