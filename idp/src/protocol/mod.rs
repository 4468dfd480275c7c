//! Rules of the specifications. Pure: no I/O, no async, no clock, no randomness.

pub mod session;
