//! A template and its values become one statement.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::check::declared;
use crate::definition::{NativeQuery, Parameter, Snippets};
use crate::error::QueryError;
use crate::finished::verify;
use crate::identifier::is_name;
use crate::statement::{Context, Given, Statement};
use crate::template::parse;
use crate::value::{Typed, read};
use crate::write::write;

/// Compiles a card for one engine with the values that were given.
///
/// # Errors
/// The template or a declaration is wrong for this engine, a value does not fit its parameter, a required one is
/// missing, or a name is given that the card does not declare. No error holds a value.
pub fn compile(
    query: &NativeQuery,
    snippets: &Snippets,
    given: &Given,
    context: &Context<'_>,
) -> Result<Statement, QueryError> {
    let pieces = parse(&query.sql, snippets, context.engine)?;
    declared(query, &pieces)?;
    if let Some(name) = given.keys().find(|name| !query.parameters.iter().any(|parameter| parameter.name == **name)) {
        return Err(QueryError::Unknown { name: is_name(name).then(|| name.clone()) });
    }
    let today = context.timezone.to_datetime(context.now).date();
    let mut values = BTreeMap::new();
    for parameter in &query.parameters {
        values.insert(parameter.name.as_str(), (parameter, value(parameter, given, context, today)?));
    }
    let statement = write(&pieces, &values, context.engine, context.timezone)?;
    verify(statement.sql(), statement.binds().len(), context.engine)?;
    Ok(statement)
}

/// The value that was given, or the tenant's default, or the card's.
fn value(parameter: &Parameter, given: &Given, context: &Context<'_>, today: Date) -> Result<Typed, QueryError> {
    let attribute = parameter.default_attribute.as_ref().and_then(|name| context.attributes.get(name));
    let default = attribute.filter(|value| !value.is_null()).or(parameter.default.as_ref());
    let typed =
        given.get(&parameter.name).or(default).map_or(Ok(Typed::None), |value| read(parameter, value, today))?;
    if typed.is_none() && parameter.required {
        return Err(QueryError::Missing { name: parameter.name.clone() });
    }
    Ok(typed)
}
