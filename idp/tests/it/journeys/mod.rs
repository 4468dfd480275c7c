//! Whole stories, through the real router.

mod claim;
mod claim_races;
mod sign_in;
