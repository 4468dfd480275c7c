//! The roster's tables, read and written in bulk by an import; all of one import in one transaction.

mod read;
mod write;

pub use self::read::{
    StoredSession, count, each_class, each_course, each_enrollment, list_affiliations, list_orgs,
    list_people, list_sessions,
};
pub use self::write::{
    AffiliationWrite, ClassWrite, EnrollmentWrite, PersonWrite, end_sessions, forget_birth_dates,
    free_usernames, insert_accounts, name_accounts, remove, touch, touch_classes, touch_schools,
    write_affiliations, write_classes, write_courses, write_derived, write_enrollments, write_orgs,
    write_people, write_sessions,
};

/// A table that an import marks rows of as gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterTable {
    /// Organisations.
    Schools,
    /// School years and terms.
    Sessions,
    /// Courses.
    Courses,
    /// Classes.
    Classes,
    /// Affiliations.
    Affiliations,
    /// Enrollments.
    Enrollments,
}

/// Rows of one statement: well below the 32,766 values that SQLite binds.
const CHUNK: usize = 500;
