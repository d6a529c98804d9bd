//! What can be checked of a visualization without its answer. Names of columns cannot: the answer has them.

use super::{Band, ColorRule, ColumnLook, Comparison, Format, FormatStyle, Goal, RuleValue, Visualization};
use crate::model::{Invalid, check_name};

/// More settings than any answer has columns.
const MANY: usize = 200;

impl Visualization {
    /// Refuses what the page could not draw. The fields are named from `visualization`.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        let sizes = [
            self.y.len(),
            self.labels.len(),
            self.hidden.len(),
            self.formats.len(),
            self.columns.len(),
            self.bands.len(),
        ];
        if sizes.iter().any(|size| *size > MANY) {
            return Err(Invalid::new("visualization", format!("lists have at most {MANY} entries")));
        }
        for name in self.named() {
            column_name(name)?;
        }
        for (name, label) in &self.labels {
            check_name(&format!("visualization.labels.{name}"), label)?;
        }
        self.formats.iter().try_for_each(|(name, format)| format.check(name))?;
        self.columns.iter().try_for_each(|(name, look)| look.check(name))?;
        self.check_range()?;
        self.goal.as_ref().map_or(Ok(()), Goal::check)?;
        bands(&self.bands)?;
        if self.bins.is_some_and(|bins| bins == 0 || bins > 200) {
            return Err(Invalid::new("visualization.bins", "write 1 to 200, or leave it out"));
        }
        self.check_pivot()?;
        self.check_map()
    }

    /// Every column that is named somewhere.
    fn named(&self) -> impl Iterator<Item = &str> {
        let one = [&self.x, &self.series, &self.size];
        let pivot = self.pivot.iter().flat_map(|pivot| pivot.rows.iter().chain(&pivot.columns));
        one.into_iter()
            .flatten()
            .chain(&self.y)
            .chain(self.labels.keys())
            .chain(&self.hidden)
            .chain(self.formats.keys())
            .chain(self.columns.keys())
            .chain(pivot)
            .map(String::as_str)
    }

    fn check_range(&self) -> Result<(), Invalid> {
        for (field, end) in [("min", self.min), ("max", self.max)] {
            finite(&format!("visualization.{field}"), end)?;
        }
        match (self.min, self.max) {
            (Some(min), Some(max)) if min >= max => {
                Err(Invalid::new("visualization.max", "write a number above visualization.min"))
            }
            (Some(min), _) if self.logarithmic && min <= 0.0 => {
                Err(Invalid::new("visualization.min", "a logarithmic axis starts above 0"))
            }
            _ if self.normalized && self.logarithmic => Err(Invalid::new(
                "visualization.logarithmic",
                "shares of 100 % have no logarithmic axis; leave one out",
            )),
            _ => Ok(()),
        }
    }

    fn check_pivot(&self) -> Result<(), Invalid> {
        let Some(pivot) = &self.pivot else { return Ok(()) };
        if pivot.rows.len() > 5 || pivot.columns.len() > 3 {
            return Err(Invalid::new("visualization.pivot", "a pivot has at most 5 columns down and 3 across"));
        }
        match pivot.rows.iter().find(|name| pivot.columns.contains(name)) {
            Some(_) => Err(Invalid::new("visualization.pivot.columns", "a column goes down or across, not both")),
            None => Ok(()),
        }
    }

    fn check_map(&self) -> Result<(), Invalid> {
        let Some(map) = &self.map else { return Ok(()) };
        match (&map.latitude, &map.longitude) {
            (Some(latitude), Some(longitude)) => column_name(latitude).and_then(|()| column_name(longitude)),
            (None, None) => Ok(()),
            (Some(_), None) => {
                Err(Invalid::new("visualization.map.longitude", "points need both coordinates: name its column"))
            }
            (None, Some(_)) => {
                Err(Invalid::new("visualization.map.latitude", "points need both coordinates: name its column"))
            }
        }
    }
}

impl Format {
    fn check(&self, column: &str) -> Result<(), Invalid> {
        let field = |name: &str| format!("visualization.formats.{column}.{name}");
        if self.decimals.is_some_and(|decimals| decimals > 10) {
            return Err(Invalid::new(field("decimals"), "decimals are 0 to 10"));
        }
        let code = |code: &String| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if !self.currency.as_ref().is_none_or(code) {
            return Err(Invalid::new(field("currency"), "write an ISO 4217 code of three capitals, such as EUR"));
        }
        if self.currency.is_some() && self.style != FormatStyle::Currency {
            return Err(Invalid::new(
                field("currency"),
                "only the style \"currency\" has one; change the style or leave it out",
            ));
        }
        for (name, text) in [("prefix", &self.prefix), ("suffix", &self.suffix)] {
            short(&field(name), text.as_deref(), 20)?;
        }
        Ok(())
    }
}

