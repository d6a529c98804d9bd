//! A server with the library, set up by the guide's commands, and viewers' tokens signed by the PHP client that the plugin has.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::base::{Base, Server, printed};
use super::rows::Who;
use crate::cli::{Cloison, Running};
use crate::stores::{Row, Seen, project};

pub(super) struct Sites {
    pub(super) cloison: Cloison,
}

/// A tenant's embed key.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) secret: String,
}

/// An answer over HTTP.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
}

/// What an item of a dashboard gave: rows, or the code of a problem.
pub(super) type Given = Result<Vec<Row>, String>;

impl Sites {
    pub(super) fn new() -> Self {
        Self { cloison: Cloison::new() }
    }

    pub(super) fn serve(&self) -> Running {
        self.cloison.serve()
    }

    /// The one command of the guide.
    pub(super) fn publish(&self, arguments: &[&str]) {
        let mut command = Command::new("sh");
        command.arg(project().join("content/moodle/publish.sh")).args(arguments).current_dir(self.cloison.folder());
        command.env("CLOISON_BINARY", env!("CARGO_BIN_EXE_cloison"));
        command.env("CLOISON_LISTEN", format!("127.0.0.1:{}", self.cloison.port()));
        printed(&mut command);
    }

    pub(super) fn tenant(&self, slug: &str, more: &[&str]) -> Key {
        self.cloison.json(&[&["tenant", "create", slug], more].concat());
        let key = self.cloison.json(&["embed-key", "create", slug, "--name", "Moodle", "--longest-life", "600"]);
        let text = |name: &str| key[name].as_str().unwrap().to_owned();
        Key { id: text("id"), secret: text("secret") }
    }

    /// Where the reporting login reads: the options of a place.
    pub(super) fn place<'a>(&self, base: &'a Base, login: &'a str) -> Vec<String> {
        self.cloison.write("reader.password", "0123456789abcdef0123456789abcdef");
        let (port, ..) = base.access();
        let (engine, database) = match base.server {
            Server::Mariadb(_) => ("mysql", &base.place),
            Server::Postgres(_) => ("postgres", &base.database),
        };
        let port = port.to_string();
        let options =
            ["--engine", engine, "--host", "127.0.0.1", "--port", &port, "--tls", "off", "--database", database];
        let login = ["--user", login, "--password-file", "reader.password"];
        options.iter().chain(&login).map(|text| (*text).to_owned()).collect()
    }

    /// Makes the login that the tenant's placement names, as the guide says, and looks whether the placement is good.
    pub(super) fn set_up(&self, tenant: &str, base: &Base) {
        let (_, admin, password) = base.access();
        self.cloison.write("admin.password", password);
        let admin = ["--apply", "--admin", admin, "--admin-password-file", "admin.password"];
        let output = self.cloison.run(&[&["placement", "script", tenant, "lms"], &admin[..]].concat());
        assert!(output.status.success(), "{tenant}: {}", String::from_utf8_lossy(&output.stderr));
        let checked = self.cloison.run(&["placement", "check", tenant, "lms"]);
        let (out, err) = (String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
        assert!(checked.status.success(), "{tenant}: {out}{err}");
    }

    /// Every item of a dashboard, or the one of a card, as this token's viewer sees it.
    pub(super) fn run(&self, token: &str, parameters: &Value) -> BTreeMap<String, Given> {
        self.answers(token, &json!({ "parameters": parameters }))
    }

    /// Some items of a dashboard.
    pub(super) fn run_items<'a>(
        &self,
        token: &str,
        parameters: &Value,
        items: impl Iterator<Item = &'a String>,
    ) -> BTreeMap<String, Given> {
        self.answers(token, &json!({ "parameters": parameters, "items": items.collect::<Vec<_>>() }))
    }

    fn answers(&self, token: &str, body: &Value) -> BTreeMap<String, Given> {
        let body = body.to_string();
        let reply = self.ask("POST", "/v1/embed/run", token, &body);
        assert_eq!(reply.status, 200, "{}", reply.body);
        let mut found: BTreeMap<String, (Vec<Value>, Given)> = BTreeMap::new();
        let mut ended = false;
        for line in reply.body.lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            let item = event["item"].as_str().unwrap_or_default().to_owned();
            match event["event"].as_str() {
                Some("columns") => drop(found.insert(item, (event["columns"].as_array().unwrap().clone(), Ok(vec![])))),
                Some("rows") => {
                    let (columns, rows) = found.get_mut(&item).unwrap();
                    let more = event["rows"].as_array().unwrap().iter().map(|row| named(columns, row));
                    rows.as_mut().unwrap().extend(more);
                }
                Some("error") => {
                    drop(found.insert(item, (vec![], Err(event["problem"]["code"].as_str().unwrap().to_owned()))));
                }
                Some("end") => ended = true,
                _ => {}
            }
        }
        assert!(ended, "{}", reply.body);
        found.into_iter().map(|(item, (_, given))| (item, given)).collect()
    }

    pub(super) fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> Reply {
        let answer = if method == "GET" { self.cloison.get(path, token) } else { self.cloison.post(path, token, body) };
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Reply { status, body: if chunked { whole(body) } else { body.to_owned() } }
    }
}

/// A body that came in chunks.
fn whole(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, tail)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        body.push_str(&tail[..size]);
        rest = tail[size..].trim_start_matches("\r\n");
        if size == 0 {
            break;
        }
    }
    body
}

fn named(columns: &[Value], row: &Value) -> Row {
    let seen = |(column, value): (&Value, &Value)| {
        let name = column["name"].as_str().unwrap().to_owned();
        let is_number = ["integer", "decimal", "float"].contains(&column["type"].as_str().unwrap());
        let value = match value {
            Value::Null => Seen::Null,
            Value::Number(number) => Seen::Number(number.as_f64().unwrap()),
            Value::String(text) if is_number => Seen::Number(text.parse().unwrap()),
            Value::String(text) => Seen::Text(text.clone()),
            other => panic!("{other}"),
        };
        (name, value)
    };
    columns.iter().zip(row.as_array().unwrap()).map(seen).collect()
}

const SIGN: &str = r#"
    require $argv[1];
    $in = json_decode(stream_get_contents(STDIN), true);
    $token = Cloison\EmbedToken::{$in['kind']}($in['name'])->viewer($in['sub'], $in['attributes'])->lasting(300);
    foreach ($in['locked'] as $filter => $value) {
        $token = $token->lock($filter, $value);
    }
    echo (new Cloison\EmbedKey($in['id'], $in['secret']))->sign($token);
"#;

/// A token that the plugin's own code signs. `kind` is `dashboard` or `card`.
pub(super) fn token(key: &Key, kind: &str, name: &str, who: &Who, locked: &Value) -> String {
    let mut command = Command::new("php");
    command.args(["-r", SIGN, "--"]).arg(project().join("integrations/php/tests/bootstrap.php"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let words = json!({ "id": key.id, "secret": key.secret, "kind": kind, "name": name, "sub": who.sub(),
        "attributes": who.attributes(), "locked": locked });
    child.stdin.take().unwrap().write_all(words.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
