//! What is checked when a card is saved, so that a viewer never meets it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::dates::whole_day;
use crate::definition::{ColumnHolds, Engine, NativeQuery, Parameter, ParameterType, Snippets, ValuesSource};
use crate::error::QueryError;
use crate::finished::verify;
use crate::identifier::{is_name, is_path};
use crate::lexer::error;
use crate::statement::{Bind, Statement};
use crate::template::{Part, Piece, parse};
use crate::value::{Typed, read};
use crate::write::write;

/// With more optional parameters than this, not every combination is tried, but each alone and each left out.
const EVERY_COMBINATION: usize = 6;

/// The most parameters of a card; each costs two readings of the finished text when it is saved.
pub const MOST_PARAMETERS: usize = 100;

/// Checks a card's query where the engine is not known: at least one engine must take it.
///
/// What is checked: the template reads as SQL with places, every place is declared, every declared parameter is used,
/// defaults, choices and static values fit, and each combination of optional clauses is one statement whose places are
/// code. A run reads the template as the engine of the tenant's placement does, and checks the finished text again.
///
/// # Errors
/// The error of the engine that came furthest.
pub fn check(query: &NativeQuery, snippets: &Snippets) -> Result<(), QueryError> {
    check_declarations(query)?;
    let mut furthest: Option<QueryError> = None;
    for engine in Engine::ALL {
        match check_text(query, snippets, engine) {
            Ok(_) => return Ok(()),
            Err(error) if furthest.as_ref().is_none_or(|known| reach(known) < reach(&error)) => furthest = Some(error),
            Err(_) => {}
        }
    }
    furthest.map_or(Ok(()), Err)
}

/// Checks a card's query for the engines that will run it: each must take it, and all must read the same places in the
/// same clauses. A quote or a comment that one engine reads otherwise would make another question of the same card.
///
/// # Errors
/// The first engine's error, or one that says that the engines disagree.
pub fn check_for(query: &NativeQuery, snippets: &Snippets, engines: &[Engine]) -> Result<(), QueryError> {
    check_declarations(query)?;
    let mut first: Option<Vec<Piece>> = None;
    for engine in engines {
        let shape = shape(check_text(query, snippets, *engine)?);
        if *first.get_or_insert_with(|| shape.clone()) != shape {
            let message = "the card's engines read this differently: look for \\ in quotes, #, \"…\", $$ and comments";
            return Err(error(&query.sql, 0, message));
        }
    }
    Ok(())
}

fn check_declarations(query: &NativeQuery) -> Result<(), QueryError> {
    if query.parameters.len() > MOST_PARAMETERS {
        return Err(error(&query.sql, 0, "a card has at most 100 parameters"));
    }
    for parameter in &query.parameters {
        check_parameter(parameter)?;
        // A dashboard's filter has none of its own; a card must.
        if parameter.kind == ParameterType::Identifier && parameter.choices.is_empty() {
            let message = "an identifier needs \"choices\", each with a value and its sql";
            return Err(QueryError::Declaration { name: parameter.name.clone(), message });
        }
    }
    Ok(())
}

/// How far the reading of a template came.
fn reach(error: &QueryError) -> (u32, u32) {
    match error {
        QueryError::Template { line, column, .. } => (*line, *column),
        QueryError::Declaration { .. }
        | QueryError::Unknown { .. }
        | QueryError::Value { .. }
        | QueryError::Missing { .. } => (u32::MAX, u32::MAX),
    }
}

/// Reads the template as one engine does, and writes it in each combination of values that are there and not there.
fn check_text(query: &NativeQuery, snippets: &Snippets, engine: Engine) -> Result<Vec<Piece>, QueryError> {
    let pieces = parse(&query.sql, snippets, engine)?;
    declared(query, &pieces)?;
    every_combination(query, &pieces, engine)?;
    Ok(pieces)
}

