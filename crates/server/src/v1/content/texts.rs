//! Headings and texts that name filters: `Visits in {{city}}[[ of {{year}}]]`.
//!
//! What the viewer may set is put in by the page, which knows it. What the token or the author sets is told by the server, and
//! only to a text that names it: a locked value is nowhere else in what a browser gets.

use std::collections::{BTreeMap, BTreeSet};

use query::ParameterType;
use serde::Serialize;
use serde_json::Value;
use tenancy::{Act, Dashboard, Granted, TenantScope};

use super::parameters;

/// Letters of a value, and bytes of a name with the spaces around it, of a link's target, and of a text with its values.
const LONGEST_VALUE: usize = 500;
const LONGEST_NAME: usize = 80;
const LONGEST_TARGET: usize = 2000;
const LONGEST_FILLED: usize = 100_000;

/// What stands in a text for a filter that the viewer may not set.
#[derive(Serialize, Clone, utoipa::ToSchema)]
pub(crate) struct Told {
    /// The filter's type, which says how its values are written.
    #[serde(rename = "type")]
    kind: ParameterType,
    /// Its values, or what people read for them; none where the filter is off. Of many or long ones, as much as is said.
    values: Vec<Value>,
    /// What is said for them where the server puts them in.
    #[serde(skip)]
    said: String,
}

/// What the texts of one dashboard may be told, and what the viewer may set.
pub(crate) struct Texts {
    told: BTreeMap<String, Told>,
    open: BTreeSet<String>,
}

impl Texts {
    /// For a caller of the dashboard.
    pub(crate) fn of<A: Act>(scope: &TenantScope, dashboard: &Granted<'_, A, Dashboard>) -> Self {
        let told = parameters::hidden(scope, dashboard).into_iter().map(|filter| {
            // A token's "no value" is one: the default does not hold under it.
            let value = scope.locked_value(&filter.name).or(filter.default.as_ref());
            let values = match value {
                None | Some(Value::Null) => Vec::new(),
                Some(Value::Array(values)) => values.clone(),
                Some(value) => vec![value.clone()],
            };
            let read = |value: Value| {
                let raw = value.to_string();
                let choice = filter.choices.iter().find(|choice| choice.value.get() == raw);
                choice.map_or(value, |choice| Value::String(choice.label.clone()))
            };
            (filter.name.clone(), Told::new(filter.kind, values.into_iter().map(read)))
        });
        let filters = dashboard.get().draft.parameters.iter().filter(|filter| parameters::is_open(scope, filter));
        let open = filters.map(|filter| filter.parameter.name.clone());
        Self { told: told.collect(), open: open.collect() }
    }

    /// What these texts name of what the viewer may not set.
    pub(crate) fn named_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> BTreeMap<String, Told> {
        let mut found = BTreeMap::new();
        for text in texts {
            self.each_told(text, |name, told| {
                if !found.contains_key(name) {
                    found.insert(name.to_owned(), told.clone());
                }
            });
        }
        found
    }

    fn each_told(&self, text: &str, mut look: impl FnMut(&str, &Told)) {
        replaced(text, |_, name| {
            look(name, self.told.get(name)?);
            None
        });
    }

    /// The filters that the viewer may set and the text names.
    pub(crate) fn open_in(&self, text: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        replaced(text, |_, name| {
            found.extend(self.open.get(name).cloned());
            None
        });
        found
    }

    /// A heading with what the viewer may not set put in, for clients that draw by themselves. A heading is no Markdown.
    pub(crate) fn heading(&self, text: &str) -> String {
        let say = |_: &str, name: &str| Some(self.told.get(name)?.said.clone());
        replaced(&self.chosen(text), say)
    }

    /// The same for a text in Markdown: whatever a value holds, it is text there.
    pub(crate) fn markdown(&self, text: &str) -> String {
        let say = |before: &str, name: &str| {
            let text = &self.told.get(name)?.said;
            Some(match target(before) {
                None => escaped(text),
                // Dots alone would lead back instead.
                Some(target) if leads_somewhere(target) && !text.trim_matches('.').is_empty() => encoded(text),
                // Where a link leads is its author's to say.
                Some(_) => String::new(),
            })
        };
        replaced(&self.chosen(text), say)
    }

