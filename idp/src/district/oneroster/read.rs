//! From a zip to a [`Package`]: the files in the order of their references, each checked against those before it.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use super::archive::{Archive, ArchiveLimits};
use super::columns::{File, Version};
use super::fault::{Fault, Notes, Quarantine};
use super::manifest::{self, MANIFEST, Manifest};
use super::merge::merge_users;
use super::package::{
    Class, Course, Enrollment, EnrollmentRole, Entry, Fingerprint, Org, Package, RoleRow, Rows,
    Session, User,
};
use super::reference::{self, Flawed, Target};
use super::table::{Row, RowStatus, Table};
use super::{FileMode, Strictness, duplicates, rows};
use crate::district::grade::GradeTable;
use crate::district::person::Population;
use crate::district::roster::role::ENROLLMENT_ROLES;

/// The most rows of one file.
const ROWS_MAX: u64 = 3_000_000;
/// The most rows of users.csv: ten times the largest district with guardians.
const USERS_MAX: u64 = 1_000_000;

/// How to read.
pub struct Options<'a> {
    /// What messages call the zip.
    pub package: &'a str,
    /// How much is repaired.
    pub strictness: Strictness,
    /// Whether parents, guardians and relatives are kept.
    pub guardians: bool,
    /// Whether birth dates are kept.
    pub birth_dates: bool,
    /// How grades are folded.
    pub grades: &'a GradeTable,
    /// The most that a package may hold.
    pub limits: ArchiveLimits,
    /// Hears of every piece read: inflated bytes so far are the sum.
    pub progress: &'a (dyn Fn(u64) + 'a),
    /// Hears once how many inflated bytes there are.
    pub total: &'a (dyn Fn(u64) + 'a),
}

/// Reads a whole package. An error refuses it: nothing may be changed by it.
pub fn read<R: Read + Seek>(input: R, options: &Options<'_>) -> Result<Package, Fault> {
    let mut archive = Archive::open(input, options.package, options.limits)?;
    (options.total)(archive.declared_bytes());
    let names = archive.names().to_vec();
    if !names.iter().any(|name| name == MANIFEST) {
        return Err(Fault::of_file(
            options.package,
            "",
            "There is no manifest.csv at the root of the zip, so this is OneRoster 1.0 at best. Export OneRoster 1.1 or 1.2.",
        ));
    }
    let mut notes = Notes::default();
    let manifest = manifest::read(
        archive.read(MANIFEST, options.progress)?,
        options.strictness,
        &mut notes,
    )?;
    manifest::check_files(&manifest, &names, options.package)?;
    Reading {
        archive,
        manifest,
        options,
        notes,
        quarantine: Quarantine::default(),
    }
    .package()
}

struct Reading<'a, R> {
    archive: Archive<R>,
    manifest: Manifest,
    options: &'a Options<'a>,
    notes: Notes,
    quarantine: Quarantine,
}

