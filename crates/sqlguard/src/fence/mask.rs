//! What is shown instead of a column's values.

use super::{Built, Fences, column};
use crate::Dialect;
use crate::Place;
use crate::catalogue::{Column, ColumnKind, Mask, Operand};
use crate::tree::{Expr, Item};

impl Fences<'_> {
    pub(super) fn item(self, shown: &Column) -> Built<Item> {
        let name = shown.name.clone();
        let value = column(0, &name);
        let dialect = self.catalogue.dialect;
        let masked = match &shown.mask {
            None => return Ok(Item::Expr { expr: value, alias: None }),
            Some(Mask::Hidden) => return Err("a hidden column cannot be shown".to_owned()),
            Some(Mask::Null) => {
                Expr::Case { operand: None, whens: vec![(Expr::binary(one(), "=", zero()), value)], otherwise: None }
            }
            Some(Mask::Hash { salt }) => text_column(dialect, hash(dialect, value, *salt)),
            Some(Mask::LastFour) => text_column(dialect, last_four(dialect, value, shown.kind)),
        };
        Ok(Item::Expr { expr: masked, alias: Some(name) })
    }
}

fn one() -> Expr {
    Expr::Number("1".to_owned())
}

fn zero() -> Expr {
    Expr::Number("0".to_owned())
}

/// A text as a column of texts would show it: in SQLite a cast gives it such a column's affinity, by which a number that is compared
/// with it becomes a text.
fn text_column(dialect: Dialect, text: Expr) -> Expr {
    if dialect == Dialect::Sqlite { Expr::cast(text, "text") } else { text }
}

/// SHA-256 in hexadecimal. SQLite has no such function: its connections add one.
fn hash(dialect: Dialect, value: Expr, salt: Operand) -> Expr {
    let salt = Expr::Place(Place::Rule(salt.0));
    match dialect {
        Dialect::Postgres => {
            let salted = Expr::binary(Expr::cast(salt, "text"), "||", Expr::cast(value.clone(), "text"));
            let bytes = Expr::call("convert_to", vec![salted, Expr::text("UTF8")]);
            let hash = Expr::call("encode", vec![Expr::call("sha256", vec![bytes]), Expr::text("hex")]);
            let missing = Expr::Suffix(Box::new(value), "IS NULL");
            Expr::Case { operand: None, whens: vec![(missing, Expr::Null)], otherwise: Some(Box::new(hash)) }
        }
        Dialect::Mysql => {
            let salted = Expr::call("concat", vec![salt, Expr::cast(value, "char")]);
            Expr::call("sha2", vec![salted, Expr::Number("256".to_owned())])
        }
        Dialect::Sqlite => Expr::call("sha256", vec![Expr::binary(salt, "||", Expr::cast(value, "text"))]),
    }
}

/// The last four characters of what has more of them: of four the last four would be all. Shorter values are NULL.
///
/// A text of MariaDB or MySQL keeps the collation of its column: a cast would give it the connection's, which is an error where
/// it is compared with another column.
fn last_four(dialect: Dialect, value: Expr, kind: ColumnKind) -> Expr {
    let four = || Expr::Number("4".to_owned());
    let text = match dialect {
        Dialect::Mysql if kind == ColumnKind::Text => value,
        Dialect::Mysql => Expr::cast(value, "char"),
        Dialect::Postgres | Dialect::Sqlite => Expr::cast(value, "text"),
    };
    let end = match dialect {
        Dialect::Postgres | Dialect::Mysql => Expr::call("right", vec![text.clone(), four()]),
        Dialect::Sqlite => Expr::call("substr", vec![text.clone(), Expr::Prefix("-", Box::new(four()))]),
    };
    let length = if dialect == Dialect::Mysql { "char_length" } else { "length" };
    let is_longer = Expr::binary(Expr::call(length, vec![text]), ">", four());
    Expr::Case { operand: None, whens: vec![(is_longer, end)], otherwise: None }
}
