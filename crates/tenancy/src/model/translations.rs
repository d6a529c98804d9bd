//! Titles, labels and texts in other languages.

use std::collections::BTreeMap;

use super::tenant::is_language_tag;
use super::{Invalid, check_text};

/// Texts by language tag, and then by the place that they stand at, such as `name` or `tabs.people`.
pub type Translations = BTreeMap<String, BTreeMap<String, String>>;

const MOST_LANGUAGES: usize = 20;
const MOST_TEXTS: usize = 2000;

/// Checks translations; `longest` is the most characters at a place, or none where there is no such place.
pub(super) fn check(translations: &Translations, longest: impl Fn(&str) -> Option<usize>) -> Result<(), Invalid> {
    if translations.len() > MOST_LANGUAGES || translations.values().map(BTreeMap::len).sum::<usize>() > MOST_TEXTS {
        return Err(Invalid::new("translations", "write at most 20 languages, and 2000 texts in all"));
    }
    for (language, texts) in translations {
        if !is_language_tag(language) {
            return Err(Invalid::new("translations", "name each language by its tag, such as \"fr\" or \"pt-BR\""));
        }
        for (place, text) in texts {
            let field = format!("translations.{language}.{place}");
            let Some(longest) = longest(place) else {
                return Err(Invalid::new(field, "there is nothing at this place that could be translated"));
            };
            check_text(&field, text, longest)?;
        }
    }
    Ok(())
}

/// What a page in one language needs: the texts of the tag, and those of the language without its region.
#[must_use]
pub fn for_locale(translations: &Translations, locale: &str) -> Translations {
    let wanted = |language: &str| {
        let plain = locale.split('-').next().unwrap_or(locale);
        language.eq_ignore_ascii_case(locale) || language.eq_ignore_ascii_case(plain)
    };
    translations
        .iter()
        .filter(|(language, _)| wanted(language))
        .map(|(tag, texts)| (tag.clone(), texts.clone()))
        .collect()
}
