//! What the store holds of the roster, as much as the difference needs.

use crate::district::person::{Population, RosterStatus};

/// A stored organisation.
#[derive(Clone, Debug)]
pub struct KnownOrg {
    /// Our id.
    pub id: Box<str>,
    /// OneRoster's.
    pub sourced_id: Box<str>,
    /// Name.
    pub name: Box<str>,
    /// OneRoster type.
    pub kind: Box<str>,
    /// Human-readable number.
    pub identifier: Option<Box<str>>,
    /// Not `tobedeleted`.
    pub active: bool,
    /// Fingerprint of the row it came from; 0 after a deletion.
    pub row_hash: i64,
}

/// A stored person with the account's username.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    /// Our id.
    pub id: Box<str>,
    /// OneRoster's.
    pub sourced_id: Option<Box<str>>,
    /// `metadata.ic.legacySourceId`, as it came.
    pub legacy: Option<Box<str>>,
    /// Kind of person.
    pub population: Population,
    /// Role word.
    pub role: Box<str>,
    /// Folded family name, a space, folded given name.
    pub name_folded: Box<str>,
    /// Student or staff number.
    pub number: Option<Box<str>>,
    /// What the roster says.
    pub status: RosterStatus,
    /// Main school.
    pub primary_school: Option<Box<str>>,
    /// First day.
    pub starts_on: Option<Box<str>>,
    /// Day after the last.
    pub ends_on: Option<Box<str>>,
    /// Birth date, where kept.
    pub birth_date: Option<Box<str>>,
    /// Fingerprint of the row it came from; 0 after a deletion.
    pub row_hash: i64,
    /// The account's username.
    pub username: Option<Box<str>>,
    /// Somebody has claimed the account: its username stays.
    pub claimed: bool,
}

/// A stored affiliation.
#[derive(Clone, Debug)]
pub struct KnownAffiliation {
    /// Our id.
    pub id: Box<str>,
    /// OneRoster's, or the one made for 1.1.
    pub sourced_id: Box<str>,
    /// Whose.
    pub person_id: Box<str>,
    /// Where.
    pub school_id: Box<str>,
    /// Role word.
    pub role: Box<str>,
    /// `roleType` is primary.
    pub primary: bool,
    /// First day.
    pub begin: Option<Box<str>>,
    /// Day after the last.
    pub end: Option<Box<str>>,
    /// Not `tobedeleted`.
    pub active: bool,
    /// Fingerprint of the row it came from; 0 after a deletion.
    pub row_hash: i64,
}

/// Any stored row, as much as tells whether it must be written.
#[derive(Clone, Copy, Debug)]
pub struct StoredRow<'a> {
    /// Our id.
    pub id: &'a str,
    /// OneRoster's.
    pub sourced_id: &'a str,
    /// Not `tobedeleted`.
    pub active: bool,
    /// Fingerprint of the row it came from; 0 after a deletion.
    pub row_hash: i64,
}
