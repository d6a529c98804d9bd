//! The ways that a statement can take: as a question, as a saved card, as a file, in a dashboard's stream.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::Size;
use super::instance::{Instance, LIMIT_SECONDS, Who};
use super::judging::{Judging, Plain};
use super::places::{Place, Server};
use super::reply::{Format, Reply, Seen};
use super::shops::Shop;
use crate::corpus::{Expect, Item};
use crate::engine::Engine;
use crate::fixture::World;
use crate::worlds::Level;

/// Cards of one dashboard; at most 200.
const CARDS: usize = 150;

/// How often what one world had no time or no connection for is asked again: other programs run on the machine too.
const TRIES: usize = 3;

/// An instance of a world, and what it calls the corpus's `app`, by source.
struct Set {
    instance: Instance,
    places: Vec<(Shop, Place)>,
}

/// What became of attacks that were to be cards, by their number.
struct Library {
    /// In the order of the dashboards.
    saved: Vec<usize>,
    /// What cannot be saved, with the answer that says so.
    refused: BTreeMap<usize, Reply>,
}

impl Set {
    async fn new(server: &Server, engine: Engine, level: Level, world: World) -> anyhow::Result<Self> {
        let instance = Instance::start().await?;
        let source = match engine {
            Engine::Postgres => "postgres",
            Engine::Mariadb => "mysql",
            Engine::Sqlite => "sqlite",
        };
        let mut places = Vec::new();
        let shops = if world == World::Silo { &[Shop::Keyed] } else { Shop::all(level) };
        for shop in shops {
            let declared = if world == World::Silo { json!({}) } else { shop.declared(level) };
            let draft = json!({ "slug": shop.slug(), "name": "Shop", "engine": source, "tables": declared });
            instance.make("/v1/sources", &draft).await?;
            places.push((*shop, server.place(&instance, *shop, level, world).await?));
        }
        Ok(Self { instance, places })
    }

    fn place(&self, shop: Shop) -> &Place {
        self.places.iter().find(|(own, _)| *own == shop).map_or(&Place::PLAIN, |(_, place)| place)
    }

    /// Writes attacks as cards of the library and dashboards of them, under names that begin with a letter.
    async fn library(
        &self,
        letter: char,
        items: &[(usize, &Item)],
        shop_of: impl Fn(&Item) -> Shop,
    ) -> anyhow::Result<Library> {
        let (mut saved, mut refused) = (Vec::new(), BTreeMap::new());
        for (number, item) in items {
            let shop = shop_of(item);
            let sql = self.place(shop).localised(&item.sql);
            let name = format!("{letter}{number}");
            let draft = json!({ "slug": name, "name": name, "source": shop.slug(), "query": { "sql": sql } });
            let reply = self.instance.post(&Who::Operator, "/v1/library/cards", &draft).await?;
            if reply.status == 201 {
                saved.push(*number);
            } else {
                refused.insert(*number, reply);
            }
        }
        for (number, cards) in saved.chunks(CARDS).enumerate() {
            let show = |card: &usize| {
                json!({ "id": format!("i{card}"), "x": 0, "y": card, "w": 24, "h": 1,
                    "show": { "kind": "card", "card": format!("{letter}{card}") } })
            };
            let items: Vec<Value> = cards.iter().map(show).collect();
            let slug = format!("{letter}-{number}");
            let draft = json!({ "slug": slug, "name": "Attacks", "items": items });
            self.instance.make("/v1/library/dashboards", &draft).await?;
            let publication = json!({ "publish": { "dashboard": slug }, "audience": "all" });
            self.instance.make("/v1/publications", &publication).await?;
        }
        Ok(Library { saved, refused })
    }
}

/// All worlds, and the silo.
pub(super) struct Stage {
    level: Level,
    worlds: Vec<Set>,
    silo: Set,
    _server: Server,
}

