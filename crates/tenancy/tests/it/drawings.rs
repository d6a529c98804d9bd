//! How answers are drawn: what an author may write, what is refused and how, and that what was stored before still loads.

use serde_json::{Value, json};
use tenancy::Content;
use tenancy::model::content::{CardDraft, VisualizationKind};

fn card(visualization: Value) -> Result<CardDraft, serde_json::Error> {
    serde_json::from_value(
        json!({ "name": "x", "source": "lms", "query": { "sql": "SELECT 1 AS n" }, "visualization": visualization }),
    )
}

/// The field that is refused.
fn refused(visualization: Value) -> String {
    let invalid = card(visualization).unwrap().validate().unwrap_err();
    assert!(invalid.message.len() > 10, "{invalid}: says the cure");
    invalid.field
}

#[test]
fn what_was_stored_before_loads_and_is_written_back_alike() {
    let before = json!({
        "type": "bar", "x": "course", "y": ["pct"], "series": "state", "stacked": true, "horizontal": true,
        "labels": { "pct": "Completed" }, "hidden": ["id"],
        "formats": { "pct": { "style": "percent", "decimals": 1 }, "fee": { "style": "currency", "currency": "EUR" } },
    });
    let draft = card(before.clone()).unwrap();
    draft.validate().unwrap();
    assert_eq!(serde_json::to_value(&draft.visualization).unwrap(), before);
    card(json!({})).unwrap().validate().unwrap();
}

#[test]
fn every_kind_has_the_name_that_the_documentation_has() {
    let kinds = [
        "table",
        "scalar",
        "trend",
        "bar",
        "row",
        "line",
        "area",
        "combo",
        "pie",
        "donut",
        "scatter",
        "histogram",
        "heatmap",
        "pivot",
        "funnel",
        "waterfall",
        "gauge",
        "progress",
        "sankey",
        "boxplot",
        "map",
    ];
    for name in kinds {
        let kind: VisualizationKind = serde_json::from_value(json!(name)).unwrap();
        assert_eq!(serde_json::to_value(kind).unwrap(), json!(name));
    }
    assert!(serde_json::from_value::<VisualizationKind>(json!("radar")).is_err());
}

#[test]
fn settings_of_every_kind_are_taken() {
    let all = json!({
        "type": "combo", "x": "month", "y": ["revenue", "pass"], "size": "learners", "normalized": true, "min": 0, "max": 100.5,
        "show_values": true, "totals": false, "goal": { "value": 80, "label": "Plan" }, "good": "down", "bins": 12,
        "bands": [{ "color": "bad" }, { "from": 50, "color": "warning", "label": "Fair" }, { "from": 75.5, "color": "#0f766e" }],
        "pivot": { "rows": ["site"], "columns": ["quarter"] },
        "map": { "area": "europe", "latitude": "lat", "longitude": "lon" },
        "formats": { "revenue": { "style": "currency", "currency": "EUR", "compact": true, "prefix": "~", "suffix": "!" },
                     "month": { "style": "date", "granularity": "quarter" } },
        "columns": {
            "revenue": { "mark": "bar", "axis": "start", "color": "accent", "pinned": true, "bar": true },
            "pass": { "mark": "line", "axis": "end", "scale": "bad-to-good", "rules": [
                { "when": "less", "value": 50, "color": "bad", "row": true }, { "when": "contains", "value": "late", "color": "#ff0000" },
                { "when": "equal", "value": true, "color": "good" }, { "when": "empty", "color": "neutral" } ] },
            "course": { "link": "https://lms.example:8443/course/view.php?id={id}&n={name}" },
            "mail": { "link": "mailto:{mail}" },
        },
    });
    let draft = card(all).unwrap();
    draft.validate().unwrap();
    let stored = serde_json::to_value(&draft.visualization).unwrap();
    assert_eq!(serde_json::to_value(card(stored.clone()).unwrap().visualization).unwrap(), stored);
}

