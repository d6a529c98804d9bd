//! Expressions.

use super::operator::{COLLATING, IS, ZONE};
use super::{Lowered, Lowerer, Purpose};
use crate::tree::{Call, Expr, Subscript};
use crate::{Dialect, Place, functions};
use sqlparser::ast;

/// How many operators one chain may have.
const LONGEST_CHAIN: usize = 1000;

impl Lowerer<'_> {
    /// Any expression.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Lowered<Expr> {
        self.deeper(|lowerer| lowerer.expr_inside(expr))
    }

    pub(super) fn boxed(&mut self, expr: &ast::Expr) -> Lowered<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    /// An operand that must hold together at least so strongly.
    pub(super) fn operand(&mut self, expr: &ast::Expr, level: u8) -> Lowered<Box<Expr>> {
        self.holds(expr, level)?;
        self.boxed(expr)
    }

    fn expr_inside(&mut self, expr: &ast::Expr) -> Lowered<Expr> {
        use ast::Expr as E;
        match expr {
            E::Identifier(ident) => self.word(ident),
            E::CompoundIdentifier(idents) => {
                let path = self.each(idents, Self::name)?;
                self.column(&path)
            }
            E::Nested(inner) => self.expr(inner),
            E::Value(value) => self.value(value),
            E::BinaryOp { .. } => self.chain(expr),
            E::UnaryOp { op, expr } => {
                let (word, level) = self.unary(*op)?;
                Ok(Expr::Prefix(word, self.operand(expr, level)?))
            }
            E::IsNull(expr) => self.is(expr, "IS NULL"),
            E::IsNotNull(expr) => self.is(expr, "IS NOT NULL"),
            E::IsTrue(expr) => self.is(expr, "IS TRUE"),
            E::IsNotTrue(expr) => self.is(expr, "IS NOT TRUE"),
            E::IsFalse(expr) => self.is(expr, "IS FALSE"),
            E::IsNotFalse(expr) => self.is(expr, "IS NOT FALSE"),
            E::IsUnknown(expr) => self.is_unknown(expr, "IS UNKNOWN"),
            E::IsNotUnknown(expr) => self.is_unknown(expr, "IS NOT UNKNOWN"),
            E::IsDistinctFrom(left, right) => self.distinct_from(left, "IS DISTINCT FROM", right),
            E::IsNotDistinctFrom(left, right) => self.distinct_from(left, "IS NOT DISTINCT FROM", right),
            E::In { .. }
            | E::Between { .. }
            | E::Like { .. }
            | E::ILike { .. }
            | E::SimilarTo { .. }
            | E::RLike { .. }
            | E::AnyOp { .. }
            | E::AllOp { .. } => self.test(expr),
            E::Exists { subquery, negated } => {
                let exists = Expr::Exists(Box::new(self.query(subquery)?));
                Ok(if *negated { Expr::Prefix("NOT", Box::new(exists)) } else { exists })
            }
            E::Subquery(query) => {
                let mut query = self.query(query)?;
                if let Some(fences) = self.guarding() {
                    fences.narrow(&mut query, &self.scopes);
                }
                Ok(Expr::Subquery(Box::new(query)))
            }
            E::Tuple(list) => self.exprs(list).map(Expr::Row),
            E::Array(array) => self.array(array),
            E::CompoundFieldAccess { root, access_chain } => self.subscripts(root, access_chain),
            E::Case { case_token, end_token: _, operand, conditions, else_result } => {
                self.see(case_token.0.span);
                let operand = self.maybe(operand.as_deref(), Self::boxed)?;
                let whens = self.each(conditions, |lowerer, when| {
                    let ast::CaseWhen { condition, result } = when;
                    Ok((lowerer.expr(condition)?, lowerer.expr(result)?))
                })?;
                let otherwise = self.maybe(else_result.as_deref(), Self::boxed)?;
                Ok(Expr::Case { operand, whens, otherwise })
            }
            E::AtTimeZone { timestamp, time_zone } => {
                self.only(&[Dialect::Postgres], "AT TIME ZONE")?;
                let value = self.operand(timestamp, ZONE)?;
                Ok(Expr::AtTimeZone(value, self.operand(time_zone, ZONE + 1)?))
            }
            E::Collate { expr, collation } => {
                let value = self.operand(expr, COLLATING)?;
                let name = self.simple(collation)?;
                if !functions::collation(self.dialect, &name) {
                    return self.refuse(format!("the collation \"{name}\" is not in the list of allowed collations"));
                }
                Ok(Expr::Collate(value, name))
            }
            E::Function(function) => self.function(function),
            E::Cast { .. }
            | E::Convert { .. }
            | E::TypedString(_)
            | E::Interval(_)
            | E::Extract { .. }
            | E::Ceil { .. }
            | E::Floor { .. }
            | E::Position { .. }
            | E::Substring { .. }
            | E::Trim { .. }
            | E::Overlay { .. } => self.special(expr),
            E::GroupingSets(_) | E::Cube(_) | E::Rollup(_) => self.refuse("grouping sets stand in GROUP BY only"),
            E::Wildcard(_) | E::QualifiedWildcard(..) => self.refuse("* stands in SELECT and in count(*) only"),
            E::MatchAgainst { .. } => self.refuse("MATCH … AGAINST is not allowed: write LIKE"),
            E::IsJson { .. } | E::IsNormalized { .. } => self.refuse("this test is not allowed"),
            E::JsonAccess { .. }
            | E::Prefixed { .. }
            | E::Struct { .. }
            | E::Named { .. }
            | E::Dictionary(_)
            | E::Map(_)
            | E::OuterJoin(_)
            | E::Prior(_)
            | E::Lambda(_)
            | E::MemberOf(_) => self.refuse("this kind of expression is not allowed"),
        }
    }

    /// A word: a column, or a function that is called without brackets.
    fn word(&mut self, ident: &ast::Ident) -> Lowered<Expr> {
        let name = self.name(ident)?;
        let folded = name.to_ascii_lowercase();
        if ident.quote_style.is_none() && functions::bare(self.dialect, &folded) {
            return Ok(Expr::Call(Box::new(Call::bare(&folded))));
        }
        self.column(&[name])
    }

    pub(super) fn value(&mut self, value: &ast::ValueWithSpan) -> Lowered<Expr> {
        use ast::Value as V;
        self.see(value.span);
        match &value.value {
            V::Number(number, false) => Ok(Expr::Number(number.clone())),
            V::SingleQuotedString(text) => Ok(Expr::Text(text.clone())),
            V::Boolean(value) => Ok(Expr::Bool(*value)),
            V::Null => Ok(Expr::Null),
            V::Placeholder(number) => self.place(number).map(Expr::Place),
            V::Number(..)
            | V::DollarQuotedString(_)
            | V::TripleSingleQuotedString(_)
            | V::TripleDoubleQuotedString(_)
            | V::EscapedStringLiteral(_)
            | V::UnicodeStringLiteral(_)
            | V::SingleQuotedByteStringLiteral(_)
            | V::DoubleQuotedByteStringLiteral(_)
            | V::TripleSingleQuotedByteStringLiteral(_)
            | V::TripleDoubleQuotedByteStringLiteral(_)
            | V::SingleQuotedRawStringLiteral(_)
            | V::DoubleQuotedRawStringLiteral(_)
            | V::TripleSingleQuotedRawStringLiteral(_)
            | V::TripleDoubleQuotedRawStringLiteral(_)
            | V::NationalStringLiteral(_)
            | V::QuoteDelimitedStringLiteral(_)
            | V::NationalQuoteDelimitedStringLiteral(_)
            | V::HexStringLiteral(_)
            | V::DoubleQuotedString(_) => self.refuse("this kind of literal is not allowed: write '…'"),
        }
    }

    /// The lexer writes every place as `$n`, in the order of the text.
    fn place(&mut self, number: &str) -> Lowered<Place> {
        let index = number.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok());
        let Some(index) = index.and_then(|number| number.checked_sub(1)) else {
            return self.refuse("this place is not numbered");
        };
        match self.purpose {
            Purpose::Guard(_) => Ok(Place::Given(index)),
            Purpose::ReadBack(places) => match places.get(index) {
                Some(place) => Ok(*place),
                None => self.refuse("there is no such place"),
            },
        }
    }

    /// Operators from left to right, without going down for each.
    fn chain(&mut self, expr: &ast::Expr) -> Lowered<Expr> {
        let mut spine = Vec::new();
        let mut first = expr;
        while let ast::Expr::BinaryOp { left, op, right } = first {
            spine.push((left, op, right));
            first = left;
        }
        if spine.len() > LONGEST_CHAIN && matches!(self.purpose, Purpose::Guard(_)) {
            return self.refuse("this is a very long chain of operators: write it with IN or split it");
        }
        let mut done: Option<Expr> = None;
        for (left, operator, right) in spine.into_iter().rev() {
            let (word, level) = self.operator(operator)?;
            let (of_left, of_right) = self.needs(level);
            self.holds(left, of_left)?;
            let left = match done.take() {
                Some(done) => done,
                None => self.expr(left)?,
            };
            let right = self.operand(right, of_right)?;
            done = Some(Expr::Binary(Box::new(left), word, right));
        }
        match done {
            Some(done) => Ok(done),
            None => self.refuse("an operator is missing"),
        }
    }

    fn is(&mut self, expr: &ast::Expr, words: &'static str) -> Lowered<Expr> {
        let (level, _) = self.needs_of_test(IS);
        Ok(Expr::Suffix(self.operand(expr, level)?, words))
    }

    fn is_unknown(&mut self, expr: &ast::Expr, words: &'static str) -> Lowered<Expr> {
        self.only(&[Dialect::Postgres, Dialect::Mysql], words)?;
        self.is(expr, words)
    }

    fn distinct_from(&mut self, left: &ast::Expr, words: &'static str, right: &ast::Expr) -> Lowered<Expr> {
        self.only(&[Dialect::Postgres, Dialect::Sqlite], words)?;
        let (of_left, of_right) = self.needs_of_test(IS);
        let left = self.operand(left, of_left)?;
        Ok(Expr::Binary(left, words, self.operand(right, of_right)?))
    }

    /// `ARRAY[…]`; arrays in it may leave the word out.
    fn array(&mut self, array: &ast::Array) -> Lowered<Expr> {
        let ast::Array { elem, named } = array;
        self.only(&[Dialect::Postgres], "ARRAY")?;
        if !named {
            return self.refuse("write ARRAY[…]");
        }
        self.elements(elem)
    }

    fn elements(&mut self, elements: &[ast::Expr]) -> Lowered<Expr> {
        let list = self.each(elements, |lowerer, element| match element {
            ast::Expr::Array(ast::Array { elem, named: false }) => lowerer.deeper(|lowerer| lowerer.elements(elem)),
            other => lowerer.expr(other),
        })?;
        Ok(Expr::Array(list))
    }

    fn subscripts(&mut self, root: &ast::Expr, chain: &[ast::AccessExpr]) -> Lowered<Expr> {
        self.only(&[Dialect::Postgres], "[…] behind a value")?;
        let value = self.boxed(root)?;
        let subscripts = self.each(chain, |lowerer, access| match access {
            ast::AccessExpr::Dot(_) => lowerer.refuse("a field of a row cannot be taken out: name its column"),
            ast::AccessExpr::Subscript(ast::Subscript::Index { index }) => lowerer.expr(index).map(Subscript::Index),
            ast::AccessExpr::Subscript(ast::Subscript::Slice { lower_bound, upper_bound, stride }) => {
                lowerer.none(stride.as_ref(), "a third number between brackets")?;
                let low = lowerer.maybe(lower_bound.as_ref(), Self::expr)?;
                Ok(Subscript::Slice(low, lowerer.maybe(upper_bound.as_ref(), Self::expr)?))
            }
        })?;
        Ok(Expr::Subscript(value, subscripts))
    }
}
