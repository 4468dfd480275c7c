//! Rules of the schools. Pure: no I/O, no async, no clock, no randomness.

pub mod assignment;
pub mod attributes;
pub mod authority;
pub mod blocklist;
pub mod claiming;
pub mod grade;
pub mod help;
pub mod launchpad;
pub mod name_match;
pub mod number;
pub mod oneroster;
pub mod password_policy;
pub mod person;
pub mod questions;
pub mod release;
pub mod reset;
pub mod resource;
pub mod roster;
pub mod school;
pub mod throttling;
pub mod username;
