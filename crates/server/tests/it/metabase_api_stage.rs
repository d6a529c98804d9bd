//! The world of clients that hold a key: what each tenant has of its own beside the library, and an address for every route.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::world::{Birch, Client, Reply, World};

/// What a client sends.
pub(crate) enum Sent<'s> {
    Nothing,
    Json(Value),
    Form(&'s [(&'s str, String)]),
}

/// The numbers of what one tenant has, as paths name them.
#[derive(Clone, Debug)]
pub(crate) struct Things {
    pub(crate) dashboard: String,
    pub(crate) dashcard: String,
    pub(crate) card: String,
    pub(crate) collection: String,
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) field: String,
    /// A second key, narrowed to the dashboard: as a key, as a user.
    pub(crate) user: String,
    /// The group that is that key's alone.
    pub(crate) group: String,
    /// The dashboard's entity id.
    pub(crate) entity: String,
}

/// The world, and what alder and birch made in it: a collection, a card and a dashboard each, over a data source that is set up
/// for that tenant alone.
pub(crate) struct Keyed {
    pub(crate) world: World,
    pub(crate) alder: Things,
    pub(crate) birch: Things,
}

/// The library's things, as alder finds them, and the key that it finds them with.
pub(crate) async fn library(world: &World) -> Things {
    let get = async |path: &str| ask(world, "GET", path, &key(&world.alder), Sent::Nothing).await.expect(200).json();
    let named = |list: &Value, name: &str| {
        let list = list.get("data").unwrap_or(list).as_array().unwrap().clone();
        list.into_iter().find(|one| one["name"] == name).unwrap()["id"].to_string()
    };
    let dashboard = named(&get("/api/dashboard").await, "Overview");
    let shown = get(&format!("/api/dashboard/{dashboard}")).await;
    let database = named(&get("/api/database").await, "Orders");
    let metadata = get(&format!("/api/database/{database}/metadata")).await;
    let user = get("/api/user/current").await;
    Things {
        dashcard: shown["dashcards"][1]["id"].to_string(),
        card: named(&get("/api/card").await, "Orders"),
        collection: named(&get("/api/collection").await, "Shop"),
        table: metadata["tables"][0]["id"].to_string(),
        field: metadata["tables"][0]["fields"][1]["id"].to_string(),
        entity: shown["entity_id"].as_str().unwrap().to_owned(),
        user: user["id"].to_string(),
        group: user["group_ids"][0].to_string(),
        dashboard,
        database,
    }
}

impl Things {
    /// What nobody has.
    pub(crate) fn nothing() -> Self {
        let seven = || "7".to_owned();
        let (dashboard, dashcard, card, collection) = (seven(), seven(), seven(), seven());
        let (user, group, entity) = (seven(), seven(), "a-thing-of-nobody-at-".to_owned());
        Self {
            dashboard,
            dashcard,
            card,
            collection,
            database: seven(),
            table: seven(),
            field: seven(),
            user,
            group,
            entity,
        }
    }

    /// The addresses of a route: one, or one for each format.
    pub(crate) fn paths(&self, route: &str) -> Vec<String> {
        let id = match route.split('/').nth(2).unwrap() {
            "dashboard" => &self.dashboard,
            "card" => &self.card,
            "collection" => &self.collection,
            "database" => &self.database,
            "table" => &self.table,
            "field" => &self.field,
            "user" | "api-key" => &self.user,
            "permissions" if route.contains("/db/") => &self.database,
            "permissions" => &self.group,
            _ => "",
        };
        let path = route
            .replace("/setting/{key}", "/setting/version")
            .replace("{id}", id)
            .replace("{dashcard}", &self.dashcard)
            .replace("{card}", &self.card)
            .replace("{key}", "city")
            .replace("{prefix}", "ly")
            .replace("{schema}", "main")
            .replace("/remapping", "/remapping?value=Lyon");
        let formats: &[&str] = if path.contains("{format}") { &["csv", "json", "xlsx"] } else { &[""] };
        formats.iter().map(|format| path.replace("{format}", format)).collect()
    }

    /// What a route's client sends.
    pub(crate) fn body(&self, method: &str, route: &str) -> Sent<'static> {
        match (method, route) {
            ("POST", "/api/session") => Sent::Json(json!({ "username": "somebody", "password": "clo_none" })),
            ("POST", route) if route.starts_with("/api/dataset") => Sent::Json(self.question()),
            ("POST", "/api/eid-translation/translate") => {
                Sent::Json(json!({ "entity_ids": { "dashboard": [self.entity], "card": [self.entity] } }))
            }
            ("POST", _) => Sent::Json(json!({ "parameters": [] })),
            _ => Sent::Nothing,
        }
    }

    pub(crate) fn question(&self) -> Value {
        let database: i64 = self.database.parse().unwrap();
        let query = "SELECT id, city, amount, note FROM orders ORDER BY id";
        json!({ "database": database, "type": "native", "native": { "query": query } })
    }
}

