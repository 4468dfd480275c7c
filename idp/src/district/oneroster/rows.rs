//! What each file's rows hold, read cell by cell. References are looked up by the caller.

use super::Strictness;
use super::fault::{Fault, Notes};
use super::package::{Class, Course, Org, RoleRow, Session, User};
use super::table::Row;
use super::values;
use crate::district::grade::GradeTable;
use crate::district::roster::role::{ROLES_1P2, Role, USER_ROLES_1P1};

const ORG_TYPES: &[&str] = &[
    "department",
    "school",
    "district",
    "local",
    "state",
    "national",
];
const SESSION_TYPES: &[&str] = &["gradingPeriod", "semester", "schoolYear", "term"];
const CLASS_TYPES: &[&str] = &["homeroom", "scheduled"];

/// A line number, as kept.
pub fn line(row: &Row<'_>) -> u32 {
    u32::try_from(row.line()).unwrap_or(u32::MAX)
}

/// A row of orgs.csv.
pub fn org(row: &Row<'_>) -> Result<Org, Fault> {
    Ok(Org {
        sourced_id: row.sourced_id()?.into(),
        legacy: row.legacy().map(Into::into),
        name: row.required("name")?,
        kind: row.token("type", ORG_TYPES)?.into(),
        identifier: row.optional("identifier")?,
        parent: row.optional_reference("parentSourcedId")?.map(Into::into),
        line: line(row),
    })
}

/// A row of academicSessions.csv.
pub fn session(row: &Row<'_>) -> Result<Session, Fault> {
    let date = |column| {
        row.date(column)?
            .ok_or_else(|| row.fault(column, "The date is missing."))
    };
    let (start, end) = (date("startDate")?, date("endDate")?);
    if end <= start {
        return Err(row.fault(
            "endDate",
            "The session ends before it begins; the end date is the day after the last one.",
        ));
    }
    if !values::is_year(row.text("schoolYear")) {
        return Err(row.fault(
            "schoolYear",
            "A school year is the year in which it ends, YYYY: 2027 for 2026-2027.",
        ));
    }
    Ok(Session {
        sourced_id: row.sourced_id()?.into(),
        title: row.required("title")?,
        kind: row.token("type", SESSION_TYPES)?.into(),
        start,
        end,
        parent: row.optional_reference("parentSourcedId")?.map(Into::into),
        school_year: row.text("schoolYear").into(),
        line: line(row),
    })
}

/// A row of courses.csv.
pub fn course(row: &Row<'_>) -> Result<Course, Fault> {
    Ok(Course {
        sourced_id: row.sourced_id()?.into(),
        title: row.required("title")?,
        code: row.optional("courseCode")?,
        org: row.reference("orgSourcedId")?.into(),
        line: line(row),
    })
}

/// A row of classes.csv.
pub fn class(row: &Row<'_>, table: &GradeTable, notes: &mut Notes) -> Result<Class, Fault> {
    let terms = row.references("termSourcedIds")?;
    if terms.is_empty() {
        return Err(row.fault("termSourcedIds", "A class belongs to one term at least."));
    }
    let periods: Vec<&str> = values::list(row.text("periods")).collect();
    row.optional("periods")?;
    Ok(Class {
        sourced_id: row.sourced_id()?.into(),
        legacy: row.legacy().map(Into::into),
        title: row.required("title")?,
        code: row.optional("classCode")?,
        kind: row.token("classType", CLASS_TYPES)?.into(),
        school: row.reference("schoolSourcedId")?.into(),
        course: row.reference("courseSourcedId")?.into(),
        grades: grades(row, table, notes)?,
        terms: terms.into_iter().map(Into::into).collect(),
        periods: periods.join(",").into(),
        line: line(row),
    })
}

