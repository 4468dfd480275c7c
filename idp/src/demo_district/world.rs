//! The district on a day: everybody as they were at first, and ten school days of changes.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike as _, NaiveDate};

use super::Spec;
use super::dice::Dice;
use super::names;
use super::schools::{GRADES, Level, STUDENTS, Schools, Seat, scaled};
use super::staff::{self, Employee, STAFF};
use super::students::{self, Student};
use super::tags::Tag;

/// Rows of students who arrive on day `d` begin at `ARRIVALS + 1000 d`; those of the next year at `NEXT_YEAR`.
const ARRIVALS: usize = 60_000;
const NEXT_YEAR: usize = 100_000;
/// Where the numbers of renumbered students are taken from.
const RENUMBERED: usize = 4_000_000;

/// A student with what changes from day to day.
#[derive(Clone, Debug)]
pub struct Pupil {
    /// The person.
    pub student: Student,
    /// At a school of the district today.
    pub enrolled: bool,
    /// Place within the cohort, for sections.
    pub place: usize,
}

/// An employee with what changes.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The person.
    pub employee: Employee,
    /// Works here today.
    pub employed: bool,
}

/// The district on a day.
#[derive(Clone, Debug)]
pub struct World {
    /// What was asked for.
    pub spec: Spec,
    /// Its schools.
    pub schools: Schools,
    /// The year in which the school year begins.
    pub year: i32,
    /// Students in the order of arrival.
    pub pupils: Vec<Pupil>,
    /// Employees in the order of arrival.
    pub workers: Vec<Worker>,
    /// Sections of each school (by position) and grade, made at the beginning of a year.
    pub sections: BTreeMap<(usize, usize), usize>,
    /// The school that a bad export left out.
    pub missing: Option<usize>,
}

impl World {
    /// The district on the spec's day.
    pub fn at(spec: &Spec) -> Self {
        let mut world = Self::first_day(spec);
        for day in 1..=spec.day {
            world.next_day(day);
        }
        // Day 7 is a bad export: the students of one school are not in it.
        world.missing = (spec.day == 7).then(|| world.largest_school());
        world
    }

    fn first_day(spec: &Spec) -> Self {
        let year = school_year(spec.as_of);
        let mut employees = staff::plan(spec.seed);
        let parents: Vec<(usize, Seat)> = employees
            .iter()
            .filter(|one| one.tags.has(Tag::ParentOnStaff))
            .filter_map(|one| Some((one.row, one.seat?)))
            .collect();
        let most = scaled(STUDENTS, spec.scale);
        let (students, families) = students::plan(spec.seed, year, &parents, most);
        for (row, family) in families {
            if let Some(parent) = employees.get_mut(row) {
                parent.name.family = family;
            }
        }
        employees.truncate(scaled(STAFF, spec.scale));
        let mut world = Self {
            spec: spec.clone(),
            schools: Schools::at(spec.scale),
            year,
            pupils: students.into_iter().map(pupil).collect(),
            workers: employees.into_iter().map(worker).collect(),
            sections: BTreeMap::new(),
            missing: None,
        };
        world.make_sections();
        world
    }

    /// Students in a bulk export of the day.
    pub fn exported(&self) -> impl Iterator<Item = &Pupil> {
        self.pupils.iter().filter(|pupil| {
            pupil.enrolled
                && self
                    .missing
                    .is_none_or(|missing| self.school_of(pupil) != missing)
        })
    }

    /// Employees of the day.
    pub fn employed(&self) -> impl Iterator<Item = &Employee> {
        self.workers
            .iter()
            .filter(|worker| worker.employed)
            .map(|worker| &worker.employee)
    }

    /// The position of a pupil's school.
    pub fn school_of(&self, pupil: &Pupil) -> usize {
        self.schools.position(pupil.student.seat)
    }

    /// So many at full scale, at this one.
    fn count(&self, full: usize) -> usize {
        scaled(full, self.spec.scale)
    }

    fn next_day(&mut self, day: u32) {
        let mut dice = Dice::new(self.spec.seed, "day", day.into());
        self.returns(day);
        self.withdraw(day, &mut dice);
        self.arrive(day);
        self.transfer(&mut dice);
        self.correct_names(day, &mut dice);
        self.change_staff(day, &mut dice);
        match day {
            5 => self.renumber(),
            10 => self.roll_over(),
            _ => {}
        }
    }

    /// A random student who is here, and whom no edge case ties to another.
    fn anybody(&self, dice: &mut Dice) -> usize {
        let tied = [
            Tag::Twin,
            Tag::Triplet,
            Tag::Sibling,
            Tag::SameNameSchool,
            Tag::SameNameDistrict,
        ];
        for _ in 0..1000 {
            let at = dice.place(self.pupils.len());
            if self.pupils.get(at).is_some_and(|pupil| {
                pupil.enrolled && !tied.iter().any(|tag| pupil.student.tags.has(*tag))
            }) {
                return at;
            }
        }
        0
    }

    /// Five of those who left on earlier days come back.
    fn returns(&mut self, _day: u32) {
        let mut left = self.count(5);
        for pupil in &mut self.pupils {
            if !pupil.enrolled && left > 0 {
                pupil.enrolled = true;
                left -= 1;
            }
        }
    }

    fn withdraw(&mut self, day: u32, dice: &mut Dice) {
        // Nobody leaves on the first day who would be the only one to return on the second.
        let extra = usize::from(day == 1) * self.count(5);
        for _ in 0..self.count(20) + extra {
            let at = self.anybody(dice);
            if let Some(pupil) = self.pupils.get_mut(at) {
                pupil.enrolled = false;
            }
        }
    }

    fn arrive(&mut self, day: u32) {
        for at in 0..self.count(25) {
            let row = ARRIVALS + day as usize * 1000 + at;
            self.add(row, None);
        }
    }

