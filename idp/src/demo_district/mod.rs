//! The generator of made-up districts. Pure: same input, same bytes, whatever the clock and the machine.
//!
//! `tags` and `schools` say how many of what; `drafts`, `names`, `students` and `staff` make people; `world` lets ten school days pass;
//! `classes`, `tables` and `feed` make OneRoster rows; `package` zips them; `truth` says what every person must be able to do with them.

mod classes;
mod dice;
mod drafts;
mod feed;
mod names;
mod package;
mod schools;
mod staff;
mod students;
mod tables;
mod tags;
mod truth;
mod world;

use chrono::NaiveDate;

pub use self::package::{Counts, write_package};
pub use self::truth::{ClaimInput, TruthPerson, write_truth};

/// A binding to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// OneRoster 1.1.
    V1p1,
    /// OneRoster 1.2.
    V1p2,
    /// The corrected binding 1.2.1.
    V1p2p1,
}

/// Which district, on which day.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Where chance begins.
    pub seed: u64,
    /// 1 is the whole district: 64 schools, 52,000 students, 7,100 employees. Above 0, at most 1.
    pub scale: f64,
    /// Binding of the package.
    pub binding: Binding,
    /// School day from 0. Days 1 to 10 bring changes; 5 renumbers a school, 7 is a bad export, 10 is the next year.
    pub day: u32,
    /// Only the changes since the day before.
    pub delta: bool,
    /// With guardians.
    pub guardians: bool,
    /// The calendar day that is day 0.
    pub as_of: NaiveDate,
}

impl Spec {
    /// The binding where none is named: 1.1 up to day 8, then 1.2, as a district that moves on.
    pub const fn usual_binding(day: u32) -> Binding {
        if day < 9 {
            Binding::V1p1
        } else {
            Binding::V1p2
        }
    }
}
