//! One statement, sent in all worlds: sessions are kept, since a connection for each statement would be most of the work.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::answer::Answer;
use crate::engine::Engine;
use crate::fixture::{Value, World};
use crate::guard::Guard;
use crate::report::Layer;
use crate::session::Session;
use crate::worlds::{Level, Place, Worlds};

/// What one statement came to: in the worlds that share tables, and from the silo to the statement as it was written.
pub struct Answers {
    /// In the order of [`crate::fixture::World::SHARED`].
    pub shared: Vec<Answer>,
    /// Of the database that holds A's rows only; `Late` where nobody asked it.
    pub silo: Answer,
    /// The longest of the shared ones.
    pub took: Duration,
}

impl Answers {
    /// Whether a database heard of it.
    pub fn accepted(&self) -> bool {
        self.shared.iter().any(|answer| !matches!(answer, Answer::Refused(_)))
    }
}

/// All worlds of one engine at one level, with one layer in between.
pub struct Trial {
    /// The engine.
    pub engine: Engine,
    /// The isolation level.
    pub level: Level,
    /// What is in between.
    pub layer: Layer,
    worlds: Arc<Worlds>,
    guards: Vec<Guard>,
    sessions: Vec<Session>,
    silo: Session,
    /// Whether the guard reads a statement once for all worlds: the names of the worlds' databases are put into its text
    /// then. Most of the work of many statements is the guard's.
    once: bool,
}

/// What is sent to a world: a text and its values, or nothing and the guard's words.
type Ready = Result<(String, Vec<Value>), String>;

impl Trial {
    /// Makes the worlds and enters them.
    ///
    /// # Errors
    /// A server is away.
    pub async fn new(engine: Engine, level: Level, layer: Layer) -> anyhow::Result<Self> {
        Self::of(Arc::new(Worlds::make(engine, level).await?), layer, false).await
    }

    /// The same on a server of its own, where the engine has one: for what may end it.
    ///
    /// # Errors
    /// A server is away.
    pub async fn apart(engine: Engine, level: Level, layer: Layer) -> anyhow::Result<Self> {
        Self::of(Arc::new(Worlds::apart(engine, level).await?), layer, true).await
    }

    /// Another one in the same worlds, with sessions of its own.
    ///
    /// # Errors
    /// A server does not let us in.
    pub async fn twin(&self) -> anyhow::Result<Self> {
        Self::of(Arc::clone(&self.worlds), self.layer, self.once).await
    }

    async fn of(worlds: Arc<Worlds>, layer: Layer, once: bool) -> anyhow::Result<Self> {
        let (engine, level) = (worlds.silo.engine, worlds.level);
        let guards = worlds.shared.iter().map(|place| guard(place, level)).collect();
        let sessions = worlds.sessions().await?;
        let silo = worlds.silo.enter().await?;
        Ok(Self { engine, level, layer, worlds, guards, sessions, silo, once })
    }

    /// Sends it to all worlds, side by side, and to the silo where it was let through.
    pub async fn ask(&mut self, sql: &str) -> Answers {
        let ready = self.ready(sql);
        let sent = self.worlds.shared.iter().zip(&mut self.sessions).zip(&ready).map(|((place, session), ready)| {
            let layer = self.layer;
            async move {
                let since = Instant::now();
                (place.neutral(send(session, ready, layer).await), since.elapsed())
            }
        });
        let (shared, times): (Vec<_>, Vec<_>) = join_all(sent).await.into_iter().unzip();
        let mut answers = Answers { shared, silo: Answer::Late, took: times.into_iter().max().unwrap_or_default() };
        if answers.accepted() {
            answers.silo = self.silo(sql).await;
        }
        answers
    }

    /// Sends it to one world only: what runs until it is stopped is not run three times for one answer.
    pub async fn ask_one(&mut self, sql: &str) -> Answers {
        let ready = self.ready(sql);
        let (mut shared, since) = (Vec::new(), Instant::now());
        if let (Some(place), Some(session), Some(ready)) =
            (self.worlds.shared.first(), self.sessions.first_mut(), ready.first())
        {
            shared.push(place.neutral(send(session, ready, self.layer).await));
        }
        Answers { shared, silo: Answer::Late, took: since.elapsed() }
    }

    /// Sends it to the world in which nobody else has rows, after `settings` of its planner.
    ///
    /// # Errors
    /// The server does not know a setting, or does not let us in.
    pub async fn ask_alone(&self, sql: &str, settings: &[&str]) -> anyhow::Result<Answer> {
        let mut alone = World::SHARED.iter().zip(&self.worlds.shared).filter(|(world, _)| **world == World::Alone);
        match alone.next() {
            Some((_, place)) => self.ask_apart(place, sql, settings).await,
            None => Ok(Answer::Late),
        }
    }

