//! Our words for databases' error codes. A database's own text is never kept: it may quote a value.

/// What a SQLSTATE or an engine's number means, in lower case and without a final point.
pub(super) fn of(code: &str) -> &'static str {
    let known = CODES.iter().find(|(own, _)| *own == code).or_else(|| {
        // The class of a SQLSTATE: its first two characters.
        let class = code.get(..2).filter(|_| code.len() == 5)?;
        CLASSES.iter().find(|(own, _)| *own == class)
    });
    known.map_or("it could not run this statement", |(_, says)| says)
}

const NO_COLUMN: &str = "a column that the statement names is not there";
const NO_TABLE: &str = "a table that the statement names is not there";
const NO_FUNCTION: &str = "there is no such function or operator for values of these types; a cast may help";
const SYNTAX: &str = "it cannot read the statement";
const AMBIGUOUS: &str = "a column's name is in several tables: write the table's name before it";
const GROUPING: &str = "a column must be in GROUP BY or inside of an aggregate";
const DIVISION: &str = "a division by zero: NULLIF(divisor, 0) avoids it";
const RANGE: &str = "a number is too large for its type";
const NOT_A_VALUE: &str = "a text cannot be read as the number, date or other type that is wanted";
const MANY_ROWS: &str = "a subquery that must give one row gives several";
const MANY_COLUMNS: &str = "the parts of a UNION, or a subquery, have different numbers of columns";
const DENIED: &str = "the login may not read something that the statement names";
const COLLATION: &str = "texts of different collations are compared: add COLLATE";
const NOT_A_SELECT: &str = "only a SELECT is run";

const CODES: &[(&str, &str)] = &[
    // SQLSTATE, PostgreSQL.
    ("42703", NO_COLUMN),
    ("42P01", NO_TABLE),
    ("42883", NO_FUNCTION),
    ("42804", "values of different types stand where one type is needed; a cast may help"),
    ("42846", "there is no cast between these types"),
    ("42601", SYNTAX),
    ("42702", AMBIGUOUS),
    ("42803", GROUPING),
    ("42501", DENIED),
    ("42P18", "the type of a parameter cannot be told: write a cast, such as {{x}}::text"),
    ("42P10", "ORDER BY of SELECT DISTINCT must be in the select list"),
    ("22012", DIVISION),
    ("22003", RANGE),
    ("22P02", NOT_A_VALUE),
    ("22007", NOT_A_VALUE),
    ("22008", "a date or time is outside of what its type holds"),
    ("21000", MANY_ROWS),
    ("57014", "it was stopped, because it took too long"),
    ("54001", "the statement is too deeply nested"),
    // MariaDB and MySQL.
    ("1054", NO_COLUMN),
    ("1146", NO_TABLE),
    ("1142", DENIED),
    ("1143", DENIED),
    ("1064", SYNTAX),
    ("1052", AMBIGUOUS),
    ("1055", GROUPING),
    ("1140", GROUPING),
    ("1305", "there is no such function"),
    ("1582", "a function has the wrong number of arguments"),
    ("1365", DIVISION),
    ("1690", RANGE),
    ("1292", NOT_A_VALUE),
    ("1242", MANY_ROWS),
    ("1222", MANY_COLUMNS),
    ("1241", MANY_COLUMNS),
    ("1267", COLLATION),
    ("1248", "a subquery in FROM needs a name"),
    ("1969", "it was stopped, because it took too long"),
    // SQLite, and the gateway's own.
    ("1", "it cannot read the statement, or a table, column or function that it names is not there"),
    ("18", "a value is larger than the limit"),
    ("20", "a value has the wrong type"),
    ("23", DENIED),
    ("NOTASELE", NOT_A_SELECT),
];

const CLASSES: &[(&str, &str)] = &[
    ("22", "a value does not fit where it is used"),
    ("42", "it cannot make sense of the statement"),
    ("53", "it has too little memory, disk or room for connections"),
    ("54", "the statement is too large or too complex"),
];

#[cfg(test)]
mod tests {
    use super::{NO_COLUMN, of};

    #[test]
    fn codes_come_before_classes() {
        assert_eq!(of("42703"), NO_COLUMN);
        assert_eq!(of("42999"), "it cannot make sense of the statement");
        assert_eq!(of("XX000"), "it could not run this statement");
        assert_eq!(of(""), "it could not run this statement");
    }
}
