//! Words that are not ours (names of tables, versions, cells) where people read them: in a terminal, a log, a report.

/// The text without what a terminal or a log takes for an instruction, and not longer than `most` characters.
#[must_use]
pub fn shown(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(most).map(|c| if is_plain(c) { c } else { '\u{fffd}' }).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn is_plain(c: char) -> bool {
    // Controls, what turns the direction of writing, what has no width, and what XML does not have.
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        && !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn words_stay_words() {
        assert_eq!(shown("PostgreSQL 15.18 (Ünïcode, \"quotes\")", 100), "PostgreSQL 15.18 (Ünïcode, \"quotes\")");
        assert_eq!(
            shown("a\u{1b}[2Jb\r\nc\u{202e}d\0\u{9b}", 100),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}d\u{fffd}\u{fffd}"
        );
        assert_eq!(shown("abcdef", 3), "abc…");
        assert_eq!(shown("abc", 3), "abc");
    }
}
