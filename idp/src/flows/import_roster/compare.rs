//! The package against the store: everything that must be written is known before anything is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::district::oneroster::package::{Entry as _, Ref};
use crate::district::oneroster::{Fault, Package, Quarantine};
use crate::district::roster::known::{KnownPerson, StoredRow};
use crate::district::roster::orgs::{self, OrgPlan};
use crate::district::roster::people::{self, PeoplePlan, Rules, Write};
use crate::district::roster::row_diff::{Change, RowDiff, Seen};
use crate::district::roster::summary::Summary;
use crate::flows::{Context, FlowError};
use crate::store::Tx;
use crate::store::roster;

/// What a table of simple rows needs.
#[derive(Debug, Default)]
pub struct TableChange {
    /// Rows of the package to insert.
    pub created: Vec<u32>,
    /// Rows of the package to write again, with our ids.
    pub changed: Vec<Change>,
    /// Our ids to mark as gone.
    pub gone: Vec<Box<str>>,
}

impl TableChange {
    fn of(mut diff: RowDiff<'_>, mode: Option<crate::district::oneroster::FileMode>) -> Self {
        if mode.is_none() {
            return Self::default();
        }
        Self {
            created: diff.finish(),
            changed: diff.changed,
            gone: diff.gone,
        }
    }
}

/// The whole difference.
pub struct Comparison {
    /// The package.
    pub package: Arc<Package>,
    /// The stored people.
    pub known: Arc<Vec<KnownPerson>>,
    /// Organisations.
    pub orgs: OrgPlan,
    /// People, affiliations, usernames.
    pub people: PeoplePlan,
    /// Sessions.
    pub sessions: TableChange,
    /// First and last days of all sessions, by sourcedId.
    pub session_days: HashMap<Box<str>, (String, String)>,
    /// Courses.
    pub courses: TableChange,
    /// Classes.
    pub classes: TableChange,
    /// Our id of each class of the package, new ones included.
    pub class_ids: Vec<Option<Box<str>>>,
    /// Our ids of stored classes that enrollments name and the package does not hold.
    pub known_classes: HashMap<Box<str>, Box<str>>,
    /// Enrollments.
    pub enrollments: TableChange,
    /// Slots of people whose enrollments change.
    pub touched: HashSet<u32>,
    /// Slots by sourcedId, for enrollments that name somebody whom the package does not hold.
    pub known_people: HashMap<Box<str>, u32>,
    /// What is told.
    pub summary: Summary,
    /// Rows set aside.
    pub quarantine: Quarantine,
}

impl Comparison {
    /// Compares everything inside the import's transaction.
    pub async fn make(cx: &Context, tx: &Tx, package: Package) -> Result<Self, FlowError> {
        let package = Arc::new(package);
        let (orgs, people, known) = plan_people(cx, tx, &package).await?;
        let mut all = Self {
            quarantine: package.quarantine.clone(),
            package,
            known,
            orgs,
            people,
            sessions: TableChange::default(),
            session_days: HashMap::new(),
            courses: TableChange::default(),
            classes: TableChange::default(),
            class_ids: Vec::new(),
            known_classes: HashMap::new(),
            enrollments: TableChange::default(),
            touched: HashSet::new(),
            known_people: HashMap::new(),
            summary: Summary::default(),
        };
        all.compare_sessions(tx).await?;
        all.compare_courses(tx).await?;
        all.compare_classes(cx, tx).await?;
        all.compare_enrollments(tx).await?;
        all.summarize();
        Ok(all)
    }

    async fn compare_sessions(&mut self, tx: &Tx) -> Result<(), FlowError> {
        let rows = &self.package.sessions;
        let mut diff = RowDiff::new(rows);
        for stored in roster::list_sessions(tx).await? {
            diff.see(StoredRow {
                id: &stored.id,
                sourced_id: &stored.sourced_id,
                active: stored.active,
                row_hash: stored.row_hash,
            });
            self.session_days
                .insert(stored.sourced_id.into(), (stored.start, stored.end));
        }
        for row in &rows.rows {
            let days = (row.start.to_string(), row.end.to_string());
            self.session_days.insert(row.sourced_id.clone(), days);
        }
        self.sessions = TableChange::of(diff, rows.mode);
        Ok(())
    }

    async fn compare_courses(&mut self, tx: &Tx) -> Result<(), FlowError> {
        let rows = &self.package.courses;
        if rows.mode.is_some() {
            let mut diff = RowDiff::new(rows);
            roster::each_course(tx, |stored| {
                diff.see(stored);
            })
            .await?;
            self.courses = TableChange::of(diff, rows.mode);
        }
        Ok(())
    }

