//! The one integration-test binary: every further file here would be another link.

#![cfg(test)]

mod architecture;
mod audit;
mod keys;
mod reset;
mod stores;
mod support;
