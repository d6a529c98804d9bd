//! Locked filters: their values come from the token and from nowhere else.

use serde_json::{Value, json};
use tenancy::model::content::DashboardDraft;
use tenancy::model::content::Values;
use tenancy::{Claims, LookupError, Resource, Run, TenantScope, View};

use crate::world::{World, admit, draft, field};

fn values(value: Value) -> Values {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn a_token_gives_locked_filters_and_a_viewer_the_others() {
    let world = World::new().await;
    let scope = world.embed(&world.token(&world.alder, json!({}))).await;
    let dashboard = scope.dashboard::<View>("overview").unwrap();
    let card = dashboard.item::<Run>("orders").unwrap();
    assert!(scope.locks("org") && !scope.locks("city"));
    let inputs = |given: Value| card.inputs(values(given));
    // The tenant's attribute is the default of the filter that is left open.
    assert_eq!(inputs(json!({})).unwrap(), values(json!({ "org": 7, "city": "CANARY-ALDER" })));
    assert_eq!(inputs(json!({ "city": "x" })).unwrap(), values(json!({ "org": 7, "city": "x" })));
    for (given, wrong) in [
        (json!({ "org": 8 }), "parameters.org"),
        (json!({ "org": 7 }), "parameters.org"),
        (json!({ "org": null }), "parameters.org"),
        (json!({ "ORG": 8 }), "parameters.ORG"),
        (json!({ "org ": 8 }), "parameters"),
        (json!({ "nothing": 8 }), "parameters.nothing"),
    ] {
        assert_eq!(inputs(given.clone()).unwrap_err().field, wrong, "{given}");
    }
    assert!(card.takes("city") && card.takes("org") && !card.takes("nothing"));
    // The card that says it needs no such filter takes none.
    let totals = dashboard.item::<Run>("totals").unwrap();
    assert_eq!(totals.inputs(Values::new()).unwrap(), Values::new());
    assert_eq!(totals.inputs(values(json!({ "org": 8 }))).unwrap_err().field, "parameters.org");
}

#[tokio::test]
async fn a_token_that_forgets_a_locked_filter_shows_no_rows() {
    let world = World::new().await;
    for params in [json!({}), json!({ "city": "x" })] {
        let scope = world.embed(&world.token(&world.alder, json!({ "params": params }))).await;
        let dashboard = scope.dashboard::<View>("overview").unwrap();
        for item in ["orders", "totals"] {
            let card = dashboard.item::<Run>(item).unwrap();
            assert_eq!(card.inputs(Values::new()).unwrap_err().field, "params");
            assert_eq!(card.inputs(values(json!({ "org": 7 }))).unwrap_err().field, "parameters.org");
        }
    }
    // Nor one that locks what is not there: a misspelt name must not open the right one.
    let scope = world.embed(&world.token(&world.alder, json!({ "params": { "org": 7, "orgg": 7 } }))).await;
    let card = scope.dashboard::<View>("overview").unwrap().item::<Run>("orders").unwrap();
    let refused = card.inputs(Values::new()).unwrap_err();
    assert_eq!((refused.field.as_str(), refused.message.contains("that is not here")), ("params", true));
}

#[tokio::test]
async fn a_token_may_lock_an_open_filter_and_then_means_the_whole_dashboard() {
    let world = World::new().await;
    let scope = world.embed(&world.token(&world.alder, json!({ "params": { "org": 7, "city": "Oslo" } }))).await;
    let dashboard = scope.dashboard::<View>("overview").unwrap();
    let card = dashboard.item::<Run>("orders").unwrap();
    assert_eq!(card.inputs(Values::new()).unwrap(), values(json!({ "org": 7, "city": "Oslo" })));
    assert_eq!(card.inputs(values(json!({ "city": "Rome" }))).unwrap_err().field, "parameters.city");
    // This card would show every city.
    assert_eq!(dashboard.item::<Run>("totals").unwrap().inputs(Values::new()).unwrap_err().field, "params");
    // And so would this list of values.
    assert_eq!(dashboard.values_card("cities").unwrap().inputs(Values::new()).unwrap_err().field, "params");
}

#[tokio::test]
async fn lists_of_values_are_filtered_as_the_cards_are() {
    let world = World::new().await;
    let scope = world.embed(&world.token(&world.alder, json!({}))).await;
    let dashboard = scope.dashboard::<View>("overview").unwrap();
    let cities = dashboard.values_card("cities").unwrap();
    assert_eq!(cities.inputs(Values::new()).unwrap(), values(json!({ "org": 7 })));
    assert_eq!(cities.inputs(values(json!({ "org": 8 }))).unwrap_err().field, "parameters.org");
    // Only the cards that the dashboard itself asks for: not any card of the library.
    for other in ["hidden", "all-cities", "totals", "orders", "no-such", "own-card"] {
        assert_eq!(dashboard.values_card(other).err(), Some(LookupError::Missing), "{other}");
    }
    // By an API key, which locks nothing, and from the card itself.
    let scope = world.alder().await;
    let card = scope.card::<Run>("orders").unwrap();
    assert_eq!(card.values_card("cities").unwrap().inputs(Values::new()).unwrap(), Values::new());
    for other in ["hidden", "all-cities", "no-such"] {
        assert_eq!(card.values_card(other).err(), Some(LookupError::Missing), "{other}");
    }
    // A token for the card locks its parameters, and the list must take them all.
    let token =
        |params: Value| world.token(&world.alder, json!({ "resource": { "card": "orders" }, "params": params }));
    let scope = world.embed(&token(json!({ "org": 7 }))).await;
    let card = scope.card::<Run>("orders").unwrap();
    assert_eq!(card.values_card("cities").unwrap().inputs(Values::new()).unwrap(), values(json!({ "org": 7 })));
    let scope = world.embed(&token(json!({ "city": "Oslo" }))).await;
    let listed = scope.card::<Run>("orders").unwrap().values_card("cities").unwrap().inputs(Values::new());
    assert_eq!(listed.unwrap_err().field, "params");
}

#[tokio::test]
async fn a_token_for_a_card_locks_its_parameters() {
    let world = World::new().await;
    let token =
        |params: Value| world.token(&world.alder, json!({ "resource": { "card": "orders" }, "params": params }));
    let scope = world.embed(&token(json!({ "org": 7 }))).await;
    let card = scope.card::<Run>("orders").unwrap();
    assert_eq!(card.inputs(values(json!({ "city": "x" }))).unwrap(), values(json!({ "org": 7, "city": "x" })));
    assert_eq!(card.inputs(values(json!({ "org": 8 }))).unwrap_err().field, "parameters.org");
    assert!(scope.dashboard::<View>("overview").is_err());
    let scope = world.embed(&token(json!({ "orgg": 7 }))).await;
    assert_eq!(scope.card::<Run>("orders").unwrap().inputs(Values::new()).unwrap_err().field, "params");
}

#[tokio::test]
async fn keys_of_the_tenant_itself_may_give_every_filter() {
    let world = World::new().await;
    let scope = world.alder().await;
    let card = scope.dashboard::<View>("overview").unwrap().item::<Run>("orders").unwrap();
    assert_eq!(
        card.inputs(values(json!({ "org": 8, "city": "x" }))).unwrap(),
        values(json!({ "org": 8, "city": "x" }))
    );
    assert!(!scope.locks("org"));
}

#[tokio::test]
async fn a_filter_that_becomes_locked_closes_the_tokens_that_do_not_give_it() {
    let world = World::new().await;
    let desk = world.alder().await.desk().unwrap();
    let before = desk.get::<DashboardDraft>("own-dashboard").await.unwrap();
    let token = world.token(&world.alder, json!({ "resource": { "dashboard": "own-dashboard" }, "params": {} }));
    let rows = async || {
        let scope = world.embed(&token).await;
        scope
            .dashboard::<View>("own-dashboard")
            .unwrap()
            .item::<Run>("a")
            .unwrap()
            .inputs(Values::new())
            .map_err(|error| error.field)
    };
    rows().await.unwrap();
    let mut locked = serde_json::to_value(&before.draft).unwrap();
    locked["parameters"] = json!([{ "name": "org", "type": "id", "locked": true }]);
    assert_eq!(
        field(desk.replace::<DashboardDraft>("own-dashboard", 1, draft(locked.clone())).await),
        "items.a.parameters"
    );
    locked["items"][0]["show"]["unfiltered"] = json!(["org"]);
    desk.replace::<DashboardDraft>("own-dashboard", 1, draft(locked)).await.unwrap();
    assert_eq!(rows().await.unwrap_err(), "params");
}

#[tokio::test]
async fn an_api_key_has_tokens_signed_within_its_rights() {
    let world = World::new().await;
    let claims = Claims {
        params: values(json!({ "org": 7 })),
        ..Claims::new(Resource::Dashboard("overview".into()), world.now() + 60)
    };
    let token = world.alder().await.sign_embed_token(&world.alder.embed_key, &claims).await.unwrap();
    let scope = world.embed(&token).await;
    assert_eq!(scope.tenant().as_str(), world.alder.id);
    assert!(scope.locks("org"));
    let (narrow, _) = world
        .key(&world.alder, json!([{ "actions": ["embed:sign"], "resources": { "dashboards": ["own-dashboard"] } }]))
        .await;
    let refused = world.scope(&narrow).await.sign_embed_token(&world.alder.embed_key, &claims).await;
    assert!(matches!(refused, Err(tenancy::WriteError::Forbidden("embed:sign"))));
}

#[tokio::test]
async fn a_card_by_itself_takes_its_own_parameters() {
    let world = World::new().await;
    let scope = world.alder().await;
    let card = scope.card::<Run>("orders").unwrap();
    assert!(card.takes("city") && card.takes("org") && !card.takes("nothing"));
}

/// What a database says of a statement is for who may write it, and for nobody else.
#[tokio::test]
async fn only_its_author_may_know_what_is_wrong_with_sql() {
    let world = World::new().await;
    let scopes = json!([{ "actions": ["cards:run"], "resources": { "all": true } }]);
    let (reader, _) = world.key(&world.alder, scopes).await;
    let (reader, author) = (admit(&world.tenancy, &reader).await.unwrap(), world.alder().await);
    let is_authors = |scope: &TenantScope, card| scope.card::<Run>(card).unwrap().is_for_its_author();
    assert!(is_authors(&author, "own-card"));
    assert!(!is_authors(&author, "totals"), "the library's SQL is the operator's");
    assert!(!is_authors(&reader, "own-card") && !is_authors(&reader, "totals"));
    let claims = json!({ "resource": { "dashboard": "own-dashboard" }, "params": {} });
    let viewer = world.embed(&world.token(&world.alder, claims)).await;
    let dashboard = viewer.dashboard::<View>("own-dashboard").unwrap();
    assert!(!dashboard.item::<Run>("a").unwrap().is_for_its_author());
}
