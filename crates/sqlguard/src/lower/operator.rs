//! Operators, and how strongly each engine's grammar binds them.
//!
//! The parser's order is not each engine's. Where the two would read a statement differently it is refused: brackets
//! make it clear to everybody.

use super::{Lowered, Lowerer};
use crate::Dialect;
use sqlparser::ast::{self, BinaryOperator as Operator, UnaryOperator};

/// How strongly an expression holds together; more is stronger.
type Level = u8;

pub(super) const OR: Level = 10;
const XOR: Level = 15;
const AND: Level = 20;
pub(super) const NOT: Level = 30;
pub(super) const IS: Level = 40;
const COMPARING: Level = 50;
pub(super) const TESTING: Level = 60;
const SYMBOL: Level = 70;
const BIT_OR: Level = 71;
const BIT_AND: Level = 72;
const SHIFT: Level = 73;
const ADDING: Level = 80;
const MULTIPLYING: Level = 90;
const POWER: Level = 100;
const JOINING: Level = 105;
pub(super) const ZONE: Level = 110;
pub(super) const COLLATING: Level = 120;
pub(super) const SIGN: Level = 130;
pub(super) const CAST: Level = 150;
const ATOM: Level = 200;

impl Lowerer<'_> {
    /// The operator as it is written in the output, and its level.
    pub(super) fn operator(&self, operator: &Operator) -> Lowered<(&'static str, Level)> {
        use Dialect::{Mysql, Postgres, Sqlite};
        let found = match (operator, self.dialect) {
            (Operator::Or, _) => ("OR", OR),
            (Operator::Xor, Mysql) => ("XOR", XOR),
            (Operator::And, _) => ("AND", AND),
            (Operator::Eq, _) => ("=", COMPARING),
            (Operator::NotEq, _) => ("<>", COMPARING),
            (Operator::Spaceship, Mysql) => ("<=>", COMPARING),
            (Operator::Lt, _) => ("<", self.ordering()),
            (Operator::LtEq, _) => ("<=", self.ordering()),
            (Operator::Gt, _) => (">", self.ordering()),
            (Operator::GtEq, _) => (">=", self.ordering()),
            (Operator::Plus, _) => ("+", ADDING),
            (Operator::Minus, _) => ("-", ADDING),
            (Operator::Multiply, _) => ("*", MULTIPLYING),
            (Operator::Divide, _) => ("/", MULTIPLYING),
            (Operator::Modulo, _) => ("%", MULTIPLYING),
            (Operator::MyIntegerDivide, Mysql) => ("DIV", MULTIPLYING),
            (Operator::StringConcat, Postgres) => ("||", SYMBOL),
            (Operator::StringConcat, Sqlite) => ("||", JOINING),
            (Operator::BitwiseOr, _) => ("|", if self.dialect == Mysql { BIT_OR } else { SYMBOL }),
            (Operator::BitwiseAnd, _) => ("&", if self.dialect == Mysql { BIT_AND } else { SYMBOL }),
            (Operator::PGBitwiseShiftLeft, _) => ("<<", if self.dialect == Mysql { SHIFT } else { SYMBOL }),
            (Operator::PGBitwiseShiftRight, _) => (">>", if self.dialect == Mysql { SHIFT } else { SYMBOL }),
            (Operator::BitwiseXor, Mysql) => ("^", POWER),
            (Operator::PGExp, Postgres) => ("^", POWER),
            (Operator::PGBitwiseXor, Postgres) => ("#", SYMBOL),
            (Operator::Arrow, Postgres) => ("->", SYMBOL),
            (Operator::LongArrow, Postgres) => ("->>", SYMBOL),
            (Operator::Arrow, Mysql | Sqlite) => ("->", JOINING),
            (Operator::LongArrow, Mysql | Sqlite) => ("->>", JOINING),
            (Operator::Regexp, Sqlite) => ("REGEXP", TESTING),
            (Operator::Glob, Sqlite) => ("GLOB", TESTING),
            (Operator::Is, Sqlite) => ("IS", COMPARING),
            (Operator::IsNot, Sqlite) => ("IS NOT", COMPARING),
            (other, Postgres) => return self.postgres_only(other),
            (other, Mysql | Sqlite) => return self.refuse(format!("the operator {other} is not allowed here")),
        };
        Ok(found)
    }

    /// SQLite alone lets an order bind more strongly than equality.
    fn ordering(&self) -> Level {
        if self.dialect == Dialect::Sqlite { COMPARING + 5 } else { COMPARING }
    }

    fn postgres_only(&self, operator: &Operator) -> Lowered<(&'static str, Level)> {
        let word = match operator {
            Operator::PGRegexMatch => "~",
            Operator::PGRegexIMatch => "~*",
            Operator::PGRegexNotMatch => "!~",
            Operator::PGRegexNotIMatch => "!~*",
            Operator::PGLikeMatch => "~~",
            Operator::PGILikeMatch => "~~*",
            Operator::PGNotLikeMatch => "!~~",
            Operator::PGNotILikeMatch => "!~~*",
            Operator::PGStartsWith => "^@",
            Operator::PGOverlap => "&&",
            Operator::HashArrow => "#>",
            Operator::HashLongArrow => "#>>",
            Operator::HashMinus => "#-",
            Operator::AtArrow => "@>",
            Operator::ArrowAt => "<@",
            Operator::AtQuestion => "@?",
            Operator::AtAt => "@@",
            Operator::Question => "?",
            Operator::QuestionAnd => "?&",
            Operator::QuestionPipe => "?|",
            Operator::LtDashGt => "<->",
            Operator::Overlaps => "OVERLAPS",
            Operator::Plus
            | Operator::Minus
            | Operator::Multiply
            | Operator::Divide
            | Operator::Modulo
            | Operator::StringConcat
            | Operator::Gt
            | Operator::Lt
            | Operator::GtEq
            | Operator::LtEq
            | Operator::Spaceship
            | Operator::Eq
            | Operator::NotEq
            | Operator::And
            | Operator::Or
            | Operator::Xor
            | Operator::BitwiseOr
            | Operator::BitwiseAnd
            | Operator::BitwiseXor
            | Operator::DuckIntegerDivide
            | Operator::MyIntegerDivide
            | Operator::Match
            | Operator::Regexp
            | Operator::Glob
            | Operator::Custom(_)
            | Operator::PGBitwiseXor
            | Operator::PGBitwiseShiftLeft
            | Operator::PGBitwiseShiftRight
            | Operator::PGExp
            | Operator::Arrow
            | Operator::LongArrow
            | Operator::PGCustomBinaryOperator(_)
            | Operator::DoubleHash
            | Operator::AndLt
            | Operator::AndGt
            | Operator::LtLtPipe
            | Operator::PipeGtGt
            | Operator::AndLtPipe
            | Operator::PipeAndGt
            | Operator::LtCaret
            | Operator::GtCaret
            | Operator::QuestionHash
            | Operator::QuestionDash
            | Operator::QuestionDashPipe
            | Operator::QuestionDoublePipe
            | Operator::At
            | Operator::TildeEq
            | Operator::Assignment
            | Operator::Is
            | Operator::IsNot => return self.refuse(format!("the operator {operator} is not allowed here")),
        };
        Ok((word, if word == "OVERLAPS" { TESTING } else { SYMBOL }))
    }

    pub(super) fn unary(&self, operator: UnaryOperator) -> Lowered<(&'static str, Level)> {
        match operator {
            UnaryOperator::Not => Ok(("NOT", NOT)),
            UnaryOperator::Minus => Ok(("-", SIGN)),
            UnaryOperator::Plus => Ok(("+", SIGN)),
            UnaryOperator::BitwiseNot if self.dialect == Dialect::Postgres => Ok(("~", SYMBOL)),
            UnaryOperator::BitwiseNot => Ok(("~", SIGN)),
            UnaryOperator::AtDashAt
            | UnaryOperator::BangNot
            | UnaryOperator::DoubleAt
            | UnaryOperator::Hash
            | UnaryOperator::PGAbs
            | UnaryOperator::PGCubeRoot
            | UnaryOperator::PGPostfixFactorial
            | UnaryOperator::PGPrefixFactorial
            | UnaryOperator::PGSquareRoot
            | UnaryOperator::QuestionDash
            | UnaryOperator::QuestionPipe => self.refuse(format!("the operator {operator} is not allowed here")),
        }
    }

    /// How strongly an expression holds together without brackets around it.
    pub(super) fn level(&self, expr: &ast::Expr) -> Lowered<Level> {
        use ast::Expr as E;
        Ok(match expr {
            E::BinaryOp { op, left: _, right: _ } => self.operator(op)?.1,
            E::UnaryOp { op, expr: _ } => self.unary(*op)?.1,
            E::IsFalse(_)
            | E::IsNotFalse(_)
            | E::IsTrue(_)
            | E::IsNotTrue(_)
            | E::IsNull(_)
            | E::IsNotNull(_)
            | E::IsUnknown(_)
            | E::IsNotUnknown(_)
            | E::IsDistinctFrom(..)
            | E::IsNotDistinctFrom(..)
            | E::IsJson { .. }
            | E::IsNormalized { .. } => self.testing(IS),
            E::In { .. }
            | E::Between { .. }
            | E::Like { .. }
            | E::ILike { .. }
            | E::SimilarTo { .. }
            | E::RLike { .. }
            | E::MemberOf(_) => self.testing(TESTING),
            E::AnyOp { compare_op, .. } | E::AllOp { compare_op, .. } => self.operator(compare_op)?.1,
            E::Exists { negated: true, .. } => NOT,
            E::AtTimeZone { .. } => ZONE,
            E::Collate { .. } => COLLATING,
            E::Cast { kind: ast::CastKind::DoubleColon, .. } => CAST,
            E::Lambda(_) | E::Prior(_) | E::OuterJoin(_) | E::Named { .. } | E::Prefixed { .. } => 0,
            E::Identifier(_)
            | E::CompoundIdentifier(_)
            | E::CompoundFieldAccess { .. }
            | E::JsonAccess { .. }
            | E::Convert { .. }
            | E::Cast { .. }
            | E::Extract { .. }
            | E::Ceil { .. }
            | E::Floor { .. }
            | E::Position { .. }
            | E::Substring { .. }
            | E::Trim { .. }
            | E::Overlay { .. }
            | E::Nested(_)
            | E::Value(_)
            | E::TypedString(_)
            | E::Function(_)
            | E::Case { .. }
            | E::Exists { .. }
            | E::Subquery(_)
            | E::GroupingSets(_)
            | E::Cube(_)
            | E::Rollup(_)
            | E::Tuple(_)
            | E::Struct { .. }
            | E::Dictionary(_)
            | E::Map(_)
            | E::Array(_)
            | E::Interval(_)
            | E::MatchAgainst { .. }
            | E::Wildcard(_)
            | E::QualifiedWildcard(..) => ATOM,
        })
    }

    /// Comparisons and tests are of one level in SQLite, and in MariaDB and MySQL of several that nobody remembers.
    fn testing(&self, level: Level) -> Level {
        if self.dialect == Dialect::Postgres { level } else { COMPARING }
    }

    /// An operand must hold together at least so strongly.
    pub(super) fn holds(&self, expr: &ast::Expr, level: Level) -> Lowered<()> {
        if self.level(expr)? < level {
            return self.refuse("engines read this differently: put brackets around the inner part");
        }
        Ok(())
    }

    /// What the operands of an operator need. Comparisons do not chain.
    pub(super) fn needs(&self, level: Level) -> (Level, Level) {
        let test = (IS..=TESTING).contains(&level);
        (if test { level + 1 } else { level }, level + 1)
    }

    /// As for [`Self::needs`], for a test of that level in PostgreSQL.
    pub(super) fn needs_of_test(&self, level: Level) -> (Level, Level) {
        self.needs(self.testing(level))
    }
}