impl Stage {
    pub(super) async fn set(engine: Engine, level: Level) -> anyhow::Result<Self> {
        let server = Server::of(engine).await?;
        let worlds = try_join_all(World::SHARED.map(|world| Set::new(&server, engine, level, world))).await?;
        let silo = Set::new(&server, engine, level, World::Silo).await?;
        Ok(Self { level, worlds, silo, _server: server })
    }

    /// What each attack reads where there is nothing but A's rows. What must be refused is not asked there: some of it
    /// sleeps, or harms the server.
    pub(super) async fn silo(&self, items: &[Item]) -> anyhow::Result<BTreeMap<usize, Plain>> {
        let silo = &self.silo;
        let is_asked = |item: &Item| matches!(item.expect, Expect::Eq | Expect::EqOrReject | Expect::Literal);
        let asked: Vec<_> = items.iter().enumerate().filter(|(_, item)| is_asked(item)).collect();
        let library = silo.library('c', &asked, |_| Shop::Keyed).await?;
        let place = silo.place(Shop::Keyed);
        let mut found: BTreeMap<_, _> = library.refused.keys().map(|number| (*number, Plain::Error(None))).collect();
        for (dashboard, cards) in library.saved.chunks(CARDS).enumerate() {
            let path = format!("/v1/dashboards/c-{dashboard}/run");
            let stream = silo.instance.post(&Who::Key, &path, &json!({})).await?;
            for number in cards {
                let id = format!("i{number}");
                let mut seen = Seen::of_events(&stream, &id, place)?;
                for _ in 1..TRIES {
                    if !is_late(&seen) {
                        break;
                    }
                    let reply = silo.instance.post(&Who::Key, &path, &json!({ "items": [id] })).await?;
                    seen = Seen::of_events(&reply, &id, place)?;
                }
                found.insert(*number, seen.rows.map_or(Plain::Error(seen.code), Plain::Rows));
            }
        }
        Ok(found)
    }

