//! Servers that speak just enough of a protocol to be taken for one, and then do as the test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the client has just said.
pub(crate) enum At<'a> {
    /// Nothing yet (MariaDB).
    Greeting,
    Login,
    Query(&'a str),
    Prepare(&'a str),
    Execute(&'a str),
}

/// What the server does instead of answering.
pub(crate) enum Act {
    Say(Vec<u8>),
    /// The parts one after the other, for ever.
    Forever(Box<dyn FnMut() -> Vec<u8> + Send>),
    /// A byte at a time, slowly, for ever.
    Drip(Vec<u8>),
}

pub(crate) fn forever(part: Vec<u8>) -> Act {
    Act::Forever(Box::new(move || part.clone()))
}

type Script = Arc<dyn Fn(At<'_>) -> Option<Act> + Send + Sync>;

/// A running fake.
pub(crate) struct Fake {
    pub(crate) port: u16,
    /// All bytes that arrived, of all connections.
    pub(crate) heard: Arc<Mutex<Vec<u8>>>,
    /// PostgreSQL's requests to cancel.
    pub(crate) cancels: Arc<AtomicUsize>,
    sessions: Arc<AtomicUsize>,
}

impl Fake {
    pub(crate) fn has_heard(&self, what: &[u8]) -> bool {
        self.heard.lock().unwrap().windows(what.len()).any(|window| window == what)
    }

    pub(crate) fn has_no_guest(&self) -> bool {
        self.sessions.load(Ordering::SeqCst) == 0
    }
}

struct Session {
    socket: TcpStream,
    heard: Arc<Mutex<Vec<u8>>>,
    cancels: Arc<AtomicUsize>,
    script: Script,
}

pub(crate) async fn postgres(script: impl Fn(At<'_>) -> Option<Act> + Send + Sync + 'static) -> Fake {
    start(script, true).await
}

pub(crate) async fn mysql(script: impl Fn(At<'_>) -> Option<Act> + Send + Sync + 'static) -> Fake {
    start(script, false).await
}

async fn start(script: impl Fn(At<'_>) -> Option<Act> + Send + Sync + 'static, is_postgres: bool) -> Fake {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let fake = Fake {
        port: listener.local_addr().unwrap().port(),
        heard: Arc::default(),
        cancels: Arc::default(),
        sessions: Arc::default(),
    };
    let (heard, cancels, sessions) = (Arc::clone(&fake.heard), Arc::clone(&fake.cancels), Arc::clone(&fake.sessions));
    let script: Script = Arc::new(script);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let _ = socket.set_nodelay(true);
            let (heard, cancels) = (Arc::clone(&heard), Arc::clone(&cancels));
            let session = Session { socket, heard, cancels, script: Arc::clone(&script) };
            let sessions = Arc::clone(&sessions);
            tokio::spawn(async move {
                sessions.fetch_add(1, Ordering::SeqCst);
                // Ends when the client has gone.
                let _ = if is_postgres { session.postgres().await } else { session.mysql().await };
                sessions.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    fake
}

/// The client is gone.
struct Gone;

impl Session {
    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Gone> {
        let mut bytes = vec![0; length];
        for byte in &mut bytes {
            let mut one = [0];
            self.socket.read_exact(&mut one).await.map_err(|_| Gone)?;
            self.heard.lock().unwrap().extend(one);
            *byte = one[0];
        }
        Ok(bytes)
    }

    async fn say(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.socket.write_all(bytes).await.map_err(|_| Gone)
    }

    async fn answer(&mut self, at: At<'_>, honestly: &[u8]) -> Result<(), Gone> {
        match (self.script)(at) {
            None => self.say(honestly).await,
            Some(Act::Say(bytes)) => self.say(&bytes).await,
            Some(Act::Forever(mut part)) => loop {
                self.say(&part()).await?;
            },
            Some(Act::Drip(bytes)) => loop {
                for byte in &bytes {
                    self.say(&[*byte]).await?;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            },
        }
    }

    async fn postgres(mut self) -> Result<(), Gone> {
        let header = self.exactly(8).await?;
        let length = usize::try_from(u32::from_be_bytes(header[..4].try_into().unwrap())).unwrap();
        self.exactly(length - 8).await?;
        match u32::from_be_bytes(header[4..].try_into().unwrap()) {
            80_877_102 => {
                self.cancels.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
            // TLS is not spoken here.
            80_877_103 => {
                self.say(b"N").await?;
                self.exactly(1).await?;
            }
            _ => {}
        }
        self.answer(At::Login, &[pg::message(b'R', &[0; 4]), pg::message(b'K', &[0; 8]), pg::ready()].concat()).await?;
        let mut prepared = std::collections::HashMap::new();
        let mut parsed = None;
        let mut bound = String::new();
        loop {
            let header = self.exactly(5).await?;
            let length = usize::try_from(u32::from_be_bytes(header[1..].try_into().unwrap())).unwrap();
            let body = self.exactly(length - 4).await?;
            let mut texts = body.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
            let mut text = || texts.next().unwrap_or_default();
            match header[0] {
                b'Q' => {
                    let sql = text();
                    self.answer(At::Query(&sql), &pg::answer(&sql)).await?;
                }
                b'P' => {
                    let name = text();
                    parsed = Some(text());
                    prepared.insert(name, parsed.clone().unwrap());
                }
                b'B' => {
                    text();
                    bound = prepared.get(&text()).cloned().unwrap_or_default();
                }
                b'S' => match parsed.take() {
                    Some(sql) => self.answer(At::Prepare(&sql), &pg::prepared(&[], &[("x", 23)])).await?,
                    None => {
                        let row = pg::row(&[Some(&[0, 0, 0, 1])]);
                        let sql = bound.clone();
                        self.answer(At::Execute(&sql), &pg::result(&[row])).await?;
                    }
                },
                b'X' => return Ok(()),
                _ => {}
            }
        }
    }

    async fn mysql(mut self) -> Result<(), Gone> {
        self.answer(At::Greeting, &my::greeting(0, "mysql_native_password")).await?;
        self.packet().await?;
        self.answer(At::Login, &my::packet(2, &my::OK)).await?;
        loop {
            let body = self.packet().await?;
            let Some((command, rest)) = body.split_first() else { continue };
            let text = String::from_utf8_lossy(rest).into_owned();
            match command {
                0x01 => return Ok(()),
                0x03 => self.answer(At::Query(&text), &my::answer(&text)).await?,
                0x16 => self.answer(At::Prepare(&text), &my::prepared(0, 1)).await?,
                0x17 => self.answer(At::Execute(""), &my::result(&[vec![0, 0, 1, 0, 0, 0]])).await?,
                // Closing a statement has no answer.
                0x19 => {}
                _ => self.say(&my::packet(1, &my::OK)).await?,
            }
        }
    }

    async fn packet(&mut self) -> Result<Vec<u8>, Gone> {
        let header = self.exactly(4).await?;
        let length = usize::try_from(u32::from_le_bytes([header[0], header[1], header[2], 0])).unwrap();
        self.exactly(length).await
    }
}

/// Messages of PostgreSQL.
pub(crate) mod pg {
    pub(crate) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[tag], &length[..], body].concat()
    }

    pub(crate) fn ready() -> Vec<u8> {
        message(b'Z', b"I")
    }

    pub(crate) fn row(values: &[Option<&[u8]>]) -> Vec<u8> {
        let mut body = u16::try_from(values.len()).unwrap().to_be_bytes().to_vec();
        for value in values {
            body.extend(value.map_or(-1, |value| i32::try_from(value.len()).unwrap()).to_be_bytes());
            body.extend(value.unwrap_or_default());
        }
        message(b'D', &body)
    }

    pub(crate) fn columns(columns: &[(&str, u32)]) -> Vec<u8> {
        let mut body = u16::try_from(columns.len()).unwrap().to_be_bytes().to_vec();
        for (name, oid) in columns {
            body.extend([name.as_bytes(), &[0; 7], &oid.to_be_bytes()[..], &[0; 8]].concat());
        }
        message(b'T', &body)
    }

    pub(crate) fn prepared(params: &[u32], of: &[(&str, u32)]) -> Vec<u8> {
        let mut body = u16::try_from(params.len()).unwrap().to_be_bytes().to_vec();
        body.extend(params.iter().flat_map(|oid| oid.to_be_bytes()));
        [message(b'1', b""), message(b't', &body), columns(of), ready()].concat()
    }

    pub(crate) fn result(rows: &[Vec<u8>]) -> Vec<u8> {
        [message(b'2', b""), rows.concat(), message(b'C', b"SELECT 1\0"), ready()].concat()
    }

    /// What an honest server says to the gateway's own statements.
    pub(super) fn answer(sql: &str) -> Vec<u8> {
        let texts: &[&str] = if sql.contains("current_setting") {
            &["1", "on", "on", "on", "UTF8", "UTC", "public", "16.0", "public"]
        } else if sql.contains("pg_backend_pid") {
            &["1"]
        } else {
            let done = message(b'C', b"SET\0").repeat(sql.split(';').count());
            return [done, ready()].concat();
        };
        let values: Vec<_> = texts.iter().map(|text| Some(text.as_bytes())).collect();
        let of: Vec<_> = texts.iter().map(|_| ("x", 25)).collect();
        [columns(&of), row(&values), message(b'C', b"SELECT 1\0"), ready()].concat()
    }
}

/// Packets of MariaDB and MySQL.
pub(crate) mod my {
    pub(crate) const OK: [u8; 7] = [0, 0, 0, 2, 0, 0, 0];
    pub(crate) const EOF: [u8; 5] = [0xfe, 0, 0, 2, 0];
    pub(crate) const TLS: u32 = 0x800;

    pub(crate) fn packet(number: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        [&length[..3], &[number], body].concat()
    }

    pub(crate) fn packets(bodies: &[Vec<u8>]) -> Vec<u8> {
        bodies.iter().zip(1_u8..).flat_map(|(body, number)| packet(number, body)).collect()
    }

    pub(crate) fn greeting(more: u32, plugin: &str) -> Vec<u8> {
        let capabilities = 0x00ff_f7ff_u32 & !TLS | 0x0008_0000 | more;
        let body = [
            &b"\x0a10.11.0-MariaDB\0\x01\0\0\0saltsalt\0"[..],
            &capabilities.to_le_bytes()[..2],
            &[45, 2, 0],
            &capabilities.to_le_bytes()[2..],
            &[21],
            &[0; 10],
            b"saltsaltsalt\0",
            plugin.as_bytes(),
            b"\0",
        ];
        packet(0, &body.concat())
    }

    pub(crate) fn column(kind: u8) -> Vec<u8> {
        [&b"\x03def\0\0\0\x01x\0\x0c"[..], &[45, 0], &[255, 0, 0, 0], &[kind, 0, 0, 0, 0, 0]].concat()
    }

    /// The answer to a statement that is prepared: columns are 32-bit numbers.
    pub(crate) fn prepared(params: u8, columns: u8) -> Vec<u8> {
        let mut bodies = vec![vec![0, 1, 0, 0, 0, columns, 0, params, 0, 0, 0, 0]];
        for count in [params, columns] {
            bodies.extend((0..count).map(|_| column(3)));
            bodies.extend((count > 0).then(|| EOF.to_vec()));
        }
        packets(&bodies)
    }

    /// One column of 32-bit numbers.
    pub(crate) fn result(rows: &[Vec<u8>]) -> Vec<u8> {
        packets(&[&[vec![1], column(3), EOF.to_vec()][..], rows, &[EOF.to_vec()]].concat())
    }

    /// What an honest server says to the gateway's own statements.
    pub(super) fn answer(sql: &str) -> Vec<u8> {
        const MODE: &str = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";
        let texts: &[&str] = if sql.contains("VERSION()") {
            &["10.11.0-MariaDB"]
        } else if sql.contains("@@session") {
            &[MODE, "+00:00", "utf8mb4", "1"]
        } else {
            return packet(1, &OK);
        };
        let mut bodies = vec![vec![u8::try_from(texts.len()).unwrap()]];
        bodies.extend(texts.iter().map(|_| column(0xfd)));
        bodies.push(EOF.to_vec());
        bodies.push(
            texts.iter().flat_map(|text| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()).collect(),
        );
        bodies.push(EOF.to_vec());
        packets(&bodies)
    }
}
