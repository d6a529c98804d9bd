//! Names that an author may put into SQL by declaration: identifiers, plain or quoted, with dots between.

use crate::definition::Engine;

/// A parameter's name: a letter or `_`, then letters, digits and `_`, 64 at most.
pub(crate) fn is_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether the text is one to three identifiers with dots between, each plain, or in double quotes or backticks without
/// any of those, backslashes, braces and control characters inside.
pub(crate) fn is_path(text: &str) -> bool {
    path(text, Engine::Postgres).is_some()
}

/// The path as the engine writes it: double quotes hold text and not a name in MySQL, and backticks are nothing in
/// PostgreSQL, so quoted parts get the engine's own quotes.
pub(crate) fn path(text: &str, engine: Engine) -> Option<String> {
    let quote = if engine == Engine::Mysql { '`' } else { '"' };
    let mut out = String::with_capacity(text.len());
    let mut parts = 0;
    let mut rest = text;
    loop {
        let (name, quoted, tail) = part(rest)?;
        parts += 1;
        if quoted {
            out.extend([quote].into_iter().chain(name.chars()).chain([quote]));
        } else {
            out.push_str(name);
        }
        match tail.strip_prefix('.') {
            Some(next) if parts < 3 => {
                out.push('.');
                rest = next;
            }
            _ => return tail.is_empty().then_some(out),
        }
    }
}

/// One identifier, whether it is quoted, and what follows it.
fn part(text: &str) -> Option<(&str, bool, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '`')) {
        let (inside, tail) = text.get(1..)?.split_once(quote)?;
        let calm = |c: char| !c.is_control() && !matches!(c, '"' | '`' | '\\' | '\'' | '{' | '}' | '[' | ']');
        let sound = !inside.is_empty() && inside.chars().count() <= 128 && inside.chars().all(calm);
        return sound.then_some((inside, true, tail));
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, tail) = text.split_at_checked(end)?;
    let first = name.bytes().next()?;
    ((first.is_ascii_alphabetic() || first == b'_') && name.len() <= 128).then_some((name, false, tail))
}

#[cfg(test)]
mod tests {
    use super::{Engine, is_path, path};

    #[test]
    fn paths_are_identifiers_and_nothing_else() {
        for good in ["a", "a.b", "s.t.c", "\"Weird Name\".x", "`b`.`c`", "_x1"] {
            assert!(is_path(good), "{good}");
        }
        for bad in
            ["", ".", "a.", "a.b.c.d", "a b", "a;b", "1a", "\"a", "a--", "\"a\"\"b\"", "a/**/", "é", "`a`b", "\"\""]
        {
            assert!(!is_path(bad), "{bad}");
        }
    }

    #[test]
    fn quotes_are_the_engines_own() {
        for written in ["t.\"Paid At\"", "t.`Paid At`"] {
            assert_eq!(path(written, Engine::Postgres).as_deref(), Some("t.\"Paid At\""));
            assert_eq!(path(written, Engine::Sqlite).as_deref(), Some("t.\"Paid At\""));
            assert_eq!(path(written, Engine::Mysql).as_deref(), Some("t.`Paid At`"));
        }
    }
}