    fn add(&mut self, row: usize, place: Option<(usize, Seat)>) {
        let student = students::arrival(self.spec.seed, self.year, row, place);
        let mut pupil = pupil(student);
        pupil.place = Dice::new(self.spec.seed, "place", row as u64).place(1000);
        self.pupils.push(pupil);
    }

    fn transfer(&mut self, dice: &mut Dice) {
        for _ in 0..self.count(15) {
            let at = self.anybody(dice);
            let step = 1 + dice.place(5);
            if let Some(pupil) = self.pupils.get_mut(at)
                && pupil.student.seat.level != Level::Special
            {
                pupil.student.seat.rank += step;
                pupil.place = dice.place(1000);
            }
        }
    }

    fn correct_names(&mut self, day: u32, dice: &mut Dice) {
        for turn in 0..self.count(10) {
            let at = self.anybody(dice);
            let mut own = Dice::new(
                self.spec.seed,
                "correction",
                u64::from(day) * 1000 + turn as u64,
            );
            let other = names::family(&mut own, names::Origin::English);
            let Some(pupil) = self.pupils.get_mut(at) else {
                continue;
            };
            let name = &mut pupil.student.name;
            match turn % 3 {
                0 => name.family = format!("{}-{other}", name.family.trim()),
                1 => name.middle = Some(other),
                _ => name.family = other,
            }
        }
    }

    fn change_staff(&mut self, day: u32, dice: &mut Dice) {
        for _ in 0..self.count(2) {
            // The first ones stay: the demo names them.
            let at = 10 + dice.place(self.workers.len().saturating_sub(10));
            if let Some(worker) = self.workers.get_mut(at) {
                worker.employed = false;
            }
        }
        for at in 0..self.count(3) {
            let row = 8_000 + day as usize * 10 + at;
            let employee = staff::arrival(self.spec.seed, row);
            self.workers.push(worker(employee));
        }
    }

    /// One high school gets new student numbers; some of them are the old ones of others.
    fn renumber(&mut self) {
        let school = self.schools.position(Seat {
            level: Level::High,
            rank: 0,
        });
        let most = self.count(250);
        let members: Vec<usize> = (0..self.pupils.len())
            .filter(|at| {
                self.pupils
                    .get(*at)
                    .is_some_and(|pupil| pupil.enrolled && self.school_of(pupil) == school)
            })
            .take(most)
            .collect();
        let old: Vec<String> = members
            .iter()
            .filter_map(|at| Some(self.pupils.get(*at)?.student.number.clone()))
            .collect();
        let reused = self.count(20).min(members.len() / 2);
        for (turn, at) in members.iter().enumerate() {
            let taken = old
                .len()
                .checked_sub(1 + turn)
                .and_then(|last| old.get(last));
            let Some(pupil) = self.pupils.get_mut(*at) else {
                continue;
            };
            pupil.student.number = match taken {
                Some(number) if turn < reused => number.clone(),
                _ => students::number(self.spec.seed, RENUMBERED + pupil.student.row, false),
            };
        }
    }

    /// The next school year: everybody one grade up, the last grade leaves, the first ones come.
    fn roll_over(&mut self) {
        self.year += 1;
        let last = GRADES.len() - 1;
        for pupil in &mut self.pupils {
            let student = &mut pupil.student;
            if student.grade == last {
                pupil.enrolled = false;
                continue;
            }
            student.grade += 1;
            student.second = None;
            let level = Level::of_grade(student.grade);
            if student.seat.level != Level::Special && student.seat.level != level {
                student.seat = Seat {
                    level,
                    rank: student.seat.rank % level.schools(),
                };
            }
        }
        let (pk, kg) = (self.count(1_340), self.count(2_150));
        for at in 0..pk + kg {
            let seat = Seat {
                level: Level::Elementary,
                rank: at % Level::Elementary.schools(),
            };
            self.add(NEXT_YEAR + at, Some((usize::from(at >= pk), seat)));
        }
        self.make_sections();
    }

    /// Divides every grade of every school into sections, and gives everybody a place.
    fn make_sections(&mut self) {
        let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let schools = &self.schools;
        for pupil in self.pupils.iter_mut().filter(|pupil| pupil.enrolled) {
            let cohort = (schools.position(pupil.student.seat), pupil.student.grade);
            let count = counts.entry(cohort).or_default();
            pupil.place = *count;
            *count += 1;
        }
        self.sections = counts
            .into_iter()
            .map(|((school, grade), count)| {
                let size = if grade < 7 { 22 } else { 28 };
                ((school, grade), usize::div_ceil(count, size))
            })
            .collect();
    }

    /// The school with the most students here today.
    fn largest_school(&self) -> usize {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for pupil in self.pupils.iter().filter(|pupil| pupil.enrolled) {
            *counts.entry(self.school_of(pupil)).or_default() += 1;
        }
        counts
            .into_iter()
            .max_by_key(|(school, count)| (*count, std::cmp::Reverse(*school)))
            .map(|(school, _)| school)
            .unwrap_or_default()
    }

    /// All numbers in use.
    pub fn numbers(&self) -> HashSet<&str> {
        let students = self.pupils.iter().map(|pupil| &*pupil.student.number);
        let staff = self.workers.iter().map(|worker| &*worker.employee.number);
        students.chain(staff).collect()
    }
}

fn pupil(student: Student) -> Pupil {
    Pupil {
        student,
        enrolled: true,
        place: 0,
    }
}

fn worker(employee: Employee) -> Worker {
    Worker {
        employee,
        employed: true,
    }
}

/// The year in which the school year of a day begins; school years go from August to July.
pub fn school_year(day: NaiveDate) -> i32 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}