impl<R: Read + Seek> Reading<'_, R> {
    fn package(mut self) -> Result<Package, Fault> {
        let is_1p1 = self.manifest.version == Version::V1p1;
        let orgs: Rows<Org> = self.rows(|row, _| Ok(Some(rows::org(row)?)))?;
        let parents = orgs
            .rows
            .iter()
            .map(|org| (&*org.sourced_id, org.parent.as_deref(), org.line));
        reference::check_parents(File::Orgs, parents, orgs.complete)?;
        let sessions: Rows<Session> = self.rows(|row, _| Ok(Some(rows::session(row)?)))?;
        let parents = sessions
            .rows
            .iter()
            .map(|one| (&*one.sourced_id, one.parent.as_deref(), one.line));
        reference::check_parents(File::AcademicSessions, parents, sessions.complete)?;
        let org_target = Target::new(&orgs, self.options.strictness);
        let session_target = Target::new(&sessions, self.options.strictness);
        let courses: Rows<Course> = self.rows(|row, _| {
            let course = rows::course(row)?;
            org_target.check(row, "orgSourcedId", &course.org)?;
            Ok(Some(course))
        })?;
        let course_target = Target::new(&courses, self.options.strictness);
        let table = self.options.grades;
        let classes: Rows<Class> = self.rows(|row, notes| {
            let class = rows::class(row, table, notes)?;
            org_target.check(row, "schoolSourcedId", &class.school)?;
            course_target.check(row, "courseSourcedId", &class.course)?;
            for term in &class.terms {
                session_target.check(row, "termSourcedIds", term)?;
            }
            Ok(Some(class))
        })?;
        let (users, roles, guardians) = if is_1p1 {
            self.people_1p1(&org_target)?
        } else {
            self.people_1p2(&org_target)?
        };
        let enrollments = self.enrollments(&classes, &users, &org_target)?;
        let birth_dates = self.birth_dates(&users)?;
        Ok(Package {
            version: self.manifest.version,
            system: self.manifest.system,
            orgs,
            sessions,
            courses,
            classes,
            users,
            roles,
            enrollments,
            birth_dates,
            guardians_skipped: guardians,
            notes: self.notes,
            quarantine: self.quarantine,
        })
    }

    /// users.csv of 1.1, with the roles in it.
    fn people_1p1(&mut self, orgs: &Target<'_>) -> Result<(Rows<User>, Rows<RoleRow>, u64), Fault> {
        let (table, keep) = (self.options.grades, self.options.guardians);
        let mut skipped = 0;
        let mut users: Rows<User> = self.rows(|row, notes| {
            let user = rows::user(row, true, table, notes)?;
            let role = user.role.as_ref();
            if !keep && role.is_some_and(|role| role.population() == Population::Guardian) {
                skipped += 1;
                return Ok(None);
            }
            for org in &user.orgs {
                orgs.check(row, "orgSourcedIds", org)?;
            }
            Ok(Some(user))
        })?;
        let (kept, role_rows) = merge_users(std::mem::take(&mut users.rows));
        users.rows = kept;
        let roles = Rows {
            mode: users.mode,
            complete: users.complete,
            total: u64::try_from(role_rows.len()).unwrap_or_default(),
            rows: role_rows,
            unreadable: users.unreadable,
            ..Rows::default()
        };
        Ok((users, roles, skipped))
    }

    /// roles.csv and users.csv of 1.2.
    fn people_1p2(&mut self, orgs: &Target<'_>) -> Result<(Rows<User>, Rows<RoleRow>, u64), Fault> {
        let (table, keep) = (self.options.grades, self.options.guardians);
        let mut guardians: HashSet<Box<str>> = HashSet::new();
        let mut roles: Rows<RoleRow> = self.rows(|row, _| {
            let role = rows::role(row)?;
            if !keep && role.role.population() == Population::Guardian {
                guardians.insert(role.user);
                return Ok(None);
            }
            orgs.check(row, "orgSourcedId", &role.org)?;
            Ok(Some(role))
        })?;
        for role in &roles.rows {
            guardians.remove(&role.user);
        }
        let mut skipped = 0;
        let mut users: Rows<User> = self.rows(|row, notes| {
            if guardians.contains(row.text("sourcedId")) {
                skipped += 1;
                return Ok(None);
            }
            Ok(Some(rows::user(row, false, table, notes)?))
        })?;
        let strict = self.options.strictness;
        reference::check_roles(&mut users, &mut roles, strict, &mut self.quarantine)?;
        Ok((users, roles, skipped))
    }

    fn enrollments(
        &mut self,
        classes: &Rows<Class>,
        users: &Rows<User>,
        orgs: &Target<'_>,
    ) -> Result<Rows<Enrollment>, Fault> {
        let class_target = Target::new(classes, self.options.strictness);
        let user_target = Target::of_users(users, self.options.strictness);
        self.rows(|row, notes| {
            let (begin, end) = rows::span(row)?;
            let class = row.reference("classSourcedId")?;
            let user = row.reference("userSourcedId")?;
            let token = row.token("role", ENROLLMENT_ROLES)?;
            let primary = row.flag("primary", notes)?.unwrap_or_default();
            let sourced_id = row.sourced_id()?;
            orgs.check(row, "schoolSourcedId", row.reference("schoolSourcedId")?)?;
            Ok(Some(Enrollment {
                sourced_id: sourced_id.into(),
                class: class_target.check(row, "classSourcedId", class)?,
                user: user_target.check(row, "userSourcedId", user)?,
                role: EnrollmentRole::from_token(token),
                primary,
                begin,
                end,
                fingerprint: Fingerprint::default()
                    .text(sourced_id)
                    .text(class)
                    .text(user)
                    .text(token)
                    .flag(primary)
                    .date(begin)
                    .date(end)
                    .finish(),
                line: rows::line(row),
            }))
        })
    }

    /// Birth dates, where the district uses them; of other columns nothing is kept.
    fn birth_dates(
        &mut self,
        users: &Rows<User>,
    ) -> Result<HashMap<Box<str>, chrono::NaiveDate>, Fault> {
        if !self.options.birth_dates {
            return Ok(HashMap::new());
        }
        let target = Target::of_users(users, self.options.strictness);
        let rows: Rows<BirthDate> = self.rows(|row, _| {
            let sourced_id = row.sourced_id()?;
            target.check(row, "sourcedId", sourced_id)?;
            Ok(row.date("birthDate")?.map(|date| BirthDate {
                sourced_id: sourced_id.into(),
                date,
                line: rows::line(row),
            }))
        })?;
        Ok(rows
            .rows
            .into_iter()
            .map(|row| (row.sourced_id, row.date))
            .collect())
    }

    /// Reads one file row by row. `parse` returns none for a row that is passed over on purpose.
    fn rows<T: Entry>(
        &mut self,
        mut parse: impl FnMut(&Row<'_>, &mut Notes) -> Result<Option<T>, Flawed>,
    ) -> Result<Rows<T>, Fault> {
        let Some(mode) = self.manifest.mode(T::FILE) else {
            return Ok(Rows::default());
        };
        let strictness = self.options.strictness;
        let input = self.archive.read(T::FILE.name(), self.options.progress)?;
        let (notes, quarantine) = (&mut self.notes, &mut self.quarantine);
        let mut table = Table::open(input, T::FILE, self.manifest.version, strictness, notes)?;
        let mut rows = Rows {
            mode: Some(mode),
            complete: mode == FileMode::Bulk,
            ..Rows::default()
        };
        let most = if T::FILE == File::Users {
            USERS_MAX
        } else {
            ROWS_MAX
        };
        while let Some(row) = table.next_row()? {
            rows.total += 1;
            if rows.total > most {
                let advice = format!("No more than {most} rows can be imported from one file.");
                return Err(Fault::of_file(T::FILE.name(), "too many rows", advice));
            }
            let number = match &row {
                Ok(row) if T::FILE == File::Users => row.text("identifier").trim(),
                _ => "",
            };
            let taken = row
                .map_err(Flawed::from)
                .and_then(|row| take(&row, mode, &mut rows, notes, &mut parse));
            match taken {
                Ok(()) => {}
                Err(Flawed::WithItsParent(id)) => {
                    rows.set_aside.insert(id);
                }
                Err(Flawed::Fault(fault)) if refuses(strictness, T::FILE) => return Err(fault),
                Err(Flawed::Fault(fault)) => {
                    if !number.is_empty() {
                        rows.numbers_set_aside.insert(number.into());
                    }
                    set_aside(fault, &mut rows, quarantine);
                }
            }
        }
        if rows.total == 0 {
            return empty(T::FILE, mode, strictness, notes);
        }
        duplicates::settle(&mut rows, strictness, notes, quarantine)?;
        Ok(rows)
    }
}

