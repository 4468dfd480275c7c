//! The one integration-test binary: every further file here would be another link.

mod architecture;
mod audit;
mod reset;
mod stores;
mod support;
