//! Names that an author may put into SQL by declaration: identifiers, plain or quoted, with dots between.

/// A parameter's name: a letter or `_`, then letters, digits and `_`, 64 at most.
pub(crate) fn is_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// One to three identifiers with dots between, each plain, or in double quotes or backticks without any of
/// those, backslashes and control characters inside.
pub(crate) fn is_path(text: &str) -> bool {
    let mut parts = 0;
    let mut rest = text;
    loop {
        let Some(tail) = part(rest) else { return false };
        parts += 1;
        match tail.strip_prefix('.') {
            Some(next) if parts < 3 => rest = next,
            _ => return tail.is_empty(),
        }
    }
}

/// What follows one identifier.
fn part(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '`'));
    if let Some(quote) = quote {
        let (inside, tail) = text.get(1..)?.split_once(quote)?;
        let calm = |c: char| !c.is_control() && !matches!(c, '"' | '`' | '\\' | '\'' | '{' | '}' | '[' | ']');
        return (!inside.is_empty() && inside.chars().count() <= 128 && inside.chars().all(calm)).then_some(tail);
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, tail) = text.split_at_checked(end)?;
    let first = name.bytes().next()?;
    ((first.is_ascii_alphabetic() || first == b'_') && name.len() <= 128).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::is_path;

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
}
