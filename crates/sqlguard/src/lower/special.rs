//! Functions with words of the grammar between their arguments, and literals with a type.

use super::operator::{CAST, SIGN};
use super::{Lowered, Lowerer};
use crate::Dialect;
use crate::functions::{self, Demand};
use crate::tree::Expr;
use sqlparser::ast;

/// Character sets that a text may be converted to.
const SETS: &[&str] = &["ascii", "binary", "latin1", "utf8", "utf8mb3", "utf8mb4"];

impl Lowerer<'_> {
    pub(super) fn special(&mut self, expr: &ast::Expr) -> Lowered<Expr> {
        use ast::Expr as E;
        match expr {
            E::Cast { kind, expr, data_type, format } => {
                self.none(format.as_ref(), "FORMAT")?;
                match kind {
                    // `BINARY a OR b` comes out of the parser as a cast of `a OR b`, which it is not.
                    ast::CastKind::Cast if matches!(data_type, ast::DataType::Binary(None)) => {
                        self.holds(expr, SIGN)?
                    }
                    ast::CastKind::Cast => {}
                    ast::CastKind::DoubleColon => {
                        self.only(&[Dialect::Postgres], "::")?;
                        self.holds(expr, CAST)?;
                    }
                    ast::CastKind::TryCast | ast::CastKind::SafeCast => return self.refuse("write CAST"),
                }
                Ok(Expr::Cast(self.boxed(expr)?, self.kind(data_type)?))
            }
            E::Convert { is_try, expr, data_type, charset, target_before_value, styles } => {
                self.only(&[Dialect::Mysql], "CONVERT")?;
                self.never(*is_try || *target_before_value || !styles.is_empty(), "this form of CONVERT")?;
                let value = self.boxed(expr)?;
                match (data_type, charset) {
                    (Some(kind), None) => Ok(Expr::Cast(value, self.kind(kind)?)),
                    (None, Some(set)) => {
                        let set = self.simple(set)?.to_ascii_lowercase();
                        if !SETS.contains(&set.as_str()) {
                            return self.refuse("this character set is not allowed: write utf8mb4");
                        }
                        Ok(Expr::Using(value, set))
                    }
                    _ => self.refuse("this form of CONVERT is not allowed"),
                }
            }
            E::TypedString(ast::TypedString { data_type, value, uses_odbc_syntax }) => {
                self.never(*uses_odbc_syntax, "{…}")?;
                self.only(&[Dialect::Postgres, Dialect::Mysql], "a type in front of a text")?;
                let kind = self.kind(data_type)?;
                // To MariaDB and MySQL any other word in front of a text is a column, and the text its alias.
                let literal = matches!(kind.name.as_str(), "date" | "time" | "timestamp");
                self.never(self.dialect == Dialect::Mysql && !literal, "this type in front of a text")?;
                match self.value(value)? {
                    Expr::Text(text) => Ok(Expr::Typed(kind, text)),
                    _ => self.refuse("a text stands behind this type"),
                }
            }
            E::Interval(interval) => self.interval(interval),
            E::Extract { field, syntax, expr } => {
                self.only(&[Dialect::Postgres, Dialect::Mysql], "EXTRACT")?;
                self.never(*syntax != ast::ExtractSyntax::From, "a comma in EXTRACT")?;
                let field = self.field(field)?;
                Ok(Expr::Extract(field, self.boxed(expr)?))
            }
            E::Ceil { expr, field } => self.rounding("ceil", expr, field),
            E::Floor { expr, field } => self.rounding("floor", expr, field),
            E::Position { expr, r#in } => {
                self.only(&[Dialect::Postgres, Dialect::Mysql], "POSITION")?;
                let part = self.boxed(expr)?;
                Ok(Expr::Position(part, self.boxed(r#in)?))
            }
            E::Substring { expr, substring_from, substring_for, special: _, shorthand } => {
                let mut list = vec![self.expr(expr)?];
                list.extend(self.maybe(substring_from.as_deref(), Self::expr)?);
                if let Some(length) = substring_for {
                    if list.len() == 1 {
                        list.push(Expr::Number("1".to_owned()));
                    }
                    list.push(self.expr(length)?);
                }
                Ok(Expr::call(if *shorthand { "substr" } else { "substring" }, list))
            }
            E::Trim { trim_where, trim_what, expr, trim_characters } => {
                self.trim(trim_where.as_ref(), trim_what.as_deref(), expr, trim_characters.as_deref())
            }
            E::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.only(&[Dialect::Postgres], "OVERLAY")?;
                Ok(Expr::Overlay {
                    expr: self.boxed(expr)?,
                    with: self.boxed(overlay_what)?,
                    from: self.boxed(overlay_from)?,
                    length: self.maybe(overlay_for.as_deref(), Self::boxed)?,
                })
            }
            other => self.expr(other),
        }
    }

    fn rounding(&mut self, name: &str, expr: &ast::Expr, field: &ast::CeilFloorKind) -> Lowered<Expr> {
        match field {
            ast::CeilFloorKind::DateTimeField(ast::DateTimeField::NoDateTime) => {
                Ok(Expr::call(name, vec![self.expr(expr)?]))
            }
            ast::CeilFloorKind::DateTimeField(_) | ast::CeilFloorKind::Scale(_) => {
                self.refuse(format!("{name} takes one argument"))
            }
        }
    }

    fn trim(
        &mut self,
        side: Option<&ast::TrimWhereField>,
        what: Option<&ast::Expr>,
        expr: &ast::Expr,
        characters: Option<&[ast::Expr]>,
    ) -> Lowered<Expr> {
        let side = side.map(|side| match side {
            ast::TrimWhereField::Both => "BOTH",
            ast::TrimWhereField::Leading => "LEADING",
            ast::TrimWhereField::Trailing => "TRAILING",
        });
        if side.is_some() || what.is_some() {
            self.only(&[Dialect::Postgres, Dialect::Mysql], "FROM in TRIM")?;
        }
        let expr = self.boxed(expr)?;
        let Some(characters) = characters else {
            let what = self.maybe(what, Self::boxed)?;
            if let (Some(what), Dialect::Postgres) = (&what, self.dialect) {
                self.meets(Demand::Short(0), std::slice::from_ref(what.as_ref()))?;
            }
            return Ok(Expr::Trim { side, what, expr });
        };
        let name = match (self.dialect, side) {
            (Dialect::Sqlite, None) => "trim",
            (Dialect::Postgres, None | Some("BOTH")) => "btrim",
            (Dialect::Postgres, Some("LEADING")) => "ltrim",
            (Dialect::Postgres, _) => "rtrim",
            _ => return self.refuse("write TRIM(… FROM …)"),
        };
        let mut list = vec![*expr];
        list.extend(self.exprs(characters)?);
        if let Some(demand) = functions::demand(self.dialect, name) {
            self.meets(demand, &list)?;
        }
        Ok(Expr::call(name, list))
    }

    fn interval(&mut self, interval: &ast::Interval) -> Lowered<Expr> {
        let ast::Interval { value, leading_field, leading_precision, last_field, fractional_seconds_precision } =
            interval;
        self.only(&[Dialect::Postgres, Dialect::Mysql], "INTERVAL")?;
        self.never(leading_precision.is_some() || fractional_seconds_precision.is_some(), "a precision in INTERVAL")?;
        let value = self.boxed(value)?;
        let unit = match (leading_field, last_field) {
            (None, None) => None,
            (Some(first), None) => Some(self.field(first)?.to_owned()),
            (Some(first), Some(last)) => {
                self.only(&[Dialect::Postgres], "TO in INTERVAL")?;
                Some(format!("{} TO {}", self.field(first)?, self.field(last)?))
            }
            (None, Some(_)) => return self.refuse("a unit is missing in INTERVAL"),
        };
        match self.dialect {
            Dialect::Mysql if unit.is_none() => return self.refuse("INTERVAL needs a unit, such as DAY"),
            Dialect::Postgres if !matches!(*value, Expr::Text(_)) => {
                return self.refuse("INTERVAL takes a text: write INTERVAL '1 day', or multiply INTERVAL '1 day'");
            }
            _ => {}
        }
        Ok(Expr::Interval(value, unit))
    }

    /// A part of a time, as it is written in the output.
    fn field(&mut self, field: &ast::DateTimeField) -> Lowered<&'static str> {
        let word = field.to_string().to_ascii_lowercase();
        let fields = match self.dialect {
            Dialect::Postgres => POSTGRES,
            Dialect::Mysql => MYSQL,
            Dialect::Sqlite => &[],
        };
        match fields.iter().find(|known| known.eq_ignore_ascii_case(&word)) {
            Some(known) => Ok(known),
            None => self.refuse(format!("there is no part of a time \"{word}\"")),
        }
    }

    /// Whether the arguments are what a demand asks for.
    pub(super) fn meets(&self, demand: Demand, list: &[Expr]) -> Lowered<()> {
        let (at, met): (usize, fn(&Expr) -> bool) = match demand {
            Demand::Length(at) => (at, |expr| match expr {
                Expr::Number(number) => number.parse::<u64>().is_ok_and(|length| length <= functions::LONGEST),
                _ => false,
            }),
            Demand::Format(at) => {
                (at, |expr| matches!(expr, Expr::Text(format) if functions::is_modest_format(format)))
            }
            Demand::Short(at) => (at, |expr| match expr {
                Expr::Text(text) => text.chars().count() <= functions::SHORT,
                Expr::Place(_) => true,
                _ => false,
            }),
        };
        match (list.get(at), demand) {
            (None, _) => Ok(()),
            (Some(argument), _) if met(argument) => Ok(()),
            (_, Demand::Length(_)) => self.refuse(format!("the length must be a number up to {}", functions::LONGEST)),
            (_, Demand::Format(_)) => self.refuse("the format must be a text, with widths up to 99"),
            (_, Demand::Short(_)) => {
                self.refuse(format!("what is looked for must be a text of up to {} characters", functions::SHORT))
            }
        }
    }
}

const POSTGRES: &[&str] = &[
    "CENTURY",
    "DAY",
    "DECADE",
    "DOW",
    "DOY",
    "EPOCH",
    "HOUR",
    "ISODOW",
    "ISOYEAR",
    "JULIAN",
    "MICROSECONDS",
    "MILLENNIUM",
    "MILLISECONDS",
    "MINUTE",
    "MONTH",
    "QUARTER",
    "SECOND",
    "TIMEZONE",
    "TIMEZONE_HOUR",
    "TIMEZONE_MINUTE",
    "WEEK",
    "YEAR",
];

const MYSQL: &[&str] = &[
    "DAY",
    "DAY_HOUR",
    "DAY_MICROSECOND",
    "DAY_MINUTE",
    "DAY_SECOND",
    "HOUR",
    "HOUR_MICROSECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "MICROSECOND",
    "MINUTE",
    "MINUTE_MICROSECOND",
    "MINUTE_SECOND",
    "MONTH",
    "QUARTER",
    "SECOND",
    "SECOND_MICROSECOND",
    "WEEK",
    "YEAR",
    "YEAR_MONTH",
];
