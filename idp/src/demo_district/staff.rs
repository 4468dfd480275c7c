//! The employees of the full district.

use super::dice::Dice;
use super::drafts::origin_of_form;
use super::names::{self, Name, Origin, Sex};
use super::schools::{Level, Seat};
use super::tags::{self, FORMS, Tag, Tags};

/// One employee.
#[derive(Clone, Debug)]
pub struct Employee {
    /// Row, from 0.
    pub row: usize,
    /// What they do.
    pub job: Job,
    /// School; none for the district office.
    pub seat: Option<Seat>,
    /// A second school.
    pub second: Option<Seat>,
    /// A second job at the same school.
    pub also: Option<Job>,
    /// Names.
    pub name: Name,
    /// Edge cases.
    pub tags: Tags,
    /// Employee number, five digits.
    pub number: String,
}

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Principal of a school.
    Principal,
    /// School technician.
    Technician,
    /// Counselor.
    Counselor,
    /// Teacher.
    Teacher,
    /// Assistant principal.
    AssistantPrincipal,
    /// Media specialist.
    MediaSpecialist,
    /// Teacher's aide.
    Aide,
    /// Proctor.
    Proctor,
    /// Works for the district.
    DistrictAdministrator,
    /// Runs the district's systems.
    SystemAdministrator,
    /// Bus, kitchen, building.
    Other,
}

/// Employees by job at full scale.
pub const JOBS: &[(Job, usize)] = &[
    (Job::Principal, 64),
    (Job::Technician, 70),
    (Job::Counselor, 190),
    (Job::Teacher, 3_260),
    (Job::AssistantPrincipal, 180),
    (Job::MediaSpecialist, 64),
    (Job::Aide, 1_140),
    (Job::Proctor, 20),
    (Job::DistrictAdministrator, 60),
    (Job::SystemAdministrator, 12),
    (Job::Other, 2_040),
];

/// Employees at full scale.
pub const STAFF: usize = 7_100;

impl Job {
    /// The role word of 1.2.
    pub const fn role_1p2(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Technician => "ext:technician",
            Self::Counselor => "counselor",
            Self::Teacher => "teacher",
            Self::AssistantPrincipal => "siteAdministrator",
            Self::MediaSpecialist | Self::Aide | Self::Other => "aide",
            Self::Proctor => "proctor",
            Self::DistrictAdministrator => "districtAdministrator",
            Self::SystemAdministrator => "systemAdministrator",
        }
    }

    /// The role word of 1.1.
    pub const fn role_1p1(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::MediaSpecialist | Self::Aide | Self::Other | Self::Counselor => "aide",
            Self::Technician => "ext:technician",
            Self::Proctor => "proctor",
            _ => "administrator",
        }
    }

    /// The letter before an internal number in 1.1.
    pub const fn letter(self) -> char {
        match self {
            Self::Teacher => 't',
            _ => 'a',
        }
    }

    const fn in_district_office(self) -> bool {
        matches!(
            self,
            Self::DistrictAdministrator | Self::SystemAdministrator
        )
    }
}

/// All employees of the full district. The first three are a principal, a technician and a counselor, so that even the
/// smallest district has one of each.
pub fn plan(seed: u64) -> Vec<Employee> {
    let mut jobs: Vec<(Job, usize)> = JOBS
        .iter()
        .flat_map(|(job, count)| (0..*count).map(|turn| (*job, turn)))
        .collect();
    Dice::new(seed, "staff-order", 0).shuffle(&mut jobs);
    for (place, job) in [Job::Principal, Job::Technician, Job::Counselor]
        .into_iter()
        .enumerate()
    {
        if let Some(at) = jobs.iter().position(|found| *found == (job, 0)) {
            jobs.swap(place, at);
        }
    }
    let marks = Marks::new(seed, &jobs);
    let mut staff: Vec<Employee> = Vec::with_capacity(jobs.len());
    for (row, (job, turn)) in jobs.into_iter().enumerate() {
        let employee = employee(seed, row, job, turn, &marks);
        staff.push(employee);
    }
    for (leader, other) in &marks.namesakes {
        let name = staff.get(*leader).map(|leader| leader.name.clone());
        if let (Some(name), Some(other)) = (name, staff.get_mut(*other)) {
            other.name.given = name.given;
            other.name.family = name.family;
        }
    }
    staff
}

/// Who has which edge case, by row.
struct Marks {
    forms: Vec<Option<Tag>>,
    tags: Vec<Tags>,
    namesakes: Vec<(usize, usize)>,
}

