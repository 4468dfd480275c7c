//! Rules of the schools. Pure: no I/O, no async, no clock, no randomness.

pub mod person;
pub mod school;
