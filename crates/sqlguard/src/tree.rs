//! What a statement is made of here: honest reading and nothing else. Positions are left out, so that what was written
//! and what was read back can be compared.
//!
//! No `Debug`: a tree holds a tenant's text.

use crate::Place;

/// A name, spelled as the engine is to see it; always written in quotes.
pub(crate) type Name = String;

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) with: Option<With>,
    pub(crate) body: Body,
    pub(crate) order_by: Vec<Order>,
    pub(crate) limit: Option<Expr>,
    pub(crate) offset: Option<Expr>,
    /// `FETCH FIRST … ROWS WITH TIES`: the limit is written so.
    pub(crate) ties: bool,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct With {
    pub(crate) recursive: bool,
    pub(crate) ctes: Vec<Cte>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Cte {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
    pub(crate) materialized: Option<bool>,
    pub(crate) query: Query,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Select(Box<Select>),
    Query(Box<Query>),
    Set { left: Box<Body>, operator: SetOperator, all: bool, right: Box<Body> },
    Values(Vec<Vec<Expr>>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOperator {
    Union,
    Except,
    Intersect,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Select {
    pub(crate) distinct: Distinct,
    pub(crate) items: Vec<Item>,
    pub(crate) from: Vec<From>,
    pub(crate) filter: Option<Expr>,
    pub(crate) group_by: Vec<Grouping>,
    /// MariaDB and MySQL: `WITH ROLLUP` behind the list.
    pub(crate) with_rollup: bool,
    pub(crate) having: Option<Expr>,
    pub(crate) windows: Vec<(Name, Window)>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Distinct {
    No,
    Yes,
    On(Vec<Expr>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Star,
    StarOf(Name),
    Expr { expr: Expr, alias: Option<Name> },
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Grouping {
    Expr(Expr),
    /// `ROLLUP`, `CUBE` or `GROUPING SETS`, and its sets.
    Sets(&'static str, Vec<Vec<Expr>>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct From {
    pub(crate) first: Factor,
    pub(crate) joins: Vec<Join>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Join {
    /// The words, such as `LEFT JOIN`; without `NATURAL`.
    pub(crate) words: &'static str,
    pub(crate) factor: Factor,
    pub(crate) on: JoinOn,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum JoinOn {
    Nothing,
    Natural,
    Expr(Expr),
    Using(Vec<Name>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Factor {
    /// A relation of the catalogue by schema and name, or a CTE by name.
    Table {
        path: Vec<Name>,
        alias: Alias,
    },
    Derived {
        lateral: bool,
        query: Box<Query>,
        alias: Alias,
    },
    Function {
        lateral: bool,
        call: Box<Call>,
        ordinality: bool,
        alias: Option<Alias>,
    },
    Nested(Box<From>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Alias {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) expr: Expr,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
}

#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Window {
    pub(crate) base: Option<Name>,
    pub(crate) partition_by: Vec<Expr>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) frame: Option<Frame>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) unit: &'static str,
    pub(crate) start: Bound,
    pub(crate) end: Option<Bound>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    Current,
    Preceding(Option<Box<Expr>>),
    Following(Option<Box<Expr>>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Over {
    Named(Name),
    Spec(Window),
}

/// A call of a function from the list.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// In lower case.
    pub(crate) name: String,
    pub(crate) args: Args,
    pub(crate) within_group: Vec<Order>,
    pub(crate) filter: Option<Expr>,
    pub(crate) over: Option<Over>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Args {
    /// Called without brackets, such as `CURRENT_DATE`.
    Bare,
    /// `count(*)`.
    Star,
    List {
        distinct: bool,
        /// A word instead of the first argument: a unit of time.
        unit: Option<String>,
        list: Vec<Arg>,
        order_by: Vec<Order>,
        separator: Option<String>,
    },
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Arg {
    /// PostgreSQL: `name => value`.
    pub(crate) name: Option<Name>,
    pub(crate) expr: Expr,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Expr {
    Column(Vec<Name>),
    Number(String),
    Text(String),
    Bool(bool),
    Null,
    Place(Place),
    /// A word of the grammar in front of an operand.
    Prefix(&'static str, Box<Expr>),
    /// A word of the grammar behind an operand, such as `IS NULL`.
    Suffix(Box<Expr>, &'static str),
    /// An operator, as written in the output.
    Binary(Box<Expr>, &'static str, Box<Expr>),
    Like {
        expr: Box<Expr>,
        words: &'static str,
        pattern: Box<Expr>,
        escape: Option<String>,
    },
    Between {
        expr: Box<Expr>,
        negated: bool,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    InList {
        expr: Box<Expr>,
        negated: bool,
        list: Vec<Expr>,
    },
    InQuery {
        expr: Box<Expr>,
        negated: bool,
        query: Box<Query>,
    },
    /// `left = ANY (…)`: the words behind the operator, and a sub-query or an array.
    Quantified {
        left: Box<Expr>,
        operator: &'static str,
        all: bool,
        right: Box<Expr>,
    },
    Exists(Box<Query>),
    Subquery(Box<Query>),
    Row(Vec<Expr>),
    Array(Vec<Expr>),
    ArrayQuery(Box<Query>),
    Subscript(Box<Expr>, Vec<Subscript>),
    Case {
        operand: Option<Box<Expr>>,
        whens: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Cast(Box<Expr>, Type),
    /// `CONVERT(… USING utf8mb4)`.
    Using(Box<Expr>, String),
    AtTimeZone(Box<Expr>, Box<Expr>),
    Extract(&'static str, Box<Expr>),
    Position(Box<Expr>, Box<Expr>),
    Trim {
        side: Option<&'static str>,
        what: Option<Box<Expr>>,
        expr: Box<Expr>,
    },
    Overlay {
        expr: Box<Expr>,
        with: Box<Expr>,
        from: Box<Expr>,
        length: Option<Box<Expr>>,
    },
    Collate(Box<Expr>, Name),
    /// `INTERVAL`, a value, and a unit or range of units.
    Interval(Box<Expr>, Option<String>),
    /// `DATE '…'`.
    Typed(Type, String),
    Call(Box<Call>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Subscript {
    Index(Expr),
    Slice(Option<Expr>, Option<Expr>),
}

/// A type from the list.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Type {
    /// In lower case, with its length where the grammar has it.
    pub(crate) name: String,
    /// How often `[]` stands behind it.
    pub(crate) dimensions: usize,
}

impl Query {
    /// A body without anything around it.
    pub(crate) fn plain(body: Body) -> Self {
        Self { with: None, body, order_by: Vec::new(), limit: None, offset: None, ties: false }
    }

    /// Whether nothing stands around the body.
    pub(crate) fn is_plain(&self) -> bool {
        let Self { with, body: _, order_by, limit, offset, ties: _ } = self;
        with.is_none() && order_by.is_empty() && limit.is_none() && offset.is_none()
    }
}

impl Expr {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn binary(left: Self, operator: &'static str, right: Self) -> Self {
        Self::Binary(Box::new(left), operator, Box::new(right))
    }

    pub(crate) fn cast(expr: Self, name: &str) -> Self {
        Self::Cast(Box::new(expr), Type { name: name.to_owned(), dimensions: 0 })
    }

    pub(crate) fn call(name: &str, list: Vec<Self>) -> Self {
        let list = list.into_iter().map(|expr| Arg { name: None, expr }).collect();
        Self::Call(Box::new(Call::plain(name, list)))
    }
}

impl Call {
    pub(crate) fn plain(name: &str, list: Vec<Arg>) -> Self {
        Self::with(name, Args::List { distinct: false, unit: None, list, order_by: Vec::new(), separator: None })
    }

    /// Without brackets.
    pub(crate) fn bare(name: &str) -> Self {
        Self::with(name, Args::Bare)
    }

    fn with(name: &str, args: Args) -> Self {
        Self { name: name.to_owned(), args, within_group: Vec::new(), filter: None, over: None }
    }
}
