//! Real PostgreSQL and MariaDB servers for tests, started from the system's packages.
//!
//! Two ways to have one:
//! * `throwaway(options)`: yours alone, about a second to start, may be stopped, killed and restarted. For fault tests.
//! * `shared()`: one server of each kind for all tests of this checkout. The first process starts it, the others find
//!   it, and it goes five seconds after the last one ended. For everything else.
//!
//! Each lives in a temporary folder on a port of 127.0.0.1 with a random password, and is gone when its owner is,
//! however the owner ended: see the guardian.

mod guardian;
mod host;
mod mariadb;
mod postgres;
mod server;
mod shared;
mod tls;

pub use mariadb::Mariadb;
pub use postgres::Postgres;
/// What `Postgres::admin` gives, for tests that keep it.
pub use tokio_postgres::Client as PostgresClient;

/// How a throw-away server is set up.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many clients the server admits at once. (PostgreSQL keeps three of them back for the administrator.)
    pub max_connections: u16,
    /// Whether it speaks TLS, with a certificate for 127.0.0.1 and localhost by an authority of its own.
    pub tls: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_connections: 100, tls: false }
    }
}
