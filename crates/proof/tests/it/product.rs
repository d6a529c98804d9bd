//! All of the product over HTTP, at every level of every engine.

use proof::engine::Engine;
use proof::product::{self, Size};
use proof::report::{self, Wrong};
use proof::worlds::Level;

/// Attacks whose answer is not a silo's in something else than rows, as the guard alone has them too: see `attacks`. It
/// is the same in all worlds. The list may only shrink.
const NOT_SILO: [&str; 6] = ["B-MY-087", "B-MY-103", "B-MY-106", "B-MY-107", "B-PG-048", "B-PG-066"];

async fn holds(engine: Engine, level: Level) {
    let figures = product::sized(engine, level, Size::Brief).await.unwrap();
    println!("{}{}", report::table(std::slice::from_ref(&figures)), report::findings(&figures));
    let is_known = |id: &str| NOT_SILO.iter().any(|known| id.split(' ').next() == Some(known));
    let new: Vec<_> = figures
        .findings
        .iter()
        .filter(|finding| finding.wrong != Wrong::NotSilo || !is_known(&finding.id))
        .map(|finding| (&finding.id, finding.wrong))
        .collect();
    assert!(new.is_empty(), "{new:?}");
    // At guarded-rows nothing of a tenant's own is let through, and half of what is sent is that.
    let share = if level == Level::GuardedRows { 8 } else { 4 };
    assert!(figures.accepted * share > figures.items, "a product that refuses everything proves nothing");
}

macro_rules! every_level {
    ($($engine:ident { $($name:ident: $level:ident),* })*) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            holds(Engine::$engine, Level::$level).await;
        }
    )*)*

        #[test]
        fn every_level_has_its_test() {
            $(assert_eq!(product::levels(Engine::$engine), &[$(Level::$level),*]);)*
        }
    };
}

every_level! {
    Postgres {
        postgres_with_guarded_rows: GuardedRows,
        postgres_with_native_rows: NativeRows,
        postgres_with_view_rows: ViewRows,
        postgres_with_schemas: Schema,
        postgres_with_databases: Database
    }
    Mariadb {
        mariadb_with_guarded_rows: GuardedRows,
        mariadb_with_view_rows: ViewRows,
        mariadb_with_databases: Database
    }
    Sqlite {
        sqlite_with_guarded_rows: GuardedRows,
        sqlite_with_files: Database
    }
}
