//! Servers that answer as no honest one does, at every step of a query. Each gets an error of ours, in time and
//! in bounded memory; nobody panics; and the next tenant is served.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gateway::{Gateway, Limits, RunError, Settings};
use serde_json::{Value, json};
use tenancy::placement::{Connection, Placement, Server, Tls};

use crate::fake::{self, Act, At, Fake, forever, my, pg};
use crate::world::{Ask, placement, sqlite, until};

const PASSWORD: &str = "opensesame";

/// Memory that all cases of a test may take together.
const MEMORY: u64 = 256 << 20;

/// Nothing here takes that long, on however slow a machine: limits are a second and less.
const FOR_EVER: Duration = Duration::from_secs(60);

/// Rows of a result.
const MOST: u64 = 5000;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// The process, watched.
struct Watch {
    gateway: Gateway,
    other: Arc<Placement>,
    start: u64,
    _dir: tempfile::TempDir,
}

fn kilobytes(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap()
}

impl Watch {
    fn new() -> Self {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(info);
        }));
        let dir = tempfile::tempdir().unwrap();
        let other = sqlite(dir.path(), 1, "CREATE TABLE v (x)");
        let settings = Settings { connect_timeout: Duration::from_secs(1), ..Settings::default() };
        Self { gateway: Gateway::new(settings), other, start: kilobytes("VmRSS:"), _dir: dir }
    }

    fn place(fake: &Fake, tls: Tls, is_postgres: bool) -> Arc<Placement> {
        let server = Server {
            host: "127.0.0.1".into(),
            port: fake.port,
            database: "d".into(),
            schema: None,
            user: "u".into(),
            password: PASSWORD.to_owned().into(),
            tls,
        };
        placement(0, if is_postgres { Connection::Postgres(server) } else { Connection::Mysql(server) }, 4)
    }

    /// Asks the fake once, and then somebody honest.
    async fn ask(&self, what: &str, place: &Arc<Placement>) -> Result<Value, RunError> {
        self.ask_within(Duration::from_millis(700), what, place).await
    }

    async fn ask_within(&self, timeout: Duration, what: &str, place: &Arc<Placement>) -> Result<Value, RunError> {
        let limits = Limits { timeout, max_bytes: 4 << 20, max_rows: MOST, ..Limits::default() };
        let ask = Ask { limits, ..Ask::new(place, "SELECT x FROM t") };
        let result = tokio::time::timeout(FOR_EVER, ask.rows(&self.gateway)).await.expect(what);
        let served = Ask::new(&self.other, "SELECT 2").rows(&self.gateway).await;
        assert_eq!(served.expect(what), json!([[2]]), "{what}: somebody else is served");
        result
    }

    async fn refused(&self, what: &str, place: &Arc<Placement>, expected: &[&str], fake: &Fake) {
        let error = self.ask(what, place).await.expect_err(what);
        assert!(expected.contains(&error.label()), "{what}: {error:?}");
        until(what, async || fake.has_no_guest()).await;
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "{what}: a panic");
        let taken = kilobytes("VmHWM:").saturating_sub(self.start) << 10;
        assert!(taken < MEMORY, "{what}: {taken} bytes");
    }

    async fn postgres(
        &self,
        what: &str,
        expected: &[&str],
        script: impl Fn(At<'_>) -> Option<Act> + Send + Sync + 'static,
    ) -> Fake {
        let fake = fake::postgres(script).await;
        self.refused(what, &Self::place(&fake, Tls::Off, true), expected, &fake).await;
        fake
    }

    async fn mysql(
        &self,
        what: &str,
        expected: &[&str],
        script: impl Fn(At<'_>) -> Option<Act> + Send + Sync + 'static,
    ) -> Fake {
        let fake = fake::mysql(script).await;
        self.refused(what, &Self::place(&fake, Tls::Off, false), expected, &fake).await;
        fake
    }
}

/// A script that does something at one step only.
macro_rules! at {
    ($step:pat, $act:expr) => {
        move |at: At<'_>| if matches!(at, $step) { Some($act) } else { None }
    };
}

#[tokio::test]
async fn the_fakes_are_taken_for_servers() {
    let watch = Watch::new();
    for is_postgres in [true, false] {
        let fake = if is_postgres { fake::postgres(|_| None).await } else { fake::mysql(|_| None).await };
        let place = Watch::place(&fake, Tls::Off, is_postgres);
        for _ in 0..3 {
            assert_eq!(watch.ask("honest", &place).await.unwrap(), json!([[1]]));
        }
    }
}

// ---- PostgreSQL ----

#[tokio::test]
async fn postgres_rows_that_do_not_fit() {
    let watch = Watch::new();
    let long = |length: i32| {
        let body = [&[0, 1][..], &length.to_be_bytes(), &[0, 0, 0, 1]].concat();
        pg::message(b'D', &body)
    };
    let number: &[u8] = &[0, 0, 0, 1];
    for (what, row) in [
        ("no field", pg::row(&[])),
        ("two fields", pg::row(&[Some(number), Some(number)])),
        ("a field count without fields", pg::message(b'D', &[0x7f, 0xff])),
        ("no field count", pg::message(b'D', &[])),
        ("a field of two gigabytes", long(i32::MAX)),
        ("a field of negative length", long(-2)),
        ("a field of the most negative length", long(i32::MIN)),
        ("three bytes of a number", pg::row(&[Some(&[0, 0, 1])])),
        ("more bytes than a number", pg::row(&[Some(&[0; 5])])),
    ] {
        watch
            .postgres(
                what,
                &["malformed", "connection-lost"],
                at!(At::Execute(_), Act::Say(pg::result(std::slice::from_ref(&row)))),
            )
            .await;
    }
}

#[tokio::test]
async fn postgres_messages_of_impossible_length() {
    let watch = Watch::new();
    for length in [i32::MIN, -1, 0, 3] {
        let bytes = [&b"D"[..], &length.to_be_bytes(), &[0; 64]].concat();
        watch.postgres("short", &["malformed", "connection-lost"], at!(At::Execute(_), Act::Say(bytes.clone()))).await;
    }
    // What is announced is not believed: the budget of bytes ends it.
    let filler = vec![0; 1 << 20];
    let endless = move || {
        let mut head = Some([&b"D"[..], &i32::MAX.to_be_bytes()].concat());
        let filler = filler.clone();
        Act::Forever(Box::new(move || head.take().unwrap_or_else(|| filler.clone())))
    };
    let (at_prepare, at_query, at_login) = (endless.clone(), endless.clone(), endless.clone());
    watch.postgres("two gigabytes of row", &["row-too-large"], at!(At::Execute(_), endless())).await;
    watch.postgres("two gigabytes of columns", &["row-too-large"], at!(At::Prepare(_), at_prepare())).await;
    let unreachable = ["unreachable", "malformed"];
    watch.postgres("two gigabytes of settings", &unreachable, at!(At::Query(_), at_query())).await;
    watch.postgres("two gigabytes of greeting", &unreachable, at!(At::Login, at_login())).await;
}

/// Messages of their own kind, each with another name.
fn parameters(size: usize) -> impl FnMut() -> Vec<u8> + Send {
    let mut number = 0_u64;
    move || {
        let mut batch = Vec::new();
        while batch.len() < size {
            number += 1;
            batch.extend(pg::message(b'S', format!("parameter{number}\0{}\0", "v".repeat(10_000)).as_bytes()));
        }
        batch
    }
}

#[tokio::test]
async fn postgres_floods_of_what_nobody_asked_for() {
    let watch = Watch::new();
    let notice =
        || forever(pg::message(b'N', &[&b"SNOTICE\0C00000\0M"[..], &[b'x'; 1000], b"\0\0"].concat()).repeat(1000));
    let news = || forever(pg::message(b'A', b"\0\0\0\x01channel\0payload\0").repeat(10_000));
    let status = || Act::Forever(Box::new(parameters(1 << 20)));
    let in_time = ["row-too-large", "timeout"];
    watch.postgres("notices for rows", &in_time, at!(At::Execute(_), notice())).await;
    watch.postgres("notices for columns", &in_time, at!(At::Prepare(_), notice())).await;
    watch.postgres("notifications for rows", &in_time, at!(At::Execute(_), news())).await;
    watch.postgres("parameters for rows", &in_time, at!(At::Execute(_), status())).await;
    watch.postgres("parameters for a greeting", &["unreachable", "malformed"], at!(At::Login, status())).await;
    watch.postgres("parameters for settings", &["unreachable", "malformed"], at!(At::Query(_), status())).await;
    watch.postgres("notices for a greeting", &["unreachable", "malformed"], at!(At::Login, notice())).await;
}

#[tokio::test]
async fn postgres_parameters_between_rows_are_not_kept_for_ever() {
    let watch = Watch::new();
    let between = || {
        let mut next = parameters(1 << 20);
        let row = pg::row(&[Some(&[0, 0, 0, 1])]);
        let mut first = Some(pg::message(b'2', b""));
        Act::Forever(Box::new(move || first.take().unwrap_or_else(|| [next(), row.clone()].concat())))
    };
    watch.postgres("in one result", &["row-too-large"], at!(At::Execute(_), between())).await;
    // Nor over many results that are as they should be otherwise.
    let number = AtomicUsize::new(0);
    let large = "v".repeat(7 << 20);
    let fake = fake::postgres(move |at| {
        let At::Execute(_) = at else { return None };
        let number = number.fetch_add(1, Ordering::SeqCst);
        let setting = pg::message(b'S', format!("parameter{number}\0{large}\0").as_bytes());
        Some(Act::Say([setting, pg::result(&[pg::row(&[Some(&[0, 0, 0, 1])])])].concat()))
    })
    .await;
    let place = Watch::place(&fake, Tls::Off, true);
    for _ in 0..50 {
        assert_eq!(watch.ask("honest otherwise", &place).await.unwrap(), json!([[1]]));
    }
    let taken = kilobytes("VmHWM:").saturating_sub(watch.start) << 10;
    assert!(taken < MEMORY, "{taken} bytes");
}

#[tokio::test]
async fn postgres_types_without_a_bottom() {
    let watch = Watch::new();
    // Each type is a domain over the next; the driver asks for one after the other.
    let oid = Arc::new(AtomicUsize::new(100_000));
    let fake = watch
        .postgres("a domain over a domain", &["row-too-large", "malformed", "connection-lost"], move |at| match at {
            At::Prepare(sql) if sql.contains("pg_catalog.pg_type") => Some(Act::Say(pg::prepared(
                &[26],
                &[
                    ("typname", 19),
                    ("typtype", 18),
                    ("typelem", 26),
                    ("rngsubtype", 26),
                    ("typbasetype", 26),
                    ("nspname", 19),
                    ("typrelid", 26),
                ],
            ))),
            At::Prepare(_) => Some(Act::Say(pg::prepared(&[], &[("x", 100_000)]))),
            At::Execute(sql) if sql.contains("pg_catalog.pg_type") => {
                let next = u32::try_from(oid.fetch_add(1, Ordering::SeqCst) + 1).unwrap().to_be_bytes();
                let zero = [0; 4];
                let row = [Some(&b"t"[..]), Some(b"d"), Some(&zero), Some(&zero), Some(&next), Some(b"n"), Some(&zero)];
                Some(Act::Say(pg::result(&[pg::row(&row)])))
            }
            _ => None,
        })
        .await;
    assert!(fake.has_heard(b"pg_catalog.pg_type"), "the driver asked at all");
}

#[tokio::test]
async fn postgres_types_that_lie() {
    let watch = Watch::new();
    let wrong = ["malformed", "connection-lost"];
    for (what, oid, value) in [
        ("a number as an array", 1007, &[0, 0, 0, 1][..]),
        ("a number as a moment", 1184, &[0, 0, 0, 1]),
        ("nothing as a number", 1700, b""),
        ("digits that are none", 1700, &[0, 1, 0, 0, 0, 0, 0, 0, 0x7f, 0xff]),
        ("a number as an UUID", 2950, &[0, 0, 0, 1]),
        ("a version of JSON that is not there", 3802, b"\x02{}"),
    ] {
        let script = move |at: At<'_>| match at {
            At::Prepare(_) => Some(Act::Say(pg::prepared(&[], &[("x", oid)]))),
            At::Execute(_) => Some(Act::Say(pg::result(&[pg::row(&[Some(value)])]))),
            _ => None,
        };
        watch.postgres(what, &wrong, script).await;
    }
    let mut name = pg::columns(&[("x", 23)]);
    name[7] = 0xff;
    let named = [pg::message(b'1', b""), pg::message(b't', &[0, 0]), name, pg::ready()].concat();
    watch.postgres("a name that is not UTF-8", &wrong, at!(At::Prepare(_), Act::Say(named.clone()))).await;
    let many: Vec<_> = (0..5000).map(|_| ("x", 23)).collect();
    let wide = pg::prepared(&[], &many);
    watch.postgres("5000 columns", &wrong, at!(At::Prepare(_), Act::Say(wide.clone()))).await;
    let params = pg::prepared(&[23; 3], &[("x", 23)]);
    let fake = fake::postgres(at!(At::Prepare(_), Act::Say(params.clone()))).await;
    let error = watch.ask("parameters that nobody wrote", &Watch::place(&fake, Tls::Off, true)).await.err();
    assert_eq!(error, Some(RunError::ParameterRefused));
    for (what, answer) in [
        ("rows where columns are due", pg::result(&[pg::row(&[Some(&[0, 0, 0, 1])])])),
        ("nothing but ready", pg::ready()),
        ("a copy", [pg::message(b'H', &[0, 0, 0]), pg::ready()].concat()),
        ("an unknown message", [pg::message(b'~', b"?"), pg::ready()].concat()),
        ("an error without fields", [pg::message(b'E', b"\0"), pg::ready()].concat()),
        ("a column count without columns", [pg::message(b'T', &[0x7f, 0xff]), pg::ready()].concat()),
    ] {
        let any = ["malformed", "connection-lost", "timeout"];
        for step in [0, 1] {
            let answer = answer.clone();
            let script = move |at: At<'_>| match (at, step) {
                (At::Prepare(_), 0) | (At::Execute(_), 1) => Some(Act::Say(answer.clone())),
                _ => None,
            };
            let fake = fake::postgres(script).await;
            let place = Watch::place(&fake, Tls::Off, true);
            // An execution that ends without a row is an empty result, whatever was in it.
            match watch.ask(what, &place).await {
                Err(error) => assert!(any.contains(&error.label()), "{what}: {error:?}"),
                Ok(rows) => assert!(step == 1 && (rows == json!([]) || rows == json!([[1]])), "{what}: {rows}"),
            }
            assert_eq!(PANICS.load(Ordering::SeqCst), 0, "{what}: a panic");
        }
    }
}