impl Keyed {
    pub(crate) async fn new() -> Self {
        Self::with(Birch::Full).await
    }

    pub(crate) async fn with(birch: Birch) -> Self {
        let world = World::with(birch).await;
        let rows = if birch == Birch::Full { 7 } else { 0 };
        let things = [own(&world, "alder", &world.alder, 3).await, own(&world, "birch", &world.birch, rows).await];
        let [alder, birch] = things;
        Self { world, alder, birch }
    }
}

async fn own(world: &World, slug: &str, client: &Client, rows: i64) -> Things {
    let source = format!("only-{slug}");
    crate::world::fill(&world.folder.path().join(format!("tenants/{source}.db")), &client.canary, rows);
    let draft = json!({ "slug": source, "name": format!("NAMED-{slug}-source"), "engine": "sqlite" });
    let database = world.post(&world.operator, "/v1/sources", &draft).await.expect(201).json()["number"].to_string();
    let placement = json!({ "file": format!("{source}.db") });
    let path = format!("/v1/tenants/{slug}/placements/{source}");
    world.put_first(&world.operator, &path, &placement).await.expect(200);
    let collection = json!({ "slug": "own", "name": format!("NAMED-{slug}-collection") });
    let collection = world.post(&client.key, "/v1/content/collections", &collection).await.expect(201).json();
    let city = json!({ "name": "city", "type": "text", "multiple": true, "column": { "sql": "city" },
        "values": { "static": [{ "value": "Lyon", "label": format!("NAMED-{slug}-Lyon") }, { "value": "Nice" }] } });
    let card = json!({ "slug": "own", "name": format!("NAMED-{slug}-card"), "collection": "own", "source": source,
        "query": { "sql": "SELECT id, city, amount, note FROM orders WHERE {{city}} ORDER BY id", "parameters": [city] } });
    let card = world.post(&client.key, "/v1/content/cards", &card).await.expect(201).json();
    let item = json!({ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4,
        "show": { "kind": "card", "card": "own", "parameters": { "city": "city" } } });
    let dashboard = json!({ "slug": "own", "name": format!("NAMED-{slug}-dashboard"), "collection": "own",
        "parameters": [{ "name": "city", "type": "text", "multiple": true }], "items": [item] });
    let dashboard = world.post(&client.key, "/v1/content/dashboards", &dashboard).await.expect(201).json();
    let dashboard = dashboard["number"].to_string();
    let get = async |path: String| ask(world, "GET", &path, &key(client), Sent::Nothing).await.expect(200).json();
    let shown = get(format!("/api/dashboard/{dashboard}")).await;
    let metadata = get(format!("/api/database/{database}/metadata")).await;
    let narrow = json!({ "name": format!("NAMED-{slug}-key"),
        "scopes": [{ "actions": ["dashboards:read", "cards:run"], "resources": { "dashboards": ["own"] } }] });
    world.post(&client.key, "/v1/api-keys", &narrow).await.expect(201);
    let users = get(format!("/api/user?query=named-{slug}")).await;
    Things {
        entity: shown["entity_id"].as_str().unwrap().to_owned(),
        user: users["data"][0]["id"].to_string(),
        group: users["data"][0]["group_ids"][0].to_string(),
        dashcard: shown["dashcards"][0]["id"].to_string(),
        card: card["number"].to_string(),
        collection: collection["number"].to_string(),
        table: metadata["tables"][0]["id"].to_string(),
        field: metadata["tables"][0]["fields"][0]["id"].to_string(),
        dashboard,
        database,
    }
}

/// The header that most clients send.
pub(crate) fn key(client: &Client) -> Vec<(&'static str, String)> {
    vec![("x-api-key", client.key.clone())]
}

pub(crate) async fn ask(
    world: &World,
    method: &str,
    path: &str,
    headers: &[(&'static str, String)],
    sent: Sent<'_>,
) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let body = match sent {
        Sent::Nothing => Body::empty(),
        Sent::Json(body) => {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        }
        Sent::Form(fields) => {
            request = request.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
            let pair = |(name, text): &(&str, String)| format!("{name}={}", encoded(text));
            Body::from(fields.iter().map(pair).collect::<Vec<_>>().join("&"))
        }
    };
    world.send(request.body(body).unwrap()).await
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
