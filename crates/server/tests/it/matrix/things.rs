//! What the operations of the matrix are asked about: a thing of each kind for each owner, made anew when it is used up.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::world::{Client, Operation, World, suspend};

/// Whose thing an operation names, seen from alder. The columns of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// Alder's; for what belongs to the instance, the operator's.
    Own,
    /// Birch's.
    Foreign,
    /// Nobody's: the shape of an id, and nothing behind it.
    Absent,
    /// Of cedar, which is suspended.
    Suspended,
}

impl Whose {
    pub(crate) const ALL: [Self; 4] = [Self::Absent, Self::Own, Self::Foreign, Self::Suspended];

    /// The tenant that is meant, as far as one is.
    pub(crate) fn tenant(self) -> Option<&'static str> {
        match self {
            Self::Own => Some("alder"),
            Self::Foreign => Some("birch"),
            Self::Suspended => Some("cedar"),
            Self::Absent => None,
        }
    }
}

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A tenant's thing of a kind, named in the path or in the body.
    Thing(&'static str),
    /// A thing of the instance.
    Ours(&'static str),
    /// A tenant itself. Every tenant is an operator's own.
    Tenant,
    /// What the embed token shows.
    Shown,
    /// Nothing that has an owner, as with lists.
    Nothing,
}

/// A thing of a world.
#[derive(Clone)]
pub(crate) struct Thing {
    pub(crate) id: String,
    pub(crate) slug: String,
}

/// The world of the matrix: three tenants, one of them suspended, and everything that each has.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) cedar: Client,
    things: BTreeMap<(Whose, &'static str), Thing>,
    /// The parts of dashboards and cards, which stay.
    parts: BTreeMap<(Whose, &'static str), String>,
    made: u32,
}

/// What tenants have: of their own, published to one of them alone, keys, and themselves.
pub(crate) const KINDS: [&str; 10] = [
    "content/collections",
    "content/cards",
    "content/dashboards",
    "content/snippets",
    "cards",
    "dashboards",
    "api-keys",
    "embed-keys",
    "public-links",
    "tenants",
];
const OURS: [&str; 7] = [
    "library/collections",
    "library/cards",
    "library/dashboards",
    "library/snippets",
    "sources",
    "publications",
    "operator-keys",
];

/// What every name of a tenant's thing holds, so that it is found in other tenants' answers.
pub(crate) fn mark(whose: Whose) -> String {
    format!("NAMED-{}", whose.tenant().unwrap_or("us").to_uppercase())
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        crate::world::fill(&world.folder.path().join("tenants/cedar.db"), "CANARY-CEDAR", 5);
        let tenant = json!({ "slug": "cedar", "name": "cedar & Sons", "timezone": "Europe/Paris" });
        let id = world.post(&world.operator, "/v1/tenants", &tenant).await.expect(201).json()["id"].clone();
        let cedar = world.equip("cedar", id.as_str().unwrap()).await;
        for slug in ["alder", "birch", "cedar"] {
            crate::world::let_have_links(&world, slug, true).await;
        }
        let mut stage = Self { world, cedar, things: BTreeMap::new(), parts: BTreeMap::new(), made: 0 };
        for whose in [Whose::Own, Whose::Foreign, Whose::Suspended] {
            stage.furnish(whose).await;
            for kind in KINDS {
                stage.renew(whose, kind).await;
            }
        }
        for kind in OURS {
            stage.renew(Whose::Own, kind).await;
        }
        suspend(&stage.world, "cedar", true).await;
        stage
    }

    fn client(&self, whose: Whose) -> &Client {
        match whose {
            Whose::Own | Whose::Absent => &self.world.alder,
            Whose::Foreign => &self.world.birch,
            Whose::Suspended => &self.cedar,
        }
    }

    /// The parts of dashboards: cards that list values, and cards with rows. The library's are published by themselves
    /// to nobody.
    async fn furnish(&mut self, whose: Whose) {
        if self.parts.is_empty() {
            let op = self.world.operator.clone();
            let list =
                json!({ "name": "list", "source": "lms", "query": { "sql": "SELECT DISTINCT note FROM orders" } });
            let list = self.world.post(&op, "/v1/library/cards", &list).await.expect(201).json();
            self.parts.insert((Whose::Absent, "list"), list["id"].as_str().unwrap().to_owned());
            let rows = self.card(Whose::Absent);
            let rows = self.world.post(&op, "/v1/library/cards", &rows).await.expect(201).json();
            self.parts.insert((Whose::Absent, "rows"), rows["id"].as_str().unwrap().to_owned());
        }
        let list =
            json!({ "name": mark(whose), "source": "lms", "query": { "sql": "SELECT DISTINCT note FROM orders" } });
        let list = self.write_card(whose, list).await;
        self.parts.insert((whose, "list"), list);
        let rows = self.write_card(whose, self.card(whose)).await;
        self.parts.insert((whose, "rows"), rows);
    }

    /// A tenant's own card, saved at its desk: whether its SQL may run there is not the question here.
    async fn write_card(&self, whose: Whose, draft: Value) -> String {
        let admitted = self.world.tenancy.admit_key(&self.client(whose).key, None).await;
        let Ok((tenancy::Principal::Tenant(scope), _)) = admitted else { panic!("{whose:?} is not admitted") };
        let draft: tenancy::model::content::CardDraft = serde_json::from_value(draft).unwrap();
        let card = scope.desk().map_err(|error| error.to_string()).unwrap().create(draft).await;
        card.map_err(|error| error.to_string()).unwrap().id.to_string()
    }

    /// A card of the owner's desk; of the library's for nobody.
    fn card(&self, desk: Whose) -> Value {
        let list = self.parts[&(desk, "list")].clone();
        json!({ "name": mark(desk), "source": "lms", "query": { "sql": "SELECT id, note FROM orders WHERE {{city}}",
            "parameters": [{ "name": "city", "type": "text", "column": { "sql": "city" }, "values": { "card": { "card": list } } }] } })
    }

    fn dashboard(&self, desk: Whose) -> Value {
        let part = |name| self.parts[&(desk, name)].clone();
        json!({ "name": mark(desk),
            "parameters": [{ "name": "city", "type": "text", "values": { "card": { "card": part("list") } } }],
            "items": [{ "id": "orders", "x": 0, "y": 0, "w": 24, "h": 6,
                "show": { "kind": "card", "card": part("rows"), "parameters": { "city": "city" } } }] })
    }

    /// A thing of the library that is published to one tenant alone.
    async fn publish(&mut self, whose: Whose, kind: &'static str, slug: &str) -> String {
        let (word, mut draft) = match kind {
            "cards" => ("card", self.card(Whose::Absent)),
            _ => ("dashboard", self.dashboard(Whose::Absent)),
        };
        (draft["slug"], draft["name"]) = (json!(slug), json!(mark(whose)));
        let op = self.world.operator.clone();
        let made = self.world.post(&op, &format!("/v1/library/{kind}"), &draft).await.expect(201).json();
        let publication = json!({ "publish": { word: slug }, "audience": { "tenants": [whose.tenant()] } });
        self.world.post(&op, "/v1/publications", &publication).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    /// Makes a thing anew, under a fresh name.
    pub(crate) async fn renew(&mut self, whose: Whose, kind: &'static str) {
        let slug = self.fresh("t");
        let named = |more: Value| {
            let mut draft = json!({ "name": mark(whose) });
            draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            draft
        };
        let with_slug = |mut draft: Value| {
            draft["slug"] = json!(slug);
            draft
        };
        let tenant = whose.tenant().unwrap();
        let (op, key) = (self.world.operator.clone(), self.client(whose).key.clone());
        let simple = json!({ "name": "ours", "source": "lms", "query": { "sql": "SELECT 1 AS one" } });
        let (by, path, draft) = match kind {
            "content/cards" => {
                let id = self.write_card(whose, with_slug(self.card(whose))).await;
                self.things.insert((whose, kind), Thing { id, slug });
                return;
            }
            "cards" | "dashboards" => {
                let id = self.publish(whose, kind, &slug).await;
                self.things.insert((whose, kind), Thing { id, slug });
                return;
            }
            "content/collections" => (key, format!("/v1/{kind}"), with_slug(named(json!({})))),
            "content/dashboards" => (key, format!("/v1/{kind}"), with_slug(self.dashboard(whose))),
            "content/snippets" => (key, format!("/v1/{kind}"), with_slug(named(json!({ "sql": "1 = 1" })))),
            "api-keys" => {
                let scopes = json!([{ "actions": ["cards:run"], "resources": { "all": true } }]);
                (op, format!("/v1/tenants/{tenant}/{kind}"), named(json!({ "scopes": scopes })))
            }
            "embed-keys" => (op, format!("/v1/tenants/{tenant}/{kind}"), named(json!({}))),
            "public-links" => {
                let resource = json!({ "dashboard": self.things[&(whose, "dashboards")].id });
                (op, format!("/v1/tenants/{tenant}/{kind}"), named(json!({ "resource": resource })))
            }
            "tenants" => {
                let status = if whose == Whose::Suspended { "suspended" } else { "active" };
                (op, "/v1/tenants".to_owned(), with_slug(json!({ "name": "t", "status": status })))
            }
            "library/collections" => (op, format!("/v1/{kind}"), with_slug(json!({ "name": "ours" }))),
            "library/cards" => (op, format!("/v1/{kind}"), with_slug(simple)),
            "library/dashboards" => (op, format!("/v1/{kind}"), with_slug(json!({ "name": "ours", "items": [] }))),
            "library/snippets" => (op, format!("/v1/{kind}"), with_slug(json!({ "name": "ours", "sql": "1 = 1" }))),
            "sources" => {
                let template = json!({ "file": format!("{slug}/{{slug}}.db") });
                let draft = json!({ "name": "ours", "engine": "sqlite", "template": template });
                (op, "/v1/sources".to_owned(), with_slug(draft))
            }
            "publications" => {
                let draft = json!({ "publish": { "card": "cities" }, "audience": { "labels": { "plan": slug } } });
                (op, "/v1/publications".to_owned(), draft)
            }
            "operator-keys" => (op, "/v1/operator-keys".to_owned(), json!({ "name": "spare", "actions": ["read"] })),
            other => panic!("no way to make one of {other}"),
        };
        let made = self.world.post(&by, &path, &draft).await.expect(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        self.things.insert((whose, kind), Thing { id, slug });
    }

    /// A name that was not used before.
    pub(crate) fn fresh(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{}", self.made)
    }

    /// A thing of an owner. What is the instance's has no foreign owner: a tenant's thing of a like kind stands for it.
    pub(crate) fn thing(&self, whose: Whose, kind: &'static str) -> Thing {
        if whose == Whose::Absent {
            let prefix = match kind.rsplit('/').next().unwrap() {
                "collections" => "col",
                "cards" => "crd",
                "dashboards" => "dsh",
                "snippets" => "snp",
                "api-keys" => "key",
                "embed-keys" => "emk",
                "public-links" => "lnk",
                "tenants" => "ten",
                "sources" => "src",
                "publications" => "pub",
                "operator-keys" => "opk",
                other => panic!("no id for {other}"),
            };
            return Thing { id: format!("{prefix}_00000000000000000000000000"), slug: "nothing".to_owned() };
        }
        let like = match (whose, kind) {
            (Whose::Own, kind) => kind,
            (_, "library/collections") => "content/collections",
            (_, "library/cards" | "sources" | "publications") => "content/cards",
            (_, "library/dashboards") => "content/dashboards",
            (_, "library/snippets") => "content/snippets",
            (_, "operator-keys") => "api-keys",
            (_, kind) => kind,
        };
        self.things[&(whose, like)].clone()
    }

    /// What an operation is about, from its path; from its id where only the body names it.
    pub(crate) fn subject(operation: &Operation) -> Subject {
        let path = operation.path.as_str();
        let ends_in_thing = |kinds: &[&'static str], prefix: &str| {
            kinds.iter().copied().find(|kind| path.starts_with(&format!("{prefix}{kind}/{{")))
        };
        if operation.takes == "embed_token" {
            return Subject::Shown;
        }
        if path.starts_with("/v1/tenants/{tenant}") {
            return match path {
                "/v1/tenants/{tenant}/api-keys/{key}" => Subject::Thing("api-keys"),
                "/v1/tenants/{tenant}/embed-keys/{key}" => Subject::Thing("embed-keys"),
                "/v1/tenants/{tenant}/public-links/{link}" => Subject::Thing("public-links"),
                _ => Subject::Tenant,
            };
        }
        if let Some(kind) = ends_in_thing(&KINDS, "/v1/") {
            return Subject::Thing(kind);
        }
        if let Some(kind) = ends_in_thing(&OURS, "/v1/") {
            return Subject::Ours(kind);
        }
        match operation.id.as_str() {
            "content_cards_create" | "content_collections_create" => Subject::Thing("content/collections"),
            "content_dashboards_create" => Subject::Thing("content/cards"),
            "api_keys_create" => Subject::Thing("dashboards"),
            "embed_keys_create" => Subject::Thing("cards"),
            "public_links_create" => Subject::Thing("dashboards"),
            "embed_tokens_sign" => Subject::Thing("embed-keys"),
            "library_cards_create" | "library_collections_create" => Subject::Ours("library/collections"),
            "library_dashboards_create" | "publications_create" => Subject::Ours("library/cards"),
            _ if path.contains('{') => panic!("what is {path} about? Say it in Stage::subject"),
            _ => Subject::Nothing,
        }
    }

    /// The path with its places filled. `item` is the name of the token's item.
    pub(crate) fn path(&self, operation: &Operation, whose: Whose, item: &str) -> String {
        let (thing, tenant) = match Self::subject(operation) {
            Subject::Thing(kind) | Subject::Ours(kind) => (self.thing(whose, kind).id, "alder".to_owned()),
            Subject::Tenant if operation.path == "/v1/tenants/{tenant}" => {
                (String::new(), self.thing(whose, "tenants").id)
            }
            Subject::Tenant => {
                let tenant = whose.tenant().map_or_else(|| self.thing(whose, "tenants").id, str::to_owned);
                (String::new(), tenant)
            }
            Subject::Shown | Subject::Nothing => (String::new(), String::new()),
        };
        let source = match Self::subject(operation) {
            Subject::Ours("sources") => thing.as_str(),
            _ => "lms",
        };
        let name = if operation.path.ends_with("/values") { "city" } else { thing.as_str() };
        let filled = [
            ("tenant", tenant.as_str()),
            ("source", source),
            ("publication", &thing),
            ("key", &thing),
            ("link", &thing),
            ("card", &thing),
            ("dashboard", &thing),
            ("name", name),
            ("item", item),
            ("format", "csv"),
        ];
        let mut path = operation.path.clone();
        for (place, value) in filled {
            path = path.replace(&format!("{{{place}}}"), value);
        }
        assert!(!path.contains('{'), "nothing to fill into {path}: say it in Stage::path");
        path
    }

    /// A body that would do, but for whose things it names.
    pub(crate) fn body(&mut self, operation: &Operation, whose: Whose) -> Option<Value> {
        if !operation.has_body {
            return None;
        }
        let thing = match Self::subject(operation) {
            Subject::Thing(kind) | Subject::Ours(kind) => self.thing(whose, kind),
            Subject::Tenant => self.thing(whose, "tenants"),
            Subject::Shown | Subject::Nothing => Thing { id: String::new(), slug: String::new() },
        };
        let fresh = self.fresh("n");
        let end = self.world.now();
        let until = |seconds| jiff::Timestamp::from_second(end + seconds).unwrap().to_string();
        let simple = json!({ "name": "new", "source": "lms", "query": { "sql": "SELECT 1 AS one" } });
        let all = json!({ "all": true });
        let reference = |base: &Value, field: &str| {
            let mut draft = base.clone();
            draft[field] = json!(thing.id);
            draft
        };
        let slugged = |mut draft: Value, slug: &str| {
            draft["slug"] = json!(slug);
            draft
        };
        let shows = |card: &str| json!({ "name": "new", "items": [{ "id": "a", "x": 0, "y": 0, "w": 4, "h": 4, "show": { "kind": "card", "card": card } }] });
        Some(match operation.id.as_str() {
            "cards_rows"
            | "cards_export"
            | "dashboards_item_rows"
            | "dashboards_item_export"
            | "dashboards_run"
            | "embed_run"
            | "embed_item_rows"
            | "embed_item_export" => json!({}),
            "sql_rows" => json!({ "source": "lms", "sql": "SELECT note FROM orders" }),
            "content_cards_create" | "library_cards_create" => reference(&simple, "collection"),
            "content_collections_create" | "library_collections_create" => {
                reference(&json!({ "name": "new" }), "collection")
            }
            "content_dashboards_create" | "library_dashboards_create" => shows(&thing.id),
            "content_snippets_create" | "library_snippets_create" => {
                slugged(json!({ "name": "new", "sql": "1 = 1" }), &fresh)
            }
            "content_cards_replace" | "library_cards_replace" => slugged(simple, &thing.slug),
            "content_collections_replace" | "library_collections_replace" => {
                slugged(json!({ "name": "new" }), &thing.slug)
            }
            "content_dashboards_replace" | "library_dashboards_replace" => {
                slugged(json!({ "name": "new", "items": [] }), &thing.slug)
            }
            "content_snippets_replace" | "library_snippets_replace" => {
                slugged(json!({ "name": "new", "sql": "2 = 2" }), &thing.slug)
            }
            "api_keys_create" => {
                let resources = json!({ "dashboards": [thing.id] });
                json!({ "name": "new", "scopes": [{ "actions": ["keys:manage"], "resources": resources }] })
            }
            "embed_keys_create" => json!({ "name": "new", "resources": { "cards": [thing.id] } }),
            "embed_tokens_sign" => {
                let resource = json!({ "dashboard": "overview" });
                json!({ "key": thing.id, "claims": { "resource": resource, "params": {}, "exp": end + 60 } })
            }
            "tenant_api_keys_create" => {
                json!({ "name": "new", "scopes": [{ "actions": ["cards:run"], "resources": all }] })
            }
            "tenant_embed_keys_create" => json!({ "name": "new" }),
            "public_links_create" => json!({ "name": "new", "resource": { "dashboard": thing.id } }),
            // An operator makes it for the tenant in the path, of what everybody sees.
            "tenant_public_links_create" => json!({ "name": "new", "resource": { "dashboard": "overview" } }),
            "tenant_act_as" => {
                let scopes = json!([{ "actions": ["cards:run"], "resources": all }]);
                json!({ "reason": "matrix", "key": { "name": "new", "scopes": scopes, "expires_at": until(600) } })
            }
            "tenants_create" => json!({ "slug": fresh, "name": "new" }),
            "tenants_replace" => json!({ "slug": thing.slug, "name": "new" }),
            "sources_create" => {
                json!({ "slug": fresh, "name": "new", "engine": "sqlite", "template": { "file": format!("{fresh}/{{slug}}.db") } })
            }
            "sources_replace" => {
                json!({ "slug": thing.slug, "name": "new", "engine": "sqlite", "template": { "file": format!("{fresh}/{{slug}}.db") } })
            }
            "placements_put" => json!({ "file": format!("{}.db", whose.tenant().unwrap_or("nobody")) }),
            "publications_create" => {
                json!({ "publish": { "card": thing.id }, "audience": { "labels": { "plan": fresh } } })
            }
            "operator_keys_create" => json!({ "name": "new", "actions": ["operators:manage"] }),
            "embed_parameter_values_narrowed" => json!({}),
            other => panic!("no body for {other}: say in Stage::body what it takes"),
        })
    }

    /// Brings back what an operation that was done has used up.
    pub(crate) async fn restore(&mut self, operation: &Operation, whose: Whose) {
        // What lies in a collection keeps it from being removed, so a collection that was used is used up too.
        let fills = operation.method == Method::POST && operation.id.ends_with("_create");
        if operation.method == Method::GET || (operation.method == Method::POST && !fills) {
            return;
        }
        match Self::subject(operation) {
            Subject::Thing(kind) | Subject::Ours(kind) => self.renew(whose, kind).await,
            Subject::Tenant if operation.path == "/v1/tenants/{tenant}" => self.renew(whose, "tenants").await,
            _ => {}
        }
    }

    /// A placement of its own is to be written where there is none, and removed where there is one.
    pub(crate) async fn prepare(&self, operation: &Operation, whose: Whose) {
        let Some(tenant) = whose.tenant() else { return };
        let path = format!("/v1/tenants/{tenant}/placements/lms");
        let op = &self.world.operator;
        match operation.id.as_str() {
            "placements_put" => drop(self.world.delete(op, &path).await),
            "placements_delete" => {
                let draft = json!({ "file": format!("{tenant}.db") });
                drop(self.world.put_first(op, &path, &draft).await);
            }
            _ => {}
        }
    }
}
