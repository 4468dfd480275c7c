//! From a package and what is stored to what must be written: the match ladder, the difference, the thresholds.
//!
//! `known` is what the store holds; `row_diff` compares a file with a table; `ladder` finds the account behind a row; `orgs`,
//! `affiliations` and `people` plan their tables, `username` the accounts' names; `hold` decides whether a person must look
//! first; `summary` is what is told and kept.

pub mod affiliations;
pub mod hold;
pub mod known;
pub mod ladder;
pub mod orgs;
pub mod people;
pub mod role;
pub mod row_diff;
pub mod summary;
pub mod username;

/// Makes so many new ids, in ascending order: rows inserted in order are neighbours in the index.
pub type NewIds<'a> = dyn FnMut(usize) -> Vec<String> + 'a;
