//! The students of the full district. The whole plan is made at full scale and cut after so many, so that a smaller district
//! is the beginning of a larger one.

use chrono::{Days, NaiveDate};

use super::dice::Dice;
use super::names::{self, Name, Origin, Sex, TWINS};
use super::schools::{GRADES, Level, STUDENTS, Seat};
use super::tags::{self, FORMS, Tag, Tags};

/// One student.
#[derive(Clone, Debug)]
pub struct Student {
    /// Row, from 0.
    pub row: usize,
    /// Position in [`GRADES`].
    pub grade: usize,
    /// School.
    pub seat: Seat,
    /// A second school.
    pub second: Option<Seat>,
    /// Names.
    pub name: Name,
    /// For the demographics file.
    pub sex: Sex,
    /// Birth date.
    pub birth: NaiveDate,
    /// Edge cases.
    pub tags: Tags,
    /// Student number, seven digits.
    pub number: String,
    /// The employee who is a parent, by row.
    pub parent: Option<usize>,
}

/// A place for a student, before the student has a row.
#[derive(Clone, Debug)]
struct Draft {
    grade: usize,
    seat: Seat,
    origin: Origin,
    form: Option<Tag>,
    tags: Tags,
    parent: Option<usize>,
    leading_zero: bool,
}

/// Students who belong together, and why.
#[derive(Debug)]
struct Group {
    members: Vec<usize>,
    tag: Option<Tag>,
}

/// All students of the full district. `parents` are the seats of employees with a child, by their row.
pub fn plan(seed: u64, year: i32, parents: &[(usize, Seat)]) -> Vec<Student> {
    let mut drafts = seats();
    let mut pool = Pool::new(seed, &drafts);
    let mut groups = pool.groups(&drafts);
    pool.parents(parents, &mut drafts, &mut groups);
    let singles = pool.rest();
    give_forms(&mut drafts, &singles);
    give_origins(&mut drafts, &groups, &singles);
    give_marks(seed, &mut drafts);
    for group in &groups {
        for member in &group.members {
            if let (Some(draft), Some(tag)) = (drafts.get_mut(*member), group.tag) {
                draft.tags.add(tag);
            }
        }
    }
    groups.extend(singles.into_iter().map(|member| Group {
        members: vec![member],
        tag: None,
    }));
    Dice::new(seed, "student-order", 0).shuffle(&mut groups);
    let mut students = Vec::with_capacity(STUDENTS);
    for group in &groups {
        let first = students.len();
        for (at, member) in group.members.iter().enumerate() {
            if let Some(draft) = drafts.get(*member) {
                let mut student = student(seed, year, first + at, draft);
                relate(seed, group.tag, at, students.get(first), &mut student);
                students.push(student);
            }
        }
    }
    students
}

/// Every place of the full district: schools get the same number of each of their grades, but for the special ones.
fn seats() -> Vec<Draft> {
    let mut drafts = Vec::with_capacity(STUDENTS);
    for (grade, (_, count)) in GRADES.iter().enumerate() {
        let level = Level::of_grade(grade);
        for at in 0..*count {
            let seat = if grade >= 7 && at % 97 == 3 {
                (Level::Special, 0)
            } else if at % 211 == 5 {
                (Level::Special, 1)
            } else {
                (level, at % level.schools())
            };
            drafts.push(Draft {
                grade,
                seat: Seat {
                    level: seat.0,
                    rank: seat.1,
                },
                origin: Origin::English,
                form: None,
                tags: Tags::default(),
                parent: None,
                leading_zero: false,
            });
        }
    }
    drafts
}

/// Places that are still free, in a random order, by school and grade.
struct Pool {
    /// Free places of each cohort (school and grade).
    cohorts: Vec<(Seat, usize, Vec<usize>)>,
    dice: Dice,
}

impl Pool {
    fn new(seed: u64, drafts: &[Draft]) -> Self {
        let mut dice = Dice::new(seed, "student-groups", 0);
        let mut order: Vec<usize> = (0..drafts.len()).collect();
        dice.shuffle(&mut order);
        let mut by_cohort = std::collections::BTreeMap::<(Seat, usize), Vec<usize>>::new();
        for at in order {
            if let Some(draft) = drafts.get(at) {
                by_cohort.entry((draft.seat, draft.grade)).or_default().push(at);
            }
        }
        let cohorts = by_cohort
            .into_iter()
            .map(|((seat, grade), free)| (seat, grade, free))
            .collect();
        Self { cohorts, dice }
    }

