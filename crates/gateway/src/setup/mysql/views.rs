//! Level `view-rows`: views that show a login its tenant's rows of tables that it may not read.
//!
//! Three things make a view hold. It asks `USER()`, the login that came in, and not `CURRENT_USER()`, which inside of it
//! is the account whose rights it uses. It has a `LIMIT` that no table reaches, so that the optimiser moves no condition
//! of a tenant's own statement into it, where an error would tell of other tenants' rows. And it compares twice: once in
//! the column's own type, for the index, and once byte by byte, because the engine takes `a` for `A` and `0` for any text.

use tenancy::model::rules::{TableDraft, Tables, TenantRule, TenantWay};

use super::Step;
use crate::mysql::words::{DEFINER, ME, VIEWS, literal, name, pattern};

/// More rows than a table can have. The number is the manual's own word for "no limit".
const FENCE: &str = "LIMIT 18446744073709551615";

/// The login that came in, as bytes.
const LOGIN: &str = "CAST(SUBSTRING_INDEX(USER(), '@', 1) AS BINARY)";

const TENANTS: &str = "cloison_tenant";
const DIGESTS: &str = "cloison_view";
const DIGEST: &str = "cloison_digest";

/// What of a view's definition must not change.
const DEFINITION: &str = "SHA2(CONCAT_WS('\\n', definer, security_type, view_definition), 256)";

/// What the data source needs, in this order.
pub(super) fn script(base: &str, views: &str, tables: &Tables) -> Vec<Step> {
    let making = Making { base, views, tables };
    let readable = || tables.iter().filter(|(_, draft)| draft.shared || draft.tenant.is_some());
    let mut steps = making.accounts();
    steps.extend(making.places());
    steps.extend(readable().map(|(table, _)| making.grant(table)));
    steps.extend(readable().map(|(table, draft)| making.view(table, draft)));
    steps.extend(making.digests(&readable().map(|(table, _)| literal(table)).collect::<Vec<_>>().join(", ")));
    steps
}

/// Whose rows a login sees.
pub(super) fn mapping(base: &str, login: &str, key: &str) -> Step {
    let (login, key) = (literal(login), literal(key));
    Step::new(
        "Its rows are those with this key",
        format!(
            "INSERT INTO {}.{TENANTS} (login, row_key) VALUES ({login}, {key}) ON DUPLICATE KEY UPDATE row_key = {key}",
            name(base)
        ),
    )
}

struct Making<'a> {
    base: &'a str,
    views: &'a str,
    tables: &'a Tables,
}

