//! What must be published and withdrawn so that the cells which a client says hold. Decided on the whole before anything is
//! written: a cell that cannot hold refuses all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tenancy::model::publication::{Audience, PublicationDraft, Published};
use tenancy::{Collection, Overview, Republication};

use super::super::super::api::denied::Denied;
use super::super::group::Group;
use super::cells::{Given, Publications};
use super::graph::ROOT;

/// What a client says: groups, collections, `none` or `read`.
pub(super) type Said = BTreeMap<String, BTreeMap<String, String>>;

/// A cell that was said.
struct Cell<'o> {
    group: Group<'o>,
    collection: &'o Collection,
    is_read: bool,
    field: String,
}

/// The changes that make the cells hold; none where they hold already.
pub(super) fn plan(overview: &Overview, said: &Said) -> Result<Vec<Republication>, Denied> {
    let cells = read(overview, said)?;
    let mut publications = Publications::of(overview);
    let mut steps = withdrawals(overview, &mut publications, &cells);
    let mut wanted: BTreeMap<&str, (bool, BTreeSet<String>)> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.is_read) {
        if publications.by(cell.group, cell.collection.id.as_str()).is_some() {
            continue;
        }
        let (everybody, tenants) = wanted.entry(cell.collection.id.as_str()).or_default();
        match cell.group {
            Group::Everybody => *everybody = true,
            Group::Tenant(tenant) => drop(tenants.insert(tenant.id.to_string())),
            Group::Administrators => {}
        }
    }
    for (collection, (everybody, tenants)) in wanted {
        let named = (!tenants.is_empty()).then_some(Audience::Tenants(tenants));
        for audience in everybody.then_some(Audience::All).into_iter().chain(named) {
            let publish = Published::Collection(collection.to_owned());
            steps.push(Republication::Make(PublicationDraft { publish, audience: audience.clone() }));
            publications.all.entry(collection.to_owned()).or_default().push(Given { id: None, audience });
        }
    }
    for cell in &cells {
        check(&publications, cell)?;
    }
    Ok(steps)
}

/// Takes groups out of the publications of exactly the collections whose cells say `none`.
fn withdrawals(overview: &Overview, publications: &mut Publications<'_>, cells: &[Cell<'_>]) -> Vec<Republication> {
    let mut none: BTreeMap<&str, Vec<Group<'_>>> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| !cell.is_read) {
        none.entry(cell.collection.id.as_str()).or_default().push(cell.group);
    }
    let exists: BTreeSet<&str> = overview.tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    let mut steps = Vec::new();
    for (collection, groups) in none {
        let Some(here) = publications.all.get_mut(collection) else { continue };
        here.retain_mut(|given| {
            let mut is_named = false;
            for group in &groups {
                is_named |= given.drop(*group);
            }
            let Some(id) = given.id.clone().filter(|_| is_named) else { return true };
            // Tenants that are gone see nothing by it.
            let left: BTreeSet<String> =
                given.tenants().into_iter().filter(|id| exists.contains(id.as_str())).collect();
            let is_left = !left.is_empty();
            steps.push(if is_left { Republication::Narrow(id, left) } else { Republication::Withdraw(id) });
            is_left
        });
    }
    steps
}

/// Refuses a cell that does not hold.
fn check(publications: &Publications<'_>, cell: &Cell<'_>) -> Result<(), Denied> {
    let given = publications.by(cell.group, cell.collection.id.as_str());
    let Some((collection, given)) = given.filter(|_| !cell.is_read) else { return Ok(()) };
    let is_above = collection != cell.collection.id.as_str();
    let by = match &given.id {
        Some(id) => format!("the publication {id}"),
        None => "what this request publishes".to_owned(),
    };
    let cure = match (&given.id, &given.audience) {
        (_, Audience::Labels(_)) => "it is for labels: take the label from the tenant, or DELETE /v1/publications/:id",
        (Some(_), _) if is_above => {
            "it is of a collection above, with everything in it: say \"none\" there, and \"read\" where it is to stay"
        }
        _ => "it is of a collection above, with everything in it: say \"read\" here too, or leave this cell out",
    };
    Err(Denied::field(cell.field.as_str(), format!("is seen by {by}; {cure}")))
}

fn read<'o>(overview: &'o Overview, said: &Said) -> Result<Vec<Cell<'o>>, Denied> {
    let mut names: HashMap<String, &Collection> = HashMap::new();
    for own in &overview.collections {
        names.insert(own.number.to_string(), own);
        names.extend(own.entity_id.as_ref().map(|id| (id.as_str().to_owned(), own)));
    }
    let groups: HashMap<String, Group<'o>> =
        Group::all(overview).map(|group| (group.number().to_string(), group)).collect();
    let mut cells = Vec::new();
    for (number, row) in said {
        let missing = || Denied::field(format!("groups.{number}"), "there is no such group");
        let group = *groups.get(number).ok_or_else(missing)?;
        for (name, value) in row {
            let field = format!("groups.{number}.{name}");
            if matches!(group, Group::Administrators) {
                if value == "write" {
                    continue;
                }
                return Err(Denied::field(field, "operators write all of the library, as far as their keys say so"));
            }
            let is_read = match value.as_str() {
                "none" => false,
                "read" if name == ROOT => {
                    return Err(Denied::field(
                        field,
                        "what lies in no collection is published thing by thing: POST /v1/publications",
                    ));
                }
                "read" => true,
                _ => {
                    return Err(Denied::field(
                        field,
                        "is \"none\" or \"read\": the library is written by operators only",
                    ));
                }
            };
            if name == ROOT {
                continue;
            }
            let missing = || Denied::field(field.as_str(), "there is no such collection in the library");
            let collection = *names.get(name).ok_or_else(missing)?;
            cells.push(Cell { group, collection, is_read, field });
        }
    }
    Ok(cells)
}
