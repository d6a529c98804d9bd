//! Where literals, comments and names end. Each function is given the text from the opening character on.

use crate::definition::Engine;

/// Whether a plain name may begin with this. Every engine takes all that is not ASCII.
pub(crate) fn begins_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

/// Whether a plain name may go on with this. A dollar is part of a name in all three engines, so that `x$1` is a name.
pub(crate) fn continues_name(c: char) -> bool {
    begins_name(c) || c.is_ascii_digit() || c == '$'
}

/// The bytes of a literal or quoted name with both quotes; a doubled quote does not end it.
pub(crate) fn literal(text: &str, quote: char, backslashes: bool) -> Option<usize> {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter == '\\' && backslashes {
            letters.next();
        } else if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return Some(place + quote.len_utf8());
        }
    }
    None
}

/// The bytes of a block comment with both ends. PostgreSQL's nest.
pub(crate) fn block_comment(text: &str, engine: Engine) -> Option<usize> {
    let mut depth = 0_u32;
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with("/*") && (depth == 0 || engine == Engine::Postgres) {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

/// `$tag$` when a dollar quote of PostgreSQL begins here.
pub(crate) fn dollar_tag(text: &str) -> Option<&str> {
    let inside = text.get(1..)?;
    let length = inside.find('$')?;
    let tag = inside.get(..length)?;
    let is_tag = tag.chars().all(|c| begins_name(c) || c.is_ascii_digit());
    (is_tag && !tag.starts_with(|c: char| c.is_ascii_digit())).then(|| text.get(..length + 2))?
}

/// Whether a literal of PostgreSQL goes on after this: blanks with a line break among them, line comments included.
pub(crate) fn continues_literal(gap: &str) -> bool {
    let blank = |line: &str| {
        let line = line.trim_matches(|c: char| matches!(c, ' ' | '\t' | '\x0b' | '\x0c'));
        line.is_empty() || line.starts_with("--")
    };
    gap.contains(['\n', '\r']) && gap.split(['\n', '\r']).all(blank)
}

/// Where in a literal something stands that its author may have meant as a place. Doubled braces of another kind, as
/// in PostgreSQL's `'{{1,2},{3,4}}'`, are text.
pub(crate) fn place_inside(literal: &str) -> Option<usize> {
    let like_a_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '#' | '-') || c.is_whitespace();
    literal.match_indices("{{").map(|(at, _)| at).find(|at| {
        let inside = literal.get(at + 2..).and_then(|rest| rest.split_once("}}"));
        inside.is_some_and(|(inside, _)| inside.chars().all(like_a_name))
    })
}
