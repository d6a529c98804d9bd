//! The world of the library's cards: two learning platforms in one database, each row with its tenant. Their ids are
//! the same numbers, so a join that forgets the tenant finds the other one's rows.

use cloison::sample::{Cell, Kind, Site, Spec, Table};

use super::rules::Rules;
use super::world::{Scripts, World};
use crate::engine::Engine;
use crate::fixture::ACME;

/// The moment at which the platforms' histories end: 2026-11-18, in seconds since 1970.
pub(super) const NOW: i64 = 1_795_000_000;

/// About how long a statement gets, in bytes.
const LENGTH: usize = 256 * 1024;

/// Companies within one platform, as an extension of Moodle keeps them: the library has no table of them.
const COMPANIES: [(&str, &str, &str); 3] = [
    ("mdl_company", "id bigint, name varchar(50)", "(1, 'North'), (2, 'South')"),
    (
        "mdl_company_users",
        "id bigint, companyid bigint, userid bigint, suspended smallint",
        "(1, 1, 11, 0), (2, 1, 12, 0), (3, 2, 13, 0), (4, 2, 14, 1), (5, 2, 15, 0), (6, 1, 16, 0), (7, 1, 17, 0)",
    ),
    (
        "mdl_company_course",
        "id bigint, companyid bigint, courseid bigint",
        "(1, 1, 2), (2, 1, 3), (3, 2, 2), (4, 2, 4), (5, 1, 4), (6, 2, 5)",
    ),
];

pub(super) async fn world(engine: Engine) -> anyhow::Result<World> {
    let ours = Site::generate(&Spec::cedar(), NOW);
    let mut other = Spec::cedar();
    other.seed = 7;
    let theirs = Site::generate(&other, NOW);
    let tables = || ours.tables().iter().map(|table| table.name).chain(COMPANIES.map(|(name, ..)| name));
    let rules = Rules::by_key(tables());
    let script = |sites: &[(&str, &Site)]| {
        let mut script = create(engine, &ours);
        for (tenant, site) in sites {
            for table in site.tables() {
                fill(engine, table, tenant, &mut script);
            }
            for (name, _, rows) in COMPANIES {
                let rows = rows.replace('(', &format!("('{tenant}', "));
                script.push(format!("INSERT INTO {}{name} VALUES {rows}", prefix(engine)));
            }
        }
        script
    };
    let (alone, both) = (script(&[(ACME.0, &ours)]), script(&[("bolt", &theirs), (ACME.0, &ours)]));
    World::make(engine, Scripts { alone, both, rules }).await
}

const fn prefix(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "app.",
        Engine::Mariadb | Engine::Sqlite => "",
    }
}

fn create(engine: Engine, site: &Site) -> Vec<String> {
    let mut script = Vec::new();
    if engine == Engine::Postgres {
        script.push("CREATE SCHEMA app".to_owned());
    }
    let mut make = |name: &str, columns: &str| {
        let name = format!("{}{name}", prefix(engine));
        script.push(format!("CREATE TABLE {name} (tenant_id varchar(20), {columns}, PRIMARY KEY (tenant_id, id))"));
    };
    for table in site.tables() {
        let columns = table.columns.iter().map(|column| format!("{} {}", column.name, kind(engine, column.kind)));
        make(table.name, &columns.collect::<Vec<_>>().join(", "));
    }
    for (name, columns, _) in COMPANIES {
        make(name, columns);
    }
    // Two platforms have the same ids, so no index is unique.
    for table in site.tables() {
        for (number, columns) in table.indexes.iter().enumerate() {
            let (name, columns) = (table.name, columns.trim_start_matches('!'));
            script.push(format!("CREATE INDEX {name}_{number} ON {}{name} ({columns})", prefix(engine)));
        }
    }
    script
}

fn kind(engine: Engine, kind: Kind) -> String {
    match kind {
        Kind::Int => "bigint".to_owned(),
        Kind::Small => "smallint".to_owned(),
        // Not NUMERIC: that would keep 75.00000 as a whole number, and dividing whole numbers cuts.
        Kind::Decimal(..) if engine == Engine::Sqlite => "real".to_owned(),
        Kind::Decimal(all, after) => format!("decimal({all},{after})"),
        Kind::Varchar(length) => format!("varchar({length})"),
        Kind::Text => if engine == Engine::Mariadb { "longtext" } else { "text" }.to_owned(),
    }
}

fn fill(engine: Engine, table: &Table, tenant: &str, script: &mut Vec<String>) {
    let head = format!("INSERT INTO {}{} VALUES ", prefix(engine), table.name);
    let mut statement = String::new();
    for row in table.rows() {
        statement.push_str(if statement.is_empty() { &head } else { ", " });
        let cells: Vec<String> = row.iter().map(|cell| literal(engine, cell)).collect();
        statement.push_str(&format!("('{tenant}', {})", cells.join(", ")));
        if statement.len() > LENGTH {
            script.push(std::mem::take(&mut statement));
        }
    }
    if !statement.is_empty() {
        script.push(statement);
    }
}

fn literal(engine: Engine, cell: &Cell) -> String {
    let text = |text: &str| {
        let text = text.replace('\'', "''");
        // A backslash escapes there.
        let text = if engine == Engine::Mariadb { text.replace('\\', "\\\\") } else { text };
        format!("'{text}'")
    };
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Decimal(units) => {
            let sign = if *units < 0 { "-" } else { "" };
            format!("{sign}{}.{:05}", units.abs() / 100_000, units.abs() % 100_000)
        }
        Cell::Word(word) => text(word),
        Cell::Text(word) => text(word),
    }
}
