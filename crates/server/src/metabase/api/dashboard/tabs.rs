//! A dashboard's tabs as clients write them: a number that is there keeps its tab, a negative one is new.

use std::collections::BTreeMap;

use serde::Deserialize;
use tenancy::Slug;
use tenancy::model::content::Tab;

use super::super::denied::Denied;
use super::draft::Before;

/// A tab.
#[derive(Deserialize)]
pub(super) struct WrittenTab {
    #[serde(default)]
    id: Option<i32>,
    name: String,
}

/// Which tab a number is.
pub(super) type Numbers = BTreeMap<i32, Slug>;

/// The tabs, in their order.
pub(super) fn read(written: Vec<WrittenTab>, before: &Before) -> Result<(Numbers, Vec<Tab>), Denied> {
    let (mut numbers, mut tabs) = (Numbers::new(), Vec::new());
    for (place, tab) in written.into_iter().enumerate() {
        let field = format!("tabs[{place}].id");
        let id = match tab.id {
            Some(number) if number > 0 => {
                let known = before.tabs.iter().find(|(own, _)| *own == number);
                known
                    .ok_or_else(|| Denied::field(&field, "is no tab of this dashboard; a new one has a negative id"))?
                    .1
                    .id
                    .clone()
            }
            _ => before.seed.slug("tab", place, |slug| before.tabs.iter().any(|(_, own)| own.id == *slug))?,
        };
        if let Some(number) = tab.id
            && numbers.insert(number, id.clone()).is_some()
        {
            return Err(Denied::field(field, "is there twice"));
        }
        tabs.push(Tab { id, name: tab.name });
    }
    Ok((numbers, tabs))
}
