//! Schools and other organisations of the roster.

use crate::ids::SchoolId;

/// An organisation of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Our id.
    pub id: SchoolId,
    /// OneRoster `sourcedId`.
    pub sourced_id: String,
    /// Name as in the roster.
    pub name: String,
    /// OneRoster type: `school`, `district`, `department`, `local`, `state`, `national`.
    pub kind: String,
    /// Human-readable number, as the NCES id.
    pub identifier: Option<String>,
    /// Whom pupils of this school ask for help.
    pub help_contact: Option<String>,
}