    /// `[[ .. ]]` is there when what it names has values. What the viewer may set is the client's to decide.
    fn chosen(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("[[") {
            out.push_str(before);
            let Some((block, tail)) = after.split_once("]]") else {
                // Nothing closes any more, and looking again at each that opens would take its time.
                rest = rest.get(before.len()..).unwrap_or_default();
                break;
            };
            let (mut is_any, mut has_values) = (false, true);
            self.each_told(block, |_, told| {
                is_any = true;
                has_values &= !told.values.is_empty();
            });
            if has_values {
                let stays = !is_any || !self.open_in(block).is_empty();
                out.extend(if stays { ["[[", block, "]]"] } else { ["", block, ""] });
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

impl Told {
    /// Whoever writes texts decides how often a value is said, and a token or a default may have a thousand: it is cut once.
    fn new(kind: ParameterType, values: impl Iterator<Item = Value>) -> Self {
        let (mut kept, mut said) = (Vec::new(), String::new());
        let mut left = LONGEST_VALUE + 1;
        for value in values {
            if left == 0 {
                break;
            }
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let text = if kept.is_empty() { text } else { format!(", {text}") };
            let letters = text.chars().take(left).map(|letter| if letter.is_control() { ' ' } else { letter });
            let before = said.len();
            said.extend(letters);
            left -= said.get(before..).unwrap_or_default().chars().count();
            kept.push(match value {
                Value::String(text) => Value::String(text.chars().take(LONGEST_VALUE + 1).collect()),
                other => other,
            });
        }
        if left == 0 {
            said.pop();
            said.push('…');
        }
        Self { kind, values: kept, said }
    }
}

/// Each `{{name}}` that `say` has something for; it is given what comes before.
fn replaced(text: &str, mut say: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        // Only as far as a name reaches, or each that opens and does not close would take its time.
        let near = after.get(..after.floor_char_boundary(LONGEST_NAME)).unwrap_or(after);
        let found = near.split_once("}}").and_then(|(name, _)| Some((name.len(), say(&out, name.trim())?)));
        if let Some((length, said)) = found {
            out.push_str(&said);
            rest = after.get(length + 2..).unwrap_or_default();
            // A text of many names is not made much longer than its author may write one.
            if out.len() > LONGEST_FILLED {
                rest = "…";
            }
        } else {
            out.push_str("{{");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// A link's target as far as it is written, when the text ends inside of one.
fn target(before: &str) -> Option<&str> {
    let near = before.get(before.floor_char_boundary(before.len().saturating_sub(LONGEST_TARGET))..)?;
    let begins =
        |(before, _): &(&str, &str)| before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('['));
    let definition = near.rsplit_once("]:").filter(begins);
    // The last that opened.
    let (_, target) = near.rsplit_once("](").into_iter().chain(definition).min_by_key(|(_, target)| target.len())?;
    let target = target.trim_start();
    (!target.contains(|letter: char| letter == ')' || letter.is_whitespace())).then_some(target)
}

/// Whether the host is written already, so that what follows does not change it.
fn leads_somewhere(target: &str) -> bool {
    target.split_once("://").is_some_and(|(_, rest)| rest.find(['/', '?', '#']).is_some_and(|host| host > 0))
}

/// Markdown takes any punctuation behind a backslash for itself, HTML's too.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            out.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts() -> Texts {
        let told = |value: Value| Told::new(ParameterType::Text, value.as_array().unwrap().iter().cloned());
        let told = [
            ("region", told(json!(["North"]))),
            ("evil", told(json!(["<b>*x*</b>\n[a](javascript:b) ]]{{region}}"]))),
            ("off", told(json!([]))),
            ("many", told(json!([1, "b", true]))),
            ("up", told(json!([".."]))),
        ];
        let told = told.into_iter().map(|(name, told)| (name.to_owned(), told)).collect();
        Texts { told, open: BTreeSet::from(["city".to_owned()]) }
    }

    #[test]
    fn what_the_viewer_may_not_set_is_put_in_and_the_rest_stays() {
        let texts = texts();
        for (text, wanted) in [
            ("In {{region}}, {{ region }}", "In North, North"),
            ("{{city}} {{nobody}} {{ {{region}} }}", "{{city}} {{nobody}} {{ North }}"),
            ("{{many}}|{{off}}|", "1\\, b\\, true||"),
            ("a[[ of {{off}}]][[ in {{region}}]]", "a in North"),
            ("[[{{city}} {{region}}]] [[{{city}} {{off}}]] [[plain]] [[open", "[[{{city}} North]]  [[plain]] [[open"),
            ("{{region", "{{region"),
            ("[x](https://e.example/a/{{many}}?b=1)", "[x](https://e.example/a/1%2C%20b%2C%20true?b=1)"),
            ("[x](https://{{region}}/) [y]({{evil}})", "[x](https:///) [y]()"),
            ("[x]( {{evil}})\n[y]:\n{{evil}}", "[x]( )\n[y]:\n"),
            ("Cities [all]:{{region}}", "Cities [all]:North"),
            (
                "[x](https:///{{region}}) [y](https://e.example/a/{{up}}/b)",
                "[x](https:///) [y](https://e.example/a//b)",
            ),
            ("[x](https://e.example/) {{many}}", "[x](https://e.example/) 1\\, b\\, true"),
        ] {
            assert_eq!(texts.markdown(text), wanted, "{text}");
        }
        assert_eq!(texts.heading("{{region}}[[ {{off}}]] {{many}}"), "North 1, b, true");
    }

    #[test]
    fn a_value_is_text_in_markdown_whatever_it_holds() {
        let filled = texts().markdown("{{evil}}");
        assert_eq!(filled, r"\<b\>\*x\*\<\/b\> \[a\]\(javascript\:b\) \]\]\{\{region\}\}");
    }

    /// A tenant may write texts, and what one costs is everybody's.
    #[test]
    fn hostile_texts_stay_short_and_take_no_time() {
        let mut texts = texts();
        let long = Told::new(ParameterType::Text, std::iter::once(json!("*é".repeat(4000))));
        texts.told.insert("long".to_owned(), long);
        let filled = texts.markdown(&"{{long}}".repeat(2500));
        assert!(filled.len() < LONGEST_FILLED + 2000 && filled.starts_with("\\*é"), "{}", filled.len());
        assert_eq!(texts.heading("{{long}}").chars().count(), LONGEST_VALUE + 1);
        let many = Told::new(ParameterType::Text, (0..1000).map(|number| json!(format!("{number:04}"))));
        assert!(many.values.len() < 100 && many.said.ends_with('…'), "{}", many.values.len());
        // Longer than anybody may write one: whatever took the square of its length would not come to an end here.
        for text in ["{{", "[[", "]({{off", "[[{{"] {
            let text = text.repeat(500_000);
            assert!(texts.markdown(&text) == text);
        }
    }

    #[test]
    fn only_what_is_named_is_told() {
        let texts = texts();
        let named = texts.named_in(["{{region}} {{city}}", "{{ off }}"].into_iter());
        assert_eq!(named.keys().map(String::as_str).collect::<Vec<_>>(), ["off", "region"]);
        assert_eq!(texts.open_in("{{city}}{{region}}"), BTreeSet::from(["city".to_owned()]));
    }
}
