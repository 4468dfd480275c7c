//! Courses, classes, and who is in them.

use super::dice::Dice;
use super::schools::{Level, grade_code};
use super::staff::{Employee, Job};
use super::world::{Pupil, World};

const ELEMENTARY: [&str; 5] = ["Reading", "Math", "Science", "Social Studies", "Art"];
const SECONDARY: [&str; 7] = [
    "English", "Math", "Science", "History", "Spanish", "Fitness", "Music",
];

/// The scheduled subjects of a grade.
pub const fn subjects(grade: usize) -> &'static [&'static str] {
    if grade < 7 { &ELEMENTARY } else { &SECONDARY }
}

/// One class.
#[derive(Clone, Debug)]
pub struct Class {
    /// sourcedId in 1.1.
    pub id: String,
    /// sourcedId of the course in 1.1.
    pub course: String,
    /// Title.
    pub title: String,
    /// Code.
    pub code: String,
    /// A homeroom.
    pub homeroom: bool,
    /// Position of the school.
    pub school: usize,
    /// Grade.
    pub grade: usize,
    /// Period of the day.
    pub period: usize,
    /// Rows of the teachers, the first one primary.
    pub teachers: Vec<usize>,
}

/// sourcedId in 1.1 of a course: a grade's homeroom (0) or a subject (from 1).
pub fn course_id(year: i32, grade: usize, subject: usize) -> String {
    format!("k{}-{}-{subject}", year % 100, grade_code(grade))
}

/// sourcedId in 1.1 of a class.
fn class_id(
    world: &World,
    (school, grade): (usize, usize),
    subject: usize,
    section: usize,
) -> String {
    let number = world.schools.get(school).map_or(0, |school| school.number);
    format!(
        "c{}-{number}-{}-{subject}-{}",
        world.year % 100,
        grade_code(grade),
        section + 1
    )
}

/// All classes of the year, by school, grade, subject and section.
pub fn list(world: &World) -> Vec<Class> {
    let teachers = teachers(world);
    let mut classes = Vec::new();
    let mut turns = vec![0_usize; world.schools.list().len()];
    for (&(school, grade), &sections) in &world.sections {
        let names = subjects(grade);
        for section in 0..sections {
            let home = turns.get(school).copied().unwrap_or_default();
            for subject in 0..=names.len() {
                let turn = turns.get(school).copied().unwrap_or_default();
                let by_room = grade < 7;
                let own = teachers.get(school).map(Vec::as_slice).unwrap_or_default();
                let id = class_id(world, (school, grade), subject, section);
                let name = subject.checked_sub(1).and_then(|at| names.get(at));
                classes.push(Class {
                    course: course_id(world.year, grade, subject),
                    title: match name {
                        Some(name) => format!("{name} {} ({})", grade_code(grade), section + 1),
                        None => format!("Homeroom {} ({})", grade_code(grade), section + 1),
                    },
                    code: format!("{}{subject}{:02}", grade_code(grade), section + 1),
                    homeroom: subject == 0,
                    school,
                    grade,
                    period: subject,
                    teachers: staffing(world, own, if by_room { home } else { turn }, &id),
                    id,
                });
                if let Some(turn) = turns.get_mut(school)
                    && (!by_room || subject == names.len())
                {
                    *turn += 1;
                }
            }
        }
    }
    classes
}

/// A teacher in turn; one class of twelve has two.
fn staffing(world: &World, own: &[&Employee], turn: usize, id: &str) -> Vec<usize> {
    if own.is_empty() {
        return Vec::new();
    }
    let at = |turn: usize| own.get(turn % own.len()).map(|employee| employee.row);
    let mut rows: Vec<usize> = at(turn).into_iter().collect();
    if own.len() > 1 && Dice::new(world.spec.seed, id, 0).percent(8) {
        rows.extend(at(turn + 1));
    }
    rows
}

/// The teachers of each school: who teaches a class does not depend on who comes or leaves during the year.
fn teachers(world: &World) -> Vec<Vec<&Employee>> {
    let mut lists = vec![Vec::new(); world.schools.list().len()];
    for worker in &world.workers {
        let employee = &worker.employee;
        let first_day = employee.row < super::staff::STAFF;
        if let (Job::Teacher, true, Some(seat)) = (employee.job, first_day, employee.seat)
            && let Some(list) = lists.get_mut(world.schools.position(seat))
        {
            list.push(employee);
        }
    }
    lists
}

/// The classes of a pupil, by their ids in 1.1.
pub fn of_pupil(world: &World, pupil: &Pupil) -> Vec<String> {
    let cohort = (world.school_of(pupil), pupil.student.grade);
    let Some(&sections) = world.sections.get(&cohort).filter(|count| **count > 0) else {
        return Vec::new();
    };
    let home = pupil.place % sections;
    let row = pupil.place / sections;
    (0..=subjects(pupil.student.grade).len())
        .map(|subject| {
            // Small children stay together; older ones meet others in every subject.
            let section =
                if Level::of_grade(pupil.student.grade) == Level::Elementary || subject == 0 {
                    home
                } else {
                    (home + row * subject) % sections
                };
            class_id(world, cohort, subject, section)
        })
        .collect()
}
