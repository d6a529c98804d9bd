//! What set-up made goes again, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use tenancy::placement::{Connection, Level, Placement, Rows, Server, Tls};
use tenancy::{Secret, SourceId, TenantId};
use testkit::servers::Postgres;

use crate::settings::Settings;
use crate::setup::{Administrator, Script, apply, removal, script};

#[tokio::test]
async fn logins_lines_and_views_go_and_the_others_stay() {
    let host = Postgres::shared().await.unwrap();
    for level in [Level::NativeRows, Level::ViewRows, Level::GuardedRows] {
        let database = host.create_database("removal").await.unwrap();
        host.execute(&database, "CREATE SCHEMA app; CREATE TABLE app.t (firm text)").await.unwrap();
        let place = |slug: &str| {
            let views = level == Level::ViewRows;
            let server = Server {
                host: "127.0.0.1".to_owned(),
                port: host.port(),
                database: database.clone(),
                schema: Some(if views { "views" } else { "app" }.to_owned()),
                user: format!("{database}_{slug}"),
                password: Secret::from("p".to_owned()),
                tls: Tls::Off,
            };
            let rows = Rows {
                key: slug.to_owned(),
                base: views.then(|| "app".to_owned()),
                tables: Arc::new(
                    serde_json::from_value(serde_json::json!({ "t": { "tenant": { "column": "firm" } } })).unwrap(),
                ),
                ..Rows::default()
            };
            let tenant = TenantId::parse(&format!("ten_{}", "a".repeat(26))).unwrap();
            let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).unwrap();
            Placement::for_tests(tenant, source, level, Connection::Postgres(server), rows, 4)
        };
        let password = Secret::from(host.admin_password().to_owned());
        let administrator = Administrator { user: host.admin_user().to_owned(), password };
        let (settings, long) = (Settings::default(), Duration::from_secs(30));
        for slug in ["a", "b", "stays"] {
            let place = place(slug);
            apply(&place, &administrator, &script(&place).unwrap(), &settings, long).await.unwrap();
        }
        let logins = [format!("{database}_a"), format!("{database}_b")];
        let logins = [logins[0].as_str(), logins[1].as_str(), "cloison_nobody"];
        // Twice: what is gone already is no error.
        for _ in 0..2 {
            let goes = Script { once: removal(&place("a"), &["a", "b"], &logins), tenant: Vec::new() };
            apply(&place("a"), &administrator, &goes, &settings, long).await.unwrap();
        }
        let admin = host.admin(&database).await.unwrap();
        let one = async |sql: &str| admin.query_one(sql, &[]).await.unwrap().get::<_, String>(0);
        let stays = format!("{database}_stays");
        let roles = "SELECT string_agg(rolname, ',') FROM pg_roles WHERE starts_with(rolname, current_database())";
        assert_eq!(one(roles).await, stays, "{level:?}");
        if level != Level::GuardedRows {
            assert_eq!(
                one("SELECT string_agg(login || row_key, ',') FROM cloison.tenant").await,
                format!("{stays}stays")
            );
        }
        assert_eq!(one("SELECT count(*)::text FROM pg_class WHERE relname = 't'").await, "1", "{level:?}");
    }
}
