//! The students of the full district. The whole plan is made at full scale and cut after so many, so that a smaller district
//! is the beginning of a larger one.

use chrono::{Days, NaiveDate};

use super::dice::Dice;
use super::drafts::{Draft, Group, Pool, give_forms, give_marks, give_origins, seats};
use super::names::{self, Name, Origin, Sex, TWINS};
use super::schools::{GRADES, Level, Seat};
use super::tags::{Tag, Tags};

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
}

/// The first `most` students of the full district, and the family names of employees by row: their children's. `parents` are the
/// seats of employees with a child, by their row.
pub fn plan(
    seed: u64,
    year: i32,
    parents: &[(usize, Seat)],
    most: usize,
) -> (Vec<Student>, Vec<(usize, String)>) {
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
    let mut students = Vec::with_capacity(most);
    let mut families = Vec::new();
    let mut row = 0;
    for group in &groups {
        let first = row;
        for (at, member) in group.members.iter().enumerate() {
            if let Some(draft) = drafts.get(*member) {
                // Beyond the last row only the parents' names matter: they must not change with the scale.
                if row < most || draft.parent.is_some() {
                    let mut student = student(seed, year, row, draft);
                    relate(seed, group.tag, at, students.get(first), &mut student);
                    families.extend(
                        draft
                            .parent
                            .map(|parent| (parent, student.name.family.clone())),
                    );
                    if row < most {
                        students.push(student);
                    }
                }
                row += 1;
            }
        }
    }
    (students, families)
}

fn student(seed: u64, year: i32, row: usize, draft: &Draft) -> Student {
    let mut dice = Dice::new(seed, "student", row as u64);
    let sex = if dice.percent(50) {
        Sex::Female
    } else {
        Sex::Male
    };
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
pub fn number(seed: u64, row: usize, leading_zero: bool) -> String {
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
    use crate::demo_district::schools::STUDENTS;
    use crate::demo_district::tags::FORMS;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of quotas")]
    fn the_quotas_are_exact_at_full_scale() {
        let parents: Vec<(usize, Seat)> = (0..250)
            .map(|row| {
                let level = Level::Elementary;
                (
                    row,
                    Seat {
                        level,
                        rank: row % 36,
                    },
                )
            })
            .collect();
        let (students, families) = plan(7, 2026, &parents, STUDENTS);
        assert_eq!(families.len(), 250);
        let (few, same) = plan(7, 2026, &parents, 100);
        assert_eq!(same, families);
        assert!(
            few.iter()
                .zip(&students)
                .all(|(a, b)| a.name == b.name && a.number == b.number)
        );
        assert_eq!(students.len(), STUDENTS);
        let count = |tag| {
            students
                .iter()
                .filter(|student| student.tags.has(tag))
                .count()
        };
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
            let found = students
                .iter()
                .filter(|student| student.grade == grade)
                .count();
            assert_eq!(found, *expect);
        }
        let numbers: HashSet<&str> = students.iter().map(|student| &*student.number).collect();
        assert_eq!(numbers.len(), STUDENTS);
        let zeros = students
            .iter()
            .filter(|student| student.number.starts_with('0'))
            .count();
        assert_eq!(zeros, 6_240);
        assert!(students.iter().all(|student| student.number.len() == 7));
        assert!(
            students
                .iter()
                .enumerate()
                .all(|(at, student)| at == student.row)
        );
        let twins: Vec<&Student> = students
            .iter()
            .filter(|student| student.tags.has(Tag::Twin))
            .collect();
        for pair in twins.chunks(2) {
            assert_eq!(pair[0].birth, pair[1].birth);
            assert_eq!(pair[0].seat, pair[1].seat);
            assert_eq!(pair[0].name.family, pair[1].name.family);
            assert_ne!(pair[0].name.given, pair[1].name.given);
        }
        let marked = |tag, ascii| {
            let of = students.iter().filter(|student| student.tags.has(tag));
            of.clone()
                .all(|s| format!("{}{}", s.name.given, s.name.family).is_ascii() == ascii)
        };
        assert!(marked(Tag::AccentsKept, false) && marked(Tag::AccentsLost, true));
    }
}
