//! What is true of the made-up people: their edge cases, and what they may and may not type to claim their accounts.

use std::collections::HashSet;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::Spec;
use super::names::{Name, unmarked};
use super::schools::{Seat, grade_code};
use super::tables::Tables;
use super::tags::Tags;
use super::world::World;
use crate::district::name_match::{RosterNames, Strictness, TypedNames, names_match};

/// One person, a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TruthPerson {
    /// `student` or `staff`.
    pub kind: String,
    /// OneRoster's id.
    pub sourced_id: String,
    /// The username that the portal gives.
    pub username: String,
    /// Number, bare.
    pub number: String,
    /// As in the roster.
    pub given_name: String,
    /// As in the roster.
    pub family_name: String,
    /// Role word of 1.2.
    pub role: String,
    /// Grade code of a student.
    pub grade: Option<String>,
    /// Name of the school; none at the district office.
    pub school: Option<String>,
    /// Birth date of a student.
    pub birth_date: Option<String>,
    /// Edge cases.
    pub tags: Vec<String>,
    /// What must be accepted.
    pub good: Vec<ClaimInput>,
    /// What must be refused.
    pub bad: Vec<ClaimInput>,
}

/// What is typed into the claim form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimInput {
    /// The field for the last name.
    pub last: String,
    /// The field for the first name.
    pub first: String,
    /// The field for the number.
    pub number: String,
    /// Why it is right or wrong.
    pub why: String,
}

/// Writes a line for everybody who is in the district on the spec's day.
pub fn write_truth(spec: &Spec, mut output: impl Write) -> std::io::Result<u64> {
    let world = World::at(spec);
    let tables = Tables::new(&world);
    let numbers = world.numbers();
    let school = |seat: Seat| {
        let at = world.schools.position(seat);
        world.schools.get(at).map(|school| school.name.clone())
    };
    let mut lines = 0;
    let mut line = |person: TruthPerson| -> std::io::Result<()> {
        serde_json::to_writer(&mut output, &person)?;
        output.write_all(b"\n")?;
        lines += 1;
        Ok(())
    };
    for pupil in world.pupils.iter().filter(|pupil| pupil.enrolled) {
        let student = &pupil.student;
        line(TruthPerson {
            sourced_id: tables.student_id(student.row),
            role: "student".to_owned(),
            grade: Some(grade_code(student.grade).to_owned()),
            school: school(student.seat),
            birth_date: Some(student.birth.to_string()),
            ..person(
                ("student", "s"),
                &student.name,
                &student.number,
                student.tags,
                &numbers,
            )
        })?;
    }
    for employee in world.employed() {
        line(TruthPerson {
            sourced_id: tables.employee_id(employee),
            role: employee.job.role_1p2().to_owned(),
            school: employee.seat.and_then(school),
            ..person(
                ("staff", "e"),
                &employee.name,
                &employee.number,
                employee.tags,
                &numbers,
            )
        })?;
    }
    Ok(lines)
}

fn person(
    (kind, prefix): (&str, &str),
    name: &Name,
    number: &str,
    tags: Tags,
    numbers: &HashSet<&str>,
) -> TruthPerson {
    TruthPerson {
        kind: kind.to_owned(),
        sourced_id: String::new(),
        username: format!("{prefix}{number}"),
        number: number.to_owned(),
        given_name: name.given.clone(),
        family_name: name.family.clone(),
        role: String::new(),
        grade: None,
        school: None,
        birth_date: None,
        tags: tags.words().into_iter().map(str::to_owned).collect(),
        good: good(name, prefix, number),
        bad: bad(name, number, numbers),
    }
}

fn matches(name: &Name, first: &str, last: &str) -> bool {
    let roster = RosterNames {
        given: &name.given,
        family: &name.family,
        middle: name.middle.as_deref(),
        preferred_given: name.preferred_given.as_deref(),
        preferred_family: None,
    };
    names_match(Strictness::Normalized, &roster, TypedNames { first, last })
}

fn input(last: &str, first: &str, number: &str, why: &str) -> ClaimInput {
    ClaimInput {
        last: last.to_owned(),
        first: first.to_owned(),
        number: number.to_owned(),
        why: why.to_owned(),
    }
}

/// Three ways that must be accepted: as it stands, as a child types it, with the middle or the preferred name.
fn good(name: &Name, prefix: &str, number: &str) -> Vec<ClaimInput> {
    let (family, given) = (name.family.trim(), name.given.trim());
    let loose = |text: &str| {
        unmarked(text)
            .to_lowercase()
            .replace(['-', '\u{2019}'], " ")
            .replace(". ", " ")
    };
    let (before, after) = number.split_at(number.len() / 2);
    let longer = match (&name.preferred_given, &name.middle) {
        (Some(preferred), _) => (preferred.clone(), "the preferred first name"),
        (None, Some(middle)) => (format!("{given} {middle}"), "with the middle name"),
        (None, None) => (given.to_uppercase(), "in capital letters"),
    };
    let candidates = [
        input(family, given, number, "as in the roster"),
        input(
            &loose(family),
            &loose(given),
            &format!("{}{number}", prefix.to_uppercase()),
            "small letters, no marks, a letter before the number",
        ),
        input(
            &family.to_uppercase(),
            &longer.0,
            &format!("{before} {after}"),
            longer.1,
        ),
    ];
    candidates
        .into_iter()
        .map(|typed| {
            if matches(name, &typed.first, &typed.last) {
                typed
            } else {
                input(family, given, number, "as in the roster")
            }
        })
        .collect()
}

/// Three ways that must be refused: swapped, half of a name or a misspelled one, another number.
fn bad(name: &Name, number: &str, numbers: &HashSet<&str>) -> Vec<ClaimInput> {
    let (family, given) = (name.family.trim(), name.given.trim());
    let half = family
        .split(['-', ' '])
        .next()
        .filter(|part| part.len() > 1 && !matches(name, given, part));
    let free = (1..10_u32).find_map(|step| {
        let (head, last) = number.split_at(number.len().saturating_sub(1));
        let digit = (last.parse::<u32>().ok()? + step) % 10;
        let other = format!("{head}{digit}");
        (!numbers.contains(other.as_str())).then_some(other)
    });
    let mut inputs = vec![match half {
        Some(half) => input(half, given, number, "half of the last name"),
        None => input(&format!("{family}x"), given, number, "misspelled last name"),
    }];
    if !matches(name, family, given) {
        inputs.push(input(given, family, number, "first and last name swapped"));
    }
    inputs.push(input(
        family,
        &format!("{given}q"),
        number,
        "misspelled first name",
    ));
    if let Some(other) = free {
        inputs.push(input(family, given, &other, "a number that nobody has"));
    }
    inputs.retain(|typed| typed.number != number || !matches(name, &typed.first, &typed.last));
    let last = inputs.pop();
    inputs.truncate(2);
    inputs.extend(last);
    inputs
}