    /// Takes `count` free places of one random cohort that is no special school's.
    fn from_one(&mut self, count: usize) -> Vec<usize> {
        loop {
            let at = self.dice.place(self.cohorts.len());
            if let Some((seat, _, free)) = self.cohorts.get_mut(at)
                && seat.level != Level::Special
                && free.len() > count + 10
            {
                return free.split_off(free.len() - count);
            }
        }
    }

    /// Takes a free place of a random cohort that `fits`, beside `other`.
    fn partner(&mut self, fits: impl Fn(Seat, usize) -> bool) -> Option<usize> {
        for _ in 0..10_000 {
            let at = self.dice.place(self.cohorts.len());
            if let Some((seat, grade, free)) = self.cohorts.get_mut(at)
                && seat.level != Level::Special
                && free.len() > 10
                && fits(*seat, *grade)
            {
                return free.pop();
            }
        }
        None
    }

    /// Twins, triplets, namesakes, brothers and sisters, students of two schools.
    fn groups(&mut self, drafts: &[Draft]) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut push = |members, tag| {
            groups.push(Group {
                members,
                tag: Some(tag),
            });
        };
        for _ in 0..tags::TRIPLETS {
            push(self.from_one(3), Tag::Triplet);
        }
        for _ in 0..tags::TWINS {
            push(self.from_one(2), Tag::Twin);
        }
        let of = |at: &[usize]| {
            let draft = at.first().and_then(|at| drafts.get(*at));
            draft.map(|draft| (draft.seat, draft.grade))
        };
        let pairs = [
            (tags::SAME_NAME_SCHOOL.0, Tag::SameNameSchool),
            (tags::SAME_NAME_DISTRICT.0 / 2, Tag::SameNameDistrict),
            (tags::SIBLINGS / 2, Tag::Sibling),
        ];
        for (count, tag) in pairs {
            for _ in 0..count {
                let mut members = self.from_one(1);
                let Some((seat, grade)) = of(&members) else {
                    continue;
                };
                let fits = |other: Seat, other_grade: usize| match tag {
                    Tag::SameNameDistrict => other != seat,
                    _ => other == seat && other_grade != grade,
                };
                members.extend(self.partner(fits));
                push(members, tag);
            }
        }
        for _ in 0..tags::TWO_SCHOOLS.0 {
            push(self.from_one(1), Tag::TwoSchools);
        }
        groups
    }

    /// Children of employees of their school.
    fn parents(
        &mut self,
        parents: &[(usize, Seat)],
        drafts: &mut [Draft],
        groups: &mut Vec<Group>,
    ) {
        for (row, seat) in parents {
            let Some(at) = self.partner(|other, _| other == *seat) else {
                continue;
            };
            if let Some(draft) = drafts.get_mut(at) {
                draft.parent = Some(*row);
            }
            groups.push(Group {
                members: vec![at],
                tag: Some(Tag::ParentOnStaff),
            });
        }
    }

    /// All that are left, in a random order.
    fn rest(mut self) -> Vec<usize> {
        let mut rest: Vec<usize> = self.cohorts.into_iter().flat_map(|(.., free)| free).collect();
        self.dice.shuffle(&mut rest);
        rest
    }
}

/// Forms of names, each to the next so many.
fn give_forms(drafts: &mut [Draft], singles: &[usize]) {
    let mut next = singles.iter();
    for (tag, count, _) in FORMS {
        for at in next.by_ref().take(*count) {
            if let Some(draft) = drafts.get_mut(*at) {
                draft.form = Some(*tag);
                draft.tags.add(*tag);
            }
        }
    }
}

/// The origin that a form asks for, in turn.
pub fn origin_of_form(form: Tag, turn: usize) -> Option<Origin> {
    Some(match form {
        Tag::TwoFamilyNames => Origin::Spanish,
        Tag::AccentsKept | Tag::AccentsLost => match turn % 31 {
            0..=5 => Origin::Vietnamese,
            6 => Origin::French,
            _ => Origin::Spanish,
        },
        Tag::Decomposed => Origin::Vietnamese,
        Tag::Hyphenated
        | Tag::Particle
        | Tag::Apostrophe
        | Tag::CurlyApostrophe
        | Tag::SuffixInFamily
        | Tag::SuffixInGiven
        | Tag::CompoundGiven
        | Tag::ShortFamily
        | Tag::MixedScripts => Origin::English,
        _ => return None,
    })
}

