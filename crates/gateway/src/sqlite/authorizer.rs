//! What a statement may do in a tenant's file: read it. Everything else is refused by default.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Functions that reach outside the file, or into memory.
const FUNCTIONS: [&str; 9] = [
    "load_extension",
    "fts3_tokenizer",
    "readfile",
    "writefile",
    "edit",
    "fsdir",
    "sqlar_uncompress",
    "zipfile",
    "sqlite_log",
];

/// Tables that show raw pages, the engine's inside or other statements.
const TABLES: [&str; 7] =
    ["sqlite_dbpage", "dbstat", "sqlite_stmt", "bytecode", "tables_used", "sqlite_memstat", "fsdir"];

pub(super) fn judge(context: AuthContext<'_>) -> Authorization {
    let allowed = match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Read { table_name, .. } => {
            let own = matches!(context.database_name, None | Some("main"));
            own && !TABLES.iter().any(|table| table.eq_ignore_ascii_case(table_name))
        }
        AuthAction::Function { function_name } => {
            !FUNCTIONS.iter().any(|function| function.eq_ignore_ascii_case(function_name))
        }
        // The full text index asks for it while it is read; it tells nothing and changes nothing.
        AuthAction::Pragma { pragma_name, pragma_value: None } => pragma_name.eq_ignore_ascii_case("data_version"),
        _ => false,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}
