//! What is checked when a card is saved, so that a viewer never meets it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;

use crate::definition::{ColumnHolds, Engine, NativeQuery, Parameter, ParameterType, Snippets, ValuesSource};
use crate::error::QueryError;
use crate::identifier::{is_name, is_path};
use crate::template::{Part, Piece, parse};
use crate::value::read;

/// How a parameter stands in a template.
#[derive(Default, Clone, Copy)]
pub(crate) struct Use {
    whole: bool,
    side: bool,
}

/// Checks a card's query: the template reads as SQL with places for at least one engine, every place is declared, every
/// declared parameter is used, and every default fits.
///
/// One engine is enough because a card is written for one data source; a run reads the template as the engine of
/// the tenant's placement does, and refuses what that engine would read otherwise.
pub fn check(query: &NativeQuery, snippets: &Snippets) -> Result<(), QueryError> {
    for parameter in &query.parameters {
        check_parameter(parameter)?;
    }
    let mut first_error = None;
    for engine in Engine::ALL {
        match parse(&query.sql, snippets, engine).and_then(|pieces| declared(query, &used(&pieces))) {
            Ok(()) => return Ok(()),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    first_error.map_or(Ok(()), Err)
}

/// The places of a template by name.
pub(crate) fn used(pieces: &[Piece]) -> BTreeMap<String, Use> {
    let mut found: BTreeMap<String, Use> = BTreeMap::new();
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Place { name, part } => {
                let uses = found.entry(name.clone()).or_default();
                *(if *part == Part::Whole { &mut uses.whole } else { &mut uses.side }) = true;
            }
            Piece::Optional(inside) => {
                for (name, inner) in used(inside) {
                    let uses = found.entry(name).or_default();
                    uses.whole |= inner.whole;
                    uses.side |= inner.side;
                }
            }
        }
    }
    found
}

/// Places and declarations belong together, one to one.
pub(crate) fn declared(query: &NativeQuery, used: &BTreeMap<String, Use>) -> Result<(), QueryError> {
    let mut names = BTreeSet::new();
    for parameter in &query.parameters {
        let wrong = |message| QueryError::Declaration { name: parameter.name.clone(), message };
        if !names.insert(parameter.name.as_str()) {
            return Err(wrong("is declared twice"));
        }
        // A filter that does nothing looks like one that works.
        let Some(uses) = used.get(&parameter.name) else {
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
    match used.keys().find(|name| !names.contains(name.as_str())) {
        None => Ok(()),
        Some(name) => Err(QueryError::Declaration {
            name: name.clone(),
            message: "is used in the SQL and not declared: add it to \"parameters\"",
        }),
    }
}

/// Checks one declaration by itself.
pub fn check_parameter(parameter: &Parameter) -> Result<(), QueryError> {
    let shown = if is_name(&parameter.name) { parameter.name.clone() } else { "name".to_owned() };
    let wrong = |message| Err(QueryError::Declaration { name: shown.clone(), message });
    if !is_name(&parameter.name) {
        return wrong("a name is a letter or _, then letters, digits and _, 64 at most");
    }
    if parameter.label.as_ref().is_some_and(|label| label.chars().count() > 200 || label.chars().any(char::is_control))
    {
        return wrong("a label has at most 200 characters and no line breaks");
    }
    let is_identifier = parameter.kind == ParameterType::Identifier;
    if let Some(column) = &parameter.column {
        if is_identifier {
            return wrong("an identifier stands in the SQL itself and has no column");
        }
        if !is_path(&column.sql) {
            return wrong("a column is one to three identifiers with dots between, such as o.paid_at");
        }
        let is_date = matches!(parameter.kind, ParameterType::Date | ParameterType::DateRange);
        if !is_date && column.holds != ColumnHolds::Value {
            return wrong("\"holds\" is for dates and date ranges");
        }
    }
    if parameter.multiple && matches!(parameter.kind, ParameterType::DateRange | ParameterType::Identifier) {
        return wrong("date ranges and identifiers take one value");
    }
    if !is_identifier && !parameter.choices.is_empty() {
        return wrong("\"choices\" are for type identifier; use \"values\" for a list to choose from");
    }
    if parameter
        .choices
        .iter()
        .any(|choice| !is_path(&choice.sql) || choice.value.is_empty() || choice.value.len() > 200)
    {
        return wrong("each choice has a value, and as sql one to three identifiers with dots between");
    }
    let any_day = date(2024, 1, 1);
    if let Some(ValuesSource::Static(values)) = &parameter.values
        && values
            .iter()
            .any(|one| one.value.is_null() || one.value.is_array() || read(parameter, &one.value, any_day).is_err())
    {
        return wrong("each of the static values must fit the parameter's type");
    }
    match &parameter.default {
        // A dashboard's filter has no choices of its own: its card's parameter checks.
        Some(_) if is_identifier && parameter.choices.is_empty() => Ok(()),
        Some(value) if read(parameter, value, any_day).is_err() => {
            wrong("the default does not fit the parameter's type")
        }
        _ => Ok(()),
    }
}
