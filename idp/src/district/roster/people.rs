//! People: who is new, who changed, who has left, and what follows for their accounts.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::NewIds;
use super::affiliations::{self, AffiliationPlan, Derived, Slots};
use super::known::{KnownAffiliation, KnownPerson};
use super::ladder::{Ladder, Match};
use super::orgs::OrgPlan;
use super::role::main_role;
use super::username::{self, Holder, bare_number};
use crate::district::oneroster::package::{Entry as _, User};
use crate::district::oneroster::{Fault, Package};
use crate::district::person::{Population, RosterStatus};

/// The district's rules for people.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What precedes a student number in a username.
    pub student_prefix: String,
    /// What precedes a staff number.
    pub staff_prefix: String,
    /// Digits of a student number; others are reported.
    pub student_digits: u32,
    /// Whether birth dates are kept.
    pub birth_dates: bool,
    /// The day of the import in the district.
    pub today: NaiveDate,
}

impl Rules {
    fn prefix(&self, population: Population) -> &str {
        match population {
            Population::Student => &self.student_prefix,
            Population::Staff => &self.staff_prefix,
            Population::Guardian => "",
        }
    }
}

/// How a person is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Not at all.
    Nothing,
    /// As a new row, with an account.
    Insert,
    /// All columns, from the row of the package.
    All,
    /// Only what follows from affiliations, the status, and the birth date.
    Derived,
}

/// A person after the import.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Our id.
    pub id: Box<str>,
    /// Position in the stored people.
    pub known: Option<u32>,
    /// Position in the package's users.
    pub user: Option<u32>,
    /// Kind, role, school, dates.
    pub derived: Derived,
    /// What the roster says now.
    pub status: RosterStatus,
    /// Student or staff number, bare.
    pub number: Option<Box<str>>,
    /// Birth date, where kept.
    pub birth_date: Option<NaiveDate>,
    /// How it is written.
    pub write: Write,
    /// Sessions, codes and refresh tokens end: disabled, gone, or another role.
    pub ends_sessions: bool,
}

/// A person found under another id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rekey {
    /// The slot.
    pub slot: u32,
    /// By number and name, not by a legacy id.
    pub by_number: bool,
}

/// What happens to people.
#[derive(Debug, Default)]
pub struct PeoplePlan {
    /// The stored people in their order, then the new ones in the package's.
    pub slots: Vec<Slot>,
    /// The slot of each user of the package; none for a row that had to be set aside.
    pub slot_of_user: Vec<Option<u32>>,
    /// The affiliations.
    pub affiliations: AffiliationPlan,
    /// The slot of each role of the package.
    pub owners: Vec<Option<u32>>,
    /// Who was found under another id.
    pub rekeyed: Vec<Rekey>,
    /// Slot, new username.
    pub usernames: Vec<(u32, Option<String>)>,
    /// Slots whose number another account uses.
    pub shared_numbers: Vec<u32>,
    /// Rows set aside now, and warnings.
    pub faults: Vec<Fault>,
    /// Warnings.
    pub notes: Vec<Fault>,
}

impl PeoplePlan {
    /// The slot of a role of the package.
    pub fn owner(&self, role: u32) -> Option<u32> {
        self.owners.get(role as usize).copied().flatten()
    }
}

/// Plans people, affiliations and usernames.
pub fn plan(
    package: &Package,
    known: (&[KnownPerson], &[KnownAffiliation]),
    orgs: &OrgPlan,
    rules: &Rules,
    new_ids: &mut NewIds<'_>,
) -> PeoplePlan {
    let mut planner = Planner::new(package, known.0, rules);
    planner.match_rows(orgs, new_ids);
    let affiliations = affiliations::plan(&package.roles, &planner.owners, known.1, orgs, &planner);
    planner.settle(orgs, &affiliations);
    let mut plan = planner.plan;
    plan.owners = planner.owners;
    plan.affiliations = affiliations;
    name_accounts(&mut plan, known.0, rules);
    plan
}

struct Planner<'a> {
    package: &'a Package,
    known: &'a [KnownPerson],
    rules: &'a Rules,
    known_by_id: HashMap<&'a str, u32>,
    /// The slot of each role row.
    owners: Vec<Option<u32>>,
    plan: PeoplePlan,
}

impl Slots for Planner<'_> {
    fn of_person(&self, id: &str) -> Option<u32> {
        self.known_by_id.get(id).copied()
    }

    fn is_replaced(&self, slot: u32) -> bool {
        use crate::district::oneroster::Version;
        self.package.version == Version::V1p1
            && self
                .plan
                .slots
                .get(slot as usize)
                .is_some_and(|slot| slot.user.is_some())
    }

    fn is_protected(&self, slot: u32) -> bool {
        let person = self.known.get(slot as usize);
        let id = person.and_then(|person| person.sourced_id.as_deref());
        id.is_some_and(|id| self.package.users.set_aside.contains(id))
            || self.may_be_set_aside(person)
    }
}

