//! PostgreSQL 13 to 18. Every name is a function of `pg_catalog` or part of the grammar: nothing of an extension, which
//! anybody may have made. Names that a server does not have yet are its own error.
//!
//! A name lets all its overloads in, so each was looked at. Not let in, although it looks harmless:
//! - `pg_typeof`: `coalesce(pg_typeof(1), 'x')` makes the text a `regtype`, which asks the catalogue for it;
//! - `repeat`, `array_fill`, `polygon`: a gigabyte of a few letters. Where `repeat` is of use its length is computed,
//!   so that no demand could be made on it;
//! - `ts_rewrite`: one of its overloads runs text as SQL; `ts_debug`, `ts_parse`, `ts_lexize`: read the catalogue;
//! - `clock_timestamp`, `timeofday`: a clock that moves within a statement measures the work of others;
//! - `setseed`: changes the session; `enum_range` and its like: read the catalogue;
//! - `json_populate_record`, `json_to_record` and their like: name types of rows, so relations;
//! - anything for or of XML: some of it runs SQL, and none of it is worth the reading;
//! - functions that implement types, operators and aggregates (`int4pl`, `hashtext`): not made to be called.

use super::{Group, Kind, has, names};

pub(super) const GROUPS: &[Group] = &[
    (Kind::Scalar, GRAMMAR),
    (Kind::Scalar, MATHS),
    (Kind::Scalar, TEXT),
    (Kind::Scalar, TIME),
    (Kind::Scalar, JSON),
    (Kind::Scalar, ARRAYS),
    (Kind::Scalar, RANGES),
    (Kind::Scalar, CASTS),
    (Kind::Scalar, NETWORK),
    (Kind::Scalar, GEOMETRY),
    (Kind::Scalar, SEARCH),
    (Kind::Scalar, OTHER),
    (Kind::Scalar, NEWER),
    (Kind::Aggregate, AGGREGATES),
    (Kind::Aggregate, NEWER_AGGREGATES),
    (Kind::Window, WINDOWS),
    (Kind::Table, TABLES),
];

/// Not functions of a schema, but of the grammar. `trim` is written out as such by the grammar.
pub(super) const GRAMMAR: &[&str] = names! { coalesce greatest grouping least nullif trim };

const MATHS: &[&str] = names! {
    abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees
    div exp factorial floor gcd lcm ln log log10 min_scale mod pi pow power radians random round scale sign sin sind
    sinh sqrt tan tand tanh trim_scale trunc width_bucket
};

/// Regular expressions can be slow; they look for interrupts, so the statement's time limit ends them. On what pads,
/// formats, trims and translates, a demand is made.
const TEXT: &[&str] = names! {
    ascii bit_count bit_length btrim char_length character_length chr concat concat_ws convert convert_from convert_to
    decode encode format get_bit get_byte initcap is_normalized left length lower lpad ltrim md5 normalize octet_length
    overlay parse_ident position quote_ident quote_literal quote_nullable regexp_count regexp_instr regexp_like
    regexp_match regexp_replace regexp_split_to_array regexp_substr replace reverse right rpad rtrim set_bit set_byte
    sha224 sha256 sha384 sha512 split_part starts_with string_to_array strpos substr substring to_ascii to_hex translate
    unistr upper
};

const TIME: &[&str] = names! {
    age date_bin date_part date_trunc extract isfinite justify_days justify_hours justify_interval make_date
    make_interval make_time make_timestamp make_timestamptz now statement_timestamp timezone to_char to_date to_number
    to_timestamp transaction_timestamp
};

const JSON: &[&str] = names! {
    array_to_json json_array_length json_build_array json_build_object json_extract_path json_extract_path_text
    json_object json_strip_nulls json_typeof jsonb_array_length jsonb_build_array jsonb_build_object jsonb_extract_path
    jsonb_extract_path_text jsonb_insert jsonb_object jsonb_path_exists jsonb_path_exists_tz jsonb_path_match
    jsonb_path_match_tz jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first
    jsonb_path_query_first_tz jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_typeof row_to_json to_json
    to_jsonb
};

const ARRAYS: &[&str] = names! {
    array_append array_cat array_dims array_length array_lower array_ndims array_position array_positions array_prepend
    array_remove array_replace array_to_string array_upper cardinality trim_array
};

