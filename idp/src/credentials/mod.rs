//! Proving who someone is: passwords and joint answers to questions.

pub mod password;
mod pool;

pub use self::password::{HashError, Passwords, Verdict};
pub use self::pool::{Permit, Urgency};
