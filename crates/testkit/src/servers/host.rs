//! What this machine offers: where the servers' binaries are, whom to run them as, which ports are free.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;

/// Finds a server's program: in Debian's folders for it (the newest version first), then in the search path.
pub(crate) fn program(name: &str) -> anyhow::Result<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort_by_key(|path| {
        let version = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    #[expect(clippy::disallowed_methods, reason = "a test helper looks where a shell would look")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"].map(PathBuf::from);
    versions
        .into_iter()
        .chain(usual)
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .with_context(|| {
            format!("`{name}` is not on this machine: install Debian's packages postgresql and mariadb-server")
        })
}

/// Whom to run a server as: `None` is ourselves; root needs somebody else, both servers refuse to run as root.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// The first of `names` that exists, when we are root.
pub(crate) fn account(names: &[&str]) -> anyhow::Result<Option<Account>> {
    if std::fs::metadata("/proc/self").context("/proc is not mounted")?.uid() != 0 {
        return Ok(None);
    }
    let passwd = std::fs::read_to_string("/etc/passwd").context("cannot read the accounts of this machine")?;
    let find = |wanted: &&str| {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let (uid, gid) = (fields.nth(1)?, fields.next()?);
            (name == *wanted).then_some(Account { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
        })
    };
    names.iter().find_map(find).map(Some).context("running as root needs an unprivileged account for the server")
}

/// A port of 127.0.0.1 that nobody listens on now. Below the range the kernel hands to outgoing connections, so that a
/// server which is stopped finds its port free when it comes back. Somebody may still be faster: callers try again.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    for _ in 0..2_000 {
        // Spread by process, so that tests starting at the same moment rarely want the same one.
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + (std::process::id().wrapping_mul(7_919).wrapping_add(step.wrapping_mul(31)) % 12_000);
        let port = u16::try_from(port).context("a port is below 65536")?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port between 20000 and 32000")
}

/// Whether this process runs (a zombie does not).
pub(crate) fn alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Sixteen random bytes in hexadecimal: a password that keeps one test's client out of another test's server.
pub(crate) fn password() -> anyhow::Result<String> {
    use std::io::Read as _;
    let mut bytes = [0_u8; 16];
    std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).context("no random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A name made from `wish` that no other test on a shared server uses: lower case, at most 48 characters. Names that
/// one process makes of one wish are equally long: servers cut messages off, in which answers of two databases are compared.
pub(crate) fn unique(wish: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let mut name: String = wish
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(24)
        .collect::<String>()
        .to_ascii_lowercase();
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.insert(0, 't');
    }
    // The start time tells two processes with the same id apart; a shared server may live through both.
    let started = std::fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| stat.rsplit(") ").next()?.split(' ').nth(19).map(str::to_owned))
        .unwrap_or_default();
    format!("{name}_{}_{started}_{:03}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// `text` as one word of a shell script.
pub(crate) fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
