//! The one integration-test binary: every further file here would be another link.

#![cfg(test)]

mod architecture;
mod audit;
mod claims;
mod clients_apply;
mod keys;
mod pages;
mod reset;
mod stores;
mod support;
mod texts;