impl<'a> Planner<'a> {
    fn new(package: &'a Package, known: &'a [KnownPerson], rules: &'a Rules) -> Self {
        let slots = (0_u32..).zip(known).map(|(at, person)| Slot {
            id: person.id.clone(),
            known: Some(at),
            user: None,
            derived: stored(person),
            status: person.status,
            number: person.number.clone(),
            birth_date: person
                .birth_date
                .as_deref()
                .and_then(|day| day.parse().ok()),
            write: Write::Nothing,
            ends_sessions: false,
        });
        Self {
            package,
            known,
            rules,
            known_by_id: (0_u32..)
                .zip(known)
                .map(|(at, person)| (&*person.id, at))
                .collect(),
            owners: Vec::new(),
            plan: PeoplePlan {
                slots: slots.collect(),
                ..PeoplePlan::default()
            },
        }
    }

    /// Finds or makes the slot of every user, then that of every role.
    fn match_rows(&mut self, orgs: &OrgPlan, new_ids: &mut NewIds<'_>) {
        let users = &self.package.users;
        let ladder = Ladder::new(self.known);
        let mut user_of: HashMap<&str, u32> = users.index();
        for (at, user) in (0_u32..).zip(&users.rows) {
            user_of.extend(user.aliases.iter().map(|alias| (&**alias, at)));
        }
        let mut roles: Vec<Vec<u32>> = vec![Vec::new(); users.rows.len()];
        for (at, role) in (0_u32..).zip(&self.package.roles.rows) {
            if let Some(list) = user_of
                .get(&*role.user)
                .and_then(|user| roles.get_mut(*user as usize))
            {
                list.push(at);
            }
        }
        let traits: Vec<(Option<Population>, Option<Box<str>>)> = users
            .rows
            .iter()
            .zip(&roles)
            .map(|(user, roles)| self.traits(user, roles, &ladder))
            .collect();
        let by_sourced_id: HashMap<&str, u32> = self
            .package
            .roles
            .rows
            .iter()
            .filter_map(|role| Some((&*role.user, ladder.by_sourced_id(&role.user)?)))
            .collect();
        let matches = ladder.climb(&users.rows, &traits);
        self.take_matches(&matches, &traits, new_ids);
        for role in &self.package.roles.rows {
            let slot = match user_of.get(&*role.user) {
                Some(user) => self
                    .plan
                    .slot_of_user
                    .get(*user as usize)
                    .copied()
                    .flatten(),
                None => by_sourced_id.get(&*role.user).copied(),
            };
            let has_place = orgs.place(&role.org).is_some();
            if slot.is_none() && !user_of.contains_key(&*role.user) {
                self.dangling(role.line(), &role.sourced_id, "userSourcedId", &role.user);
            } else if !has_place {
                self.dangling(role.line(), &role.sourced_id, "orgSourcedId", &role.org);
            }
            self.owners.push(slot.filter(|_| has_place));
        }
    }

    /// Kind and bare number of a row, as far as they are known before matching.
    fn traits(
        &self,
        user: &User,
        roles: &[u32],
        ladder: &Ladder<'_>,
    ) -> (Option<Population>, Option<Box<str>>) {
        let rows = roles
            .iter()
            .filter_map(|at| self.package.roles.rows.get(*at as usize))
            .map(|row| (&row.role, row.primary));
        let stored = || {
            let at = ladder.by_sourced_id(&user.sourced_id)?;
            self.known.get(at as usize).map(|person| person.population)
        };
        let population = main_role(rows)
            .map(super::role::Role::population)
            .or_else(stored);
        let prefix = population.map_or("", |population| self.rules.prefix(population));
        let number = user
            .number
            .as_deref()
            .map(|number| bare_number(number, prefix).into());
        (population, number)
    }