/// `lower` and `upper` of ranges stand among the texts.
const RANGES: &[&str] = names! {
    datemultirange daterange int4multirange int4range int8multirange int8range isempty lower_inc lower_inf multirange
    nummultirange numrange range_merge tsmultirange tsrange tstzmultirange tstzrange upper_inc upper_inf
};

/// Casts written as calls.
const CASTS: &[&str] = names! {
    bool date float4 float8 int2 int4 int8 numeric text timestamptz
};

/// Of the arguments; not `inet_client_addr` and `inet_server_addr`, which tell of the connection.
const NETWORK: &[&str] = names! {
    abbrev broadcast family host hostmask inet_merge inet_same_family macaddr8_set7bit masklen netmask network
    set_masklen
};

const GEOMETRY: &[&str] = names! {
    area bound_box box center circle diagonal diameter height isclosed ishorizontal isopen isparallel isperp isvertical
    line lseg npoints path pclose point popen radius slope width
};

/// Full text search. The configuration is a name that the engine looks up among those the login may use, or the
/// server's default: neither tells of data.
const SEARCH: &[&str] = names! {
    array_to_tsvector json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight
    strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsquery_phrase tsvector_to_array
    websearch_to_tsquery
};

/// The only functions of the prefix `pg_` that ask nothing of the server.
const OTHER: &[&str] = names! { gen_random_uuid num_nonnulls num_nulls pg_size_bytes pg_size_pretty };

/// Of PostgreSQL 16 to 18. Only behind `pg_catalog.`: on an older server they could be anybody's.
pub(super) const NEWER: &[&str] = names! {
    array_reverse array_sample array_shuffle array_sort casefold crc32 crc32c date_add date_subtract erf erfc gamma
    lgamma random_normal to_bin to_oct unicode_assigned uuid_extract_timestamp uuid_extract_version uuidv4
};

/// With `FILTER`, `DISTINCT`, `ORDER BY` and `WITHIN GROUP` as the grammar has it.
const AGGREGATES: &[&str] = names! {
    array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg json_object_agg
    jsonb_agg jsonb_object_agg max min mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx
    regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp
    string_agg sum var_pop var_samp variance
};

/// Of PostgreSQL 16 to 18.
pub(super) const NEWER_AGGREGATES: &[&str] = names! {
    any_value json_agg_strict json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
    jsonb_agg_strict jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict
};

const WINDOWS: &[&str] = names! {
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
};

/// `generate_series` can be endless; the limits on rows and time end it.
const TABLES: &[&str] = names! {
    generate_series generate_subscripts json_array_elements json_array_elements_text json_each json_each_text
    json_object_keys jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys
    jsonb_path_query jsonb_path_query_tz regexp_matches regexp_split_to_table string_to_table unnest
};

/// Not: `oid` and all `reg…`, which ask the catalogue; `xid`, `cid`, `tid`, `pg_lsn` and `pg_snapshot`, which are the
/// server's inner life; `aclitem` and `name`; `xml`; types of rows, domains and enums, which somebody made.
pub(super) const TYPES: &[&str] = &[
    "bigint",
    "bit",
    "bit varying",
    "bool",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "char",
    "char varying",
    "character",
    "character varying",
    "cidr",
    "circle",
    "date",
    "datemultirange",
    "daterange",
    "dec",
    "decimal",
    "double precision",
    "float",
    "float4",
    "float8",
    "inet",
    "int",
    "int2",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "numeric",
    "nummultirange",
    "numrange",
    "path",
    "point",
    "polygon",
    "real",
    "smallint",
    "text",
    "time",
    "time with time zone",
    "time without time zone",
    "timestamp",
    "timestamp with time zone",
    "timestamp without time zone",
    "timestamptz",
    "timetz",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "uuid",
    "varbit",
    "varchar",
];

/// Those that every server has, and those of ICU, by their pattern: a name in `pg_catalog` that is not there is an
/// error that tells nothing.
pub(super) fn collation(name: &str) -> bool {
    const FIXED: &[&str] =
        &["C", "C.UTF-8", "POSIX", "default", "pg_c_utf8", "pg_unicode_fast", "ucs_basic", "unicode"];
    let of_icu = name.strip_suffix("-x-icu");
    has(FIXED, name)
        || of_icu.is_some_and(|tag| tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'))
}
