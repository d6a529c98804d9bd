//! Card templates and typed parameters become one statement plus binds. Pure: no clock, no I/O.
//!
//! What a caller gives is always a bind. The text of a statement is the author's, piece by piece: an
//! optional clause is there or not, a field filter has one of a few fixed shapes, and a choice of identifier
//! is one of those that the author declared.
//!
//! ```
//! use query::{Context, Engine, NativeQuery, Snippets, compile};
//! use std::collections::BTreeMap;
//!
//! let card: NativeQuery = serde_json::from_value(serde_json::json!({
//!     "sql": "SELECT count(*) FROM orders WHERE {{period}} [[AND city = {{city}}]]",
//!     "parameters": [
//!         { "name": "period", "type": "date_range", "column": { "sql": "paid_at", "holds": "epoch_seconds" } },
//!         { "name": "city", "type": "text" }
//!     ]
//! })).unwrap();
//! let given = BTreeMap::from([("period".to_owned(), "2026-01-01~2026-01-31".into())]);
//! let context = Context {
//!     engine: Engine::Postgres,
//!     now: "2026-03-01T10:00:00Z".parse().unwrap(),
//!     timezone: &jiff::tz::TimeZone::UTC,
//!     attributes: &BTreeMap::new(),
//! };
//! let statement = compile(&card, &Snippets::new(), &given, &context).unwrap();
//! assert_eq!(statement.sql(), "SELECT count(*) FROM orders WHERE (paid_at >= $1::int8 AND paid_at < $2::int8) ");
//! assert_eq!(statement.binds().len(), 2);
//! ```

mod check;
mod compile;
mod dates;
mod definition;
mod error;
mod finished;
mod identifier;
mod lexer;
mod quoted;
mod statement;
mod template;
mod value;
mod write;

pub use check::{MOST_PARAMETERS, check, check_for, check_parameter, rehearse};
pub use compile::compile;
pub use definition::{
    Choice, Column, ColumnHolds, Engine, NativeQuery, Parameter, ParameterType, Snippets, StaticValue, ValuesSource,
};
pub use error::QueryError;
pub use statement::{Bind, Context, Given, Statement};
