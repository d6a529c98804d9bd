//! What to say of well-known functions that are refused.

/// A short hint, for the end of a sentence, about a function that the dialect at hand refuses; `name` is in lower case.
/// None for names that nobody would expect.
pub(crate) fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "benchmark" | "pg_sleep" | "pg_sleep_for" | "pg_sleep_until" | "sleep" => "waiting is not allowed",
        "clock_timestamp" | "getdate" | "sysdate" | "timeofday" => "use now() or current_timestamp",
        "current_catalog" | "current_database" | "current_schema" | "current_schemas" | "database" | "schema" => {
            "which database it is cannot be asked"
        }
        "current_role" | "current_user" | "getpgusername" | "session_user" | "system_user" | "user" => {
            "who is asking is known to the rules, not to the statement"
        }
        "connection_id" | "found_rows" | "inet_client_addr" | "inet_client_port" | "inet_server_addr"
        | "inet_server_port" | "pg_backend_pid" | "row_count" => "the connection cannot be asked about",
        "sqlite_version" | "version" => "the server cannot be asked about",
        "current_setting" | "set_config" => "settings cannot be read or changed",
        "currval" | "last_insert_id" | "last_insert_rowid" | "lastval" | "nextval" | "setval" => {
            "sequences cannot be read or moved"
        }
        "dblink" | "dblink_exec" | "load_extension" | "load_file" | "lo_export" | "lo_import" | "pg_read_file"
        | "readfile" | "writefile" => "files and other servers are out of reach",
        "crosstab" | "cursor_to_xml" | "database_to_xml" | "query_to_xml" | "schema_to_xml" | "table_to_xml"
        | "ts_rewrite" | "ts_stat" => "text is never run as SQL",
        "extractvalue" | "updatexml" | "xmlagg" | "xmlelement" | "xmlforest" | "xmlparse" | "xmltable" | "xpath" => {
            "XML is not supported"
        }
        "get_lock" | "pg_advisory_lock" | "pg_advisory_xact_lock" | "pg_try_advisory_lock" | "release_lock" => {
            "locks are not allowed"
        }
        "pg_typeof" | "to_regclass" | "to_regproc" | "to_regrole" | "to_regtype" => "the catalogue cannot be asked",
        "array_fill" | "randomblob" | "repeat" | "space" | "zeroblob" => "values cannot be made large on purpose",
        "json_populate_record"
        | "json_populate_recordset"
        | "json_to_record"
        | "json_to_recordset"
        | "jsonb_populate_record"
        | "jsonb_populate_recordset"
        | "jsonb_to_record"
        | "jsonb_to_recordset" => "take the fields out one by one, with ->>",
        "uuid" | "uuid_generate_v4" | "uuid_short" => "use the key of a row",
        "setseed" => "use a hash of a column, such as md5, for a repeatable order",
        "isnull" => "use IS NULL",
        "any_value" => "use min or max",
        "add_months" => "use date_add",
        "chr" => "use char",
        "grouping" => "use GROUP BY without ROLLUP",
        "json_detailed" => "use json_pretty",
        "json_exists" => "use json_contains_path",
        "json_query" => "use json_extract",
        "nvl" => "use coalesce",
        "nvl2" => "use CASE",
        "regexp_like" => "use REGEXP",
        "to_char" => "use date_format or strftime",
        "date_format" => "use to_char or strftime",
        "date_part" | "datepart" | "day" | "hour" | "month" | "year" => "use extract(... from ...) or strftime",
        "date_trunc" => "use date_format or strftime",
        "datediff" | "timestampdiff" => "subtract one date from the other",
        "group_concat" => "use string_agg",
        "if" | "iif" => "use CASE",
        "ifnull" => "use coalesce",
        "now" => "use current_timestamp",
        "string_agg" => "use group_concat",
        "len" => "use length",
        "listagg" => "use string_agg or group_concat",
        _ => return None,
    })
}