/// Whether one flawed row refuses the package: in strict mode, and in the files that everything else stands on.
pub(super) fn refuses(strictness: Strictness, file: File) -> bool {
    strictness == Strictness::Strict || matches!(file, File::Orgs | File::AcademicSessions)
}

/// Sets a flawed row aside.
pub(super) fn set_aside<T>(fault: Fault, rows: &mut Rows<T>, quarantine: &mut Quarantine) {
    match &fault.sourced_id {
        Some(id) => {
            rows.set_aside.insert(id.clone());
        }
        None => rows.unreadable += 1,
    }
    quarantine.add(fault);
}

/// Takes one row: its status first, since a row that deletes may leave the rest empty.
fn take<T: Entry>(
    row: &Row<'_>,
    mode: FileMode,
    rows: &mut Rows<T>,
    notes: &mut Notes,
    parse: &mut impl FnMut(&Row<'_>, &mut Notes) -> Result<Option<T>, Flawed>,
) -> Result<(), Flawed> {
    let status = row.status()?;
    check_mode(row, status, mode, notes)?;
    if status != RowStatus::Blank {
        rows.complete = false;
    }
    if status == RowStatus::ToBeDeleted {
        rows.removed.push(row.sourced_id()?.into());
    } else if let Some(entry) = parse(row, notes)? {
        rows.rows.push(entry);
    }
    Ok(())
}

/// `status` and `dateLastModified` are blank in bulk and filled in a delta. Where manifest and rows disagree the rows win.
fn check_mode(
    row: &Row<'_>,
    status: RowStatus,
    mode: FileMode,
    notes: &mut Notes,
) -> Result<(), Fault> {
    let strict = row.strictness() == Strictness::Strict;
    let blank = status == RowStatus::Blank;
    let fault = match mode {
        FileMode::Bulk if !blank => row.fault(
            "status",
            "The manifest says bulk, but a filled status makes this delta data: nothing that is missing from the file \
             counts as gone. Leave status and dateLastModified empty, or say delta in the manifest.",
        ),
        FileMode::Delta if blank => row.fault(
            "status",
            "The manifest says delta, but the status is empty: read as active. Write active or tobedeleted.",
        ),
        FileMode::Bulk if strict && !row.text("dateLastModified").is_empty() => {
            row.fault("dateLastModified", "The cell must be empty in bulk.")
        }
        FileMode::Delta if strict && !super::values::is_date_time(row.text("dateLastModified")) => {
            row.fault(
                "dateLastModified",
                "Write the time of the change in UTC, as 2026-08-05T12:30:00.000Z.",
            )
        }
        _ => return Ok(()),
    };
    if strict {
        return Err(fault);
    }
    notes.add(fault);
    Ok(())
}

/// A file with a header and no rows: not allowed, but an optional one is read as absent in tolerant mode.
fn empty<T>(
    file: File,
    mode: FileMode,
    strictness: Strictness,
    notes: &mut Notes,
) -> Result<Rows<T>, Fault> {
    let needed = matches!(file, File::Orgs | File::Users | File::Roles) && mode == FileMode::Bulk;
    if strictness == Strictness::Strict || needed {
        return Err(Fault::of_file(
            file.name(),
            "a header and no rows",
            "A file that is there has rows. Call it absent in the manifest and take it out, or export it again.",
        ));
    }
    notes.add(Fault::of_file(
        file.name(),
        "",
        "The file has a header and no rows: read as absent.",
    ));
    Ok(Rows::default())
}

/// A row of demographics.csv, as far as it is kept.
struct BirthDate {
    sourced_id: Box<str>,
    date: chrono::NaiveDate,
    line: u32,
}

impl Entry for BirthDate {
    const FILE: File = File::Demographics;

    fn sourced_id(&self) -> &str {
        &self.sourced_id
    }

    fn line(&self) -> u32 {
        self.line
    }

    fn fingerprint(&self) -> i64 {
        Fingerprint::default().date(Some(self.date)).finish()
    }
}
