//! One line of `SHOW GRANTS`.

/// What a line gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// Nothing: `USAGE`, or what takes away.
    Nothing,
    /// Reading the tables of the databases that the pattern matches.
    Database { pattern: String },
    /// Reading one table, or some of its columns.
    Table { database: String, table: String },
    /// Something else, as the line says it.
    More(String),
}

/// Reads a line. What is not understood is [`Grant::More`]: no right is overlooked.
pub(super) fn read(line: &str) -> Grant {
    if line.starts_with("REVOKE ") {
        // A partial revoke of MySQL's narrows another line.
        return Grant::Nothing;
    }
    let Some(rest) = line.strip_prefix("GRANT ") else { return Grant::More(shown(line)) };
    // After TO the account follows, and perhaps its password's hash, which is not shown.
    let (given, rest) = outside(rest, " TO ").unwrap_or((rest, ""));
    let passed_on = outside(rest, " WITH GRANT OPTION").is_some() || outside(rest, " WITH ADMIN OPTION").is_some();
    let what = || if passed_on { format!("{given} WITH GRANT OPTION") } else { given.to_owned() };
    let Some((rights, object)) = outside(given, " ON ") else {
        return Grant::More(format!("the role {}", what()));
    };
    if passed_on {
        return Grant::More(what());
    }
    if rights == "USAGE" {
        return Grant::Nothing;
    }
    if !all_read(rights) {
        return Grant::More(what());
    }
    place(object).unwrap_or_else(|| Grant::More(what()))
}

/// A line that is no grant, without what may be a secret in it.
fn shown(line: &str) -> String {
    outside(line, " IDENTIFIED ").map_or(line, |(before, _)| before).chars().take(200).collect()
}

/// `SELECT`, `SELECT (a, b)`, `SELECT, SELECT (a)`.
fn all_read(rights: &str) -> bool {
    let mut rest = rights;
    loop {
        let (right, next) = outside(rest, ", ").map_or((rest, None), |(right, next)| (right, Some(next)));
        if right != "SELECT" && !right.strip_prefix("SELECT (").is_some_and(|columns| columns.ends_with(')')) {
            return false;
        }
        match next {
            Some(next) => rest = next,
            None => return true,
        }
    }
}

fn place(object: &str) -> Option<Grant> {
    let (database, rest) = identifier(object)?;
    match rest.strip_prefix('.')? {
        "*" if database == "*" && object == "*.*" => None,
        "*" => Some(Grant::Database { pattern: database }),
        table => match identifier(table)? {
            (table, "") => Some(Grant::Table { database, table }),
            _ => None,
        },
    }
}

/// A name, in backticks or bare, and what follows.
fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('`') else {
        let end = text.find(['.', ' ']).unwrap_or(text.len());
        return Some((text.get(..end)?.to_owned(), text.get(end..)?));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('`')?;
        name.push_str(part);
        match after.strip_prefix('`') {
            Some(after) => {
                name.push('`');
                rest = after;
            }
            None => return Some((name, after)),
        }
    }
}

/// Splits at the first place where `word` is outside of quotes and parentheses.
fn outside<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut quote = None;
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, _) if depth == 0 && text.get(at..)?.starts_with(word) => {
                return Some((text.get(..at)?, text.get(at + word.len()..)?));
            }
            (None, '`' | '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    None
}

/// What a pattern of a grant means: the one database, or several when it has wildcards.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    One(String),
    Several,
}

/// Reads a pattern, in which a backslash takes `_` and `%` their meaning.
pub(super) fn meaning(pattern: &str) -> Pattern {
    let mut name = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.peek().is_some_and(|next| matches!(next, '_' | '%' | '\\')) => name.extend(rest.next()),
            '_' | '%' => return Pattern::Several,
            c => name.push(c),
        }
    }
    Pattern::One(name)
}

#[cfg(test)]
mod tests {
    use super::{Grant, Pattern, meaning, read};

    #[test]
    fn every_line_is_read_for_what_it_gives() {
        let database = |pattern: &str| Grant::Database { pattern: pattern.to_owned() };
        let table =
            |database: &str, table: &str| Grant::Table { database: database.to_owned(), table: table.to_owned() };
        let more = |text: &str| Grant::More(text.to_owned());
        for (line, expected) in [
            ("GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*B6' WITH MAX_USER_CONNECTIONS 4", Grant::Nothing),
            ("GRANT SELECT ON `app\\_a`.* TO `a`@`%`", database("app\\_a")),
            ("GRANT SELECT ON app.* TO a@`%`", database("app")),
            ("GRANT SELECT ON `we``ird`.* TO `a`@`%`", database("we`ird")),
            ("GRANT SELECT ON `a`.`b TO c` TO `a`@`%`", table("a", "b TO c")),
            ("GRANT SELECT, SELECT (`x`, `y`) ON `a`.`b` TO `a`@`%`", table("a", "b")),
            ("GRANT SELECT ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*B6'", more("SELECT ON *.*")),
            ("GRANT ALL PRIVILEGES ON `a`.* TO `a`@`%`", more("ALL PRIVILEGES ON `a`.*")),
            ("GRANT SELECT, INSERT (`x`) ON `a`.`b` TO `a`@`%`", more("SELECT, INSERT (`x`) ON `a`.`b`")),
            ("GRANT SELECT ON `a`.* TO `a`@`%` WITH GRANT OPTION", more("SELECT ON `a`.* WITH GRANT OPTION")),
            ("GRANT USAGE ON *.* TO `a`@`%` WITH GRANT OPTION", more("USAGE ON *.* WITH GRANT OPTION")),
            ("GRANT EXECUTE ON FUNCTION `a`.`f` TO `a`@`%`", more("EXECUTE ON FUNCTION `a`.`f`")),
            ("GRANT SELECT ON FUNCTION `a`.`f` TO `a`@`%`", more("SELECT ON FUNCTION `a`.`f`")),
            ("GRANT PROXY ON `b`@`%` TO `a`@`%`", more("PROXY ON `b`@`%`")),
            ("GRANT `r1` TO `a`@`%`", more("the role `r1`")),
            ("GRANT `r1` TO `a`@`%` WITH ADMIN OPTION", more("the role `r1` WITH GRANT OPTION")),
            ("SET DEFAULT ROLE `r1` FOR `a`@`%`", more("SET DEFAULT ROLE `r1` FOR `a`@`%`")),
            ("REVOKE SELECT ON `mysql`.* FROM `a`@`%`", Grant::Nothing),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn wildcards_are_told_from_names() {
        assert_eq!(meaning("app\\_a"), Pattern::One("app_a".to_owned()));
        assert_eq!(meaning("app"), Pattern::One("app".to_owned()));
        assert_eq!(meaning("app_a"), Pattern::Several);
        assert_eq!(meaning("%"), Pattern::Several);
        assert_eq!(meaning("a\\\\_b"), Pattern::Several);
    }
}