fn every_combination(query: &NativeQuery, pieces: &[Piece], engine: Engine) -> Result<Vec<Statement>, QueryError> {
    let mut statements = Vec::new();
    for given in combinations(query.parameters.len()) {
        let values = query.parameters.iter().zip(given);
        let values = values.map(|(parameter, given)| {
            let value = if given { sample(parameter) } else { Typed::None };
            (parameter.name.as_str(), (parameter, value))
        });
        match write(pieces, &values.collect(), engine, &TimeZone::UTC) {
            Ok(statement) => {
                verify(statement.sql(), statement.binds().len(), engine)?;
                statements.push(statement);
            }
            // A place outside of a clause has a value or there is no statement.
            Err(QueryError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(statements)
}

/// A card's statements with sample values, each combination of optional clauses once: for who reads them further.
///
/// # Errors
/// What [`check_for`] would say for this engine.
pub fn rehearse(query: &NativeQuery, snippets: &Snippets, engine: Engine) -> Result<Vec<Statement>, QueryError> {
    check_declarations(query)?;
    let pieces = parse(&query.sql, snippets, engine)?;
    declared(query, &pieces)?;
    every_combination(query, &pieces, engine)
}

/// Which of so many parameters have a value.
fn combinations(count: usize) -> Vec<Vec<bool>> {
    if count <= EVERY_COMBINATION {
        return (0..1_u32 << count).map(|bits| (0..count).map(|place| bits >> place & 1 == 1).collect()).collect();
    }
    let all_but = |others: bool| (0..=count).map(move |one| (0..count).map(|place| (place == one) != others).collect());
    all_but(true).chain(all_but(false)).collect()
}

/// A value of the parameter's kind.
fn sample(parameter: &Parameter) -> Typed {
    let day = date(2024, 1, 1);
    let scalar = match parameter.kind {
        ParameterType::Text => Bind::Text(String::new()),
        ParameterType::Number => Bind::Decimal("0.5".to_owned()),
        ParameterType::Boolean => Bind::Bool(true),
        ParameterType::Id => Bind::Int(1),
        ParameterType::Date => Bind::Date(day),
        ParameterType::DateRange => return Typed::Days(whole_day(day)),
        ParameterType::Identifier => {
            return parameter.choices.first().map_or(Typed::None, |choice| Typed::Identifier(choice.sql.clone()));
        }
    };
    let count = if parameter.multiple { 2 } else { 1 };
    match parameter.kind {
        ParameterType::Date => Typed::ListOfDays(vec![day; count]),
        _ => Typed::Scalars(vec![scalar; count]),
    }
}

/// The places without the text between them.
fn shape(pieces: Vec<Piece>) -> Vec<Piece> {
    let place = |piece| match piece {
        Piece::Text(_) => None,
        Piece::Optional(inside) => Some(Piece::Optional(shape(inside))),
        place @ Piece::Place { .. } => Some(place),
    };
    pieces.into_iter().filter_map(place).collect()
}

/// How a parameter stands in a template.
#[derive(Default, Clone, Copy)]
struct Use {
    whole: bool,
    side: bool,
}

/// The places of a template by name.
fn used<'p>(pieces: &'p [Piece], found: &mut BTreeMap<&'p str, Use>) {
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Place { name, part } => {
                let uses = found.entry(name).or_default();
                *(if *part == Part::Whole { &mut uses.whole } else { &mut uses.side }) = true;
            }
            Piece::Optional(inside) => used(inside, found),
        }
    }
}

/// Places and declarations belong together, one to one.
pub(crate) fn declared(query: &NativeQuery, pieces: &[Piece]) -> Result<(), QueryError> {
    let mut places = BTreeMap::new();
    used(pieces, &mut places);
    let mut names = BTreeSet::new();
    for parameter in &query.parameters {
        let wrong = |message| QueryError::Declaration { name: parameter.name.clone(), message };
        if !names.insert(parameter.name.as_str()) {
            return Err(wrong("is declared twice"));
        }
        // A filter that does nothing looks like one that works.
        let Some(uses) = places.get(parameter.name.as_str()) else {
            return Err(wrong("is declared and not used: write {{name}} in the SQL, or take it out"));
        };
        let is_range = parameter.kind == ParameterType::DateRange;
        if uses.side && !is_range {
            return Err(wrong("has no .start and .end: only date ranges have"));
        }
        if uses.whole && is_range && parameter.column.is_none() {
            return Err(wrong(
                "a date range needs a \"column\" to filter, or {{name.start}} and {{name.end}} in the SQL",
            ));
        }
    }
    match places.keys().find(|name| !names.contains(*name)) {
        None => Ok(()),
        Some(name) => Err(QueryError::Declaration {
            name: (*name).to_owned(),
            message: "is used in the SQL and not declared: add it to \"parameters\"",
        }),
    }
}

