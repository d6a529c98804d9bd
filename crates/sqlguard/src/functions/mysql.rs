//! What MariaDB 10.11 and later and MySQL 8 both have. A name that one of them lacks is there a stored function of the
//! current database, if there is one, and runs with the rights of whoever made it; nothing in the text can prevent
//! that. So `any_value`, `grouping`, `regexp_like`, `uuid_to_bin` of MySQL and `nvl`, `add_months`, `to_char`, `chr`,
//! `json_query` of MariaDB are not here. With `OVER` there is no such doubt.
//!
//! Built-in names win over stored functions, some of them only when no blank stands before the bracket: the writer puts
//! none. Not let in, although it looks harmless:
//! - `repeat`, `space`, `sformat`, `uncompress`, `random_bytes`: large values of a few letters;
//! - `point` and its like: with another number of arguments they are a stored function;
//! - `sysdate`: a clock that moves within a statement measures the work of others;
//! - `uuid`, `sys_guid`, `uuid_short`: hold the server's network address and a counter that all sessions share;
//! - `extractvalue`, `updatexml`: print values in their errors;
//! - `aes_…`, `des_…`, `encode`, `decode`, `encrypt`, `password`: keys in a statement's text;
//! - `name_const`, `values`, `default`, `charset`, `collation`, `coercibility`, `weight_string`: not about data;
//! - `column_…`, `json_storage_size` and its like: the inside of a value as it is stored.

use super::{Group, Kind, names};

pub(super) const GROUPS: &[Group] = &[
    (Kind::Scalar, CONDITIONS),
    (Kind::Scalar, MATHS),
    (Kind::Scalar, TEXT),
    (Kind::Scalar, TIME),
    (Kind::Scalar, JSON),
    (Kind::Scalar, NETWORK),
    (Kind::Scalar, GEOMETRY),
    (Kind::Aggregate, AGGREGATES),
    (Kind::Window, WINDOWS),
];

const CONDITIONS: &[&str] = names! { coalesce greatest if ifnull interval isnull least nullif };

/// `rand` without an argument is not repeatable, and harmless.
const MATHS: &[&str] = names! {
    abs acos asin atan atan2 bin bit_count ceil ceiling conv cos cot crc32 degrees exp floor ln log log10 log2 mod oct
    pi pow power radians rand round sign sin sqrt tan truncate
};

/// Regular expressions are PCRE's and ICU's, with limits of their own on going back. On what pads, a demand is made.
/// `replace` and `regexp_replace` that make a text of a megabyte longer keep MariaDB busy for minutes, whatever its
/// limit on time says; they are too useful to be missed, and honest texts are shorter.
const TEXT: &[&str] = names! {
    ascii bit_length char char_length character_length concat concat_ws elt export_set field find_in_set format
    from_base64 hex insert instr lcase left length locate lower lpad ltrim make_set md5 mid octet_length ord position
    quote regexp_instr regexp_replace regexp_substr replace reverse right rpad rtrim sha sha1 sha2 soundex strcmp substr
    substring substring_index to_base64 trim ucase unhex upper
};

const TIME: &[&str] = names! {
    adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date date_add date_format
    date_sub datediff day dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime hour last_day localtime
    localtimestamp makedate maketime microsecond minute month monthname now period_add period_diff quarter sec_to_time
    second str_to_date subdate subtime time time_format time_to_sec timediff timestamp timestampadd timestampdiff
    to_days to_seconds unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear year yearweek
};

const JSON: &[&str] = names! {
    json_array json_array_append json_array_insert json_contains json_contains_path json_depth json_extract json_insert
    json_keys json_length json_merge_patch json_merge_preserve json_object json_overlaps json_pretty json_quote
    json_remove json_replace json_search json_set json_type json_unquote json_valid json_value
};

const NETWORK: &[&str] = names! {
    inet6_aton inet6_ntoa inet_aton inet_ntoa is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6
};

const GEOMETRY: &[&str] = names! {
    st_area st_asbinary st_asgeojson st_astext st_centroid st_contains st_crosses st_disjoint st_distance
    st_distance_sphere st_envelope st_equals st_geometrytype st_geomfromgeojson st_geomfromtext st_intersects st_isempty
    st_length st_numpoints st_overlaps st_pointfromtext st_srid st_touches st_within st_x st_y
};

const AGGREGATES: &[&str] = names! {
    avg bit_and bit_or bit_xor count group_concat json_arrayagg json_objectagg max min std stddev stddev_pop stddev_samp
    sum var_pop var_samp variance
};

/// `median` and the percentiles are MariaDB's, and there only with `OVER`, which a stored function cannot have.
const WINDOWS: &[&str] = names! {
    cume_dist dense_rank first_value lag last_value lead median nth_value ntile percent_rank percentile_cont
    percentile_disc rank row_number
};

/// Of `timestampadd` and `timestampdiff`.
pub(super) const UNITS: &[&str] = names! {
    day hour microsecond minute month quarter second sql_tsi_day sql_tsi_hour sql_tsi_minute sql_tsi_month
    sql_tsi_quarter sql_tsi_second sql_tsi_week sql_tsi_year week year
};

/// What `cast` and `convert` know in either; what the other does not know is an error of its grammar.
pub(super) const TYPES: &[&str] = &[
    "binary",
    "char",
    "character",
    "date",
    "datetime",
    "dec",
    "decimal",
    "double",
    "float",
    "inet4",
    "inet6",
    "int",
    "integer",
    "json",
    "nchar",
    "real",
    "signed",
    "signed int",
    "signed integer",
    "time",
    "timestamp",
    "unsigned",
    "unsigned int",
    "unsigned integer",
    "uuid",
    "year",
];

/// All collations are part of the server. `name` is in lower case.
pub(super) fn collation(name: &str) -> bool {
    const SETS: &[&str] = &["ascii_", "latin1_", "uca1400_", "utf8_", "utf8mb3_", "utf8mb4_"];
    let plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    name == "binary" || plain && SETS.iter().any(|set| name.starts_with(set))
}