/// Origins: those that forms ask for, then whatever the mixture still lacks. People of one family have one.
fn give_origins(drafts: &mut [Draft], groups: &[Group], singles: &[usize]) {
    let mut left: Vec<(Origin, usize)> = Origin::ALL
        .into_iter()
        .map(|origin| (origin, STUDENTS * origin.percent() / 100))
        .collect();
    let mut take = |origin: Origin, count: usize| {
        for (one, left) in &mut left {
            if *one == origin {
                *left = left.saturating_sub(count);
            }
        }
    };
    let mut open = Vec::new();
    for (turn, at) in singles.iter().enumerate() {
        let Some(draft) = drafts.get_mut(*at) else {
            continue;
        };
        match draft.form.and_then(|form| origin_of_form(form, turn)) {
            Some(origin) => {
                draft.origin = origin;
                take(origin, 1);
            }
            None => open.push(vec![*at]),
        }
    }
    for group in groups {
        match group.tag {
            Some(Tag::Twin | Tag::Triplet) => take(Origin::English, group.members.len()),
            _ => open.push(group.members.clone()),
        }
    }
    // Largest families first, so that the last places fit exactly.
    open.sort_by_key(|members| std::cmp::Reverse(members.len()));
    for (turn, members) in open.into_iter().enumerate() {
        let fits = |(_, left): &&mut (Origin, usize)| *left >= members.len();
        // In turn, weighted by what is left: the origin with the most places every other time.
        let chosen = if turn % 2 == 0 {
            left.iter_mut().filter(|one| fits(one)).max_by_key(|(_, left)| *left)
        } else {
            let skip = turn % 5;
            left.iter_mut().filter(|one| fits(one)).cycle_once(skip)
        };
        if let Some((origin, left)) = chosen {
            *left -= members.len();
            for at in members {
                if let Some(draft) = drafts.get_mut(at) {
                    draft.origin = *origin;
                }
            }
        }
    }
}

/// An iterator's item after skipping some, from the start again if need be.
trait CycleOnce: Iterator + Sized {
    fn cycle_once(self, skip: usize) -> Option<Self::Item> {
        let mut items: Vec<Self::Item> = self.collect();
        if items.is_empty() {
            return None;
        }
        let at = skip % items.len();
        Some(items.swap_remove(at))
    }
}

impl<I: Iterator> CycleOnce for I {}

/// Missing middle names and leading zeros.
fn give_marks(seed: u64, drafts: &mut [Draft]) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    Dice::new(seed, "student-marks", 0).shuffle(&mut order);
    for at in order.iter().take(tags::NO_MIDDLE.0) {
        if let Some(draft) = drafts.get_mut(*at) {
            draft.tags.add(Tag::NoMiddle);
        }
    }
    for at in order.iter().rev().take(STUDENTS * 12 / 100) {
        if let Some(draft) = drafts.get_mut(*at) {
            draft.leading_zero = true;
        }
    }
}

fn student(seed: u64, year: i32, row: usize, draft: &Draft) -> Student {
    let mut dice = Dice::new(seed, "student", row as u64);
    let sex = if dice.percent(50) { Sex::Female } else { Sex::Male };
    let mut name = names::name(&mut dice, draft.origin, sex, draft.form);
    let middle = names::middle(&mut dice, draft.origin, sex);
    if !draft.tags.has(Tag::NoMiddle) {
        name.middle = Some(middle);
    }
    let birth = birth_date(&mut dice, year, draft.grade);
    let second = draft.tags.has(Tag::TwoSchools).then_some(Seat {
        level: draft.seat.level,
        rank: draft.seat.rank + 1,
    });
    Student {
        row,
        grade: draft.grade,
        seat: draft.seat,
        second,
        name,
        sex,
        birth,
        tags: draft.tags,
        number: number(seed, row, draft.leading_zero),
        parent: draft.parent,
    }
}

/// A new student who arrives later; rows go on after those of the full district.
pub fn arrival(seed: u64, year: i32, row: usize, place: Option<(usize, Seat)>) -> Student {
    let mut dice = Dice::new(seed, "arrival", row as u64);
    let (grade, seat) = place.unwrap_or_else(|| {
        let grade = dice.place(GRADES.len());
        let level = Level::of_grade(grade);
        let rank = dice.place(level.schools());
        (grade, Seat { level, rank })
    });
    let draft = Draft {
        grade,
        seat,
        origin: Origin::English,
        form: None,
        tags: Tags::default(),
        parent: None,
        leading_zero: false,
    };
    student(seed, year, row, &draft)
}