    async fn compare_classes(&mut self, cx: &Context, tx: &Tx) -> Result<(), FlowError> {
        let package = self.package.clone();
        let rows = &package.classes;
        let named: HashSet<&str> = package
            .enrollments
            .rows
            .iter()
            .filter_map(|row| match &row.class {
                Ref::Known(id) => Some(&**id),
                Ref::Row(_) => None,
            })
            .collect();
        if rows.mode.is_none() && named.is_empty() {
            return Ok(());
        }
        let index = rows.index();
        let legacy = (0_u32..).zip(rows.rows.iter().map(|row| row.legacy.as_deref()));
        let mut diff = RowDiff::new(rows).with_legacy(legacy);
        let mut ids: Vec<Option<Box<str>>> = vec![None; rows.rows.len()];
        let known_classes = &mut self.known_classes;
        roster::each_class(tx, |stored| {
            if let Some(slot) = index
                .get(stored.sourced_id)
                .and_then(|at| ids.get_mut(*at as usize))
            {
                *slot = Some(stored.id.into());
            } else if named.contains(stored.sourced_id) {
                known_classes.insert(stored.sourced_id.into(), stored.id.into());
            }
            diff.see(stored);
        })
        .await?;
        self.classes = TableChange::of(diff, rows.mode);
        for (at, id) in &self.classes.changed {
            if let Some(slot) = ids.get_mut(*at as usize) {
                *slot = Some(id.clone());
            }
        }
        self.keep_placed_classes();
        let new = new_ids(cx, self.classes.created.len());
        for (at, id) in self.classes.created.iter().zip(new) {
            if let Some(slot) = ids.get_mut(*at as usize) {
                *slot = Some(id.into());
            }
        }
        self.class_ids = ids;
        Ok(())
    }

    /// A class of a delta may name a school that is nowhere.
    fn keep_placed_classes(&mut self) {
        let (package, orgs) = (self.package.clone(), &self.orgs);
        let quarantine = &mut self.quarantine;
        let mut placed = |at: u32| {
            let Some(row) = package.classes.rows.get(at as usize) else {
                return false;
            };
            let found = orgs.place(&row.school).is_some();
            if !found {
                let place = ("classes.csv", row.line(), "schoolSourcedId");
                quarantine.add(dangling(place, &row.school, &row.sourced_id));
            }
            found
        };
        self.classes.created.retain(|at| placed(*at));
        self.classes.changed.retain(|(at, _)| placed(*at));
    }

    async fn compare_enrollments(&mut self, tx: &Tx) -> Result<(), FlowError> {
        let package = self.package.clone();
        let rows = &package.enrollments;
        if rows.mode.is_none() {
            return Ok(());
        }
        let slots = (0_u32..).zip(&self.people.slots);
        let by_id: HashMap<&str, u32> = slots.map(|(at, slot)| (&*slot.id, at)).collect();
        let mut diff = RowDiff::new(rows);
        let touched = &mut self.touched;
        roster::each_enrollment(tx, |stored, person| {
            if diff.see(stored) != Seen::Same {
                touched.extend(by_id.get(person));
            }
        })
        .await?;
        self.enrollments = TableChange::of(diff, rows.mode);
        let named = rows.rows.iter().filter_map(|row| match &row.user {
            Ref::Known(id) => Some(&**id),
            Ref::Row(_) => None,
        });
        let named: HashSet<&str> = named.collect();
        for (at, person) in (0_u32..).zip(self.known.iter()) {
            if let Some(id) = person.sourced_id.as_deref().filter(|id| named.contains(id)) {
                self.known_people.insert(id.into(), at);
            }
        }
        self.keep_resolved_enrollments();
        Ok(())
    }

    /// Enrollments whose class or person is nowhere are set aside; those of a class or a person set aside are let lie.
    fn keep_resolved_enrollments(&mut self) {
        let package = self.package.clone();
        let mut enrollments = std::mem::take(&mut self.enrollments);
        let mut faults = Vec::new();
        let mut keep = |at: u32| {
            let Some(row) = package.enrollments.rows.get(at as usize) else {
                return false;
            };
            let place = |column| ("enrollments.csv", row.line(), column);
            if let Ref::Known(id) = &row.class
                && !self.known_classes.contains_key(id)
            {
                faults.push(dangling(place("classSourcedId"), id, &row.sourced_id));
            } else if let Ref::Known(id) = &row.user
                && !self.known_people.contains_key(id)
            {
                faults.push(dangling(place("userSourcedId"), id, &row.sourced_id));
            }
            self.class_id(&row.class).is_some() && self.slot(&row.user).is_some()
        };
        enrollments.created.retain(|at| keep(*at));
        enrollments.changed.retain(|(at, _)| keep(*at));
        for fault in faults {
            self.quarantine.add(fault);
        }
        let written = enrollments.changed.iter().map(|(at, _)| at);
        for at in enrollments.created.iter().chain(written) {
            let row = package.enrollments.rows.get(*at as usize);
            let slot = row.and_then(|row| self.slot(&row.user));
            self.touched.extend(slot);
        }
        self.enrollments = enrollments;
    }

