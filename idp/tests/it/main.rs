//! The one integration-test binary: every further file here would be another link.

mod architecture;
mod audit;
mod stores;
mod support;
