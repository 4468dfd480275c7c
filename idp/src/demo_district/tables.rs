//! The district as rows of OneRoster files: the sourcedId first, without `status` and `dateLastModified`.

use chrono::NaiveDate;

use super::classes::{self, course_id, subjects};
use super::dice::uuid_of;
use super::names::Sex;
use super::schools::{GRADES, Seat, grade_code};
use super::staff::Employee;
use super::world::World;
use super::{Binding, Spec};
use crate::district::oneroster::File;

/// A row's cells.
pub type Cells = Vec<String>;

pub(super) const DISTRICT: &str = "o-1";

/// Suffix of the id, beginning of the title, type, first month, month after the last, suffix of the parent. The year goes from
/// August to July.
type SessionShape = (
    &'static str,
    &'static str,
    &'static str,
    u32,
    u32,
    Option<&'static str>,
);

const SESSIONS: [SessionShape; 7] = [
    ("", "", "schoolYear", 8, 8, None),
    ("-s1", "Semester 1 ", "semester", 8, 1, Some("")),
    ("-s2", "Semester 2 ", "semester", 1, 8, Some("")),
    (
        "-q1",
        "Grading period 1 ",
        "gradingPeriod",
        8,
        10,
        Some("-s1"),
    ),
    (
        "-q2",
        "Grading period 2 ",
        "gradingPeriod",
        10,
        1,
        Some("-s1"),
    ),
    (
        "-q3",
        "Grading period 3 ",
        "gradingPeriod",
        1,
        4,
        Some("-s2"),
    ),
    (
        "-q4",
        "Grading period 4 ",
        "gradingPeriod",
        4,
        8,
        Some("-s2"),
    ),
];

/// The first day of a month.
fn first_of(year: i32, month: u32) -> String {
    NaiveDate::from_ymd_opt(year, month, 1)
        .unwrap_or_default()
        .to_string()
}

/// The district and its ids in the spec's binding.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    pub(super) world: &'a World,
    pub(super) spec: &'a Spec,
}

impl<'a> Tables<'a> {
    /// Of a district on a day.
    pub fn new(world: &'a World) -> Self {
        Self {
            world,
            spec: &world.spec,
        }
    }

    /// Hands every row of a file to `row`.
    pub fn each(self, file: File, row: &mut dyn FnMut(Cells)) {
        match file {
            File::Orgs => self.orgs(row),
            File::AcademicSessions => self.sessions(row),
            File::Courses => self.courses(row),
            File::Classes => self.classes(row),
            File::Roles => self.roles(row),
            File::Users => self.users(row),
            File::Enrollments => self.enrollments(row),
            File::Demographics => self.demographics(row),
        }
    }

    pub(super) const fn is_1p1(self) -> bool {
        matches!(self.spec.binding, Binding::V1p1)
    }

    /// A sourcedId: as it was in 1.1, or a UUID that always belongs to it.
    pub(super) fn id(self, old: &str) -> String {
        if self.is_1p1() {
            old.to_owned()
        } else {
            uuid_of(self.spec.seed, old)
        }
    }

    /// Adds `metadata.ic.legacySourceId` in 1.2.
    fn with_legacy(self, mut cells: Cells, old: &str) -> Cells {
        if !self.is_1p1() {
            cells.push(old.to_owned());
        }
        cells
    }

    /// sourcedId of a student.
    pub fn student_id(self, row: usize) -> String {
        self.id(&format!("s{}", 200_000 + row))
    }

    /// sourcedId of an employee.
    pub fn employee_id(self, employee: &Employee) -> String {
        self.id(&format!(
            "{}{}",
            employee.job.letter(),
            100_000 + employee.row
        ))
    }

    pub(super) fn school(self, seat: Seat) -> String {
        self.id(&self.world.schools.id(seat))
    }

    fn orgs(self, row: &mut dyn FnMut(Cells)) {
        let district = vec![
            self.id(DISTRICT),
            "Clayton County Public Schools".to_owned(),
            "district".to_owned(),
            String::new(),
            String::new(),
        ];
        row(self.with_legacy(district, DISTRICT));
        for school in self.world.schools.list() {
            let cells = vec![
                self.id(&school.id()),
                school.name.clone(),
                "school".to_owned(),
                format!("{:04}", school.number),
                self.id(DISTRICT),
            ];
            row(self.with_legacy(cells, &school.id()));
        }
    }

