//! When an import must wait for an administrator: a bad export must not put a school out of its apps.

use std::collections::BTreeMap;

use super::known::KnownPerson;
use super::orgs::OrgPlan;
use super::people::PeoplePlan;
use super::summary::plural;
use crate::district::oneroster::Package;
use crate::district::person::{Population, RosterStatus};

/// The limits above which an import waits.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// Percent of the active students, or of the active staff, that one import may deactivate.
    pub deactivation_percent: u32,
    /// Percent of the active people of one school.
    pub school_percent: u32,
    /// People found under another id.
    pub rekeyed: u32,
    /// Percent of a file's rows that may be set aside.
    pub quarantine_percent: u32,
}

/// All reasons to wait, each a sentence; none means go on.
pub fn reasons(
    package: &Package,
    plan: &PeoplePlan,
    known: &[KnownPerson],
    orgs: &OrgPlan,
    thresholds: &Thresholds,
) -> Vec<String> {
    let mut reasons = Vec::new();
    deactivations(plan, known, orgs, thresholds, &mut reasons);
    for id in &orgs.gone {
        if let Some(place) = orgs.place_by_id(id).filter(|place| place.is_school()) {
            reasons.push(format!("The school \"{}\" would be removed.", place.name));
        }
    }
    if plan.rekeyed.len() > thresholds.rekeyed as usize {
        reasons.push(format!(
            "{} people come under a new sourcedId (more than {}). Look at the examples: each keeps the account.",
            plan.rekeyed.len(),
            thresholds.rekeyed
        ));
    }
    let totals = [
        ("users.csv", package.users.total),
        ("roles.csv", package.roles.total),
        ("courses.csv", package.courses.total),
        ("classes.csv", package.classes.total),
        ("enrollments.csv", package.enrollments.total),
    ];
    for (file, total) in totals {
        let aside = package
            .quarantine
            .counts
            .get(file)
            .copied()
            .unwrap_or_default();
        if exceeds(aside, total, thresholds.quarantine_percent) {
            reasons.push(format!(
                "{aside} of {total} rows of {file} would be set aside (more than {} %).",
                thresholds.quarantine_percent
            ));
        }
    }
    reasons
}

/// Active people before, and those who would be deactivated.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    leaving: u64,
    active: u64,
}

fn deactivations(
    plan: &PeoplePlan,
    known: &[KnownPerson],
    orgs: &OrgPlan,
    thresholds: &Thresholds,
    reasons: &mut Vec<String>,
) {
    let mut populations = [
        (Population::Student, Share::default()),
        (Population::Staff, Share::default()),
    ];
    let mut schools: BTreeMap<&str, Share> = BTreeMap::new();
    for slot in &plan.slots {
        let Some(before) = slot.known.and_then(|at| known.get(at as usize)) else {
            continue;
        };
        if before.status != RosterStatus::Active || before.population == Population::Guardian {
            continue;
        }
        let leaves = u64::from(slot.status != RosterStatus::Active);
        for (population, share) in &mut populations {
            if *population == before.population {
                share.active += 1;
                share.leaving += leaves;
            }
        }
        if let Some(school) = before.primary_school.as_deref() {
            let share = schools.entry(school).or_default();
            share.active += 1;
            share.leaving += leaves;
        }
    }
    for (population, share) in populations {
        if exceeds(share.leaving, share.active, thresholds.deactivation_percent) {
            reasons.push(format!(
                "{} of {} active {} would be deactivated (more than {} %).",
                share.leaving,
                share.active,
                plural(population),
                thresholds.deactivation_percent
            ));
        }
    }
    for (id, share) in schools {
        if exceeds(share.leaving, share.active, thresholds.school_percent) {
            let name = orgs.place_by_id(id).map_or(id, |place| &place.name);
            reasons.push(format!(
                "{} of {} active people of \"{name}\" would be deactivated (more than {} %).",
                share.leaving, share.active, thresholds.school_percent
            ));
        }
    }
}

/// Whether `part` is more than `percent` of `whole`.
fn exceeds(part: u64, whole: u64, percent: u32) -> bool {
    part.saturating_mul(100) > whole.saturating_mul(u64::from(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_percentage() {
        for (part, whole, percent, expect) in [
            (5, 100, 5, false),
            (6, 100, 5, true),
            (0, 0, 5, false),
            (1, 0, 5, true),
            (1, 19, 5, true),
            (1, 20, 5, false),
            (1, 100, 0, true),
        ] {
            assert_eq!(
                exceeds(part, whole, percent),
                expect,
                "{part}/{whole} {percent}"
            );
        }
    }
}