#[tokio::test]
async fn postgres_logins_that_are_traps() {
    let watch = Watch::new();
    let scram = |first: &'static str| {
        let calls = AtomicUsize::new(0);
        move |at: At<'_>| match at {
            At::Login if calls.fetch_add(1, Ordering::SeqCst) == 0 => Some(Act::Say(
                [
                    pg::message(b'R', b"\0\0\0\x0aSCRAM-SHA-256\0\0"),
                    pg::message(b'R', &[b"\0\0\0\x0b", first.as_bytes()].concat()),
                ]
                .concat(),
            )),
            _ => None,
        }
    };
    for (what, first) in [
        ("2^31 rounds", "r=nonce,s=c2FsdA==,i=2147483648"),
        ("2^32 - 1 rounds", "r=nonce,s=c2FsdA==,i=4294967295"),
        ("no rounds", "r=nonce,s=c2FsdA==,i=0"),
        ("another nonce", "r=nonce,s=c2FsdA==,i=4096"),
        ("no salt", "r=nonce,s=,i=4096"),
        ("nonsense", "\u{1f98a}"),
    ] {
        let fake = watch.postgres(what, &["login-refused", "malformed", "unreachable"], scram(first)).await;
        assert!(!fake.has_heard(PASSWORD.as_bytes()), "{what}");
    }
    for (what, method) in [("Kerberos", 2), ("SCM", 6), ("GSSAPI", 7), ("SSPI", 9), ("something new", 99)] {
        let asked = pg::message(b'R', &[0, 0, 0, method]);
        let refused = ["login-refused", "malformed", "unreachable"];
        watch.postgres(what, &refused, at!(At::Login, Act::Say(asked.clone()))).await;
    }
}

