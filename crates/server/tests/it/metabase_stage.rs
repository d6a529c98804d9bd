//! The world of guest embeds: a dashboard and a question that their author opened to guests, and a key for each tenant.

use http::Method;
use serde_json::{Value, json};

use crate::world::{Birch, Reply, World, suspend};

/// An embed key in Metabase's form.
pub(crate) struct GuestKey {
    pub(crate) slug: &'static str,
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// The world, and what guests see of it.
pub(crate) struct Guests {
    pub(crate) world: World,
    pub(crate) dashboard: Value,
    pub(crate) question: Value,
    pub(crate) alder: GuestKey,
    pub(crate) birch: GuestKey,
    /// Of a tenant that is suspended.
    pub(crate) cedar: GuestKey,
    /// Of alder, and revoked.
    pub(crate) revoked: GuestKey,
}

/// A token as Metabase's clients sign it: no `kid`, whatever claims.
pub(crate) fn signed(secret: &str, claims: &Value) -> String {
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    jsonwebtoken::encode(&header, claims, &jsonwebtoken::EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

pub(crate) async fn guest_key(world: &World, slug: &'static str, more: Value) -> GuestKey {
    let mut draft = json!({ "name": "portal", "dialect": "metabase" });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    let made = world.post(&world.operator, &format!("/v1/tenants/{slug}/embed-keys"), &draft).await.expect(201).json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    GuestKey { slug, id: text("id"), secret: text("secret") }
}

fn parameters() -> Value {
    json!([{ "name": "city", "type": "text", "multiple": true, "column": { "sql": "city" } },
        { "name": "least", "type": "number" },
        { "name": "period", "type": "date_range", "column": { "sql": "paid_at", "holds": "epoch_seconds" } }])
}

/// The dashboard's draft: `city` is the viewer's, `least` the token's, `period` nobody's; `note` is not named.
pub(crate) fn dashboard() -> Value {
    json!({ "slug": "guests", "name": "For guests", "description": "Orders",
        "enable_embedding": true,
        "embedding_params": { "city": "enabled", "least": "locked", "period": "disabled" },
        "tabs": [{ "id": "first", "name": "First" }],
        "parameters": [
            { "name": "city", "label": "City", "type": "text", "multiple": true, "linked": ["period"],
              "values": { "card": { "card": "cities-from" } } },
            { "name": "least", "type": "number" },
            { "name": "period", "type": "date_range" },
            { "name": "note", "type": "text" }],
        "items": [
            { "id": "head", "tab": "first", "x": 0, "y": 0, "w": 24, "h": 1, "show": { "kind": "heading", "text": "Orders" } },
            { "id": "list", "tab": "first", "x": 0, "y": 1, "w": 12, "h": 6, "show": { "kind": "card", "card": "guest-orders",
                "title": "All orders", "parameters": { "city": "city", "least": "least", "period": "period" } } },
            { "id": "sum", "tab": "first", "x": 12, "y": 1, "w": 12, "h": 6, "show": { "kind": "card", "card": "guest-sum",
                "parameters": { "city": "city", "least": "least" } } }] })
}

impl Guests {
    pub(crate) async fn new() -> Self {
        Self::with(Birch::Full).await
    }

    pub(crate) async fn with(birch: Birch) -> Self {
        let world = World::with(birch).await;
        let op = world.operator.clone();
        let [city, least] = [&parameters()[0], &parameters()[1]];
        let cards = [
            json!({ "slug": "cities-from", "name": "Cities", "source": "lms", "query": {
                "sql": "SELECT DISTINCT city FROM orders WHERE 1 = 1 [[AND amount >= {{least}}]] ORDER BY city", "parameters": [least] } }),
            json!({ "slug": "guest-orders", "name": "Orders", "source": "lms",
                "visualization": { "type": "bar", "x": "city", "y": ["amount"] }, "query": {
                "sql": "SELECT id, city, amount, note FROM orders WHERE {{city}} AND {{period}} [[AND amount >= {{least}}]] ORDER BY id",
                "parameters": parameters() } }),
            json!({ "slug": "guest-sum", "name": "Sum", "source": "lms", "query": {
                "sql": "SELECT count(*) AS orders FROM orders WHERE {{city}} [[AND amount >= {{least}}]]", "parameters": [city, least] } }),
            json!({ "slug": "guest-question", "name": "Question", "collection": "shop", "source": "lms",
                "enable_embedding": true, "embedding_params": { "city": "enabled", "least": "locked" }, "query": {
                "sql": "SELECT id, city, amount, note FROM orders WHERE {{city}} [[AND amount >= {{least}}]] ORDER BY id",
                "parameters": [{ "name": "city", "type": "text", "multiple": true, "column": { "sql": "city" },
                    "values": { "card": { "card": "cities-from" } } }, least] } }),
        ];
        for card in &cards {
            world.post(&op, "/v1/library/cards", card).await.expect(201);
        }
        let made = world.post(&op, "/v1/library/dashboards", &dashboard()).await.expect(201).json();
        let publication = json!({ "publish": { "dashboard": "guests" }, "audience": "all" });
        world.post(&op, "/v1/publications", &publication).await.expect(201);
        let question = world.get(&op, "/v1/library/cards/guest-question").await.expect(200).json();
        let tenant = json!({ "slug": "cedar", "name": "Cedar" });
        world.post(&op, "/v1/tenants", &tenant).await.expect(201);
        crate::world::fill(&world.folder.path().join("tenants/cedar.db"), "CANARY-CEDAR", 5);
        let (alder, birch) = (guest_key(&world, "alder", json!({})).await, guest_key(&world, "birch", json!({})).await);
        let (cedar, revoked) =
            (guest_key(&world, "cedar", json!({})).await, guest_key(&world, "alder", json!({})).await);
        suspend(&world, "cedar", true).await;
        let path = format!("/v1/tenants/alder/embed-keys/{}", revoked.id);
        world.delete(&op, &path).await.expect(204);
        Self { world, dashboard: made, question, alder, birch, cedar, revoked }
    }

    /// Claims for the dashboard, with more over the usual ones.
    pub(crate) fn claims(&self, more: Value) -> Value {
        let mut claims = json!({ "resource": { "dashboard": self.dashboard["number"] }, "params": { "least": 0 },
            "exp": self.world.now() + 600 });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    pub(crate) fn of_dashboard(&self, key: &GuestKey, params: Value) -> String {
        signed(&key.secret, &self.claims(json!({ "params": params })))
    }

    pub(crate) fn of_question(&self, key: &GuestKey, params: Value) -> String {
        let resource = json!({ "question": self.question["number"] });
        signed(&key.secret, &self.claims(json!({ "resource": resource, "params": params })))
    }

    /// The number of a place and of the card there, as the dashboard's own answer says.
    pub(crate) async fn place(&self, item: usize) -> (String, String) {
        let token = self.of_dashboard(&self.alder, json!({ "least": 0 }));
        let shown = self.get(&format!("/t/alder/api/embed/dashboard/{token}")).await.expect(200).json();
        let place = &shown["dashcards"][item];
        (place["id"].to_string(), place["card_id"].to_string())
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.world.call(Method::GET, "", path, None).await
    }
}
