//! A package after reading: typed rows whose references have been looked up, and what was wrong with it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::FileMode;
use super::columns::{File, Version};
use super::fault::{Notes, Quarantine};
use crate::district::roster::role::Role;

/// All rows of one import.
#[derive(Debug)]
pub struct Package {
    /// Version of the binding.
    pub version: Version,
    /// What made the package, by its own word.
    pub system: Option<String>,
    /// orgs.csv
    pub orgs: Rows<Org>,
    /// academicSessions.csv
    pub sessions: Rows<Session>,
    /// courses.csv
    pub courses: Rows<Course>,
    /// classes.csv
    pub classes: Rows<Class>,
    /// users.csv
    pub users: Rows<User>,
    /// roles.csv, or what users.csv of 1.1 says of roles and organisations.
    pub roles: Rows<RoleRow>,
    /// enrollments.csv
    pub enrollments: Rows<Enrollment>,
    /// Birth dates of demographics.csv, by the user's sourcedId; empty unless the district turned them on.
    pub birth_dates: HashMap<Box<str>, NaiveDate>,
    /// Guardians that were passed over, because the district does not import them.
    pub guardians_skipped: u64,
    /// Warnings.
    pub notes: Notes,
    /// Rows that were set aside.
    pub quarantine: Quarantine,
}

/// The rows of one file.
#[derive(Debug)]
pub struct Rows<T> {
    /// As the manifest says; none where the file is absent.
    pub mode: Option<FileMode>,
    /// Whether this is the whole set, so that what is missing has gone: bulk, and no row says otherwise.
    pub complete: bool,
    /// The rows that are good.
    pub rows: Vec<T>,
    /// sourcedIds of rows that say `tobedeleted`.
    pub removed: Vec<Box<str>>,
    /// sourcedIds of rows that were set aside, and of rows that hang from one: what is stored of them stays as it is.
    pub set_aside: HashSet<Box<str>>,
    /// Numbers of people whose rows were set aside: an id may be what is wrong with the row.
    pub numbers_set_aside: HashSet<Box<str>>,
    /// Rows set aside whose sourcedId cannot be read: as long as there is one, nothing missing counts as gone.
    pub unreadable: u64,
    /// All rows of the file.
    pub total: u64,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            mode: None,
            complete: false,
            rows: Vec::new(),
            removed: Vec::new(),
            set_aside: HashSet::new(),
            numbers_set_aside: HashSet::new(),
            unreadable: 0,
            total: 0,
        }
    }
}

impl<T> Rows<T> {
    /// Whether what is stored and not in the file has left the roster.
    pub const fn absence_counts(&self) -> bool {
        self.complete && self.unreadable == 0
    }
}

impl<T: Entry> Rows<T> {
    /// Positions by sourcedId.
    pub fn index(&self) -> HashMap<&str, u32> {
        let positions = (0_u32..).zip(&self.rows);
        positions.map(|(at, row)| (row.sourced_id(), at)).collect()
    }
}

/// What every row has.
pub trait Entry {
    /// The file that it comes from.
    const FILE: File;
    /// Its id.
    fn sourced_id(&self) -> &str;
    /// Its line.
    fn line(&self) -> u32;
    /// A number that changes with every content that is kept.
    fn fingerprint(&self) -> i64;
    /// The student or staff number of a person's row.
    fn number(&self) -> Option<&str> {
        None
    }
}

/// A reference to a row of another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ref {
    /// Position in the package.
    Row(u32),
    /// sourcedId of something imported earlier.
    Known(Box<str>),
}

/// An organisation.
#[derive(Debug)]
pub struct Org {
    /// `sourcedId`
    pub sourced_id: Box<str>,
    /// `metadata.ic.legacySourceId`
    pub legacy: Option<Box<str>>,
    /// `name`
    pub name: Box<str>,
    /// `type`
    pub kind: Box<str>,
    /// `identifier`
    pub identifier: Option<Box<str>>,
    /// `parentSourcedId`
    pub parent: Option<Box<str>>,
    /// Line in the file.
    pub line: u32,
}

/// A school year, semester, term or grading period.
#[derive(Debug)]
pub struct Session {
    /// `sourcedId`
    pub sourced_id: Box<str>,
    /// `title`
    pub title: Box<str>,
    /// `type`
    pub kind: Box<str>,
    /// `startDate`, inclusive
    pub start: NaiveDate,
    /// `endDate`, exclusive
    pub end: NaiveDate,
    /// `parentSourcedId`
    pub parent: Option<Box<str>>,
    /// `schoolYear`: the year in which it ends
    pub school_year: Box<str>,
    /// Line in the file.
    pub line: u32,
}