#[tokio::test]
async fn postgres_without_the_tls_that_it_was_to_have() {
    let watch = Watch::new();
    for tls in [Tls::Encrypt, Tls::Verify] {
        let fake = fake::postgres(|_| None).await;
        watch.refused("stripped", &Watch::place(&fake, tls, true), &["tls-failed"], &fake).await;
        assert_eq!(fake.heard.lock().unwrap().len(), 8, "the wish for TLS, and nothing after it");
    }
}

#[tokio::test]
async fn postgres_without_an_end() {
    let watch = Watch::new();
    let row = pg::row(&[Some(&[0, 0, 0, 1])]);
    let endless = {
        let mut first = Some(pg::message(b'2', b""));
        let rows = row.repeat(1000);
        move || first.take().unwrap_or_else(|| rows.clone())
    };
    let script = {
        let endless = std::sync::Mutex::new(Some(endless));
        at!(At::Execute(_), Act::Forever(Box::new(endless.lock().unwrap().take().unwrap())))
    };
    let fake = fake::postgres(script).await;
    let rows = watch.ask_within(FOR_EVER, "rows", &Watch::place(&fake, Tls::Off, true)).await.unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 5000, "cut off by a limit, and an answer all the same");
    until("it is asked to stop", async || fake.cancels.load(Ordering::SeqCst) == 1).await;
    until("it is left", async || fake.has_no_guest()).await;

    let slow = pg::result(&vec![row; 10_000]);
    let drip = || Act::Drip(slow.clone());
    let (columns, rows) = (drip(), drip());
    let fake = watch.postgres("rows by the byte", &["timeout"], once(At::Execute(""), rows)).await;
    until("it is asked to stop", async || fake.cancels.load(Ordering::SeqCst) == 1).await;
    watch.postgres("columns by the byte", &["timeout", "malformed"], once(At::Prepare(""), columns)).await;
    watch.postgres("settings by the byte", &["unreachable"], once(At::Query(""), drip())).await;
    watch.postgres("a greeting by the byte", &["unreachable", "malformed"], once(At::Login, drip())).await;
    watch
        .postgres("nothing where rows are due", &["timeout", "malformed"], at!(At::Execute(_), Act::Say(Vec::new())))
        .await;
    let ready = || forever(pg::ready().repeat(1000));
    let lost = ["malformed", "connection-lost", "unreachable"];
    watch.postgres("ready for ever", &lost, at!(At::Prepare(_), ready())).await;
    watch.postgres("ready for ever, from the beginning", &lost, at!(At::Login, ready())).await;
}