    fn take_matches(
        &mut self,
        matches: &[Match],
        traits: &[(Option<Population>, Option<Box<str>>)],
        new_ids: &mut NewIds<'_>,
    ) {
        let is_new = |at: usize| {
            matches!(matches.get(at), Some(Match::New { .. }))
                && traits
                    .get(at)
                    .is_some_and(|(population, _)| population.is_some())
        };
        let count = (0..matches.len()).filter(|at| is_new(*at)).count();
        let mut ids = new_ids(count).into_iter();
        for (at, (user, found)) in (0_u32..).zip(self.package.users.rows.iter().zip(matches)) {
            let (population, number) = traits.get(at as usize).cloned().unwrap_or_default();
            let slot = match *found {
                Match::Same(slot) => Some(slot),
                Match::Legacy(slot) | Match::Number(slot) => {
                    let by_number = matches!(found, Match::Number(_));
                    self.plan.rekeyed.push(Rekey { slot, by_number });
                    Some(slot)
                }
                Match::New { doubtful } => {
                    if doubtful {
                        self.note(user, "identifier", "A person of this family with another given name has this number. If it is \
                                                       the same person, correct the name in the source first: a new account is made.");
                    }
                    population.and_then(|population| self.new_slot(ids.next()?, population))
                }
            };
            match slot.and_then(|slot| self.plan.slots.get_mut(slot as usize)) {
                Some(slot) => {
                    slot.user = Some(at);
                    slot.number = number;
                }
                None => self.without_role(user),
            }
            self.plan.slot_of_user.push(slot);
        }
    }

    fn new_slot(&mut self, id: String, population: Population) -> Option<u32> {
        self.plan.slots.push(Slot {
            id: id.into(),
            known: None,
            user: None,
            derived: Derived {
                population,
                role: "".into(),
                school: None,
                starts_on: None,
                ends_on: None,
            },
            status: RosterStatus::Active,
            number: None,
            birth_date: None,
            write: Write::Insert,
            ends_sessions: false,
        });
        u32::try_from(self.plan.slots.len() - 1).ok()
    }

    fn without_role(&mut self, user: &User) {
        let advice = "The person is new, and no row of roles.csv says what they are. Add their role to the package.";
        let mut fault = Fault::of_cell(
            "users.csv",
            user.line().into(),
            "sourcedId",
            &user.sourced_id,
            advice,
        );
        fault.sourced_id = Some(user.sourced_id.clone());
        self.plan.faults.push(fault);
    }

    fn dangling(&mut self, line: u32, sourced_id: &str, column: &str, found: &str) {
        let advice = "Neither the package nor an earlier import has this sourcedId.";
        let file = match self.package.version {
            crate::district::oneroster::Version::V1p1 => "users.csv",
            crate::district::oneroster::Version::V1p2 => "roles.csv",
        };
        let mut fault = Fault::of_cell(file, line.into(), column, found, advice);
        fault.sourced_id = Some(sourced_id.into());
        self.plan.faults.push(fault);
    }

    fn note(&mut self, user: &User, column: &str, advice: &str) {
        let found = user.number.as_deref().unwrap_or_default();
        let mut fault = Fault::of_cell("users.csv", user.line().into(), column, found, advice);
        fault.sourced_id = Some(user.sourced_id.clone());
        self.plan.notes.push(fault);
    }

    /// Decides for every slot what is written.
    fn settle(&mut self, orgs: &OrgPlan, affiliations: &AffiliationPlan) {
        let users = &self.package.users;
        let removed: HashSet<&str> = users.removed.iter().map(|id| &**id).collect();
        let mut slots = std::mem::take(&mut self.plan.slots);
        for (at, slot) in (0_u32..).zip(&mut slots) {
            let known = slot.known.and_then(|at| self.known.get(at as usize));
            let user = slot.user.and_then(|at| users.rows.get(at as usize));
            let wanted = user
                .and_then(|user| user.primary_org.as_deref())
                .and_then(|org| orgs.by_sourced_id.get(org).copied());
            let before = known
                .and_then(|person| person.primary_school.as_deref())
                .and_then(|id| orgs.by_id.get(id).copied());
            let today = self.rules.today;
            match affiliations::derive(affiliations.of(at), orgs, (wanted, before), today) {
                Some(derived) => slot.derived = derived,
                // Somebody without an affiliation keeps the role and the school.
                None => slot.derived.school = before,
            }
            let own_id = known.and_then(|person| person.sourced_id.as_deref());
            let gone = user.is_none()
                && own_id.is_some_and(|id| {
                    let kept = users.set_aside.contains(id) || self.may_be_set_aside(known);
                    removed.contains(id) || (users.absence_counts() && !kept)
                });
            slot.status = match user {
                Some(user) if user.enabled => RosterStatus::Active,
                Some(_) => RosterStatus::Disabled,
                None if gone => RosterStatus::ToBeDeleted,
                None => slot.status,
            };
            slot.birth_date = self.birth_date(slot, user, own_id);
            slot.write = write(slot, known, user, orgs);
            slot.ends_sessions = known.is_some_and(|known| {
                known.role != slot.derived.role
                    || known.population != slot.derived.population
                    || (known.status == RosterStatus::Active && slot.status != RosterStatus::Active)
            });
        }
        self.plan.slots = slots;
        self.check_numbers();
    }

