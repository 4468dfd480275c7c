//! Organisations: which are new, changed or gone, and where each sourcedId of the import leads.

use std::collections::{HashMap, HashSet};

use super::NewIds;
use super::known::{KnownOrg, StoredRow};
use super::row_diff::RowDiff;
use crate::district::oneroster::package::{Org, Rows};

/// An organisation as it is after the import.
#[derive(Clone, Debug)]
pub struct Place {
    /// Our id.
    pub id: Box<str>,
    /// Name.
    pub name: Box<str>,
    /// OneRoster type.
    pub kind: Box<str>,
}

impl Place {
    /// Whether this is a school.
    pub fn is_school(&self) -> bool {
        &*self.kind == "school"
    }
}

/// What happens to the organisations.
#[derive(Debug, Default)]
pub struct OrgPlan {
    /// All that are stored or new.
    pub places: Vec<Place>,
    /// Position in `places` by sourcedId, old ids of re-keyed ones included.
    pub by_sourced_id: HashMap<Box<str>, u32>,
    /// Position in `places` by our id.
    pub by_id: HashMap<Box<str>, u32>,
    /// Rows of the package to insert, with their new ids.
    pub created: Vec<(u32, Box<str>)>,
    /// Rows of the package to write again.
    pub changed: Vec<(u32, Box<str>)>,
    /// Our ids to mark as gone.
    pub gone: Vec<Box<str>>,
    /// Our ids of those whose name changed: what apps see of their people changes.
    pub renamed: Vec<Box<str>>,
    /// How many were found under another sourcedId.
    pub rekeyed: u64,
}

impl OrgPlan {
    /// The place behind a sourcedId.
    pub fn place(&self, sourced_id: &str) -> Option<&Place> {
        let at = self.by_sourced_id.get(sourced_id)?;
        self.places.get(*at as usize)
    }

    /// The place under our id.
    pub fn place_by_id(&self, id: &str) -> Option<&Place> {
        let at = self.by_id.get(id)?;
        self.places.get(*at as usize)
    }
}

/// Compares orgs.csv with what is stored.
pub fn plan(rows: &Rows<Org>, known: &[KnownOrg], new_ids: &mut NewIds<'_>) -> OrgPlan {
    let mut plan = OrgPlan::default();
    for org in known {
        plan.add(&org.id, &org.sourced_id, &org.name, &org.kind);
    }
    if rows.mode.is_none() {
        return plan;
    }
    let rekeys = rekeys(rows, known);
    let mut diff = RowDiff::new(rows).with_legacy(rekeys.iter().map(|(old, at)| (*at, Some(*old))));
    for org in known {
        diff.see(StoredRow {
            id: &org.id,
            sourced_id: &org.sourced_id,
            active: org.active,
            row_hash: org.row_hash,
        });
    }
    let new = diff.finish();
    let ids = new_ids(new.len());
    plan.created = new
        .into_iter()
        .zip(ids.into_iter().map(String::into_boxed_str))
        .collect();
    plan.changed = diff.changed;
    plan.gone = diff.gone;
    plan.rekeyed = u64::try_from(rekeys.len()).unwrap_or_default();
    for (at, id) in plan.created.clone().into_iter().chain(plan.changed.clone()) {
        if let Some(row) = rows.rows.get(at as usize) {
            if plan
                .place_by_id(&id)
                .is_some_and(|before| before.name != row.name)
            {
                plan.renamed.push(id.clone());
            }
            plan.add(&id, &row.sourced_id, &row.name, &row.kind);
        }
    }
    plan
}

impl OrgPlan {
    fn add(&mut self, id: &str, sourced_id: &str, name: &str, kind: &str) {
        let place = Place {
            id: id.into(),
            name: name.into(),
            kind: kind.into(),
        };
        let at = if let Some(&at) = self.by_id.get(id) {
            if let Some(slot) = self.places.get_mut(at as usize) {
                *slot = place;
            }
            at
        } else {
            self.places.push(place);
            let at = u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX);
            self.by_id.insert(id.into(), at);
            at
        };
        self.by_sourced_id.insert(sourced_id.into(), at);
    }
}

/// Organisations that come under a new sourcedId: by the legacy id they name, else by type and number (or, without a number, type
/// and name). Old sourcedId, position of the row.
fn rekeys<'a>(rows: &'a Rows<Org>, known: &'a [KnownOrg]) -> Vec<(&'a str, u32)> {
    let stored: HashSet<&str> = known.iter().map(|org| &*org.sourced_id).collect();
    let present = rows.index();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut out = Vec::new();
    for (at, row) in (0_u32..).zip(&rows.rows) {
        if stored.contains(&*row.sourced_id) {
            continue;
        }
        let found = known.iter().find(|org| {
            let free = !present.contains_key(&*org.sourced_id) && !taken.contains(&*org.sourced_id);
            let legacy = row.legacy.as_deref() == Some(&*org.sourced_id);
            let same = org.kind == row.kind
                && match (&org.identifier, &row.identifier) {
                    (Some(one), Some(two)) => one == two,
                    (None, None) => org.name == row.name,
                    _ => false,
                };
            free && (legacy || same)
        });
        if let Some(org) = found {
            taken.insert(&org.sourced_id);
            out.push((&*org.sourced_id, at));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::oneroster::FileMode;

    fn org(id: &str, legacy: Option<&str>, name: &str, identifier: Option<&str>) -> Org {
        Org {
            sourced_id: id.into(),
            legacy: legacy.map(Into::into),
            name: name.into(),
            kind: "school".into(),
            identifier: identifier.map(Into::into),
            parent: None,
            line: 2,
        }
    }

    fn known(id: &str, name: &str, identifier: Option<&str>) -> KnownOrg {
        KnownOrg {
            id: format!("our-{id}").into(),
            sourced_id: id.into(),
            name: name.into(),
            kind: "school".into(),
            identifier: identifier.map(Into::into),
            active: true,
            row_hash: 1,
        }
    }

    #[test]
    fn schools_are_found_again_under_new_ids() {
        let rows = Rows {
            mode: Some(FileMode::Bulk),
            complete: true,
            rows: vec![
                org("n1", Some("s1"), "North High", Some("9")),
                org("n2", None, "South", Some("0102")),
                org("n3", None, "East", None),
                org("n4", None, "New", Some("0104")),
            ],
            ..Rows::default()
        };
        let stored = [
            known("s1", "North", Some("0101")),
            known("s2", "South", Some("0102")),
            known("s3", "East", None),
            known("s5", "Closed", Some("0105")),
        ];
        let mut ids = |count| vec!["our-new".to_owned(); count];
        let plan = plan(&rows, &stored, &mut ids);
        assert_eq!(plan.rekeyed, 3);
        assert_eq!(plan.created, [(3, "our-new".into())]);
        assert_eq!(plan.gone, ["our-s5".into()] as [Box<str>; 1]);
        assert_eq!(plan.renamed, ["our-s1".into()] as [Box<str>; 1]);
        assert_eq!(&*plan.place("n1").unwrap().id, "our-s1");
        assert_eq!(&*plan.place("s1").unwrap().name, "North High");
    }
}