/// Like `at!`, for an act that cannot be made twice.
fn once(step: At<'static>, act: Act) -> impl Fn(At<'_>) -> Option<Act> + Send + Sync + 'static {
    let act = std::sync::Mutex::new(Some(act));
    let step = std::mem::discriminant(&step);
    move |at| {
        // The lifetime is no part of what step it is.
        let same = match at {
            At::Greeting => std::mem::discriminant(&At::Greeting) == step,
            At::Login => std::mem::discriminant(&At::Login) == step,
            At::Query(_) => std::mem::discriminant(&At::Query("")) == step,
            At::Prepare(_) => std::mem::discriminant(&At::Prepare("")) == step,
            At::Execute(_) => std::mem::discriminant(&At::Execute("")) == step,
        };
        if same { act.lock().unwrap().take() } else { None }
    }
}

#[tokio::test]
async fn postgres_states_that_are_none() {
    let watch = Watch::new();
    for state in [b'E', b'T', b'?', 0, 0xff] {
        let row = pg::row(&[Some(&[0, 0, 0, 1])]);
        let answer =
            [pg::message(b'2', b""), row, pg::message(b'C', b"SELECT 1\0"), pg::message(b'Z', &[state])].concat();
        let fake = fake::postgres(at!(At::Execute(_), Act::Say(answer.clone()))).await;
        let place = Watch::place(&fake, Tls::Off, true);
        for _ in 0..2 {
            assert_eq!(watch.ask("a state", &place).await.unwrap(), json!([[1]]));
        }
        assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    }
    let empty = [pg::message(b'2', b""), pg::message(b'C', b"SELECT 1\0"), pg::message(b'Z', b"")].concat();
    let fake = fake::postgres(at!(At::Execute(_), Act::Say(empty.clone()))).await;
    let _ = watch.ask("no state", &Watch::place(&fake, Tls::Off, true)).await;
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

// ---- MariaDB and MySQL ----

#[tokio::test]
async fn mysql_asks_for_a_file() {
    let watch = Watch::new();
    let secret = tempfile::NamedTempFile::new().unwrap();
    const CONTENT: &str = "the operator's own file";
    std::fs::write(secret.path(), CONTENT).unwrap();
    let request = my::packet(1, &[&[0xfb], secret.path().to_str().unwrap().as_bytes()].concat());
    let lost = ["malformed", "connection-lost", "unreachable"];
    let steps = ["login", "first", "second", "pin", "begin", "prepare", "execute"];
    for step in steps {
        let request = request.clone();
        let script = move |at: At<'_>| {
            let here = match at {
                At::Greeting => false,
                At::Login => step == "login",
                At::Query(sql) if sql.contains("VERSION()") => step == "first",
                At::Query(sql) if sql.contains("@@session") => step == "second",
                At::Query(sql) if sql.contains("SET NAMES") => step == "pin",
                At::Query(sql) if sql.contains("START TRANSACTION") => step == "begin",
                At::Query(_) => false,
                At::Prepare(_) => step == "prepare",
                At::Execute(_) => step == "execute",
            };
            here.then(|| {
                Act::Say(if step == "login" {
                    [&[request[0], 0, 0, 2], &request[4..]].concat()
                } else {
                    request.clone()
                })
            })
        };
        let fake = watch.mysql(step, &lost, script).await;
        assert!(!fake.has_heard(CONTENT.as_bytes()), "{step}: the file was sent");
        assert!(!fake.has_heard(b"operator"), "{step}: a part of the file was sent");
    }
}