#[test]
fn unknown_fields_are_refused_on_every_level() {
    for wrong in [
        json!({ "colour": "red" }),
        json!({ "goal": { "value": 1, "color": "bad" } }),
        json!({ "bands": [{ "color": "bad", "to": 5 }] }),
        json!({ "columns": { "a": { "pin": true } } }),
        json!({ "columns": { "a": { "rules": [{ "when": "less", "value": 1, "color": "bad", "bold": true }] } } }),
        json!({ "pivot": { "down": [] } }),
        json!({ "map": { "region": "x" } }),
        json!({ "formats": { "a": { "style": "number", "digits": 2 } } }),
    ] {
        assert!(card(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_by_field() {
    let link = |link: &str| json!({ "columns": { "a": { "link": link } } });
    let rule = |rule: Value| json!({ "columns": { "a": { "rules": [rule] } } });
    for (field, wrong) in [
        ("visualization.max", json!({ "min": 5, "max": 5 })),
        ("visualization.min", json!({ "min": 0, "logarithmic": true })),
        ("visualization.logarithmic", json!({ "normalized": true, "logarithmic": true })),
        ("visualization.bins", json!({ "bins": 0 })),
        ("visualization.bins", json!({ "bins": 201 })),
        ("visualization.goal", json!({ "goal": {} })),
        ("visualization.goal", json!({ "goal": { "value": 1, "column": "a" } })),
        ("visualization.bands.from", json!({ "bands": [{ "color": "bad" }, { "color": "good" }] })),
        (
            "visualization.bands.from",
            json!({ "bands": [{ "from": 5, "color": "bad" }, { "from": 5, "color": "good" }] }),
        ),
        ("visualization.bands.color", json!({ "bands": [{ "color": "red" }] })),
        ("visualization.pivot", json!({ "pivot": { "rows": ["a", "b", "c", "d", "e", "f"] } })),
        ("visualization.pivot.columns", json!({ "pivot": { "rows": ["a"], "columns": ["a"] } })),
        ("visualization.map.longitude", json!({ "map": { "latitude": "a" } })),
        ("visualization.map.latitude", json!({ "map": { "longitude": "a" } })),
        ("visualization", json!({ "x": "" })),
        ("visualization", json!({ "y": ["a\nb"] })),
        ("visualization", json!({ "map": { "latitude": "", "longitude": "b" } })),
        ("visualization", json!({ "y": (0..201).map(|n| n.to_string()).collect::<Vec<_>>() })),
        ("visualization.labels.a", json!({ "labels": { "a": "" } })),
        ("visualization.formats.a.decimals", json!({ "formats": { "a": { "style": "number", "decimals": 11 } } })),
        (
            "visualization.formats.a.currency",
            json!({ "formats": { "a": { "style": "currency", "currency": "euro" } } }),
        ),
        ("visualization.formats.a.currency", json!({ "formats": { "a": { "style": "number", "currency": "EUR" } } })),
        ("visualization.formats.a.suffix", json!({ "formats": { "a": { "style": "number", "suffix": "a\u{7}" } } })),
        ("visualization.columns.a.color", json!({ "columns": { "a": { "color": "#12345" } } })),
        ("visualization.columns.a.rules.color", rule(json!({ "when": "less", "value": 1, "color": "url(x)" }))),
        ("visualization.columns.a.rules.value", rule(json!({ "when": "less", "color": "bad" }))),
        ("visualization.columns.a.rules.value", rule(json!({ "when": "empty", "value": 1, "color": "bad" }))),
        ("visualization.columns.a.link", link("javascript:alert(1)")),
        ("visualization.columns.a.link", link("JavaScript:alert({id})")),
        ("visualization.columns.a.link", link("data:text/html,x")),
        ("visualization.columns.a.link", link("{address}")),
        ("visualization.columns.a.link", link("//evil.example/{id}")),
        // No column chooses the host.
        ("visualization.columns.a.link", link("https://{host}/x")),
        ("visualization.columns.a.link", link("https://good.example{host}/x")),
        ("visualization.columns.a.link", link("https://good.example@{host}/x")),
        ("visualization.columns.a.link", link("https://user@evil.example/x")),
        ("visualization.columns.a.link", link("https:///x")),
        ("visualization.columns.a.link", link("mailto:")),
    ] {
        assert_eq!(refused(wrong.clone()), field, "{wrong}");
    }
}
