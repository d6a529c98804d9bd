//! How names and texts are written in a statement of ours.

/// The account whose rights the views of level `view-rows` use. Nobody can log in as it.
pub(crate) const DEFINER: (&str, &str) = ("cloison_views", "localhost");

/// The view in which a login finds its own row key.
pub(crate) const ME: &str = "cloison_me";

/// The view that says whether the views are still what set-up made of them.
pub(crate) const VIEWS: &str = "cloison_views";

/// A name in backticks.
pub(crate) fn name(text: &str) -> String {
    format!("`{}`", text.replace('`', "``"))
}

/// A database's name in a grant on all of its tables, where `_` and `%` are wildcards.
pub(crate) fn pattern(database: &str) -> String {
    name(&database.replace('_', "\\_").replace('%', "\\%"))
}

/// A text, for sessions without `NO_BACKSLASH_ESCAPES`.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// An account that may come from anywhere: which hosts a server answers is for its network to say.
pub(crate) fn account(user: &str) -> String {
    format!("{}@'%'", literal(user))
}

#[cfg(test)]
mod tests {
    use super::{literal, name, pattern};

    #[test]
    fn nothing_ends_early_or_means_more() {
        assert_eq!(name("a`b"), "`a``b`");
        assert_eq!(pattern("a_b%c"), "`a\\_b\\%c`");
        assert_eq!(literal("it's \\ "), "'it''s \\\\ '");
    }
}
