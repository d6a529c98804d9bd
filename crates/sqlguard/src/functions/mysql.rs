//! MariaDB 10.11 and later, MySQL 8. A name that only one of the two has is the other's own error.
//!
//! Built-in names win over stored functions as long as no blank stands before the bracket, so the writer puts none.
//! Not let in, although it looks harmless:
//! - `repeat`, `space`, `sformat`, `uncompress`, `random_bytes`: large values of a few letters;
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
    (Kind::Scalar, MYSQL_ONLY),
    (Kind::Scalar, NEWER),
    (Kind::Aggregate, AGGREGATES),
    (Kind::Aggregate, MYSQL_ONLY_AGGREGATES),
    (Kind::Window, WINDOWS),
];

const CONDITIONS: &[&str] = names! { coalesce greatest if ifnull interval isnull least nullif nvl nvl2 };

/// `rand` without an argument is not repeatable, and harmless.
const MATHS: &[&str] = names! {
    abs acos asin atan atan2 bin bit_count ceil ceiling conv cos cot crc32 crc32c degrees exp floor ln log log10 log2 mod
    oct pi pow power radians rand round sign sin sqrt tan truncate
};

/// Regular expressions are PCRE's and ICU's, with limits of their own on going back; the statement's time limit ends
/// the rest. `lpad` and `rpad` are for display, and a demand is made on them.
const TEXT: &[&str] = names! {
    ascii bit_length char char_length character_length chr concat concat_ws elt export_set field find_in_set format
    from_base64 hex insert instr lcase left length locate lower lpad ltrim make_set md5 mid natural_sort_key octet_length
    ord position quote regexp_instr regexp_replace regexp_substr replace reverse right rpad rtrim sha sha1 sha2 soundex
    strcmp substr substring substring_index to_base64 trim ucase unhex upper
};

const TIME: &[&str] = names! {
    add_months adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date date_add
    date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime hour
    last_day localtime localtimestamp makedate maketime microsecond minute month monthname now period_add period_diff
    quarter sec_to_time second str_to_date subdate subtime time time_format time_to_sec timediff timestamp timestampadd
    timestampdiff to_char to_days to_seconds unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear year
    yearweek
};

const JSON: &[&str] = names! {
    json_array json_array_append json_array_insert json_compact json_contains json_contains_path json_depth
    json_detailed json_equals json_exists json_extract json_insert json_keys json_length json_loose json_merge_patch
    json_merge_preserve json_normalize json_object json_overlaps json_query json_quote json_remove json_replace
    json_search json_set json_type json_unquote json_valid json_value
};

const NETWORK: &[&str] = names! {
    inet6_aton inet6_ntoa inet_aton inet_ntoa is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6
};

const GEOMETRY: &[&str] = names! {
    linestring point polygon st_area st_asbinary st_asgeojson st_astext st_centroid st_contains st_crosses st_disjoint
    st_distance st_distance_sphere st_envelope st_equals st_geometrytype st_geomfromgeojson st_geomfromtext
    st_intersects st_isempty st_length st_npoints st_numpoints st_overlaps st_pointfromtext st_srid st_touches st_within
    st_x st_y
};

/// Not in MariaDB.
pub(super) const MYSQL_ONLY: &[&str] = names! {
    bin_to_uuid format_bytes grouping is_uuid json_pretty regexp_like st_latitude st_longitude uuid_to_bin
};

/// Of MariaDB later than 10.11.
pub(super) const NEWER: &[&str] = names! { json_array_intersect json_object_filter_keys json_object_to_array uuid_v4 };

const AGGREGATES: &[&str] = names! {
    avg bit_and bit_or bit_xor count group_concat json_arrayagg json_objectagg max min std stddev stddev_pop stddev_samp
    sum var_pop var_samp variance
};

/// Not in MariaDB.
pub(super) const MYSQL_ONLY_AGGREGATES: &[&str] = names! { any_value };

/// `median` and the percentiles are MariaDB's, and there only with `OVER`.
const WINDOWS: &[&str] = names! {
    cume_dist dense_rank first_value lag last_value lead median nth_value ntile percent_rank percentile_cont
    percentile_disc rank row_number
};

/// Of `timestampadd` and `timestampdiff`.
pub(super) const UNITS: &[&str] = names! {
    day hour microsecond minute month quarter second sql_tsi_day sql_tsi_hour sql_tsi_minute sql_tsi_month
    sql_tsi_quarter sql_tsi_second sql_tsi_week sql_tsi_year week year
};

/// What `cast` and `convert` know in either.
pub(super) const TYPES: &[&str] = &[
    "binary",
    "char",
    "character",
    "date",
    "datetime",
    "dec",
    "decimal",
    "double",
    "double precision",
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
    "unsigned",
    "unsigned int",
    "unsigned integer",
    "uuid",
    "varchar",
    "year",
];

/// All collations are part of the server. `name` is in lower case.
pub(super) fn collation(name: &str) -> bool {
    const SETS: &[&str] = &["ascii_", "latin1_", "uca1400_", "utf8_", "utf8mb3_", "utf8mb4_"];
    let plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    name == "binary" || plain && SETS.iter().any(|set| name.starts_with(set))
}
