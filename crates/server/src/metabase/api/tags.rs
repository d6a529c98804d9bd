//! Template tags: the parameters of a card as clients read and write them.

use std::collections::{BTreeMap, BTreeSet};

use query::{MOST_PARAMETERS, Parameter, ParameterType};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::denied::Denied;

/// A parameter that a client declares.
#[derive(Deserialize)]
pub(super) struct Tag {
    r#type: String,
    #[serde(default)]
    default: Value,
    #[serde(default)]
    required: Option<bool>,
    #[serde(default, rename = "display-name")]
    label: Option<String>,
}

/// A card's parameters as tags.
pub(super) fn written(parameters: &[Parameter]) -> Map<String, Value> {
    parameters
        .iter()
        .map(|own| {
            let kind = written_kind(own);
            let label = own.label.as_ref().unwrap_or(&own.name);
            let tag = json!({ "id": own.name, "name": own.name, "display-name": label, "type": kind,
                "required": own.required, "default": own.default });
            (own.name.clone(), tag)
        })
        .collect()
}

fn kind(kind: ParameterType) -> &'static str {
    match kind {
        ParameterType::Text | ParameterType::Id | ParameterType::Identifier => "text",
        ParameterType::Number => "number",
        ParameterType::Boolean => "boolean",
        ParameterType::Date | ParameterType::DateRange => "date",
    }
}

/// The parameters of a question that is not saved. Tags that the SQL does not use are passed over, as clients leave them behind;
/// so are snippets, which are found by their names.
pub(super) fn read(tags: BTreeMap<String, Tag>, sql: &str) -> Result<Vec<Parameter>, Denied> {
    read_over(tags, sql, &[])
}

/// The same for a card that has parameters already: what a tag has no words for stays as it is.
pub(super) fn read_over(tags: BTreeMap<String, Tag>, sql: &str, own: &[Parameter]) -> Result<Vec<Parameter>, Denied> {
    let names = names(sql);
    let used = |(name, tag): &(String, Tag)| tag.r#type != "snippet" && names.contains(name.as_str());
    let tags: Vec<(String, Tag)> = tags.into_iter().filter(used).collect();
    // Each is looked for in the whole text, so this comes before the desk's own limit.
    if tags.len() > MOST_PARAMETERS {
        return Err(Denied::field(
            "template-tags",
            format!("may name {MOST_PARAMETERS} values that the SQL uses at most"),
        ));
    }
    let read =
        |(name, tag): (String, Tag)| match own.iter().find(|own| own.name == name && written_kind(own) == tag.r#type) {
            Some(own) => Ok(over(own, tag)),
            None => {
                let is_list = takes_lists(sql, &name);
                parameter(name, tag, is_list)
            }
        };
    tags.into_iter().map(read).collect()
}

fn over(own: &Parameter, tag: Tag) -> Parameter {
    let label = match tag.label {
        // A name for people that is not written is shown as the name for programs.
        Some(label) if label == own.name => own.label.clone().filter(|own| *own == label),
        Some(label) => Some(label),
        None => own.label.clone(),
    };
    Parameter { label, required: tag.required.unwrap_or(own.required), default: some(tag.default), ..own.clone() }
}

fn some(value: Value) -> Option<Value> {
    Some(value).filter(|value| !value.is_null() && value.as_str() != Some(""))
}

fn written_kind(own: &Parameter) -> &'static str {
    if own.column.is_some() { "dimension" } else { kind(own.kind) }
}

/// What stands between double braces.
fn names(sql: &str) -> BTreeSet<&str> {
    sql.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim).collect()
}

/// Whether the SQL has room for several values wherever the name stands: between brackets or commas, as in `IN ({{x}})`.
fn takes_lists(sql: &str, name: &str) -> bool {
    let parts: Vec<&str> = sql.split("{{").collect();
    parts.windows(2).all(|pair| {
        let [before, inside] = pair else { return true };
        let Some((own, after)) = inside.split_once("}}") else { return true };
        own.trim() != name || (before.trim_end().ends_with(['(', ',']) && after.trim_start().starts_with([')', ',']))
    })
}

fn parameter(name: String, tag: Tag, is_list: bool) -> Result<Parameter, Denied> {
    let kind = match tag.r#type.as_str() {
        "text" => ParameterType::Text,
        "number" => ParameterType::Number,
        "boolean" => ParameterType::Boolean,
        "date" => ParameterType::Date,
        _ => {
            let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let field = if plain { format!("template-tags.{name}.type") } else { "template-tags".to_owned() };
            let cure = "must be text, number, date or boolean here; field filters, snippets and other cards belong to \
                 saved cards: make one with POST /v1/content/cards";
            return Err(Denied::field(field, cure));
        }
    };
    Ok(Parameter {
        name,
        label: tag.label,
        kind,
        required: tag.required.unwrap_or(false),
        // A variable with several values is a list of them there.
        multiple: is_list && kind != ParameterType::Boolean && kind != ParameterType::Date,
        default: some(tag.default),
        default_attribute: None,
        column: None,
        choices: Vec::new(),
        values: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_the_sql_uses_are_found() {
        let sql = "SELECT {{ a }} [[ AND b = {{b}} ]] {{unended";
        let uses = |sql, name| names(sql).contains(name);
        assert!(uses(sql, "a") && uses(sql, "b"));
        assert!(takes_lists("a IN ( {{ x }} ) OR f(1, {{x}})", "x") && takes_lists("a = {{y}} AND b IN ({{x}})", "x"));
        assert!(!takes_lists("a >= {{x}}", "x") && !takes_lists("a IN ({{x}}) [[AND (a = {{x}})]]", "x"));
        assert!(!uses(sql, "c") && !uses(sql, "AND b =") && !uses("a b", "a"));
    }
}
