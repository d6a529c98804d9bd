use super::*;

const DIALECTS: [Dialect; 3] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite];

fn in_order(names: &[&str]) -> bool {
    names.windows(2).all(|pair| pair[0] < pair[1])
}

#[test]
fn every_list_is_sorted_and_without_twins() {
    for dialect in DIALECTS {
        for (kind, names) in groups(dialect) {
            assert!(in_order(names), "{dialect:?}, {kind:?}, the list that begins with {}", names[0]);
        }
        let mut all: Vec<&str> = groups(dialect).iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let many = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), many, "{dialect:?} has a name in two lists");
        assert!(all.iter().all(|name| *name == name.to_ascii_lowercase()));
    }
    for names in [postgres::TYPES, mysql::TYPES, mysql::UNITS, sqlite::TYPES, sqlite::COLLATIONS] {
        assert!(in_order(names), "the list that begins with {}", names[0]);
    }
}

#[test]
fn what_reads_waits_or_runs_text_is_in_no_list() {
    let never = names! {
        benchmark binary_upgrade_set_next_pg_type_oid changes clock_timestamp col_description connection_id crosstab
        current_catalog current_database current_query current_role current_schema current_schemas current_setting
        current_user currval cursor_to_xml database database_to_xml dblink dblink_exec edit enum_range extractvalue
        found_rows fts3_tokenizer get_lock getpgusername has_column_privilege has_table_privilege inet_client_addr
        inet_server_addr is_free_lock is_used_lock json_populate_record json_to_recordset jsonb_populate_recordset
        jsonb_to_record last_insert_id last_insert_rowid lastval load_extension load_file lo_creat lo_export lo_import
        loread master_gtid_wait master_pos_wait mxid_age name_const nextval obj_description oid pg_advisory_lock
        pg_cancel_backend pg_column_size pg_get_viewdef pg_input_is_valid pg_ls_dir pg_notify pg_read_file
        pg_relation_size pg_show_all_settings pg_sleep pg_stat_get_activity pg_terminate_backend pg_total_relation_size
        pg_typeof pragma_table_info query_to_xml randomblob readfile regclass regproc release_lock row_count
        row_security_active rtreecheck schema session_user set_config setseed setval shobj_description sleep
        sqlite_compileoption_get sqlite_version sysdate system_user table_to_xml to_regclass to_regrole to_regtype
        total_changes ts_debug ts_parse ts_rewrite ts_stat txid_current updatexml user uuid_short values version
        writefile xml xmlparse xpath zeroblob
    };
    for dialect in DIALECTS {
        for name in never {
            assert_eq!(function(dialect, name), None, "{dialect:?}: {name}");
            assert!(!bare(dialect, name), "{dialect:?}: {name}");
        }
        for name in
            ["aclitem", "name", "oid", "pg_lsn", "record", "regclass", "regconfig", "regtype", "tid", "xid", "xml"]
        {
            assert!(!cast_type(dialect, name), "{dialect:?}: {name}");
        }
    }
}

#[test]
fn only_two_harmless_names_begin_as_those_of_the_server_do() {
    for (_, names) in groups(Dialect::Postgres) {
        for name in *names {
            let of_the_server = ["pg_", "lo_", "has_", "txid_", "reg", "to_reg", "dblink", "binary_upgrade"];
            if of_the_server.iter().any(|prefix| name.starts_with(prefix)) {
                assert!(
                    matches!(*name, "pg_size_bytes" | "pg_size_pretty")
                        || name.starts_with("regexp_")
                        || name.starts_with("regr_")
                );
            }
        }
    }
}