    /// The code that a statement of a tenant's own is refused with at this level, whatever it says.
    fn forbidden(&self) -> Option<&'static str> {
        (self.level == Level::GuardedRows).then_some("isolation-unproven")
    }

    /// The same request in every world, and the answers read. `ask` makes path and body; where one world had no time or
    /// no connection, all are asked again.
    async fn everywhere(
        &self,
        who: impl Fn(&Set) -> anyhow::Result<Who>,
        ask: impl Fn(&Set) -> (String, Value),
        read: impl Fn(&Set, &Reply) -> anyhow::Result<Seen>,
    ) -> anyhow::Result<Vec<Seen>> {
        let mut tries = 0;
        loop {
            let each = self.worlds.iter().map(async |set| {
                let (path, body) = ask(set);
                let reply = set.instance.post(&who(set)?, &path, &body).await?;
                read(set, &reply)
            });
            let seen = try_join_all(each).await?;
            tries += 1;
            let alike = seen.iter().all(|one| seen.first().is_some_and(|first| one.is(first)));
            if tries == TRIES || alike || !seen.iter().any(is_late) {
                return Ok(seen);
            }
        }
    }

    /// As a question that is not saved.
    pub(super) async fn questions(&self, items: &[Item], judging: &mut Judging<'_>) -> anyhow::Result<()> {
        for (number, item) in items.iter().enumerate() {
            let seen = self.question(item).await?;
            judging.look(number, item, "sql", &seen, self.forbidden());
        }
        Ok(())
    }

    async fn question(&self, item: &Item) -> anyhow::Result<Vec<Seen>> {
        let shop = Shop::of(item, self.level, false);
        let ask = |set: &Set| {
            let sql = set.place(shop).localised(&item.sql);
            ("/v1/sql/rows".to_owned(), json!({ "source": shop.slug(), "sql": sql }))
        };
        self.everywhere(|_| Ok(Who::Key), ask, |set, reply| Seen::of(reply, Format::Json, set.place(shop))).await
    }

    /// As a card that the tenant saves, and then runs.
    pub(super) async fn saved(&self, items: &[Item], size: Size, judging: &mut Judging<'_>) -> anyhow::Result<()> {
        // Each change of a tenant's content has all of it read anew.
        let step = if size == Size::Full { 1 } else { 4 };
        for (number, item) in items.iter().enumerate().step_by(step) {
            let shop = Shop::of(item, self.level, false);
            let slug = format!("own{number}");
            let ask = |set: &Set| {
                let sql = set.place(shop).localised(&item.sql);
                let draft = json!({ "slug": slug, "name": slug, "source": shop.slug(), "query": { "sql": sql } });
                ("/v1/content/cards".to_owned(), draft)
            };
            let read = |set: &Set, reply: &Reply| Seen::of(reply, Format::Json, set.place(shop));
            let seen = self.everywhere(|_| Ok(Who::Key), ask, read).await?;
            if seen.iter().any(|seen| seen.status != 201) {
                judging.look(number, item, "save", &seen, self.forbidden());
                continue;
            }
            let run = |_: &Set| (format!("/v1/cards/{slug}/rows"), json!({}));
            let seen = self.everywhere(|_| Ok(Who::Key), run, read).await?;
            judging.look(number, item, "card", &seen, self.forbidden());
        }
        Ok(())
    }

    /// As cards of the library on dashboards, for a viewer: streamed, and downloaded.
    pub(super) async fn dashboards(
        &mut self,
        items: &[Item],
        size: Size,
        judging: &mut Judging<'_>,
    ) -> anyhow::Result<()> {
        let level = self.level;
        let shop = |item: &Item| Shop::of(item, level, true);
        let numbered: Vec<_> = items.iter().enumerate().collect();
        let libraries = try_join_all(self.worlds.iter().map(|set| set.library('c', &numbered, shop))).await?;
        let first = libraries.first().context("a world")?;
        anyhow::ensure!(libraries.iter().all(|own| own.saved == first.saved), "cards are saved in some worlds only");
        for number in first.refused.keys() {
            let item = items.get(*number).context("an attack")?;
            let both = self.worlds.iter().zip(&libraries);
            let replies = both.filter_map(|(set, library)| Some((set, library.refused.get(number)?)));
            let read = |(set, reply): (&Set, &Reply)| Seen::of(reply, Format::Json, set.place(shop(item)));
            let seen = replies.map(read).collect::<anyhow::Result<Vec<_>>>()?;
            judging.look(*number, item, "library", &seen, None);
        }
        let saved: Vec<_> = first.saved.iter().filter_map(|number| Some((*number, items.get(*number)?))).collect();
        for (dashboard, cards) in saved.chunks(CARDS).enumerate() {
            let dashboard = format!("c-{dashboard}");
            let refused = self.stream(&dashboard, cards, &shop, judging).await?;
            for (number, item) in cards {
                for (format, word) in formats(size, *number, refused.contains(number)) {
                    let path = format!("/v1/embed/items/i{number}/export/{word}");
                    let ask = |_: &Set| (path.clone(), json!({}));
                    let read = |set: &Set, reply: &Reply| Seen::of(reply, format, set.place(shop(item)));
                    let seen = self.everywhere(|set| set.instance.viewer(&dashboard), ask, read).await?;
                    judging.look(*number, item, word, &seen, None);
                }
            }
        }
        Ok(())
    }

    /// A whole dashboard in one answer, item by item; an item that had no time is asked for again by itself. Which of them
    /// are refused comes back.
    async fn stream(
        &self,
        dashboard: &str,
        cards: &[(usize, &Item)],
        shop: &impl Fn(&Item) -> Shop,
        judging: &mut Judging<'_>,
    ) -> anyhow::Result<BTreeSet<usize>> {
        let mut refused = BTreeSet::new();
        let each = self.worlds.iter().map(async |set| {
            let viewer = set.instance.viewer(dashboard)?;
            set.instance.post(&viewer, "/v1/embed/run", &json!({})).await
        });
        let streams = try_join_all(each).await?;
        for (number, item) in cards {
            let id = format!("i{number}");
            let read = |set: &Set, reply: &Reply| Seen::of_events(reply, &id, set.place(shop(item)));
            let both = self.worlds.iter().zip(&streams);
            let mut seen = both.map(|(set, reply)| read(set, reply)).collect::<anyhow::Result<Vec<_>>>()?;
            if seen.iter().any(is_late) {
                let ask = |_: &Set| ("/v1/embed/run".to_owned(), json!({ "items": [id] }));
                seen = self.everywhere(|set| set.instance.viewer(dashboard), ask, read).await?;
            }
            judging.look(*number, item, "dashboard", &seen, None);
            if seen.iter().all(Seen::is_refused) {
                refused.insert(*number);
            }
        }
        Ok(refused)
    }

    /// What would run until it is stopped ends in time, as a question and on a dashboard, and leaves the tenant able to
    /// ask.
    pub(super) async fn endless(&self, items: &[Item], judging: &mut Judging<'_>) -> anyhow::Result<()> {
        let set = self.worlds.first().context("a world")?;
        let limit = Duration::from_secs(LIMIT_SECONDS.into());
        // What other programs on the machine may take away.
        let patience = Duration::from_secs(5);
        let shop = Shop::Keyed;
        let each = items.iter().map(async |item| {
            let question = json!({ "source": shop.slug(), "sql": set.place(shop).localised(&item.sql) });
            let reply = set.instance.post(&Who::Key, "/v1/sql/rows", &question).await?;
            Seen::of(&reply, Format::Json, set.place(shop))
        });
        let since = Instant::now();
        let seen = try_join_all(each).await?;
        let took = since.elapsed();
        // Eight at once.
        let rounds = u32::try_from(items.len().div_ceil(8))?;
        for (item, seen) in items.iter().zip(&seen) {
            judging.ended(item, "sql", seen, took, limit * rounds + patience);
        }
        let numbered: Vec<_> = items.iter().enumerate().collect();
        let library = set.library('e', &numbered, |_| Shop::Viewed).await?;
        let since = Instant::now();
        let viewer = set.instance.viewer("e-0")?;
        let stream = set.instance.post(&viewer, "/v1/embed/run", &json!({})).await?;
        let took = since.elapsed();
        for number in library.saved {
            let item = items.get(number).context("an attack")?;
            let seen = Seen::of_events(&stream, &format!("i{number}"), set.place(Shop::Viewed))?;
            judging.ended(item, "dashboard", &seen, took, limit * rounds + patience);
        }
        let question = json!({ "source": shop.slug(), "sql": "SELECT 1 AS one" });
        let wanted = if self.forbidden().is_some() { 409 } else { 200 };
        // What was just stopped may still be on its way out of the database.
        let since = Instant::now();
        loop {
            let reply = set.instance.post(&Who::Key, "/v1/sql/rows", &question).await?;
            if reply.status == wanted {
                return Ok(());
            }
            anyhow::ensure!(since.elapsed() < limit + patience, "the tenant cannot ask any more: {}", reply.status);
        }
    }
}

/// Whether there was no time, no connection, or no end.
fn is_late(seen: &Seen) -> bool {
    matches!(seen.code.as_deref(), Some("query-timeout" | "busy" | "source-unavailable" | "broken-off"))
}

/// The formats in which an attack is downloaded.
fn formats(size: Size, number: usize, is_refused: bool) -> impl Iterator<Item = (Format, &'static str)> {
    let all = [(Format::Csv, "csv"), (Format::Xlsx, "xlsx"), (Format::Json, "json")];
    let every = if is_refused { 9 } else { 3 };
    let in_turn = move |place: usize| number.is_multiple_of(every) && number / every % 3 == place;
    let wanted = move |place: &usize| size == Size::Full || in_turn(*place);
    all.into_iter().enumerate().filter(move |(place, _)| wanted(place)).map(|(_, format)| format)
}
