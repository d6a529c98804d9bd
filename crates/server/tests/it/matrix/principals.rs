//! Who asks: every kind of credential, each right alone, and credentials that have ended.

use serde_json::{Value, json};
use tenancy::Action;
use tenancy::model::keys::OperatorAction;

use super::things::{Stage, Whose};
use crate::world::{Client, sign};

/// What is presented.
pub(crate) enum Credential {
    /// The same text for every operation.
    Text(String),
    /// A token for what the operation is about, signed by this key of alder's, that ends so many seconds from now.
    Token { kid: String, secret: String, shows: &'static str, exp: i64 },
}

/// Somebody who asks.
pub(crate) struct Principal {
    pub(crate) name: String,
    pub(crate) credential: Credential,
    /// Whose things are its own. None for operators and for those who are nobody.
    pub(crate) home: Option<Whose>,
    pub(crate) is_operator: bool,
    /// Not admitted anywhere.
    pub(crate) is_nobody: bool,
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().to_owned()
}

impl Principal {
    fn of_text(name: impl Into<String>, credential: impl Into<String>, home: Whose) -> Self {
        let credential = Credential::Text(credential.into());
        Self { name: name.into(), credential, home: Some(home), is_operator: false, is_nobody: false }
    }

    fn of_token(name: &str, key: (String, String), shows: &'static str, exp: i64) -> Self {
        let credential = Credential::Token { kid: key.0, secret: key.1, shows, exp };
        Self { name: name.into(), credential, home: Some(Whose::Own), is_operator: false, is_nobody: false }
    }

    fn nobody(mut self) -> Self {
        (self.home, self.is_nobody) = (None, true);
        self
    }

    fn operator(mut self) -> Self {
        (self.home, self.is_operator) = (None, true);
        self
    }

    /// What is presented where an operation is about `whose` thing.
    pub(crate) fn credential(&self, stage: &Stage, whose: Whose) -> String {
        match &self.credential {
            Credential::Text(text) => text.clone(),
            Credential::Token { kid, secret, shows, exp } => {
                let kind = if *shows == "card" { "cards" } else { "dashboards" };
                let resource = json!({ *shows: stage.thing(whose, kind).id });
                sign(kid, secret, &json!({ "resource": resource, "params": {}, "exp": exp }))
            }
        }
    }

    /// The item that a token's page asks for.
    pub(crate) fn item(&self) -> &'static str {
        match &self.credential {
            Credential::Token { shows: "card", .. } => "card",
            _ => "orders",
        }
    }
}

/// Everybody. The order is the order of the table.
pub(crate) async fn everybody(stage: &Stage) -> Vec<Principal> {
    let world = &stage.world;
    let op = &world.operator;
    let now = world.now();
    let all: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    let key = async |actions: &[&str], more: Value| {
        let mut draft = json!({ "name": "p", "scopes": [{ "actions": actions, "resources": { "all": true } }] });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.post(op, "/v1/tenants/alder/api-keys", &draft).await.expect(201).json()
    };
    let operator = async |actions: &[&str], more: Value| {
        let mut draft = json!({ "name": "p", "actions": actions });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.post(op, "/v1/operator-keys", &draft).await.expect(201).json()
    };
    let of = |client: &Client| (client.embed_key.clone(), client.embed_secret.clone());
    let soon = json!({ "expires_at": jiff::Timestamp::from_second(now + 1).unwrap().to_string() });
    let mut list = vec![
        Principal::of_text("anonymous", "", Whose::Own).nobody(),
        Principal::of_text("garbage", "x.y.z", Whose::Own).nobody(),
        Principal::of_text("garbage:key", "clo_0000000000000000000000000000000000000000", Whose::Own).nobody(),
    ];
    let expired = key(&all, soon.clone()).await;
    let revoked = key(&all, json!({})).await;
    world.delete(op, &format!("/v1/tenants/alder/api-keys/{}", text(&revoked, "id"))).await.expect(204);
    list.push(Principal::of_text("key:revoked", text(&revoked, "secret"), Whose::Own).nobody());
    list.push(Principal::of_text("key:expired", text(&expired, "secret"), Whose::Own).nobody());
    list.push(Principal::of_text("key:suspended", stage.cedar.key.clone(), Whose::Own).nobody());
    let expired = operator(&["read"], soon).await;
    let revoked = operator(&["read"], json!({})).await;
    world.delete(op, &format!("/v1/operator-keys/{}", text(&revoked, "id"))).await.expect(204);
    list.push(Principal::of_text("op:revoked", text(&revoked, "secret"), Whose::Own).nobody());
    list.push(Principal::of_text("op:expired", text(&expired, "secret"), Whose::Own).nobody());
    let made = world.post(op, "/v1/tenants/alder/embed-keys", &json!({ "name": "revoked" })).await.expect(201).json();
    world.delete(op, &format!("/v1/tenants/alder/embed-keys/{}", text(&made, "id"))).await.expect(204);
    let revoked = (text(&made, "id"), text(&made, "secret"));
    list.push(Principal::of_token("token:revoked", revoked, "dashboard", now + 3000).nobody());
    list.push(Principal::of_token("token:expired", of(&world.alder), "dashboard", now + 1).nobody());
    list.push(Principal::of_token("token:suspended", of(&stage.cedar), "dashboard", now + 3000).nobody());
    list.push(Principal::of_token("token:dashboard", of(&world.alder), "dashboard", now + 3000));
    list.push(Principal::of_token("token:card", of(&world.alder), "card", now + 3000));
    for action in &all {
        list.push(Principal::of_text(
            format!("key:{action}"),
            text(&key(&[action], json!({})).await, "secret"),
            Whose::Own,
        ));
    }
    list.push(Principal::of_text("key:all", text(&key(&all, json!({})).await, "secret"), Whose::Own));
    // Every right, on one thing that no operation is about: to it, all others are not there.
    let elsewhere = json!({ "scopes": [{ "actions": all, "resources": { "cards": ["orders"] } }] });
    let elsewhere = text(&key(&all, elsewhere).await, "secret");
    list.push(Principal { home: None, ..Principal::of_text("key:elsewhere", elsewhere, Whose::Own) });
    list.push(Principal::of_text("key:birch", world.birch.key.clone(), Whose::Foreign));
    for action in OperatorAction::ALL {
        let made = operator(&[action.name()], json!({})).await;
        list.push(Principal::of_text(format!("op:{}", action.name()), text(&made, "secret"), Whose::Own).operator());
    }
    list.push(Principal::of_text("op:all", op.clone(), Whose::Own).operator());
    // What was to expire has.
    world.advance(2);
    list
}