/// Born so that the first of September meets the grade's age.
fn birth_date(dice: &mut Dice, year: i32, grade: usize) -> NaiveDate {
    let age = 4 + i32::try_from(grade).unwrap_or_default();
    let latest = NaiveDate::from_ymd_opt(year - age, 9, 1).unwrap_or_default();
    latest
        .checked_sub_days(Days::new(dice.below(365)))
        .unwrap_or(latest)
}

/// Seven digits that no other student has, and that are no employee's as an integer.
fn number(seed: u64, row: usize, leading_zero: bool) -> String {
    let spread = |modulus: u64, step: u64| {
        let start = Dice::new(seed, "student-number", modulus).below(modulus);
        (row as u64 * step + start) % modulus
    };
    if leading_zero {
        format!("{:07}", 100_000 + spread(900_000, 533_333))
    } else {
        format!("{:07}", 1_000_000 + spread(9_000_000, 5_333_333))
    }
}

/// Makes relatives of the members of a group.
fn relate(seed: u64, tag: Option<Tag>, at: usize, first: Option<&Student>, student: &mut Student) {
    let Some(tag) = tag else { return };
    let leader = first.map_or_else(|| student.clone(), Clone::clone);
    match tag {
        Tag::Twin | Tag::Triplet => {
            let mut dice = Dice::new(seed, "twins", leader.row as u64);
            if let Some((sex, given)) = dice.pick(TWINS) {
                student.sex = *sex;
                if let Some(name) = given.get(at) {
                    (*name).clone_into(&mut student.name.given);
                }
            }
            student.name.family.clone_from(&leader.name.family);
            student.birth = leader.birth;
        }
        Tag::SameNameSchool | Tag::SameNameDistrict => {
            student.name.given.clone_from(&leader.name.given);
            student.name.family.clone_from(&leader.name.family);
            student.sex = leader.sex;
        }
        Tag::Sibling => student.name.family.clone_from(&leader.name.family),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_quotas_are_exact_at_full_scale() {
        let parents: Vec<(usize, Seat)> = (0..250)
            .map(|row| {
                let level = Level::Elementary;
                (row, Seat { level, rank: row % 36 })
            })
            .collect();
        let students = plan(7, 2026, &parents);
        assert_eq!(students.len(), STUDENTS);
        let count = |tag| students.iter().filter(|student| student.tags.has(tag)).count();
        for (tag, expect, _) in FORMS {
            assert_eq!(count(*tag), *expect, "{tag:?}");
        }
        for (tag, expect) in [
            (Tag::NoMiddle, 14_000),
            (Tag::SameNameSchool, 120),
            (Tag::SameNameDistrict, 1_400),
            (Tag::Twin, 180),
            (Tag::Triplet, 18),
            (Tag::Sibling, 6_000),
            (Tag::ParentOnStaff, 250),
            (Tag::TwoSchools, 180),
        ] {
            assert_eq!(count(tag), expect, "{tag:?}");
        }
        for (grade, (_, expect)) in GRADES.iter().enumerate() {
            let found = students.iter().filter(|student| student.grade == grade).count();
            assert_eq!(found, *expect);
        }
        let numbers: HashSet<&str> = students.iter().map(|student| &*student.number).collect();
        assert_eq!(numbers.len(), STUDENTS);
        let zeros = students.iter().filter(|student| student.number.starts_with('0')).count();
        assert_eq!(zeros, 6_240);
        assert!(students.iter().all(|student| student.number.len() == 7));
        assert!(students.iter().enumerate().all(|(at, student)| at == student.row));
        let twins: Vec<&Student> =
            students.iter().filter(|student| student.tags.has(Tag::Twin)).collect();
        for pair in twins.chunks(2) {
            assert_eq!(pair[0].birth, pair[1].birth);
            assert_eq!(pair[0].seat, pair[1].seat);
            assert_eq!(pair[0].name.family, pair[1].name.family);
            assert_ne!(pair[0].name.given, pair[1].name.given);
        }
        let marked = |tag, ascii| {
            let of = students.iter().filter(|student| student.tags.has(tag));
            of.clone().all(|s| format!("{}{}", s.name.given, s.name.family).is_ascii() == ascii)
        };
        assert!(marked(Tag::AccentsKept, false) && marked(Tag::AccentsLost, true));
    }
}
