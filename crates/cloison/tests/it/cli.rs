//! The command line as its users meet it: the real binary, a folder of its own, real answers.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The binary in a folder of its own.
pub(crate) struct Cloison {
    folder: TempDir,
    port: u16,
}

impl Cloison {
    pub(crate) fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        Self { folder: tempfile::tempdir().unwrap(), port }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cloison"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CLOISON_LISTEN", format!("127.0.0.1:{}", self.port));
        command.env_remove("DEMO_SERVERS").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and reads its JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["--json"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        if output.stdout.is_empty() { Value::Null } else { serde_json::from_slice(&output.stdout).unwrap() }
    }

    /// Runs a command that must be refused, and gives the reason.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} was accepted");
        String::from_utf8(output.stderr).unwrap()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn post(&self, path: &str, key: &str, body: &str) -> String {
        post(self.port, path, key, body)
    }

    pub(crate) fn get(&self, path: &str, key: &str) -> String {
        ask(self.port, "GET", path, key, "")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// Serves with settings from the environment.
    pub(crate) fn serve_with(&self, settings: &[(&str, &str)]) -> Running {
        let mut command = self.command(&["serve"]);
        let mut child = command.envs(settings.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            lines.read_to_string(&mut log).unwrap();
            log
        });
        let running = Running { child, log: Some(log) };
        wait_for(self.port);
        running
    }
}

/// A server that ends with its test.
pub(crate) struct Running {
    child: Child,
    /// Reads the log all the time: a server whose log nobody reads stops when the pipe is full.
    log: Option<std::thread::JoinHandle<String>>,
}

