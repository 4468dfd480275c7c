//! Who belongs where, and as what: the difference of affiliations, and what follows from them for a person.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::known::{KnownAffiliation, StoredRow};
use super::orgs::OrgPlan;
use super::role::{Role, main_role};
use super::row_diff::{RowDiff, Seen};
use crate::district::oneroster::package::{RoleRow, Rows};
use crate::district::person::Population;

/// One affiliation of a person after the import.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// The person's slot.
    pub slot: u32,
    /// Position in [`OrgPlan::places`].
    pub place: u32,
    /// The role there.
    pub role: Role,
    /// `roleType` is primary.
    pub primary: bool,
    /// First day.
    pub begin: Option<NaiveDate>,
    /// Day after the last.
    pub end: Option<NaiveDate>,
}

/// What happens to affiliations.
#[derive(Debug, Default)]
pub struct AffiliationPlan {
    /// Rows of the package to insert.
    pub created: Vec<u32>,
    /// Rows of the package to write again.
    pub changed: Vec<(u32, Box<str>)>,
    /// Our ids to mark as gone.
    pub gone: Vec<Box<str>>,
    /// All that hold afterwards, by slot.
    pub belongings: Vec<Belonging>,
    /// Slots whose affiliations change.
    pub touched: HashSet<u32>,
}

impl AffiliationPlan {
    /// The affiliations of one slot.
    pub fn of(&self, slot: u32) -> &[Belonging] {
        let from = self.belongings.partition_point(|one| one.slot < slot);
        let to = self.belongings.partition_point(|one| one.slot <= slot);
        self.belongings.get(from..to).unwrap_or_default()
    }
}

/// Compares roles with what is stored. `owner` gives the slot of each row of the package; `slots` the slot of a stored
/// person, and whether the package holds all roles of a slot (users.csv of 1.1 always does).
pub fn plan(
    rows: &Rows<RoleRow>,
    owners: &[Option<u32>],
    known: &[KnownAffiliation],
    orgs: &OrgPlan,
    slots: &impl Slots,
) -> AffiliationPlan {
    let mut plan = AffiliationPlan::default();
    let mut diff = RowDiff::new(rows);
    let diffed = rows.mode.is_some();
    for stored in known {
        let Some(slot) = slots.of_person(&stored.person_id) else {
            continue;
        };
        let mut seen = Seen::Same;
        if diffed && !slots.is_protected(slot) {
            seen = diff.see(StoredRow {
                id: &stored.id,
                sourced_id: &stored.sourced_id,
                active: stored.active,
                row_hash: stored.row_hash,
            });
        }
        let in_package = diff.has(&stored.sourced_id);
        if seen == Seen::Same && stored.active && !in_package && slots.is_replaced(slot) {
            plan.gone.push(stored.id.clone());
            seen = Seen::Gone;
        }
        match seen {
            Seen::Same if stored.active && !in_package => {
                plan.belongings.extend(kept(stored, slot, orgs));
            }
            Seen::Same => {}
            Seen::Changed(_) | Seen::Gone => {
                plan.touched.insert(slot);
            }
        }
    }
    let new = if diffed { diff.finish() } else { Vec::new() };
    let owned = |at: &u32| owners.get(*at as usize).copied().flatten();
    plan.created = new.into_iter().filter(|at| owned(at).is_some()).collect();
    plan.changed = std::mem::take(&mut diff.changed);
    plan.changed.retain(|(at, _)| owned(at).is_some());
    plan.gone.append(&mut diff.gone);
    plan.touched.extend(plan.created.iter().filter_map(owned));
    plan.touched
        .extend(plan.changed.iter().filter_map(|(at, _)| owned(at)));
    for (row, owner) in rows.rows.iter().zip(owners) {
        if let (Some(slot), Some(&place)) = (owner, orgs.by_sourced_id.get(&row.org)) {
            let kind = orgs
                .places
                .get(place as usize)
                .map_or("", |place| &*place.kind);
            plan.belongings.push(Belonging {
                slot: *slot,
                place,
                role: row.role.clone().at(kind),
                primary: row.primary,
                begin: row.begin,
                end: row.end,
            });
        }
    }
    // Stable, so that rows of one person keep the order of the file.
    plan.belongings.sort_by_key(|one| one.slot);
    plan
}

/// What the plan asks about people.
pub trait Slots {
    /// The slot of a stored person.
    fn of_person(&self, id: &str) -> Option<u32>;
    /// Whether the package's roles replace all that the person had.
    fn is_replaced(&self, slot: u32) -> bool;
    /// Whether the person's row was set aside: what is stored stays.
    fn is_protected(&self, slot: u32) -> bool;
}