    fn sessions(self, row: &mut dyn FnMut(Cells)) {
        let year = self.world.year;
        let id = |suffix: &str| self.id(&format!("y{year}{suffix}"));
        for (suffix, name, kind, begin, end, parent) in SESSIONS {
            row(vec![
                id(suffix),
                format!("{name}{year}-{}", year + 1),
                kind.to_owned(),
                first_of(year + i32::from(begin < 8), begin),
                first_of(year + i32::from(end <= 8), end),
                parent.map(id).unwrap_or_default(),
                (year + 1).to_string(),
            ]);
        }
    }

    fn courses(self, row: &mut dyn FnMut(Cells)) {
        let year = self.world.year;
        for (grade, (code, _)) in GRADES.iter().enumerate() {
            for subject in 0..=subjects(grade).len() {
                let title = subject
                    .checked_sub(1)
                    .and_then(|at| subjects(grade).get(at))
                    .unwrap_or(&"Homeroom");
                row(vec![
                    self.id(&course_id(year, grade, subject)),
                    self.id(&format!("y{year}")),
                    format!("{title} {code}"),
                    format!("{code}{subject}"),
                    (*code).to_owned(),
                    self.id(DISTRICT),
                    String::new(),
                    String::new(),
                ]);
            }
        }
    }

    fn classes(self, row: &mut dyn FnMut(Cells)) {
        let year = self.world.year;
        for class in classes::list(self.world) {
            let school = self.world.schools.get(class.school);
            let cells = vec![
                self.id(&class.id),
                class.title,
                grade_code(class.grade).to_owned(),
                self.id(&class.course),
                class.code,
                if class.homeroom {
                    "homeroom"
                } else {
                    "scheduled"
                }
                .to_owned(),
                String::new(),
                self.id(&school.map(super::schools::School::id).unwrap_or_default()),
                format!(
                    "{},{}",
                    self.id(&format!("y{year}-s1")),
                    self.id(&format!("y{year}-s2"))
                ),
                String::new(),
                String::new(),
                class.period.to_string(),
            ];
            row(self.with_legacy(cells, &class.id));
        }
    }

    fn enrollments(self, row: &mut dyn FnMut(Cells)) {
        let mut push =
            |class: &str, school: String, person: &str, user: String, teacher: Option<bool>| {
                row(vec![
                    self.id(&format!("e-{class}-{person}")),
                    self.id(class),
                    school,
                    user,
                    if teacher.is_some() {
                        "teacher"
                    } else {
                        "student"
                    }
                    .to_owned(),
                    teacher
                        .map(|primary| primary.to_string())
                        .unwrap_or_default(),
                    String::new(),
                    String::new(),
                ]);
            };
        for pupil in self.world.exported() {
            let student = &pupil.student;
            for class in classes::of_pupil(self.world, pupil) {
                let person = format!("s{}", student.row);
                let user = self.student_id(student.row);
                push(&class, self.school(student.seat), &person, user, None);
            }
        }
        let employed: std::collections::HashMap<usize, &Employee> =
            self.world.employed().map(|one| (one.row, one)).collect();
        for class in classes::list(self.world) {
            let school = self.world.schools.get(class.school);
            let school = self.id(&school.map(super::schools::School::id).unwrap_or_default());
            for (at, teacher) in class.teachers.iter().enumerate() {
                if let Some(employee) = employed.get(teacher) {
                    let person = format!("t{teacher}");
                    let user = self.employee_id(employee);
                    push(&class.id, school.clone(), &person, user, Some(at == 0));
                }
            }
        }
    }

    fn demographics(self, row: &mut dyn FnMut(Cells)) {
        for pupil in self.world.exported() {
            let mut cells = vec![
                self.student_id(pupil.student.row),
                pupil.student.birth.to_string(),
                match pupil.student.sex {
                    Sex::Female => "female",
                    Sex::Male => "male",
                }
                .to_owned(),
            ];
            cells.resize(14, String::new());
            row(cells);
        }
    }
}
