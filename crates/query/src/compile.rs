//! A template and its values become one statement.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::check::{declared, used};
use crate::dates::Days;
use crate::definition::{Column, ColumnHolds, Engine, NativeQuery, Parameter, Snippets};
use crate::error::QueryError;
use crate::identifier::is_name;
use crate::template::{Part, Piece, parse};
use crate::value::{Typed, read};

/// Values by parameter name. `null` means no value, an absent name takes the default.
pub type Given = BTreeMap<String, Value>;

/// What a compilation depends on beside the card and the values.
pub struct Context<'a> {
    /// The engine that will run the statement.
    pub engine: Engine,
    /// The time that relative dates are relative to.
    pub now: Timestamp,
    /// The zone in which days begin.
    pub timezone: &'a TimeZone,
    /// The tenant's attributes, for defaults.
    pub attributes: &'a BTreeMap<String, Value>,
}

/// A value for a place in a statement. No `Debug` and no `Display`: it is a tenant's.
///
/// PostgreSQL tells the type of each place when it prepares a statement; the gateway writes the value in that type.
#[derive(Clone, PartialEq)]
pub enum Bind {
    /// NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary floating-point number.
    Float(f64),
    /// A decimal number, exact, as text.
    Decimal(String),
    /// Text.
    Text(String),
    /// A day.
    Date(Date),
    /// A day and time without a zone.
    DateTime(DateTime),
    /// A moment.
    Timestamp(Timestamp),
}

/// One statement and the values for its places, in their order. No `Debug`: both are a tenant's.
///
/// Places are `$1`, `$2`, … for PostgreSQL and SQLite's `?1` for SQLite; `?` for MariaDB and MySQL.
pub struct Statement {
    sql: String,
    binds: Vec<Bind>,
}

impl Statement {
    /// The text.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The values.
    #[must_use]
    pub fn binds(&self) -> &[Bind] {
        &self.binds
    }

    /// A statement as it is, for the gateway's own tests.
    #[doc(hidden)]
    #[must_use]
    pub fn for_tests(sql: String, binds: Vec<Bind>) -> Self {
        Self { sql, binds }
    }
}

/// Compiles a card for one engine with the values that were given.
pub fn compile(
    query: &NativeQuery,
    snippets: &Snippets,
    given: &Given,
    context: &Context<'_>,
) -> Result<Statement, QueryError> {
    let pieces = parse(&query.sql, snippets, context.engine)?;
    declared(query, &used(&pieces))?;
    if let Some(name) = given.keys().find(|name| !query.parameters.iter().any(|parameter| parameter.name == **name)) {
        return Err(QueryError::Unknown { name: is_name(name).then(|| name.clone()) });
    }
    let today = context.timezone.to_datetime(context.now).date();
    let mut values = BTreeMap::new();
    for parameter in &query.parameters {
        values.insert(parameter.name.as_str(), (parameter, value(parameter, given, context, today)?));
    }
    let mut writer = Writer { context, values, sql: String::with_capacity(query.sql.len() + 64), binds: Vec::new() };
    writer.pieces(&pieces)?;
    Ok(Statement { sql: writer.sql, binds: writer.binds })
}

/// The value that was given, or the tenant's default, or the card's.
fn value(parameter: &Parameter, given: &Given, context: &Context<'_>, today: Date) -> Result<Typed, QueryError> {
    let attribute = || parameter.default_attribute.as_ref().and_then(|name| context.attributes.get(name));
    let chosen = given.get(&parameter.name).or_else(attribute).or(parameter.default.as_ref());
    let typed = chosen.map_or(Ok(Typed::None), |value| read(parameter, value, today))?;
    if typed.is_none() && parameter.required {
        return Err(QueryError::Missing { name: parameter.name.clone() });
    }
    Ok(typed)
}

struct Writer<'c, 'q> {
    context: &'c Context<'c>,
    values: BTreeMap<&'q str, (&'q Parameter, Typed)>,
    sql: String,
    binds: Vec<Bind>,
}

