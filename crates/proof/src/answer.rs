//! What came back, and how two answers are compared.

use crate::fixture::CANARY;

/// A value as the engine sent it; none for NULL.
pub type Cell = Option<Vec<u8>>;

/// What a statement came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Never sent: the guard's words.
    Refused(String),
    /// Rows.
    Rows {
        /// Names of the columns.
        columns: Vec<String>,
        /// Their values.
        rows: Vec<Vec<Cell>>,
    },
    /// The engine's code and words.
    Failed {
        /// SQLSTATE, or the engine's number.
        code: String,
        /// Its text.
        text: String,
    },
    /// Stopped by the limit on time.
    Late,
}

/// How two answers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// To the last byte.
    Same,
    /// The same rows in another order.
    SameRows,
    /// Not.
    Different,
}

impl Answer {
    /// Compares.
    pub fn like(&self, other: &Self) -> Likeness {
        if self == other {
            return Likeness::Same;
        }
        match (self, other) {
            (Self::Rows { columns: a, rows: mine }, Self::Rows { columns: b, rows: theirs })
                if a == b && sorted(mine) == sorted(theirs) =>
            {
                Likeness::SameRows
            }
            _ => Likeness::Different,
        }
    }

    /// Whether a value of others' rows is in it.
    pub fn has_canary(&self) -> bool {
        let holds = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        match self {
            Self::Refused(text) | Self::Failed { text, .. } => holds(text.as_bytes()),
            Self::Rows { columns, rows } => {
                columns.iter().any(|name| holds(name.as_bytes()))
                    || rows.iter().flatten().flatten().any(|cell| holds(cell))
            }
            Self::Late => false,
        }
    }

    /// Whether it is the engine's rows.
    pub const fn is_rows(&self) -> bool {
        matches!(self, Self::Rows { .. })
    }

    /// One short line, for people who look for the cause.
    pub fn shown(&self) -> String {
        let line = self.line();
        match line.char_indices().nth(200) {
            Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
            None => line,
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Refused(text) => format!("refused: {text}"),
            Self::Failed { code, text } => format!("error {code}: {text}"),
            Self::Late => "stopped by the limit on time".to_owned(),
            Self::Rows { rows, .. } => {
                let cell = |cell: &Cell| match cell {
                    None => "NULL".to_owned(),
                    Some(bytes) => match std::str::from_utf8(bytes) {
                        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
                        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                    },
                };
                let line = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>().join(", ");
                let lines: Vec<String> = rows.iter().take(6).map(line).collect();
                format!("{} rows: {}", rows.len(), lines.join(" | "))
            }
        }
    }
}

fn sorted(rows: &[Vec<Cell>]) -> Vec<&Vec<Cell>> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort();
    rows
}

#[cfg(test)]
mod tests {
    use super::{Answer, Likeness};

    fn rows(values: &[&str]) -> Answer {
        let rows = values.iter().map(|value| vec![Some(value.as_bytes().to_vec())]).collect();
        Answer::Rows { columns: vec!["x".into()], rows }
    }

    #[test]
    fn order_is_told_apart_from_difference() {
        assert_eq!(rows(&["a", "b"]).like(&rows(&["a", "b"])), Likeness::Same);
        assert_eq!(rows(&["a", "b"]).like(&rows(&["b", "a"])), Likeness::SameRows);
        assert_eq!(rows(&["a", "b"]).like(&rows(&["a", "b", "b"])), Likeness::Different);
        assert_eq!(rows(&[]).like(&Answer::Late), Likeness::Different);
    }

    #[test]
    fn a_canary_is_found_in_values_and_in_words() {
        assert!(rows(&["x CANARY-B-71"]).has_canary());
        assert!(!rows(&["CANARY-A-1"]).has_canary());
        assert!(Answer::Failed { code: "22P02".into(), text: "invalid: \"CANARY-B-71\"".into() }.has_canary());
    }
}