/// A course.
#[derive(Debug)]
pub struct Course {
    /// `sourcedId`
    pub sourced_id: Box<str>,
    /// `title`
    pub title: Box<str>,
    /// `courseCode`
    pub code: Option<Box<str>>,
    /// `orgSourcedId`
    pub org: Box<str>,
    /// Line in the file.
    pub line: u32,
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// `sourcedId`
    pub sourced_id: Box<str>,
    /// `metadata.ic.legacySourceId`
    pub legacy: Option<Box<str>>,
    /// `title`
    pub title: Box<str>,
    /// `classCode`
    pub code: Option<Box<str>>,
    /// `classType`
    pub kind: Box<str>,
    /// `schoolSourcedId`
    pub school: Box<str>,
    /// `courseSourcedId`
    pub course: Box<str>,
    /// `grades`, folded, joined by commas
    pub grades: Box<str>,
    /// `termSourcedIds`
    pub terms: Vec<Box<str>>,
    /// `periods`, joined by commas
    pub periods: Box<str>,
    /// Line in the file.
    pub line: u32,
}

/// A person. The password column is never read.
#[derive(Debug)]
pub struct User {
    /// `sourcedId`
    pub sourced_id: Box<str>,
    /// `metadata.ic.legacySourceId`
    pub legacy: Option<Box<str>>,
    /// sourcedIds of further rows of 1.1 that are the same human in another role.
    pub aliases: Vec<Box<str>>,
    /// `enabledUser`
    pub enabled: bool,
    /// `givenName`
    pub given: Box<str>,
    /// `familyName`
    pub family: Box<str>,
    /// `middleName`
    pub middle: Option<Box<str>>,
    /// `preferredGivenName` (1.2)
    pub preferred_given: Option<Box<str>>,
    /// `preferredFamilyName` (1.2)
    pub preferred_family: Option<Box<str>>,
    /// `identifier`: the student or staff number
    pub number: Option<Box<str>>,
    /// `email`
    pub email: Option<Box<str>>,
    /// `grades`, folded, joined by commas
    pub grades: Box<str>,
    /// `primaryOrgSourcedId` (1.2)
    pub primary_org: Option<Box<str>>,
    /// `role` (1.1)
    pub role: Option<Role>,
    /// `orgSourcedIds` (1.1)
    pub orgs: Vec<Box<str>>,
    /// Line in the file.
    pub line: u32,
}

/// A role of a person in an organisation.
#[derive(Debug)]
pub struct RoleRow {
    /// `sourcedId`; in 1.1 made of the user's and the organisation's, with a colon, which no sourcedId holds.
    pub sourced_id: Box<str>,
    /// `userSourcedId`
    pub user: Box<str>,
    /// `orgSourcedId`
    pub org: Box<str>,
    /// `role`
    pub role: Role,
    /// `roleType` is primary.
    pub primary: bool,
    /// `beginDate`, inclusive
    pub begin: Option<NaiveDate>,
    /// `endDate`, exclusive
    pub end: Option<NaiveDate>,
    /// Line in the file.
    pub line: u32,
}

/// A person in a class.
#[derive(Debug)]
pub struct Enrollment {
    /// `sourcedId`
    pub sourced_id: Box<str>,
    /// `classSourcedId`
    pub class: Ref,
    /// `userSourcedId`
    pub user: Ref,
    /// `role`
    pub role: EnrollmentRole,
    /// `primary`
    pub primary: bool,
    /// `beginDate`, inclusive
    pub begin: Option<NaiveDate>,
    /// `endDate`, exclusive
    pub end: Option<NaiveDate>,
    /// [`Entry::fingerprint`], made while the references' ids were at hand.
    pub fingerprint: i64,
    /// Line in the file.
    pub line: u32,
}

/// What somebody is in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrollmentRole {
    /// `student`
    Student,
    /// `teacher`
    Teacher,
    /// `administrator`
    Administrator,
    /// `proctor`
    Proctor,
    /// An own word of the export: kept as `ext`.
    Other,
}

impl EnrollmentRole {
    /// From a word that has been checked.
    pub fn from_token(token: &str) -> Self {
        match token {
            "student" => Self::Student,
            "teacher" => Self::Teacher,
            "administrator" => Self::Administrator,
            "proctor" => Self::Proctor,
            _ => Self::Other,
        }
    }

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
            Self::Administrator => "administrator",
            Self::Proctor => "proctor",
            Self::Other => "ext",
        }
    }
}