impl Running {
    pub(crate) fn interrupt(mut self) -> (bool, String) {
        let status = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
        let status = self.child.wait().unwrap();
        (status.success(), self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_for(port: u16) {
    let start = Instant::now();
    while TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).is_err() {
        assert!(start.elapsed() < Duration::from_secs(30), "the server does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A request and the whole answer, in plain HTTP/1.1.
fn post(port: u16, path: &str, key: &str, body: &str) -> String {
    ask(port, "POST", path, key, body)
}

fn ask(port: u16, method: &str, path: &str, key: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn shop(path: &Path, city: &str) {
    let file = rusqlite::Connection::open(path).unwrap();
    file.execute_batch("CREATE TABLE orders (city TEXT, amount INTEGER)").unwrap();
    file.execute("INSERT INTO orders VALUES (?1, 10), ('Lyon', 20)", [city]).unwrap();
}

fn furnish(cloison: &Cloison) {
    std::fs::create_dir_all(cloison.path("cloison-data/tenants")).unwrap();
    for slug in ["alder", "birch"] {
        shop(&cloison.path(&format!("cloison-data/tenants/{slug}.db")), slug);
    }
    cloison.json(&["source", "create", "shop", "--engine", "sqlite", "--file", "{slug}.db"]);
    cloison.json(&[
        "tenant",
        "create",
        "alder",
        "--name",
        "Alder College",
        "--attribute",
        "seats=40",
        "--label",
        "plan=gold",
    ]);
    cloison.json(&["tenant", "create", "birch"]);
    cloison.write(
        "card.json",
        r#"{ "slug": "sales", "name": "Sales", "source": "shop", "query": { "sql": "SELECT city, amount FROM orders ORDER BY amount" } }"#,
    );
    cloison.json(&["card", "create", "card.json"]);
    cloison.json(&["publish", "create", "--card", "sales", "--all"]);
}

#[test]
fn the_main_job_by_hand() {
    let cloison = Cloison::new();
    let server = cloison.serve();
    furnish(&cloison);
    assert_eq!(cloison.json(&["placement", "check", "alder", "shop"])["ok"], true);
    let rows = cloison.json(&["run", "--tenant", "birch", "--card", "sales", "--reason", "test"]);
    assert_eq!(rows["rows"], json!([["birch", 10], ["Lyon", 20]]));
    let key = cloison.json(&["key", "create", "alder", "--name", "portal", "--card", "sales"]);
    let secret = key["secret"].as_str().unwrap();
    // The running server knows what another process made, within a second.
    let start = Instant::now();
    let answer = loop {
        let answer = post(cloison.port, "/v1/cards/sales/rows", secret, "{}");
        if answer.starts_with("HTTP/1.1 200") || start.elapsed() > Duration::from_secs(5) {
            break answer;
        }
    };
    assert!(answer.contains(r#"[["alder",10],["Lyon",20]"#), "{answer}");
    cloison.json(&["tenant", "suspend", "alder"]);
    let start = Instant::now();
    while post(cloison.port, "/v1/cards/sales/rows", secret, "{}").starts_with("HTTP/1.1 200") {
        assert!(start.elapsed() < Duration::from_secs(1), "a suspended tenant is refused within a second");
    }
    cloison.json(&["tenant", "resume", "alder"]);
    cloison.json(&["embed-key", "create", "alder", "--name", "site"]);
    let token = cloison.json(&["token", "alder", "--card", "sales"]);
    assert!(token["link"].as_str().unwrap().contains("/embed/card#token="));
    let log = cloison.json(&["audit"]);
    assert!(
        log.as_array().unwrap().iter().any(|entry| entry["detail"] == "test" && entry["action"] == "api_key.act_as")
    );
    let (clean, log) = server.interrupt();
    assert!(clean, "{log}");
    assert!(!log.contains(secret) && !log.contains("SELECT"), "a log has no secrets and no SQL: {log}");
}

/// A token in Metabase's form names no key: whose keys are tried is the tenant's in the address.
#[test]
fn a_guest_token_is_explained_at_its_address() {
    let cloison = Cloison::new();
    furnish(&cloison);
    cloison.write(
        "board.json",
        r#"{ "slug": "board", "name": "Board", "enable_embedding": true, "items": [{ "id": "sales", "x": 0, "y": 0, "w": 24, "h": 6, "show": { "kind": "card", "card": "sales" } }] }"#,
    );
    let board = cloison.json(&["dashboard", "create", "board.json"]);
    cloison.json(&["publish", "create", "--dashboard", "board", "--all"]);
    let key = cloison.json(&["embed-key", "create", "alder", "--name", "portal", "--metabase"]);
    let secret = key["secret"].as_str().unwrap();
    let exp = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() + 600;
    let claims = json!({ "resource": { "dashboard": board["number"] }, "params": {}, "exp": exp });
    let secret = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    let token = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &secret).unwrap();
    cloison.write("token.txt", &token);
    let explain = |tenant: &[&'static str]| {
        let what = ["explain", "--token-file", "token.txt", "--dashboard", "board", "--item", "sales"];
        cloison.run(&[&["--json"], &what[..], tenant].concat())
    };
    let own: Value = serde_json::from_slice(&explain(&["--tenant", "alder"]).stdout).unwrap();
    assert_eq!(own["allowed"], true, "{own}");
    for nobody in [&["--tenant", "birch"][..], &[]] {
        let said: Value = serde_json::from_slice(&explain(nobody).stdout).unwrap();
        assert_eq!((&said["allowed"], &said["steps"][0]["what"]), (&json!(false), &json!("credential")), "{said}");
    }
}

#[test]
fn refusals_name_the_cure() {
    let cloison = Cloison::new();
    furnish(&cloison);
    for (arguments, says) in [
        (vec!["tenant", "create", "alder"], "taken"),
        (vec!["tenant", "create", "Not A Slug"], "a-z"),
        (vec!["tenant", "set", "alder", "--timezone", "Mars"], "timezone"),
        (vec!["tenant", "show", "nobody"], "nothing here"),
        (vec!["tenant", "delete", "alder"], "--yes"),
        (vec!["placement", "set", "alder", "shop"], "--help"),
        (vec!["placement", "set", "birch", "shop", "--file", "alder.db"], "another tenant"),
        (vec!["key", "create", "alder", "--name", "k", "--allow", "everything"], "dashboards:read"),
        (vec!["card", "create", "nothing.json"], "nothing.json"),
        (vec!["run", "--tenant", "alder", "--card", "nothing", "--reason", "r"], "nothing here"),
        (vec!["--config", "nothing.toml", "tenant", "list"], "nothing.toml"),
    ] {
        let reason = cloison.refused(&arguments);
        assert!(reason.contains(says), "{arguments:?}: {reason}");
    }
    cloison.write("cloison.toml", "colour = \"red\"");
    assert!(cloison.refused(&["tenant", "list"]).contains("colour"));
}

#[test]
fn cells_that_are_instructions_to_a_terminal_are_shown_as_words() {
    let cloison = Cloison::new();
    furnish(&cloison);
    let file = rusqlite::Connection::open(cloison.path("cloison-data/tenants/alder.db")).unwrap();
    file.execute("INSERT INTO orders VALUES (?1, 1)", ["\u{1b}]0;owned\u{7}\r\u{9b}2J\u{202e}"]).unwrap();
    let output = cloison.run(&["run", "--tenant", "alder", "--card", "sales", "--reason", "r"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("]0;owned") && text.contains("Lyon"), "{text:?}");
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
}

#[test]
fn networks_that_are_denied_are_not_dialled() {
    let cloison = Cloison::new();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    cloison.write("password", "p");
    let place =
        ["--host", "localhost", "--port", &port, "--database", "x", "--user", "x", "--password-file", "password"];
    cloison.json(&["source", "create", "shop", "--engine", "postgres"]);
    cloison.json(&["tenant", "create", "alder"]);
    cloison.json(&[&["placement", "set", "alder", "shop", "--tls", "off"][..], &place].concat());
    for denied in ["[network]\ndeny = [\"127.0.0.0/8\", \"::1/128\"]", "[network]\nallow = [\"10.0.0.0/8\"]"] {
        cloison.write("cloison.toml", denied);
        for command in [
            &["placement", "check", "alder", "shop"][..],
            &["placement", "script", "alder", "shop", "--apply", "--admin", "a", "--admin-password-file", "password"],
        ] {
            assert!(cloison.refused(command).contains("reach"), "{denied}");
        }
        assert!(server.accept().is_err(), "nobody called: {denied}");
    }
    cloison.write("cloison.toml", "[network]\nallow = [\"127.0.0.0/8\"]");
    let mut command = cloison.command(&["placement", "check", "alder", "shop"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    while server.accept().is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "what is allowed is dialled");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn secrets_are_private_and_can_be_rotated() {
    use std::os::unix::fs::PermissionsExt as _;
    let cloison = Cloison::new();
    furnish(&cloison);
    cloison.json(&["embed-key", "create", "alder", "--name", "site"]);
    let file = cloison.path("cloison-data/secret.key");
    let before = std::fs::read_to_string(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(cloison.json(&["secrets", "rotate"])["resealed"], 1);
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(!after.contains(before.trim()));
    cloison.json(&["token", "alder", "--card", "sales"]);
    cloison.write("cloison-data/secret.key", &"00".repeat(32));
    assert!(cloison.refused(&["token", "alder", "--card", "sales"]).contains("secret key file"));
}

#[test]
fn content_files_are_applied_once() {
    let cloison = Cloison::new();
    furnish(&cloison);
    cloison.json(&["source", "create", "lms", "--engine", "sqlite", "--file", "{slug}.lms.db"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/moodle");
    let folder = folder.to_str().unwrap();
    let first = cloison.json(&["content", "apply", folder]);
    assert!(first["created"].as_u64().unwrap() > 20, "{first}");
    let again = cloison.json(&["content", "apply", folder]);
    assert_eq!((&again["created"], &again["replaced"]), (&json!(0), &json!(0)), "{again}");
    assert_eq!(again["unchanged"], first["created"]);
}

#[test]
fn a_demo_is_made_once() {
    let cloison = Cloison::new();
    let prepare = || {
        let output = cloison.run(&["demo", "--prepare-only", "--dir", "demo", "--port", &cloison.port.to_string()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(cloison.path("demo/demo.json")).unwrap()
    };
    let first = prepare();
    let start = Instant::now();
    assert_eq!(first, prepare(), "the second start keeps everything");
    assert!(start.elapsed() < Duration::from_secs(10));
    // A folder with something else in it is nobody's to remove.
    cloison.write("precious", "");
    let reason = cloison.refused(&["demo", "--prepare-only", "--fresh", "--dir", "."]);
    assert!(reason.contains("something else"), "{reason}");
}

#[test]
fn the_reference_and_the_description_are_printed() {
    let cloison = Cloison::new();
    let reference = String::from_utf8(cloison.run(&["reference"]).stdout).unwrap();
    for command in ["serve", "demo", "operator create", "placement check", "embed-key create", "token", "doctor"] {
        assert!(reference.contains(&format!("`cloison {command}`")), "{command}");
    }
    let description: Value = serde_json::from_slice(&cloison.run(&["openapi"]).stdout).unwrap();
    assert_eq!(description["info"]["title"], "Cloison");
    assert!(String::from_utf8(cloison.run(&["config"]).stdout).unwrap().contains("listen = "));
    assert!(cloison.refused(&["doctor"]).contains("failed"), "without an operator something is wrong");
}
