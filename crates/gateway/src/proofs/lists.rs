//! Lists of relations, each kept once: ten thousand tenants of one application have the same tables.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::preflight::Table;

/// Bytes beside the list.
const PROOF: usize = 1024;

#[derive(Default)]
pub(super) struct Lists(Mutex<Known>);

#[derive(Default)]
struct Known {
    lists: HashSet<Arc<[Table]>>,
    /// How many there may be before those that nobody uses are looked for.
    sweep_at: usize,
}

impl Lists {
    /// The list that is equal and already there, or this one.
    pub(super) fn shared(&self, list: &Arc<[Table]>) -> Arc<[Table]> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.lists.get(list) {
            return Arc::clone(known);
        }
        if known.lists.len() >= known.sweep_at {
            known.lists.retain(|list| Arc::strong_count(list) > 1);
            known.sweep_at = known.lists.len().saturating_mul(2).max(64);
        }
        known.lists.insert(Arc::clone(list));
        Arc::clone(list)
    }
}

/// About how many bytes a proof takes; the list counts for the first that has it.
pub(super) fn weight(list: &Arc<[Table]>) -> u32 {
    const SHARED: usize = 4;
    let column = |(name, _): &(String, sqlguard::ColumnKind)| 40 + name.len();
    let table =
        |table: &Table| 120 + table.schema.len() + table.name.len() + table.columns.iter().map(column).sum::<usize>();
    let own = if Arc::strong_count(list) > SHARED { 0 } else { list.iter().map(table).sum() };
    u32::try_from(own + PROOF).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Lists, PROOF, weight};
    use crate::preflight::Table;

    fn list(name: &str) -> Arc<[Table]> {
        let columns = (0..100).map(|number| (format!("column_{number}"), sqlguard::ColumnKind::Text)).collect();
        [Table { schema: "public".to_owned(), name: name.to_owned(), columns }].into()
    }

    #[test]
    fn equal_lists_are_one_and_unused_ones_go() {
        let lists = Lists::default();
        let first = lists.shared(&list("orders"));
        let others: Vec<_> = (0..10).map(|_| lists.shared(&list("orders"))).collect();
        assert!(others.iter().all(|other| Arc::ptr_eq(other, &first)));
        assert!(usize::try_from(weight(&first)).unwrap() == PROOF);
        assert!(usize::try_from(weight(&lists.shared(&list("lines")))).unwrap() > PROOF + 4000);
        for number in 0..1000 {
            lists.shared(&list(&format!("t{number}")));
        }
        assert!(lists.0.lock().unwrap().lists.len() < 200);
        assert!(Arc::ptr_eq(&lists.shared(&list("orders")), &first), "what is used stays");
    }
}