#[tokio::test]
async fn mysql_wants_another_kind_of_password() {
    let watch = Watch::new();
    let switch = |plugin: &str, data: &[u8]| my::packet(2, &[&[0xfe], plugin.as_bytes(), b"\0", data].concat());
    let nonce = b"saltsaltsaltsaltsalt\0";
    let refused = ["login-refused", "malformed", "unreachable"];
    for (what, answer) in [
        ("in clear", switch("mysql_clear_password", b"")),
        ("in clear, with a nonce", switch("mysql_clear_password", nonce)),
        ("by the old way", switch("mysql_old_password", b"saltsalt\0")),
        ("by the old way, in short", my::packet(2, &[0xfe])),
        ("by a dialog", switch("dialog", b"\x04Password: ")),
        ("by Windows", switch("authentication_windows_client", b"")),
        ("by SHA-256 of old", switch("sha256_password", nonce)),
        ("by nothing", switch("", b"")),
    ] {
        for plugin in ["mysql_native_password", "mysql_clear_password", "mysql_old_password", "caching_sha2_password"] {
            let answer = answer.clone();
            let script = move |at: At<'_>| match at {
                At::Greeting => Some(Act::Say(my::greeting(0, plugin))),
                At::Login => Some(Act::Say(answer.clone())),
                _ => None,
            };
            let fake = fake::mysql(script).await;
            watch.refused(what, &Watch::place(&fake, Tls::Off, false), &refused, &fake).await;
            assert!(!fake.has_heard(PASSWORD.as_bytes()), "{what} after {plugin}: the password in clear");
            let heard = fake.heard.lock().unwrap();
            let login = usize::from(heard[0]) + 4;
            // At most an empty packet, which is the answer to a method that is not known.
            assert!(heard.len() <= login + 4, "{what} after {plugin}: {} bytes after the login", heard.len() - login);
        }
    }
}

