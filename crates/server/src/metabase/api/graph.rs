//! Graphs: for each group, what may be done with each thing. They are read out of scopes and publications, and cannot be written:
//! a graph that is sent is compared, and what it would change is refused with where that is changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::numbers::Named;
use super::super::revision;
use super::denied::Denied;
use super::groups::Group;

/// Cells by thing by group.
type Groups = BTreeMap<String, BTreeMap<String, Value>>;

/// A graph and its revision.
#[derive(Serialize)]
pub(super) struct Graph {
    /// Follows from the graph. A counter of the instance would tell each tenant how much is changed by others.
    revision: i32,
    groups: Groups,
}

/// What clients send. Parts of a graph say nothing of the rest.
#[derive(Deserialize)]
pub(super) struct SentGraph {
    #[serde(default)]
    revision: Option<i64>,
    #[serde(default)]
    groups: Option<Groups>,
    #[serde(default)]
    sandboxes: Option<Vec<Value>>,
    #[serde(default)]
    impersonations: Option<Vec<Value>>,
}

impl Graph {
    /// `cells` gives those of a group, by the numbers of things.
    pub(super) fn of(kind: &str, groups: &[Group], cells: impl Fn(&Group) -> BTreeMap<String, Value>) -> Self {
        let groups: Groups = groups.iter().map(|group| (group.id.to_string(), cells(group))).collect();
        let text = serde_json::to_string(&groups).unwrap_or_default();
        Self { revision: Named::of(&["graph", kind, &text]).number, groups }
    }

    /// One group of it.
    pub(super) fn of_group(mut self, id: &str) -> Option<Self> {
        self.groups.retain(|own, _| own == id);
        (!self.groups.is_empty()).then_some(self)
    }

    /// One thing of it.
    pub(super) fn of_thing(mut self, id: &str) -> Option<Self> {
        self.groups.values_mut().for_each(|cells| cells.retain(|own, _| own == id));
        self.groups.values().any(|cells| !cells.is_empty()).then_some(self)
    }

    /// Accepts what says of the graph what it is.
    pub(super) fn check(&self, sent: &SentGraph, cure: &str) -> Result<(), Denied> {
        revision::check(sent.revision, self.revision)?;
        let said = [("sandboxes", &sent.sandboxes), ("impersonations", &sent.impersonations)];
        if let Some((field, _)) = said.into_iter().find(|(_, list)| list.as_ref().is_some_and(|list| !list.is_empty()))
        {
            let cure = "must be empty: which rows who reads is written by the operator, in a data source's tables";
            return Err(Denied::field(field, cure));
        }
        for (group, cells) in sent.groups.iter().flatten() {
            // What is not known is not named: it is the client's own text, and perhaps somebody else's number.
            let no_group =
                || Denied::field("groups", "names a group that is not here; GET /api/permissions/group lists groups");
            let own = self.groups.get(group).ok_or_else(no_group)?;
            let at = format!("groups.{group}");
            for (thing, said) in cells {
                let no_thing =
                    || Denied::field(at.clone(), "names something that is not in this graph; GET gives it whole");
                same(&format!("{at}.{thing}"), own.get(thing).ok_or_else(no_thing)?, said, cure)?;
            }
        }
        Ok(())
    }
}

fn same(at: &str, known: &Value, said: &Value, cure: &str) -> Result<(), Denied> {
    if let (Value::Object(known), Value::Object(said)) = (known, said) {
        return said.iter().try_for_each(|(name, said)| match known.get(name) {
            Some(known) => same(&format!("{at}.{name}"), known, said, cure),
            None => Err(Denied::field(at, format!("names a permission that is not told here; {cure}"))),
        });
    }
    if known == said { Ok(()) } else { Err(Denied::field(at, format!("is {known} and is not set here: {cure}"))) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn graph(sql: &str) -> Graph {
        let cells = |_: &Group| {
            BTreeMap::from([("7".to_owned(), json!({ "create-queries": sql, "download": { "schemas": "full" } }))])
        };
        Graph::of("permissions", &[1, 1001].map(Group::numbered).map(Option::unwrap), cells)
    }

    #[test]
    fn a_part_that_says_the_same_is_accepted_and_nothing_else() {
        let graph = graph("no");
        let check = |groups: Value, more: Value| {
            let mut sent = json!({ "revision": graph.revision, "groups": groups });
            sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            graph.check(&serde_json::from_value(sent).unwrap(), "cure").is_ok()
        };
        let none = || json!({});
        for same in [
            json!(null),
            json!({}),
            json!({ "1": {} }),
            json!({ "1": { "7": {} } }),
            json!({ "1001": { "7": { "create-queries": "no" } } }),
            json!({ "1": { "7": { "create-queries": "no", "download": { "schemas": "full" } } } }),
        ] {
            assert!(check(same.clone(), none()), "{same}");
        }
        for other in [
            json!({ "2": {} }),
            json!({ "1": { "8": {} } }),
            json!({ "1": { "7": { "create-queries": "query-builder" } } }),
            json!({ "1": { "7": { "create-queries": { "public": "no" } } } }),
            json!({ "1": { "7": { "download": "full" } } }),
            json!({ "1": { "7": { "download": { "schemas": "none" } } } }),
            json!({ "1": { "7": { "details": "yes" } } }),
            json!({ "1": { "7": "no" } }),
            json!({ "1001": { "7": {} }, "1": { "7": { "create-queries": null } } }),
        ] {
            assert!(!check(other.clone(), none()), "{other}");
        }
        assert!(check(none(), json!({ "sandboxes": [], "impersonations": null })));
        assert!(!check(none(), json!({ "sandboxes": [{}] })) && !check(none(), json!({ "impersonations": [1] })));
        let stale = |revision: Value| json!({ "revision": revision, "groups": {} });
        for revision in [json!(null), json!(0), json!(i64::from(graph.revision) + (1 << 32))] {
            assert!(graph.check(&serde_json::from_value(stale(revision)).unwrap(), "cure").is_err());
        }
    }

    #[test]
    fn a_revision_follows_from_the_graph() {
        assert!(graph("no").revision == graph("no").revision && graph("no").revision != graph("yes").revision);
        assert!(graph("no").of_group("7").is_none() && graph("no").of_thing("1").is_none());
        assert!(graph("no").of_group("1").is_some_and(|graph| graph.groups.len() == 1));
    }
}