#[test]
fn a_name_has_its_kind() {
    assert_eq!(function(Dialect::Postgres, "date_trunc"), Some(Kind::Scalar));
    assert_eq!(function(Dialect::Postgres, "percentile_cont"), Some(Kind::Aggregate));
    assert_eq!(function(Dialect::Mysql, "percentile_cont"), Some(Kind::Window));
    assert_eq!(function(Dialect::Postgres, "unnest"), Some(Kind::Table));
    assert_eq!(function(Dialect::Sqlite, "json_each"), Some(Kind::Table));
    assert_eq!(function(Dialect::Sqlite, "date_trunc"), None);
    assert_eq!(function(Dialect::Mysql, "if"), Some(Kind::Scalar));
    assert_eq!(function(Dialect::Postgres, "COUNT"), None, "names come in lower case");
    assert!(is_grammar(Dialect::Postgres, "coalesce") && !is_grammar(Dialect::Postgres, "count"));
    assert!(takes_unit(Dialect::Mysql, "timestampdiff") && unit(Dialect::Mysql, "day"));
}

/// Each is native to one of the two servers, and on the other a stored function, if there is one of that name.
#[test]
fn what_may_be_a_stored_function_is_not_listed() {
    let of_one_only = names! {
        add_months any_value bin_to_uuid chr crc32c format_bytes grouping is_uuid json_array_intersect json_compact
        json_detailed json_equals json_exists json_loose json_normalize json_query json_schema_valid json_storage_size
        linestring natural_sort_key nvl nvl2 point polygon regexp_like rownum sformat statement_digest to_char
        uuid_to_bin uuid_v4
    };
    for name in of_one_only {
        assert_eq!(function(Dialect::Mysql, name), None, "{name}");
    }
}

#[test]
fn words_without_brackets_are_of_their_dialect() {
    assert!(DIALECTS.into_iter().all(|dialect| bare(dialect, "current_date") && !bare(dialect, "current_user")));
    assert!(bare(Dialect::Mysql, "utc_timestamp") && !bare(Dialect::Postgres, "utc_timestamp"));
    assert!(bare(Dialect::Postgres, "localtime") && !bare(Dialect::Sqlite, "localtime"));
}

#[test]
fn collations_are_known_or_of_a_known_pattern() {
    assert!(collation(Dialect::Postgres, "C") && !collation(Dialect::Postgres, "c"));
    assert!(collation(Dialect::Postgres, "de-AT-x-icu") && !collation(Dialect::Postgres, "a\"b-x-icu"));
    assert!(!collation(Dialect::Postgres, "mine"));
    assert!(collation(Dialect::Mysql, "UTF8MB4_bin") && !collation(Dialect::Mysql, "utf8mb4_`x"));
    assert!(collation(Dialect::Sqlite, "NOCASE") && !collation(Dialect::Sqlite, "mine"));
}

#[test]
fn formats_may_be_as_wide_as_a_page_is() {
    for modest in ["", "100%", "%s", "%.2f", "%-20s|%05d", "100%% of 2000", "%1$s", "%,d", "5 * 3 is 2000"] {
        assert!(is_modest_format(modest), "{modest}");
    }
    for great in ["%1000s", "%.999999999c", "%*s", "%.*c", "%-0999d", "%1$*2$s", "%%%1000s"] {
        assert!(!is_modest_format(great), "{great}");
    }
}

#[test]
fn a_demand_is_made_on_listed_functions_only() {
    for dialect in DIALECTS {
        for name in ["btrim", "format", "instr", "lpad", "ltrim", "replace", "rpad", "rtrim", "translate", "trim"] {
            let listed = function(dialect, name).is_some();
            assert!(listed || demand(dialect, name).is_none(), "{dialect:?}: {name}");
        }
    }
    assert_eq!(demand(Dialect::Postgres, "lpad"), Some(Demand::Length(1)));
    assert_eq!(demand(Dialect::Postgres, "format"), Some(Demand::Format(0)));
    assert_eq!(demand(Dialect::Sqlite, "instr"), Some(Demand::Short(1)));
    assert_eq!(demand(Dialect::Postgres, "count"), None);
}

#[test]
fn a_hint_is_only_for_what_is_refused_somewhere() {
    for name in ["pg_sleep", "sleep", "version", "current_user", "repeat", "sysdate", "query_to_xml"] {
        assert!(instead(name).is_some() && DIALECTS.iter().all(|dialect| function(*dialect, name).is_none()), "{name}");
    }
    assert_eq!(instead("count"), None);
    assert_eq!(instead("no_such_function"), None);
}