/// Checks one declaration by itself, as a card's or a dashboard's filter has it.
///
/// # Errors
/// What is wrong with the declaration.
pub fn check_parameter(parameter: &Parameter) -> Result<(), QueryError> {
    let shown = if is_name(&parameter.name) { parameter.name.clone() } else { "name".to_owned() };
    let name_rule = "a name is a letter or _, then letters, digits and _, 64 at most";
    let checks = [
        is_name(&parameter.name).then_some(()).ok_or(name_rule),
        check_labels(parameter),
        check_column(parameter),
        check_lists(parameter),
        check_defaults(parameter),
    ];
    let found = checks.into_iter().find_map(Result::err);
    found.map_or(Ok(()), |message| Err(QueryError::Declaration { name: shown, message }))
}

fn check_labels(parameter: &Parameter) -> Result<(), &'static str> {
    let statics = match &parameter.values {
        Some(ValuesSource::Static(values)) => values.as_slice(),
        Some(ValuesSource::Card { .. }) | None => &[],
    };
    let labels = statics.iter().map(|value| &value.label).chain(parameter.choices.iter().map(|choice| &choice.label));
    let long = |label: &String| label.chars().count() > 200 || label.chars().any(char::is_control);
    if labels.chain([&parameter.label]).flatten().any(long) {
        return Err("a label has at most 200 characters and no line breaks");
    }
    Ok(())
}

fn check_column(parameter: &Parameter) -> Result<(), &'static str> {
    let Some(column) = &parameter.column else { return Ok(()) };
    if parameter.kind == ParameterType::Identifier {
        return Err("an identifier stands in the SQL itself and has no column");
    }
    if !is_path(&column.sql) {
        return Err("a column is one to three identifiers with dots between, such as o.paid_at");
    }
    let is_date = matches!(parameter.kind, ParameterType::Date | ParameterType::DateRange);
    if !is_date && column.holds != ColumnHolds::Value {
        return Err("\"holds\" is for dates and date ranges");
    }
    Ok(())
}

fn check_lists(parameter: &Parameter) -> Result<(), &'static str> {
    let is_identifier = parameter.kind == ParameterType::Identifier;
    if parameter.multiple && (is_identifier || parameter.kind == ParameterType::DateRange) {
        return Err("date ranges and identifiers take one value");
    }
    if !is_identifier && !parameter.choices.is_empty() {
        return Err("\"choices\" are for type identifier; use \"values\" for a list to choose from");
    }
    let mut known = BTreeSet::new();
    for choice in &parameter.choices {
        if !is_path(&choice.sql) || choice.value.is_empty() || choice.value.len() > 200 {
            return Err("each choice has a value, and as sql one to three identifiers with dots between");
        }
        if !known.insert(choice.value.as_str()) {
            return Err("each choice has a value of its own");
        }
    }
    match &parameter.values {
        Some(ValuesSource::Static(values)) if values.len() > 1000 => {
            Err("a static list has at most 1000 values; take them from a card")
        }
        Some(ValuesSource::Static(values)) => {
            let fits = |value| matches!(read(parameter, value, date(2024, 1, 1)), Ok(typed) if !typed.is_none());
            let all = values.iter().all(|one| !one.value.is_array() && fits(&one.value));
            all.then_some(()).ok_or("each of the static values must fit the parameter's type")
        }
        Some(ValuesSource::Card { .. }) | None => Ok(()),
    }
}

fn check_defaults(parameter: &Parameter) -> Result<(), &'static str> {
    let is_key = |name: &String| {
        let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        first && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    if parameter.default_attribute.as_ref().is_some_and(|name| !is_key(name)) {
        return Err("\"default_attribute\" is the name of a tenant's attribute: letters, digits, _ and -");
    }
    match &parameter.default {
        // A dashboard's filter has no choices of its own: its card's parameter checks.
        Some(_) if parameter.kind == ParameterType::Identifier && parameter.choices.is_empty() => Ok(()),
        Some(value) if read(parameter, value, date(2024, 1, 1)).is_err() => {
            Err("the default does not fit the parameter's type")
        }
        _ => Ok(()),
    }
}