#[tokio::test]
async fn mysql_without_the_tls_that_it_was_to_have() {
    let watch = Watch::new();
    for tls in [Tls::Encrypt, Tls::Verify] {
        let fake = fake::mysql(|_| None).await;
        watch.refused("stripped", &Watch::place(&fake, tls, false), &["tls-failed"], &fake).await;
        assert!(fake.heard.lock().unwrap().is_empty(), "no login");
        // It says that it speaks TLS, and then does not.
        let script = at!(At::Greeting, Act::Say(my::greeting(my::TLS, "mysql_native_password")));
        let fake = fake::mysql(script).await;
        let place = Watch::place(&fake, tls, false);
        watch.refused("plain text for TLS", &place, &["tls-failed", "unreachable"], &fake).await;
        assert!(!fake.has_heard(b"mysql_native_password"), "no login");
    }
}

#[tokio::test]
async fn mysql_packets_that_do_not_fit() {
    let watch = Watch::new();
    let lost = ["malformed", "connection-lost", "row-too-large"];
    for (what, answer) in [
        ("an empty packet", my::packet(1, &[])),
        ("a wrong number", my::packet(7, &my::OK)),
        ("half an OK", my::packet(1, &[0, 0])),
        ("half an error", my::packet(1, &[0xff])),
        ("a row", my::packet(1, &[0, 0, 1, 0, 0, 0])),
    ] {
        watch.mysql(what, &lost, at!(At::Prepare(_), Act::Say(answer.clone()))).await;
    }
    let columns = |count: u8, rows: Vec<Vec<u8>>| {
        let mut bodies = vec![vec![count]];
        bodies.extend((0..count).map(|_| my::column(3)));
        bodies.push(my::EOF.to_vec());
        bodies.extend(rows);
        bodies.push(my::EOF.to_vec());
        my::packets(&bodies)
    };
    for (what, answer) in [
        ("a row without its cells", my::result(&[vec![0, 0]])),
        ("half a cell", my::result(&[vec![0, 0, 1]])),
        ("a row of nothing but its mark", my::result(&[vec![0]])),
        ("three columns, and a row of one", columns(3, vec![vec![0, 0, 1, 0, 0, 0]])),
        ("half a column", my::packets(&[vec![1], b"\x03def".to_vec(), my::EOF.to_vec()])),
        ("an empty column", my::packets(&[vec![1], vec![], my::EOF.to_vec()])),
        ("an end where a column is due", my::packets(&[vec![1], my::EOF.to_vec()])),
        ("a file's name", my::packet(1, b"\xfb/etc/hostname")),
    ] {
        watch.mysql(what, &lost, at!(At::Execute(_), Act::Say(answer.clone()))).await;
    }
}

