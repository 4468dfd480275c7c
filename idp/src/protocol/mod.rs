//! Rules of the specifications. Pure: no I/O, no async, no clock, no randomness.

pub mod claims;
pub mod client;
pub mod registered_uri;
pub mod registration;
pub mod scope;
pub mod session;
pub mod subject;
