//! Why a statement is not let through: what, where, and what to write instead.

/// A refusal. The text is made of constant words and of names that stand in the statement itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct Refusal {
    /// From 1; 0 when the place is not known.
    pub line: u32,
    /// From 1, in characters; 0 when the place is not known.
    pub column: u32,
    /// What is not allowed and what to write instead. Begins in lower case, without a final point.
    pub message: String,
}

/// The longest message, in characters: some repeat what the author wrote.
const LONGEST: usize = 300;

impl Refusal {
    pub(crate) fn new(line: u32, column: u32, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(LONGEST) {
            message.truncate(end);
            message.push('…');
        }
        Self { line, column, message }
    }
}
