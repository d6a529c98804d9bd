use mysql_async::prelude::Queryable as _;
use testkit::servers::{Mariadb, Postgres};

#[tokio::test]
async fn two_users_find_the_same_postgres_and_logins_stay_in_their_database() {
    let (first, second) = tokio::try_join!(Postgres::shared(), Postgres::shared()).unwrap();
    assert_eq!(first.port(), second.port());
    assert!(first.kill().await.is_err(), "a shared server cannot be killed");

    let alder = first.create_database("alder").await.unwrap();
    let birch = second.create_database("alder").await.unwrap();
    assert_ne!(alder, birch);
    first.execute(&alder, "CREATE TABLE before (n int); INSERT INTO before VALUES (1)").await.unwrap();
    let login = first.create_login("reader", "it's a secret", &alder).await.unwrap();
    first.execute(&alder, "CREATE TABLE after (n int); INSERT INTO after VALUES (2)").await.unwrap();

    let connect = |database: &str| {
        let mut config = tokio_postgres::Config::new();
        config.host(first.host()).port(first.port()).user(&login).password("it's a secret").dbname(database);
        async move { config.connect(tokio_postgres::NoTls).await }
    };
    let (client, driver) = connect(&alder).await.unwrap();
    tokio::spawn(driver);
    let row = client.query_one("SELECT (SELECT n FROM before) + (SELECT n FROM after)", &[]).await.unwrap();
    assert_eq!(row.get::<_, i32>(0), 3);
    assert!(client.batch_execute("INSERT INTO after VALUES (3)").await.is_err(), "the login only reads");
    assert!(connect(&birch).await.is_err(), "the login has one database");
}

#[tokio::test]
async fn two_users_find_the_same_mariadb_and_logins_stay_in_their_database() {
    let (first, second) = tokio::try_join!(Mariadb::shared(), Mariadb::shared()).unwrap();
    assert_eq!(first.port(), second.port());
    let alder = first.create_database("alder").await.unwrap();
    let birch = second.create_database("alder").await.unwrap();
    first.execute(&alder, "CREATE TABLE t (n int); INSERT INTO t VALUES (1)").await.unwrap();
    let login = first.create_login("reader", "it's a \\ secret", &alder).await.unwrap();

    let connect = |database: &str| {
        mysql_async::OptsBuilder::default()
            .ip_or_hostname(first.host())
            .tcp_port(first.port())
            .user(Some(&login))
            .pass(Some("it's a \\ secret"))
            .db_name(Some(database))
            .prefer_socket(false)
    };
    let mut client = mysql_async::Conn::new(connect(&alder)).await.unwrap();
    assert_eq!(client.query_first::<i32, _>("SELECT n FROM t").await.unwrap(), Some(1));
    assert!(client.query_drop("INSERT INTO t VALUES (2)").await.is_err(), "the login only reads");
    assert!(mysql_async::Conn::new(connect(&birch)).await.is_err(), "the login has one database");
}