    /// Our id of the class that an enrollment names.
    pub fn class_id(&self, class: &Ref) -> Option<&str> {
        match class {
            Ref::Row(at) => self.class_ids.get(*at as usize)?.as_deref(),
            Ref::Known(id) => self.known_classes.get(id).map(|id| &**id),
        }
    }

    /// The slot of the person that an enrollment names.
    pub fn slot(&self, user: &Ref) -> Option<u32> {
        match user {
            Ref::Row(at) => self.people.slot_of_user.get(*at as usize).copied()?,
            Ref::Known(id) => self.known_people.get(id).copied(),
        }
    }

    fn summarize(&mut self) {
        let summary = &mut self.summary;
        summary.system.clone_from(&self.package.system);
        summary.guardians_skipped = self.package.guardians_skipped;
        let tables = [
            ("sessions", &self.sessions),
            ("courses", &self.courses),
            ("classes", &self.classes),
            ("enrollments", &self.enrollments),
        ];
        for (name, change) in tables {
            summary.table(
                name,
                change.created.len(),
                change.changed.len(),
                change.gone.len(),
            );
        }
        let orgs = &self.orgs;
        summary.table(
            "organisations",
            orgs.created.len(),
            orgs.changed.len(),
            orgs.gone.len(),
        );
        let affiliations = &self.people.affiliations;
        summary.table(
            "affiliations",
            affiliations.created.len(),
            affiliations.changed.len(),
            affiliations.gone.len(),
        );
        summary.people(&self.people, &self.known, orgs);
        let mut notes = self.package.notes.clone();
        for note in self.people.notes.drain(..) {
            notes.add(note);
        }
        for fault in self.people.faults.drain(..) {
            self.quarantine.add(fault);
        }
        summary.notes = notes.iter().cloned().collect();
        summary.quarantined.clone_from(&self.quarantine.counts);
    }

    /// Our id of the main school of a slot.
    pub fn school_id(&self, slot: u32) -> Option<&str> {
        let place = self.people.slots.get(slot as usize)?.derived.school?;
        self.orgs.places.get(place as usize).map(|place| &*place.id)
    }

    /// Slots that are written in this way.
    pub fn written(&self, how: Write) -> impl Iterator<Item = u32> + '_ {
        (0_u32..)
            .zip(&self.people.slots)
            .filter_map(move |(at, slot)| (slot.write == how).then_some(at))
    }
}

/// Organisations and people: read what is stored, plan off the async threads.
async fn plan_people(
    cx: &Context,
    tx: &Tx,
    package: &Arc<Package>,
) -> Result<(OrgPlan, PeoplePlan, Arc<Vec<KnownPerson>>), FlowError> {
    let known_orgs = roster::list_orgs(tx).await?;
    let known = Arc::new(roster::list_people(tx).await?);
    let affiliations = roster::list_affiliations(tx).await?;
    let district = &cx.app.settings.district;
    let rules = Rules {
        student_prefix: district.student_prefix.clone(),
        staff_prefix: district.staff_prefix.clone(),
        student_digits: district.student_number_digits,
        birth_dates: cx.app.settings.roster.birth_dates,
        today: today(cx),
    };
    let (cx, package, people) = (cx.clone(), package.clone(), known.clone());
    let planned = tokio::task::spawn_blocking(move || {
        let mut ids = |count| new_ids(&cx, count);
        let orgs = orgs::plan(&package.orgs, &known_orgs, &mut ids);
        let people = people::plan(&package, (&people, &affiliations), &orgs, &rules, &mut ids);
        (orgs, people)
    });
    let (orgs, people) = planned
        .await
        .map_err(|error| FlowError::bug(format!("planning the import: {error}")))?;
    Ok((orgs, people, known))
}

fn today(cx: &Context) -> NaiveDate {
    cx.now.date_in(cx.app.settings.district.time_zone)
}

/// So many ids, in ascending order.
pub fn new_ids(cx: &Context, count: usize) -> Vec<String> {
    let mut ids: Vec<String> = (0..count).map(|_| cx.app.random.id(cx.now)).collect();
    ids.sort_unstable();
    ids
}

fn dangling((file, line, column): (&str, u32, &str), found: &str, sourced_id: &str) -> Fault {
    let advice = "Neither the package nor an earlier import has this sourcedId.";
    let mut fault = Fault::of_cell(file, line.into(), column, found, advice);
    fault.sourced_id = Some(sourced_id.into());
    fault
}