/// A row of users.csv; `role` and organisations only in 1.1.
pub fn user(
    row: &Row<'_>,
    is_1p1: bool,
    table: &GradeTable,
    notes: &mut Notes,
) -> Result<User, Fault> {
    let sourced_id = row.sourced_id()?.into();
    let enabled = row.flag("enabledUser", notes)?.ok_or_else(|| {
        row.fault(
            "enabledUser",
            "Write true or false; false keeps the person out.",
        )
    })?;
    let (role, orgs) = if is_1p1 {
        let orgs = row.references("orgSourcedIds")?;
        if orgs.is_empty() {
            return Err(row.fault(
                "orgSourcedIds",
                "A person belongs to one organisation at least.",
            ));
        }
        let role = Role::from_token(row.token("role", USER_ROLES_1P1)?);
        (Some(role), orgs)
    } else {
        (None, Vec::new())
    };
    if row.text("username").is_empty() && row.strictness() == Strictness::Strict {
        return Err(row.fault(
            "username",
            "The cell is empty; every row must fill this column.",
        ));
    }
    if !row.text("password").is_empty() {
        // The cell itself is never repeated, not even in the message.
        notes.add(Fault::of_cell(
            "users.csv",
            row.line(),
            "password",
            "",
            "Passwords are never imported. Leave the column empty in the export: it should not travel.",
        ));
    }
    Ok(User {
        sourced_id,
        legacy: row.legacy().map(Into::into),
        aliases: Vec::new(),
        enabled,
        given: row.required("givenName")?,
        family: row.required("familyName")?,
        middle: row.optional("middleName")?,
        preferred_given: row.optional("preferredGivenName")?,
        preferred_family: row.optional("preferredFamilyName")?,
        number: row.optional("identifier")?,
        email: email(row, notes)?,
        grades: grades(row, table, notes)?,
        primary_org: row
            .optional_reference("primaryOrgSourcedId")?
            .map(Into::into),
        role,
        orgs: orgs.into_iter().map(Into::into).collect(),
        line: line(row),
    })
}

/// A row of roles.csv.
pub fn role(row: &Row<'_>) -> Result<RoleRow, Fault> {
    let (begin, end) = span(row)?;
    Ok(RoleRow {
        sourced_id: row.sourced_id()?.into(),
        user: row.reference("userSourcedId")?.into(),
        org: row.reference("orgSourcedId")?.into(),
        role: Role::from_token(row.token("role", ROLES_1P2)?),
        primary: row.token("roleType", &["primary", "secondary"])? == "primary",
        begin,
        end,
        line: line(row),
    })
}

/// `beginDate`, inclusive, and `endDate`, exclusive.
pub fn span(
    row: &Row<'_>,
) -> Result<(Option<chrono::NaiveDate>, Option<chrono::NaiveDate>), Fault> {
    let (begin, end) = (row.date("beginDate")?, row.date("endDate")?);
    if let (Some(begin), Some(end)) = (begin, end)
        && end < begin
    {
        return Err(row.fault("endDate", "The end date is before the begin date."));
    }
    Ok((begin, end))
}

/// A malformed address is left out, not the person.
fn email(row: &Row<'_>, notes: &mut Notes) -> Result<Option<Box<str>>, Fault> {
    let email = row.optional("email")?;
    match email {
        Some(text) if !values::is_email(&text) => {
            let fault = row.fault(
                "email",
                "This is no e-mail address: the person is imported without one.",
            );
            if row.strictness() == Strictness::Strict {
                return Err(fault);
            }
            notes.add(fault);
            Ok(None)
        }
        email => Ok(email),
    }
}

fn grades(row: &Row<'_>, table: &GradeTable, notes: &mut Notes) -> Result<Box<str>, Fault> {
    let Some(cell) = row.optional("grades")? else {
        return Ok("".into());
    };
    let (grades, unknown) = table.fold_list(&cell);
    if !unknown.is_empty() {
        let advice = "The grade is unknown and kept as it is. Map it to a code in the setting `roster.grade_aliases`.";
        notes.add(row.fault("grades", advice));
    }
    Ok(grades.into())
}
