//! Patterns over a tenant's slug and attributes, for placement templates.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::slug::Slug;

/// Why a pattern has no value for a tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A brace that does not belong to a known name.
    #[error("write {{slug}} or {{attributes.name}}; a brace has no other meaning here")]
    Syntax,
    /// The tenant lacks the attribute.
    #[error("the tenant has no attribute {0}, which this pattern needs (texts and numbers only)")]
    MissingAttribute(String),
}

enum Piece<'p> {
    Text(&'p str),
    Slug,
    Attribute(&'p str),
}

/// Checks a pattern and says whether it differs between tenants at all.
pub(crate) fn varies(pattern: &str) -> Result<bool, PatternError> {
    Ok(pieces(pattern)?.iter().any(|piece| !matches!(piece, Piece::Text(_))))
}

/// The pattern's text for one tenant.
pub(crate) fn expand(pattern: &str, slug: &Slug, attributes: &BTreeMap<String, Value>) -> Result<String, PatternError> {
    let mut out = String::new();
    for piece in pieces(pattern)? {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slug => out.push_str(slug.as_str()),
            Piece::Attribute(name) => match attributes.get(name) {
                Some(Value::String(text)) => out.push_str(text),
                Some(Value::Number(number)) => out.push_str(&number.to_string()),
                _ => return Err(PatternError::MissingAttribute(name.to_owned())),
            },
        }
    }
    Ok(out)
}

fn pieces(pattern: &str) -> Result<Vec<Piece<'_>>, PatternError> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').ok_or(PatternError::Syntax)?;
        if before.contains('}') {
            return Err(PatternError::Syntax);
        }
        pieces.push(Piece::Text(before));
        pieces.push(match name.strip_prefix("attributes.") {
            None if name == "slug" => Piece::Slug,
            Some(attribute) if !attribute.is_empty() => Piece::Attribute(attribute),
            _ => return Err(PatternError::Syntax),
        });
        rest = tail;
    }
    if rest.contains('}') {
        return Err(PatternError::Syntax);
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}
