//! A site's own pages: the plugins' PHP over the site's database, served by PHP itself, with as little of a Moodle around it as they need.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::base::{Base, Server, printed};
use crate::stores::project;

/// Pages that end with their test.
pub(super) struct Pages {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Pages {
    /// The plugins as they lie in a Moodle: they look for each other there.
    pub(super) fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        for part in ["local", "blocks"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
        }
        for (from, to) in [("local_cloison", "local/cloison"), ("block_cloison", "blocks/cloison")] {
            let from = project().join("integrations/moodle").join(from);
            printed(Command::new("cp").arg("-R").arg(from).arg(folder.path().join(to)));
        }
        Self { folder, port, child: None }
    }

    pub(super) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn php(&self, script: &str) -> Command {
        let mut command = Command::new("php");
        command.env("STANDIN_ROOT", self.folder.path()).env("STANDIN_SITE", self.folder.path());
        if script == "router.php" {
            command.args(["-S", &format!("127.0.0.1:{}", self.port)]);
        }
        command.arg(project().join("integrations/moodle/tests/site").join(script));
        command
    }

    /// Saves the plugin's settings, offers dashboards and makes blocks; gives the blocks' numbers.
    pub(super) fn set_up(&self, base: &Base, settings: Value) -> Value {
        let (port, user, password) = base.access();
        let driver = if matches!(base.server, Server::Mariadb(_)) { "mysql" } else { "pgsql" };
        let mut words = settings;
        words["dsn"] = json!(format!("{driver}:host=127.0.0.1;port={port};dbname={}", base.database));
        words["user"] = json!(user);
        words["password"] = json!(password);
        words["prefix"] = json!(base.prefix);
        let mut command = self.php("setup.php");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(words.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}: {said}{}", base.slug, String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    pub(super) fn serve(&mut self) {
        let mut command = self.php("router.php");
        self.child = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let start = Instant::now();
        while TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port))).is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "PHP does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
