//! The dashboard's texts in the languages of the other two clients, laid over the library: written once, read in three languages.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Map, Value};
use tenancy::model::translations::Translations;

/// Texts of the demo, in the languages that the library itself does not speak.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Labels of parameters, which many files have: by language, then by the parameter's name.
    labels: Translations,
    /// By file of the library.
    files: BTreeMap<String, Translations>,
}

/// The library's files with their translations. What the library no longer has is left out: it is another team's to change.
pub(super) fn laid_over(mut files: BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
    let words: Words = serde_json::from_str(include_str!("words.json")).context("the demo's words")?;
    for (name, mut translations) in words.files {
        let Some(text) = files.get_mut(&name) else { continue };
        let mut draft: Map<String, Value> =
            serde_json::from_str(text).with_context(|| format!("{name} of the library"))?;
        // What the library says in other languages is better.
        if draft.contains_key("translations") {
            continue;
        }
        let (parameters, items) = (named(&draft, "name"), named(&draft, "id"));
        for (language, texts) in &mut translations {
            let there = |place: &str| match place.strip_prefix("items.").and_then(|rest| rest.split_once('.')) {
                Some((item, _)) => items.iter().any(|id| id == item),
                None => true,
            };
            texts.retain(|place, _| there(place));
            for (parameter, label) in words.labels.get(language).into_iter().flatten() {
                if parameters.contains(parameter) {
                    texts.insert(format!("parameters.{parameter}.label"), label.clone());
                }
            }
        }
        draft.insert("translations".into(), serde_json::to_value(translations)?);
        *text = serde_json::to_string(&draft)?;
    }
    Ok(files)
}

/// Names of a draft's parameters, or ids of its items.
fn named(draft: &Map<String, Value>, field: &str) -> Vec<String> {
    let query = draft.get("query").and_then(|query| query.get("parameters"));
    let lists = [draft.get("parameters"), query, draft.get("items")];
    let all = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
    all.filter_map(|one| one.get(field)?.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::laid_over;

    fn laid(name: &str, draft: &Value) -> Value {
        let files = laid_over(BTreeMap::from([(name.to_owned(), draft.to_string())])).unwrap();
        assert_eq!(files.len(), 1);
        serde_json::from_str(&files[name]).unwrap()
    }

    #[test]
    fn a_dashboard_gets_words_for_what_it_has() {
        let draft =
            json!({ "name": "Overview", "parameters": [{ "name": "course" }], "items": [{ "id": "usage-heading" }] });
        let made = laid("dashboards/overview.json", &draft);
        assert_eq!(made["name"], "Overview");
        let words = &made["translations"]["fr"];
        assert_eq!(words["name"], "Vue d’ensemble");
        assert_eq!(words["items.usage-heading.text"], "Usage");
        assert_eq!(words["parameters.course.label"], "Cours");
        assert!(words["parameters.period.label"].is_null() && words["items.progress-heading.text"].is_null());
    }

    #[test]
    fn the_librarys_own_words_and_other_files_are_kept() {
        let own = json!({ "name": "Overview", "translations": { "fr": { "name": "Bilan" } } });
        assert_eq!(laid("dashboards/overview.json", &own), own);
        assert_eq!(laid("cards/unknown.json", &own), own);
        let card = json!({ "name": "x", "query": { "sql": "", "parameters": [{ "name": "period" }] } });
        assert_eq!(laid("cards/enrolments.json", &card)["translations"]["de"]["parameters.period.label"], "Zeitraum");
    }
}