    /// Sends it to worlds in which nobody else has rows, and whose planners believe that somebody has.
    ///
    /// # Errors
    /// The server does not make them, or does not let us in.
    pub async fn ask_told(&self, sql: &str) -> anyhow::Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for place in self.worlds.told().await? {
            answers.push(self.ask_apart(place, sql, &[]).await?);
        }
        Ok(answers)
    }

    /// Sends it as it was written to the database that holds A's rows only, after `settings` of its planner.
    ///
    /// # Errors
    /// The server does not know a setting, or does not let us in.
    pub async fn ask_silo(&self, sql: &str, settings: &[&str]) -> anyhow::Result<Answer> {
        let place = &self.worlds.silo;
        let mut session = self.enter_apart(place, settings).await?;
        Ok(place.neutral(send(&mut session, &Ok((place.localised(sql), Vec::new())), self.layer).await))
    }

    /// Sends it to one world, in a session of its own.
    async fn ask_apart(&self, place: &Place, sql: &str, settings: &[&str]) -> anyhow::Result<Answer> {
        let mut session = self.enter_apart(place, settings).await?;
        let ready = self.ready_for(place, &guard(place, self.level), sql);
        Ok(place.neutral(send(&mut session, &ready, self.layer).await))
    }

    async fn enter_apart(&self, place: &Place, settings: &[&str]) -> anyhow::Result<Session> {
        let mut session = match place.enter().await {
            Ok(session) => session,
            // The statement before may have ended the server.
            Err(_) => {
                self.worlds.revive().await?;
                place.enter().await?
            }
        };
        for setting in settings {
            let set = session.run_text(&format!("SET {setting}")).await;
            anyhow::ensure!(set.is_rows(), "{setting}: {}", set.shown());
        }
        Ok(session)
    }

    /// Forgets what statements left in the sessions, and connects anew where one is broken.
    ///
    /// # Errors
    /// A server does not let us in again.
    pub async fn reset(&mut self) -> anyhow::Result<()> {
        let mut ended = false;
        let places = self.worlds.shared.iter().chain([&self.worlds.silo]);
        for (place, session) in places.zip(self.sessions.iter_mut().chain([&mut self.silo])) {
            if session.reset().await.is_err() {
                match place.enter().await {
                    Ok(new) => *session = new,
                    Err(_) => ended = true,
                }
            }
        }
        if ended { self.revive().await } else { Ok(()) }
    }

    /// Connects anew, to a server that has been started again if it ended.
    ///
    /// # Errors
    /// It does not start.
    pub async fn revive(&mut self) -> anyhow::Result<()> {
        // One that is about to end may still let somebody in.
        for _ in 0..3 {
            self.worlds.revive().await?;
            if self.enter().await.is_ok() {
                return Ok(());
            }
        }
        self.enter().await
    }

    async fn enter(&mut self) -> anyhow::Result<()> {
        self.sessions = self.worlds.sessions().await?;
        self.silo = self.worlds.silo.enter().await?;
        Ok(())
    }

    fn ready(&self, sql: &str) -> Vec<Ready> {
        let Some((first, guard)) = self.worlds.shared.iter().zip(&self.guards).next() else { return Vec::new() };
        let made = self.ready_for(first, guard, sql);
        let places = self.worlds.shared.iter().zip(&self.guards);
        let of_place = |(place, guard): (&Place, &Guard)| {
            // Where the worlds' tables have the same names, so has the guard's text.
            if first.schema == place.schema {
                return made.clone();
            }
            match &made {
                Ok((sql, values)) if self.once => Ok((sql.replace(&first.schema, &place.schema), values.clone())),
                _ => self.ready_for(place, guard, sql),
            }
        };
        places.map(of_place).collect()
    }

    fn ready_for(&self, place: &Place, guard: &Guard, sql: &str) -> Ready {
        let sql = place.localised(sql);
        if self.layer == Layer::Guard { guard.guard(&sql) } else { Ok((sql, Vec::new())) }
    }

    async fn silo(&mut self, sql: &str) -> Answer {
        let place: &Place = &self.worlds.silo;
        let sql = place.localised(sql);
        let answer = match self.layer {
            Layer::Guard => self.silo.run(&sql, &[]).await,
            _ => self.silo.run_text(&sql).await,
        };
        place.neutral(answer)
    }
}

fn guard(place: &Place, level: Level) -> Guard {
    match level {
        Level::Masks => Guard::of_masked_fixture(place.engine, &place.schema),
        _ => Guard::of_fixture(place.engine, &place.schema),
    }
}

async fn send(session: &mut Session, ready: &Ready, layer: Layer) -> Answer {
    match (ready, layer) {
        (Err(refusal), _) => Answer::Refused(refusal.clone()),
        (Ok((sql, values)), Layer::Guard) => session.run(sql, values).await,
        (Ok((sql, _)), _) => session.run_text(sql).await,
    }
}
