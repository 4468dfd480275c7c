//! People as the student information system exports them: users.csv and roles.csv.

use super::Binding;
use super::dice::Dice;
use super::names::{self, Origin, Sex};
use super::schools::grade_code;
use super::staff::Employee;
use super::tables::{Cells, DISTRICT, Tables};
use super::world::Pupil;
use crate::district::name_match::normalize_name;

impl Tables<'_> {
    pub(super) fn users(self, row: &mut dyn FnMut(Cells)) {
        for pupil in self.world.exported() {
            self.student(pupil, row);
        }
        for employee in self.world.employed() {
            self.employee(employee, row);
        }
    }

    fn student(self, pupil: &Pupil, row: &mut dyn FnMut(Cells)) {
        let student = &pupil.student;
        let mut dice = Dice::new(self.spec.seed, "student-feed", student.row as u64);
        let username = self.username(&mut dice, "s", &student.number, &student.name);
        let email = if dice.percent(4) {
            String::new()
        } else {
            format!("s{}@students.example.org", student.number)
        };
        let mut orgs = vec![self.school(student.seat)];
        orgs.extend(student.second.map(|seat| self.school(seat)));
        orgs.dedup();
        let guardians = self.guardians(pupil);
        row(self.user(User {
            id: self.student_id(student.row),
            legacy: (200_000 + student.row).to_string(),
            orgs,
            role: "student",
            username,
            name: &student.name,
            number: student.number.clone(),
            email,
            agents: guardians.iter().map(|(id, ..)| id.clone()).collect(),
            grade: grade_code(student.grade),
        }));
        for (id, legacy, name) in guardians {
            row(self.user(User {
                username: format!("guardian{legacy}"),
                id,
                legacy,
                orgs: vec![self.school(student.seat)],
                role: "guardian",
                name: &name,
                number: String::new(),
                email: String::new(),
                agents: Vec::new(),
                grade: "",
            }));
        }
    }

    /// One guardian for six of ten students, two for three of ten; only where they are asked for.
    fn guardians(self, pupil: &Pupil) -> Vec<(String, String, names::Name)> {
        if !self.spec.guardians {
            return Vec::new();
        }
        let student = &pupil.student;
        let mut dice = Dice::new(self.spec.seed, "guardians", student.row as u64);
        let count = match dice.below(10) {
            0..6 => 1,
            6..9 => 2,
            _ => 0,
        };
        (0..count)
            .map(|at| {
                let number = 1_000_000 + student.row * 2 + at;
                let sex = if at == 0 { Sex::Female } else { Sex::Male };
                let name = names::Name {
                    given: names::given(&mut dice, Origin::English, sex),
                    family: student.name.family.trim().to_owned(),
                    ..names::Name::default()
                };
                (self.id(&format!("p{number}")), number.to_string(), name)
            })
            .collect()
    }

    fn employee(self, employee: &Employee, row: &mut dyn FnMut(Cells)) {
        let mut dice = Dice::new(self.spec.seed, "staff-feed", employee.row as u64);
        let username = self.username(&mut dice, "e", &employee.number, &employee.name);
        let local = |name: &str| {
            let folded = normalize_name(name);
            folded
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
        };
        let email = format!(
            "{}.{}.{}@example.org",
            local(&employee.name.given),
            local(&employee.name.family),
            employee.row
        );
        let mut orgs: Vec<String> = employee
            .seat
            .map(|seat| self.school(seat))
            .into_iter()
            .collect();
        orgs.extend(employee.second.map(|seat| self.school(seat)));
        orgs.dedup();
        if employee.seat.is_none() {
            orgs.push(self.id(DISTRICT));
        }
        let internal = 100_000 + employee.row;
        let user = |id: String, role, orgs| User {
            id,
            legacy: internal.to_string(),
            orgs,
            role,
            username: username.clone(),
            name: &employee.name,
            number: employee.number.clone(),
            email: email.clone(),
            agents: Vec::new(),
            grade: "",
        };
        let id = self.employee_id(employee);
        row(self.user(user(id, employee.job.role_1p1(), orgs.clone())));
        // A second role is a second row in 1.1.
        if let (true, Some(also)) = (self.is_1p1(), employee.also) {
            let id = format!("{}{internal}", also.letter());
            row(self.user(user(id, also.role_1p1(), orgs)));
        }
    }

    /// What the other system calls the account: ours does not depend on it.
    fn username(self, dice: &mut Dice, prefix: &str, number: &str, name: &names::Name) -> String {
        let roll = dice.below(100);
        match roll {
            0..3 if !self.is_1p1() => String::new(),
            3..8 => format!(
                "{}.{}",
                normalize_name(&name.given),
                normalize_name(&name.family)
            ),
            _ => format!("{prefix}{number}"),
        }
    }

    fn user(self, user: User<'_>) -> Cells {
        let name = user.name;
        let middle = name.middle.clone().unwrap_or_default();
        let mut cells = vec![user.id, "true".to_owned()];
        if self.is_1p1() {
            cells.extend([user.orgs.join(","), user.role.to_owned()]);
        }
        cells.extend([
            user.username,
            String::new(),
            name.given.clone(),
            name.family.clone(),
            middle,
            user.number,
            user.email,
            String::new(),
            String::new(),
            user.agents.join(","),
            user.grade.to_owned(),
            String::new(),
        ]);
        if self.is_1p1() {
            return cells;
        }
        cells.push(String::new());
        if self.spec.binding == Binding::V1p2 {
            cells.push(String::new());
        }
        cells.extend([
            name.preferred_given.clone().unwrap_or_default(),
            String::new(),
            String::new(),
            user.orgs.first().cloned().unwrap_or_default(),
            String::new(),
            user.legacy,
        ]);
        cells
    }

    /// roles.csv of 1.2.
    pub(super) fn roles(self, row: &mut dyn FnMut(Cells)) {
        for pupil in self.world.exported() {
            let student = &pupil.student;
            let id = self.student_id(student.row);
            let key = format!("r-s{}", student.row);
            let home = self.school(student.seat);
            let second = student.second.map(|seat| self.school(seat));
            row(self.role(&format!("{key}-1"), &id, ("student", true), &home));
            if let Some(second) = second.filter(|second| *second != home) {
                row(self.role(&format!("{key}-2"), &id, ("student", false), &second));
            }
            for (at, (guardian, ..)) in self.guardians(pupil).into_iter().enumerate() {
                row(self.role(
                    &format!("{key}-p{at}"),
                    &guardian,
                    ("guardian", true),
                    &home,
                ));
            }
        }
        for employee in self.world.employed() {
            let id = self.employee_id(employee);
            let key = format!("r-t{}", employee.row);
            let home = employee
                .seat
                .map_or_else(|| self.id(DISTRICT), |seat| self.school(seat));
            let second = employee.second.map(|seat| self.school(seat));
            let word = employee.job.role_1p2();
            row(self.role(&format!("{key}-1"), &id, (word, true), &home));
            if let Some(second) = second.filter(|second| *second != home) {
                row(self.role(&format!("{key}-2"), &id, (word, false), &second));
            }
            if let Some(also) = employee.also {
                row(self.role(&format!("{key}-3"), &id, (also.role_1p2(), false), &home));
            }
        }
    }

    fn role(self, old: &str, user: &str, (role, primary): (&str, bool), org: &str) -> Cells {
        vec![
            self.id(old),
            user.to_owned(),
            if primary { "primary" } else { "secondary" }.to_owned(),
            role.to_owned(),
            String::new(),
            String::new(),
            org.to_owned(),
            String::new(),
        ]
    }
}

/// A row of users.csv before its version is known.
struct User<'a> {
    id: String,
    legacy: String,
    orgs: Vec<String>,
    role: &'static str,
    username: String,
    name: &'a names::Name,
    number: String,
    email: String,
    agents: Vec<String>,
    grade: &'static str,
}