impl Marks {
    fn new(seed: u64, jobs: &[(Job, usize)]) -> Self {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        let mut dice = Dice::new(seed, "staff-marks", 0);
        dice.shuffle(&mut order);
        let mut marks = Self {
            forms: vec![None; jobs.len()],
            tags: vec![Tags::default(); jobs.len()],
            namesakes: Vec::new(),
        };
        for at in order.iter().rev().take(tags::NO_MIDDLE.1) {
            marks.add(*at, Tag::NoMiddle);
        }
        // Namesakes first: they keep plain names.
        let mut next = order.into_iter();
        let pairs = [
            (tags::SAME_NAME_SCHOOL.1, Tag::SameNameSchool),
            (tags::SAME_NAME_DISTRICT.1 / 2, Tag::SameNameDistrict),
        ];
        for (count, tag) in pairs {
            for _ in 0..count {
                if let (Some(one), Some(two)) = (next.next(), next.next()) {
                    marks.add(one, tag);
                    marks.add(two, tag);
                    marks.namesakes.push((one, two));
                }
            }
        }
        for (tag, _, count) in FORMS {
            for at in next.by_ref().take(*count) {
                marks.add(at, *tag);
                if let Some(form) = marks.forms.get_mut(at) {
                    *form = Some(*tag);
                }
            }
        }
        let works_at_school = |at: &usize| {
            jobs.get(*at).is_some_and(|(job, turn)| {
                !job.in_district_office() && seat(*job, *turn).level != Level::Special
            })
        };
        let teaches = |at: &usize| jobs.get(*at).is_some_and(|(job, _)| *job == Job::Teacher);
        let rest: Vec<usize> = next.collect();
        for at in rest
            .iter()
            .copied()
            .filter(works_at_school)
            .take(tags::PARENTS)
        {
            marks.add(at, Tag::ParentOnStaff);
        }
        let later = rest.iter().rev().copied();
        for at in later.clone().filter(teaches).take(tags::TWO_ROLES) {
            marks.add(at, Tag::TwoRoles);
        }
        for at in later.filter(works_at_school).take(tags::TWO_SCHOOLS.1) {
            marks.add(at, Tag::TwoSchools);
        }
        marks
    }

    fn add(&mut self, at: usize, tag: Tag) {
        if let Some(tags) = self.tags.get_mut(at) {
            tags.add(tag);
        }
    }
}

fn employee(seed: u64, row: usize, job: Job, turn: usize, marks: &Marks) -> Employee {
    let mut dice = Dice::new(seed, "staff", row as u64);
    let form = marks.forms.get(row).copied().flatten();
    let tags = marks.tags.get(row).copied().unwrap_or_default();
    let origin = form
        .and_then(|form| origin_of_form(form, row))
        .unwrap_or_else(|| draw_origin(&mut dice));
    let sex = if dice.percent(70) {
        Sex::Female
    } else {
        Sex::Male
    };
    let mut name = names::name(&mut dice, origin, sex, form);
    let middle = names::middle(&mut dice, origin, sex);
    if !tags.has(Tag::NoMiddle) {
        name.middle = Some(middle);
    }
    let seat = (!job.in_district_office()).then(|| seat(job, turn));
    let second = seat.filter(|_| tags.has(Tag::TwoSchools)).map(|seat| Seat {
        rank: seat.rank + 1,
        ..seat
    });
    Employee {
        row,
        job,
        seat,
        second,
        also: tags.has(Tag::TwoRoles).then_some(Job::AssistantPrincipal),
        name,
        tags,
        number: number(seed, row),
    }
}

/// Places in turn: as many as the schools of each kind need.
fn seat(job: Job, turn: usize) -> Seat {
    let at = match job {
        // One for each school, in its order.
        Job::Principal | Job::Technician | Job::MediaSpecialist => turn % 64,
        // The others follow the students: about half in elementary schools.
        _ => match turn % 100 {
            0..46 => (turn / 100 * 46 + turn % 100) % 36,
            46..69 => 36 + (turn / 100 * 23 + turn % 100 - 46) % 15,
            69..99 => 51 + (turn / 100 * 30 + turn % 100 - 69) % 11,
            _ => 62 + (turn / 100) % 2,
        },
    };
    let (level, rank) = match at {
        0..36 => (Level::Elementary, at),
        36..51 => (Level::Middle, at - 36),
        51..62 => (Level::High, at - 51),
        _ => (Level::Special, at - 62),
    };
    Seat { level, rank }
}

fn draw_origin(dice: &mut Dice) -> Origin {
    let mut roll = dice.place(100);
    for origin in Origin::ALL {
        if roll < origin.percent() {
            return origin;
        }
        roll -= origin.percent();
    }
    Origin::English
}

/// Five digits.
fn number(seed: u64, row: usize) -> String {
    let start = Dice::new(seed, "staff-number", 0).below(90_000);
    format!("{}", 10_000 + (row as u64 * 53_333 + start) % 90_000)
}

/// A new employee who comes later: a teacher.
pub fn arrival(seed: u64, row: usize) -> Employee {
    let marks = Marks {
        forms: Vec::new(),
        tags: Vec::new(),
        namesakes: Vec::new(),
    };
    employee(seed, row, Job::Teacher, row, &marks)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_quotas_are_exact_at_full_scale() {
        let staff = plan(7);
        assert_eq!(staff.len(), STAFF);
        let count = |tag| staff.iter().filter(|one| one.tags.has(tag)).count();
        for (tag, _, expect) in FORMS {
            assert_eq!(count(*tag), *expect, "{tag:?}");
        }
        for (tag, expect) in [
            (Tag::NoMiddle, 2_000),
            (Tag::SameNameSchool, 20),
            (Tag::SameNameDistrict, 120),
            (Tag::ParentOnStaff, 250),
            (Tag::TwoRoles, 300),
            (Tag::TwoSchools, 450),
        ] {
            assert_eq!(count(tag), expect, "{tag:?}");
        }
        let numbers: HashSet<&str> = staff.iter().map(|one| &*one.number).collect();
        assert_eq!(numbers.len(), STAFF);
        assert!(staff.iter().all(|one| one.number.len() == 5));
        let jobs: Vec<Job> = staff.iter().take(3).map(|one| one.job).collect();
        assert_eq!(jobs, [Job::Principal, Job::Technician, Job::Counselor]);
        assert_eq!(JOBS.iter().map(|(_, count)| count).sum::<usize>(), STAFF);
    }
}
