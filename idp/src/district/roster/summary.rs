//! What an import did or would do: counted by school and role, with what to look at. Kept as JSON, printed by the command line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::known::KnownPerson;
use super::orgs::OrgPlan;
use super::people::{PeoplePlan, Slot, Write};
use crate::district::oneroster::{Fault, Note};
use crate::district::person::{Population, RosterStatus};

/// Everything that is told of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// What made the package, by its own word.
    pub system: Option<String>,
    /// Rows written by table; nothing in it means that nothing was to be done.
    pub tables: BTreeMap<String, Counts>,
    /// People by school and role. People without a school stand under an empty name.
    pub schools: BTreeMap<String, BTreeMap<String, Counts>>,
    /// People found under another sourcedId.
    pub rekeyed: u64,
    /// Some of them.
    pub rekeyed_examples: Vec<String>,
    /// Usernames with a suffix, since another account has the number.
    pub shared_numbers: u64,
    /// Guardians passed over.
    pub guardians_skipped: u64,
    /// Why an administrator must look first.
    pub holds: Vec<String>,
    /// Rows set aside, by file.
    pub quarantined: BTreeMap<String, u64>,
    /// Warnings by kind.
    pub notes: Vec<Note>,
    /// Why the package was refused.
    pub refusal: Option<Fault>,
}

/// How many rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// New.
    pub created: u64,
    /// Written again.
    pub changed: u64,
    /// Marked `tobedeleted` or disabled.
    pub deactivated: u64,
    /// Active again.
    pub returned: u64,
}

impl Counts {
    /// Whether there is nothing.
    pub const fn is_empty(&self) -> bool {
        self.created == 0 && self.changed == 0 && self.deactivated == 0 && self.returned == 0
    }

    /// All together.
    pub const fn total(&self) -> u64 {
        self.created + self.changed + self.deactivated + self.returned
    }
}

impl Summary {
    /// Whether the import has nothing to write.
    pub fn is_unchanged(&self) -> bool {
        self.tables.values().all(Counts::is_empty)
    }

    /// Counts a table's rows.
    pub fn table(&mut self, name: &str, created: usize, changed: usize, gone: usize) {
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        let counts = Counts {
            created: count(created),
            changed: count(changed),
            deactivated: count(gone),
            returned: 0,
        };
        if !counts.is_empty() {
            self.tables.insert(name.to_owned(), counts);
        }
    }

    /// Counts people by school and role, and their table.
    pub fn people(&mut self, plan: &PeoplePlan, known: &[KnownPerson], orgs: &OrgPlan) {
        let mut all = Counts::default();
        for slot in &plan.slots {
            let before = slot.known.and_then(|at| known.get(at as usize));
            let Some(count) = kind(slot, before) else {
                continue;
            };
            let school = slot
                .derived
                .school
                .and_then(|at| orgs.places.get(at as usize))
                .map_or("", |place| &*place.name);
            let counts = self
                .schools
                .entry(school.to_owned())
                .or_default()
                .entry(slot.derived.role.to_string())
                .or_default();
            count(counts);
            count(&mut all);
        }
        if !all.is_empty() {
            self.tables.insert("people".to_owned(), all);
        }
        let names = plan.usernames.iter().filter(|(at, _)| {
            plan.slots
                .get(*at as usize)
                .is_some_and(|slot| slot.known.is_some())
        });
        self.table("usernames", 0, names.count(), 0);
        self.rekeyed = u64::try_from(plan.rekeyed.len()).unwrap_or(u64::MAX);
        self.rekeyed_examples = plan
            .rekeyed
            .iter()
            .take(20)
            .filter_map(|rekey| {
                let slot = plan.slots.get(rekey.slot as usize)?;
                let before = known.get(slot.known? as usize)?;
                let how = if rekey.by_number {
                    "number and name"
                } else {
                    "legacy id"
                };
                Some(format!("{} (by {how})", before.sourced_id.as_deref()?))
            })
            .collect();
        self.shared_numbers = u64::try_from(plan.shared_numbers.len()).unwrap_or(u64::MAX);
    }
}

/// Which count a slot belongs to.
fn kind(slot: &Slot, before: Option<&KnownPerson>) -> Option<fn(&mut Counts)> {
    let active = |status| status == RosterStatus::Active;
    match (slot.write, before.map(|before| before.status)) {
        (Write::Nothing, _) => None,
        (Write::Insert, _) => Some(|counts| counts.created += 1),
        (_, Some(was)) if active(was) && !active(slot.status) => {
            Some(|counts| counts.deactivated += 1)
        }
        (_, Some(was)) if !active(was) && active(slot.status) => {
            Some(|counts| counts.returned += 1)
        }
        _ => Some(|counts| counts.changed += 1),
    }
}

/// The word for a kind of people, plural.
pub const fn plural(population: Population) -> &'static str {
    match population {
        Population::Student => "students",
        Population::Staff => "staff",
        Population::Guardian => "guardians",
    }
}
