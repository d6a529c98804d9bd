//! Look-ups by number and entity id: other names for what is seen already, and no other way in.

use serde_json::json;
use tenancy::{Export, LookupError, Run, TenantScope, View};

use crate::world::{World, admit, draft, everything, on_both_engines};

on_both_engines!(
    numbers_and_entity_ids_are_names_and_nothing_more,
    a_question_is_a_file_for_who_may_have_files,
    a_key_knows_its_name,
);

fn looks(scope: &TenantScope, name: &str) -> [Result<String, LookupError>; 3] {
    [
        scope.dashboard_numbered::<View>(name).map(|found| found.get().id.to_string()),
        scope.card_numbered::<Run>(name).map(|found| found.get().id.to_string()),
        scope.card_numbered::<Export>(name).map(|found| found.get().id.to_string()),
    ]
}

async fn numbers_and_entity_ids_are_names_and_nothing_more(world: World) {
    let (alder, birch) = (world.alder().await, world.birch().await);
    const MISSING: Result<String, LookupError> = Err(LookupError::Missing);
    for (scope, own) in [(&alder, &world.alder), (&birch, &world.birch)] {
        let other = if own.slug == world.alder.slug { &birch } else { &alder };
        let card = scope.card::<View>(&own.card).unwrap();
        let dashboard = scope.dashboard::<View>(&own.dashboard).unwrap();
        for name in [card.get().number.to_string(), card.get().entity_id.as_ref().unwrap().as_str().to_owned()] {
            assert_eq!(looks(scope, &name), [MISSING, Ok(own.card.clone()), Ok(own.card.clone())]);
            assert_eq!(looks(other, &name), [MISSING; 3]);
        }
        for name in
            [dashboard.get().number.to_string(), dashboard.get().entity_id.as_ref().unwrap().as_str().to_owned()]
        {
            assert_eq!(looks(scope, &name), [Ok(own.dashboard.clone()), MISSING, MISSING]);
            assert_eq!(looks(other, &name), [MISSING; 3]);
        }
        let number = card.get().number;
        for name in [
            format!("0{number}"),
            format!("+{number}"),
            format!("-{number}"),
            own.card.clone(),
            "own-card".into(),
            String::new(),
        ] {
            assert_eq!(looks(scope, &name), [MISSING; 3], "{name}");
        }
    }
    // One data source has one number, whose cards soever read it.
    let number = |scope: &TenantScope, card: &str| scope.card::<View>(card).unwrap().source_number();
    assert!(number(&alder, &world.alder.card).is_some_and(|number| number > 0));
    assert_eq!(number(&alder, &world.alder.card), number(&birch, &world.birch.card));
    // The library's card that nobody published is nobody's by its number either.
    let hidden = world.operator().library().unwrap();
    let hidden = hidden.get::<tenancy::model::content::CardDraft>("hidden").await.unwrap();
    assert_eq!(looks(&alder, &hidden.number.to_string()), [MISSING; 3]);
}

async fn a_question_is_a_file_for_who_may_have_files(world: World) {
    let query = || draft::<query::NativeQuery>(json!({ "sql": "SELECT 1" }));
    let all = json!({ "all": true });
    for (scopes, wanted) in [
        (everything(), None),
        (json!([{ "actions": ["sql:run", "results:export"], "resources": { "sources": ["lms"] } }]), None),
        (json!([{ "actions": ["sql:run"], "resources": all }]), Some(tenancy::Action::ResultsExport)),
        (
            json!([{ "actions": ["sql:run"], "resources": all }, { "actions": ["results:export"], "resources": { "cards": ["own-card"] } }]),
            Some(tenancy::Action::ResultsExport),
        ),
        (json!([{ "actions": ["results:export"], "resources": all }]), Some(tenancy::Action::SqlRun)),
    ] {
        let what = scopes.to_string();
        let (key, _) = world.key(&world.alder, scopes).await;
        let scope = admit(&world.tenancy, &key).await.unwrap();
        let found = scope.question_to_export("lms", query()).map(|_| ());
        assert_eq!(found, wanted.map_or(Ok(()), |action| Err(LookupError::Forbidden(action))), "{what}");
    }
    let alder = world.alder().await;
    assert_eq!(alder.question_to_export("nothing", query()).map(|_| ()), Err(LookupError::Missing));
}

async fn a_key_knows_its_name(world: World) {
    let alder = world.alder().await;
    assert_eq!(alder.api_key().map(|key| key.draft.name.as_str()), Some("all"));
    let token = world.token(&world.alder, json!({}));
    assert!(world.embed(&token).await.api_key().is_none());
}
