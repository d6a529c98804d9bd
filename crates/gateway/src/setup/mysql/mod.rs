//! What a MariaDB or MySQL server needs for each level.

mod views;

use std::sync::Arc;
use std::time::Duration;

use tenancy::Secret;
use tenancy::model::rules::Tables;
use tenancy::placement::{Level, PROBE_TABLE, Placement, Server};

use super::{Administrator, Script, SetupError, Step};
use crate::error::RunError;
use crate::mysql::AdministratorSession;
use crate::mysql::words::{DEFINER, ME, VIEWS, account, literal, name, pattern};
use crate::settings::Settings;
use crate::tls::Trust;

/// Accounts that the server or this set-up needs for itself.
const RESERVED: [&str; 7] =
    ["root", "mysql", "mariadb.sys", "mysql.sys", "mysql.session", "mysql.infoschema", DEFINER.0];

/// The longest name of a login, in characters; MySQL itself takes 32.
const LONGEST_LOGIN: usize = 80;

pub(super) fn script(placement: &Placement, server: &Server) -> Result<Script, SetupError> {
    check(placement, server)?;
    let mut script = Script::default();
    script.once.push(session());
    match placement.level() {
        Level::Database => {
            script.tenant.extend(login(placement, server));
            script.tenant.push(whole_database(server));
        }
        Level::ViewRows => {
            let base = placement.rows().base.as_deref().unwrap_or_default();
            let tables = &placement.rows().tables;
            script.once.extend(views::script(base, &server.database, tables));
            script.tenant.extend(login(placement, server));
            script.tenant.push(whole_database(server));
            script.tenant.push(views::mapping(base, &server.user, &placement.rows().key));
        }
        Level::GuardedRows => {
            script.tenant.extend(login(placement, server));
            script.tenant.extend(declared(server, &placement.rows().tables));
        }
        // The catalog refuses them for this engine.
        Level::Schema | Level::NativeRows => {
            return Err(refused("MariaDB and MySQL have no such level: use \"database\" or \"view-rows\""));
        }
    }
    Ok(script)
}

/// Runs the steps, each by itself: these engines have no transactions for accounts and views.
pub(super) async fn apply(
    server: &Server,
    administrator: &Administrator,
    script: &Script,
    settings: &Settings,
    timeout: Duration,
) -> Result<(), SetupError> {
    let trust = Arc::new(Trust::new(settings));
    let entry = (administrator.user.as_str(), &administrator.password);
    let mut session = AdministratorSession::open(server, entry, &trust, timeout).await?;
    let mut done = Ok(());
    for step in script.steps() {
        let ran = match session.run(step.complete()).await {
            Err(RunError::QueryFailed { code, .. }) if step.gone.contains(&code.as_str()) => Ok(()),
            ran => ran,
        };
        done = ran.map_err(|error| match error {
            RunError::QueryFailed { code, .. } if step.about.is_empty() => SetupError::Step { step: step.why, code },
            RunError::QueryFailed { code, .. } => SetupError::Table { step: step.why, table: step.about.clone(), code },
            error => SetupError::Connection(error),
        });
        if done.is_err() {
            break;
        }
    }
    session.close().await;
    done
}

/// Takes away the logins and what was made for them and the placement's tables; what other tenants use stays.
pub(super) fn removal(placement: &Placement, server: &Server, logins: &[&str]) -> Vec<Step> {
    let mut steps = vec![session()];
    if let (Level::ViewRows, Some(base)) = (placement.level(), &placement.rows().base) {
        steps.extend(views::removal(base, &server.database, &placement.rows().tables, logins));
    }
    if placement.level() == Level::GuardedRows {
        // A right on a table outlives the table.
        let user = account(&server.user);
        let place = format!("{}.{}", name(&server.database), name(PROBE_TABLE));
        let revoke = format!("REVOKE SELECT ON {place} FROM {user}");
        steps.push(Step::new("The login that tenants share reads it no more", revoke).unless_gone(&views::NOT_THERE));
    }
    let drop = |login: &&str| Step::new("The login goes", format!("DROP USER IF EXISTS {}", account(login)));
    steps.extend(logins.iter().map(drop));
    steps
}

fn check(placement: &Placement, server: &Server) -> Result<(), SetupError> {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let user = &server.user;
    if user.is_empty() || user.len() > LONGEST_LOGIN || !user.bytes().all(sound) {
        return Err(refused(
            "name the login with 1 to 80 letters, digits, '_', '-' and '.': a '@' or a blank in it could be taken for another login",
        ));
    }
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(user)) {
        return Err(refused("this login belongs to the server itself: give the tenant another one"));
    }
    let base = placement.rows().base.as_deref();
    if server.database.contains('\\') || base.is_some_and(|base| base.contains('\\')) {
        return Err(refused("a backslash in a database's name means something else in a grant: rename the database"));
    }
    if placement.level() != Level::ViewRows {
        return Ok(());
    }
    if base.is_none_or(|base| base.eq_ignore_ascii_case(&server.database)) {
        return Err(refused(
            "\"base\" names the database with the shared tables and \"database\" another one, which gets the views",
        ));
    }
    for table in placement.rows().tables.keys() {
        if table.contains('.') {
            return Err(refused(
                "at level \"view-rows\" all tables are in the database \"base\": declare them without its name",
            ));
        }
        if [ME, VIEWS].iter().any(|own| own.eq_ignore_ascii_case(table)) {
            return Err(refused(
                "tables named cloison_me or cloison_views cannot be declared: set-up makes views of these names",
            ));
        }
    }
    Ok(())
}

fn session() -> Step {
    Step::new(
        "Quotes and backslashes below mean what they mean by default, however the server is configured",
        "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
    )
}

/// The login, with this password, whether it was there or not.
fn login(placement: &Placement, server: &Server) -> [Step; 2] {
    let account = account(&server.user);
    // Each running query may need a second connection, which stops it; a few for other nodes.
    let most = placement.connection_limit().saturating_mul(2).saturating_add(8);
    let password = Secret::from(literal(server.password.expose()));
    [
        Step::with_password("The tenant's login", &password, |password| {
            format!("CREATE USER IF NOT EXISTS {account} IDENTIFIED BY {password}")
        }),
        Step::with_password(
            "Its password, if it was there; a fuse against too many connections",
            &password,
            |password| format!("ALTER USER {account} IDENTIFIED BY {password} WITH MAX_USER_CONNECTIONS {most}"),
        ),
    ]
}

fn whole_database(server: &Server) -> Step {
    Step::new(
        "It reads this database and no other; in a grant's database name _ and % are wildcards without the backslash",
        format!("GRANT SELECT ON {}.* TO {}", pattern(&server.database), account(&server.user)),
    )
}

/// The declared tables, by name.
fn declared(server: &Server, tables: &Tables) -> Vec<Step> {
    let place = |table: &str| match table.split_once('.') {
        Some((database, table)) => format!("{}.{}", name(database), name(table)),
        None => format!("{}.{}", name(&server.database), name(table)),
    };
    let grant = |table: &String| {
        Step::new(
            "It reads the declared tables only",
            format!("GRANT SELECT ON {} TO {}", place(table), account(&server.user)),
        )
    };
    let readable = tables.iter().filter(|(_, draft)| draft.shared || draft.tenant.is_some());
    readable.map(|(table, _)| grant(table)).collect()
}

fn refused(message: &str) -> SetupError {
    SetupError::Placement(message.to_owned())
}