/// A number for a row's content: the first eight bytes of a SHA-256 over its cells.
#[derive(Clone)]
pub struct Fingerprint(Sha256);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(Sha256::new())
    }
}

impl Fingerprint {
    /// Adds a text. Absent and empty differ from each other and from any text.
    #[must_use]
    pub fn text<'a>(mut self, text: impl Into<Option<&'a str>>) -> Self {
        match text.into() {
            Some(text) => {
                self.0.update(text.as_bytes());
                // Neither byte is part of UTF-8 text.
                self.0.update([0xFF]);
            }
            None => self.0.update([0xFE]),
        }
        self
    }

    /// Adds a date.
    #[must_use]
    pub fn date(mut self, date: Option<NaiveDate>) -> Self {
        use chrono::Datelike as _;
        let days = date.map_or(i32::MIN, |date| date.num_days_from_ce());
        self.0.update(days.to_le_bytes());
        self
    }

    /// Adds a truth.
    #[must_use]
    pub fn flag(mut self, flag: bool) -> Self {
        self.0.update([u8::from(flag)]);
        self
    }

    /// The number; never 0, which stands for "unlike anything".
    pub fn finish(self) -> i64 {
        let digest = self.0.finalize();
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(digest) {
            *to = from;
        }
        match i64::from_le_bytes(first) {
            0 => 1,
            number => number,
        }
    }
}

macro_rules! entry {
    ($type:ident, $file:ident, |$row:ident| $fingerprint:expr $(, number: $number:ident)?) => {
        impl Entry for $type {
            const FILE: File = File::$file;

            fn sourced_id(&self) -> &str {
                &self.sourced_id
            }

            fn line(&self) -> u32 {
                self.line
            }

            fn fingerprint(&self) -> i64 {
                let $row = self;
                $fingerprint
            }

            $(fn number(&self) -> Option<&str> {
                self.$number.as_deref()
            })?
        }
    };
}

entry!(Org, Orgs, |row| {
    Fingerprint::default()
        .text(&*row.sourced_id)
        .text(&*row.name)
        .text(&*row.kind)
        .text(row.identifier.as_deref())
        .text(row.parent.as_deref())
        .finish()
});

entry!(Session, AcademicSessions, |row| {
    Fingerprint::default()
        .text(&*row.sourced_id)
        .text(&*row.title)
        .text(&*row.kind)
        .date(Some(row.start))
        .date(Some(row.end))
        .text(row.parent.as_deref())
        .text(&*row.school_year)
        .finish()
});

entry!(Course, Courses, |row| {
    Fingerprint::default()
        .text(&*row.sourced_id)
        .text(&*row.title)
        .text(row.code.as_deref())
        .text(&*row.org)
        .finish()
});

entry!(Class, Classes, |row| {
    let mut print = Fingerprint::default()
        .text(&*row.sourced_id)
        .text(&*row.title)
        .text(row.code.as_deref())
        .text(&*row.kind)
        .text(&*row.school)
        .text(&*row.course)
        .text(&*row.grades)
        .text(&*row.periods);
    for term in &row.terms {
        print = print.text(&**term);
    }
    print.finish()
});

entry!(User, Users, |row| {
    Fingerprint::default()
        .text(&*row.sourced_id)
        .text(row.legacy.as_deref())
        .flag(row.enabled)
        .text(&*row.given)
        .text(&*row.family)
        .text(row.middle.as_deref())
        .text(row.preferred_given.as_deref())
        .text(row.preferred_family.as_deref())
        .text(row.number.as_deref())
        .text(row.email.as_deref())
        .text(&*row.grades)
        .finish()
}, number: number);

entry!(RoleRow, Roles, |row| {
    Fingerprint::default()
        .text(&*row.sourced_id)
        .text(&*row.user)
        .text(&*row.org)
        .text(row.role.as_str())
        .flag(row.primary)
        .date(row.begin)
        .date(row.end)
        .finish()
});

entry!(Enrollment, Enrollments, |row| row.fingerprint);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_tell_cells_apart() {
        let prints = [
            Fingerprint::default().text("ab").text("c").finish(),
            Fingerprint::default().text("a").text("bc").finish(),
            Fingerprint::default().text("abc").text("").finish(),
            Fingerprint::default().text("abc").text(None).finish(),
        ];
        for (at, print) in prints.iter().enumerate() {
            assert!(prints.iter().skip(at + 1).all(|other| other != print));
        }
    }
}