impl ColumnLook {
    fn check(&self, column: &str) -> Result<(), Invalid> {
        let field = |name: &str| format!("visualization.columns.{column}.{name}");
        if let Some(chosen) = &self.color {
            color(&field("color"), chosen)?;
        }
        if self.rules.len() > 20 {
            return Err(Invalid::new(field("rules"), "a column has at most 20 rules"));
        }
        self.rules.iter().try_for_each(|rule| rule.check(&field("rules")))?;
        self.link.as_deref().map_or(Ok(()), |link| address(&field("link"), link))
    }
}

impl ColorRule {
    fn check(&self, field: &str) -> Result<(), Invalid> {
        color(&format!("{field}.color"), &self.color)?;
        match (&self.value, self.when) {
            (None, Comparison::Empty) => Ok(()),
            (Some(_), Comparison::Empty) => {
                Err(Invalid::new(format!("{field}.value"), "\"empty\" compares to nothing; leave it out"))
            }
            (None, _) => {
                Err(Invalid::new(format!("{field}.value"), "write the number or text that cells are compared to"))
            }
            (Some(RuleValue::Text(text)), _) => short(&format!("{field}.value"), Some(text), 200),
            (Some(RuleValue::Number(number)), _) => finite(&format!("{field}.value"), Some(*number)),
            (Some(RuleValue::Boolean(_)), _) => Ok(()),
        }
    }
}

impl Goal {
    fn check(&self) -> Result<(), Invalid> {
        if self.value.is_some() == self.column.is_some() {
            return Err(Invalid::new("visualization.goal", "write either \"value\" or \"column\""));
        }
        finite("visualization.goal.value", self.value)?;
        self.column.as_deref().map_or(Ok(()), column_name)?;
        short("visualization.goal.label", self.label.as_deref(), 100)
    }
}

fn bands(bands: &[Band]) -> Result<(), Invalid> {
    for band in bands {
        color("visualization.bands.color", &band.color)?;
        finite("visualization.bands.from", band.from)?;
        short("visualization.bands.label", band.label.as_deref(), 100)?;
    }
    let starts = |pair: &[Band]| matches!(pair, [one, other] if other.from.is_some_and(|to| one.from.is_none_or(|from| from < to)));
    if bands.windows(2).all(starts) {
        return Ok(());
    }
    Err(Invalid::new("visualization.bands.from", "each band but the first begins above the one before it"))
}

/// A column's name goes into the names of fields, so it is text and short.
fn column_name(name: &str) -> Result<(), Invalid> {
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Invalid::new("visualization", "names of columns are 1 to 200 characters without line breaks"));
    }
    Ok(())
}

fn short(field: &str, text: Option<&str>, limit: usize) -> Result<(), Invalid> {
    let fine = |text: &str| text.chars().count() <= limit && !text.chars().any(char::is_control);
    if text.is_none_or(fine) {
        return Ok(());
    }
    Err(Invalid::new(field, format!("write at most {limit} characters without line breaks")))
}

/// JSON has no infinities, but a number can be read as one: 1e999.
fn finite(field: &str, number: Option<f64>) -> Result<(), Invalid> {
    if number.is_none_or(f64::is_finite) {
        return Ok(());
    }
    Err(Invalid::new(field, "write a number that a double can hold"))
}

fn color(field: &str, text: &str) -> Result<(), Invalid> {
    let word = ["good", "warning", "bad", "neutral", "accent"].contains(&text);
    let hex =
        text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if word || hex {
        return Ok(());
    }
    Err(Invalid::new(field, "write good, warning, bad, neutral, accent, or a colour as #rrggbb"))
}

/// The scheme and the host are the author's: no column may choose where a link leads, or what it runs.
fn address(field: &str, link: &str) -> Result<(), Invalid> {
    short(field, Some(link), 2000)?;
    let wrong = || {
        Err(Invalid::new(
            field,
            "write an address with https://, http:// or mailto:; columns in braces come after the host",
        ))
    };
    let web = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    let Some(rest) = web else {
        return if link.starts_with("mailto:") && link.len() > 7 { Ok(()) } else { wrong() };
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '@']) || host.chars().any(char::is_whitespace) {
        return wrong();
    }
    Ok(())
}