impl Writer<'_, '_> {
    fn pieces(&mut self, pieces: &[Piece]) -> Result<(), QueryError> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.sql.push_str(text),
                Piece::Place { name, part } => self.place(name, *part)?,
                Piece::Optional(inside) if self.is_given(inside) => self.pieces(inside)?,
                Piece::Optional(_) => {}
            }
        }
        Ok(())
    }

    /// Whether every place of a clause has a value.
    fn is_given(&self, pieces: &[Piece]) -> bool {
        pieces.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Optional(_) => true,
            Piece::Place { name, part } => {
                self.values.get(name.as_str()).is_some_and(|(_, typed)| match (typed, part) {
                    (Typed::None, _) => false,
                    (Typed::Days(days), Part::Start) => days.start.is_some(),
                    (Typed::Days(days), Part::End) => days.end.is_some(),
                    _ => true,
                })
            }
        })
    }

    fn place(&mut self, name: &str, part: Part) -> Result<(), QueryError> {
        let Some((parameter, typed)) = self.values.get(name).map(|(parameter, typed)| (*parameter, typed.clone()))
        else {
            return Err(QueryError::Unknown { name: Some(name.to_owned()) });
        };
        match (&parameter.column, part) {
            (Some(column), Part::Whole) => self.filter(column, typed),
            (_, Part::Start | Part::End) => self.side(parameter, typed, part),
            (None, Part::Whole) => self.plain(parameter, typed),
        }
    }

    /// A value, or a list of values with commas between.
    fn plain(&mut self, parameter: &Parameter, typed: Typed) -> Result<(), QueryError> {
        match typed {
            Typed::None => return Err(QueryError::Missing { name: parameter.name.clone() }),
            Typed::Scalars(binds) => self.list(binds),
            Typed::Day(day) => self.bind(Bind::Date(day), true),
            Typed::ListOfDays(days) => self.list(days.into_iter().map(Bind::Date).collect()),
            Typed::Identifier(sql) => self.sql.push_str(&sql),
            // `check` has refused a range without a column or a side.
            Typed::Days(_) => return Err(QueryError::Missing { name: parameter.name.clone() }),
        }
        Ok(())
    }

    fn list(&mut self, binds: Vec<Bind>) {
        for (place, bind) in binds.into_iter().enumerate() {
            if place > 0 {
                self.sql.push_str(", ");
            }
            self.bind(bind, true);
        }
    }

    /// One end of a range, in the unit that the column holds.
    fn side(&mut self, parameter: &Parameter, typed: Typed, part: Part) -> Result<(), QueryError> {
        let missing = || QueryError::Missing { name: parameter.name.clone() };
        let Typed::Days(days) = typed else { return Err(missing()) };
        let day = if part == Part::Start { days.start } else { days.end };
        let holds = parameter.column.as_ref().map_or(ColumnHolds::Date, |column| column.holds);
        let bind = self.edge(parameter.name.as_str(), day.ok_or_else(missing)?, holds)?;
        self.bind(bind, true);
        Ok(())
    }

    /// A whole predicate on the column; one that is always true when there is no value.
    fn filter(&mut self, column: &Column, typed: Typed) -> Result<(), QueryError> {
        match typed {
            Typed::None => self.sql.push_str("1 = 1"),
            Typed::Scalars(binds) => {
                self.sql.push_str(&column.sql);
                let several = binds.len() > 1;
                self.sql.push_str(if several { " IN (" } else { " = " });
                for (place, bind) in binds.into_iter().enumerate() {
                    self.sql.push_str(if place > 0 { ", " } else { "" });
                    self.bind(bind, false);
                }
                self.sql.push_str(if several { ")" } else { "" });
            }
            Typed::Day(day) => self.within(column, days_of(&[day])?.as_slice())?,
            Typed::ListOfDays(days) => self.within(column, &days_of(&days)?)?,
            Typed::Days(days) => self.within(column, &[days])?,
            Typed::Identifier(sql) => self.sql.push_str(&sql),
        }
        Ok(())
    }

    /// The column lies in one of these spans, each half open, so that a moment belongs to one day only.
    fn within(&mut self, column: &Column, spans: &[Days]) -> Result<(), QueryError> {
        self.sql.push('(');
        for (place, days) in spans.iter().enumerate() {
            self.sql.push_str(if place > 0 { " OR " } else { "" });
            for (side, sign) in [(days.start, " >= "), (days.end, " < ")] {
                let Some(day) = side else { continue };
                if sign == " < " && days.start.is_some() {
                    self.sql.push_str(" AND ");
                }
                self.sql.push_str(&column.sql);
                self.sql.push_str(sign);
                let bind = self.edge("", day, column.holds)?;
                self.bind(bind, false);
            }
        }
        self.sql.push(')');
        Ok(())
    }

    /// The beginning of a day, as the column holds it. A day begins in the caller's zone.
    fn edge(&self, name: &str, day: Date, holds: ColumnHolds) -> Result<Bind, QueryError> {
        let out = |_| QueryError::Value { name: name.to_owned(), message: "lies outside of what can be computed" };
        // A midnight that a change of clocks skips is the first moment after the gap.
        let moment = || self.context.timezone.to_timestamp(day.at(0, 0, 0, 0)).map_err(out);
        Ok(match holds {
            ColumnHolds::Value | ColumnHolds::Date => Bind::Date(day),
            ColumnHolds::Timestamp => Bind::Timestamp(moment()?),
            ColumnHolds::EpochSeconds => Bind::Int(moment()?.as_second()),
            ColumnHolds::EpochMillis => Bind::Int(moment()?.as_millisecond()),
        })
    }

    /// Writes a place. Outside of a filter PostgreSQL may have nothing to learn the type from
    /// (`SELECT {{day}} + interval '1 day'`), so types that the value fixes are written with it. Whole numbers and texts
    /// stay bare: they must fit columns of many types.
    fn bind(&mut self, bind: Bind, alone: bool) {
        self.binds.push(bind);
        let number = self.binds.len();
        // Writing to a string does not fail.
        let _ = match self.context.engine {
            Engine::Postgres => write!(self.sql, "${number}"),
            Engine::Sqlite => write!(self.sql, "?{number}"),
            Engine::Mysql => write!(self.sql, "?"),
        };
        if alone && self.context.engine == Engine::Postgres {
            let cast = match self.binds.last() {
                Some(Bind::Bool(_)) => "::boolean",
                Some(Bind::Decimal(_)) => "::numeric",
                Some(Bind::Date(_)) => "::date",
                Some(Bind::Timestamp(_)) => "::timestamptz",
                _ => "",
            };
            self.sql.push_str(cast);
        }
    }
}

fn days_of(days: &[Date]) -> Result<Vec<Days>, QueryError> {
    let span = |day: &Date| {
        let end = day.tomorrow().ok()?;
        Some(Days { start: Some(*day), end: Some(end) })
    };
    let out = || QueryError::Value { name: String::new(), message: "lies outside of what can be computed" };
    days.iter().map(span).collect::<Option<Vec<_>>>().ok_or_else(out)
}
