//! What the SQL guard is told of the tables.

use std::sync::Arc;
use std::time::Duration;

use sqlguard::ColumnKind::{self, Integer, Other, Text, Uuid};
use tenancy::model::rules::Tables;
use tenancy::placement::{self, Level, Placement, Rows, Server, Tls};
use tenancy::{Secret, SourceId, TenantId};
use testkit::servers::Postgres;

use super::super::Table;
use super::inspect;
use crate::connection::Opener;
use crate::settings::Settings;
use crate::sqlite::Threads;
use crate::tls::Trust;

const PASSWORD: &str = "a password";

async fn tables(host: &Postgres, database: &str, user: &str, declared: &[&str]) -> Vec<Table> {
    let server = || Server {
        host: "127.0.0.1".to_owned(),
        port: host.port(),
        database: database.to_owned(),
        schema: None,
        user: user.to_owned(),
        password: Secret::from(PASSWORD.to_owned()),
        tls: Tls::Off,
    };
    let tables: Tables = declared.iter().map(|name| ((*name).to_owned(), Default::default())).collect();
    let rows = Rows { tables: Arc::new(tables), ..Rows::default() };
    let tenant = TenantId::parse(&format!("ten_{}", "a".repeat(26))).unwrap();
    let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).unwrap();
    let connection = placement::Connection::Postgres(server());
    let placement = Placement::for_tests(tenant, source, Level::Database, connection, rows, 4);
    let settings = Settings::default();
    let opener = Opener {
        trust: Arc::new(Trust::new(&settings)),
        threads: Arc::new(Threads::new(1)),
        timeout: Duration::from_secs(5),
    };
    let mut connection = opener.open(&placement).await.unwrap();
    inspect(&placement, &server(), &mut connection).await.unwrap().tables.to_vec()
}

fn table(schema: &str, name: &str, columns: &[(&str, ColumnKind)]) -> Table {
    let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    Table { schema: schema.to_owned(), name: name.to_owned(), columns }
}

#[tokio::test]
async fn what_the_login_reads_is_listed_with_kinds_that_compare_exactly() {
    let host = Postgres::shared().await.unwrap();
    let database = host.create_database("tables").await.unwrap();
    let user = host.create_login("tables", PASSWORD, &database).await.unwrap();
    let script = format!(
        "CREATE EXTENSION citext; CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO {user};
         CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
         CREATE DOMAIN word AS text;
         CREATE TABLE public.kinds (a int2, b int4, c int8, d text, e varchar(9), f uuid, g char(3), h citext,
           i text COLLATE loose, j text COLLATE \"C\", k word, l numeric, gone int, m text[]);
         ALTER TABLE public.kinds DROP COLUMN gone;
         CREATE VIEW public.seen AS SELECT b FROM public.kinds;
         CREATE TABLE other.part (a int, secret text); GRANT SELECT (a) ON other.part TO {user};
         CREATE TABLE other.none (a int); CREATE TABLE public.\"Odd, \"\"name\" (\"Odd column\" int)"
    );
    host.execute(&database, &script).await.unwrap();
    let kinds = [
        ("a", Integer),
        ("b", Integer),
        ("c", Integer),
        ("d", Text),
        ("e", Text),
        ("f", Uuid),
        ("g", Other),
        ("h", Other),
        ("i", Other),
        ("j", Text),
        ("k", Other),
        ("l", Other),
        ("m", Other),
    ];
    let (part, seen) = (table("other", "part", &[("a", Integer)]), table("public", "seen", &[("b", Integer)]));
    let (odd, kinds) = (table("public", "Odd, \"name", &[("Odd column", Integer)]), table("public", "kinds", &kinds));
    assert_eq!(tables(&host, &database, &user, &[]).await, [part.clone(), odd, kinds.clone(), seen]);
    // Declared ones only: in the placement's own schema unless another one is named, and only when they can be read.
    assert_eq!(tables(&host, &database, &user, &["kinds", "other.part", "part", "other.none"]).await, [part, kinds]);
}
