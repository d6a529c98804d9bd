//! Any JSON as what authors and operators write: refused or checked, never a panic; and what is accepted reads back as
//! what it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use tenancy::model::content::{CardDraft, CollectionDraft, Content, DashboardDraft, SnippetDraft};
use tenancy::model::placing::SourceDraft;
use tenancy::model::rules::{Tables, validate};
use tenancy::{Grant, Secret};

fn content<D: Content>(data: &[u8]) {
    let Ok(draft) = serde_json::from_slice::<D>(data) else { return };
    if draft.validate().is_ok() {
        again(&draft);
    }
}

fn again<D: Serialize + DeserializeOwned>(draft: &D) {
    let written = serde_json::to_value(draft).expect("it was read");
    let read: D = serde_json::from_value(written.clone()).expect("what was accepted reads back");
    assert_eq!(serde_json::to_value(&read).expect("it was read"), written);
}

fuzz_target!(|data: &[u8]| {
    content::<CardDraft>(data);
    content::<CollectionDraft>(data);
    content::<DashboardDraft>(data);
    content::<SnippetDraft>(data);
    if let Ok(source) = serde_json::from_slice::<SourceDraft>(data)
        && source.validate().is_ok()
    {
        again(&source);
    }
    if let Ok(tables) = serde_json::from_slice::<Tables>(data) {
        let _ = validate(&tables);
    }
    if let Ok(grant) = serde_json::from_slice::<Grant>(data) {
        let _ = grant.validate();
    }
    let _ = serde_json::from_slice::<Secret>(data);
});
