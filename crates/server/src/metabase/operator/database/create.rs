//! `POST /api/database`

use axum::response::Response;
use tenancy::model::placing::{Source, SourceDraft};
use tenancy::{OperatorScope, Slug, WriteError};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::{Sent, shaped};
use super::super::admin::{Admin, refused};
use super::details::FIELDS;
use super::shape::Shape;
use super::template::{Fields, engine};
use crate::reply;

/// Makes a data source.
pub(super) async fn create(admin: Admin, Sent(fields): Sent<Fields>) -> Result<Response, Denied> {
    let (draft, may_have_another_slug) = draft(fields)?;
    let source = make(&admin.operator, draft, may_have_another_slug).await?;
    Ok(reply::versioned(source.version, &Shape::of_source(&source)))
}

/// What is to be made, and whether its slug is only derived from its name.
pub(super) fn draft(fields: Fields) -> Result<(SourceDraft, bool), Denied> {
    let name = fields.name.clone().ok_or_else(|| Denied::field("name", "is needed"))?;
    let wanted = fields.engine.as_deref().ok_or_else(|| Denied::field("engine", "is needed"))?;
    let engine = engine(wanted)?;
    let (slug, is_derived) = match &fields.slug {
        Some(text) => (Slug::parse(text).map_err(|error| Denied::field("slug", error.to_string()))?, false),
        None => (
            derived(&name, 1)
                .ok_or_else(|| Denied::field("slug", "is needed: the name has no letter or digit of ASCII"))?,
            true,
        ),
    };
    let mut draft: SourceDraft = shaped(serde_json::json!({ "slug": slug, "name": name, "engine": engine }))?;
    fields.put(&mut draft)?;
    Ok((draft, is_derived))
}

/// Clients name databases for people, and two may have one name.
async fn make(operator: &OperatorScope, draft: SourceDraft, is_derived: bool) -> Result<Source, Denied> {
    let mut slug = draft.slug.clone();
    for count in 2..=99 {
        match operator.create_source(SourceDraft { slug: slug.clone(), ..draft.clone() }).await {
            Err(WriteError::Taken { field: "slug" }) if is_derived => {
                let Some(next) = derived(&draft.name, count) else { break };
                slug = next;
            }
            made => return made.map_err(|error| refused(error, &FIELDS)),
        }
    }
    Err(Denied::field("slug", "is needed: a hundred data sources have this name already"))
}

/// `Main warehouse (EU)` as `main-warehouse-eu`.
fn derived(name: &str, count: u32) -> Option<Slug> {
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut text = parts.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    text.truncate(59);
    let text = text.trim_end_matches('-');
    Slug::parse(&if count < 2 { text.to_owned() } else { format!("{text}-{count}") }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_follow_from_names() {
        let of = |name: &str, count| derived(name, count).map(|slug| slug.to_string());
        assert_eq!(of("Main warehouse (EU)", 1).as_deref(), Some("main-warehouse-eu"));
        assert_eq!(of("Main warehouse (EU)", 12).as_deref(), Some("main-warehouse-eu-12"));
        assert_eq!(of(&"a".repeat(200), 99).map(|slug| slug.len()), Some(62));
        assert_eq!((of("", 1), of("…", 1)), (None, None));
    }
}