impl Making<'_> {
    fn accounts(&self) -> Vec<Step> {
        let definer = definer();
        vec![
            Step::new("The database with the views", format!("CREATE DATABASE IF NOT EXISTS {}", name(self.views))),
            Step::new(
                "The account whose rights the views use",
                format!("CREATE USER IF NOT EXISTS {definer} ACCOUNT LOCK"),
            ),
            Step::new("Nobody can log in as it", format!("ALTER USER {definer} ACCOUNT LOCK")),
            Step::new(
                "It may say whether the views are as they were made",
                format!("GRANT SHOW VIEW ON {}.* TO {definer}", pattern(self.views)),
            ),
        ]
    }

    fn places(&self) -> Vec<Step> {
        let base = name(self.base);
        let definer = definer();
        vec![
            Step::new(
                "Which login sees which rows; bytes, so that no two logins are alike",
                format!(
                    "CREATE TABLE IF NOT EXISTS {base}.{TENANTS} (login VARBINARY(80) NOT NULL PRIMARY KEY, \
                     row_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL)"
                ),
            ),
            Step::new(
                "How the views were made",
                format!(
                    "CREATE TABLE IF NOT EXISTS {base}.{DIGESTS} (place VARBINARY(256) NOT NULL, \
                     name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, \
                     digest CHAR(64) CHARACTER SET ascii NOT NULL, PRIMARY KEY (place, name))"
                ),
            ),
            // One statement without a semicolon, so that every client sends it whole.
            Step::new(
                "How a view is made now; only the account of the views may ask",
                format!(
                    "CREATE DEFINER = {definer} FUNCTION IF NOT EXISTS {base}.{DIGEST}\
                     (place VARCHAR(64) CHARACTER SET utf8mb4, wanted VARCHAR(64) CHARACTER SET utf8mb4) \
                     RETURNS CHAR(64) CHARACTER SET ascii READS SQL DATA SQL SECURITY DEFINER \
                     RETURN (SELECT {DEFINITION} FROM information_schema.views \
                     WHERE table_schema = place AND table_name = wanted)"
                ),
            ),
            Step::new("It reads the mapping", format!("GRANT SELECT ON {base}.{TENANTS} TO {definer}")),
            Step::new("It reads how the views were made", format!("GRANT SELECT ON {base}.{DIGESTS} TO {definer}")),
            Step::new("It compares", format!("GRANT EXECUTE ON FUNCTION {base}.{DIGEST} TO {definer}")),
        ]
    }

    fn grant(&self, table: &str) -> Step {
        let sql = format!("GRANT SELECT ON {}.{} TO {}", name(self.base), name(table), definer());
        Step::new("The account of the views reads the declared tables", sql).about(table)
    }

    fn view(&self, table: &str, draft: &TableDraft) -> Step {
        let from = format!("SELECT t.* FROM {}.{} AS t", name(self.base), name(table));
        match &draft.tenant {
            Some(rule) => {
                let holds = self.holds("t", rule, 0);
                self.define("The tenant's rows of a table", table, &format!("{from} WHERE {holds} {FENCE}"))
                    .about(table)
            }
            None => self.define("A table that every tenant reads", table, &format!("{from} {FENCE}")).about(table),
        }
    }

    /// That a row of `alias` is of the tenant whose login asks.
    fn holds(&self, alias: &str, rule: &TenantRule, depth: usize) -> String {
        rule.ways().map(|way| self.says(alias, way, depth)).collect::<Vec<_>>().join(" AND ")
    }

    /// That one column of it says so.
    fn says(&self, alias: &str, way: TenantWay<'_>, depth: usize) -> String {
        let column = format!("{alias}.{}", name(way.column));
        let parent = way.leads_to.and_then(|(table, key)| Some((table, key, self.tables.get(table)?.tenant.as_ref()?)));
        match parent {
            // It leads to nothing that says whose a row is.
            None if way.leads_to.is_some() => "1 = 0".to_owned(),
            Some((table, key, rule)) => {
                let next = format!("p{depth}");
                let key = format!("{next}.{}", name(key));
                format!(
                    "{column} IN (SELECT {key} FROM {}.{} AS {next} WHERE {} = {} AND {})",
                    name(self.base),
                    name(table),
                    bytes(&key),
                    bytes(&column),
                    self.holds(&next, rule, depth + 1)
                )
            }
            None => {
                let key = |shown: &str| {
                    format!("(SELECT {shown} FROM {}.{TENANTS} AS m WHERE m.login = {LOGIN})", name(self.base))
                };
                let exactly = key("CAST(m.row_key AS BINARY)");
                format!("{column} = {} AND {} = {exactly}", key("m.row_key"), bytes(&column))
            }
        }
    }

    fn digests(&self, tables: &str) -> Vec<Step> {
        let (base, place) = (name(self.base), literal(self.views));
        let mine = format!("SELECT m.row_key AS row_key FROM {base}.{TENANTS} AS m WHERE m.login = {LOGIN} {FENCE}");
        let intact = format!(
            "SELECT v.name AS name, COALESCE(v.digest = {base}.{DIGEST}({place}, v.name), 0) AS intact \
             FROM {base}.{DIGESTS} AS v WHERE v.place = CAST({place} AS BINARY) {FENCE}"
        );
        vec![
            Step::new(
                "How the views were made, to find out later whether somebody changed one",
                format!(
                    "INSERT INTO {base}.{DIGESTS} (place, name, digest) \
                     SELECT CAST({place} AS BINARY), table_name, {DEFINITION} FROM information_schema.views \
                     WHERE table_schema = {place} AND table_name IN ({tables}) \
                     ON DUPLICATE KEY UPDATE digest = VALUES(digest)"
                ),
            ),
            self.define("A login sees its own key", ME, &mine),
            self.define("A login sees whether the views are as they were made", VIEWS, &intact),
        ]
    }

    fn define(&self, why: &'static str, view: &str, select: &str) -> Step {
        let place = format!("{}.{}", name(self.views), name(view));
        let definer = definer();
        Step::new(why, format!("CREATE OR REPLACE DEFINER = {definer} SQL SECURITY DEFINER VIEW {place} AS {select}"))
    }
}

fn definer() -> String {
    let (user, host) = DEFINER;
    format!("'{user}'@'{host}'")
}

/// A column's value byte by byte, in one character set whatever its type.
fn bytes(column: &str) -> String {
    format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY)")
}

/// What these engines say of a database, a table, a right or an account that is not there: of a set-up that failed
/// half-way, the rest goes all the same.
pub(super) const NOT_THERE: [&str; 6] = ["1049", "1146", "1141", "1147", "1133", "1269"];

/// Takes away what [`script`] and [`mapping`] made for these tables and logins, and nothing else.
pub(super) fn removal(base: &str, views: &str, tables: &Tables, logins: &[&str]) -> Vec<Step> {
    let (place, base) = (literal(views), name(base));
    let forget = |login: &&str| {
        let sql = format!("DELETE FROM {base}.{TENANTS} WHERE login = {}", literal(login));
        Step::new("The login has no rows any more", sql).unless_gone(&NOT_THERE)
    };
    let mut steps: Vec<Step> = logins.iter().map(forget).collect();
    for table in tables.keys() {
        let view = format!("DROP VIEW IF EXISTS {}.{}", name(views), name(table));
        let digest =
            format!("DELETE FROM {base}.{DIGESTS} WHERE place = CAST({place} AS BINARY) AND name = {}", literal(table));
        let right = format!("REVOKE SELECT ON {base}.{} FROM {}", name(table), definer());
        steps.push(Step::new("The view goes", view).about(table).unless_gone(&NOT_THERE));
        steps.push(Step::new("Nobody asks how it was made", digest).about(table).unless_gone(&NOT_THERE));
        let reads = Step::new("The account of the views reads the table no more", right);
        steps.push(reads.about(table).unless_gone(&NOT_THERE));
    }
    steps
}
