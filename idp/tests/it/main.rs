//! The one integration-test binary: every further file here would be another link.

#![cfg(test)]

mod architecture;
mod audit;
mod keys;
mod pages;
mod reset;
mod stores;
mod support;
mod texts;