#[tokio::test]
async fn mysql_without_an_end() {
    let watch = Watch::new();
    let full = [&[0xff, 0xff, 0xff][..], &[0], &vec![0; 0xff_ffff]].concat();
    let chain = || {
        let mut number = 0_u8;
        let mut part = full.clone();
        Act::Forever(Box::new(move || {
            number = number.wrapping_add(1);
            part[3] = number;
            part.clone()
        }))
    };
    let lost = ["malformed", "connection-lost", "row-too-large", "unreachable", "timeout"];
    watch.mysql("a packet without an end", &lost, once(At::Execute(""), chain())).await;
    watch.mysql("a greeting without an end", &lost, once(At::Greeting, chain())).await;

    let begin = my::packets(&[vec![1], my::column(3), my::EOF.to_vec()]);
    let rows = move || {
        let (mut number, mut first) = (3_u8, Some(begin.clone()));
        Act::Forever(Box::new(move || {
            let mut part = first.take().unwrap_or_default();
            for _ in 0..1000 {
                number = number.wrapping_add(1);
                part.extend(my::packet(number, &[0, 0, 1, 0, 0, 0]));
            }
            part
        }))
    };
    let fake = fake::mysql(once(At::Execute(""), rows())).await;
    let found = watch.ask_within(FOR_EVER, "rows", &Watch::place(&fake, Tls::Off, false)).await.unwrap();
    assert_eq!(found.as_array().unwrap().len(), 5000, "cut off by a limit, and an answer all the same");
    until("it is left", async || fake.has_no_guest()).await;

    let slow = my::result(&vec![vec![0, 0, 1, 0, 0, 0]; 200]);
    let drip = || Act::Drip(slow.clone());
    watch.mysql("rows by the byte", &["timeout"], once(At::Execute(""), drip())).await;
    watch
        .mysql("columns by the byte", &["timeout", "malformed", "connection-lost"], once(At::Prepare(""), drip()))
        .await;
    watch.mysql("settings by the byte", &["unreachable"], once(At::Query(""), drip())).await;
    watch.mysql("a greeting by the byte", &["unreachable"], once(At::Greeting, Act::Drip(my::greeting(0, "")))).await;
    watch.mysql("nothing", &["timeout"], at!(At::Execute(_), Act::Say(Vec::new()))).await;
    let numbered = |body: Vec<u8>| {
        let mut number = 0_u8;
        Act::Forever(Box::new(move || {
            let mut part = Vec::new();
            for _ in 0..1000 {
                number = number.wrapping_add(1);
                part.extend(my::packet(number, &body));
            }
            part
        }))
    };
    for (what, body) in [("OK", my::OK.to_vec()), ("end", my::EOF.to_vec())] {
        watch.mysql(what, &lost, once(At::Prepare(""), numbered(body.clone()))).await;
        watch.mysql(what, &lost, once(At::Query(""), numbered(body.clone()))).await;
        // One result, or none; and the rest is not taken for the next one's.
        let fake = fake::mysql(once(At::Execute(""), numbered(body))).await;
        let place = Watch::place(&fake, Tls::Off, false);
        let _ = watch.ask(what, &place).await;
        assert_ne!(watch.ask(what, &place).await.ok(), Some(json!([])), "{what}");
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "{what}: a panic");
    }
}

#[tokio::test]
async fn mysql_packets_on_which_the_driver_stops() {
    let watch = Watch::new();
    let script = at!(At::Execute(_), Act::Say(my::result(&[vec![]])));
    let fake = fake::mysql(script).await;
    let place = Watch::place(&fake, Tls::Off, false);
    for _ in 0..8 {
        // It ends with its task; the connection goes with it, and so does the tenant's claim to one.
        assert_eq!(watch.ask("an empty row", &place).await.err(), Some(RunError::ConnectionLost));
    }
    until("it is left", async || fake.has_no_guest()).await;
    let key = format!("127.0.0.1:{}", fake.port);
    until("nothing is held", async || watch.gateway.stats().servers.iter().all(|server| server.server != key)).await;
}
