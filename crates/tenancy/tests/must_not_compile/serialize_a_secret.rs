//! A stored secret is never part of an answer by accident.

fn main() {
    let _ = serde_json::to_string(&tenancy::Secret::from(String::new()));
}
