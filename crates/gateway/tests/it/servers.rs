//! A database with a login of its own on a real server.

use std::sync::Arc;

use tenancy::Secret;
use tenancy::placement::{Connection, Placement, Server, Tls};
use testkit::servers::{Mariadb, Options, Postgres};

use crate::world::placement;

/// Not an easy word for a driver that builds strings.
const PASSWORD: &str = "it's \\ \"quoted\"";

pub(crate) struct Home<S> {
    pub(crate) host: S,
    pub(crate) database: String,
    pub(crate) user: String,
    port: u16,
}

impl<S> Home<S> {
    pub(crate) fn server(&self) -> Server {
        Server {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            database: self.database.clone(),
            schema: None,
            user: self.user.clone(),
            password: Secret::from(PASSWORD.to_owned()),
            tls: Tls::Off,
        }
    }
}

impl Home<Postgres> {
    pub(crate) fn place(&self, number: u8) -> Arc<Placement> {
        placement(number, Connection::Postgres(self.server()), 4)
    }

    pub(crate) async fn admin(&self, database: &str) -> tokio_postgres::Client {
        self.host.admin(database).await.unwrap()
    }
}

impl Home<Mariadb> {
    pub(crate) fn place(&self, number: u8) -> Arc<Placement> {
        placement(number, Connection::Mysql(self.server()), 4)
    }

    pub(crate) async fn admin(&self) -> mysql_async::Conn {
        self.host.admin(&self.database).await.unwrap()
    }

    /// The account's full name.
    pub(crate) fn account(&self) -> String {
        format!("'{}'@'127.0.0.1'", self.user)
    }
}

async fn in_postgres(host: Postgres) -> Home<Postgres> {
    let database = host.create_database("gateway").await.unwrap();
    let user = host.create_login("gateway", PASSWORD, &database).await.unwrap();
    Home { port: host.port(), host, database, user }
}

async fn in_mariadb(host: Mariadb) -> Home<Mariadb> {
    let database = host.create_database("gateway").await.unwrap();
    let user = host.create_login("gateway", PASSWORD, &database).await.unwrap();
    Home { port: host.port(), host, database, user }
}

pub(crate) async fn postgres() -> Home<Postgres> {
    in_postgres(Postgres::shared().await.unwrap()).await
}

pub(crate) async fn own_postgres(options: Options) -> Home<Postgres> {
    in_postgres(Postgres::throwaway(options).await.unwrap()).await
}

pub(crate) async fn mariadb() -> Home<Mariadb> {
    in_mariadb(Mariadb::shared().await.unwrap()).await
}

pub(crate) async fn own_mariadb(options: Options) -> Home<Mariadb> {
    in_mariadb(Mariadb::throwaway(options).await.unwrap()).await
}
