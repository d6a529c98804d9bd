//! Refusals, in words that say the cure and never hold a value that was given.

/// Why a card cannot be saved or compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The template is wrong.
    #[error("line {line}, column {column}: {message}")]
    Template {
        /// From 1.
        line: u32,
        /// From 1, in characters.
        column: u32,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// A declaration is wrong.
    #[error("{message}")]
    Declaration {
        /// The parameter, as it is declared.
        name: String,
        /// What is wrong and what to write instead.
        message: &'static str,
    },
    /// A value was given for a parameter that is not there.
    #[error("there is no such parameter here")]
    Unknown {
        /// Its name, when it is a plain one.
        name: Option<String>,
    },
    /// A value does not fit its parameter.
    #[error("{message}")]
    Value {
        /// The parameter.
        name: String,
        /// What would fit.
        message: &'static str,
    },
    /// A required parameter has no value.
    #[error("a value is needed")]
    Missing {
        /// The parameter.
        name: String,
    },
}

impl QueryError {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Template { .. } => "template-invalid",
            Self::Declaration { .. } => "declaration-invalid",
            Self::Unknown { .. } => "parameter-unknown",
            Self::Value { .. } => "parameter-invalid",
            Self::Missing { .. } => "parameter-missing",
        }
    }

    /// The field of the request or of the card that is meant.
    #[must_use]
    pub fn field(&self) -> Option<String> {
        match self {
            Self::Template { .. } => Some("query.sql".to_owned()),
            Self::Declaration { name, .. } => Some(format!("query.parameters.{name}")),
            Self::Unknown { name: None } => Some("parameters".to_owned()),
            Self::Unknown { name: Some(name) } | Self::Value { name, .. } | Self::Missing { name } => {
                Some(format!("parameters.{name}"))
            }
        }
    }
}
