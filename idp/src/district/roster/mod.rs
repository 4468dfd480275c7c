//! From a package and what is stored to what must be written: the match ladder, the difference, the thresholds.

pub mod role;
