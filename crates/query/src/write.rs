//! The text of a statement, written piece by piece: the author's text, and places whose values become binds.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::dates::{Days, beginning, whole_day};
use crate::definition::{Column, ColumnHolds, Engine, Parameter, ParameterType};
use crate::error::QueryError;
use crate::finished::fuse;
use crate::identifier::path;
use crate::statement::{Bind, Statement};
use crate::template::{Part, Piece};
use crate::value::Typed;

/// The most places in one statement: fewer than each engine takes (32,766 in SQLite, 65,535 in the others).
const MOST_BINDS: usize = 30_000;

/// The values by name, with their declarations.
pub(crate) type Values<'q> = BTreeMap<&'q str, (&'q Parameter, Typed)>;

/// Writes one statement.
pub(crate) fn write(
    pieces: &[Piece],
    values: &Values<'_>,
    engine: Engine,
    zone: &TimeZone,
) -> Result<Statement, QueryError> {
    let mut writer = Writer { values, engine, zone, sql: String::new(), binds: Vec::new() };
    writer.pieces(pieces)?;
    Ok(Statement { sql: writer.sql, binds: writer.binds })
}

struct Writer<'w, 'q> {
    values: &'w Values<'q>,
    engine: Engine,
    zone: &'w TimeZone,
    sql: String,
    binds: Vec<Bind>,
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Beside a column in a field filter, which tells its type.
    InFilter,
    /// Wherever the author put it.
    Alone,
}

impl Writer<'_, '_> {
    fn pieces(&mut self, pieces: &[Piece]) -> Result<(), QueryError> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Place { name, part } => self.place(name, *part)?,
                Piece::Optional(inside) if self.is_given(inside) => self.pieces(inside)?,
                Piece::Optional(_) => {}
            }
        }
        Ok(())
    }

    /// Adds text, with a blank where it would be read together with what is before it.
    fn text(&mut self, text: &str) {
        let met = self.sql.chars().next_back().zip(text.chars().next());
        if met.is_some_and(|(before, after)| fuse(before, after, self.engine)) {
            self.sql.push(' ');
        }
        self.sql.push_str(text);
    }

    /// Whether every place of a clause has a value.
    fn is_given(&self, pieces: &[Piece]) -> bool {
        pieces.iter().all(|piece| match piece {
            Piece::Text(_) | Piece::Optional(_) => true,
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
        let values = self.values;
        let Some((parameter, typed)) = values.get(name) else {
            return Err(QueryError::Unknown { name: Some(name.to_owned()) });
        };
        match (&parameter.column, part) {
            (Some(column), Part::Whole) => self.filter(parameter, column, typed),
            (_, Part::Start | Part::End) => self.side(parameter, typed, part),
            (None, Part::Whole) => self.plain(parameter, typed),
        }
    }

    /// A value, or a list of values with commas between.
    fn plain(&mut self, parameter: &Parameter, typed: &Typed) -> Result<(), QueryError> {
        match typed {
            Typed::Scalars(binds) => self.list(parameter, binds, Stands::Alone),
            Typed::ListOfDays(days) => {
                let binds: Vec<_> = days.iter().copied().map(Bind::Date).collect();
                self.list(parameter, &binds, Stands::Alone)
            }
            Typed::Identifier(sql) => self.name(parameter, sql),
            // `declared` has refused a range without a column or a side.
            Typed::None | Typed::Days(_) => Err(missing(parameter)),
        }
    }

    fn list(&mut self, parameter: &Parameter, binds: &[Bind], stands: Stands) -> Result<(), QueryError> {
        for (place, bind) in binds.iter().enumerate() {
            self.text(if place > 0 { ", " } else { "" });
            self.bind(parameter, bind.clone(), stands)?;
        }
        Ok(())
    }

    /// A name that the author declared, in the engine's quotes.
    fn name(&mut self, parameter: &Parameter, declared: &str) -> Result<(), QueryError> {
        let message = "a column or a choice is one to three identifiers with dots between, such as o.paid_at";
        let wrong = || QueryError::Declaration { name: parameter.name.clone(), message };
        let name = path(declared, self.engine).ok_or_else(wrong)?;
        self.text(&name);
        Ok(())
    }

    /// One end of a range, in the unit that the column holds.
    fn side(&mut self, parameter: &Parameter, typed: &Typed, part: Part) -> Result<(), QueryError> {
        let Typed::Days(days) = typed else { return Err(missing(parameter)) };
        let message = "takes days with a beginning and an end here, such as \"2026-01-01~2026-01-31\"";
        let open = || QueryError::Value { name: parameter.name.clone(), message };
        let day = if part == Part::Start { days.start } else { days.end }.ok_or_else(open)?;
        let holds = parameter.column.as_ref().map_or(ColumnHolds::Date, |column| column.holds);
        let bind = self.edge(parameter, day, holds)?;
        self.bind(parameter, bind, Stands::Alone)
    }

    /// A whole predicate on the column; one that is always true when there is no value.
    fn filter(&mut self, parameter: &Parameter, column: &Column, typed: &Typed) -> Result<(), QueryError> {
        match typed {
            Typed::None => self.text("1 = 1"),
            Typed::Scalars(binds) => {
                self.name(parameter, &column.sql)?;
                let several = binds.len() > 1;
                self.text(if several { " IN (" } else { " = " });
                self.list(parameter, binds, Stands::InFilter)?;
                self.text(if several { ")" } else { "" });
            }
            Typed::ListOfDays(days) => {
                let spans: Vec<_> = days.iter().copied().map(whole_day).collect();
                self.within(parameter, column, &spans)?;
            }
            Typed::Days(days) => self.within(parameter, column, &[*days])?,
            // `check_parameter` has refused an identifier with a column.
            Typed::Identifier(_) => return Err(missing(parameter)),
        }
        Ok(())
    }

    /// The column lies in one of these spans, each half open, so that a moment belongs to one day only.
    fn within(&mut self, parameter: &Parameter, column: &Column, spans: &[Days]) -> Result<(), QueryError> {
        self.text("(");
        for (place, days) in spans.iter().enumerate() {
            self.text(if place > 0 { " OR " } else { "" });
            let sides = [(days.start, " >= "), (days.end, " < ")];
            let sides: Vec<_> = sides.into_iter().filter_map(|(day, sign)| Some((day?, sign))).collect();
            // Everything up to the last day that there is.
            self.text(if sides.is_empty() { "1 = 1" } else { "" });
            for (place, (day, sign)) in sides.into_iter().enumerate() {
                self.text(if place > 0 { " AND " } else { "" });
                self.name(parameter, &column.sql)?;
                self.text(sign);
                let bind = self.edge(parameter, day, column.holds)?;
                self.bind(parameter, bind, Stands::InFilter)?;
            }
        }
        self.text(")");
        Ok(())
    }

    /// The beginning of a day, as the column holds it. A day begins in the caller's zone.
    fn edge(&self, parameter: &Parameter, day: Date, holds: ColumnHolds) -> Result<Bind, QueryError> {
        let message = "lies outside of the moments that can be computed";
        let out = || QueryError::Value { name: parameter.name.clone(), message };
        let moment = || beginning(day, self.zone).ok_or_else(out);
        Ok(match holds {
            ColumnHolds::Value | ColumnHolds::Date => Bind::Date(day),
            ColumnHolds::Timestamp => Bind::Timestamp(moment()?),
            ColumnHolds::EpochSeconds => Bind::Int(moment()?.as_second()),
            ColumnHolds::EpochMillis => Bind::Int(moment()?.as_millisecond()),
        })
    }

    /// Writes a place, with a cast where the value's own type must decide (see [`Bind`]).
    fn bind(&mut self, parameter: &Parameter, bind: Bind, stands: Stands) -> Result<(), QueryError> {
        if self.binds.len() >= MOST_BINDS {
            let message = "has more values than one statement takes; give fewer";
            return Err(QueryError::Value { name: parameter.name.clone(), message });
        }
        let number = self.binds.len() + 1;
        let written = match self.engine {
            Engine::Postgres => format!("${number}{}", postgres_cast(parameter.kind, &bind, stands)),
            Engine::Mysql => mysql_place(&bind, stands),
            Engine::Sqlite => format!("?{number}"),
        };
        self.text(&written);
        self.binds.push(bind);
        Ok(())
    }
}

/// A number is typed as the same number in the SQL would be, so that it compares and computes alike.
fn postgres_cast(kind: ParameterType, bind: &Bind, stands: Stands) -> &'static str {
    match (bind, stands) {
        // An identifier's column may be of any type.
        (Bind::Int(_), _) if kind == ParameterType::Id => "",
        (Bind::Int(value), _) if kind == ParameterType::Number && i32::try_from(*value).is_ok() => "::int4",
        (Bind::Int(_), _) => "::int8",
        (Bind::Decimal(_), _) => "::numeric",
        (Bind::Bool(_), Stands::Alone) => "::boolean",
        (Bind::Date(_), Stands::Alone) => "::date",
        (Bind::Timestamp(_), Stands::Alone) => "::timestamptz",
        _ => "",
    }
}

/// The protocol has no decimals and dates of its own that MariaDB would keep: as text they would be compared as
/// floating-point numbers or as text.
fn mysql_place(bind: &Bind, stands: Stands) -> String {
    match (bind, stands) {
        (Bind::Decimal(text), _) => {
            let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            format!("CAST(? AS DECIMAL(65,{scale}))")
        }
        (Bind::Date(_), Stands::Alone) => "CAST(? AS DATE)".to_owned(),
        (Bind::Timestamp(_), Stands::Alone) => "CAST(? AS DATETIME)".to_owned(),
        _ => "?".to_owned(),
    }
}

fn missing(parameter: &Parameter) -> QueryError {
    QueryError::Missing { name: parameter.name.clone() }
}