fn kept(stored: &KnownAffiliation, slot: u32, orgs: &OrgPlan) -> Option<Belonging> {
    let date = |text: &Option<Box<str>>| text.as_deref().and_then(|day| day.parse().ok());
    Some(Belonging {
        slot,
        place: *orgs.by_id.get(&stored.school_id)?,
        role: Role::from_token(&stored.role),
        primary: stored.primary,
        begin: date(&stored.begin),
        end: date(&stored.end),
    })
}

/// What follows for a person from all affiliations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// Kind of person.
    pub population: Population,
    /// Word of the main role.
    pub role: Box<str>,
    /// Position of the main school.
    pub school: Option<u32>,
    /// First day of any.
    pub starts_on: Option<NaiveDate>,
    /// Day after the last of all.
    pub ends_on: Option<NaiveDate>,
}

/// Derives role, kind, main school and dates; none without an affiliation. `wanted` is the organisation that the roster names
/// as the primary one, `before` the main school so far, which stays where nothing else decides.
pub fn derive(
    belongings: &[Belonging],
    orgs: &OrgPlan,
    (wanted, before): (Option<u32>, Option<u32>),
    today: NaiveDate,
) -> Option<Derived> {
    let holds = |one: &&Belonging| {
        one.begin.is_none_or(|day| day <= today) && one.end.is_none_or(|day| today < day)
    };
    let mut current: Vec<&Belonging> = belongings.iter().filter(holds).collect();
    if current.is_empty() {
        current = belongings.iter().collect();
    }
    let role = main_role(current.iter().map(|one| (&one.role, one.primary)))?.clone();
    let population = role.population();
    let is_school = |place: u32| {
        orgs.places
            .get(place as usize)
            .is_some_and(super::orgs::Place::is_school)
    };
    let school = current
        .iter()
        .filter(|one| is_school(one.place) && one.role.population() == population)
        .min_by_key(|one| {
            let place = Some(one.place);
            (
                place != wanted,
                !one.primary,
                place != before,
                one.role != role,
            )
        })
        .map(|one| one.place);
    let mine = || {
        belongings
            .iter()
            .filter(|one| one.role.population() == population)
    };
    let open_start = mine().any(|one| one.begin.is_none());
    let open_end = mine().any(|one| one.end.is_none());
    Some(Derived {
        population,
        role: role.as_str().into(),
        school,
        starts_on: mine()
            .filter_map(|one| one.begin)
            .min()
            .filter(|_| !open_start),
        ends_on: mine().filter_map(|one| one.end).max().filter(|_| !open_end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::roster::orgs::Place;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn belonging(place: u32, role: &str, primary: bool, span: (&str, &str)) -> Belonging {
        Belonging {
            slot: 0,
            place,
            role: Role::from_token(role),
            primary,
            begin: span.0.parse().ok(),
            end: span.1.parse().ok(),
        }
    }

    #[test]
    fn a_person_follows_from_affiliations() {
        let place = |kind: &str| Place {
            id: kind.into(),
            name: kind.into(),
            kind: kind.into(),
        };
        let orgs = OrgPlan {
            places: vec![place("district"), place("school"), place("school")],
            ..OrgPlan::default()
        };
        let today = day("2026-09-01");
        for (list, wanted, expect, why) in [
            (
                vec![
                    belonging(0, "aide", false, ("", "")),
                    belonging(1, "teacher", true, ("", "")),
                ],
                None,
                ("teacher", Some(1), None, None),
                "the primary role and its school",
            ),
            (
                vec![
                    belonging(1, "student", true, ("", "")),
                    belonging(2, "student", true, ("", "")),
                ],
                Some(2),
                ("student", Some(2), None, None),
                "the organisation that the roster names",
            ),
            (
                vec![
                    belonging(1, "student", true, ("2026-08-01", "2026-09-01")),
                    belonging(2, "student", true, ("2026-09-01", "2027-06-01")),
                ],
                None,
                ("student", Some(2), Some("2026-08-01"), Some("2027-06-01")),
                "a transfer on this day",
            ),
            (
                vec![belonging(
                    0,
                    "districtAdministrator",
                    true,
                    ("", "2027-01-01"),
                )],
                None,
                ("districtAdministrator", None, None, Some("2027-01-01")),
                "no school",
            ),
        ] {
            let found = derive(&list, &orgs, (wanted, Some(1)), today).unwrap();
            let (role, school, starts, ends) = expect;
            assert_eq!(
                (&*found.role, found.school, found.starts_on, found.ends_on),
                (role, school, starts.map(day), ends.map(day)),
                "{why}"
            );
        }
        assert_eq!(derive(&[], &orgs, (None, None), today), None);
    }
}
