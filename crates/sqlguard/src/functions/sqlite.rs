//! SQLite as this product builds it, with the arithmetic that its connections add.
//!
//! No functions of mathematics beyond that: the build has none. Not let in, although it looks harmless:
//! - `zeroblob`, `randomblob`: large values of a few letters;
//! - `json_patch`, `unhex`: their work grows with the product of two lengths, and nothing stops it meanwhile;
//! - `pragma_…` as tables: read the catalogue;
//! - functions of full text search and of R-trees: read tables (`rtreecheck`) or belong to virtual ones;
//! - `soundex`, `subtype`, `likely` and its like: not about data;
//! - `match`, `regexp`, `glob` and `like` as calls: operators do that.

use super::{Group, Kind, names};

pub(super) const GROUPS: &[Group] = &[
    (Kind::Scalar, MATHS),
    (Kind::Scalar, TEXT),
    (Kind::Scalar, TIME),
    (Kind::Scalar, JSON),
    (Kind::Aggregate, AGGREGATES),
    (Kind::Window, WINDOWS),
    (Kind::Table, TABLES),
];

/// `random` is not repeatable, and harmless.
const MATHS: &[&str] = names! {
    abs ceil ceiling exp floor ln log10 mod pow power random round sign sqrt trunc
};

/// On what formats, and on what looks for a text in another, a demand is made.
const TEXT: &[&str] = names! {
    char coalesce concat concat_ws format hex if ifnull iif instr left length lower ltrim nullif octet_length printf
    quote replace right rtrim substr substring trim typeof unicode unistr upper
};

/// `now` is one moment for the whole statement.
const TIME: &[&str] = names! {
    current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch
};

const JSON: &[&str] = names! {
    json json_array json_array_length json_error_position json_extract json_insert json_object json_pretty json_quote
    json_remove json_replace json_set json_type json_valid jsonb jsonb_array jsonb_extract jsonb_insert jsonb_object
    jsonb_remove jsonb_replace jsonb_set
};

/// `max` and `min` of several arguments are not aggregates; the engine tells them apart.
const AGGREGATES: &[&str] = names! {
    avg count group_concat json_group_array json_group_object jsonb_group_array jsonb_group_object max min string_agg
    sum total
};

const WINDOWS: &[&str] = names! {
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
};

const TABLES: &[&str] = names! { json_each json_tree };

/// Not `date`, `datetime` and the like: a cast to them makes a number of the year.
pub(super) const TYPES: &[&str] = &[
    "bigint",
    "blob",
    "boolean",
    "char",
    "character",
    "decimal",
    "double",
    "double precision",
    "float",
    "int",
    "integer",
    "numeric",
    "real",
    "smallint",
    "text",
    "tinyint",
    "varchar",
];

pub(super) const COLLATIONS: &[&str] = &["binary", "nocase", "rtrim"];
