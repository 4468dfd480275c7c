//! Rules of the schools. Pure: no I/O, no async, no clock, no randomness.

pub mod name_match;
pub mod person;
pub mod reset;
pub mod school;