    /// Whether the number of a missing person stands in a row that was set aside: the id may be what is wrong there.
    fn may_be_set_aside(&self, known: Option<&KnownPerson>) -> bool {
        let aside = &self.package.users.numbers_set_aside;
        let Some(person) = known.filter(|_| !aside.is_empty()) else {
            return false;
        };
        let prefix = self.rules.prefix(person.population);
        let number = person.number.as_deref();
        number.is_some_and(|number| aside.iter().any(|one| bare_number(one, prefix) == number))
    }

    fn birth_date(
        &self,
        slot: &Slot,
        user: Option<&User>,
        own_id: Option<&str>,
    ) -> Option<NaiveDate> {
        if !self.rules.birth_dates {
            return None;
        }
        let dates = &self.package.birth_dates;
        let ids = user.into_iter().flat_map(|user| {
            std::iter::once(&*user.sourced_id).chain(user.aliases.iter().map(|id| &**id))
        });
        ids.chain(own_id)
            .find_map(|id| dates.get(id).copied())
            .or(slot.birth_date)
    }

    /// Reports people who cannot claim, and numbers of an odd length.
    fn check_numbers(&mut self) {
        let slots = std::mem::take(&mut self.plan.slots);
        for slot in &slots {
            let Some(user) = slot
                .user
                .and_then(|at| self.package.users.rows.get(at as usize))
            else {
                continue;
            };
            match (slot.derived.population, slot.number.as_deref()) {
                (Population::Guardian, _) => {}
                (_, None) => self.note(
                    user,
                    "identifier",
                    "The person has no number and cannot claim an account.",
                ),
                (Population::Student, Some(number))
                    if u32::try_from(number.len()).ok() != Some(self.rules.student_digits)
                        || !number.bytes().all(|b| b.is_ascii_digit()) =>
                {
                    self.note(user, "identifier", "The student number has another form than `district.student_number_digits` says. \
                                                   It is imported as it is; leading zeros may have been lost.");
                }
                _ => {}
            }
        }
        self.plan.slots = slots;
    }
}

/// What is stored of a person's role and dates.
fn stored(person: &KnownPerson) -> Derived {
    let date = |text: &Option<Box<str>>| text.as_deref().and_then(|day| day.parse().ok());
    Derived {
        population: person.population,
        role: person.role.clone(),
        school: None,
        starts_on: date(&person.starts_on),
        ends_on: date(&person.ends_on),
    }
}

/// How a slot is written: only what differs from the store.
fn write(slot: &Slot, known: Option<&KnownPerson>, user: Option<&User>, orgs: &OrgPlan) -> Write {
    let Some(known) = known else {
        return Write::Insert;
    };
    let school = slot
        .derived
        .school
        .and_then(|at| orgs.places.get(at as usize))
        .map(|place| &place.id);
    let before = stored(known);
    let same_derived = before.population == slot.derived.population
        && before.role == slot.derived.role
        && before.starts_on == slot.derived.starts_on
        && before.ends_on == slot.derived.ends_on
        && school == known.primary_school.as_ref();
    let birth = slot.birth_date.map(|day| day.to_string());
    let same = same_derived
        && known.status == slot.status
        && known.birth_date.as_deref() == birth.as_deref();
    match user {
        Some(user) if user.fingerprint() != known.row_hash || known.number != slot.number => {
            Write::All
        }
        _ if !same => match user {
            Some(_) => Write::All,
            None => Write::Derived,
        },
        _ => Write::Nothing,
    }
}

/// Gives usernames to the accounts that nobody has claimed.
fn name_accounts(plan: &mut PeoplePlan, known: &[KnownPerson], rules: &Rules) {
    let holders: Vec<Holder> = plan
        .slots
        .iter()
        .map(|slot| {
            let person = slot.known.and_then(|at| known.get(at as usize));
            let prefix = rules.prefix(slot.derived.population);
            let may = slot.derived.population != Population::Guardian
                && slot.status != RosterStatus::ToBeDeleted;
            Holder {
                current: person.and_then(|person| person.username.clone()),
                claimed: person.is_some_and(|person| person.claimed),
                wanted: slot
                    .number
                    .as_deref()
                    .filter(|_| may)
                    .map(|number| format!("{prefix}{number}").to_lowercase()),
            }
        })
        .collect();
    let assignment = username::assign(&holders);
    let slot = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    plan.usernames = assignment
        .changes
        .into_iter()
        .map(|(at, name)| (slot(at), name))
        .collect();
    plan.shared_numbers = assignment.suffixed.into_iter().map(slot).collect();
}
