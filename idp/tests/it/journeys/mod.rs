//! Whole stories, through the real router.

pub mod claim;
mod claim_races;
mod launchpad;
mod sign_in;
